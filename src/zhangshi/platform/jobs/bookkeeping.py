"""The worker's own writes: claims, heartbeats, failures. They go through the unit of work like everybody's.

Each is a request with a key of its own, so that a claim whose COMMIT got lost in the network is not made twice. Nobody
asks for these answers again once the next write has succeeded, so each write deletes the request row of the one
before it: a worker leaves one row, however long it runs.
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
        self._before: str | None = None

    def write(self, work: Callable[[UnitOfWork], T], *, answer_type: type[T]) -> T:
        """Run `work` in a transaction. Raises: what `Company.write` raises."""
        key = f"{self._name}/{next(self._numbers)}"
        before = self._before

        def work_and_tidy(uow: UnitOfWork) -> T:
            if before is not None:
                store.forget_request(uow.session, before)
            return work(uow)

        answer = self._company.write(
            Request(actor=self._name, key=key, content=None), work_and_tidy, answer_type=answer_type
        )
        self._before = key
        return answer
