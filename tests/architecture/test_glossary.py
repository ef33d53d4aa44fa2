"""One meaning per word: the glossary is complete, and its forbidden synonyms are not used."""

from collections import Counter

import pytest

from tools.glossary import GLOSSARY, ROOT, find_synonyms, read_terms

TERMS = read_terms(GLOSSARY.read_text(encoding="utf-8"))


def test_the_product_uses_no_forbidden_synonym() -> None:
    files = sorted((ROOT / "src").rglob("*.py"))

    used = [
        f"{file.relative_to(ROOT)}:{found.line}: {found.identifier}: say “{found.term}”, not “{found.forbidden}”"
        for file in files
        for found in find_synonyms(file.read_text(encoding="utf-8"), TERMS)
    ]

    assert files
    assert used == []


def test_every_term_has_a_chinese_name_and_a_meaning() -> None:
    assert len(TERMS) >= 60
    for term in TERMS:
        assert term.chinese
        assert term.meaning.endswith(".")
        assert term.forbidden, term.term


def test_no_word_is_explained_twice_or_forbidden_for_two_terms() -> None:
    assert [term for term, count in Counter(term.term for term in TERMS).items() if count > 1] == []
    forbidden = Counter(word for term in TERMS for word in term.forbidden)
    assert [word for word, count in forbidden.items() if count > 1] == []


@pytest.mark.parametrize(
    ("source", "identifier"),
    [
        ("qty = 1", "qty"),
        ("def f(order_qty: int) -> None: ...", "order_qty"),
        ("class SkuCode: ...", "SkuCode"),
        ("x.vendor_id = 1", "vendor_id"),
        ("f(stock_level=1)", "stock_level"),
        ("ON_HAND_QTY = 1", "ON_HAND_QTY"),
    ],
)
def test_a_planted_synonym_is_found(source: str, identifier: str) -> None:
    assert {found.identifier for found in find_synonyms(source, TERMS)} == {identifier}


@pytest.mark.parametrize("source", ["quantity = 1", "x = 'qty'", "production = 1", "class Wasted: ...", "# qty"])
def test_other_words_are_left_alone(source: str) -> None:
    assert find_synonyms(source, TERMS) == []
