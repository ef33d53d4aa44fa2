"""A session: one connection, spoken to at driver level, inside transactions that the unit of work begins and ends.

Cost: below 3 us over the driver's own cursor on SQLite. Rows are plain tuples. Driver exceptions come out as they
are; the unit of work turns those that are anticipated into error codes.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection

from zhangshi.platform.dialect import Dialect
from zhangshi.platform.statements import RowsStatement, Statement

Row = tuple[Any, ...]
STREAM_SIZE = 5000


class Result:
    """The answer to one statement of a batch; readable once the batch's block has ended."""

    __slots__ = ("_count", "_rows")

    def __init__(self) -> None:
        self._rows: list[Row] | None = None
        self._count: int | None = None

    @property
    def rows(self) -> list[Row]:
        """The rows of a query."""
        if self._rows is None:
            raise RuntimeError("This batch has not been sent, or the statement returns no rows.")
        return self._rows

    @property
    def count(self) -> int:
        """How many rows the statement returned or changed."""
        if self._count is None:
            raise RuntimeError("This batch has not been sent yet.")
        return self._count

    def fill(self, rows: list[Row] | None, count: int) -> None:
        """Note the answer; called by the session."""
        self._rows = rows
        self._count = count


class Batch(Protocol):
    """Several statements that do not need each other's answers: one round trip on PostgreSQL."""

    def query(self, statement: Statement, *parameters: object) -> Result:
        """Add a statement that returns rows."""
        ...

    def execute(self, statement: Statement, *parameters: object) -> Result:
        """Add a statement that returns a count."""
        ...

    def query_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> Result:
        """Add a set-based statement that returns rows; no rows in, none out, nothing sent."""
        ...

    def execute_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> Result:
        """Add a set-based statement that returns a count; no rows in, 0 out, nothing sent."""
        ...


class Session(ABC):
    """One connection to one company's database. Not shared between threads at the same time."""

    dialect: Dialect
    statement_count: int
    """Statements sent since this session was opened; BEGIN and COMMIT are not counted."""
    core: Connection
    """The same transaction seen through SQLAlchemy, for statements that are not hot; never commit through it."""

    @abstractmethod
    def query(self, statement: Statement, *parameters: object) -> list[Row]:
        """Return all rows."""

    @abstractmethod
    def execute(self, statement: Statement, *parameters: object) -> int:
        """Return how many rows were changed."""

    @abstractmethod
    def query_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> list[Row]:
        """Return all rows of a set-based statement; [] without touching the database when `rows` is empty."""

    @abstractmethod
    def execute_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> int:
        """Return how many rows were changed; 0 without touching the database when `rows` is empty."""

    @abstractmethod
    def stream(self, statement: Statement, *parameters: object, size: int = STREAM_SIZE) -> Iterator[Row]:
        """Yield rows in constant memory, fetched `size` at a time."""

    @abstractmethod
    def batch(self) -> AbstractContextManager[Batch]:
        """Collect statements that do not need each other's answers and send them together."""
