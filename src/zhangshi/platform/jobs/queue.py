"""Asking for work: a job, or a timer, written in the caller's own transaction.

    enqueue(uow, handler="send_quote", payload={"order": 17}, unique_key="quote-17")
    set_timer(uow, key="transfer-4711-unsigned", run_at=uow.now + timedelta(hours=48), handler="remind", payload=4711)
    cancel_timer(uow, key="transfer-4711-unsigned")

If the transaction rolls back, nothing was asked for.
"""

from datetime import datetime

import msgspec

from zhangshi.base.clock import instant_to_micros
from zhangshi.platform.jobs import _store as store
from zhangshi.platform.unit_of_work import UnitOfWork

_ONCE = "once/"
_TIMER = "timer/"


def enqueue(
    uow: UnitOfWork,
    *,
    handler: str,
    payload: object = None,
    run_at: datetime | None = None,
    unique_key: str | None = None,
) -> int:
    """Ask for one run of `handler`, not before `run_at` (default: at once); return the job's id.

    While an unfinished job has `unique_key`, asking again with that key returns that job instead. Jobs keep no order
    among each other: work that needs one follows from an event (`uow.emit`).
    """
    key = None if unique_key is None else _ONCE + unique_key
    return store.insert_once(uow.session, _new_job(uow, handler, payload, run_at or uow.now, key))


def set_timer(uow: UnitOfWork, *, key: str, run_at: datetime, handler: str, payload: object = None) -> None:
    """Run `handler` at `run_at` unless the timer is cancelled or moved before.

    Setting a timer of the same key again moves it: the last setting counts, also for a timer that is just going off
    and has not committed. A timer in the past goes off at once.
    """
    store.insert_or_move(uow.session, _new_job(uow, handler, payload, run_at, _TIMER + key))


def cancel_timer(uow: UnitOfWork, *, key: str) -> bool:
    """Take the timer back; return False if there is none (it has gone off, or was never set).

    True is a promise for handlers on our own database: the effect has not happened and will not. A handler with an
    outside effect may be in the middle of it.
    """
    return store.delete_unique(uow.session, _TIMER + key)


def _new_job(uow: UnitOfWork, handler: str, payload: object, run_at: datetime, unique_key: str | None) -> store.NewJob:
    return store.NewJob(
        job_id=uow.next_id(),
        handler=handler,
        unique_key=unique_key,
        payload=msgspec.json.encode(payload).decode(),
        due_at=instant_to_micros(run_at),
        enqueued_at=uow.now_micros,
    )
