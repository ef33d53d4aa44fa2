"""The worker's own writes: claims, heartbeats, failures. They go through the unit of work like everybody's.

Each is a request with a key of its own, and so is each job that ran: a write whose COMMIT got lost in the network is
not made twice. Once the next write has begun nobody can ask for these answers again, so it deletes their rows: a
worker leaves a handful of request rows behind, however many jobs it ran.
"""

import itertools
from collections.abc import Callable
from typing import TypeVar

from zhangshi.platform.jobs import _store as store
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

T = TypeVar("T")


class Bookkeeping:
    """Writes in the name of one thread of one worker."""

    def __init__(self, *, company: Company, name: str) -> None:
        self._company = company
        self._name = name
        self._numbers = itertools.count(1)
        self._past: list[str] = []

    def forget(self, request_key: str) -> None:
        """Let the next write delete the record of a request that has its answer."""
        self._past.append(request_key)

    def write(self, work: Callable[[UnitOfWork], T], *, answer_type: type[T]) -> T:
        """Run `work` in a transaction. Raises: what `Company.write` raises."""
        key = f"{self._name}/{next(self._numbers)}"
        past = tuple(self._past)

        def work_and_forget(uow: UnitOfWork) -> T:
            store.forget_requests(uow.session, past)
            return work(uow)

        request = Request(actor=self._name, key=key, content=None)
        answer = self._company.write(request, work_and_forget, answer_type=answer_type)
        self._past = [key]
        return answer
