"""A company in one SQLite file: WAL, fsync at each commit, one writer at a time in the order of arrival.

The settings are measured (ADR on databases): the page cache of 64 MB, no memory mapping, checkpoints by the writer
only, a file lock before BEGIN IMMEDIATE.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform.database import Command, Database, DatabaseSession
from zhangshi.platform.dialect import SQLITE
from zhangshi.platform.faults import ATTEMPTS_MAX, Fault, driver_error
from zhangshi.platform.file_lock import FileLock, PresenceLock
from zhangshi.platform.session import STREAM_SIZE, Batch, Result, Row
from zhangshi.platform.sqlite_driver import driver
from zhangshi.platform.sqlite_safety import SqliteVersion, has_wal_reset_bug, version_text
from zhangshi.platform.statements import RowsStatement, Statement

SECONDS_BUSY_MAX = 10
_BUSY_ATTEMPTS = 2  # each waits up to SECONDS_BUSY_MAX
_SETTINGS = (
    f"PRAGMA busy_timeout={SECONDS_BUSY_MAX * 1000}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
)
_WRITER_SETTINGS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=1000")
_READER_SETTINGS = ("PRAGMA wal_autocheckpoint=0", "PRAGMA query_only=ON")
_BULK_SETTINGS = ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF")

_BUSY_CODES = (5, 6)  # BUSY, LOCKED
_CONSTRAINT = 19
_ID_TAKEN = re.compile(r"UNIQUE constraint failed: \w+\.\w+_id")  # the wheel does not report extended codes
_TOLD: dict[int, ErrorCode] = {
    3: errors.NO_PERMISSION,  # PERM
    8: errors.READ_ONLY,
    10: errors.DISK_ERROR,  # IOERR
    11: errors.NOT_A_DATABASE,  # CORRUPT
    13: errors.DISK_FULL,
    14: errors.NO_PERMISSION,  # CANTOPEN
    23: errors.NO_PERMISSION,  # AUTH
    26: errors.NOT_A_DATABASE,  # NOTADB
}

LIBRARY_VERSION: SqliteVersion = driver.sqlite_version_info


class SqliteSession(DatabaseSession):
    """See `Session`."""

    def __init__(self, core: Connection) -> None:
        self.dialect = SQLITE
        self.statement_count = 0
        self.core = core
        self.connection = cast("driver.Connection", core.connection.driver_connection)
        self._run = self.connection.cursor().execute

    def query(self, statement: Statement, *parameters: object) -> list[Row]:
        """See `Session`."""
        self.statement_count += 1
        return self._run(statement.sqlite, parameters).fetchall()

    def execute(self, statement: Statement, *parameters: object) -> int:
        """See `Session`."""
        self.statement_count += 1
        return self._run(statement.sqlite, parameters).rowcount

    def query_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> list[Row]:
        """See `Session`."""
        found: list[Row] = []
        for text, values in statement.sqlite_chunks(rows, parameters):
            self.statement_count += 1
            found += self._run(text, values).fetchall()
        return found

    def execute_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> int:
        """See `Session`."""
        count = 0
        for text, values in statement.sqlite_chunks(rows, parameters):
            self.statement_count += 1
            count += self._run(text, values).rowcount
        return count

    def stream(self, statement: Statement, *parameters: object, size: int = STREAM_SIZE) -> Iterator[Row]:
        """See `Session`."""
        self.statement_count += 1
        cursor = self.connection.cursor()
        cursor.arraysize = size
        try:
            yield from cursor.execute(statement.sqlite, parameters)
        finally:
            cursor.close()

    @contextlib.contextmanager
    def batch(self) -> Iterator[Batch]:
        """See `Session`; here each statement is executed at once."""
        yield _ImmediateBatch(self)

    def begin_write(self) -> None:
        """See `DatabaseSession`."""
        self._run("BEGIN IMMEDIATE")

    def begin_write_asking(self, statement: Statement, *parameters: object) -> list[Row]:
        """See `DatabaseSession`."""
        self._run("BEGIN IMMEDIATE")
        return self.query(statement, *parameters)

    def begin_read(self) -> None:
        """See `DatabaseSession`."""
        self._run("BEGIN")

    def finish(self, verb: str, *last: Command) -> None:
        """See `DatabaseSession`."""
        for statement, values in last:
            if isinstance(statement, RowsStatement):
                self.execute_rows(statement, values)  # type: ignore[arg-type]
            else:
                self.execute(statement, *values)
        self._run(verb)

    def rollback(self) -> None:
        """See `DatabaseSession`."""
        with contextlib.suppress(driver.Error):
            if self.connection.in_transaction:  # a full disk has rolled back already
                self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """See `DatabaseSession`."""
        with contextlib.suppress(driver.Error):
            self.core.close()


class _ImmediateBatch:
    def __init__(self, session: SqliteSession) -> None:
        self._session = session

    def query(self, statement: Statement, *parameters: object) -> Result:
        return _answered(self._session.query(statement, *parameters))

    def execute(self, statement: Statement, *parameters: object) -> Result:
        return _counted(self._session.execute(statement, *parameters))

    def query_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> Result:
        return _answered(self._session.query_rows(statement, rows, *parameters))

    def execute_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> Result:
        if not rows:  # most of a posting's possible statements have nothing to say
            return _NOTHING_CHANGED
        return _counted(self._session.execute_rows(statement, rows, *parameters))


def _answered(rows: list[Row]) -> Result:
    result = Result()
    result.fill(rows, len(rows))
    return result


def _counted(count: int) -> Result:
    result = Result()
    result.fill(None, count)
    return result


_NOTHING_CHANGED = _counted(0)


class SqliteDatabase(Database):
    """See `Database`."""

    def __init__(self, *, file: Path, schema: str, create: bool, version: SqliteVersion | None = None) -> None:
        self.dialect = SQLITE
        self.file = file.absolute()
        self.url = f"sqlite:///{self.file}"
        self.schema = schema
        if not create and not self.file.exists():
            raise ZhangshiError(errors.NO_SUCH_DATABASE, url=self.url)
        self._engine = sqlalchemy.create_engine(
            "sqlite://", module=driver, creator=self._open_file, poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        self._turn, self._presence = self._take_locks(version or LIBRARY_VERSION)

    def _take_locks(self, version: SqliteVersion) -> tuple[FileLock, PresenceLock]:
        presence = PresenceLock(side_file(self.file, "writer"))
        try:
            if not presence.acquire(shared=not has_wal_reset_bug(version)):
                raise ZhangshiError(errors.SQLITE_UNSAFE, version=version_text(version), url=self.url)
            return FileLock(side_file(self.file, "lock")), presence
        except PermissionError:
            raise ZhangshiError(errors.READ_ONLY, url=self.url) from None
        except OSError as error:
            raise ZhangshiError(errors.UNREACHABLE, url=self.url, detail=str(error)) from None

    def _open_file(self) -> driver.Connection:
        return driver.connect(
            f"file:{quote(str(self.file))}?mode=rwc",
            uri=True,
            isolation_level=None,
            check_same_thread=False,  # sessions are handed from thread to thread, one at a time
            cached_statements=1000,
        )

    def connect(self, *, read_only: bool = False, bulk: bool = False) -> SqliteSession:
        """See `Database`."""
        chosen = _READER_SETTINGS if read_only else _WRITER_SETTINGS
        try:
            session = SqliteSession(self._engine.connect())
            for setting in (*_SETTINGS, *chosen, *(_BULK_SETTINGS if bulk else ())):
                session.connection.execute(setting)
        except (driver.Error, sqlalchemy.exc.DBAPIError, UnicodeDecodeError) as error:
            fault = self.diagnose(error)
            if fault is None or fault.error is None:
                raise
            raise fault.error from error
        return session

    @contextlib.contextmanager
    def write_turn(self) -> Iterator[None]:
        """See `Database`."""
        if not self._turn.acquire(SECONDS_BUSY_MAX * _BUSY_ATTEMPTS):
            raise ZhangshiError(errors.BUSY, url=self.url, attempts=_BUSY_ATTEMPTS)
        try:
            yield
        finally:
            self._turn.release()

    def diagnose(self, error: BaseException) -> Fault | None:
        """See `Database`."""
        if isinstance(error, UnicodeDecodeError):  # a damaged name or text, quoted in the library's own message
            return Fault(self._said(errors.NOT_A_DATABASE, detail=str(error)))
        found = driver_error(error)
        if not isinstance(found, driver.Error):
            return None
        primary_code: int = getattr(found, "sqlite_errorcode", 0) & 0xFF
        detail = str(found)
        if primary_code == _CONSTRAINT and _ID_TAKEN.fullmatch(detail):
            return Fault(None, attempts_max=ATTEMPTS_MAX)
        if primary_code in _BUSY_CODES:
            return Fault(self._said(errors.BUSY, attempts=_BUSY_ATTEMPTS), attempts_max=_BUSY_ATTEMPTS)
        told = _TOLD.get(primary_code)
        return Fault(self._said(told, detail=detail)) if told else None

    def _said(self, code: ErrorCode, **facts: str | int) -> ZhangshiError:
        return ZhangshiError(code, url=self.url, **facts)

    def close(self) -> None:
        """See `Database`."""
        self._engine.dispose()
        self._turn.close()
        self._presence.release()


@contextlib.contextmanager
def reading_file(file: Path) -> Iterator[SqliteSession]:
    """Have one snapshot of a SQLite file that is no company: nothing is created beside it, nothing changed."""

    def open_file() -> driver.Connection:
        return driver.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True, isolation_level=None)

    engine = sqlalchemy.create_engine("sqlite://", module=driver, creator=open_file, poolclass=NullPool)
    session = SqliteSession(engine.execution_options(isolation_level="AUTOCOMMIT").connect())
    try:
        session.begin_read()
        yield session
    finally:
        session.rollback()
        session.close()


def make_single_file(file: Path) -> None:
    """Bring everything into the file itself: no log beside it."""
    with contextlib.closing(driver.connect(str(file), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()


def side_file(file: Path, suffix: str) -> Path:
    """Return the path of `<file>.suffix`."""
    return file.with_name(f"{file.name}.{suffix}")


def journal_files(file: Path) -> list[Path]:
    """Return what SQLite may keep beside a database."""
    return [file.with_name(f"{file.name}{suffix}") for suffix in ("-wal", "-shm", "-journal")]


def side_files(file: Path) -> list[Path]:
    """Return all that may stand beside a database: SQLite's files and our locks."""
    return [*journal_files(file), side_file(file, "lock"), side_file(file, "writer")]
