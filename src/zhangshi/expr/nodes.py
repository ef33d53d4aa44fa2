"""The checked tree: names resolved to keys, every node typed, coercions written out. This is what is stored and run."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from zhangshi.expr.errors import Place
from zhangshi.expr.functions.registry import Function
from zhangshi.expr.kinds import Type, Value

Level = Literal["here", "parent", "row"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value."""

    value: Value
    type: Type
    at: Place


@dataclass(frozen=True, slots=True)
class Get:
    """A field of the thing at hand, of its header, or of the row that an aggregate stands on; `path` is of keys."""

    level: Level
    path: str
    type: Type
    at: Place


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator: + - * / & neg = <> < <= > >= and or not in has, and day+ day- days on dates."""

    operator: str
    parts: tuple["Node", ...]
    type: Type
    at: Place


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values."""

    function: Function
    parts: tuple["Node", ...]
    type: Type
    at: Place


@dataclass(frozen=True, slots=True)
class Each:
    """An aggregate: its parts, of `size` nodes, are evaluated on every row of `table`."""

    function: Function
    table: str
    parts: tuple["Node", ...]
    type: Type
    at: Place
    size: int


Node: TypeAlias = Constant | Get | Operation | Call | Each
