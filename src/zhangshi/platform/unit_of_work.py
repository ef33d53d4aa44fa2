"""The unit of work: the only place that begins and commits.

Problem. A click sent twice must not post twice; a crash at any instruction must leave all or nothing; two processes
must not undo each other. Rule: every write is a `Request` with an idempotency key. Its work, its events and its
answer are committed together; the same key with the same content gets the first answer without running the work
again; other content is refused. Collisions between processes are tried again a few times, which the key makes safe
even when the connection was lost in the middle of a COMMIT.

Worked example. `company.write(Request("li", "k1", {"qty": 3}), work, answer_type=int)` runs `work` and answers 7; the
same call again answers 7 and runs nothing; with {"qty": 4} it raises platform.key_reused.
"""

import contextlib
import queue
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec
import structlog

from zhangshi.base.clock import Clock, instant_to_micros
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import IdSource
from zhangshi.platform import errors
from zhangshi.platform._requests import (
    FIND_REQUEST,
    INSERT_EVENTS,
    INSERT_REQUEST,
    Request,
    answer_text,
    fingerprint,
    first_answer,
)
from zhangshi.platform.database import Command, Database, DatabaseSession
from zhangshi.platform.databases import DEFAULT_SCHEMA, open_database
from zhangshi.platform.dialect import Dialect
from zhangshi.platform.faults import ATTEMPTS_MAX, ConcurrentChange, Fault
from zhangshi.platform.log import request_under_way
from zhangshi.platform.revisions import refuse_other_revision
from zhangshi.platform.session import Row, Session
from zhangshi.platform.sqlite_safety import SqliteVersion

__all__ = ["SYSTEM_ACTOR", "Company", "Request", "UnitOfWork", "open_company", "transaction"]

T = TypeVar("T")

_log = structlog.get_logger(__name__)
SYSTEM_ACTOR = "zhangshi"
"""Who writes when nobody in particular does: opening a company, the program's own schedules."""

READERS_MAX = 2
SECONDS_TURN_MAX = 30
_COMMIT = "COMMIT"
_BACK_OFF_SECONDS = 0.02
_BACK_OFF_FACTOR = 3


class Pause(Protocol):
    """Lets time pass between two attempts."""

    def __call__(self, seconds: float, /) -> object:
        """Return after `seconds`, or earlier."""
        ...


class UnitOfWork:
    """What a service gets to write with: a session inside a transaction, the actor, the time, ids and the outbox."""

    __slots__ = ("_events", "_ids", "actor", "dry_run", "now", "now_micros", "request_key", "session")

    def __init__(self, *, session: Session, request: Request, now: datetime, ids: IdSource, dry_run: bool) -> None:
        self.session = session
        self.actor = request.actor
        self.request_key = request.key
        self.now = now
        self.now_micros = instant_to_micros(now)
        self.dry_run = dry_run
        self._ids = ids
        self._events: list[tuple[int, str, str, str, str, int]] = []

    def next_id(self) -> int:
        """Return an id that no other row has."""
        return self._ids.next_id()

    def emit(self, topic: str, key: str, payload: object) -> None:
        """Put an event into the outbox, in this transaction; events of one `key` are delivered in order."""
        text = msgspec.json.encode(payload).decode()
        self._events.append((self.next_id(), topic, key, text, self.actor, self.now_micros))

    @property
    def events(self) -> list[tuple[int, str, str, str, str, int]]:
        """The rows that were emitted so far."""
        return self._events


