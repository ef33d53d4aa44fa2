"""Written fields -> fields, without what refers to other entities' fields."""

import re

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.base.numbers import (
    AMOUNT_DIGITS,
    QUANTITY_DIGITS,
    UNIT_COST_DIGITS,
    quantity_from_text,
)
from zhangshi.definitions.catalog import HEADER, Field, FieldType, Label, Option
from zhangshi.definitions.catalog.words import FIELDS, LINES, RESERVED_FIELDS
from zhangshi.definitions.compiling.drafts import NUMBERS, DraftEntity, DraftTable, Workshop
from zhangshi.definitions.compiling.labels import help_text, label
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.fields import (
    BAD_BOUND,
    BAD_PATTERN,
    DUPLICATE_VALUE,
    NO_TARGET,
    NOT_FOR_TYPE,
    TWO_SOURCES,
)
from zhangshi.definitions.errors.references import LONG_KEYS, RESERVED_KEY, UNKNOWN_ENTITY, UNKNOWN_OPTION_SET
from zhangshi.definitions.errors.rules import NO_PLAYER
from zhangshi.definitions.loading.source import SourceObject
from zhangshi.definitions.model.entities import Entity
from zhangshi.definitions.model.fields import Field as WrittenField
from zhangshi.definitions.model.fields import Option as WrittenOption

KEYS_LENGTH_MAX = 55
"""Characters of an entity's and a table's key together: the name of its table must fit 63, PostgreSQL's limit."""
_DIGITS = {
    FieldType.QUANTITY: QUANTITY_DIGITS,
    FieldType.MONEY: AMOUNT_DIGITS,
    FieldType.PRICE: UNIT_COST_DIGITS,
}
_SELECTS = frozenset({FieldType.SELECT, FieldType.MULTI_SELECT})
_LINKS = frozenset({FieldType.LINK, FieldType.LOCATION})
_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.BARCODE, FieldType.LOT})
_BOUNDED = NUMBERS | {FieldType.DATE}
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_KEYS_OF_TYPES = (
    ("to", {FieldType.LINK}),
    ("options", _SELECTS),
    ("kind", {FieldType.LOCATION}),
    ("of", {FieldType.LOT}),
    ("unit", {FieldType.QUANTITY, FieldType.PRICE}),
    ("filter", _LINKS),
    ("min", _BOUNDED),
    ("max", _BOUNDED),
    ("pattern", _TEXTS),
    ("length", _TEXTS),
)


def options(spot: Spot, written: list[WrittenOption]) -> tuple[Option, ...]:
    """Return the choices at `spot`; their values are unique."""
    seen: set[str] = set()
    made = []
    for at, one in enumerate(written):
        here = spot.at(at)
        if one.value in seen:
            here.at("value").report(DUPLICATE_VALUE, value=one.value)
        seen.add(one.value)
        made.append(Option(one.value, label(here, one.label, one.value), one.retired, one.color))
    return tuple(made)


def draft_entity(workshop: Workshop, source: SourceObject) -> DraftEntity:
    """Return the entity with its tables; their fields are made by `draft_fields` when every entity is known."""
    data = source.data
    assert isinstance(data, Entity)
    spot = workshop.spot(source)
    draft = DraftEntity(source.key, source, data, spot, label(spot, data.label, source.key))
    draft.tables[HEADER] = DraftTable(source.key, HEADER, draft.label, spot.at("fields"), data.fields)
    if data.lines:
        draft.tables["lines"] = DraftTable(source.key, "lines", Label(*LINES), spot.at("lines"), data.lines)
    for key, table in data.tables.items():
        here = spot.at("tables", key)
        if key in draft.tables:
            here.report(DUPLICATE_VALUE, value=key)
        if len(source.key) + len(key) > KEYS_LENGTH_MAX:
            here.report(LONG_KEYS, name=f"{source.key}.{key}", limit=KEYS_LENGTH_MAX)
        known = LINES if key == "lines" else None
        named = label(here, table.label, key, known)
        draft.tables[key] = DraftTable(source.key, key, named, here.at("fields"), table.fields)
    for key in draft.line_tables:
        if key in data.fields:
            spot.at("fields", key).report(DUPLICATE_VALUE, value=key)
    return draft


def draft_fields(workshop: Workshop, draft: DraftEntity) -> None:
    """Make the fields of every table of the entity."""
    for table in draft.tables.values():
        for key, written in table.written.items():
            spot = table.spot.at(key)
            if key in RESERVED_FIELDS:
                spot.report(RESERVED_KEY, name=key)
                continue
            table.fields[key] = _field(workshop, spot, table, key, written)


