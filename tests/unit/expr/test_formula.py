"""What a formula tells about itself, keeps when labels change, and asks of its host."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from zhangshi.base.errors import ZhangshiError
from zhangshi.expr import (
    BOOL,
    DATE,
    DECIMAL,
    INT,
    NO_HOST,
    TEXT,
    Env,
    Formula,
    Kind,
    Name,
    RowsName,
    Scope,
    Type,
    compile_formula,
)
from zhangshi.expr.vectors import VectorHost, scope_of

ORDER, LINES = scope_of("order"), scope_of("lines")


def refused(text: str, scope: Scope = ORDER, env: Env | None = None, **options: Any) -> ZhangshiError:
    with pytest.raises(ZhangshiError) as caught:
        compile_formula(text, scope, **options).evaluate(env or Env())
    return caught.value


def test_says_what_it_reads_here_in_the_header_and_in_the_lines() -> None:
    total = "SUM(明细.数量 * 明细.物料.安全库存 * parent.discount)"
    formula = compile_formula(f"item.category.code & customer.name & {total} & COUNT(fees) & remark", LINES)

    assert formula.reads == {"item.category.code", "remark"}
    assert formula.parent_reads == {"customer.name", "discount"}
    assert formula.row_reads == {"lines": {"quantity", "item.safety_stock"}, "fees": set()}
    assert formula.functions == set()


def test_names_the_functions_that_ask_the_host() -> None:
    formula = compile_formula("STOCK(item, warehouse) > 0 and owner = USER() and LEN(remark) > 0", LINES)

    assert formula.functions == {"STOCK", "USER"}
    assert not formula.is_constant
    assert not compile_formula("TODAY()", ORDER).is_constant
    assert compile_formula("ROUND(10 / 3, 2)", ORDER).is_constant


def test_a_renamed_field_changes_the_text_and_not_the_formula() -> None:
    before = compile_formula("金额 > 5000", ORDER)
    renamed = Scope(
        {**ORDER.names, "amount": replace(ORDER.names["amount"], labels=("价税合计", "Total"))}, rows=ORDER.rows
    )

    after = Formula.from_json(before.to_json(), renamed)

    assert after.to_json() == before.to_json()
    assert after.text(renamed, "zh") == "价税合计 > 5000"
    assert after.text(renamed, "en") == "Total > 5000"
    assert after.text(renamed, "keys") == "amount > 5000"


def test_a_label_that_two_fields_share_is_written_as_a_key() -> None:
    assert compile_formula("note_one = note_two", ORDER).text(ORDER, "zh") == "note_one = note_two"


def test_a_label_that_is_no_plain_word_is_written_in_brackets() -> None:
    formula = compile_formula("net_price > 1 and [in] <> empty", ORDER)
    assert formula.text(ORDER, "zh") == "[单价(元)] > 1 and not ISBLANK([空])"


def test_a_header_field_that_a_line_field_hides_is_written_with_its_header() -> None:
    formula = compile_formula("amount / parent.amount", LINES)
    assert formula.text(LINES, "zh") == "金额 / 表头.金额"
    assert formula.text(LINES, "en") == "Amount / parent.Amount"


def test_a_stored_field_that_is_gone_is_refused_even_where_the_header_has_its_key() -> None:
    stored = compile_formula("amount > 1", LINES).to_json()
    without = Scope({key: one for key, one in LINES.names.items() if key != "amount"}, parent=ORDER)

    with pytest.raises(ZhangshiError) as caught:
        Formula.from_json(stored, without)

    assert caught.value.code == "formula.unknown_name"
    assert caught.value.facts["name"] == "amount"


@pytest.mark.parametrize("written", ["金额", "金额 ", "ＡＭＯＵＮＴ", "Amount", "[ 金额 ]"])
def test_a_name_is_found_however_wide_its_letters_are(written: str) -> None:
    assert compile_formula(written, Scope({"amount": Name("amount", INT, ("金额", "Amount", "AMOUNT"))})).reads == {
        "amount"
    }


def test_a_key_wins_over_a_label_of_another_field() -> None:
    scope = Scope({"a": Name("a", INT, ("b",)), "b": Name("b", INT, ("c",))})
    assert compile_formula("b", scope).reads == {"b"}


def test_a_table_is_named_like_a_field_and_its_rows_see_the_header() -> None:
    scope = Scope(
        {"rate": Name("rate", DECIMAL)}, rows={"rows": RowsName("rows", ("行",), Scope({"x": Name("x", DECIMAL)}))}
    )
    formula = compile_formula("SUM(行.x * rate)", scope)

    assert formula.evaluate(Env({"rate": Decimal(3)}, rows={"rows": [{"x": Decimal(2)}, {"x": None}, {}]})) == 6


@pytest.mark.parametrize(
    ("text", "expects", "value"),
    [
        ("3", DECIMAL, Decimal(3)),
        ("6 / 2", INT, 3),
        ('"2026-01-31"', DATE, None),
        ("empty", TEXT, None),
        ("3 > 2", BOOL, True),
    ],
)
def test_the_answer_has_the_type_that_is_expected(text: str, expects: Type, value: Any) -> None:
    formula = compile_formula(text, ORDER, expects=expects)
    found = formula.evaluate(Env())

    if value is not None:
        assert (found, type(found)) == (value, type(value))
    assert formula.type in {expects, Type(Kind.EMPTY)}


def test_one_formula_serves_many_threads() -> None:
    formula = compile_formula("SUM(lines.quantity * priority) + priority", ORDER)
    rows = {"lines": [{"quantity": Decimal(1)}] * 200}

    def evaluate(number: int) -> Any:
        return formula.evaluate(Env({"priority": number}, rows=rows))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(evaluate, range(500))) == [201 * number for number in range(500)]


def test_an_environment_may_be_used_again_however_often() -> None:
    formula = compile_formula("SUM(lines.boxes)", ORDER)
    env = Env(rows={"lines": [{"boxes": 1}] * 10_000})
    for _ in range(150):
        assert formula.evaluate(env) == 10_000


def test_iferror_hides_no_limit_and_no_missing_host() -> None:
    assert refused('IFERROR(REPT("a", 200000), "")').code == "formula.text_too_long"
    assert refused("IFERROR(TODAY(), due_on)").code == "formula.not_available_here"
    heavy = Env(rows={"lines": [{"lot": "中" * 400}] * 200})
    assert refused("IFERROR(COUNT(PINYIN(lines.lot)), 0)", env=heavy).code == "formula.too_many_steps"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('JOIN(lines.lot, REPT("a", 100000))', "text_too_long"),
        ('TEXTJOIN(REPT("a", 60000), "x", "y", "z")', "text_too_long"),
        ("COUNT(REPT(lines.lot, 1000))", "too_many_steps"),
        ('SUM(LEN(PADLEFT(lines.lot, 100000, "abc")))', "too_many_steps"),
        ('PADLEFT("", 100000, PADLEFT("", 100000, "ab")) & "c"', "text_too_long"),
    ],
)
def test_text_that_grows_out_of_hand_is_refused_before_it_takes_memory(text: str, code: str) -> None:
    tracemalloc.start()
    try:
        error = refused(text, env=Env(rows={"lines": [{"lot": "x" * 100}] * 10_000}))
        assert error.code == f"formula.{code}"
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_work_over_many_days_is_counted() -> None:
    years = Env({"due_on": VectorHost().today()}, rows={"lines": [{"boxes": 20_000}] * 100}, host=VectorHost())
    assert refused("MAX(WORKDAY(due_on, lines.boxes))", env=years).code == "formula.too_many_steps"


def test_an_error_of_the_host_passes_as_it_is() -> None:
    class Broken(VectorHost):
        def cost(self, item_id: int) -> Decimal:
            raise ZhangshiError(refused("1 / 0").error_code, item=item_id)

    error = refused("COST(item)", LINES, Env({"item": 5}, host=Broken()))
    assert error.facts == {"item": 5}


def test_a_question_nobody_answers_says_which() -> None:
    error = refused("1 + STOCK(item)", LINES, Env({"item": 5}, host=NO_HOST))
    assert (error.code, error.facts["question"], error.facts["snippet"]) == (
        "formula.not_available_here",
        "stock",
        "STOCK",
    )


def test_a_misspelled_name_or_function_is_answered_with_what_looks_like_it() -> None:
    assert "Amount" in refused("amuont > 1").message("en")
    assert "ROUND" in refused("RUOND(1, 2)").message("en")
    assert "请检查写法" in refused("完全不同的名字").message("zh")


def test_what_python_could_do_a_formula_cannot() -> None:
    for text in (
        "__import__('os')",
        "().__class__",
        "amount.__class__",
        "open('/etc/passwd')",
        "lambda: 1",
        "[x for x in y]",
        "amount.real",
    ):
        assert refused(text).code.startswith("formula.")
