"""Where database work is done: a few threads of our own, each lane with a bounded queue.

Problem. A pool of forty threads that all want one writer is five times slower than one thread, and an endless queue
turns a busy minute into a busy hour. Rule. A process has one thread that writes, two that read, and one for what takes
long (hashing passwords, streaming an export). Who finds a lane full is told so at once and when to come again.
"""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors

T = TypeVar("T")

LaneName = Literal["write", "read", "slow"]
SECONDS_RETRY = 2
_WAITING_MAX = 128


class Lane:
    """Threads that share one queue. Only an event loop's thread may call `run`."""

    def __init__(self, name: str, *, threads: int, waiting_max: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"zhangshi-{name}")
        self._places = threads + waiting_max

    async def run(self, work: Callable[[], T]) -> T:
        """Have `work` done; it is finished even if nobody waits for it any more.

        Raises: http.busy if the queue is full; what `work` raises.
        """
        if self._places <= 0:
            raise ZhangshiError(errors.BUSY, seconds=SECONDS_RETRY)
        self._places -= 1
        context = contextvars.copy_context()
        future: asyncio.Future[T] = asyncio.get_running_loop().run_in_executor(self._pool, lambda: context.run(work))
        future.add_done_callback(self._leave)
        return await asyncio.shield(future)

    def _leave(self, future: "asyncio.Future[T]") -> None:
        self._places += 1
        if not future.cancelled():
            future.exception()  # whoever waited has it; if nobody did, it is no loose end

    def close(self) -> None:
        """Finish what is being done and what waits."""
        self._pool.shutdown(wait=True)


class Lanes:
    """The lanes of one process."""

    def __init__(self, *, waiting_max: int = _WAITING_MAX) -> None:
        self._lanes: dict[LaneName, Lane] = {
            "write": Lane("write", threads=1, waiting_max=waiting_max),
            "read": Lane("read", threads=2, waiting_max=waiting_max),
            "slow": Lane("slow", threads=1, waiting_max=waiting_max),
        }

    async def run(self, name: LaneName, work: Callable[[], T]) -> T:
        """See `Lane.run`."""
        return await self._lanes[name].run(work)

    def close(self) -> None:
        """Close all lanes."""
        for lane in self._lanes.values():
            lane.close()
