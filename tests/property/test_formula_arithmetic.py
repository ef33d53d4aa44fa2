"""Arithmetic of formulas against fractions: exact, half up where it rounds, refused where it is too large."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.errors import ZhangshiError
from zhangshi.expr import DATE, DECIMAL, INT, TEXT, Env, Formula, Name, Scope, compile_formula
from zhangshi.expr.functions.capitals import rmb

SCOPE = Scope(
    {key: Name(key, DECIMAL) for key in "abc"} | {"n": Name("n", INT), "s": Name("s", TEXT), "d": Name("d", DATE)}
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
WHOLE = st.integers(-(10**18), 10**18)
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def formula(text: str) -> Formula:
    return compile_formula(text, SCOPE)


SUM, DIFFERENCE, PRODUCT, QUOTIENT = (formula(f"a {sign} b") for sign in "+-*/")
ROUNDED = formula("ROUND(a, n)")


def half_up(value: Fraction, digits: int) -> Fraction:
    scaled = abs(value) * Fraction(10) ** digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 1) / Fraction(10) ** digits


def value_of(compiled: Formula, **values: Decimal | int) -> Fraction:
    found = compiled.evaluate(Env(values))
    assert isinstance(found, Decimal | int)
    return Fraction(found)


@given(DECIMALS, DECIMALS)
def test_sums_differences_and_products_are_exact(a: Decimal, b: Decimal) -> None:
    assert value_of(SUM, a=a, b=b) == Fraction(a) + Fraction(b)
    assert value_of(DIFFERENCE, a=a, b=b) == Fraction(a) - Fraction(b)
    assert value_of(PRODUCT, a=a, b=b) == Fraction(a) * Fraction(b)


@given(DECIMALS, DECIMALS.filter(bool))
def test_a_quotient_is_rounded_half_up_to_twenty_digits(a: Decimal, b: Decimal) -> None:
    assert value_of(QUOTIENT, a=a, b=b) == half_up(Fraction(a) / Fraction(b), 20)


@given(DECIMALS, st.integers(-12, 12))
def test_round_goes_half_up_away_from_zero(a: Decimal, digits: int) -> None:
    found = value_of(ROUNDED, a=a, n=digits)
    assert found == (half_up(Fraction(a), digits) if digits < 6 else Fraction(a))


@given(DECIMALS, DECIMALS.filter(bool))
def test_what_mod_leaves_and_floor_add_up(a: Decimal, b: Decimal) -> None:
    rest, below = value_of(formula("MOD(a, b)"), a=a, b=b), value_of(formula("FLOOR(a, b)"), a=a, b=b)

    assert rest + below == Fraction(a)
    assert 0 <= rest < b or b < rest <= 0
    assert (below / Fraction(b)).denominator == 1


@given(DECIMALS, st.integers(0, 8))
def test_a_whole_power_is_repeated_multiplication(a: Decimal, exponent: int) -> None:
    small = a.quantize(Decimal("0.01")) / 1000 if abs(a) > 1000 else a.quantize(Decimal("0.01"))
    small = small.quantize(Decimal("0.01")) % 100
    assert value_of(formula("POWER(a, n)"), a=small, n=exponent) == Fraction(small) ** exponent


@given(DECIMALS, DECIMALS)
def test_comparisons_are_those_of_the_numbers(a: Decimal, b: Decimal) -> None:
    for sign, wanted in (("<", a < b), ("<=", a <= b), ("=", a == b), ("<>", a != b), (">=", a >= b), (">", a > b)):
        assert formula(f"a {sign} b").evaluate(Env({"a": a, "b": b})) is wanted


@given(DECIMALS)
def test_a_number_joined_to_a_text_reads_back_as_itself(a: Decimal) -> None:
    text = formula('a & ""').evaluate(Env({"a": a}))
    assert isinstance(text, str)
    assert "E" not in text
    assert not ("." in text and text.endswith(("0", ".")))
    assert Decimal(text) == a
    assert value_of(formula('VALUE(a & "")'), a=a) == Fraction(a)


@given(WHOLE, WHOLE)
def test_whole_numbers_stay_whole(a: int, b: int) -> None:
    scope = Scope({"x": Name("x", INT), "y": Name("y", INT)})
    for sign, wanted in (("+", a + b), ("-", a - b), ("*", a * b)):
        found = compile_formula(f"x {sign} y", scope).evaluate(Env({"x": a, "y": b}))
        assert isinstance(found, int)
        assert found == wanted


@given(st.integers(0, 44))
def test_a_number_of_more_than_41_digits_is_refused_and_no_smaller_one(power: int) -> None:
    text = " * ".join(["a", *["10"] * power])
    compiled, env = formula(text), Env({"a": Decimal(1)})
    if power <= 40:
        assert compiled.evaluate(env) == 10**power
        return
    with pytest.raises(ZhangshiError) as caught:
        compiled.evaluate(env)
    assert caught.value.code == "formula.number_too_large"


def read_group(text: str) -> int:
    total, digit = 0, 0
    for one in text:
        if one in PLACES:
            total += digit * PLACES[one]
            digit = 0
        else:
            digit = DIGITS.index(one)
    return total + digit


def read_whole(text: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in text:
            above, _, below = text.rpartition(unit)
            return read_whole(above) * size + read_whole(below) if above else size + read_whole(below)
    return read_group(text)


def read_capitals(text: str) -> Fraction:
    """Read an amount in capitals as a cashier would: digit and unit, group by group."""
    sign = -1 if text.startswith("负") else 1
    yuan, _, rest = text.removeprefix("负").rpartition("元") if "元" in text else ("", "", text.removeprefix("负"))
    jiao = DIGITS.index(rest[rest.index("角") - 1]) if "角" in rest else 0
    fen = DIGITS.index(rest[rest.index("分") - 1]) if "分" in rest else 0
    return sign * (read_whole(yuan) + Fraction(jiao, 10) + Fraction(fen, 100))


@given(st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(-(10**8), 10**8))
def test_an_amount_in_capitals_reads_back_as_itself(fen: int) -> None:
    text = rmb(Decimal(fen).scaleb(-2))

    assert read_capitals(text) == Fraction(fen, 100)
    assert "零零" not in text
    assert text.endswith("整") is (fen % 10 == 0)
