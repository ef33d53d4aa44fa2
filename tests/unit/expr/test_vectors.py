"""Every vector: the evaluator answers what the file says, or refuses with that code at that character."""

import re
from collections.abc import Iterator
from decimal import ROUND_UP, Context, Decimal, Inexact, Overflow, Rounded, Subnormal, localcontext
from typing import Any

import pytest

from tests.unit.expr.answering import FORMULA_CODES, answer_of, formula_of, wanted_of
from zhangshi.base.errors import ZhangshiError
from zhangshi.expr import FUNCTIONS, NO_HOST, Env, Formula, Kind, compile_formula
from zhangshi.expr.vectors import Vector, VectorHost, scope_of, vectors
from zhangshi.expr.vectors.loading import FILES


def run_by_the_evaluator() -> Iterator[Vector]:
    yield from (one for one in vectors() if one.data.get("stage") != "sql")


@pytest.mark.parametrize("file", FILES)
def test_the_evaluator_answers_every_vector(file: str) -> None:
    found = [one for one in vectors() if one.file == file]
    wrong = [
        (one.data, answer_of(one))
        for one in found
        if one.data.get("stage") != "sql" and answer_of(one) != wanted_of(one)
    ]

    assert found
    assert wrong == []


def test_a_wrong_expectation_would_be_noticed() -> None:
    right = next(one for one in vectors() if one.data.get("value") == "3.5")
    assert answer_of(right) == wanted_of(right)
    assert answer_of(right) != wanted_of(Vector("x", {**right.data, "value": "3.51"}))
    assert answer_of(right) != wanted_of(Vector("x", {**right.data, "type": "int", "value": 3}))


def test_there_are_enough_vectors_and_none_twice() -> None:
    assert len(vectors()) >= 400
    assert len({str(sorted(one.data.items(), key=str)) for one in vectors()}) == len(vectors())


def test_every_function_is_answered_by_a_vector() -> None:
    used = {word for one in vectors() if not one.error for word in re.findall(r"([A-Z]+)\(", one.text)}
    assert set(FUNCTIONS.functions) - used == set()


def test_every_alias_of_a_function_is_used_by_a_vector() -> None:
    texts = " ".join(one.text for one in vectors())
    aliases = [alias for one in FUNCTIONS.functions.values() for alias in one.aliases]
    assert aliases
    assert [one for one in aliases if f"{one}(" not in texts] == []


def test_every_error_code_is_raised_by_a_vector() -> None:
    assert set(FORMULA_CODES) - {one.error for one in vectors()} == set()
    assert {one.error for one in vectors() if one.error} <= set(FORMULA_CODES)


def error_of(vector: Vector) -> ZhangshiError | None:
    try:
        formula_of(vector).evaluate(Env(*vector.record(), VectorHost() if vector.data.get("host", True) else NO_HOST))
    except ZhangshiError as error:
        return error
    return None


def test_every_refusal_speaks_two_languages_points_into_the_text_and_lacks_no_fact() -> None:
    for vector in run_by_the_evaluator():
        error = error_of(vector) if vector.error else None
        if error is None:
            continue
        position, length, snippet = (error.facts[name] for name in ("position", "length", "snippet"))
        assert isinstance(position, int)
        assert isinstance(length, int)
        assert str(position) in error.message("zh")
        assert str(position) in error.message("en")
        templates = (error.error_code.zh, error.error_code.en)
        for template in templates:
            wanted = set(re.findall(r"\{(\w+)\}", template))
            assert wanted <= set(error.facts), (vector.text, wanted - set(error.facts))
        if vector.text:
            assert vector.text[position - 1 : position - 1 + length][:40] == snippet


@pytest.mark.parametrize("language", ["zh", "en", "keys"])
def test_a_formula_written_out_in_any_language_is_the_same_formula(language: Any) -> None:
    compared = 0
    for vector in run_by_the_evaluator():
        if vector.error and error_of(vector) is not None and "value" not in vector.data:
            continue
        formula = formula_of(vector)
        scope = scope_of(vector.scope)
        written = formula.text(scope, language)
        assert compile_formula(written, scope, expects=vector.expects).to_json() == formula.to_json(), written
        compared += 1
    assert compared > 700


def test_a_stored_formula_is_read_back_whole() -> None:
    for vector in run_by_the_evaluator():
        if not vector.error:
            formula = formula_of(vector)
            again = Formula.from_json(formula.to_json(), scope_of(vector.scope))
            assert again.to_json() == formula.to_json()
            assert (again.reads, again.parent_reads, again.row_reads) == (
                formula.reads, formula.parent_reads, formula.row_reads,
            )  # fmt: skip


def test_no_answer_is_a_float_and_a_decimal_formula_answers_decimals() -> None:
    for vector in run_by_the_evaluator():
        if not vector.error:
            formula = formula_of(vector)
            value = formula.evaluate(Env(*vector.record(), VectorHost()))
            assert not isinstance(value, float)
            if formula.type.kind is Kind.DECIMAL:
                assert value is None or isinstance(value, Decimal)


def test_the_decimal_context_of_the_thread_changes_nothing() -> None:
    strange = Context(prec=3, rounding=ROUND_UP, Emax=9, Emin=-9, traps=[Inexact, Rounded, Overflow, Subnormal])
    wrong = []
    for vector in run_by_the_evaluator():
        with localcontext(strange):
            found = answer_of(vector)
        if found != wanted_of(vector):
            wrong.append((vector.data, found))
    assert wrong == []
