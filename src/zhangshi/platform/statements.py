"""Statements: portable SQL text, written once as a module-level constant, rendered once per dialect.

Problem. A posting is about eight statements, each a few microseconds of database work; building SQL objects for
each call would cost more than running it. Rule: a hot statement is a constant with `?` for its parameters; both
renderings are made when the module is imported, so a call only hands text and values to the driver.

A `RowsStatement` takes n rows at once. On PostgreSQL they travel as one array per column, so the text and the plan
do not depend on n; on SQLite as a VALUES list, whose text is kept for each n that occurred.

Example. RowsStatement("WITH input(id, name) AS ({input}) INSERT INTO t (id, name) SELECT id, name FROM input
WHERE true ON CONFLICT (id) DO NOTHING", columns={"id": "bigint", "name": "text"}).
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal
from weakref import WeakSet

from zhangshi.platform.dialect import POSTGRESQL, SQLITE

ColumnType = Literal["bigint", "integer", "text", "bytea"]

SQLITE_PARAMETERS_MAX = 30_000
_KEPT_TEXTS_MAX = 512

_written: "WeakSet[Statement | RowsStatement]" = WeakSet()


def all_statements() -> "list[Statement | RowsStatement]":
    """Return every statement of the modules imported so far: what the portability test reads."""
    return list(_written)


def with_parameters(text: str, word: Callable[[int], str]) -> str:
    """Return a text in the driver's manner with `word(n)` for its n-th parameter, counted from 1."""
    numbers = itertools.count(1)
    return re.sub("%%|%s", lambda found: "%" if found.group() == "%%" else word(next(numbers)), text)


def _numbered(text: str) -> str:
    return with_parameters(text, lambda number: f"${number}")  # as libpq wants it


class Statement:
    """Portable SQL with `?` parameters; see `Dialect.render` for the words in braces."""

    __slots__ = ("__weakref__", "numbered", "postgresql", "sqlite", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.sqlite = SQLITE.render(text)
        self.postgresql = POSTGRESQL.render(text)
        self.numbered = _numbered(self.postgresql)
        _written.add(self)

    def __repr__(self) -> str:
        return f"Statement({self.text!r})"


class RowsStatement:
    """Portable SQL over an input table of n rows; `{input}` stands for it exactly once.

    `columns` names the input's columns in order and their types. Scalar parameters come after `{input}`.
    """

    __slots__ = (
        "__weakref__",
        "_encoders",
        "_sqlite_texts",
        "columns",
        "numbered",
        "postgresql",
        "sqlite_rows_max",
        "text",
    )

    def __init__(self, text: str, *, columns: Mapping[str, ColumnType]) -> None:
        if text.count("{input}") != 1 or "?" in text.partition("{input}")[0]:
            raise ValueError(f"{{input}} must stand once, before any parameter, in: {text}")
        self.text = text
        self.columns = dict(columns)
        arrays = ", ".join(f"%s::{column_type}[]" for column_type in columns.values())
        self.postgresql = POSTGRESQL.render(text, {"input": f"SELECT * FROM unnest({arrays})"})
        self.numbered = _numbered(self.postgresql)
        self.sqlite_rows_max = SQLITE_PARAMETERS_MAX // len(columns)
        self._sqlite_texts: dict[int, str] = {}
        self._encoders = tuple(_ENCODERS[column_type] for column_type in columns.values())
        _written.add(self)

    def __repr__(self) -> str:
        return f"RowsStatement({self.text!r})"

    def sqlite_text(self, row_count: int) -> str:
        """Return the text for `row_count` rows."""
        found = self._sqlite_texts.get(row_count)
        if found is None:
            row = f"({','.join('?' * len(self.columns))})"
            found = SQLITE.render(self.text, {"input": "VALUES " + ",".join([row] * row_count)})
            if len(self._sqlite_texts) < _KEPT_TEXTS_MAX:
                self._sqlite_texts[row_count] = found
        return found

    def sqlite_chunks(
        self, rows: Sequence[Sequence[object]], parameters: tuple[object, ...]
    ) -> Iterator[tuple[str, list[object]]]:
        """Yield text and parameters; more than one pair only above `sqlite_rows_max` rows."""
        for start in range(0, len(rows), self.sqlite_rows_max):
            chunk = rows[start : start + self.sqlite_rows_max]
            values = [value for row in chunk for value in row]
            values.extend(parameters)
            yield self.sqlite_text(len(chunk)), values

    def postgresql_arrays(self, rows: Iterable[Sequence[object]]) -> list[object]:
        """Return one array literal per column."""
        return [encode(values) for encode, values in zip(self._encoders, zip(*rows, strict=True), strict=True)]


# Array literals are written here rather than by the driver: for ten rows of ten columns that is 15 us instead of 120.


def _integers(values: Iterable[object]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(int(value)) for value in values]) + "}"  # type: ignore[call-overload]


def _texts(values: Iterable[object]) -> str:
    return "{" + ",".join(["NULL" if value is None else _quoted(str(value)) for value in values]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bytes(values: Iterable[object]) -> str:
    return "{" + ",".join(["NULL" if value is None else f'"\\\\x{bytes(value).hex()}"' for value in values]) + "}"  # type: ignore[call-overload]


_ENCODERS: dict[str, Callable[[Iterable[object]], str]] = {
    "bigint": _integers,
    "integer": _integers,
    "text": _texts,
    "bytea": _bytes,
}
