"""The SQL behind the list of jobs, the dead letters, the workers and the health figures."""

from typing import NamedTuple

from zhangshi.platform.jobs.model import Job
from zhangshi.platform.session import Row, Session
from zhangshi.platform.statements import Statement

_COLUMNS = "job_id, handler, ordering_key, unique_key, payload, state, due_at, attempts, fence, enqueued_at, error"
_LIST = Statement(f"SELECT {_COLUMNS} FROM job WHERE job_id > ? ORDER BY job_id LIMIT ?")
_LIST_STATE = Statement(f"SELECT {_COLUMNS} FROM job WHERE state = ? AND job_id > ? ORDER BY job_id LIMIT ?")
_GET = Statement(f"SELECT {_COLUMNS} FROM job WHERE job_id = ?{{for_update}}")
_REPLAY = Statement("UPDATE job SET state = 'pending', due_at = ?, attempts = 0 WHERE job_id = ? AND state = 'dead'")
_DISCARD = Statement("DELETE FROM job WHERE job_id = ? AND state = 'dead'")
_COUNT_STATES = Statement("SELECT state, count(*) FROM job GROUP BY state")
_COUNT_DUE = Statement("SELECT count(*), min(due_at) FROM job WHERE due_at <= ? AND state = 'pending'")
_COUNT_EVENTS = Statement("SELECT count(*), min(recorded_at) FROM outbox_event")
_LIST_BLOCKED = Statement(
    "SELECT handler, ordering_key FROM job WHERE state = 'dead' AND ordering_key IS NOT NULL ORDER BY job_id LIMIT ?"
)
# One row of what is next: has the outbox an event, when is the next job due, when the next schedule.
_LOOK = Statement(
    "SELECT EXISTS (SELECT 1 FROM outbox_event), (SELECT min(due_at) FROM job WHERE due_at IS NOT NULL),"
    " (SELECT min(due_at) FROM schedule)"
)
_PUT_WORKER = Statement(
    "INSERT INTO worker (worker_id, name, started_at, seen_at, running) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (worker_id) DO UPDATE SET seen_at = excluded.seen_at, running = excluded.running"
)
_DELETE_WORKER = Statement("DELETE FROM worker WHERE worker_id = ?")
_DELETE_OLD_WORKERS = Statement("DELETE FROM worker WHERE seen_at < ?")
_LIST_WORKERS = Statement("SELECT worker_id, name, started_at, seen_at, running FROM worker ORDER BY worker_id")


class WorkerRow(NamedTuple):
    """A worker as it last showed itself."""

    worker_id: int
    name: str
    started_at: int
    seen_at: int
    running: int


def list_jobs(session: Session, *, state: str | None, after: int, size: int) -> list[Job]:
    """Return unfinished jobs above the id `after`, by id."""
    rows = session.query(_LIST, after, size) if state is None else session.query(_LIST_STATE, state, after, size)
    return [Job(*row) for row in rows]


def find_for_change(session: Session, job_id: int) -> Job | None:
    """Return the job and lock it until the transaction ends."""
    rows = session.query(_GET, job_id)
    return Job(*rows[0]) if rows else None


def replay(session: Session, job_id: int, *, now: int) -> None:
    """Make a dead job pending again, with all its attempts before it."""
    session.execute(_REPLAY, now, job_id)


def discard(session: Session, job_id: int) -> None:
    """Delete a dead job."""
    session.execute(_DISCARD, job_id)


def count_states(session: Session) -> dict[str, int]:
    """Return how many jobs are in each state that occurs. Cost: reads all unfinished jobs."""
    return {row[0]: int(row[1]) for row in session.query(_COUNT_STATES)}


def count_due(session: Session, now: int) -> Row:
    """Return how many pending jobs are due, and since when the oldest."""
    return session.query(_COUNT_DUE, now)[0]


def count_events(session: Session) -> Row:
    """Return how many events are undelivered, and since when the oldest."""
    return session.query(_COUNT_EVENTS)[0]


def list_blocked(session: Session, *, size: int) -> list[Row]:
    """Return handler and ordering key of the streams that a dead job holds up."""
    return session.query(_LIST_BLOCKED, size)


def look(session: Session) -> tuple[bool, int | None, int | None]:
    """Return whether there are events, when a job is due next, and when a schedule."""
    events, job_due_at, schedule_due_at = session.query(_LOOK)[0]
    return bool(events), job_due_at, schedule_due_at


def put_worker(session: Session, worker: WorkerRow) -> None:
    """Note that the worker is alive."""
    session.execute(_PUT_WORKER, *worker)


def delete_worker(session: Session, worker_id: int) -> None:
    """Note that the worker has ended."""
    session.execute(_DELETE_WORKER, worker_id)


def delete_old_workers(session: Session, seen_before: int) -> None:
    """Forget workers that have not shown themselves for long."""
    session.execute(_DELETE_OLD_WORKERS, seen_before)


def list_workers(session: Session) -> list[WorkerRow]:
    """Return all workers that have not ended in order."""
    return [WorkerRow(*row) for row in session.query(_LIST_WORKERS)]
