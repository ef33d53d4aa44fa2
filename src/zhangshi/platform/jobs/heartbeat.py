"""The second thread of a worker: it renews leases and shows that the worker is alive, also while a job runs long."""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from zhangshi.base.clock import instant_to_micros
from zhangshi.platform.jobs import _inspection_store as store
from zhangshi.platform.jobs.bookkeeping import Bookkeeping
from zhangshi.platform.jobs.leases import Leases
from zhangshi.platform.unit_of_work import Company, UnitOfWork

_log = structlog.get_logger(__name__)
_FORGOTTEN_AFTER_MICROS = timedelta(days=1) // timedelta(microseconds=1)


class Heartbeat:
    """Renews the leases of one worker at even intervals; `shared` says that the company is not ours to close."""

    def __init__(self, *, company: Company, shared: bool, leases: Leases, worker_id: int, name: str) -> None:
        self._company = company
        self._shared = shared
        self._leases = leases
        self._worker_id = worker_id
        self._name = name
        self._books = Bookkeeping(company=company, name=f"heartbeat/{worker_id}")
        self._started_at = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, *, every_seconds: float) -> None:
        """Beat once now, and then in a thread."""
        self._started_at = instant_to_micros(self._company.clock.now())
        self._stopping.clear()
        self._try(self._begin)
        self._thread = threading.Thread(target=self._run, args=(every_seconds,), name="zhangshi-heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop beating and take the worker off the list."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._try(self._end)

    def close(self) -> None:
        """Disconnect."""
        if not self._shared:
            self._company.close()
            self._shared = True

    def _run(self, every_seconds: float) -> None:
        while not self._stopping.wait(every_seconds):
            self._try(self._beat)

    def _try(self, work: Callable[[UnitOfWork], None]) -> None:
        try:
            self._books.write(work, answer_type=type(None))
        except Exception:  # noqa: BLE001 - a beat that fails is made up for by the next; if none succeeds the leases run out
            _log.exception("heartbeat_failed", worker_id=self._worker_id)

    def _begin(self, uow: UnitOfWork) -> None:
        store.delete_old_workers(uow.session, uow.now_micros - _FORGOTTEN_AFTER_MICROS)
        self._show(uow)

    def _beat(self, uow: UnitOfWork) -> None:
        self._leases.renew(uow)
        self._show(uow)

    def _end(self, uow: UnitOfWork) -> None:
        store.delete_worker(uow.session, self._worker_id)

    def _show(self, uow: UnitOfWork) -> None:
        row = store.WorkerRow(
            worker_id=self._worker_id,
            name=self._name,
            started_at=self._started_at,
            seen_at=uow.now_micros,
            running=len(self._leases),
        )
        store.put_worker(uow.session, row)
