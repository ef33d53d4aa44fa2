"""Leases and fences: who sleeps through his lease changes nothing."""

from datetime import timedelta

from tests.clocks import SettableClock
from tests.integration.platform.jobs.conftest import MakeWorker
from tests.integration.platform.jobs.effects import numbers, record, write
from tests.integration.platform.jobs.test_running_jobs import jobs_of
from zhangshi.platform.jobs import _store as store
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.leases import Leases
from zhangshi.platform.jobs.model import Job, JobState, RetryPolicy
from zhangshi.platform.jobs.queue import enqueue
from zhangshi.platform.unit_of_work import Company, UnitOfWork

_LEASE = 30_000_000


def _claim(company: Company, lease: int = _LEASE) -> list[Job]:
    """Claim like a worker that then dies."""
    return write(
        company,
        lambda uow: store.claim(
            uow.session, handlers=["record"], now=uow.now_micros, lease_until=uow.now_micros + lease, size=10
        ),
    )


def test_the_jobs_of_a_dead_worker_wait_for_the_end_of_their_lease_and_no_longer(
    stage: Company, handlers: Handlers, make_worker: MakeWorker, clock: SettableClock
) -> None:
    handlers.add_database("record", record)
    write(stage, lambda uow: enqueue(uow, handler="record", payload=1))
    (leased,) = _claim(stage)
    assert leased.lease_until == clock.now() + timedelta(seconds=30)
    survivor = make_worker("survivor")
    clock.advance(timedelta(seconds=29.9))
    survivor.run_until_idle()
    assert numbers(stage) == []
    clock.advance(timedelta(seconds=0.1))
    survivor.run_until_idle()
    assert numbers(stage) == [1]


def test_a_worker_that_slept_through_its_lease_writes_nothing(
    stage: Company, handlers: Handlers, make_worker: MakeWorker, clock: SettableClock
) -> None:
    """In the middle of the first run the lease ends and another worker does the whole job."""
    runs: list[int] = []

    def sleep_the_first_time(job: Job) -> None:
        runs.append(job.fence)
        if len(runs) == 1:
            clock.advance(timedelta(seconds=31))
            make_worker("second").run_until_idle()

    handlers.add_outside("sleepy", sleep_the_first_time)
    write(stage, lambda uow: enqueue(uow, handler="sleepy"))
    make_worker("first").run_until_idle()
    assert runs == [1, 2], "each claim carries a higher fence"
    assert jobs_of(stage) == []


def test_the_effect_of_a_lost_lease_is_rolled_back(
    stage: Company, handlers: Handlers, make_worker: MakeWorker, clock: SettableClock
) -> None:
    lost: list[Job] = []

    def record_after_losing_the_lease(uow: UnitOfWork, job: Job) -> None:
        record(uow, job)
        if not lost:
            lost.append(job)
            later = uow.now_micros + _LEASE
            (taken,) = store.claim(uow.session, handlers=["record"], now=later, lease_until=later, size=1)
            assert taken.fence == job.fence + 1

    handlers.add_database("record", record_after_losing_the_lease)
    write(stage, lambda uow: enqueue(uow, handler="record", payload=1))
    make_worker("first").run_once()
    assert numbers(stage) == [], "neither its row nor the end of the job"
    assert [(job.state, job.fence) for job in jobs_of(stage)] == [("leased", 1)]
    clock.advance(timedelta(seconds=31))
    make_worker("second").run_until_idle()
    assert numbers(stage) == [1]


def test_a_heartbeat_keeps_leases_that_are_held_and_notices_those_that_are_not(
    stage: Company, clock: SettableClock
) -> None:
    for number in (1, 2):
        write(stage, lambda uow, number=number: enqueue(uow, handler="record", payload=number))  # type: ignore[misc]
    kept, lost = _claim(stage)
    leases = Leases(lease_micros=_LEASE)
    leases.take([kept, lost])
    write(stage, lambda uow: store.retry(uow.session, lost, due_at=uow.now_micros, error="taken away"))
    clock.advance(timedelta(seconds=20))
    write(stage, leases.renew)
    now = int(clock.now().timestamp() * 1_000_000)
    assert (leases.is_safe(kept, now=now), leases.is_safe(lost, now=now)) == (True, False)
    clock.advance(timedelta(seconds=29))
    assert [job.payload for job in _claim(stage)] == ["2"], "the renewed one is still leased"


def test_a_job_whose_lease_went_stale_in_the_batch_is_not_begun(
    stage: Company, handlers: Handlers, make_worker: MakeWorker, clock: SettableClock
) -> None:
    """The first job of a batch takes longer than the lease; meanwhile another worker has done the second."""
    began: list[tuple[str, int]] = []

    def first_one_is_slow(job: Job) -> None:
        began.append((job.payload, job.fence))
        if job.payload == "1" and job.fence == 1:
            clock.advance(timedelta(seconds=31))
            make_worker("other").run_until_idle()

    handlers.add_outside("slow", first_one_is_slow)
    for number in (1, 2):
        write(stage, lambda uow, number=number: enqueue(uow, handler="slow", payload=number))  # type: ignore[misc]
    make_worker("slow").run_until_idle()
    assert began == [("1", 1), ("1", 2), ("2", 2)]


def test_a_job_that_kills_its_worker_each_time_ends_up_dead(
    stage: Company, handlers: Handlers, make_worker: MakeWorker, clock: SettableClock
) -> None:
    handlers.add_database("record", record, policy=RetryPolicy(attempts_max=3))
    write(stage, lambda uow: enqueue(uow, handler="record", payload=1))
    for _ in range(3):
        assert len(_claim(stage)) == 1
        clock.advance(timedelta(seconds=30))
    make_worker().run_until_idle()
    (dead,) = jobs_of(stage, JobState.DEAD)
    assert "middle of each attempt" in (dead.error or "")
    assert numbers(stage) == []
