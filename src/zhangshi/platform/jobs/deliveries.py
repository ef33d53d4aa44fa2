"""From the outbox to the handlers: each event becomes one job per handler that subscribed to its topic.

Problem. Events are written in the transaction that they report. They must reach every handler at least once and, per
ordering key, in their order, with several workers at work.

Rule. One transaction reads the oldest events, writes a job per (event, handler), and deletes the events: a crash leaves
either the event or its jobs. Only one worker at a time does this (it locks the row of `job_delivery`), and the ids of
the jobs rise, so "earlier" means a smaller job id. Of the jobs of one (handler, ordering key) only the first can
be claimed; the others wait and are let go one by one, each by the transaction that finishes the job before it.

Worked example. Events 1 (key A), 2 (key A), 3 (key B), two handlers: six jobs, of which four can be claimed at once
(A1 and B3, for each handler); the two of event 2 wait for those of event 1.

Order means: two events whose transactions followed one another arrive in that order. Transactions that overlapped have
no order of their own; their events arrive in the order in which they became visible.
"""

from collections.abc import Callable

import msgspec

from zhangshi.platform.jobs import _delivery_store as store
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.model import Event, JobState
from zhangshi.platform.session import Session

_BATCH_SIZE = 500


def deliver_events(
    session: Session,
    *,
    handlers: Handlers,
    next_id: Callable[[], int],
    now_micros: int,
    size: int = _BATCH_SIZE,
) -> int:
    """Turn up to `size` events into jobs; return how many there were.

    An event that no handler wants is deleted. Zero also when another worker is delivering. Cost: seven statements,
    however many events.
    """
    last_job_id = store.lock_deliveries(session)
    if last_job_id is None:
        return 0
    events = store.list_events(session, size=size)
    if not events:
        return 0
    wanted = [
        (event, handler.name, (event.ordering_key or None) if handler.in_order else None)
        for event in events
        for handler in handlers.subscribed_to(event.topic)
    ]
    streams = sorted({(name, key) for _, name, key in wanted if key is not None})
    busy = store.lock_busy_streams(session, streams)
    jobs = []
    for event, name, key in wanted:
        last_job_id = max(last_job_id + 1, next_id())
        waits = key is not None and (name, key) in busy
        if key is not None:
            busy.add((name, key))
        jobs.append(_job(last_job_id, event, name, key, waits=waits, now_micros=now_micros))
    store.store_deliveries(session, jobs=jobs, event_ids=[event.event_id for event in events], last_job_id=last_job_id)
    return len(events)


def _job(
    job_id: int, event: store.OutboxEvent, handler: str, key: str | None, *, waits: bool, now_micros: int
) -> store.EventJob:
    return store.EventJob(
        job_id=job_id,
        handler=handler,
        ordering_key=key,
        payload=_encode(event),
        state=JobState.WAITING if waits else JobState.PENDING,
        due_at=None if waits else now_micros,
        enqueued_at=now_micros,
    )


def _encode(event: store.OutboxEvent) -> str:
    return msgspec.json.encode(
        Event(
            event_id=event.event_id,
            topic=event.topic,
            key=event.ordering_key,
            payload=msgspec.Raw(event.payload.encode()),
            actor=event.actor,
            recorded_at=event.recorded_at,
        )
    ).decode()
