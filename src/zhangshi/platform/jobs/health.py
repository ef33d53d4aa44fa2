"""How the jobs are doing: the figures that `/healthz` and the command line show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.platform.jobs import _inspection_store as store
from zhangshi.platform.jobs.model import SECOND_MICROS, JobState
from zhangshi.platform.session import Session

WORKER_SILENT_AFTER = timedelta(seconds=60)
"""A worker that has not shown itself for that long is not counted on; it shows itself every ten seconds."""
_SILENT_AFTER_MICROS = WORKER_SILENT_AFTER // timedelta(microseconds=1)
_BLOCKED_SHOWN_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsHealth:
    """The state of the outbox, the jobs and the workers at one moment."""

    workers_alive: int
    worker_seen_at: datetime | None
    events_undelivered: int
    event_lag_seconds: int
    jobs_due: int
    job_lag_seconds: int
    jobs_pending: int
    jobs_leased: int
    jobs_waiting: int
    jobs_dead: int
    blocked: tuple[tuple[str, str], ...]
    """Handler and ordering key of the first streams that a dead job holds up, oldest first."""

    @property
    def ok(self) -> bool:
        """Nothing needs a person: a worker is there and no job is dead."""
        return self.workers_alive > 0 and self.jobs_dead == 0


def read_health(session: Session, *, now: datetime) -> JobsHealth:
    """Return the figures as of `now`. Cost: six short queries; one reads all unfinished jobs."""
    now_micros = instant_to_micros(now)
    seen = [row.seen_at for row in store.list_workers(session)]
    silent_before = now_micros - _SILENT_AFTER_MICROS
    states = store.count_states(session)
    due_count, due_since = store.count_due(session, now_micros)
    event_count, event_since = store.count_events(session)
    return JobsHealth(
        workers_alive=sum(1 for seen_at in seen if seen_at >= silent_before),
        worker_seen_at=micros_to_instant(max(seen)) if seen else None,
        events_undelivered=event_count,
        event_lag_seconds=_seconds_since(event_since, now_micros),
        jobs_due=due_count,
        job_lag_seconds=_seconds_since(due_since, now_micros),
        jobs_pending=states.get(JobState.PENDING, 0),
        jobs_leased=states.get(JobState.LEASED, 0),
        jobs_waiting=states.get(JobState.WAITING, 0),
        jobs_dead=states.get(JobState.DEAD, 0),
        blocked=tuple((row[0], row[1]) for row in store.list_blocked(session, size=_BLOCKED_SHOWN_MAX)),
    )


def _seconds_since(since: int | None, now_micros: int) -> int:
    return 0 if since is None else max(0, (now_micros - since) // SECOND_MICROS)
