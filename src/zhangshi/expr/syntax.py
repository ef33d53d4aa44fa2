"""The tree that the parser makes: names as they were written, nothing resolved yet."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from zhangshi.expr.errors import Place


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, yes, no or empty."""

    value: Decimal | str | bool | None
    at: Place
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Path:
    """A name, or several joined by dots."""

    words: tuple[str, ...]
    places: tuple[Place, ...]
    depth: int = 1

    @property
    def at(self) -> Place:
        """From the first word to the last."""
        last = self.places[-1]
        return Place(self.places[0].start, last.start + last.length - self.places[0].start)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and what it stands between: + - * / & = <> < <= > >= and or not neg in."""

    operator: str
    parts: tuple["Syntax", ...]
    at: Place
    depth: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function, as written, and its arguments; `at` is its name."""

    name: str
    parts: tuple["Syntax", ...]
    at: Place
    depth: int


Syntax: TypeAlias = Literal | Path | Operation | Call
