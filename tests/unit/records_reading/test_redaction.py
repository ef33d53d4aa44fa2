"""Errors lose what their reader may not see."""

from datetime import UTC, datetime
from decimal import Decimal

from tests.unit.records_reading.forms import access, grant
from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.records.access import redact_error
from zhangshi.records.errors import INVALID
from zhangshi.records.model import Invalid, Problem, Record, Row

TOLD = ErrorCode("test.told", "值是 {value}。", "The value is {value}.")
SELLER = access(grant("read", fields={"price": "none", "lines.note": "none", "number": "mask"})).everything
RECORD = Record(
    "order", 1, 1, "SO-0001", "draft",
    {"kind": "own", "price": Decimal("7123.50"), "created_at": datetime(2026, 11, 2, tzinfo=UTC)},
    {"lines": [Row(5, {"price": Decimal(1), "note": "confidential"})]},
)  # fmt: skip


def test_a_fact_that_is_a_hidden_value_is_covered() -> None:
    error = redact_error(SELLER, ZhangshiError(TOLD, value="7123.5"), RECORD)
    assert error.facts == {"value": "***"}
    assert "7123" not in error.message("zh") + error.message("en") + str(error)


def test_a_hidden_value_inside_a_sentence_is_covered() -> None:
    error = redact_error(SELLER, ZhangshiError(TOLD, value="the note confidential of SO-0001"), RECORD)
    assert error.facts == {"value": "the note *** of ***"}


def test_what_may_be_read_stays() -> None:
    error = ZhangshiError(TOLD, value="own")
    assert redact_error(SELLER, error, RECORD) is error


def test_an_error_that_names_a_hidden_field_keeps_only_the_name() -> None:
    error = redact_error(SELLER, ZhangshiError(TOLD, field="price", value="any"))
    assert error.facts == {"field": "price", "value": "***"}


def test_a_problem_of_a_hidden_field_keeps_its_place_and_code() -> None:
    problem = Problem("records.too_large", "lines[1].note", "太大:42", "42 is too large", {"value": 42})
    seen = Problem("records.too_large", "kind", "own", "own", {"value": "7123.5"})
    error = redact_error(SELLER, Invalid(INVALID, (problem, seen)), RECORD)
    assert isinstance(error, Invalid)
    first, second = error.problems
    assert (first.code, first.path, first.facts) == ("records.too_large", "lines[1].note", {"field": "lines.note"})
    assert "42" not in first.zh + first.en + str(error)
    assert second.facts == {"value": "***"}


def test_whoever_reads_everything_gets_the_very_error() -> None:
    error = ZhangshiError(TOLD, value="7123.5")
    assert redact_error(access(roles=frozenset({"owner"})).everything, error, RECORD) is error
