"""From the words of a path to the keys of a field, and where it stands: here, in the header, or in a line table."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.expr.errors import AMBIGUOUS_NAME, NOT_A_LINK, UNKNOWN_NAME, Source
from zhangshi.expr.kinds import Kind, Type
from zhangshi.expr.limits import SNIPPET_MAX
from zhangshi.expr.nodes import Level
from zhangshi.expr.scopes import Name, RowsName, Scope
from zhangshi.expr.syntax import Path

HEADER_WORDS = ("parent", "表头")
"""What stands before a name of the header where a name of the line would win: parent.quantity."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its keys joined by dots, and of a line table's field, the table."""

    level: Level
    table: str
    path: str
    type: Type


@dataclass(frozen=True, slots=True)
class Table:
    """A line table as a whole."""

    key: str


class Resolver:
    """Finds names in a scope and its header."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self._source = source
        self._scope = scope

    def resolve(self, path: Path) -> Field | Table:
        """Return what `path` names. Raises formula.unknown_name, ambiguous_name, not_a_link."""
        scope, level, skipped = self._scope, "here", 0
        found = self._find(scope, path, 0)
        if found is None and scope.parent is not None:
            scope, level = scope.parent, "parent"
            if len(path.words) > 1 and path.words[0].lower() in HEADER_WORDS:
                skipped = 1
            found = self._find(scope, path, skipped)
        if found is None:
            raise self._unknown(path, skipped, self._scope)
        if isinstance(found, RowsName):
            return self._in_table(found, path, skipped + 1)
        assert level in {"here", "parent"}
        return self._behind("here" if level == "here" else "parent", "", scope, found, path, skipped)

    def _in_table(self, rows: RowsName, path: Path, position: int) -> Field | Table:
        if position == len(path.words):
            return Table(rows.key)
        found = self._find(rows.scope, path, position)
        if not isinstance(found, Name):
            raise self._unknown(path, position, rows.scope)
        return self._behind("row", rows.key, rows.scope, found, path, position)

    def _behind(self, level: Level, table: str, scope: Scope, name: Name, path: Path, position: int) -> Field:
        """Follow the links of a path from `name`, which is its word number `position`."""
        keys = [name.key]
        for following in range(position + 1, len(path.words)):
            entity = name.type.entity
            behind = None
            if name.type.kind is Kind.RECORD:
                behind = scope.links(entity) or self._scope.links(entity)
            if behind is None:
                place = path.places[following - 1]
                raise self._source.refusal(NOT_A_LINK, place, name=path.words[following - 1], found=name.type.word)
            scope = behind
            found = self._find(scope, path, following)
            if not isinstance(found, Name):
                raise self._unknown(path, following, scope)
            name = found
            keys.append(name.key)
        return Field(level, table, ".".join(keys), name.type)

    def _find(self, scope: Scope, path: Path, position: int) -> Name | RowsName | None:
        found = scope.find(path.words[position])
        if len(found) > 1:
            keys = ", ".join(one.key for one in found)
            word = path.words[position]
            raise self._source.refusal(AMBIGUOUS_NAME, path.places[position], name=word, keys=keys)
        return found[0] if found else None

    def _unknown(self, path: Path, position: int, scope: Scope) -> ZhangshiError:
        word = path.words[position][:SNIPPET_MAX]
        nearest = nearest_words(word, scope.words())
        return self._source.refusal(UNKNOWN_NAME, path.places[position], name=word, nearest=nearest)


def nearest_words(word: str, known: Iterable[str]) -> Word:
    """Return a sentence that offers what looks like `word`, or asks to check it."""
    words = {one.lower(): one for one in known if one}
    found = [words[one] for one in get_close_matches(word.lower(), list(words), n=3)]
    if not found:
        return Word("Check its spelling; a text goes into quotes.", "请检查写法；文本要加引号。")
    shown = ", ".join(found)
    return Word(f"Did you mean {shown}?", f"是不是 {shown}？")
