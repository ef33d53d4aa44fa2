"""Values as SQL: how each kind is stored."""

from datetime import date, datetime
from decimal import Decimal

from zhangshi.base.clock import instant_to_micros
from zhangshi.expr.arithmetic import CONTEXT, Number, floor, moved_point
from zhangshi.expr.kinds import Raw, Type
from zhangshi.expr.sql.model import INTEGER_MAX, Parameter, Sql

_DIGITS_MAX = 18


def scale_of(value: Number) -> int:
    """Return how many decimal places a number has."""
    if isinstance(value, int):
        return 0
    exponent = CONTEXT.normalize(value).as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def scaled_number(value: Number, digits: int) -> int | None:
    """Return the number as an integer of so many decimal places, or None if it has more or does not fit 64 bits."""
    if scale_of(value) > digits or digits > _DIGITS_MAX:
        return None
    scaled = floor(moved_point(value, digits))
    return scaled if abs(scaled) <= INTEGER_MAX else None


def constant(value: Raw, type_: Type) -> Sql | None:
    """Return a value as a parameter, or None if no column could hold it."""
    if value is None:
        return Sql("NULL", (), type_)
    if isinstance(value, bool):
        return Sql("1" if value else "0", (), type_, nullable=False)
    if isinstance(value, Decimal | int):
        digits = scale_of(value)
        scaled = scaled_number(value, digits)
        return None if scaled is None else Sql(_integer(scaled), (), type_, digits, nullable=False)
    if isinstance(value, tuple):
        return None
    return Sql("?", (stored(value),), type_, nullable=False)


def stored(value: Raw) -> Parameter:
    """Return a text, date or instant as it is stored."""
    if isinstance(value, datetime):
        return instant_to_micros(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _integer(value: int) -> str:
    return f"({value})" if value < 0 else str(value)
