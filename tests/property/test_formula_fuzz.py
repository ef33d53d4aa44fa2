"""Nothing that can be typed makes the formula language crash, hang, or answer beyond its limits; see `formula_fuzz`."""

from decimal import Decimal

import pytest

from tests.property.formula_fuzz import Tally, checked_answer, run, try_one
from zhangshi.base.errors import ErrorCode, ZhangshiError


def proves_something(tally: Tally) -> bool:
    """Whether the inputs reached the evaluator and most refusals, and not only the lexer."""
    return tally.compiled > tally.inputs / 10 and tally.answers > tally.inputs / 3 and len(tally.codes) >= 30


@pytest.mark.slow
def test_twenty_thousand_inputs_are_answered_or_refused() -> None:
    tally = run(20_000, seed=20260315)

    assert tally.failures == []
    assert proves_something(tally)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_a_million_inputs_are_answered_or_refused() -> None:
    tally = run(1_000_000, seed=4)

    assert tally.failures == []
    assert proves_something(tally)


def test_a_crash_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("tests.property.formula_fuzz.try_one", crash)
    assert len(run(3, seed=1).failures) == 3


def test_a_float_a_giant_and_a_foreign_refusal_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in (0.5, "x" * 100_001, 10**41, Decimal(10) ** 41):
        with pytest.raises(AssertionError):
            checked_answer(wrong)

    def refuse(*_: object) -> None:
        raise ZhangshiError(ErrorCode("other.code", "x", "x"))

    monkeypatch.setattr("tests.property.formula_fuzz.compile_formula", refuse)
    with pytest.raises(AssertionError):
        try_one("order", "1", None, Tally())  # type: ignore[arg-type]  # it is not reached
