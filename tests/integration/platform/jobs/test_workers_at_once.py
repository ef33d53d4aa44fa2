"""Two workers in the same moment, on PostgreSQL; on SQLite there is no such moment, because writers take turns."""

import threading
import time
from collections.abc import Iterator

import pytest

from tests.integration.platform.jobs.effects import record_event, write
from tests.integration.platform.jobs.test_running_jobs import jobs_of
from zhangshi.platform.jobs import _schedule_store as schedules
from zhangshi.platform.jobs import _store as store
from zhangshi.platform.jobs.deliveries import deliver_events
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.model import Job
from zhangshi.platform.jobs.schedule import run_due_schedules, set_schedule
from zhangshi.platform.jobs.worker import beside
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, UnitOfWork

_SECONDS_MAX = 4
_LATER = 10**16
_COUNT_BLOCKED = Statement("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def first(postgresql_company: Company) -> Company:
    return postgresql_company


@pytest.fixture
def second(first: Company) -> Iterator[Company]:
    company = beside(first)
    yield company
    company.close()


@pytest.fixture
def handlers() -> Handlers:
    registered = Handlers()
    registered.add_database("record", record_event, topics=["*"])
    return registered


def _deliver(uow: UnitOfWork, handlers: Handlers) -> int:
    return deliver_events(uow.session, handlers=handlers, next_id=uow.next_id, now_micros=uow.now_micros)


def _claim(company: Company) -> list[Job]:
    return write(
        company,
        lambda uow: store.claim(
            uow.session, handlers=["record"], now=uow.now_micros, lease_until=uow.now_micros + 10**9, size=10
        ),
    )


def _emit(company: Company) -> None:
    write(company, lambda uow: uow.emit("stock.moved", "a", 1))


def test_one_worker_delivers_at_a_time_and_the_other_goes_on(
    first: Company, second: Company, handlers: Handlers
) -> None:
    _emit(first)

    def deliver_while_the_other_tries(uow: UnitOfWork) -> tuple[int, int]:
        ours = _deliver(uow, handlers)
        return ours, write(second, lambda other: _deliver(other, handlers))

    assert write(first, deliver_while_the_other_tries) == (1, 0)
    assert len(jobs_of(first)) == 1


def test_two_workers_never_claim_the_same_job(first: Company, second: Company, handlers: Handlers) -> None:
    _emit(first)
    write(first, lambda uow: _deliver(uow, handlers))

    def claim_while_the_other_tries(uow: UnitOfWork) -> tuple[int, int]:
        ours = store.claim(uow.session, handlers=["record"], now=uow.now_micros, lease_until=_LATER, size=10)
        return len(ours), len(_claim(second))

    assert write(first, claim_while_the_other_tries) == (1, 0)


@pytest.mark.parametrize("waiting", [0, 1, 3])
def test_a_delivery_to_a_stream_whose_first_job_is_just_finished_is_not_forgotten(
    first: Company, second: Company, handlers: Handlers, waiting: int
) -> None:
    """The finishing transaction cannot see the new job, and the delivery still sees the finished one."""
    for _ in range(1 + waiting):
        _emit(first)
    write(first, lambda uow: _deliver(uow, handlers))
    (head,) = _claim(first)
    _emit(first)
    delivery = threading.Thread(target=lambda: write(second, lambda uow: _deliver(uow, handlers)))

    def finish_while_the_other_delivers(uow: UnitOfWork) -> None:
        assert store.finish(uow.session, head, now=uow.now_micros)
        delivery.start()
        until = time.monotonic() + _SECONDS_MAX
        while uow.session.query(_COUNT_BLOCKED)[0][0] == 0 and delivery.is_alive() and time.monotonic() < until:
            time.sleep(0.01)

    write(first, finish_while_the_other_delivers)
    delivery.join()
    states = [job.state for job in jobs_of(first)]
    assert states == ["pending"] + ["waiting"] * waiting, "one can go, and all others are behind it"


def test_of_two_workers_that_read_a_schedule_as_due_one_moves_it_on(first: Company, second: Company) -> None:
    write(first, lambda uow: set_schedule(uow, name="minute", cron="* * * * *", handler="record"))

    def be_late(uow: UnitOfWork) -> bool:
        (due,) = schedules.list_due(uow.session, _LATER)
        write(second, lambda other: schedules.advance(other.session, due, next_due_at=due.due_at + 1))
        return schedules.advance(uow.session, due, next_due_at=due.due_at + 2)

    assert write(first, be_late) is False
    with first.read() as session:
        (row,) = schedules.list_all(session)
    assert row.last_due_at == row.due_at - 1, "the first to commit has set it"


def test_a_schedule_that_is_not_due_is_left_alone(first: Company) -> None:
    write(first, lambda uow: set_schedule(uow, name="minute", cron="* * * * *", handler="record"))
    assert write(first, lambda uow: run_due_schedules(uow.session, next_id=uow.next_id, now=uow.now)) == 0
