"""What the tests of this folder run in other, real processes: each function is the whole life of one."""

import contextlib
import threading
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier, Event
from typing import Any

from tests.companies import CompanyAddress
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork, open_company

SPAWN = get_context("spawn")
SECONDS_MAX = 60
SAFE = (3, 53, 0)
AFFECTED = (3, 51, 2)

_BUMP = Statement("UPDATE outbox_event SET recorded_at = recorded_at + 1 WHERE event_id = ?")
_ADD = Statement(
    "INSERT INTO outbox_event (event_id, topic, ordering_key, payload, actor, recorded_at)"
    " VALUES (?, 't', 'k', '{}', 'a', 0)"
)


class WallClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def opened(address: CompanyAddress, *, first_id: int = 1, version: tuple[int, ...] | None = None) -> Company:
    ids = CountingIds(first_id)
    return open_company(
        key="test", url=address.url, schema=address.schema, clock=WallClock(), ids=ids, sqlite_version=version
    )


def add_counters(company: Company, *event_ids: int) -> None:
    """Put a row with a counter at zero into the company for each id."""

    def work(uow: UnitOfWork) -> int:
        return sum(uow.session.execute(_ADD, event_id) for event_id in event_ids)

    company.write(Request("a", "counters", None), work, answer_type=int)


def write_same_key(address: CompanyAddress, start: Event, answers: "Queue[Any]", name: str) -> None:
    """Race for one key; the answer says who did the work."""
    company = opened(address)

    def work(uow: UnitOfWork) -> str:
        time.sleep(0.2)  # so that the other is sure to be under way
        uow.session.execute(_BUMP, 1)
        return name

    start.wait(SECONDS_MAX)
    answers.put(company.write(Request("a", "the key", 1), work, answer_type=str))
    company.close()


def bump_both(address: CompanyAddress, start: Event, answers: "Queue[Any]", plan: tuple[int, int, Barrier]) -> None:
    """Change two rows in the given order, many times; at the first the two processes meet in the middle."""
    first, second, middle = plan
    company = opened(address)
    attempts = 0

    def work(uow: UnitOfWork) -> int:
        nonlocal attempts
        attempts += 1
        uow.session.execute(_BUMP, first)
        if attempts == 1:
            with contextlib.suppress(threading.BrokenBarrierError):  # SQLite lets one in at a time
                middle.wait(1.0)
        return uow.session.execute(_BUMP, second)

    start.wait(SECONDS_MAX)
    for number in range(20):
        company.write(Request("a", f"{first}-{second}-{number}", 1), work, answer_type=int)
    company.close()
    answers.put(attempts)


def hold_open(address: CompanyAddress, version: tuple[int, ...], ready: Event, leave: Event) -> None:
    """Use a company until told to leave."""
    company = opened(address, version=version)
    ready.set()
    leave.wait(SECONDS_MAX)
    company.close()


def write_until_told(address: CompanyAddress, ready: Event, leave: Event, answers: "Queue[Any]") -> None:
    """Write as fast as possible; report how many."""
    company = opened(address, first_id=1_000_000)
    count = 0

    def work(uow: UnitOfWork) -> int:
        uow.emit("t", "k", {"number": count})
        uow.emit("t", "k", {"number": count, "text": "x" * 200})
        return count

    while not leave.is_set():
        company.write(Request("a", f"w{count}", count), work, answer_type=int)
        count += 1
        if count == 20:
            ready.set()
    company.close()
    answers.put(count)


def try_to_open(address: CompanyAddress, version: tuple[int, ...], answers: "Queue[Any]") -> None:
    """Report the refusal, or "opened"."""
    try:
        opened(address, version=version).close()
    except ZhangshiError as refused:
        answers.put((refused.code, refused.message("en")))
    else:
        answers.put("opened")


def in_thread(function: Any, *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=function, args=arguments, daemon=True)
    thread.start()
    return thread
