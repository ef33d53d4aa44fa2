"""Running one job: its handler, and what becomes of the job.

A handler on our own database runs in the transaction that deletes the job, on the condition that the lease is still
held: either both happen or neither. A handler with an outside effect runs first and the job is deleted afterwards;
if the worker dies in between, the job is run again.
"""

import traceback
from enum import StrEnum

import structlog

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import Noise
from zhangshi.platform.jobs import _store as store
from zhangshi.platform.jobs.bookkeeping import Bookkeeping
from zhangshi.platform.jobs.handlers import Handler, Handlers
from zhangshi.platform.jobs.model import LEASE_LOST, NOISE_BITS, Job
from zhangshi.platform.jobs.ports import DatabaseHandler
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

_log = structlog.get_logger(__name__)
_ERROR_CHARACTERS_MAX = 4000


class Outcome(StrEnum):
    """What became of a run."""

    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"
    LOST = "lost"
    """The lease was over: this run counts for nothing, somebody else has the job."""


class Execution:
    """Runs jobs that this worker has leased."""

    def __init__(self, *, company: Company, handlers: Handlers, bookkeeping: Bookkeeping, noise: Noise) -> None:
        self._company = company
        self._handlers = handlers
        self._bookkeeping = bookkeeping
        self._noise = noise

    def run(self, job: Job) -> Outcome:
        """Run the job to its end. What the handler raises is written to the job; what the books raise comes out."""
        handler = self._handlers[job.handler]
        if job.attempts > handler.policy.attempts_max:
            return self._fail(handler, job, "The worker ended, or lost its lease, in the middle of each attempt.")
        try:
            self._hand_over(handler, job)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is kept with the job
            if isinstance(error, ZhangshiError) and error.error_code is LEASE_LOST:
                return _told(Outcome.LOST, job)
            return self._fail(handler, job, describe(error))
        return _told(Outcome.DONE, job)

    def _hand_over(self, handler: Handler, job: Job) -> None:
        if handler.database is not None:
            self._run_on_database(handler.database, job)
        elif handler.outside is not None:
            handler.outside(job)
            self._bookkeeping.write(lambda uow: _finish(uow, job), answer_type=type(None))

    def _run_on_database(self, handler: DatabaseHandler, job: Job) -> None:
        def work(uow: UnitOfWork) -> None:
            handler(uow, job)
            _finish(uow, job)

        request = Request(actor=f"job:{job.handler}", key=job.delivery_key, content=job.handler)
        self._company.write(request, work, answer_type=type(None))
        self._bookkeeping.forget(request.key)

    def _fail(self, handler: Handler, job: Job, error: str) -> Outcome:
        gives_up = handler.policy.gives_up_after(job.attempts)
        wait = handler.policy.wait_micros(job.attempts, self._noise(NOISE_BITS))

        def work(uow: UnitOfWork) -> bool:
            if gives_up:
                return store.bury(uow.session, job, error=error)
            return store.retry(uow.session, job, due_at=uow.now_micros + wait, error=error)

        if not self._bookkeeping.write(work, answer_type=bool):
            return _told(Outcome.LOST, job)
        return _told(Outcome.DEAD if gives_up else Outcome.FAILED, job, error=error)


def _finish(uow: UnitOfWork, job: Job) -> None:
    if not store.finish(uow.session, job, now=uow.now_micros):
        raise ZhangshiError(LEASE_LOST, job_id=job.job_id, fence=job.fence)


def describe(error: Exception) -> str:
    """Return what went wrong, the sentence first, then where; at most 4,000 characters, all of them storable."""
    where = "".join(traceback.format_exception(error))
    told = f"{error}" if isinstance(error, ZhangshiError) else f"{type(error).__name__}: {error}"
    room = max(0, _ERROR_CHARACTERS_MAX - len(told) - 2)
    text = f"{told}\n\n{where[-room:] if room else ''}"[:_ERROR_CHARACTERS_MAX]
    # PostgreSQL stores neither NUL nor lone surrogates.
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _told(outcome: Outcome, job: Job, *, error: str = "") -> Outcome:
    facts = {"job_id": job.job_id, "handler": job.handler, "attempt": job.attempts}
    match outcome:
        case Outcome.DONE:
            _log.debug("job_done", **facts)
        case Outcome.LOST:
            _log.warning("job_lease_lost", **facts)
        case Outcome.FAILED:
            _log.warning("job_failed", error=error.partition("\n")[0], **facts)
        case Outcome.DEAD:
            _log.error("job_dead", error=error.partition("\n")[0], **facts)
    return outcome
