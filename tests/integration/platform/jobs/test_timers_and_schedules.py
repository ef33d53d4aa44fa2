"""Timers ("in 48 hours, unless …") and schedules (every morning at eight)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.clocks import SettableClock
from tests.companies import CompanyAddress
from tests.integration.platform.jobs.effects import create_effects, numbers, record, write
from tests.integration.platform.jobs.test_running_jobs import jobs_of
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.model import Job, RetryPolicy
from zhangshi.platform.jobs.queue import cancel_timer, set_timer
from zhangshi.platform.jobs.schedule import list_schedules, remove_schedule, run_due_schedules, set_schedule
from zhangshi.platform.jobs.worker import Worker
from zhangshi.platform.unit_of_work import Company, UnitOfWork, open_company

_TWO_DAYS = timedelta(hours=48)


def _set(company: Company, number: int, after: timedelta, key: str = "unsigned-4711") -> None:
    write(company, lambda uow: set_timer(uow, key=key, run_at=uow.now + after, handler="record", payload=number))


def test_a_timer_goes_off_once_at_its_time(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    handlers.add_database("record", record)
    _set(stage, 1, _TWO_DAYS)
    clock.advance(_TWO_DAYS - timedelta(microseconds=1))
    worker.run_until_idle()
    assert numbers(stage) == []
    clock.advance(timedelta(microseconds=1))
    worker.run_until_idle()
    clock.advance(_TWO_DAYS)
    worker.run_until_idle()
    assert numbers(stage) == [1]


def test_a_cancelled_timer_never_goes_off(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    handlers.add_database("record", record)
    _set(stage, 1, _TWO_DAYS)
    assert write(stage, lambda uow: cancel_timer(uow, key="unsigned-4711")) is True
    assert write(stage, lambda uow: cancel_timer(uow, key="unsigned-4711")) is False
    clock.advance(_TWO_DAYS)
    worker.run_until_idle()
    assert numbers(stage) == []


def test_setting_a_timer_again_moves_it(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    handlers.add_database("record", record)
    _set(stage, 1, timedelta(hours=1))
    _set(stage, 2, timedelta(hours=2))
    clock.advance(timedelta(hours=1))
    worker.run_until_idle()
    assert numbers(stage) == []
    clock.advance(timedelta(hours=1))
    worker.run_until_idle()
    assert numbers(stage) == [2]


def test_a_timer_that_is_cancelled_while_it_goes_off_has_no_effect(
    postgresql_company: Company, handlers: Handlers
) -> None:
    """The transfer is signed in the very moment in which the reminder runs, by somebody else.

    On SQLite that moment does not exist: while the reminder writes, nobody else does.
    """
    create_effects(postgresql_company)
    answers: list[bool] = []

    def sign_meanwhile(uow: UnitOfWork, job: Job) -> None:
        record(uow, job)
        answers.append(write(postgresql_company, lambda other: cancel_timer(other, key="unsigned-4711")))

    handlers.add_database("record", sign_meanwhile)
    _set(postgresql_company, 1, timedelta())
    worker = Worker(company=postgresql_company, handlers=handlers, noise=lambda _bits: 0, name="worker")
    worker.run_until_idle()
    worker.close()
    assert answers == [True]
    assert numbers(postgresql_company) == []
    assert jobs_of(postgresql_company) == []


def test_a_timer_that_is_moved_while_it_goes_off_goes_off_at_the_new_time_only(
    postgresql_company: Company, handlers: Handlers, clock: SettableClock
) -> None:
    create_effects(postgresql_company)
    fences: list[int] = []

    def move_meanwhile(uow: UnitOfWork, job: Job) -> None:
        record(uow, job)
        fences.append(job.fence)
        if len(fences) == 1:
            _set(postgresql_company, 2, timedelta(hours=1))

    handlers.add_database("record", move_meanwhile)
    _set(postgresql_company, 1, timedelta())
    worker = Worker(company=postgresql_company, handlers=handlers, noise=lambda _bits: 0, name="worker")
    worker.run_until_idle()
    assert numbers(postgresql_company) == []
    clock.advance(timedelta(hours=1))
    worker.run_until_idle()
    worker.close()
    assert (fences, numbers(postgresql_company)) == ([1, 3], [2])


def test_timers_survive_a_restart(
    address: CompanyAddress, clock: SettableClock, ids: CountingIds, handlers: Handlers
) -> None:
    handlers.add_database("record", record)

    def opened() -> Company:
        return open_company(key="test", url=address.url, schema=address.schema, clock=clock, ids=ids)

    before = opened()
    create_effects(before)
    _set(before, 1, _TWO_DAYS)
    before.close()
    clock.advance(_TWO_DAYS * 3)
    after = opened()
    try:
        worker = Worker(company=after, handlers=handlers, noise=lambda _bits: 0, name="after")
        worker.run_until_idle()
        worker.close()
        assert numbers(after) == [1]
    finally:
        after.close()


def _schedule(company: Company, cron: str = "0 8 * * 1-5", number: int = 8) -> None:
    write(company, lambda uow: set_schedule(uow, name="morning", cron=cron, handler="record", payload=number))


def test_a_schedule_runs_by_the_clock_on_the_factory_wall(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    """The clock begins on Monday at 08:00 in Shanghai: the next run is on Tuesday."""
    handlers.add_database("record", record)
    _schedule(stage)
    with stage.read() as session:
        (row,) = list_schedules(session)
    assert datetime.fromtimestamp(row.due_at / 1e6, tz=UTC) == datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
    worker.run_until_idle()
    assert numbers(stage) == []
    for _ in range(7 * 24):
        clock.advance(timedelta(hours=1))
        worker.run_until_idle()
    assert numbers(stage) == [8] * 5, "Tuesday to Friday, and the next Monday"


def test_missed_runs_are_made_up_for_by_one(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    handlers.add_database("record", record)
    _schedule(stage, cron="*/5 * * * *")
    clock.advance(timedelta(days=3))
    worker.run_until_idle()
    assert numbers(stage) == [8]
    clock.advance(timedelta(minutes=5))
    worker.run_until_idle()
    assert numbers(stage) == [8, 8]


def test_a_run_that_is_still_failing_is_not_doubled_and_a_dead_one_is_tried_afresh(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    attempts: list[int] = []

    def fail(_uow: UnitOfWork, job: Job) -> None:
        attempts.append(job.attempts)
        raise RuntimeError

    policy = RetryPolicy(attempts_max=2, first_wait_seconds=90, wait_seconds_max=90)
    handlers.add_database("record", fail, policy=policy)
    _schedule(stage, cron="* * * * *")
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        worker.run_until_idle()
        assert len(jobs_of(stage)) == 1
    assert attempts == [1, 2]
    clock.advance(timedelta(minutes=1))
    worker.run_until_idle()
    assert attempts == [1, 2, 1]


def test_setting_an_unchanged_schedule_again_keeps_its_next_run(stage: Company, clock: SettableClock) -> None:
    def due() -> int:
        with stage.read() as session:
            return list_schedules(session)[0].due_at

    _schedule(stage)
    first = due()
    clock.advance(timedelta(days=2))
    _schedule(stage)
    assert due() == first, "a restart of the server does not swallow a run that is due"
    _schedule(stage, cron="0 9 * * *")
    assert due() > first


def test_of_two_workers_that_find_a_schedule_due_one_runs_it(stage: Company, clock: SettableClock) -> None:
    _schedule(stage, cron="* * * * *")
    clock.advance(timedelta(minutes=1))

    def run_due(uow: UnitOfWork) -> int:
        return run_due_schedules(uow.session, next_id=uow.next_id, now=uow.now)

    assert [write(stage, run_due), write(stage, run_due)] == [1, 0]


def test_a_removed_schedule_runs_no_more(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    handlers.add_database("record", record)
    _schedule(stage)
    assert write(stage, lambda uow: remove_schedule(uow, name="morning"))
    assert not write(stage, lambda uow: remove_schedule(uow, name="morning"))
    clock.advance(timedelta(days=7))
    worker.run_until_idle()
    assert numbers(stage) == []


def test_a_schedule_that_never_comes_due_is_refused(stage: Company) -> None:
    with pytest.raises(ZhangshiError) as refused:
        _schedule(stage, cron="0 0 30 2 *")
    assert refused.value.code == "jobs.bad_cron"
