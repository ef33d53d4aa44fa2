"""Number rules without a database: the text before the counter is its scope, and nothing is cut off."""

from datetime import date
from typing import Any, cast

import pytest

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import NumberPart, NumberRule
from zhangshi.expr import TEXT, Name, Scope, compile_formula
from zhangshi.records.writing.evaluating import Readable
from zhangshi.records.writing.numbering import date_text, plan_number

DAY = date(2026, 1, 9)


class Header:
    """A header with one field."""

    world: Any = type("World", (), {"host": None})()
    id = 1
    header = None
    rows: dict[str, Any] = {}  # noqa: RUF012 - nobody writes to it

    def __init__(self, metal: str | None) -> None:
        self._metal = metal

    def get(self, key: str, default: Any = None) -> Any:
        return self._metal if key == "metal" else default


def header(metal: str | None = "steel") -> Readable:
    return cast("Readable", Header(metal))


def rule(*parts: NumberPart) -> NumberRule:
    return NumberRule("r", parts)


METAL = compile_formula("metal", Scope({"metal": Name("metal", TEXT)}))
COUNTER = NumberPart("counter", width=3)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("yyMM", "2601"), ("yyyy-MM-dd", "2026-01-09"), ("yyyyMMdd", "20260109"), ("dd/MM/yy", "09/01/26")],
)
def test_dates_follow_their_pattern(pattern: str, text: str) -> None:
    assert date_text(pattern, DAY) == text


@pytest.mark.parametrize(
    ("reset", "scope"), [("never", "A|"), ("year", "A|2026"), ("month", "A|2026-01"), ("day", "A|2026-01-09")]
)
def test_a_reset_begins_again_with_its_period(reset: Any, scope: str) -> None:
    assert (
        plan_number(
            rule(NumberPart("const", text="A"), NumberPart("counter", width=3, reset=reset)), header(), DAY
        ).scope
        == scope
    )


def test_parts_after_the_counter_do_not_divide_it() -> None:
    plan = plan_number(rule(NumberPart("const", text="A"), COUNTER, NumberPart("date", text="-yy")), header(), DAY)
    assert (plan.scope, plan.text(5), plan.text(1234)) == ("A|", "A005-26", "A1234-26")


def test_a_code_counts_for_itself() -> None:
    field = NumberPart("field", formula=METAL, map={"steel": "JX"})
    assert plan_number(rule(field, COUNTER), header(), DAY).scope == "JX|"
    for missing in ("clay", None):
        with pytest.raises(ZhangshiError) as raised:
            plan_number(rule(field, COUNTER), header(missing), DAY)
        assert raised.value.code == "records.number_no_code"


def test_a_field_without_a_map_stands_as_it_is() -> None:
    assert plan_number(rule(NumberPart("field", formula=METAL), COUNTER), header(), DAY).text(1) == "steel001"
