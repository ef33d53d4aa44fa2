"""Conversions: both ends exist, formulas fit the target's fields, required fields are covered."""

from zhangshi.base.errors import Word
from zhangshi.definitions.catalog import HEADER, Conversion, ConversionQuantity
from zhangshi.definitions.compiling.drafts import NUMBERS, DraftEntity, DraftTable, Workshop
from zhangshi.definitions.compiling.formulas import condition, type_of, value_formula
from zhangshi.definitions.compiling.labels import label
from zhangshi.definitions.compiling.rules import field_values
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.compiling.states import transition_keys
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.fields import WRONG_TYPE
from zhangshi.definitions.errors.references import UNKNOWN_TRANSITION
from zhangshi.definitions.errors.rules import UNCOVERED
from zhangshi.definitions.loading.source import SourceObject
from zhangshi.definitions.model.conversions import Conversion as Written
from zhangshi.expr import DECIMAL


def conversion(workshop: Workshop, source: SourceObject) -> Conversion | None:
    """Return the conversion, or None when one of its ends does not exist (reported)."""
    one = source.data
    assert isinstance(one, Written)
    spot = workshop.spot(source)
    start, end = workshop.entity(spot.at("from"), one.source), workshop.entity(spot.at("to"), one.target)
    if start is None or end is None:
        return None
    rows = workshop.table(spot.at("each"), start, one.each)
    into = workshop.table(spot.at("into"), end, one.into)
    if rows is None or into is None:
        return None
    _check(workshop, spot, one, start)
    header = field_values(workshop, spot.at("header"), end, HEADER, one.header, (start.key, HEADER))
    lines = field_values(workshop, spot.at("lines"), end, into.key, one.lines, (start.key, rows.key))
    _check_covered(spot, end, into, one)
    return Conversion(
        key=source.key,
        label=label(spot, one.label, source.key),
        source=start.key,
        target=end.key,
        each=rows.key,
        into=into.key,
        when=condition(workshop, spot.at("when"), one.when, (start.key, HEADER)),
        where=condition(workshop, spot.at("where"), one.where, (start.key, rows.key)),
        header=header,
        lines=lines,
        quantity=_quantity(workshop, spot.at("quantity"), one, rows, into),
        over=value_formula(workshop, spot.at("over"), one.over, (start.key, rows.key), DECIMAL),
        combine=tuple(one.combine),
        complete=one.complete,
    )


def _check(workshop: Workshop, spot: Spot, one: Written, start: DraftEntity) -> None:
    for at, path in enumerate(one.combine):
        workshop.resolve(spot.at("combine", at), start, HEADER, path)
    if one.complete and one.complete not in transition_keys(start):
        known = hint(one.complete, transition_keys(start))
        spot.at("complete").report(UNKNOWN_TRANSITION, entity=start.key, name=one.complete, hint=known)


def _quantity(
    workshop: Workshop, spot: Spot, one: Written, rows: DraftTable, into: DraftTable
) -> ConversionQuantity | None:
    if one.quantity is None:
        return None
    for name, table, key in (("source", rows, one.quantity.source), ("target", into, one.quantity.target)):
        field = workshop.field(spot.at(name), table, key)
        if field is not None and (field.type not in NUMBERS or (name == "target" and not field.stored)):
            wanted = Word("a stored number field", "存储的数值字段")
            spot.at(name).report(WRONG_TYPE, text=key, found=type_of(field).word, wanted=wanted)
    return ConversionQuantity(one.quantity.source, one.quantity.target)


def _check_covered(spot: Spot, end: DraftEntity, into: DraftTable, one: Written) -> None:
    """Point at required fields of the target that nothing fills in; people can still fill them in."""
    tables = [(end.header, one.header, "header")]
    if into.key == HEADER:
        tables = [(end.header, {**one.header, **one.lines}, "header")]
    else:
        tables.append((into, one.lines, "lines"))
    by_quantity = one.quantity.target if one.quantity is not None else ""
    for table, given, section in tables:
        for key, field in table.fields.items():
            filled = field.default or field.formula or field.lookup or field.rollup or field.retired
            if field.required and not filled and key not in given and key != by_quantity:
                spot.at(section).suggest(UNCOVERED, name=key, section=section)
