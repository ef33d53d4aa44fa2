"""Units of the items at hand: ratios to the base unit, as the entity that plays `ledger_item` says.

Its part names the base unit (`unit`) and the line table with the other units (`conversions`: unit, numerator,
denominator: so many base units make so many of this unit; 144/1 for a box of 144).
"""

from fractions import Fraction

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.units import BAD_RATIO, NO_CONVERSION
from zhangshi.records.service.work import Work
from zhangshi.records.writing.evaluating import evaluate

_UNIT, _NUMERATOR, _DENOMINATOR = "unit", "numerator", "denominator"


def ratio(work: Work, item_id: int, unit_id: int | None) -> Fraction:
    """Return how many base units one of `unit_id` is; 1 where no unit is named.

    Raises: unit.no_conversion, unit.bad_ratio; Pending.
    """
    played = work.catalog.playing("ledger_item")
    if not unit_id or played is None:
        return Fraction(1)
    entity, part = played
    item = work.world.linked(entity.key, item_id)
    said = part.map.get("unit")
    base = None if item is None or said is None else item.get(said) if isinstance(said, str) else evaluate(said, item)
    if item is None or not isinstance(base, int) or base == unit_id:
        return Fraction(1)
    table = part.map.get("conversions")
    if isinstance(table, str) and table in entity.tables:
        for row in work.world.rows_of(entity.key, table, item_id):
            if row.get(_UNIT) == unit_id:
                return _fraction(work, unit_id, row.get(_NUMERATOR), row.get(_DENOMINATOR))
    raise ZhangshiError(NO_CONVERSION, unit=unit_name(work, unit_id), base_unit=unit_name(work, base))


def _fraction(work: Work, unit_id: int, numerator: object, denominator: object) -> Fraction:
    over, under = Fraction(str(numerator or 0)), Fraction(str(denominator or 1))
    if over <= 0 or under <= 0:
        name = unit_name(work, unit_id)
        raise ZhangshiError(BAD_RATIO, unit=name, numerator=str(numerator), denominator=str(denominator))
    return over / under


def unit_name(work: Work, unit_id: int) -> str:
    """Return what people call a unit; its id where nobody read it."""
    for (_, record_id), linked in work.world.records.items():
        if record_id == unit_id and linked is not None:
            title = linked.entity.title
            found = linked.get(title) if title else None
            return str(found or linked.number or unit_id)
    return str(unit_id)
