"""Jobs: asked for in a transaction, run once, tried again, given up in the open."""

from datetime import timedelta

import pytest

from tests.clocks import SettableClock
from tests.integration.platform.jobs.conftest import MakeWorker
from tests.integration.platform.jobs.effects import count_effects, numbers, record, write
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.jobs.dead_letters import discard, list_jobs, replay
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.model import Job, JobState, RetryPolicy
from zhangshi.platform.jobs.queue import enqueue
from zhangshi.platform.jobs.worker import Worker
from zhangshi.platform.unit_of_work import Company, UnitOfWork


def jobs_of(company: Company, state: JobState | None = None) -> list[Job]:
    with company.read() as session:
        return list_jobs(session, state=state)


def test_a_job_runs_once_and_leaves_no_row(stage: Company, handlers: Handlers, worker: Worker) -> None:
    handlers.add_database("record", record)
    write(stage, lambda uow: enqueue(uow, handler="record", payload=7))
    worker.run_until_idle()
    worker.run_until_idle()
    assert numbers(stage) == [7]
    assert jobs_of(stage) == []


def test_what_a_transaction_asked_for_vanishes_with_it(stage: Company, handlers: Handlers, worker: Worker) -> None:
    handlers.add_database("record", record)

    def ask_and_fail(uow: UnitOfWork) -> None:
        enqueue(uow, handler="record", payload=1)
        raise LookupError

    with pytest.raises(LookupError):
        write(stage, ask_and_fail)
    write(stage, lambda uow: enqueue(uow, handler="record", payload=2))
    worker.run_until_idle()
    assert numbers(stage) == [2]