def _field(workshop: Workshop, spot: Spot, table: DraftTable, key: str, written: WrittenField) -> Field:
    kind = FieldType(written.type)
    _check_keys(spot, kind, written)
    _check_bounds(spot, kind, written)
    target = _target(workshop, spot, kind, written, key)
    computed = written.formula is not None or written.rollup is not None or bool(written.lookup)
    return Field(
        key=key,
        table=table.key,
        type=kind,
        label=_label(workshop, spot, key, written),
        column=_column(workshop, table, key, written),
        digits=written.scale if kind is FieldType.DECIMAL else _DIGITS.get(kind, 0),
        required=written.required,
        unique=written.unique,
        index=written.index or kind in _LINKS,
        search=written.search,
        read_only=written.read_only or (computed and not written.lookup) or written.live,
        retired=written.retired,
        options=_options(workshop, spot, kind, written, key),
        to=target,
        kinds=frozenset([written.kind] if isinstance(written.kind, str) else written.kind),
        unit=written.unit,
        lot_of=written.of,
        lookup=written.lookup,
        live=written.live,
        min="" if written.min is None else str(written.min),
        max="" if written.max is None else str(written.max),
        pattern=written.pattern,
        length_max=written.length,
        mask=written.mask,
        widget=written.widget,
        width=written.width,
        help=help_text(written.help),
    )


def _column(workshop: Workshop, table: DraftTable, key: str, written: WrittenField) -> str:
    virtual = written.rollup is not None or written.live or (written.formula is not None and not written.stored)
    return "" if virtual else workshop.columns.get((table.entity, table.key, key), f"f_{key}")


def _check_keys(spot: Spot, kind: FieldType, written: WrittenField) -> None:
    for name, kinds in _KEYS_OF_TYPES:
        if getattr(written, name) not in (None, "", 0, []) and kind not in kinds:
            spot.at(name).report(NOT_FOR_TYPE, key=name, type=kind.value)
    sources = [name for name in ("formula", "rollup", "lookup") if getattr(written, name) not in (None, "")]
    if len(sources) > 1:
        spot.report(TWO_SOURCES, name=spot.path.rpartition(".")[2], sources=", ".join(sources))
    if written.live and not written.lookup:
        spot.at("live").report(NOT_FOR_TYPE, key="live", type=kind.value)


def _check_bounds(spot: Spot, kind: FieldType, written: WrittenField) -> None:
    for name in ("min", "max"):
        bound = getattr(written, name)
        if bound is None or kind not in _BOUNDED:
            continue
        if kind is FieldType.DATE:
            good, wanted = bool(_ISO_DATE.match(str(bound))), "2026-01-31"
        else:
            good, wanted = _is_number(str(bound)), "12.5"
        if not good:
            spot.at(name).report(BAD_BOUND, key=name, text=str(bound), type=kind.value, wanted=wanted)
    if written.pattern:
        try:
            re.compile(written.pattern)
        except re.error as error:
            spot.at("pattern").report(BAD_PATTERN, text=written.pattern, detail=str(error))


def _is_number(text: str) -> bool:
    try:
        quantity_from_text(text)
    except ZhangshiError:
        return False
    return True


def _target(workshop: Workshop, spot: Spot, kind: FieldType, written: WrittenField, key: str) -> str:
    if kind is FieldType.LOCATION:
        places = workshop.player("ledger_location")
        if places is None:
            spot.report(NO_PLAYER, role="ledger_location", what=Word("locations", "库位字段"))
        return places.key if places is not None else ""
    if kind is not FieldType.LINK:
        return ""
    if not written.to:
        spot.report(NO_TARGET, type=kind.value, name=key, key="to", example="item")
    elif written.to not in workshop.entities:
        spot.at("to").report(UNKNOWN_ENTITY, name=written.to, hint=hint(written.to, workshop.entities))
    return written.to


def _options(workshop: Workshop, spot: Spot, kind: FieldType, written: WrittenField, key: str) -> tuple[Option, ...]:
    if kind not in _SELECTS:
        return ()
    if isinstance(written.options, str):
        found = workshop.option_sets.get(written.options)
        if found is None:
            name = written.options
            spot.at("options").report(UNKNOWN_OPTION_SET, name=name, hint=hint(name, workshop.option_sets))
        return found or ()
    if not written.options:
        spot.report(NO_TARGET, type=kind.value, name=key, key="options", example="[{value: a, label: A}]")
        return ()
    return options(spot.at("options"), written.options)


def _label(workshop: Workshop, spot: Spot, key: str, written: WrittenField) -> Label:
    known: Label | tuple[str, str] | None = FIELDS.get(key) or FIELDS.get(written.lookup.rpartition(".")[2])
    if known is None and written.to in workshop.entities:
        known = workshop.entities[written.to].label
    return label(spot, written.label, key, known)
