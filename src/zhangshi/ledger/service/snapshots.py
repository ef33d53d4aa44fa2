"""Daily snapshots: they make an old balance cheap, and change no answer.

A schedule takes one each night and thins old ones: every day of the last five weeks, then month ends. Taking one holds
the head, so no posting falls between what was read and what is written; later postings of an earlier date add
themselves (`_store.snapshots.adjust`).
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from zhangshi.base.periods import Period, business_date
from zhangshi.ledger._store import snapshots as store
from zhangshi.ledger.service.queries import as_of
from zhangshi.ledger.service.setup import lock_head
from zhangshi.platform.unit_of_work import UnitOfWork

KEEP_DAYS = 35


def take_snapshot(uow: UnitOfWork, *, day: date) -> bool:
    """Take the snapshot of a business day; False when there is one already.

    Raises: ledger.not_open.
    """
    head = lock_head(uow)
    on = day.isoformat()
    if uow.session.query(store.NEAREST, on)[0][0] == on:
        return False
    found = as_of(uow.session, day=day)
    uow.session.execute(store.INSERT_DAY, on, uow.now_micros)
    uow.session.execute_rows(store.INSERT_BALANCES, [(on, *key, q) for key, q in sorted(found.balances.items()) if q])
    uow.session.execute_rows(store.INSERT_VALUES, [(on, i, *v) for i, v in sorted(found.values.items()) if v != (0, 0)])
    if on > head.snapshot_through_on:
        uow.session.execute(store.ADVANCE, on)
    return True


def thin_snapshots(uow: UnitOfWork, *, keep_days: int = KEEP_DAYS) -> int:
    """Delete snapshots older than `keep_days` that are no month end; return how many days went."""
    head = lock_head(uow)
    today = business_date(uow.now, ZoneInfo(head.time_zone))
    oldest = (today - timedelta(days=keep_days)).isoformat()
    gone = [
        day
        for (day,) in uow.session.query(store.DAYS)
        if day < oldest and day != head.snapshot_through_on and not _is_month_end(date.fromisoformat(day))
    ]
    for day in gone:
        uow.session.execute(store.DELETE_DAY, day)
        uow.session.execute(store.DELETE_BALANCES, day)
        uow.session.execute(store.DELETE_VALUES, day)
    return len(gone)


def _is_month_end(day: date) -> bool:
    return day == Period.of(day).ends_on
