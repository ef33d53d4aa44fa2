"""A company in one schema of a PostgreSQL database, through psycopg 3.

Every session finds the company's tables by its search path and waits at most five seconds for a lock. Integers
travel as 8 bytes whatever their size, so that a statement is prepared once and not once per combination of sizes.
"""

import contextlib
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

import psycopg
import sqlalchemy
from psycopg.pq import Escaping
from psycopg.pq.abc import PGresult
from psycopg.types.numeric import Int8BinaryDumper
from sqlalchemy import URL, Connection
from sqlalchemy.pool import NullPool

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform.database import Command, Database, DatabaseSession
from zhangshi.platform.dialect import POSTGRESQL
from zhangshi.platform.faults import ATTEMPTS_MAX, Fault, driver_error
from zhangshi.platform.prepared import Execution, PreparedStatements, count_of
from zhangshi.platform.session import STREAM_SIZE, Batch, Result, Row
from zhangshi.platform.statements import RowsStatement, Statement, with_parameters

SECONDS_LOCK_MAX = 5
SECONDS_CONNECT_MAX = 5
_SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]*")
SCHEMA_LENGTH_MAX = 40  # 63 less what a restore puts behind it
RESTORING = "__restoring"
_SETTINGS = "SELECT set_config('search_path', %s, false), set_config('lock_timeout', %s, false)"
_BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_COLLISIONS = ("40001", "40P01", "55P03")  # serialisation, deadlock, lock timeout
_LOST = ("57P01", "57P02", "57P03", "25P03", "26000")  # shutdown, crash, starting, idle too long, pooler swapped us
_TOLD: dict[str, ErrorCode] = {
    "53100": errors.DISK_FULL,
    "58030": errors.DISK_ERROR,
    "25006": errors.READ_ONLY,
    "42501": errors.NO_PERMISSION,
}


class PostgresSession(DatabaseSession):
    """See `Session`."""

    def __init__(self, core: Connection) -> None:
        self.dialect = POSTGRESQL
        self.statement_count = 0
        self.core = core
        self.connection = cast("psycopg.Connection[Row]", core.connection.driver_connection)
        self._prepared = PreparedStatements(self.connection)
        self._escaping = Escaping(self.connection.pgconn)
        self._stream_names = itertools.count(1)

    def query(self, statement: Statement, *parameters: object) -> list[Row]:
        """See `Session`."""
        self.statement_count += 1
        return self._prepared.rows(self._prepared.run(statement.numbered, parameters))

    def execute(self, statement: Statement, *parameters: object) -> int:
        """See `Session`."""
        self.statement_count += 1
        return count_of(self._prepared.run(statement.numbered, parameters))

    def query_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> list[Row]:
        """See `Session`."""
        if not rows:
            return []
        self.statement_count += 1
        values = [*statement.postgresql_arrays(rows), *parameters]
        return self._prepared.rows(self._prepared.run(statement.numbered, values))

    def execute_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> int:
        """See `Session`."""
        if not rows:
            return 0
        self.statement_count += 1
        return count_of(self._prepared.run(statement.numbered, [*statement.postgresql_arrays(rows), *parameters]))

    def stream(self, statement: Statement, *parameters: object, size: int = STREAM_SIZE) -> Iterator[Row]:
        """See `Session`; a server-side cursor."""
        self.statement_count += 1
        with self.connection.cursor(name=f"stream_{next(self._stream_names)}") as cursor:
            cursor.itersize = size
            cursor.execute(statement.postgresql.encode(), parameters)
            yield from cursor

    @contextlib.contextmanager
    def batch(self) -> Iterator[Batch]:
        """See `Session`; here one round trip by libpq's pipeline mode."""
        collected = _PipelinedBatch(self._prepared)
        yield collected
        self.statement_count += collected.send()

    def begin_write(self) -> None:
        """See `DatabaseSession`."""
        self._say("BEGIN")

    def begin_write_asking(self, statement: Statement, *parameters: object) -> list[Row]:
        """See `DatabaseSession`."""
        self.statement_count += 1
        return self._prepared.rows(self._say(f"BEGIN; {self._spoken(statement, parameters)}"))

    def begin_read(self) -> None:
        """See `DatabaseSession`."""
        self._say(_BEGIN_READ)

    def finish(self, verb: str, *last: Command) -> None:
        """See `DatabaseSession`."""
        self.statement_count += len(last)
        spoken = [self._spoken(statement, values) for statement, values in last]
        self._say("; ".join([*spoken, verb]))

    def _spoken(self, statement: Statement | RowsStatement, values: Sequence[Any]) -> str:
        """Return the statement with its parameters as literals, to be sent together with others."""
        parameters = statement.postgresql_arrays(values) if isinstance(statement, RowsStatement) else values
        return with_parameters(statement.postgresql, lambda number: self._literal(parameters[number - 1]))

    def _literal(self, value: object) -> str:
        if isinstance(value, str):
            return bytes(self._escaping.escape_literal(value.encode())).decode()
        if isinstance(value, int):
            return str(int(value))
        raise TypeError(f"{type(value).__name__} cannot open or close a transaction.")

    def _say(self, text: str) -> "PGresult":
        """Send several statements in one message: 280 us for an empty write, against 400 by pipeline mode."""
        return self._prepared.checked(self.connection.pgconn.exec_(text.encode()))

    def rollback(self) -> None:
        """See `DatabaseSession`."""
        if not self.connection.closed:
            with contextlib.suppress(psycopg.Error):
                self.connection.rollback()

    def close(self) -> None:
        """See `DatabaseSession`."""
        with contextlib.suppress(psycopg.Error):
            self.connection.close()
        with contextlib.suppress(psycopg.Error, sqlalchemy.exc.DBAPIError):
            self.core.invalidate()
            self.core.close()


