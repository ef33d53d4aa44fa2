"""The SQL that turns events into jobs."""

from collections.abc import Sequence
from typing import NamedTuple

from zhangshi.platform.session import Session
from zhangshi.platform.statements import ColumnType, RowsStatement, Statement

Stream = tuple[str, str]
"""Handler and ordering key: the jobs of one stream run one after the other."""

_LOCK = Statement("SELECT last_job_id FROM job_delivery WHERE delivery_id = 1{skip_locked}")
_LIST_EVENTS = Statement(
    "SELECT event_id, topic, ordering_key, payload, actor, recorded_at FROM outbox_event ORDER BY event_id LIMIT ?"
)
# The first job of a stream is the only one that is not waiting; all others are found behind it.
_HEADS = (
    "WITH input(handler, ordering_key) AS ({input}) SELECT handler, ordering_key FROM job WHERE job_id IN ("
    "SELECT (SELECT min(earlier.job_id) FROM job AS earlier WHERE earlier.handler = input.handler"
    " AND earlier.ordering_key = input.ordering_key) FROM input) ORDER BY job_id"
)
_STREAM: dict[str, ColumnType] = {"handler": "text", "ordering_key": "text"}
_FIND_HEADS = RowsStatement(_HEADS, columns=_STREAM)
_LOCK_HEADS = RowsStatement(_HEADS + "{for_update}", columns=_STREAM)
_INSERT_JOBS = RowsStatement(
    "WITH input(job_id, handler, ordering_key, payload, state, due_at, enqueued_at) AS ({input})"
    " INSERT INTO job (job_id, handler, ordering_key, payload, state, due_at, attempts, fence, enqueued_at)"
    " SELECT job_id, handler, ordering_key, payload, state, due_at, 0, 0, enqueued_at FROM input",
    columns={
        "job_id": "bigint",
        "handler": "text",
        "ordering_key": "text",
        "payload": "text",
        "state": "text",
        "due_at": "bigint",
        "enqueued_at": "bigint",
    },
)
_DELETE_EVENTS = RowsStatement(
    "WITH input(event_id) AS ({input}) DELETE FROM outbox_event WHERE event_id IN (SELECT event_id FROM input)",
    columns={"event_id": "bigint"},
)
_SET_LAST = Statement("UPDATE job_delivery SET last_job_id = ? WHERE delivery_id = 1")


class OutboxEvent(NamedTuple):
    """A row of the outbox."""

    event_id: int
    topic: str
    ordering_key: str
    payload: str
    actor: str
    recorded_at: int


class EventJob(NamedTuple):
    """The delivery of one event to one handler."""

    job_id: int
    handler: str
    ordering_key: str | None
    payload: str
    state: str
    due_at: int | None
    enqueued_at: int


def lock_deliveries(session: Session) -> int | None:
    """Become the only one who delivers, until the transaction ends; None if somebody else is.

    Returns the highest id of a delivered job so far.
    """
    rows = session.query(_LOCK)
    return int(rows[0][0]) if rows else None


def list_events(session: Session, *, size: int) -> list[OutboxEvent]:
    """Return the oldest events that have not been delivered."""
    return [OutboxEvent(*row) for row in session.query(_LIST_EVENTS, size)]


def lock_busy_streams(session: Session, streams: Sequence[Stream]) -> set[Stream]:
    """Return those streams that have an unfinished job, and keep that job from being finished meanwhile.

    A head that is finished while we wait for its lock drops out of the answer although its successor, which we did not
    lock, is there now: then we look again. A stream seen by neither look is empty, because only the holder of
    `lock_deliveries` adds to streams.
    """
    while True:
        seen = {(row[0], row[1]) for row in session.query_rows(_FIND_HEADS, streams)}
        locked = {(row[0], row[1]) for row in session.query_rows(_LOCK_HEADS, streams)}
        if seen <= locked:
            return locked


def store_deliveries(session: Session, *, jobs: Sequence[EventJob], event_ids: Sequence[int], last_job_id: int) -> None:
    """Write the jobs and delete the events that they deliver."""
    with session.batch() as batch:
        batch.execute_rows(_INSERT_JOBS, jobs)
        batch.execute_rows(_DELETE_EVENTS, [(event_id,) for event_id in event_ids])
        batch.execute(_SET_LAST, last_job_id)
