"""A worker in a process of its own, to be killed: python -m tests.integration.platform.jobs.worker_process URL SCHEMA.

Its handlers write one row each, and pause inside their transaction so that a kill finds them in the middle. Every run
that begins is told on standard output.
"""

import random
import sys
import threading
import time
from datetime import UTC, datetime

import structlog

from tests.integration.platform.jobs.effects import record, record_event
from zhangshi.base.ids import TimeOrderedIds
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.model import Job
from zhangshi.platform.jobs.worker import Worker, WorkerSettings
from zhangshi.platform.unit_of_work import UnitOfWork, open_company


class MachineClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def main(url: str, schema: str, pause_seconds: float, lease_seconds: float) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sys.stderr))

    def slowly(uow: UnitOfWork, job: Job) -> None:
        sys.stdout.write(f"{job.job_id}\n")
        sys.stdout.flush()
        (record_event if job.ordering_key else record)(uow, job)
        time.sleep(pause_seconds)

    handlers = Handlers()
    handlers.add_database("record", slowly, topics=["stock.moved"])
    ids = TimeOrderedIds(lambda: time.time_ns() // 1000, random.getrandbits)
    company = open_company(key="test", url=url, schema=schema, clock=MachineClock(), ids=ids)
    settings = WorkerSettings(lease_seconds=lease_seconds)
    worker = Worker(company=company, handlers=handlers, noise=random.getrandbits, name="process", settings=settings)
    threading.Thread(target=_stop_at_end_of_input, args=(worker,), daemon=True).start()
    worker.run()
    company.close()


def _stop_at_end_of_input(worker: Worker) -> None:
    sys.stdin.read()
    worker.request_stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
