"""A table for the fields of a vector's scope, stored as records store them, on both databases."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.expr import Kind, Scope, Sql, SqlColumn, Type
from zhangshi.expr.vectors import SCOPES, sample, scope_of
from zhangshi.expr.vectors.loading import type_of

PARENT = "h_"


class Connection(Protocol):
    """What a database is asked, with `?` for parameters."""

    dialect: Any

    def run(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Place:
    """A path of a scope and the column that holds it."""

    path: str
    column: str
    type: Type
    digits: int | None


def places(scope: str, prefix: str = "f_") -> dict[str, Place]:
    """Return the columns of a scope: its fields, and what its sample knows behind links."""
    found = {}
    for path in {**SCOPES[scope]["names"], **sample(scope)[0]}:
        word = _word(scope, path)
        kind, _, digits = word.partition(":")
        scale = int(digits) if kind == Kind.DECIMAL else None
        found[path] = Place(path, prefix + path.replace(".", "__"), type_of(word), scale)
    return found


def _word(scope: str, path: str) -> str:
    first, _, rest = path.partition(".")
    word = str(SCOPES[scope]["names"][first][0])
    return _word(word.partition(":")[2], rest) if rest else word


class Fields:
    """Answers `columns` for a scope; paths are of the thing at hand or of its header."""

    def __init__(self, found: Mapping[str, Place]) -> None:
        self._found = found

    def __call__(self, path: str) -> SqlColumn | None:
        place = self._found.get(path)
        return None if place is None else SqlColumn(place.column, place.type, place.digits)


def all_places(scope: str) -> list[Place]:
    """Return the columns of the thing at hand and of its header."""
    parent = SCOPES[scope].get("parent")
    return [*places(scope).values(), *(places(parent, PARENT).values() if parent else [])]


def create(connection: Connection, scope: str) -> None:
    """Make the table of a scope."""
    columns = ", ".join(f"{one.column} {'TEXT' if _is_text(one.type) else 'BIGINT'}" for one in all_places(scope))
    connection.run(f"CREATE TABLE t_{scope} (id BIGINT PRIMARY KEY, {columns})")


def insert(
    connection: Connection, scope: str, number: int, values: Mapping[str, Any], parent: Mapping[str, Any]
) -> None:
    """Store one record."""
    columns, stored = ["id"], [number]
    for one in all_places(scope):
        columns.append(one.column)
        stored.append(as_stored((parent if one.column.startswith(PARENT) else values).get(one.path), one))
    marks = ", ".join("?" * len(columns))
    connection.run(f"INSERT INTO t_{scope} ({', '.join(columns)}) VALUES ({marks})", stored)


def answers(connection: Connection, scope: str, found: Sql) -> dict[int, Any]:
    """Return what the expression says of each record."""
    asked = f"CASE WHEN {found.text} THEN 1 ELSE 0 END" if found.type.kind is Kind.BOOL else found.text
    rows = connection.run(f"SELECT id, {asked} FROM t_{scope}", found.parameters)
    return {number: as_value(value, found) for number, value in rows}


def as_stored(value: Any, place: Place) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return instant_to_micros(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return int(Decimal(value).scaleb(place.digits)) if place.digits is not None else value


def as_value(value: Any, found: Sql) -> Any:
    kind = found.type.kind
    if value is None or kind in {Kind.TEXT, Kind.RECORD}:
        return value
    if kind is Kind.BOOL:
        return bool(value)
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    if kind is Kind.DATETIME:
        return micros_to_instant(value)
    if kind is Kind.TEXTS:
        return tuple(json.loads(value))
    return Decimal(value).scaleb(-found.digits)


def _is_text(type_: Type) -> bool:
    return type_.kind in {Kind.TEXT, Kind.DATE, Kind.TEXTS}


def scopes_with_tables() -> Iterable[str]:
    return ("order", "lines")


def scope(key: str) -> Scope:
    return scope_of(key)
