"""What a formula may name: the fields of the thing at hand, its line tables, its header, and what lies behind links.

A name is found by its key or by one of its labels; full-width and half-width forms are the same. Keys win over labels,
the thing at hand wins over its header. Two names with one label are ambiguous and must be written by key.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from zhangshi.expr.kinds import Type

LanguageOrKeys = Literal["zh", "en", "keys"]
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def folded(text: str) -> str:
    """Return `text` with full-width letters, digits and punctuation as half-width ones; the length stays."""
    return text.translate(_FULL_WIDTH)


@dataclass(frozen=True, slots=True)
class Name:
    """A field: its key, its type, and its labels in order (zh, en, …)."""

    key: str
    type: Type
    labels: tuple[str, ...] = ()

    def label(self, language: LanguageOrKeys) -> str:
        """Return the label in `language`, the first one where it has none there, or the key."""
        return _label(self.key, self.labels, language)


@dataclass(frozen=True)
class RowsName:
    """A line table: its key, its labels, and what a row of it holds."""

    key: str
    labels: tuple[str, ...]
    scope: "Scope"

    def label(self, language: LanguageOrKeys) -> str:
        """Return the label in `language`, the first one where it has none there, or the key."""
        return _label(self.key, self.labels, language)


def _label(key: str, labels: tuple[str, ...], language: LanguageOrKeys) -> str:
    if language == "keys" or not labels:
        return key
    position = 0 if language == "zh" else 1
    return labels[position] if position < len(labels) and labels[position] else labels[0] or key


def no_links(_entity: str) -> "Scope | None":
    """Know nothing behind any link."""
    return None


class Scope:
    """The names that a formula may use; see the module."""

    def __init__(
        self,
        names: Mapping[str, Name],
        *,
        rows: Mapping[str, RowsName] | None = None,
        parent: "Scope | None" = None,
        links: Callable[[str], "Scope | None"] = no_links,
    ) -> None:
        self.names = names
        self.rows = rows or {}
        self.parent = parent
        self.links = links

    def find(self, word: str) -> list[Name | RowsName]:
        """Return what `word` may mean here (not in the header): one, several that share a label, or nothing."""
        if word in self.names:
            return [self.names[word]]
        if word in self.rows:
            return [self.rows[word]]
        return self._by_label.get(folded(word).strip(), [])

    @cached_property
    def _by_label(self) -> dict[str, list[Name | RowsName]]:
        found: dict[str, list[Name | RowsName]] = {}
        for one in self._all():
            for label in {folded(label).strip() for label in (*one.labels, one.key)}:
                found.setdefault(label, []).append(one)
        return found

    def _all(self) -> Iterator[Name | RowsName]:
        yield from self.names.values()
        yield from self.rows.values()

    def words(self) -> Iterator[str]:
        """Yield every key and label, the header's too, to suggest one of them."""
        for one in self._all():
            yield one.key
            yield from one.labels
        if self.parent is not None:
            yield from self.parent.words()
