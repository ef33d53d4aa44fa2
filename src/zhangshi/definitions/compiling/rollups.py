"""Rollups: aggregates over rows that point at this record, or that were made from this row."""

from typing import Literal

from zhangshi.base.errors import Word
from zhangshi.definitions.catalog import HEADER, Field, Rollup
from zhangshi.definitions.compiling.drafts import NUMBERS, DraftEntity, DraftTable, Workshop
from zhangshi.definitions.compiling.formulas import condition, fits, type_of
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.compiling.states import check_states
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.fields import ROLLUP_CONVERSION, ROLLUP_MATCH, ROLLUP_SHAPE, WRONG_TYPE
from zhangshi.definitions.errors.references import UNKNOWN_CONVERSION
from zhangshi.definitions.model.fields import Rollup as WrittenRollup
from zhangshi.expr import INT


def rollup(
    workshop: Workshop, spot: Spot, draft: DraftEntity, table: DraftTable, field: Field, written: WrittenRollup
) -> Rollup | None:
    """Return the rollup of `field`, or None when it cannot be (reported)."""
    if bool(written.source) == bool(written.conversion):
        detail = Word("either `from` or `conversion`", "from 与 conversion 须恰好写一个")
        spot.report(ROLLUP_SHAPE, detail=detail)
        return None
    if written.conversion:
        found = _by_conversion(workshop, spot, draft, table, written)
    else:
        found = _by_match(workshop, spot, draft, table, written)
    if found is None:
        return None
    entity, rows = found
    check_states(spot.at("states"), entity, written.states)
    _check_value(workshop, spot, rows, field, written)
    return Rollup(
        entity=entity.key,
        table=rows.key,
        match=written.match,
        conversion=written.conversion,
        of=written.of,
        function=written.function,
        where=condition(workshop, spot.at("where"), written.where, (entity.key, rows.key), in_sql=True),
        states=frozenset(written.states),
    )


def _by_match(
    workshop: Workshop, spot: Spot, draft: DraftEntity, table: DraftTable, written: WrittenRollup
) -> tuple[DraftEntity, DraftTable] | None:
    name, _, rows = written.source.partition(".")
    entity = workshop.entity(spot.at("from"), name)
    found = workshop.table(spot.at("from"), entity, rows) if entity is not None else None
    if entity is None or found is None:
        return None
    if not written.match or table.key != HEADER:
        spot.report(
            ROLLUP_SHAPE, detail=Word("`match` counts rows of a header", "表头汇总要写 match,明细行请用 conversion")
        )
        return None
    match = found.fields.get(written.match)
    if match is None or match.to != draft.key or not match.stored:
        spot.at("match").report(ROLLUP_MATCH, match=written.match, entity=draft.key, source=written.source)
    return entity, found


def _by_conversion(
    workshop: Workshop, spot: Spot, draft: DraftEntity, table: DraftTable, written: WrittenRollup
) -> tuple[DraftEntity, DraftTable] | None:
    conversion = workshop.conversion(written.conversion)
    here = spot.at("conversion")
    if conversion is None:
        here.report(
            UNKNOWN_CONVERSION, name=written.conversion, hint=hint(written.conversion, workshop.keys("conversion"))
        )
        return None
    start = (conversion.source, conversion.each)
    if conversion.source != draft.key or table.key not in {HEADER, conversion.each}:
        wanted = ".".join(filter(None, (draft.key, table.key)))
        here.report(ROLLUP_CONVERSION, name=written.conversion, wanted=wanted, found=".".join(filter(None, start)))
        return None
    entity = workshop.entities.get(conversion.target)
    rows = entity.tables.get(conversion.into) if entity is not None else None
    return (entity, rows) if entity is not None and rows is not None else None  # the conversion's own check reports it


def _check_value(workshop: Workshop, spot: Spot, rows: DraftTable, field: Field, written: WrittenRollup) -> None:
    function: Literal["sum", "count", "min", "max"] = written.function
    if function == "count":
        found = INT
    else:
        if not written.of:
            spot.report(ROLLUP_SHAPE, detail=Word("`of` is missing", "缺少 of"))
            return
        of = workshop.field(spot.at("of"), rows, written.of)
        if of is None:
            return
        if not of.stored or written.of not in rows.fields or (function == "sum" and of.type not in NUMBERS):
            wanted = Word("a stored number field", "存储的数值字段")
            spot.at("of").report(WRONG_TYPE, text=written.of, found=type_of(of).word, wanted=wanted)
            return
        found = type_of(of)
    wanted_type = type_of(field)
    if not fits(found, wanted_type):
        spot.report(WRONG_TYPE, text=written.of or function, found=found.word, wanted=wanted_type.word)
