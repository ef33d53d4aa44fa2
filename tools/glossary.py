"""Read docs/glossary.md and find its forbidden words in the identifiers of the product."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"
_ROW = re.compile(r"^\|(?P<term>[^|]+)\|(?P<chinese>[^|]+)\|(?P<meaning>[^|]+)\|(?P<forbidden>[^|]*)\|$", re.MULTILINE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Term(NamedTuple):
    """A row of the glossary."""

    term: str
    chinese: str
    meaning: str
    forbidden: tuple[str, ...]


class Synonym(NamedTuple):
    """A forbidden word in an identifier."""

    line: int
    identifier: str
    forbidden: str
    term: str


def read_terms(text: str) -> list[Term]:
    """Return the rows of all tables in the page, without their heads."""
    rows = [match.groupdict() for match in _ROW.finditer(text)]
    return [
        Term(
            row["term"].strip(),
            row["chinese"].strip(),
            row["meaning"].strip(),
            tuple(re.findall(r"`([a-z_]+)`", row["forbidden"])),
        )
        for row in rows
        if row["term"].strip() != "term" and set(row["term"].strip()) != {"-"}
    ]


def _words(identifier: str) -> str:
    """Split into words, each within underscores, so that `_sku_` is found in SkuCode but not in askum."""
    return "_" + "_".join(word.lower() for word in _WORD.findall(identifier)) + "_"


def _identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.lineno, node.arg


def find_synonyms(source: str, terms: list[Term]) -> list[Synonym]:
    """Return each identifier of a Python file that holds a forbidden word, with the term to use instead."""
    found: list[Synonym] = []
    for line, identifier in _identifiers(ast.parse(source)):
        words = _words(identifier)
        found += [
            Synonym(line, identifier, forbidden, term.term)
            for term in terms
            for forbidden in term.forbidden
            if f"_{forbidden}_" in words
        ]
    return found