class Company:
    """An opened company. Safe to share between threads: writes queue, reads use up to `READERS_MAX` connections."""

    def __init__(self, *, key: str, database: Database, clock: Clock, ids: IdSource, pause: Pause) -> None:
        self.key = key
        self.clock = clock
        self.ids = ids
        self.database = database
        self._pause = pause
        self._turn = threading.Lock()
        self._turn_owner: int | None = None
        self._closed = False
        self._writer: DatabaseSession | None = None
        self._readers: queue.LifoQueue[DatabaseSession | None] = queue.LifoQueue()
        for _ in range(READERS_MAX):
            self._readers.put(None)  # a reader that connects when it is needed

    @property
    def dialect(self) -> Dialect:
        """The words of this company's database."""
        return self.database.dialect

    def write(
        self, request: Request, work: Callable[[UnitOfWork], T], *, answer_type: type[T], dry_run: bool = False
    ) -> T:
        """Run `work` in a transaction and remember its answer under the request's key.

        `work` may run several times (each time from the start, the earlier attempt undone), so its effects must
        be in the database only. `dry_run` gives the same answer, leaves nothing and does not use up the key.

        Raises: platform.key_reused; platform.busy when the retries are used up; what `work` raises, after
            undoing; platform.disk_full and the other database errors.
        """
        logged = request_under_way.set((request.actor, request.key))
        try:
            with self._in_turn():
                return self._write(request, work, answer_type=answer_type, dry_run=dry_run)
        finally:
            request_under_way.reset(logged)

    def _write(self, request: Request, work: Callable[[UnitOfWork], T], *, answer_type: type[T], dry_run: bool) -> T:
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._attempt(request, work, answer_type=answer_type, dry_run=dry_run)
            except Exception as error:  # noqa: BLE001 - whatever cannot be tried again is raised from there
                self._give_up_or_recover(error, attempt)
            seconds = _back_off(request.key, attempt)
            _log.info("write_tried_again", company=self.key, attempt=attempt, after_seconds=round(seconds, 3))
            self._pause(seconds)

    def _give_up_or_recover(self, error: Exception, attempt: int) -> None:
        if isinstance(error, ConcurrentChange):
            busy = ZhangshiError(errors.BUSY, url=self.database.url, attempts=ATTEMPTS_MAX)
            fault: Fault | None = Fault(busy, attempts_max=ATTEMPTS_MAX)
        else:
            fault = self.database.diagnose(error)
        if fault is None:
            raise error
        if fault.reconnect:
            self._disconnect_writer()
        if attempt >= fault.attempts_max:
            if fault.error is None or fault.error is error:
                raise error
            raise fault.error from error

    def _attempt(self, request: Request, work: Callable[[UnitOfWork], T], *, answer_type: type[T], dry_run: bool) -> T:
        session = self._connected_writer()
        with self.database.write_turn(), _undone_on_error(session):
            if found := session.begin_write_asking(FIND_REQUEST, request.key):
                return _answered_before(session, found, request, answer_type)
            uow = UnitOfWork(session=session, request=request, now=self.clock.now(), ids=self.ids, dry_run=dry_run)
            try:
                answer = work(uow)
            except ZhangshiError:  # perhaps refused because of itself: the same request, sent twice, was done meanwhile
                session.rollback()
                if found := session.begin_write_asking(FIND_REQUEST, request.key):
                    return _answered_before(session, found, request, answer_type)
                raise
            if dry_run:
                session.rollback()
            else:
                session.finish(_COMMIT, *_records(request, uow, answer_text(answer)))
            return answer

    def _connected_writer(self) -> DatabaseSession:
        if self._writer is None:
            self._writer = self.database.connect()
        return self._writer

    def _disconnect_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    @contextlib.contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn_owner == threading.get_ident():
            raise RuntimeError("A write inside the work of another write: pass the unit of work on instead.")
        self._refuse_if_closed()
        if not self._turn.acquire(timeout=SECONDS_TURN_MAX):
            raise ZhangshiError(errors.BUSY, url=self.database.url, attempts=1)
        self._turn_owner = threading.get_ident()
        try:
            yield
        finally:
            self._turn_owner = None
            self._turn.release()

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """Have a read-only session whose every statement sees the same snapshot.

        Raises: platform.busy if other reads hold all connections for 30 s; the database errors of `write`.
        """
        self._refuse_if_closed()
        try:
            session = self._readers.get(timeout=SECONDS_TURN_MAX)
        except queue.Empty:
            raise ZhangshiError(errors.BUSY, url=self.database.url, attempts=1) from None
        kept: DatabaseSession | None = None
        try:
            session = self._begun_reader(session)
            try:
                yield session
            except Exception as error:
                fault = self.database.diagnose(error)
                kept = session if fault is None or not fault.reconnect else None
                raise
            else:
                kept = session
            finally:
                session.rollback()
                if kept is None:
                    session.close()  # it is broken, or was interrupted; the next read connects anew
        except Exception as error:
            fault = self.database.diagnose(error)
            if fault is None or fault.error is None or fault.error is error:
                raise
            raise fault.error from error
        finally:
            self._readers.put(kept)

    def _begun_reader(self, session: DatabaseSession | None) -> DatabaseSession:
        """Return a session in a snapshot; a connection that died while it was idle is replaced once."""
        if session is not None:
            try:
                session.begin_read()
            except Exception as error:
                session.close()
                fault = self.database.diagnose(error)
                if fault is None or not fault.reconnect:
                    raise
            else:
                return session
        session = self.database.connect(read_only=True)
        session.begin_read()
        return session

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise RuntimeError("This company was closed.")

    def close(self) -> None:
        """Disconnect; again is fine. Writes and reads in progress in other threads are waited for."""
        if self._closed:
            return
        self._closed = True
        with self._turn:
            self._disconnect_writer()
        for _ in range(READERS_MAX):
            with contextlib.suppress(queue.Empty):
                reader = self._readers.get(timeout=SECONDS_TURN_MAX)
                if reader is not None:
                    reader.close()
        self.database.close()


