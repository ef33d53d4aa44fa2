"""A worker in a thread of the server's process: it starts, shows itself, rests cheaply, and stops."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.clocks import SettableClock
from tests.integration.platform.jobs.effects import create_effects, numbers, record, write
from tests.integration.platform.jobs.test_running_jobs import jobs_of
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.health import read_health
from zhangshi.platform.jobs.model import Job
from zhangshi.platform.jobs.queue import enqueue
from zhangshi.platform.jobs.worker import Worker, WorkerSettings
from zhangshi.platform.unit_of_work import Company, UnitOfWork

_SECONDS_MAX = 20


def _wait(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + _SECONDS_MAX
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.005)


def _alive(company: Company, clock: SettableClock) -> int:
    with company.read() as session:
        return read_health(session, now=clock.now()).workers_alive


def test_a_started_worker_runs_jobs_until_it_is_stopped(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    handlers.add_database("record", record)
    worker.start()
    write(stage, lambda uow: enqueue(uow, handler="record", payload=1))
    worker.wake()
    _wait(lambda: numbers(stage) == [1])
    assert _alive(stage, clock) == 1
    worker.stop()
    write(stage, lambda uow: enqueue(uow, handler="record", payload=2))
    assert _alive(stage, clock) == 0
    assert numbers(stage) == [1]


def test_a_worker_that_is_silent_for_a_minute_does_not_count_as_alive(
    stage: Company, worker: Worker, clock: SettableClock
) -> None:
    worker.start()
    _wait(lambda: _alive(stage, clock) == 1)
    clock.advance(timedelta(seconds=61))  # its next heartbeat is ten real seconds away
    assert _alive(stage, clock) == 0
    worker.stop()


def test_waking_spares_the_rest(stage: Company, handlers: Handlers) -> None:
    handlers.add_database("record", record)
    settings = WorkerSettings(rest_seconds_min=_SECONDS_MAX * 2, rest_seconds_max=_SECONDS_MAX * 2)
    worker = Worker(company=stage, handlers=handlers, noise=lambda _bits: 0, name="sleepy", settings=settings)
    worker.start()
    write(stage, lambda uow: enqueue(uow, handler="record", payload=1))

    def woken() -> bool:
        worker.wake()
        return numbers(stage) == [1]

    _wait(woken)
    worker.stop()


def test_an_idle_worker_rests_longer_and_longer_but_not_past_the_next_due_job(
    stage: Company, handlers: Handlers, clock: SettableClock
) -> None:
    rests: list[float] = []
    handlers.add_database("record", record)

    def pause(seconds: float) -> None:
        rests.append(seconds)
        clock.advance(timedelta(seconds=seconds))
        if numbers(stage):
            worker.request_stop()

    worker = Worker(company=stage, handlers=handlers, noise=lambda _bits: 0, name="idle", pause=pause)
    write(stage, lambda uow: enqueue(uow, handler="record", payload=1, run_at=uow.now + timedelta(seconds=2.5)))
    worker.run()
    assert rests == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.8, 0.95, 0.05])


def test_an_idle_look_is_one_read_and_no_write(stage: Company, worker: Worker) -> None:
    worker.run_once()

    def versions() -> object:
        with stage.read() as session:
            return session.core.exec_driver_sql("SELECT count(*), max(request_key) FROM request").one()

    before = versions()
    assert worker.run_once() is False
    assert versions() == before


def test_a_worker_leaves_one_request_row_however_many_jobs_it_claims(
    stage: Company, handlers: Handlers, worker: Worker
) -> None:
    handlers.add_outside("nothing", lambda _job: None)
    for _ in range(40):
        write(stage, lambda uow: enqueue(uow, handler="nothing"))
    worker.run_until_idle()
    with stage.read() as session:
        actors = [row[0] for row in session.core.exec_driver_sql("SELECT actor FROM request")]
    assert len([actor for actor in actors if actor.startswith("worker/")]) == 1


@pytest.mark.parametrize("kind", ["database", "outside"])
def test_a_long_job_keeps_its_lease_by_heartbeats(
    stage: Company, handlers: Handlers, clock: SettableClock, kind: str
) -> None:
    """The job takes three leases; a second worker is there all the time and never gets it."""
    runs: list[int] = []
    done = threading.Event()

    def long(job: Job) -> None:
        runs.append(job.fence)
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            time.sleep(0.01)
            clock.advance(timedelta(seconds=0.01))
        done.set()

    if kind == "database":
        handlers.add_database("long", lambda _uow, job: long(job))
    else:
        handlers.add_outside("long", long)
    settings = WorkerSettings(lease_seconds=0.5)
    workers = [
        Worker(company=stage, handlers=handlers, noise=lambda _bits: 0, name=name, settings=settings) for name in "ab"
    ]
    write(stage, lambda uow: enqueue(uow, handler="long"))
    for worker in workers:
        worker.start()
    assert done.wait(_SECONDS_MAX)
    for worker in workers:
        worker.stop()
    assert runs == [1]
    assert jobs_of(stage) == []


def test_the_loop_survives_a_handler_that_breaks_the_connection(
    postgresql_company: Company, handlers: Handlers
) -> None:
    create_effects(postgresql_company)
    broken: list[int] = []

    def break_once(uow: UnitOfWork, job: Job) -> None:
        record(uow, job)
        if not broken:
            broken.append(1)
            uow.session.core.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    handlers.add_database("record", break_once)
    write(postgresql_company, lambda uow: enqueue(uow, handler="record", payload=1))
    worker = Worker(company=postgresql_company, handlers=handlers, noise=lambda _bits: 0, name="worker")
    worker.run_until_idle()
    worker.close()
    assert numbers(postgresql_company) == [1]
