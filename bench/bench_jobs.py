"""Jobs: what it costs to ask for one inside a transaction, and how many no-op jobs a worker finishes a second."""

import time
from collections.abc import Callable

from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.queue import enqueue
from zhangshi.platform.jobs.worker import Worker
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

_JOBS = 2000
_EVENTS = 2000
_KEYS = 50
_IDLE_LOOKS = 500


def run(company: Company) -> dict[str, float]:
    """Return the figures; the company keeps none of the jobs. About five seconds a database."""
    handlers = Handlers()
    handlers.add_database("bench.noop", lambda _uow, _job: None)
    handlers.add_outside("bench.outside", lambda _job: None)
    handlers.add_database("bench.event", lambda _uow, _job: None, topics=["bench.happened"])
    worker = Worker(company=company, handlers=handlers, noise=lambda _bits: 0, name="bench")

    def emit(uow: UnitOfWork) -> None:
        for number in range(_EVENTS):
            uow.emit("bench.happened", f"key-{number % _KEYS}", number)

    enqueue_seconds = _ask(company, "bench.noop")
    database_seconds = _timed(worker.run_until_idle)
    _ask(company, "bench.outside")
    outside_seconds = _timed(worker.run_until_idle)
    _write(company, emit)
    event_seconds = _timed(worker.run_until_idle)
    idle_seconds = _timed(lambda: [worker.run_once() for _ in range(_IDLE_LOOKS)])
    return {
        "enqueue_us": enqueue_seconds / _JOBS * 1e6,
        "database_jobs_per_second": _JOBS / database_seconds,
        "outside_jobs_per_second": _JOBS / outside_seconds,
        "ordered_events_per_second": _EVENTS / event_seconds,
        "idle_look_us": idle_seconds / _IDLE_LOOKS * 1e6,
    }


def _ask(company: Company, handler: str) -> float:
    """Ask for all jobs in one transaction; return the seconds spent inside it."""
    spent = [0.0]

    def ask(uow: UnitOfWork) -> None:
        started = time.perf_counter()
        for number in range(_JOBS):
            enqueue(uow, handler=handler, payload=number)
        spent[0] = time.perf_counter() - started

    _write(company, ask)
    return spent[0]


def _write(company: Company, work: Callable[[UnitOfWork], None]) -> None:
    company.write(Request("bench", f"bench-{company.ids.next_id()}", None), work, answer_type=type(None))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
