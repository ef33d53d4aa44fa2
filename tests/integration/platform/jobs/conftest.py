"""A worker with a lease of 30 seconds, on a company that has a table for effects."""

from collections.abc import Callable, Iterator

import pytest

from tests.integration.platform.jobs import effects
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.worker import Worker, WorkerSettings
from zhangshi.platform.unit_of_work import Company

MakeWorker = Callable[..., Worker]


def no_noise(_bits: int, /) -> int:
    return 0


@pytest.fixture
def stage(company: Company) -> Company:
    """The company, with a table that handlers write to."""
    effects.create_effects(company)
    return company


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
def make_worker(stage: Company, handlers: Handlers) -> Iterator[MakeWorker]:
    made: list[Worker] = []

    def make(name: str = "worker") -> Worker:
        settings = WorkerSettings(lease_seconds=30)
        made.append(Worker(company=stage, handlers=handlers, noise=no_noise, name=name, settings=settings))
        return made[-1]

    yield make
    for worker in made:
        worker.close()


@pytest.fixture
def worker(make_worker: MakeWorker) -> Worker:
    return make_worker()
