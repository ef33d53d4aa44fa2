"""Schedules: work that comes back by a cron expression, in the company's time zone.

Rule. A schedule is a row that says when it is due next. Whoever finds it due moves that time on *if it is still the
one he read* and writes the job in the same transaction: with any number of workers each run is enqueued once. Runs
that were missed while no worker was there are made up for by one. A run that is still under way, or
waiting to be tried again, is not doubled; a dead one is tried afresh.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from zhangshi.base.clock import instant_to_micros
from zhangshi.platform.jobs import _schedule_store as store
from zhangshi.platform.jobs import _store as jobs
from zhangshi.platform.jobs._schedule_store import Schedule
from zhangshi.platform.jobs.cron import COMPANY_TIME_ZONE, next_due
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork

_SCHEDULE = "schedule/"


def set_schedule(
    uow: UnitOfWork,
    *,
    name: str,
    cron: str,
    handler: str,
    payload: object = None,
    time_zone: str = COMPANY_TIME_ZONE,
) -> None:
    """Run `handler` whenever `cron` comes due; setting an unchanged schedule again keeps its next run.

    Raises: jobs.bad_cron.
    """
    due = next_due(cron=cron, time_zone=time_zone, after=uow.now)
    row = Schedule(
        name=name,
        cron=cron,
        time_zone=time_zone,
        handler=handler,
        payload=msgspec.json.encode(payload).decode(),
        due_at=instant_to_micros(due),
        last_due_at=None,
    )
    store.put(uow.session, row)


def remove_schedule(uow: UnitOfWork, *, name: str) -> bool:
    """Forget a schedule; a run that was enqueued already still happens. False if there is none."""
    return store.delete(uow.session, name)


def list_schedules(session: Session) -> list[Schedule]:
    """Return all schedules by name."""
    return store.list_all(session)


def run_due_schedules(session: Session, *, next_id: Callable[[], int], now: datetime) -> int:
    """Enqueue one job for each schedule that is due; return how many were due and ours."""
    now_micros = instant_to_micros(now)
    ours = 0
    for due in store.list_due(session, now_micros):
        next_time = next_due(cron=due.cron, time_zone=due.time_zone, after=now)
        if store.advance(session, due, next_due_at=instant_to_micros(next_time)):
            jobs.insert_or_revive(session, _job(due, next_id(), now_micros))
            ours += 1
    return ours


def _job(due: Schedule, job_id: int, now_micros: int) -> jobs.NewJob:
    return jobs.NewJob(
        job_id=job_id,
        handler=due.handler,
        unique_key=_SCHEDULE + due.name,
        payload=due.payload,
        due_at=now_micros,
        enqueued_at=now_micros,
    )
