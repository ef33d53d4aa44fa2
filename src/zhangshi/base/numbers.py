"""Exact numbers: quantities, unit costs and amounts as integers in a named minor unit.

Problem. A float loses cents, and a decimal column is slow or, on SQLite, a float in disguise. So every number
of the ledger is an integer: a quantity in millionths of the item's base unit, a unit cost in millionths of the
currency unit per base unit, an amount in the currency's minor unit (fen). The three scales are written here and
nowhere else.

Rule. Digits beyond the scale are refused when a number comes in, never rounded. Rounding happens where a
product or a quotient must land on a scale, by `round_half_up_ratio` alone, and the part that rounding leaves
over is carried by whoever divides (`share`), so parts always sum to the whole. A value outside the signed
64-bit range is an error that names the value.

Example. 3 pcs at 33.333333: `extend(Quantity(3_000_000), UnitCost(33_333_333))` = 9_999.9999 fen -> 10_000 fen.
100.00 shared 1:1:1 = 33.33 + 33.33 + 33.34.

Types. `Quantity`, `UnitCost` and `Amount` are distinct to the type checker, which refuses to add or compare two
of different kinds; when the program runs they are plain integers and cost nothing. See docs/algorithms/numbers.md.
"""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Self

from zhangshi.base.errors import ErrorCode, ZhangshiError

QUANTITY_DIGITS = 6
UNIT_COST_DIGITS = 6
AMOUNT_DIGITS = 2

INTEGER_MAX = 2**63 - 1
INTEGER_MIN = -(2**63)

NOT_A_NUMBER = ErrorCode(
    "number.not_a_number",
    "“{text}”不是数字。请只填数字,例如 12.5。",
    '"{text}" is not a number. Enter digits only, for example 12.5.',
)
TOO_MANY_DIGITS = ErrorCode(
    "number.too_many_digits",
    "“{text}”的小数超过 {digits} 位。请改为最多 {digits} 位小数。",
    '"{text}" has more than {digits} decimal places. Enter at most {digits}.',
)
OVERFLOW = ErrorCode(
    "number.overflow",
    "数值 {value} 超出系统能记的范围(±9,223,372,036,854,775,807 最小单位)。请检查是否多打了几位。",
    "The value {value} is outside the range the system can hold (±9,223,372,036,854,775,807 minor units). "
    "Check for digits typed twice.",
)

if TYPE_CHECKING:

    class _Scaled:
        """Integer in a named minor unit; arithmetic only with its own kind."""

        def __new__(cls, minor: int) -> Self: ...
        def __add__(self, other: Self) -> Self: ...
        def __sub__(self, other: Self) -> Self: ...
        def __neg__(self) -> Self: ...
        def __abs__(self) -> Self: ...
        def __mul__(self, times: int) -> Self: ...
        def __lt__(self, other: Self) -> bool: ...
        def __le__(self, other: Self) -> bool: ...
        def __gt__(self, other: Self) -> bool: ...
        def __ge__(self, other: Self) -> bool: ...
        def __bool__(self) -> bool: ...
        def __int__(self) -> int: ...
        def __index__(self) -> int: ...

    class Quantity(_Scaled):
        """Millionths of the item's base unit."""

    class UnitCost(_Scaled):
        """Millionths of the currency unit for one base unit of the item."""

    class Amount(_Scaled):
        """The currency's minor unit: fen for CNY."""

else:
    Quantity = UnitCost = Amount = int


def check_range(value: int) -> int:
    """Return `value` if a signed 64-bit column can hold it.

    Raises: number.overflow, with the value.
    """
    if INTEGER_MIN <= value <= INTEGER_MAX:
        return value
    raise ZhangshiError(OVERFLOW, value=str(value))


def round_half_up_ratio(numerator: int, denominator: int) -> int:
    """Return numerator / denominator as the nearest integer, halves away from zero.

    The one rounding rule of the product (四舍五入): 2.5 -> 3, -2.5 -> -3. `denominator` must not be zero.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


_EXTEND_DIVISOR = 10 ** (QUANTITY_DIGITS + UNIT_COST_DIGITS - AMOUNT_DIGITS)


def extend(quantity: Quantity, unit_cost: UnitCost) -> Amount:
    """Return quantity x unit cost, rounded half up to the currency's minor unit."""
    return Amount(round_half_up_ratio(int(quantity) * int(unit_cost), _EXTEND_DIVISOR))


