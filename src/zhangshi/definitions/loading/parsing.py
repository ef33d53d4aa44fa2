"""YAML text -> a tree of nodes with their lines.

Only true, false, null and integers are resolved; 0.05 stays the text that somebody typed, so no decimal is ever a
float on its way in, and `on`, `no` and dates are texts like others. The tree is made from the parser's events without
recursion: no nesting, however deep, can exhaust a stack.
"""

import re
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import BaseResolver

from zhangshi.base.errors import FactValue
from zhangshi.definitions.errors import Fault, Problem
from zhangshi.definitions.errors.reading import ALIAS, NOT_YAML, ONE_OBJECT, TOO_DEEP, TOO_LARGE

TEXT_MAX = 2_000_000
DEPTH_MAX = 40
NULL = "tag:yaml.org,2002:null"
BOOL = "tag:yaml.org,2002:bool"
INT = "tag:yaml.org,2002:int"
STR = "tag:yaml.org,2002:str"
_PLAIN = (
    (NULL, re.compile(r"^(?:null|)$"), ["n", ""]),
    (BOOL, re.compile(r"^(?:true|false)$"), ["t", "f"]),
    (INT, re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789")),
)


class PlainResolver(BaseResolver):
    """Resolves true, false, null and integers; the writer quotes texts that look like them."""


for _tag, _pattern, _first in _PLAIN:
    PlainResolver.add_implicit_resolver(_tag, _pattern, _first)

_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The parser in C where PyYAML has it (five times faster); only its events are used."""


def parse(text: str, file: str) -> Node | Problem | None:
    """Return the root node, None of an empty file, or the problem that stopped the parser."""
    if len(text) > TEXT_MAX:
        return Problem(TOO_LARGE, file, 1, "", given={"limit": TEXT_MAX})
    try:
        return _Tree(file).grow(text)
    except _StoppedError as stopped:
        return stopped.problem
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return Problem(NOT_YAML, file, line, "", given={"detail": error.problem or str(error)})
    except yaml.YAMLError as error:
        return Problem(NOT_YAML, file, 1, "", given={"detail": str(error).partition("\n")[0]})


class _StoppedError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Tree:
    """Grows from events; `_open` holds the maps and lists that are not closed yet."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._root: Node | None = None
        self._open: list[MappingNode | SequenceNode] = []

    def grow(self, text: str) -> Node | None:
        parser = _Parser(text)
        try:
            while parser.check_event():
                self._take(parser.get_event())
        finally:
            parser.dispose()
        return self._root

    def _take(self, event: Any) -> None:  # noqa: ANN401  PyYAML's stubs leave its marks open
        start, end = event.start_mark, event.end_mark
        if isinstance(event, ScalarEvent):
            self._put(ScalarNode(_tag_of(event), event.value, start, end), event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            node: MappingNode | SequenceNode = (
                MappingNode("map", [], start)
                if isinstance(event, MappingStartEvent)
                else SequenceNode("seq", [], start)
            )
            self._put(node, event)
            self._open.append(node)
            if len(self._open) > DEPTH_MAX:
                self._stop(event, TOO_DEEP, limit=DEPTH_MAX)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            node = self._open.pop()
            if isinstance(node, MappingNode):
                flat = node.value
                node.value = list(zip(flat[::2], flat[1::2], strict=True))
        elif isinstance(event, AliasEvent):
            self._stop(event, ALIAS)

    def _put(self, node: Node, event: Any) -> None:  # noqa: ANN401
        if self._open:
            above = self._open[-1]
            if isinstance(above, MappingNode) and len(above.value) % 2 == 0 and not isinstance(node, ScalarNode):
                self._stop(event, NOT_YAML, detail="a map or list cannot be a key")
            above.value.append(node)
        elif self._root is None:
            self._root = node
        else:
            self._stop(event, ONE_OBJECT)

    def _stop(self, event: Any, fault: Fault, **facts: FactValue) -> None:  # noqa: ANN401
        raise _StoppedError(Problem(fault, self._file, event.start_mark.line + 1, "", given=facts))


def _tag_of(event: ScalarEvent) -> str:
    if event.implicit[0] and event.tag is None:
        for tag, pattern, _ in _PLAIN:
            if pattern.match(event.value):
                return tag
    return STR


def scalar(node: ScalarNode) -> str | int | bool | None:
    """Return the value of a scalar."""
    if node.tag == INT:
        return int(node.value)
    if node.tag == BOOL:
        return bool(node.value == "true")
    return None if node.tag == NULL else str(node.value)


def children(node: MappingNode) -> list[tuple[str, ScalarNode, Node]]:
    """Return (key, its node, the value's node) of a map; a key is always text."""
    return [(str(key.value), key, value) for key, value in node.value]


__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "children", "parse", "scalar"]
