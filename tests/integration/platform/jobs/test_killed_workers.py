"""kill -9 of a worker in the middle: nothing is lost, and nothing happens twice to our own database."""

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.companies import CompanyAddress
from tests.integration.platform.jobs.effects import count_effects, create_effects, effects, numbers, write
from tests.integration.platform.jobs.worker_process import MachineClock
from zhangshi.base.ids import CountingIds
from zhangshi.platform.jobs.dead_letters import list_jobs
from zhangshi.platform.jobs.health import read_health
from zhangshi.platform.jobs.queue import enqueue
from zhangshi.platform.unit_of_work import Company, UnitOfWork, open_company

_ROOT = Path(__file__).parents[4]
_SECONDS_MAX = 60
_LEASE_SECONDS = 1.0

Process = subprocess.Popen[str]


@pytest.fixture
def stage(address: CompanyAddress, ids: CountingIds) -> Iterator[Company]:
    """The company seen by the clock of the machine, which the processes share."""
    company = open_company(key="test", url=address.url, schema=address.schema, clock=MachineClock(), ids=ids)
    create_effects(company)
    yield company
    company.close()


@contextmanager
def _worker(address: CompanyAddress, *, pause_seconds: float) -> Iterator[Process]:
    program = [sys.executable, "-m", "tests.integration.platform.jobs.worker_process", address.url, address.schema]
    environment = {**os.environ, "PYTHONPATH": f"{_ROOT / 'src'}:{_ROOT}"}
    with subprocess.Popen(
        [*program, str(pause_seconds), str(_LEASE_SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env=environment,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _wait(reached: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + _SECONDS_MAX
    while not reached():
        assert time.monotonic() < until, f"not in {_SECONDS_MAX} s: {what}"
        time.sleep(0.02)


def _ask(company: Company, count: int) -> None:
    def ask(uow: UnitOfWork) -> None:
        for number in range(count):
            enqueue(uow, handler="record", payload=number)

    write(company, ask)


def test_a_worker_killed_in_the_middle_of_a_job_loses_nothing_and_doubles_nothing(
    stage: Company, address: CompanyAddress
) -> None:
    _ask(stage, 12)
    with _worker(address, pause_seconds=0.05) as victim:
        assert victim.stdout is not None
        begun = [victim.stdout.readline() for _ in range(4)]
        victim.kill()  # inside the transaction of the fourth job, with a batch of ten leased
        victim.wait()
    done = numbers(stage)
    assert (begun[3] != "", len(done) <= 4) == (True, True)
    with stage.read() as session:
        assert read_health(session, now=stage.clock.now()).jobs_leased > 0, "what it held is still leased to it"
    with _worker(address, pause_seconds=0):
        _wait(lambda: count_effects(stage) >= 12, "all jobs done")
        _wait(lambda: _jobs_left(stage) == 0, "no job left")
    assert sorted(numbers(stage)) == list(range(12))


def _jobs_left(company: Company) -> int:
    with company.read() as session:
        return len(list_jobs(session))


@pytest.mark.slow
def test_two_workers_drain_events_in_order_while_one_of_them_is_killed_and_replaced(
    postgresql_address: CompanyAddress, ids: CountingIds
) -> None:
    """2,000 events under 50 keys: each has exactly one effect, and each key has them in its order."""
    address = postgresql_address
    company = open_company(key="test", url=address.url, schema=address.schema, clock=MachineClock(), ids=ids)
    create_effects(company)

    def emit(uow: UnitOfWork, start: int) -> None:
        for number in range(start, start + 20):
            uow.emit("stock.moved", f"item-{number % 50}", number)

    with _worker(address, pause_seconds=0), _worker(address, pause_seconds=0) as victim:
        for start in range(0, 2000, 20):  # while the workers are at it, so that deliveries meet jobs that just finish
            write(company, partial(emit, start=start))
        _wait(lambda: count_effects(company) >= 500, "a quarter done")
        victim.kill()
        victim.wait()
        with _worker(address, pause_seconds=0):
            _wait(lambda: count_effects(company) >= 2000, "all events delivered")
            _wait(lambda: _jobs_left(company) == 0, "no job left")
    streams = defaultdict(list)
    for stream, number in effects(company):
        streams[stream].append(number)
    company.close()
    assert sorted(number for stream in streams.values() for number in stream) == list(range(2000))
    assert all(stream == sorted(stream) for stream in streams.values())
