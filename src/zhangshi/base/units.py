"""Units of measure: one base unit an item, and exact ratios to it.

Problem. A box is 144 pieces and a kilogram of one bar is 7.85 metres; stored as decimals, such factors lose a
thousandth here and there until the books drift. Rule: a conversion is a ratio of two integers, per item (a
kilogram converts to metres only where the item says so) or between units of one dimension. Converting to the base
unit rounds half up to the quantity scale once, and says what the rounding left over, so a caller that splits a
pack sees that the parts sum to the whole.

Example. 1 box = 144 pcs: 2.5 box -> 360 pcs exactly. 1 pcs = 1/3 m: 1 pcs -> 0.333333 m, remainder 1/3 of a
millionth of a metre.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.base.numbers import Quantity, check_range, quantity_text, round_half_up_ratio

NO_CONVERSION = ErrorCode(
    "unit.no_conversion",
    "物料没有从“{unit}”到基本单位“{base_unit}”的换算。请在物料档案里添加换算关系,例如 1 箱 = 144 个。",
    'The item has no conversion from "{unit}" to its base unit "{base_unit}". Add one to the item, for example '
    "1 box = 144 pcs.",
)
BAD_RATIO = ErrorCode(
    "unit.bad_ratio",
    "“{unit}”的换算比例 {numerator}/{denominator} 不正确:两个数都必须是大于零的整数。",
    'The ratio {numerator}/{denominator} of "{unit}" is wrong: both numbers must be integers above zero.',
)
UNEVEN = ErrorCode(
    "unit.uneven",
    "{quantity} {unit} 换算成“{base_unit}”不是 {step} 的整数倍。请改数量,或放宽物料的最小数量。",
    '{quantity} {unit} is not a multiple of {step} when converted to "{base_unit}". Change the quantity, or the '
    "item's smallest step.",
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """`numerator` base units make `denominator` of this unit: a box of 144 pcs is 144/1."""

    numerator: int
    denominator: int = 1


@dataclass(frozen=True, slots=True)
class Converted:
    """A quantity in the base unit and what rounding left over, in base minor units (-1/2 <= remainder <= 1/2)."""

    quantity: Quantity
    remainder: Fraction


@dataclass(frozen=True, slots=True)
class ItemUnits:
    """The units of one item: its base unit, the smallest step of it, and the ratios that the item allows.

    `step` is the smallest base quantity, in minor units: 1_000_000 for things that are counted in whole pieces.
    """

    base_unit: str
    conversions: Mapping[str, Conversion]
    step: Quantity = Quantity(1)

    def __post_init__(self) -> None:
        for unit, ratio in self.conversions.items():
            if ratio.numerator <= 0 or ratio.denominator <= 0:
                raise ZhangshiError(BAD_RATIO, unit=unit, numerator=ratio.numerator, denominator=ratio.denominator)

    def ratio(self, unit: str) -> Conversion:
        """Return the ratio of `unit` to the base unit.

        Raises: unit.no_conversion where the item does not say so.
        """
        if unit == self.base_unit:
            return Conversion(1)
        found = self.conversions.get(unit)
        if found is None:
            raise ZhangshiError(NO_CONVERSION, unit=unit, base_unit=self.base_unit)
        return found

    def to_base(self, quantity: Quantity, unit: str) -> Converted:
        """Convert to the base unit; rounds half up to a millionth and keeps the remainder.

        Raises: unit.no_conversion; unit.uneven where the result is no multiple of the item's step;
            number.overflow.
        """
        ratio = self.ratio(unit)
        exact = Fraction(int(quantity) * ratio.numerator, ratio.denominator)
        rounded = check_range(round_half_up_ratio(exact.numerator, exact.denominator))
        if rounded % int(self.step):
            raise ZhangshiError(
                UNEVEN,
                quantity=quantity_text(quantity),
                unit=unit,
                base_unit=self.base_unit,
                step=quantity_text(self.step),
            )
        return Converted(quantity=Quantity(rounded), remainder=exact - rounded)

    def from_base(self, quantity: Quantity, unit: str) -> Converted:
        """Show a base quantity in `unit`; the remainder is in minor units of `unit`.

        Raises: unit.no_conversion, number.overflow.
        """
        ratio = self.ratio(unit)
        exact = Fraction(int(quantity) * ratio.denominator, ratio.numerator)
        rounded = check_range(round_half_up_ratio(exact.numerator, exact.denominator))
        return Converted(quantity=Quantity(rounded), remainder=exact - rounded)