def _answered_before(session: DatabaseSession, found: list[Row], request: Request, answer_type: type[T]) -> T:
    session.rollback()
    return first_answer(found, request=request, wanted=lambda: fingerprint(request), answer_type=answer_type)


def _records(request: Request, uow: UnitOfWork, answer: str) -> list[Command]:
    """The last commands of a transaction. A key that another process used meanwhile violates the primary key."""
    kept = (request.key, request.actor, fingerprint(request), answer, uow.now_micros)
    commands: list[Command] = [(INSERT_EVENTS, uow.events)] if uow.events else []
    return [*commands, (INSERT_REQUEST, kept)]


@contextlib.contextmanager
def _undone_on_error(session: DatabaseSession) -> Iterator[None]:
    try:
        yield
    except BaseException:
        session.rollback()
        raise


def _back_off(key: str, attempt: int) -> float:
    """Seconds to wait: growing, and different from key to key so that two who collided do not collide again."""
    spread = zlib.crc32(f"{key}/{attempt}".encode()) / 2**32
    longest: float = _BACK_OFF_SECONDS * _BACK_OFF_FACTOR ** (attempt - 1)
    return longest * (0.5 + spread / 2)


@contextlib.contextmanager
def transaction(database: Database, *, read_only: bool = False, bulk: bool = False) -> Iterator[DatabaseSession]:
    """Have a transaction outside any request, for migrations and restores; committed if the block ends well."""
    session = database.connect(read_only=read_only, bulk=bulk)
    try:
        with contextlib.nullcontext() if read_only else database.write_turn(), _undone_on_error(session):
            if read_only:
                session.begin_read()
                yield session
                session.rollback()
            else:
                session.begin_write()
                yield session
                session.finish(_COMMIT)
    finally:
        session.close()


def open_company(
    *,
    key: str,
    url: str,
    schema: str = DEFAULT_SCHEMA,
    clock: Clock,
    ids: IdSource,
    pause: Pause | None = None,
    sqlite_version: SqliteVersion | None = None,
) -> Company:
    """Open a company whose database is at the program's revision.

    `pause` waits between two attempts of a write; `sqlite_version` stands in for the library's own in tests.

    Raises: platform.not_migrated, platform.newer_than_program, platform.sqlite_unsafe, and what
        `open_database` and `Database.connect` raise.
    """
    database = open_database(url=url, schema=schema, sqlite_version=sqlite_version)
    try:
        company = Company(key=key, database=database, clock=clock, ids=ids, pause=pause or threading.Event().wait)
        with company.read() as session:
            refuse_other_revision(session, key=key)
    except BaseException:
        database.close()
        raise
    return company
