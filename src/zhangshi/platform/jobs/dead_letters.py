"""Looking at unfinished jobs, and deciding on those that gave up: replay, or discard."""

from collections.abc import Callable

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.jobs import _inspection_store as store
from zhangshi.platform.jobs import _store as jobs
from zhangshi.platform.jobs.model import NO_SUCH_JOB, NOT_DEAD, Job, JobState
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork

PAGE_SIZE = 200


def list_jobs(session: Session, *, state: JobState | None = None, after: int = 0, size: int = PAGE_SIZE) -> list[Job]:
    """Return a page of unfinished jobs by id; the next page begins `after` the last id."""
    return store.list_jobs(session, state=state, after=after, size=size)


def get_job(session: Session, *, job_id: int) -> Job:
    """Return an unfinished job. Raises: jobs.no_such_job."""
    found = list_jobs(session, after=job_id - 1, size=1)
    if not found or found[0].job_id != job_id:
        raise ZhangshiError(NO_SUCH_JOB, job_id=job_id)
    return found[0]


def replay(uow: UnitOfWork, *, job_id: int) -> None:
    """Let a dead job run again now, with all its attempts before it. Later ones of its key keep waiting behind it.

    Raises: jobs.no_such_job, jobs.not_dead.
    """
    _change_dead(uow, job_id, lambda: store.replay(uow.session, job_id, now=uow.now_micros))


def discard(uow: UnitOfWork, *, job_id: int) -> None:
    """Give a dead job up for good; the next one of its key goes ahead.

    Raises: jobs.no_such_job, jobs.not_dead.
    """
    job = _change_dead(uow, job_id, lambda: store.discard(uow.session, job_id))
    if job.ordering_key is not None:
        jobs.let_next_go(uow.session, job, now=uow.now_micros)


def _change_dead(uow: UnitOfWork, job_id: int, change: Callable[[], None]) -> Job:
    job = store.find_for_change(uow.session, job_id)
    if job is None:
        raise ZhangshiError(NO_SUCH_JOB, job_id=job_id)
    if job.state != JobState.DEAD:
        raise ZhangshiError(NOT_DEAD, job_id=job_id, state=job.state)
    change()
    return job