def unit_cost_of(amount: Amount, quantity: Quantity) -> UnitCost:
    """Return amount / quantity, rounded half up to a millionth of the currency unit; quantity must not be 0."""
    return UnitCost(round_half_up_ratio(int(amount) * _EXTEND_DIVISOR, int(quantity)))


def proportion(total: int, part: int, whole: int) -> int:
    """Return total x part / whole rounded half up; `part` == `whole` gives `total` exactly."""
    return total if part == whole else round_half_up_ratio(total * part, whole)


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` in proportion to `weights` so that the shares sum to `total` exactly.

    Each share is the difference of two rounded running totals, so none is off by more than one minor unit and
    the last share takes what rounding leaves over. Weights are >= 0 and not all zero.
    """
    whole = sum(weights)
    shares: list[int] = []
    running_weight = running_total = 0
    for weight in weights:
        running_weight += weight
        upto = proportion(total, running_weight, whole)
        shares.append(upto - running_total)
        running_total = upto
    return shares


# Thousands may be set off as in 1,234.5; "1,5" is refused, because its writer may have meant 1.5.
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d+)?")


def _scaled_from_text(text: str, digits: int) -> int:
    written = text.strip()
    if not _NUMBER.fullmatch(written):
        raise ZhangshiError(NOT_A_NUMBER, text=text)
    try:
        value = Decimal(written.replace(",", ""))
    except InvalidOperation:
        raise ZhangshiError(NOT_A_NUMBER, text=text) from None
    sign, digit_tuple, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # the pattern lets no infinity through
    all_digits = "".join(map(str, digit_tuple))
    significant = all_digits.rstrip("0")
    if not significant:
        return 0
    if value.adjusted() + digits > len(str(INTEGER_MAX)):  # before 10**shift: "1e999999999" must not hang
        raise ZhangshiError(OVERFLOW, value=written)
    shift = exponent + len(all_digits) - len(significant) + digits
    if shift < 0:
        raise ZhangshiError(TOO_MANY_DIGITS, text=text, digits=digits)
    scaled: int = int(significant) * 10**shift * (-1 if sign else 1)
    if not INTEGER_MIN <= scaled <= INTEGER_MAX:
        raise ZhangshiError(OVERFLOW, value=written)
    return scaled


def _text_from_scaled(minor: int, digits: int) -> str:
    whole, fraction = divmod(abs(minor), 10**digits)
    shown = f"{whole}.{fraction:0{digits}d}".rstrip("0").rstrip(".") if fraction else str(whole)
    return f"-{shown}" if minor < 0 else shown


def quantity_from_text(text: str) -> Quantity:
    """Read a decimal such as "12.5"; more than 6 decimal places are refused.

    Raises: number.not_a_number, number.too_many_digits, number.overflow.
    """
    return Quantity(_scaled_from_text(text, QUANTITY_DIGITS))


def unit_cost_from_text(text: str) -> UnitCost:
    """Read a unit cost in currency units; errors as `quantity_from_text`."""
    return UnitCost(_scaled_from_text(text, UNIT_COST_DIGITS))


def amount_from_text(text: str) -> Amount:
    """Read an amount in currency units; more than 2 decimal places are refused; errors as `quantity_from_text`."""
    return Amount(_scaled_from_text(text, AMOUNT_DIGITS))


def quantity_text(quantity: Quantity) -> str:
    """Return the shortest decimal text: 12.5, 3, -0.25."""
    return _text_from_scaled(int(quantity), QUANTITY_DIGITS)


def unit_cost_text(unit_cost: UnitCost) -> str:
    """Return the shortest decimal text in currency units."""
    return _text_from_scaled(int(unit_cost), UNIT_COST_DIGITS)


def amount_text(amount: Amount) -> str:
    """Return the amount in currency units with both decimal places: 12.50."""
    whole, fraction = divmod(abs(int(amount)), 10**AMOUNT_DIGITS)
    return f"{'-' if int(amount) < 0 else ''}{whole}.{fraction:0{AMOUNT_DIGITS}d}"
