"""docs/reference/refusals.md: a section for every refusal of the ledger, in order, with the code's own sentences."""

import re
import string

import pytest

from tools.generate_refusals import PAGE, brought_up_to_date
from zhangshi.base.errors import ErrorCode
from zhangshi.ledger.refusals import PRECEDENCE

TEXT = PAGE.read_text(encoding="utf-8")
SECTIONS = re.split(r"^## `([^`]+)`\n", TEXT, flags=re.MULTILINE)
BODIES = dict(zip(SECTIONS[1::2], SECTIONS[2::2], strict=True))


def test_sections_stand_in_order_of_precedence() -> None:
    assert SECTIONS[1::2] == [error_code.code for error_code in PRECEDENCE]


def test_the_sentences_are_those_of_the_code() -> None:
    assert brought_up_to_date(TEXT) == TEXT, "run python -m tools.generate_refusals"


def test_a_changed_sentence_would_be_noticed() -> None:
    stale = TEXT.replace("> 单据没有明细行。请至少填写一行。", "> 单据是空的。")

    assert stale != TEXT
    assert brought_up_to_date(stale) == TEXT


@pytest.mark.parametrize("error_code", PRECEDENCE, ids=lambda code: code.code)
def test_a_section_says_when_and_what_to_do(error_code: ErrorCode) -> None:
    when, _, do = BODIES[error_code.code].partition("**Do.** ")

    assert len(when.partition("**When.** ")[2].split()) >= 5
    assert do.strip()


@pytest.mark.parametrize("error_code", PRECEDENCE, ids=lambda code: code.code)
def test_both_languages_name_the_same_things_and_say_what_to_do(error_code: ErrorCode) -> None:
    def facts(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert facts(error_code.zh) <= facts(error_code.en) | {"command", "lot"}
    assert facts(error_code.en) <= facts(error_code.zh) | {"command", "lot"}
    assert re.search("请|无须|只能|必须|须", error_code.zh), "says what to do"
    assert len(re.split(r"[.;:] ", error_code.en)) > 1, "says what to do"
