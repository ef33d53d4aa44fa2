"""Decimals on a scale: read from text without rounding, and rounded half up where a formula made them."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import INTEGER_MAX, NOT_A_NUMBER, OVERFLOW, QUANTITY_DIGITS, TOO_MANY_DIGITS

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d{1,3})?")
_DIGITS_MAX = len(str(INTEGER_MAX))
_WIDE = Context(prec=80, rounding=ROUND_HALF_UP)
_STEPS = [Decimal(1).scaleb(-digits) for digits in range(20)]


def decimal_from_text(text: str, digits: int) -> Decimal:
    """Read a decimal such as "1,234.5" on a scale of `digits` places, without trailing zeros.

    Raises: number.not_a_number, number.too_many_digits, number.overflow.
    """
    written = text.strip()
    if len(written) > 80 or not any(map(str.isdigit, written)) or not _NUMBER.fullmatch(written):  # noqa: PLR2004 - longer than any number we hold
        raise ZhangshiError(NOT_A_NUMBER, text=text[:40])
    value = Decimal(written.replace(",", ""))
    if not value:
        return _STEPS[0] - 1
    if value.adjusted() + digits >= _DIGITS_MAX:
        raise ZhangshiError(OVERFLOW, value=written)
    on_scale = value.quantize(_STEPS[digits], context=_WIDE)
    if on_scale != value:
        raise ZhangshiError(TOO_MANY_DIGITS, text=text[:40], digits=digits)
    return _in_range(on_scale, digits)


def rounded(value: Decimal, digits: int) -> Decimal:
    """Return `value` on the scale, halves away from zero.

    Raises: number.overflow.
    """
    if value.adjusted() + digits >= _DIGITS_MAX and value:
        raise ZhangshiError(OVERFLOW, value=f"{value:.6E}")
    return _in_range(value.quantize(_STEPS[digits], context=_WIDE), digits)


def minor(value: Decimal, digits: int) -> int:
    """Return the integer that stands for `value` on the scale, rounded half up. Raises: number.overflow."""
    return int(rounded(value, digits).scaleb(digits, context=_WIDE))


def quantity_minor(value: object) -> int:
    """Return the millionths of a number field's value; empty is 0. Raises: number.overflow."""
    number = value if isinstance(value, (Decimal, int)) else 0
    return minor(Decimal(number), QUANTITY_DIGITS)


def _in_range(value: Decimal, digits: int) -> Decimal:
    if abs(value.scaleb(digits, context=_WIDE)) > INTEGER_MAX:
        raise ZhangshiError(OVERFLOW, value=str(value))
    return value
