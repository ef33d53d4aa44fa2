"""The ledger's own background work: seal, expire promises, take and thin snapshots.

Handlers are registered by `bootstrap` in every process that runs a worker; the schedules are rows, set once when a
company is opened. Each handler does one batch and leaves the rest to its next run, so no transaction grows long.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from zhangshi.base.periods import business_date
from zhangshi.ledger.service.reserve import expire_due
from zhangshi.ledger.service.sealing import seal_pending
from zhangshi.ledger.service.setup import lock_head
from zhangshi.ledger.service.snapshots import take_snapshot, thin_snapshots
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.model import Job
from zhangshi.platform.jobs.schedule import set_schedule
from zhangshi.platform.unit_of_work import UnitOfWork

SEAL, EXPIRE, SNAPSHOT = "ledger.seal", "ledger.expire_reservations", "ledger.snapshot"

SCHEDULES = ((SEAL, "* * * * *"), (EXPIRE, "* * * * *"), (SNAPSHOT, "30 0 * * *"))
"""Handler and cron expression, in the company's time zone."""


def register_handlers(handlers: Handlers) -> None:
    """Add the ledger's handlers to a worker's register."""
    handlers.add_database(SEAL, _seal)
    handlers.add_database(EXPIRE, _expire)
    handlers.add_database(SNAPSHOT, _snapshot)


def set_schedules(uow: UnitOfWork, *, time_zone: str = "Asia/Shanghai") -> None:
    """Set the ledger's schedules; setting them again keeps their next runs."""
    for handler, cron in SCHEDULES:
        set_schedule(uow, name=handler, cron=cron, handler=handler, time_zone=time_zone)


def _seal(uow: UnitOfWork, _job: Job) -> None:
    seal_pending(uow)


def _expire(uow: UnitOfWork, _job: Job) -> None:
    expire_due(uow)


def _snapshot(uow: UnitOfWork, _job: Job) -> None:
    """Take yesterday's snapshot and thin the old ones."""
    head = lock_head(uow)
    today = business_date(uow.now, ZoneInfo(head.time_zone))
    take_snapshot(uow, day=today - timedelta(days=1))
    thin_snapshots(uow)
