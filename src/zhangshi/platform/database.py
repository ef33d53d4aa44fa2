"""A database as the unit of work sees it: sessions, transactions, and the meaning of its errors."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from zhangshi.platform.dialect import Dialect
from zhangshi.platform.faults import Fault
from zhangshi.platform.session import Row, Session
from zhangshi.platform.statements import RowsStatement, Statement

Command = tuple[Statement, Sequence[object]] | tuple[RowsStatement, Sequence[Sequence[object]]]
"""A statement with its parameters, or a set-based statement with its rows."""


class DatabaseSession(Session):
    """A session together with its transaction verbs, which only the unit of work uses."""

    @abstractmethod
    def begin_write(self) -> None:
        """Begin a writing transaction."""

    @abstractmethod
    def begin_write_asking(self, statement: Statement, *parameters: object) -> list[Row]:
        """Begin a writing transaction and ask its first question in the same round trip."""

    @abstractmethod
    def begin_read(self) -> None:
        """Begin a read-only transaction that sees one snapshot."""

    @abstractmethod
    def finish(self, verb: str, *last: Command) -> None:
        """Send the last commands and the verb that ends the transaction together; an error of any undoes all.

        The verb is an argument because only the unit of work may say it.
        """

    @abstractmethod
    def rollback(self) -> None:
        """End the transaction without a trace; quiet if there is none, or no connection."""

    @abstractmethod
    def close(self) -> None:
        """Disconnect; quiet if that happened already."""


class Database(ABC):
    """One company's database: a file or a schema."""

    dialect: Dialect
    url: str
    """As the user wrote it, the password hidden."""
    schema: str

    @abstractmethod
    def connect(self, *, read_only: bool = False, bulk: bool = False) -> DatabaseSession:
        """Open a session; `bulk` is for filling a new database, which is thrown away if that fails.

        Raises: platform.unreachable, platform.login_refused, platform.no_such_database, platform.not_a_database,
            platform.read_only, platform.no_permission.
        """

    @abstractmethod
    def write_turn(self) -> AbstractContextManager[None]:
        """Wait for this process's turn to write. Raises: platform.busy."""

    @abstractmethod
    def diagnose(self, error: BaseException) -> Fault | None:
        """Return what a database error means; None for anything that is not one or was not anticipated."""

    @abstractmethod
    def close(self) -> None:
        """Let go of locks and of the engine; sessions are closed by who opened them."""
