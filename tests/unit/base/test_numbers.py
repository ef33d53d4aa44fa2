"""Exact numbers: nothing is lost on the way in, on the way out, in a product, a quotient or a division of a total."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import (
    INTEGER_MAX,
    INTEGER_MIN,
    Amount,
    Quantity,
    UnitCost,
    amount_from_text,
    amount_text,
    check_range,
    extend,
    proportion,
    quantity_from_text,
    quantity_text,
    round_half_up_ratio,
    share,
    unit_cost_from_text,
    unit_cost_of,
    unit_cost_text,
)

stored = st.integers(INTEGER_MIN, INTEGER_MAX)
any_integer = st.integers(-(10**40), 10**40)
positive = st.integers(1, 10**20)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12.5", 12_500_000),
        ("0", 0),
        ("-0", 0),
        ("-0.25", -250_000),
        (" 3 ", 3_000_000),
        ("1,234.5", 1_234_500_000),
        ("0.000001", 1),
        ("1.500000000", 1_500_000),  # zeros are no digits
        ("1e3", 1_000_000_000),
        ("2.5e-6", None),
        ("25e-7", None),
        ("20e-7", 2),
        ("+7", 7_000_000),
        ("1,234,567", 1_234_567_000_000),
        ("\uff11\uff12", 12_000_000),  # the wide digits of a Chinese input method
        ("0e999999999", 0),
        ("1e-999999999", None),
        ("0." + "1" * 5000, None),
        ("1." + "0" * 5000, 1_000_000),
        ("9223372036854.775807", INTEGER_MAX),
        ("-9223372036854.775808", INTEGER_MIN),
    ],
)
def test_reads_a_quantity_to_the_last_digit_or_refuses_it(text: str, minor: int | None) -> None:
    if minor is None:
        with pytest.raises(ZhangshiError) as refused:
            quantity_from_text(text)
        assert refused.value.code == "number.too_many_digits"
    else:
        assert quantity_from_text(text) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "abc",
        "1.2.3",
        "NaN",
        "Infinity",
        "-inf",
        "1 2",
        "0x10",
        "十",
        "--1",
        ",",
        "1_000",
        "12,5",
        "1,2345",
        "1234,567",
        ".",
        "e5",
    ],
)
def test_refuses_what_is_no_number_and_repeats_it(text: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        quantity_from_text(text)

    assert refused.value.code == "number.not_a_number"
    assert refused.value.facts == {"text": text}
    assert text in refused.value.message("zh")


@pytest.mark.parametrize(
    ("read", "text", "digits"),
    [
        (quantity_from_text, "0.0000001", 6),
        (unit_cost_from_text, "1.1234567", 6),
        (amount_from_text, "1.005", 2),
        (amount_from_text, "0.001", 2),
    ],
)
def test_refuses_more_digits_than_the_scale_and_never_rounds(read: object, text: str, digits: int) -> None:
    with pytest.raises(ZhangshiError) as refused:
        read(text)  # type: ignore[operator]

    assert refused.value.code == "number.too_many_digits"
    assert refused.value.facts == {"text": text, "digits": digits}


@pytest.mark.parametrize(
    "text", ["9223372036854.775808", "-9223372036854.775809", "1e30", "1e999999999", "99999999999999999999999"]
)
def test_overflow_names_the_number(text: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        quantity_from_text(text)

    assert refused.value.code == "number.overflow"
    assert refused.value.facts == {"value": text}
    assert text in refused.value.message("en")


@given(st.integers())
@example(INTEGER_MAX)
@example(INTEGER_MAX + 1)
@example(INTEGER_MIN)
@example(INTEGER_MIN - 1)
def test_a_value_is_in_the_64_bit_range_or_an_error_with_the_value_in_it(value: int) -> None:
    if INTEGER_MIN <= value <= INTEGER_MAX:
        assert check_range(value) == value
    else:
        with pytest.raises(ZhangshiError, match=str(value)):
            check_range(value)


@given(stored)
def test_every_stored_number_survives_the_round_trip_through_text(minor: int) -> None:
    assert quantity_from_text(quantity_text(Quantity(minor))) == minor
    assert unit_cost_from_text(unit_cost_text(UnitCost(minor))) == minor
    assert amount_from_text(amount_text(Amount(minor))) == minor


@given(stored)
def test_text_is_the_exact_decimal(minor: int) -> None:
    assert Fraction(quantity_text(Quantity(minor))) == Fraction(minor, 10**6)
    assert Fraction(amount_text(Amount(minor))) == Fraction(minor, 100)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=9))
def test_reading_a_decimal_is_exact_or_refused(value: Decimal) -> None:
    exact = Fraction(value) * 10**6
    if exact.denominator != 1 or not INTEGER_MIN <= exact <= INTEGER_MAX:
        with pytest.raises(ZhangshiError, match=r"number\.(too_many_digits|overflow)"):
            quantity_from_text(str(value))
    else:
        assert int(quantity_from_text(str(value))) == exact


@pytest.mark.parametrize(("minor", "shown"), [(1250, "12.50"), (0, "0.00"), (-5, "-0.05"), (100, "1.00")])
def test_an_amount_always_shows_both_decimal_places(minor: int, shown: str) -> None:
    assert amount_text(Amount(minor)) == shown


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 2, 3),
        (-5, 2, -3),
        (5, -2, -3),
        (-5, -2, 3),
        (1, 3, 0),
        (2, 3, 1),
        (-2, 3, -1),
        (0, 7, 0),
        (0, -7, 0),
        (7, 1, 7),
    ],
)
def test_rounds_halves_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert round_half_up_ratio(numerator, denominator) == rounded


@given(any_integer, any_integer.filter(bool))
def test_rounding_is_nearest_and_symmetric(numerator: int, denominator: int) -> None:
    rounded = round_half_up_ratio(numerator, denominator)
    exact = Fraction(numerator, denominator)

    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)
    assert round_half_up_ratio(-numerator, denominator) == -rounded
    assert round_half_up_ratio(numerator, -denominator) == -rounded


def test_extends_and_divides_at_one_named_place() -> None:
    assert extend(Quantity(3_000_000), UnitCost(33_333_333)) == 10_000  # 99.999999 -> 100.00
    assert unit_cost_of(Amount(10_000), Quantity(3_000_000)) == 33_333_333
    assert extend(Quantity(-3_000_000), UnitCost(33_333_333)) == -10_000


@given(st.integers(-(10**15), 10**15), st.integers(0, 10**12))
def test_an_extension_is_half_a_fen_from_the_exact_product_at_most(quantity: int, unit_cost: int) -> None:
    exact_fen = Fraction(quantity, 10**6) * Fraction(unit_cost, 10**6) * 100

    assert abs(int(extend(Quantity(quantity), UnitCost(unit_cost))) - exact_fen) <= Fraction(1, 2)


@given(any_integer, positive)
def test_the_whole_part_of_a_proportion_is_the_total_itself(total: int, whole: int) -> None:
    assert proportion(total, whole, whole) == total
    assert proportion(total, 0, whole) == 0


def test_shares_a_hundred_by_three_without_losing_a_fen() -> None:
    assert share(10_000, [1, 1, 1]) == [3333, 3334, 3333]


@given(any_integer, st.lists(st.integers(0, 10**18), min_size=1, max_size=30).filter(any))
def test_shares_sum_to_the_total_and_none_is_off_by_more_than_one(total: int, weights: list[int]) -> None:
    shares = share(total, weights)

    assert sum(shares) == total
    assert len(shares) == len(weights)
    whole = sum(weights)
    for part, weight in zip(shares, weights, strict=True):
        assert abs(part - Fraction(total * weight, whole)) <= 1
        if weight == 0:
            assert part == 0