class _PipelinedBatch:
    def __init__(self, prepared: PreparedStatements) -> None:
        self._prepared = prepared
        self._asked: list[tuple[Execution, Result, bool]] = []

    def _ask(self, text: str, parameters: Sequence[object], *, rows: bool) -> Result:
        result = Result()
        self._asked.append((Execution(text, parameters), result, rows))
        return result

    def query(self, statement: Statement, *parameters: object) -> Result:
        return self._ask(statement.numbered, parameters, rows=True)

    def execute(self, statement: Statement, *parameters: object) -> Result:
        return self._ask(statement.numbered, parameters, rows=False)

    def query_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> Result:
        if not rows:
            return _nothing([])
        return self._ask(statement.numbered, [*statement.postgresql_arrays(rows), *parameters], rows=True)

    def execute_rows(self, statement: RowsStatement, rows: Sequence[Sequence[object]], *parameters: object) -> Result:
        if not rows:
            return _nothing(None)
        return self._ask(statement.numbered, [*statement.postgresql_arrays(rows), *parameters], rows=False)

    def send(self) -> int:
        """Send what was collected and fill in the results; return how many statements that were."""
        answers = self._prepared.run_together([execution for execution, _, _ in self._asked])
        for (_, result, rows), answer in zip(self._asked, answers, strict=True):
            result.fill(self._prepared.rows(answer) if rows else None, count_of(answer))
        return len(answers)


def _nothing(rows: list[Row] | None) -> Result:
    result = Result()
    result.fill(rows, 0)
    return result


def _first_line(error: BaseException) -> str:
    """Return what happened without the guesses that follow it."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class PostgresDatabase(Database):
    """See `Database`."""

    def __init__(self, *, url: URL, schema: str) -> None:
        if not _SCHEMA_NAME.fullmatch(schema) or len(schema.removesuffix(RESTORING)) > SCHEMA_LENGTH_MAX:
            raise ZhangshiError(errors.BAD_SCHEMA, schema=schema, length_max=SCHEMA_LENGTH_MAX)
        self.dialect = POSTGRESQL
        self.url = url.render_as_string(hide_password=True)
        self.schema = schema
        self._libpq_url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._engine = sqlalchemy.create_engine(
            "postgresql+psycopg://", creator=self._open_connection, poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )

    def _open_connection(self) -> "psycopg.Connection[Row]":
        connection = psycopg.connect(
            self._libpq_url,
            autocommit=True,  # BEGIN and COMMIT are said by the unit of work alone
            connect_timeout=SECONDS_CONNECT_MAX,
            client_encoding="UTF8",
            application_name="zhangshi",
        )
        # `prepared` prepares. What the driver prepared itself it would end by DEALLOCATE ALL, for both, at a ROLLBACK.
        connection.prepare_threshold = None
        connection.adapters.register_dumper(int, Int8BinaryDumper)
        connection.execute(_SETTINGS, [self.schema, f"{SECONDS_LOCK_MAX}s"])
        return connection

    def connect(self, *, read_only: bool = False, bulk: bool = False) -> PostgresSession:
        """See `Database`; here all connections are alike."""
        del read_only, bulk
        try:
            return PostgresSession(self._engine.connect())
        except (psycopg.Error, sqlalchemy.exc.DBAPIError) as error:
            raise self._connect_refusal(driver_error(error)) from None

    def _connect_refusal(self, error: BaseException) -> ZhangshiError:
        """The client library reports a refused connection by its text alone."""
        detail = _first_line(error)
        if "authentication failed" in detail or "no pg_hba.conf entry" in detail or "no password supplied" in detail:
            return self._said(errors.LOGIN_REFUSED, detail=detail)
        if 'role "' in detail and "does not exist" in detail:
            return self._said(errors.LOGIN_REFUSED, detail=detail)
        if 'database "' in detail and "does not exist" in detail:
            return self._said(errors.NO_SUCH_DATABASE)
        return self._said(errors.UNREACHABLE, detail=detail)

    @contextlib.contextmanager
    def write_turn(self) -> Iterator[None]:
        """See `Database`; the server lets all in at once."""
        yield

    def diagnose(self, error: BaseException) -> Fault | None:
        """See `Database`."""
        if isinstance(error, ZhangshiError) and error.error_code is errors.UNREACHABLE:
            return Fault(error, attempts_max=ATTEMPTS_MAX)
        found = driver_error(error)
        if not isinstance(found, psycopg.Error):
            return None
        state = found.sqlstate or ""
        if state in _COLLISIONS:
            return Fault(self._said(errors.BUSY, attempts=ATTEMPTS_MAX), attempts_max=ATTEMPTS_MAX)
        if state == "23505" and (found.diag.constraint_name or "").endswith("_pkey"):
            return Fault(None, attempts_max=ATTEMPTS_MAX)
        if state in _TOLD:
            return Fault(self._said(_TOLD[state], detail=_first_line(found)))
        lost = state in _LOST or state.startswith("08") or (not state and isinstance(found, psycopg.OperationalError))
        if lost or (state == "0A000" and "cached plan" in str(found)):  # another process changed a table
            told = self._said(errors.CONNECTION_LOST, detail=_first_line(found))
            return Fault(told, attempts_max=ATTEMPTS_MAX, reconnect=True)
        return None

    def _said(self, code: ErrorCode, **facts: str | int) -> ZhangshiError:
        return ZhangshiError(code, url=self.url, **facts)

    def close(self) -> None:
        """See `Database`."""
        self._engine.dispose()
