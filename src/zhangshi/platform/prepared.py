"""Prepared statements spoken to libpq directly: the hot path of PostgreSQL.

Problem. A cursor of the driver costs 40 us of this process for each statement, and its pipeline mode 100 us more, where
the server needs 30. Rule: a statement is prepared once per connection (and once per combination of parameter types,
which are few: integers, text, null), then executed by name through libpq's own calls; several in a pipeline share one
round trip. Rows are decoded by the driver's own decoder.

Leaves out: parameters other than integers, text, bytes, floats and null; results in binary.
"""

from collections.abc import Callable, Sequence
from typing import cast

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

from zhangshi.platform.session import Row

Parameters = Sequence[object]
_GOOD = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_INT8, _BYTEA, _FLOAT8, _UNKNOWN = 20, 17, 701, 0
PIPELINE_BYTES_MAX = 64_000
"""More is sent one by one: both sides would wait for the other to read, once the network's buffers are full."""


def _encoded(value: object) -> tuple[bytes | None, int]:
    if value is None:
        return None, _UNKNOWN
    if isinstance(value, str):
        if "\0" in value:
            raise psycopg.DataError("PostgreSQL text cannot hold the character NUL.")
        return value.encode(), _UNKNOWN
    if isinstance(value, int):
        return b"%d" % value, _INT8
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode(), _BYTEA
    if isinstance(value, float):
        return repr(value).encode(), _FLOAT8
    raise TypeError(f"{type(value).__name__} is no parameter of a statement: {value!r}")


class Execution:
    """One execution: which text, with which values. The text counts its parameters: $1, $2 and so on."""

    __slots__ = ("key", "values")

    def __init__(self, text: str, parameters: Parameters) -> None:
        encoded = [_encoded(parameter) for parameter in parameters]
        self.values = [value for value, _ in encoded]
        self.key = (text, tuple([oid for _, oid in encoded]))

    @property
    def size(self) -> int:
        """Bytes of the values."""
        return sum(len(value) for value in self.values if value is not None)


class PreparedStatements:
    """The prepared statements of one connection."""

    def __init__(self, connection: "psycopg.Connection[Row]") -> None:
        self._pgconn = connection.pgconn
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._decoder = Transformer.from_context(connection)

    def run(self, text: str, parameters: Parameters) -> PGresult:
        """Execute one statement. Raises: psycopg.Error."""
        return self._run(Execution(text, parameters))

    def _run(self, execution: Execution) -> PGresult:
        name = self._names.get(execution.key)
        if name is None:
            name = self._next_name()
            text, types = execution.key
            self.checked(self._pgconn.prepare(name, text.encode(), types))
            self._names[execution.key] = name
        return self.checked(self._pgconn.exec_prepared(name, execution.values))  # type: ignore[arg-type] # None is null

    def run_together(self, executions: Sequence[Execution]) -> list[PGresult]:
        """Execute several statements in one round trip. Raises: psycopg.Error, of the first that fails."""
        if not executions:
            return []
        if sum(execution.size for execution in executions) > PIPELINE_BYTES_MAX:
            return [self._run(execution) for execution in executions]
        return self._pipelined(executions)

    def _pipelined(self, executions: Sequence[Execution]) -> list[PGresult]:
        pgconn = self._pgconn
        pgconn.enter_pipeline_mode()
        try:
            sent: list[Callable[[], None] | None] = []  # what to do when the answer is good; None: it is an answer
            fresh: dict[tuple[str, tuple[int, ...]], bytes] = {}
            for execution in executions:
                name = self._names.get(execution.key) or fresh.get(execution.key)
                if name is None:
                    name = fresh[execution.key] = self._next_name(len(fresh))
                    pgconn.send_prepare(name, execution.key[0].encode(), execution.key[1])
                    sent.append(self._remember(execution.key, name))
                pgconn.send_query_prepared(name, execution.values)
                sent.append(None)
            pgconn.pipeline_sync()
            results = self._answers(sent)
        except BaseException as error:
            if not isinstance(error, psycopg.Error):
                pgconn.finish()  # interrupted in the middle of the answers: nobody could make sense of the rest
            raise
        finally:
            if pgconn.status == ConnStatus.OK:
                pgconn.exit_pipeline_mode()
        return results

    def _answers(self, sent: "Sequence[Callable[[], None] | None]") -> list[PGresult]:
        """Read everything up to the sync, so that the connection is usable whatever failed."""
        results: list[PGresult] = []
        failed: PGresult | None = None
        for remember in sent:
            result = self._next_result()
            if result.status in _GOOD:
                if remember is None:
                    results.append(result)
                else:
                    remember()
            elif failed is None:
                failed = result
            while self._pgconn.get_result() is not None:  # the null that ends each command's answer
                pass
        self._next_result()  # the sync
        if failed is not None:
            raise error_from_result(failed)
        return results

    def _next_result(self) -> PGresult:
        result = self._pgconn.get_result()
        if result is None or self._pgconn.status != ConnStatus.OK:
            raise psycopg.OperationalError(self._pgconn.get_error_message())
        return result

    def _next_name(self, ahead: int = 0) -> bytes:
        return b"zs%d" % (len(self._names) + ahead + 1)

    def _remember(self, key: tuple[str, tuple[int, ...]], name: bytes) -> Callable[[], None]:
        def remember() -> None:
            self._names[key] = name

        return remember

    def checked(self, result: PGresult) -> PGresult:
        """Return `result` if it is good. Raises: psycopg.Error."""
        if result.status in _GOOD:
            return result
        if self._pgconn.status != ConnStatus.OK:
            raise psycopg.OperationalError(self._pgconn.get_error_message())
        raise error_from_result(result)

    def rows(self, result: PGresult) -> list[Row]:
        """Decode the rows of a result."""
        if not result.ntuples:
            return []
        self._decoder.set_pgresult(result)
        return cast("list[Row]", self._decoder.load_rows(0, result.ntuples, tuple))


def count_of(result: PGresult) -> int:
    """Return how many rows a statement returned or changed."""
    return result.command_tuples or 0
