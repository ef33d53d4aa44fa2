"""The search text: words, initials, segments."""

import pytest

from tests.unit.records_reading.forms import ORDER
from zhangshi.records.searching import initials, matches, normalised, rank, search_paths, search_text, words_of

TEXT = search_text(ORDER, {"number": "JX-0001"})


def everything(_path: str) -> bool:
    return True


def stored(number: str, **texts: str) -> str:
    from dataclasses import replace  # noqa: PLC0415

    return search_text(replace(ORDER, search=("number", *texts)), {"number": number, **texts})


def test_the_number_comes_first_even_if_the_definition_leaves_it_out() -> None:
    assert search_paths(ORDER) == ("number",)
    assert TEXT == "jx-0001\n"


@pytest.mark.parametrize("typed", ["jx-0", "六角", "ljl", "m8 六角", "M8 LJLS", "Ｍ８", "30"])
def test_parts_of_number_name_spec_and_initials_find_it(typed: str) -> None:
    text = stored("JX-0001", kind="六角螺栓", phone="M8×30")
    assert matches(text, words_of(typed), everything)


@pytest.mark.parametrize("typed", ["jx-2", "m8 弹簧", "kind", "jlls"])
def test_what_is_not_there_is_not_found(typed: str) -> None:
    assert not matches(stored("JX-0001", kind="六角螺栓", phone="M8×30"), words_of(typed), everything)


def test_a_word_in_a_field_that_may_not_be_read_finds_nothing() -> None:
    text = stored("JX-0001", kind="六角螺栓", phone="M8×30")
    assert matches(text, ("m8",), {"phone"}.__contains__)
    assert not matches(text, ("m8",), {"kind", "number"}.__contains__)
    assert not matches(text, ("m8", "ljls"), {"phone"}.__contains__)


def test_the_very_number_is_better_than_its_beginning_and_that_than_a_field() -> None:
    text = stored("M8", kind="M80 bolt")
    assert rank(text, "m8", everything) == 0
    assert rank(stored("M8-1", kind="x"), "m8", everything) == 1
    assert rank(stored("X", kind="M80"), "m8", everything) == 2
    assert rank(stored("X", kind="a M80"), "m8", everything) == 3
    assert rank(text, "m8", {"kind"}.__contains__) == 2


def test_initials_read_words_and_leave_out_the_rest() -> None:
    assert initials("不锈钢板304") == "bxgb"
    assert initials("m8×30") == ""


def test_untypable_characters_cannot_be_searched_for() -> None:
    assert normalised("\ue06b\ue069 A\tB\n") == "a b"
    assert words_of("  \ue000 ") == ()
