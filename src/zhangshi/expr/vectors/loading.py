"""Reads the vectors and the scopes that they name.

A vector is a text (or a stored tree), the values of a record, and what must come out: a value of a type, or an error
code at a character. Its values are laid over the sample of its scope; `"empty": true` begins with nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from zhangshi.expr.kinds import Kind, Raw, Type
from zhangshi.expr.scopes import Name, RowsName, Scope

FILES = ("operators", "names", "logic", "texts", "numbers", "dates", "rows", "system", "errors", "stored", "sql")


def _read(name: str) -> Any:  # noqa: ANN401  # JSON of ours
    return json.loads(resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))


_SHEET = _read("scopes")
SCOPES: Mapping[str, Any] = _SHEET["scopes"]
HOST: Mapping[str, Any] = _SHEET["host"]


@dataclass(frozen=True, slots=True)
class Vector:
    """One case; `expected` is (type, value) or None where `error` is the code, `position` its 1-based character."""

    file: str
    data: Mapping[str, Any] = field(repr=False)

    @property
    def text(self) -> str:
        """The formula; "" where a stored tree is given. A long one is [before, what is repeated, times, after]."""
        text = self.data.get("text", "")
        return text if isinstance(text, str) else f"{text[0]}{text[1] * text[2]}{text[3]}"

    @property
    def scope(self) -> str:
        """The key of the scope."""
        return str(self.data.get("scope", "order"))

    @property
    def error(self) -> str:
        """The code that must be raised; "" = none."""
        return str(self.data.get("error", ""))

    @property
    def expects(self) -> Type | None:
        """The type that the answer must have."""
        return type_of(self.data["expects"]) if "expects" in self.data else None

    @property
    def sql(self) -> bool:
        """Whether SQL must answer it; otherwise SQL must refuse it."""
        return bool(self.data.get("sql", False))

    @property
    def value(self) -> Raw:
        """The answer."""
        return value_of(str(self.data["type"]), self.data["value"])

    def record(self) -> tuple[dict[str, Raw], dict[str, Raw], dict[str, list[dict[str, Raw]]]]:
        """Return the values at hand, those of the header, and the rows."""
        values, rows = sample(self.scope)
        parent: dict[str, Raw] = {}
        if "parent" in SCOPES[self.scope]:
            parent, rows = sample(SCOPES[self.scope]["parent"])
        if self.data.get("empty"):
            values, parent, rows = {}, {}, {}
        values |= _values(self.scope, self.data.get("values", {}))
        parent |= _values(SCOPES[self.scope].get("parent", ""), self.data.get("parent", {}))
        for table, found in self.data.get("rows", {}).items():
            rows[table] = [_values(table, row) for row in found] * self.data.get("rows_times", 1)
        return values, parent, rows


@cache
def vectors() -> tuple[Vector, ...]:
    """Return every vector, file by file."""
    return tuple(Vector(name, one) for name in FILES for one in _read(name)["vectors"])


def sample(scope: str) -> tuple[dict[str, Raw], dict[str, list[dict[str, Raw]]]]:
    """Return the sample record of a scope: its values and its rows."""
    found = _SHEET["samples"].get(scope, {})
    rows = {table: [_values(table, row) for row in rows] for table, rows in found.get("rows", {}).items()}
    return _values(scope, found.get("values", {})), rows


def type_of(word: str) -> Type:
    """Return a type from its word: decimal:2, record:item, text …."""
    kind, _, rest = word.partition(":")
    return Type(Kind(kind), rest if kind == Kind.RECORD else "")


@cache
def scope_of(key: str) -> Scope:
    """Return the scope with that key; links lead to the scopes of their entities."""
    found = SCOPES[key]
    names = {name: Name(name, type_of(word), tuple(labels)) for name, (word, *labels) in found["names"].items()}
    rows = {
        table: RowsName(table, tuple(labels), Scope(_bare(table), links=_links))
        for table, labels in found.get("rows", {}).items()
    }
    parent = scope_of(found["parent"]) if "parent" in found else None
    return Scope(names, rows=rows, parent=parent, links=_links)


def _bare(key: str) -> dict[str, Name]:
    return {name: Name(name, type_of(word), tuple(labels)) for name, (word, *labels) in SCOPES[key]["names"].items()}


def _links(entity: str) -> Scope | None:
    return scope_of(entity) if entity in SCOPES else None


def digits_of(scope: str, key: str) -> int | None:
    """Return the scale of a decimal's stored integer, None for other types."""
    kind, _, digits = SCOPES[scope]["names"][key][0].partition(":")
    return int(digits) if kind == Kind.DECIMAL else None


def columns_of(scope: str) -> dict[str, Type]:
    """Return the fields of a scope that a table would store, and their types."""
    return {key: type_of(found[0]) for key, found in SCOPES[scope]["names"].items()}


def _values(scope: str, given: Mapping[str, Any]) -> dict[str, Raw]:
    return {path: value_of(_word(scope, path), value) for path, value in given.items()}


def _word(scope: str, path: str) -> str:
    """Return the type word at the end of a dotted path."""
    first, _, rest = path.partition(".")
    word = str(SCOPES[scope]["names"][first][0])
    return _word(word.partition(":")[2], rest) if rest else word


def value_of(word: str, value: Any) -> Raw:  # noqa: ANN401  # JSON of ours
    """Return a value from its JSON form: decimals and moments are texts, several choices a list."""
    if value is None:
        return None
    match word.partition(":")[0]:
        case Kind.DECIMAL:
            return Decimal(value)
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.DATETIME:
            return datetime.fromisoformat(value)
        case Kind.TEXTS:
            return tuple(value)
        case _:
            return value
