"""Units: a conversion is an exact ratio that the item allows; what rounding leaves over is said, never lost."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import INTEGER_MAX, Quantity, quantity_from_text
from zhangshi.base.units import Conversion, ItemUnits

ONE = Quantity(1_000_000)
SCREW = ItemUnits(base_unit="pcs", conversions={"box": Conversion(144)}, step=ONE)
BAR = ItemUnits(base_unit="m", conversions={"kg": Conversion(785, 100), "third": Conversion(1, 3)})

ratios = st.builds(Conversion, st.integers(1, 10**6), st.integers(1, 10**6))
quantities = st.integers(-(10**12), 10**12).map(Quantity)


def test_two_and_a_half_boxes_are_360_pieces() -> None:
    converted = SCREW.to_base(quantity_from_text("2.5"), "box")

    assert converted.quantity == quantity_from_text("360")
    assert converted.remainder == 0


def test_a_kilogram_of_this_bar_is_7_85_metres_because_the_item_says_so() -> None:
    assert BAR.to_base(ONE, "kg").quantity == quantity_from_text("7.85")


def test_a_kilogram_of_screws_is_refused_because_the_item_says_nothing() -> None:
    with pytest.raises(ZhangshiError) as refused:
        SCREW.to_base(ONE, "kg")

    assert refused.value.code == "unit.no_conversion"
    assert refused.value.facts == {"unit": "kg", "base_unit": "pcs"}


def test_the_base_unit_converts_to_itself() -> None:
    assert SCREW.to_base(Quantity(7_000_000), "pcs").quantity == 7_000_000


def test_a_third_of_a_metre_keeps_the_third_of_a_micrometre_that_rounding_leaves() -> None:
    converted = BAR.to_base(ONE, "third")

    assert (converted.quantity, converted.remainder) == (333_333, Fraction(1, 3))


def test_three_thirds_lose_nothing_when_their_remainders_are_added() -> None:
    thirds = [BAR.to_base(ONE, "third") for _ in range(3)]

    assert sum(Fraction(int(third.quantity)) + third.remainder for third in thirds) == 1_000_000


@pytest.mark.parametrize("text", ["0.5", "1.000001", "-0.1"])
def test_half_a_screw_is_refused_with_the_smallest_step(text: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        SCREW.to_base(quantity_from_text(text), "pcs")

    assert refused.value.code == "unit.uneven"
    assert refused.value.facts == {"quantity": text, "unit": "pcs", "base_unit": "pcs", "step": "1"}


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 1), (1, 0), (-144, 1), (1, -1)])
def test_a_ratio_that_is_not_above_zero_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ZhangshiError) as refused:
        ItemUnits(base_unit="pcs", conversions={"box": Conversion(numerator, denominator)})

    assert refused.value.code == "unit.bad_ratio"
    assert refused.value.facts["unit"] == "box"


def test_too_many_boxes_overflow_with_the_number() -> None:
    with pytest.raises(ZhangshiError, match=str(INTEGER_MAX * 144)) as refused:
        ItemUnits(base_unit="pcs", conversions={"box": Conversion(144)}).to_base(Quantity(INTEGER_MAX), "box")

    assert refused.value.code == "number.overflow"


@given(quantities, ratios)
def test_converted_plus_remainder_is_the_exact_value_both_ways(quantity: Quantity, ratio: Conversion) -> None:
    units = ItemUnits(base_unit="pcs", conversions={"box": ratio})
    factor = Fraction(ratio.numerator, ratio.denominator)

    to_base, from_base = units.to_base(quantity, "box"), units.from_base(quantity, "box")

    assert int(to_base.quantity) + to_base.remainder == int(quantity) * factor
    assert int(from_base.quantity) + from_base.remainder == int(quantity) / factor
    assert abs(to_base.remainder) <= Fraction(1, 2)
    assert abs(from_base.remainder) <= Fraction(1, 2)


@given(quantities, st.integers(1, 10**6))
def test_whole_packs_come_back_unchanged(packs: Quantity, size: int) -> None:
    units = ItemUnits(base_unit="pcs", conversions={"box": Conversion(size)})

    back = units.from_base(units.to_base(packs, "box").quantity, "box")

    assert (back.quantity, back.remainder) == (packs, 0)
