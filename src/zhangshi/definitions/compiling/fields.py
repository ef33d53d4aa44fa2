"""The second pass over fields: lookups, formulas, rollups, filters, defaults, and the order of it all."""

import re
from dataclasses import replace
from typing import Any

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import quantity_from_text
from zhangshi.definitions.catalog import HEADER, Field, FieldType
from zhangshi.definitions.compiling.drafts import NUMBERS, DraftEntity, DraftTable, Workshop
from zhangshi.definitions.compiling.formulas import (
    condition,
    field_formula,
    fits,
    joined_scope,
    report_misfit,
    type_of,
)
from zhangshi.definitions.compiling.rollups import rollup
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.fields import (
    BAD_DEFAULT,
    LOOKUP_START,
    NO_TARGET,
    RETIRED_DEFAULT,
    WRONG_LINK,
)
from zhangshi.definitions.errors.reading import WRONG_CHOICE
from zhangshi.definitions.model.fields import Field as WrittenField
from zhangshi.definitions.model.fields import FormulaDefault
from zhangshi.definitions.model.texts import Scalar
from zhangshi.expr import Formula

_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


def complete_fields(workshop: Workshop, draft: DraftEntity) -> None:
    """Put formulas into the fields of an entity."""
    for table in draft.tables.values():
        for key, field in table.fields.items():
            spot = table.spot.at(key)
            table.fields[key] = _complete(workshop, spot, draft, table, field, table.written[key])


def _complete(
    workshop: Workshop, spot: Spot, draft: DraftEntity, table: DraftTable, field: Field, written: WrittenField
) -> Field:
    place = (draft.key, table.key)
    _check_paths(workshop, spot, draft, table, field)
    found: dict[str, Any] = {}
    if written.lookup:
        _check_lookup(workshop, spot.at("lookup"), draft, table, field)
    if written.formula is not None:
        found["formula"] = field_formula(workshop, spot.at("formula"), written.formula, place, field)
    if written.rollup is not None:
        found["rollup"] = rollup(workshop, spot.at("rollup"), draft, table, field, written.rollup)
    if written.filter is not None and (field.to, HEADER) in workshop.scopes:
        scope = joined_scope(workshop, (field.to, HEADER), place)
        found["filter"] = condition(workshop, spot.at("filter"), written.filter, scope)
    if written.default is not None:
        found["default"] = _default(workshop, spot.at("default"), place, field, written)
    return replace(field, **found) if found else field


def _check_paths(workshop: Workshop, spot: Spot, draft: DraftEntity, table: DraftTable, field: Field) -> None:
    """`unit` of a quantity holds a link; `of` of a lot holds the item."""
    if field.unit:
        workshop.resolve(spot.at("unit"), draft, table.key, field.unit)
    if field.type is not FieldType.LOT:
        return
    if not field.lot_of:
        spot.report(NO_TARGET, type="lot", name=field.key, key="of", example="item")
        return
    item = workshop.resolve(spot.at("of"), draft, table.key, field.lot_of)
    player = workshop.player("ledger_item")
    if item is not None and player is not None and item.to != player.key:
        spot.at("of").report(WRONG_LINK, text=field.lot_of, found=item.to or item.type.value, wanted=player.key)


def _check_lookup(workshop: Workshop, spot: Spot, draft: DraftEntity, table: DraftTable, field: Field) -> None:
    if "." not in field.lookup:
        spot.report(LOOKUP_START, text=field.lookup)
        return
    target = workshop.resolve(spot, draft, table.key, field.lookup)
    if target is None:
        return
    found, wanted = type_of(target), type_of(field)
    if not fits(found, wanted):
        report_misfit(spot, field.lookup, found, wanted)


def _default(
    workshop: Workshop, spot: Spot, place: tuple[str, str], field: Field, written: WrittenField
) -> Formula | None:
    default = written.default
    assert default is not None
    if isinstance(default, FormulaDefault):
        return field_formula(workshop, spot.at("formula"), default.formula, place, field)
    text = _literal(spot, field, default)
    return None if text is None else field_formula(workshop, spot, text, place, field)


def _literal(spot: Spot, field: Field, value: Scalar) -> str | None:
    """Return the literal as a formula, or None when it is none of the field's type (reported)."""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    if field.options:
        _check_option(spot, field, written)
    text = _as_formula(field.type, value, written)
    if text is None:
        spot.report(BAD_DEFAULT, text=written, type=field.type.value)
    return text


def _as_formula(kind: FieldType, value: Scalar, written: str) -> str | None:
    if kind is FieldType.BOOL:
        return written.upper() if isinstance(value, bool) else None
    if kind in NUMBERS:
        return written if not isinstance(value, bool) and _is_number(written) else None
    if kind is FieldType.DATE:
        parts = _DATE.match(written)
        return f"DATE({int(parts[1])}, {int(parts[2])}, {int(parts[3])})" if parts else None
    if kind in {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.SELECT, FieldType.BARCODE, FieldType.LOT}:
        return '"' + written.replace('"', '""') + '"'
    return None


def _is_number(text: str) -> bool:
    try:
        quantity_from_text(text)
    except ZhangshiError:
        return False
    return "," not in text and "e" not in text.lower()


def _check_option(spot: Spot, field: Field, written: str) -> None:
    found = next((one for one in field.options if one.value == written), None)
    if found is None:
        spot.report(WRONG_CHOICE, value=written, hint=hint(written, [one.value for one in field.options]))
    elif found.retired:
        spot.report(RETIRED_DEFAULT, text=written)
