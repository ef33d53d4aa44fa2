"""docs/reference/formula.md: every function has a section, both languages, and an example that a vector holds."""

import re

import pytest

from tests.unit.expr.answering import answer_of, wanted_of
from tools.generate_formula import PAGE, examples_of, page, shown
from zhangshi.expr import FUNCTIONS, Function

SECTIONS = re.split(r"^### (\w+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
BODIES = dict(zip(SECTIONS[1::2], SECTIONS[2::2], strict=True))


def test_the_page_is_what_the_registry_says_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


@pytest.mark.parametrize("function", FUNCTIONS.functions.values(), ids=lambda one: one.name)
def test_a_function_is_described_and_its_examples_are_right(function: Function) -> None:
    body = BODIES[function.name]
    examples = examples_of(function)

    assert function.zh in body
    assert function.en in body
    assert str(function.usage()) in body
    assert examples
    for one in examples:
        assert f"{one.text}  →  {shown(one)}" in body
        assert answer_of(one) == wanted_of(one)
