"""The stored form of a formula: a JSON tree of keys with a language version. The browser evaluates the same tree.

A node is a list whose first entry says what it is: ["num", "12.5"], ["text", "A"], ["true"], ["false"], ["empty"],
["date", "2026-01-31"], ["instant", "2026-01-31T00:00:00Z"], ["get", "item.spec"], ["parent", "number"],
["row", "quantity"], ["call", "ROUND", …], ["each", "SUM", "lines", …], or an operator with its parts: ["+", …, …].
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from zhangshi.base.errors import ZhangshiError
from zhangshi.expr.arithmetic import text_of
from zhangshi.expr.errors import BAD_STORED
from zhangshi.expr.kinds import Raw
from zhangshi.expr.nodes import Call, Constant, Each, Get, Node, Operation

_LEVELS = {"here": "get", "parent": "parent", "row": "row"}


def stored(node: Node) -> list[Any]:
    """Return the JSON tree."""
    match node:
        case Constant(value=value):
            return _constant(value)
        case Get(level=level, path=path):
            return [_LEVELS[level], path]
        case Call(function=function, parts=parts):
            return ["call", function.name, *map(stored, parts)]
        case Each(function=function, table=table, parts=parts):
            return ["each", function.name, table, *map(stored, parts)]
        case Operation(operator=operator, parts=parts):
            return [operator, *map(stored, parts)]


def _constant(value: Raw) -> list[Any]:
    if value is None:
        return ["empty"]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, str):
        return ["text", value]
    if isinstance(value, datetime):
        return ["instant", value.astimezone(UTC).isoformat().replace("+00:00", "Z")]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    assert isinstance(value, Decimal | int)
    return ["num", text_of(value)]


def here_paths(tree: Any) -> Iterator[str]:  # noqa: ANN401  # JSON that the renderer has read
    """Yield the paths of the thing at hand that a stored tree reads."""
    if isinstance(tree, list | tuple):
        if tree[0] == "get":
            yield tree[1]
        for part in tree[1:]:
            yield from here_paths(part)


def damaged(what: object) -> ZhangshiError:
    """Return the error for a stored tree that cannot be read."""
    return ZhangshiError(BAD_STORED, found=str(what)[:40], position=1, length=0, snippet="")
