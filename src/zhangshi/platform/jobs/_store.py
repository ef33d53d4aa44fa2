"""The SQL of the jobs. Nothing here decides; each function is one statement or two.

Indexes: `ix_job_due` (due_at, job_id; only rows that can be claimed) serves the claim, so that neither dead jobs nor
jobs that wait for an earlier one are read; `ix_job_order` (handler, ordering_key, job_id) finds the next of a key;
finished jobs have no row at all.
"""

from collections.abc import Sequence
from typing import NamedTuple

from zhangshi.platform.jobs.model import Job
from zhangshi.platform.session import Session
from zhangshi.platform.statements import ColumnType, RowsStatement, Statement

_COLUMNS = "job_id, handler, ordering_key, unique_key, payload, state, due_at, attempts, fence, enqueued_at, error"
_INSERT = f"INSERT INTO job ({_COLUMNS}) VALUES (?, ?, NULL, ?, ?, 'pending', ?, 0, 0, ?, NULL)"

_INSERT_ONCE = Statement(_INSERT + " ON CONFLICT (unique_key) DO NOTHING")
_FIND_UNIQUE = Statement("SELECT job_id FROM job WHERE unique_key = ?")
_INSERT_OR_REVIVE = Statement(
    _INSERT + " ON CONFLICT (unique_key) DO UPDATE SET state = 'pending', due_at = excluded.due_at, attempts = 0,"
    " payload = excluded.payload WHERE job.state = 'dead'"
)
_INSERT_OR_MOVE = Statement(
    _INSERT + " ON CONFLICT (unique_key) DO UPDATE SET handler = excluded.handler, payload = excluded.payload,"
    " state = 'pending', due_at = excluded.due_at, attempts = 0, fence = job.fence + 1, error = NULL"
)
_DELETE_UNIQUE = Statement("DELETE FROM job WHERE unique_key = ?")

_CLAIM = RowsStatement(
    "WITH input(handler) AS ({input}), picked AS MATERIALIZED ("
    "SELECT job_id FROM job WHERE due_at <= ? AND handler IN (SELECT handler FROM input)"
    " ORDER BY due_at, job_id LIMIT ?{skip_locked})"
    " UPDATE job SET state = 'leased', due_at = ?, fence = fence + 1, attempts = attempts + 1"
    f" WHERE job_id IN (SELECT job_id FROM picked) RETURNING {_COLUMNS}",
    columns={"handler": "text"},
)
# Rows are locked in the order of their ids here and in `_delivery_store`, so that the two never wait for each other.
_HELD = (
    "WITH input(job_id, fence) AS ({input}), held AS MATERIALIZED (SELECT job.job_id FROM job JOIN input"
    " ON job.job_id = input.job_id AND job.fence = input.fence WHERE job.state = 'leased'"
    " ORDER BY job.job_id{for_update}) UPDATE job SET "
)
_LEASES: dict[str, ColumnType] = {"job_id": "bigint", "fence": "bigint"}
_EXTEND = RowsStatement(
    _HELD + "due_at = ? WHERE job_id IN (SELECT job_id FROM held) RETURNING job_id",
    columns=_LEASES,
)
_RELEASE = RowsStatement(
    _HELD + "state = 'pending', due_at = ?, attempts = attempts - 1 WHERE job_id IN (SELECT job_id FROM held)",
    columns=_LEASES,
)
_FINISH = Statement("DELETE FROM job WHERE job_id = ? AND fence = ? AND state = 'leased'")
_LET_NEXT_GO = Statement(
    "UPDATE job SET state = 'pending', due_at = ? WHERE state = 'waiting' AND job_id ="
    " (SELECT min(job_id) FROM job WHERE handler = ? AND ordering_key = ?)"
)
_RETRY = Statement(
    "UPDATE job SET state = 'pending', due_at = ?, error = ? WHERE job_id = ? AND fence = ? AND state = 'leased'"
)
_BURY = Statement(
    "UPDATE job SET state = 'dead', due_at = NULL, error = ? WHERE job_id = ? AND fence = ? AND state = 'leased'"
)
_FORGET_REQUESTS = RowsStatement(
    "WITH input(request_key) AS ({input}) DELETE FROM request WHERE request_key IN (SELECT request_key FROM input)",
    columns={"request_key": "text"},
)


class NewJob(NamedTuple):
    """A job that somebody asked for."""

    job_id: int
    handler: str
    unique_key: str | None
    payload: str
    due_at: int
    enqueued_at: int


def insert_once(session: Session, new: NewJob) -> int:
    """Insert a job unless an unfinished one has its unique key; return the id of the one that is there."""
    while session.execute(_INSERT_ONCE, *new) == 0:
        found = session.query(_FIND_UNIQUE, new.unique_key)
        if found:  # else it finished between the two statements, and the key is free again
            return int(found[0][0])
    return new.job_id


def insert_or_revive(session: Session, new: NewJob) -> bool:
    """Insert a job, or wake the dead one of its unique key; False if one is on its way already."""
    return session.execute(_INSERT_OR_REVIVE, *new) == 1


def insert_or_move(session: Session, new: NewJob) -> None:
    """Insert a job, or make the one of its unique key this one; a lease on it ends."""
    session.execute(_INSERT_OR_MOVE, *new)


def delete_unique(session: Session, unique_key: str) -> bool:
    """Delete the job of that unique key, whatever its state; False if there is none."""
    return session.execute(_DELETE_UNIQUE, unique_key) == 1


def claim(session: Session, *, handlers: Sequence[str], now: int, lease_until: int, size: int) -> list[Job]:
    """Lease up to `size` due jobs; oldest due first."""
    rows = session.query_rows(_CLAIM, [(name,) for name in handlers], now, size, lease_until)
    return sorted(Job(*row) for row in rows)


def extend(session: Session, leases: Sequence[tuple[int, int]], *, lease_until: int) -> set[int]:
    """Let the leases (job id, fence) last until then; return the ids of those that are still held."""
    return {row[0] for row in session.query_rows(_EXTEND, leases, lease_until)}


def release(session: Session, leases: Sequence[tuple[int, int]], *, now: int) -> None:
    """Give back jobs that were claimed and not begun; the attempt does not count."""
    session.execute_rows(_RELEASE, leases, now)


def finish(session: Session, job: Job, *, now: int) -> bool:
    """Delete the job and let the next of its key go; False if the lease is lost (then nothing may be committed)."""
    if job.ordering_key is None:
        return session.execute(_FINISH, job.job_id, job.fence) == 1
    with session.batch() as batch:
        deleted = batch.execute(_FINISH, job.job_id, job.fence)
        batch.execute(_LET_NEXT_GO, now, job.handler, job.ordering_key)
    return deleted.count == 1


def let_next_go(session: Session, job: Job, *, now: int) -> None:
    """Make the first waiting job of this job's key claimable, if nothing unfinished is before it."""
    session.execute(_LET_NEXT_GO, now, job.handler, job.ordering_key)


def retry(session: Session, job: Job, *, due_at: int, error: str) -> bool:
    """Give the job back, to be claimed at `due_at`; False if the lease is lost."""
    return session.execute(_RETRY, due_at, error, job.job_id, job.fence) == 1


def bury(session: Session, job: Job, *, error: str) -> bool:
    """Make the job dead; False if the lease is lost."""
    return session.execute(_BURY, error, job.job_id, job.fence) == 1


def forget_requests(session: Session, request_keys: Sequence[str]) -> None:
    """Delete the records of requests that cannot come again."""
    session.execute_rows(_FORGET_REQUESTS, [(request_key,) for request_key in request_keys])
