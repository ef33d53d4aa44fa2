"""From the stored tree back to text, with labels or keys. What is written compiles to the same tree."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from zhangshi.expr.functions import FUNCTIONS
from zhangshi.expr.limits import DEPTH_MAX
from zhangshi.expr.parsing import KEYWORDS
from zhangshi.expr.resolving import HEADER_WORDS
from zhangshi.expr.scopes import LanguageOrKeys, Name, RowsName, Scope
from zhangshi.expr.storing import damaged

_PLAIN = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,90})?")
_BINARY = {"or": 1, "and": 2, "=": 4, "<>": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "&": 5, "+": 6, "-": 6, "*": 7, "/": 7}
_BINARY |= {"later": 6, "earlier": 6, "days": 6}
_SHOWN = {"later": "+", "earlier": "-", "days": "-"}
_MANY = {"or", "and", "&"}
_TIGHT, _NOT, _COMPARISON, _SIGN = 9, 3, 4, 8
Written: TypeAlias = tuple[str, int]
"""A text, and how tightly it holds together."""


def rendered(tree: Any, scope: Scope | None, language: LanguageOrKeys) -> str:  # noqa: ANN401  # JSON, not yet trusted
    """Return the text of a stored tree. Raises formula.bad_stored.

    Without a scope, or where a key is unknown in it or its label could mean something else, the key is written.
    """
    return _Writer(scope, language).write(tree, 0)[0]


class _Writer:
    def __init__(self, scope: Scope | None, language: LanguageOrKeys) -> None:
        self._scope = scope
        self._language = language

    def write(self, tree: Any, depth: int, table: str = "") -> Written:  # noqa: ANN401  # JSON, not yet trusted
        if not (isinstance(tree, list | tuple) and tree and isinstance(tree[0], str)) or depth > DEPTH_MAX:
            raise damaged(tree)
        name, *rest = tree
        if name in {"get", "parent", "row"}:
            return self._path(name, _only_text(rest), table), _TIGHT
        if name in {"call", "each"}:
            return self._call(name, rest, depth, table), _TIGHT
        if (literal := _literal(name, rest)) is not None:
            return literal

        def write_part(part: Any) -> Written:  # noqa: ANN401  # JSON, not yet trusted
            return self.write(part, depth + 1, table)

        return _operation(name, rest, write_part)

    def _call(self, sort: str, rest: list[Any], depth: int, table: str) -> str:
        if not rest or not isinstance(rest[0], str) or FUNCTIONS.find(rest[0]) is None:
            raise damaged(rest[:1])
        function, parts = rest[0], rest[1:]
        if sort == "each":
            if not parts or not isinstance(parts[0], str):
                raise damaged(rest[:1])
            table, parts = parts[0], parts[1:]
            if function == "COUNT" and parts == [["true"]]:
                return f"COUNT({self._words([table])})"
        return f"{function}({', '.join(self.write(one, depth + 1, table)[0] for one in parts)})"

    def _path(self, level: str, path: str, table: str) -> str:
        keys = path.split(".")
        if level == "row":
            return self._words([table, *keys])
        scope = self._scope
        if level == "parent" and scope is not None and scope.find(keys[0]):
            words = reversed(HEADER_WORDS) if self._language == "zh" else HEADER_WORDS
            word = next((one for one in words if not scope.find(one)), HEADER_WORDS[0])
            return f"{word}.{self._words(keys, in_parent=True, said=True)}"
        return self._words(keys, in_parent=level == "parent")

    def _words(self, keys: Sequence[str], *, in_parent: bool = False, said: bool = False) -> str:
        """Return the path, a label for each key as long as the label leads back to the key.

        `said`: the header is named before it, so nothing of the line can be meant.
        """
        scope = self._scope
        root = scope
        words = []
        if scope is not None and (in_parent or (keys[0] not in scope.names and keys[0] not in scope.rows)):
            scope = scope.parent
        for position, key in enumerate(keys):
            found = None if scope is None else scope.names.get(key) or scope.rows.get(key)
            line = root if position == 0 and scope is not root and not said else None
            label = key if found is None or scope is None else self._label(found, scope, line)
            words.append(_word(label, first=position == 0))
            scope = _behind(found, scope, root)
        return ".".join(words)

    def _label(self, found: Name | RowsName, scope: Scope, line: Scope | None) -> str:
        label = found.label(self._language)
        hidden = line is not None and line.find(label)
        return found.key if hidden or scope.find(label) != [found] or label.strip() != label else label


def _behind(found: Name | RowsName | None, scope: Scope | None, root: Scope | None) -> Scope | None:
    if isinstance(found, RowsName):
        return found.scope
    if found is None or scope is None or root is None:
        return None
    return scope.links(found.type.entity) or root.links(found.type.entity)


def _word(word: str, *, first: bool) -> str:
    plain = _PLAIN.fullmatch(word) and word.lower() not in KEYWORDS and not (first and word.lower() in HEADER_WORDS)
    return word if plain else f"[{word.replace(']', ']]')}]"


def _literal(name: str, rest: list[Any]) -> Written | None:
    match name:
        case "true" | "false" | "empty":
            return name, _TIGHT
        case "num":
            text = _only_text(rest)
            if not _NUMBER.fullmatch(text):
                raise damaged(text)
            return text, _SIGN if text.startswith("-") else _TIGHT
        case "text" | "date" | "instant":
            return '"' + _only_text(rest).replace('"', '""') + '"', _TIGHT
        case _:
            return None


def _only_text(rest: list[Any]) -> str:
    if len(rest) != 1 or not isinstance(rest[0], str):
        raise damaged(rest)
    return rest[0]


def _operation(name: str, parts: list[Any], write: Callable[[Any], Written]) -> Written:
    if name in _BINARY and (len(parts) == 2 or (name in _MANY and len(parts) > 2)):  # noqa: PLR2004
        return _between(name, [write(one) for one in parts]), _BINARY[name]
    if name in {"not", "neg"} and len(parts) == 1:
        level = _NOT if name == "not" else _SIGN
        return ("not " if name == "not" else "-") + _held(write(parts[0]), level), level
    if name in {"in", "has"} and len(parts) > 1:
        texts = [write(one) for one in parts]
        if name == "has":
            return f"{_held(texts[1], _COMPARISON)} in {_held(texts[0], _COMPARISON)}", _COMPARISON
        return f"{_held(texts[0], _COMPARISON)} in ({', '.join(text for text, _ in texts[1:])})", _COMPARISON
    raise damaged(name)


def _between(name: str, parts: list[Written]) -> str:
    level = _BINARY[name]
    shown = f" {_SHOWN.get(name, name)} "
    first_level = level if level == _COMPARISON or name in _MANY else level - 1
    first, *others = parts
    return shown.join([_held(first, first_level), *(_held(one, level) for one in others)])


def _held(written: Written, level: int) -> str:
    text, own = written
    return text if own > level else f"({text})"
