"""Exact arithmetic of formulas.

Problem. A browser, two databases and this evaluator must give the same digits. Rule. Sums, differences and products are
exact up to 50 significant digits and then rounded half up (away from zero); a quotient is rounded half up to 20 digits
after the point; a number of more than 41 digits before the point is refused. Whole numbers stay whole under + - *.

Example. 1 / 3 = 0.33333333333333333333; 2 / 3 = 0.66666666666666666667; ROUND(-2.5, 0) = -3.
"""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from zhangshi.expr.errors import DIVISION_BY_ZERO, NUMBER_TOO_LARGE, OUT_OF_RANGE, Failed
from zhangshi.expr.limits import DIVISION_DIGITS, EXPONENT_MAX, POWER_MAX, PRECISION

Number = Decimal | int

_TRAPS = [Overflow, InvalidOperation, DivisionByZero]
CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_UP, Emin=-EXPONENT_MAX, Emax=EXPONENT_MAX, traps=_TRAPS)
# Cut, not rounded: a second rounding of what was rounded could turn 0.4999… into 0.5 and that into 1.
_QUOTIENT = Context(prec=200, rounding=ROUND_DOWN, Emin=-999, Emax=999, traps=_TRAPS)
_WIDE = Context(prec=200, rounding=ROUND_HALF_UP, Emin=-9999, Emax=9999, traps=_TRAPS)
_QUOTIENT_STEP = Decimal(f"1E-{DIVISION_DIGITS}")
INT_MAX = 10 ** (EXPONENT_MAX + 1) - 1
ROUND_DIGITS_MAX = 20

add = CONTEXT.add
subtract = CONTEXT.subtract
multiply = CONTEXT.multiply


def checked(value: int) -> int:
    """Return `value`. Raises Failed number_too_large."""
    if -INT_MAX <= value <= INT_MAX:
        return value
    raise Failed(NUMBER_TOO_LARGE)


def exact(value: Number) -> Decimal:
    """Return `value` as a decimal that keeps to the limits. Raises Overflow."""
    return CONTEXT.plus(CONTEXT.create_decimal(value))


def divide(numerator: Number, denominator: Number) -> Decimal:
    """Return the quotient, rounded half up to 20 digits after the point. Raises Failed division_by_zero, Overflow."""
    if not denominator:
        raise Failed(DIVISION_BY_ZERO)
    cut = _QUOTIENT.divide(Decimal(numerator), Decimal(denominator))
    rounded = cut.quantize(_QUOTIENT_STEP, rounding=ROUND_HALF_UP, context=_WIDE)
    return CONTEXT.plus(cut if cut == rounded else rounded)


def round_to(value: Number, digits: int, rounding: str) -> Decimal:
    """Return `value` rounded to `digits` after the point (before it, when negative) in the given way."""
    if not -ROUND_DIGITS_MAX <= digits <= ROUND_DIGITS_MAX:
        raise Failed(OUT_OF_RANGE, parameter="digits", found=str(digits), least="-20", most="20")
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return number
    rounded = number.quantize(Decimal(f"1E{-digits}"), rounding=rounding, context=_WIDE)
    return CONTEXT.plus(rounded if digits >= 0 else Decimal(int(rounded)))


def half_up(value: Number, digits: int = 0) -> Decimal:
    """Round halves away from zero: 2.5 -> 3, -2.5 -> -3."""
    return round_to(value, digits, ROUND_HALF_UP)


def away_from_zero(value: Number, digits: int = 0) -> Decimal:
    """Round away from zero: 2.1 -> 3, -2.1 -> -3."""
    return round_to(value, digits, ROUND_UP)


def towards_zero(value: Number, digits: int = 0) -> Decimal:
    """Cut: 2.9 -> 2, -2.9 -> -2."""
    return round_to(value, digits, ROUND_DOWN)


def moved_point(value: Number, digits: int) -> Decimal:
    """Return `value` times ten to the power of `digits`, exactly."""
    return _WIDE.scaleb(Decimal(value), digits)


def floor(value: Number) -> int:
    """Return the largest whole number that is not above `value`."""
    return value if isinstance(value, int) else int(value.to_integral_value(rounding=ROUND_FLOOR, context=_WIDE))


def ceiling(value: Number) -> int:
    """Return the smallest whole number that is not below `value`."""
    return value if isinstance(value, int) else int(value.to_integral_value(rounding=ROUND_CEILING, context=_WIDE))


def multiple(value: Number, step: Number, *, up: bool) -> Decimal:
    """Return the next multiple of `step` below or above `value`. Raises Failed division_by_zero."""
    if not step:
        raise Failed(DIVISION_BY_ZERO)
    quotient = _QUOTIENT.divide(Decimal(value), Decimal(step))
    whole = ceiling(quotient) if up else floor(quotient)
    return multiply(whole, Decimal(step))


def modulo(value: Number, divisor: Number) -> Decimal:
    """Return what is left of `value`; its sign is the divisor's, as in a spreadsheet. Raises Failed."""
    return subtract(Decimal(value), multiple(value, divisor, up=False))


def power(base: Number, exponent: int) -> Decimal:
    """Return base to a whole power of at most ±100; exact, then rounded to 50 digits. Raises Failed, Overflow."""
    if not -POWER_MAX <= exponent <= POWER_MAX:
        raise Failed(OUT_OF_RANGE, parameter="exponent", found=str(exponent), least="-100", most="100")
    if exponent < 0:
        return divide(1, power(base, -exponent))
    sign, digits, scale = Decimal(base).as_tuple()
    assert isinstance(scale, int)
    coefficient = int("".join(map(str, digits))) ** exponent
    shown = f"{'-' if sign and exponent % 2 else ''}{coefficient}E{scale * exponent}"
    return exact(Decimal(shown))


def text_of(value: Number) -> str:
    """Return the shortest plain text: 12.5, 3, -0.25; never an exponent. Reads no context of the thread."""
    if isinstance(value, int):
        return str(value)
    shown = format(value, "f")
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown
