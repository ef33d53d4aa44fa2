"""Jobs as values: what a job is, in which state it may be, and how long to wait before the next attempt.

Problem. Work that need not, or must not, happen inside the user's transaction (alerts, mails, the 48-hour
reminder) still has to happen: after a crash, after a failure of the network, and once.

Rule. A job is a row. A worker *leases* it: until the lease ends nobody else takes it, and every lease carries a
higher *fence* than the one before. Only the holder of the highest fence may finish the job, so a worker that slept
through its lease changes nothing. Failures wait longer each time; after the last attempt the job is *dead*: it
stays, with its error, until somebody replays or discards it.

Worked example. With the default policy attempt 1 fails → wait 5 s, attempt 2 → 10 s, attempt 3 → 20 s …
attempt 10 → 2,560 s, attempt 11 → 3,600 s (the cap), attempt 12 → dead; up to a quarter is added by the noise.

Leaves out: priorities, and results of jobs (a job's result is the rows that it writes).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

import msgspec

from zhangshi.base.clock import micros_to_instant
from zhangshi.base.errors import ErrorCode

Value = TypeVar("Value")

SECOND_MICROS = 1_000_000
NOISE_BITS = 16
_JITTER_SHARE = 4
"""One part in four of a wait may be added by the noise."""

NO_SUCH_JOB = ErrorCode(
    "jobs.no_such_job",
    "没有编号为 {job_id} 的任务，它可能已经完成。请用“zhangshi jobs list”查看现有任务。",
    'There is no job {job_id}; it may have finished. See the jobs that exist with "zhangshi jobs list".',
)
NOT_DEAD = ErrorCode(
    "jobs.not_dead",
    "任务 {job_id} 的状态是 {state}，只有失败停止（dead）的任务可以重做或放弃。请等它完成或停止后再操作。",
    "Job {job_id} is {state}; only a dead job can be replayed or discarded. Wait until it finishes or dies.",
)
LEASE_LOST = ErrorCode(
    "jobs.lease_lost",
    "任务 {job_id} 的租约（第 {fence} 次）已经失效，本次结果作废。无须操作：任务由别的工作进程接手或已被取消。",
    "The lease {fence} of job {job_id} is over and this run counts for nothing. Nothing to do: another worker has "
    "the job, or it was cancelled.",
)


class JobState(StrEnum):
    """The states of an unfinished job; a finished job has no row."""

    PENDING = "pending"
    LEASED = "leased"
    WAITING = "waiting"
    """Behind an earlier event of the same ordering key."""
    DEAD = "dead"


class Event(msgspec.Struct, frozen=True):
    """What a handler learns of an event that it subscribed to."""

    event_id: int
    topic: str
    key: str
    payload: msgspec.Raw
    actor: str
    recorded_at: int

    def decode(self, payload_type: type[Value]) -> Value:
        """Return the payload as a value of `payload_type`."""
        return msgspec.json.decode(self.payload, type=payload_type)


class Job(NamedTuple):
    """A row of the job table: work that has not been finished."""

    job_id: int
    handler: str
    ordering_key: str | None
    unique_key: str | None
    payload: str
    state: str
    due_at: int | None
    """Microseconds: when it may be claimed. The end of the lease while leased; None while waiting or dead."""
    attempts: int
    fence: int
    enqueued_at: int
    error: str | None

    @property
    def lease_until(self) -> datetime | None:
        """The end of the present lease, if the job is leased."""
        return micros_to_instant(self.due_at) if self.state == JobState.LEASED and self.due_at is not None else None

    @property
    def delivery_key(self) -> str:
        """The same for every attempt of this job: what to hand to an outside system that can recognise repeats."""
        return f"job-{self.job_id}"

    def decode(self, payload_type: type[Value]) -> Value:
        """Return the payload as a value of `payload_type`."""
        return msgspec.json.decode(self.payload, type=payload_type)

    def event(self) -> Event:
        """Return the event that this job delivers."""
        return self.decode(Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often a failing job is tried, and how long to wait in between. The default gives up after 2.4 hours."""

    attempts_max: int = 12
    first_wait_seconds: int = 5
    wait_seconds_max: int = 3600

    def wait_micros(self, attempt: int, noise: int) -> int:
        """Return the wait after failed attempt number `attempt` (1 is the first), in microseconds.

        Doubles from `first_wait_seconds` up to `wait_seconds_max`; `noise` (0 to 65,535) adds up to a quarter, so
        that jobs which failed together do not return together.
        """
        doubled = self.first_wait_seconds << min(attempt - 1, 40)
        wait = min(doubled, self.wait_seconds_max) * SECOND_MICROS
        return wait + wait * noise // (_JITTER_SHARE << NOISE_BITS)

    def gives_up_after(self, attempt: int) -> bool:
        """Tell whether attempt number `attempt` was the last one."""
        return attempt >= self.attempts_max


DEFAULT_POLICY = RetryPolicy()