def test_jobs_run_in_the_order_in_which_they_come_due(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    handlers.add_database("record", record)
    soon = clock.now() + timedelta(minutes=1)
    write(stage, lambda uow: enqueue(uow, handler="record", payload=2, run_at=soon))
    write(stage, lambda uow: enqueue(uow, handler="record", payload=1))
    worker.run_until_idle()
    assert numbers(stage) == [1]
    clock.set(soon)
    worker.run_until_idle()
    assert numbers(stage) == [1, 2]


def test_asking_twice_with_one_unique_key_runs_once(stage: Company, handlers: Handlers, worker: Worker) -> None:
    handlers.add_database("record", record)
    first = write(stage, lambda uow: enqueue(uow, handler="record", payload=1, unique_key="k"))
    second = write(stage, lambda uow: enqueue(uow, handler="record", payload=2, unique_key="k"))
    assert first == second
    worker.run_until_idle()
    assert numbers(stage) == [1]
    write(stage, lambda uow: enqueue(uow, handler="record", payload=3, unique_key="k"))
    worker.run_until_idle()
    assert numbers(stage) == [1, 3], "a finished job frees its key"


def test_a_failure_takes_back_what_the_handler_wrote_and_waits_longer_each_time(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    attempts: list[int] = []

    def fail_twice(uow: UnitOfWork, job: Job) -> None:
        record(uow, job)
        attempts.append(job.attempts)
        if len(attempts) < 3:
            raise ConnectionError("the line is dead\x00")

    handlers.add_database("record", fail_twice)
    write(stage, lambda uow: enqueue(uow, handler="record", payload=9))
    worker.run_until_idle()
    (job,) = jobs_of(stage)
    assert (attempts, count_effects(stage)) == ([1], 0)
    assert (job.error or "").startswith("ConnectionError: the line is dead")
    clock.advance(timedelta(seconds=4.9))
    worker.run_until_idle()
    assert attempts == [1], "the first wait is five seconds"
    clock.advance(timedelta(seconds=0.1))
    worker.run_until_idle()
    assert attempts == [1, 2]
    clock.advance(timedelta(seconds=9.9))
    worker.run_until_idle()
    assert attempts == [1, 2], "the second wait is ten"
    clock.advance(timedelta(seconds=0.1))
    worker.run_until_idle()
    assert (attempts, numbers(stage)) == ([1, 2, 3], [9])


def _dead_job(stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock, healthy: list[bool]) -> Job:
    def fail_while_ill(uow: UnitOfWork, job: Job) -> None:
        if not healthy:
            raise ValueError("缺少单价")
        record(uow, job)

    handlers.add_database("record", fail_while_ill, policy=RetryPolicy(attempts_max=2))
    write(stage, lambda uow: enqueue(uow, handler="record", payload=5))
    worker.run_until_idle()
    clock.advance(timedelta(seconds=5))
    worker.run_until_idle()
    (dead,) = jobs_of(stage, JobState.DEAD)
    return dead


def test_after_the_last_attempt_a_job_is_dead_with_its_error_and_can_be_replayed(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    healthy: list[bool] = []
    dead = _dead_job(stage, handlers, worker, clock, healthy)
    assert dead.attempts == 2
    assert "缺少单价" in (dead.error or "")
    assert "fail_while_ill" in (dead.error or ""), "the error says where"
    clock.advance(timedelta(days=30))
    worker.run_until_idle()
    assert count_effects(stage) == 0, "a dead job is not tried again by itself"
    healthy.append(True)
    write(stage, lambda uow: replay(uow, job_id=dead.job_id))
    worker.run_until_idle()
    assert (numbers(stage), jobs_of(stage)) == ([5], [])


def test_a_dead_job_can_be_discarded(stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock) -> None:
    dead = _dead_job(stage, handlers, worker, clock, [])
    write(stage, lambda uow: discard(uow, job_id=dead.job_id))
    assert jobs_of(stage) == []


def test_only_a_dead_job_is_replayed_or_discarded(stage: Company) -> None:
    job_id = write(stage, lambda uow: enqueue(uow, handler="record"))
    for change in (replay, discard):
        with pytest.raises(ZhangshiError) as refused:
            write(stage, lambda uow, change=change: change(uow, job_id=job_id))  # type: ignore[misc]
        assert (refused.value.code, refused.value.facts["state"]) == ("jobs.not_dead", "pending")
        with pytest.raises(ZhangshiError) as unknown:
            write(stage, lambda uow, change=change: change(uow, job_id=404))  # type: ignore[misc]
        assert unknown.value.code == "jobs.no_such_job"


def test_an_outside_effect_is_repeated_under_the_same_delivery_key(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    sent: list[str] = []

    def send(job: Job) -> None:
        sent.append(job.delivery_key)
        if len(sent) == 1:
            raise TimeoutError

    handlers.add_outside("send", send)
    job_id = write(stage, lambda uow: enqueue(uow, handler="send"))
    worker.run_until_idle()
    clock.advance(timedelta(seconds=5))
    worker.run_until_idle()
    assert sent == [f"job-{job_id}"] * 2
    assert jobs_of(stage) == []


def test_jobs_of_a_handler_that_this_worker_does_not_know_are_left_alone(
    stage: Company, handlers: Handlers, worker: Worker
) -> None:
    handlers.add_database("record", record)
    write(stage, lambda uow: enqueue(uow, handler="of the next version", payload=1))
    write(stage, lambda uow: enqueue(uow, handler="record", payload=2))
    worker.run_until_idle()
    assert numbers(stage) == [2]
    (left,) = jobs_of(stage)
    assert (left.handler, left.attempts) == ("of the next version", 0)


def test_a_job_runs_under_its_own_name_and_request_key(stage: Company, handlers: Handlers, worker: Worker) -> None:
    seen: list[tuple[str, str]] = []
    handlers.add_database("look", lambda uow, _job: seen.append((uow.actor, uow.request_key)))
    job_id = write(stage, lambda uow: enqueue(uow, handler="look"))
    worker.run_until_idle()
    assert seen == [("job:look", f"job-{job_id}")]


def test_a_worker_that_stops_gives_back_what_it_has_not_begun(
    stage: Company, handlers: Handlers, make_worker: MakeWorker
) -> None:
    stopping = make_worker("stopping")

    def record_and_stop(uow: UnitOfWork, job: Job) -> None:
        record(uow, job)
        stopping.request_stop()

    handlers.add_database("record", record_and_stop)
    for number in (1, 2, 3):
        write(stage, lambda uow, number=number: enqueue(uow, handler="record", payload=number))  # type: ignore[misc]
    stopping.run()
    assert numbers(stage) == [1]
    assert [(job.state, job.attempts) for job in jobs_of(stage)] == [("pending", 0)] * 2
    make_worker("next").run_until_idle()
    assert numbers(stage) == [1, 2, 3]
