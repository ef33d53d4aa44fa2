"""The worker: delivers events, starts schedules, claims jobs and runs them, one after the other.

Any number of workers share one PostgreSQL company; on SQLite one thread in the server's process is enough, and more
processes are allowed. A second thread renews the leases and shows that the worker is alive. When nothing is due a
worker asks again after 50 ms, then more and more rarely, once a second at the longest (one read, no write), and no
later than the next job or schedule comes due.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import structlog

from zhangshi.base.clock import instant_to_micros
from zhangshi.base.ids import Noise
from zhangshi.platform.jobs import _inspection_store as inspection
from zhangshi.platform.jobs import _store as store
from zhangshi.platform.jobs.bookkeeping import Bookkeeping
from zhangshi.platform.jobs.deliveries import deliver_events
from zhangshi.platform.jobs.execution import Execution
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.heartbeat import Heartbeat
from zhangshi.platform.jobs.leases import Leases
from zhangshi.platform.jobs.model import SECOND_MICROS, Job
from zhangshi.platform.jobs.ports import Pause
from zhangshi.platform.jobs.schedule import run_due_schedules
from zhangshi.platform.unit_of_work import Company, UnitOfWork

_log = structlog.get_logger(__name__)
_WAIT_SECONDS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How a worker paces itself."""

    lease_seconds: float = 30
    claim_size: int = 10
    """Jobs leased at once; a slow one lets the others of its batch wait."""
    rest_seconds_min: float = 0.05
    rest_seconds_max: float = 1.0


class Gathered(msgspec.Struct, frozen=True):
    """What one look at the tables brought."""

    events: int
    schedules: int
    jobs: list[Job]


class Worker:
    """One worker. `run_once` does what is due now; `run` goes on until `stop`; `start` does so in a thread.

    A worker that has ended is not started again; one that never ran is ended by `close`.
    """

    def __init__(
        self,
        *,
        company: Company,
        handlers: Handlers,
        noise: Noise,
        name: str,
        settings: WorkerSettings | None = None,
        pause: Pause | None = None,
    ) -> None:
        self._settings = settings or WorkerSettings()
        self._company = beside(company)
        self._owned = self._company is not company
        self._handlers = handlers
        self._leases = Leases(lease_micros=int(self._settings.lease_seconds * SECOND_MICROS))
        self.worker_id = company.ids.next_id()
        self._books = Bookkeeping(company=self._company, name=f"worker/{self.worker_id}")
        self._execution = Execution(company=self._company, handlers=handlers, bookkeeping=self._books, noise=noise)
        self._heartbeat = Heartbeat(
            company=beside(company), shared=not self._owned, leases=self._leases, worker_id=self.worker_id, name=name
        )
        self._stopping = threading.Event()
        self._attention = threading.Event()
        self._ended = threading.Event()
        self._pause: Pause = pause or self._wait_for_attention
        self._thread: threading.Thread | None = None
        self._next_due = 0

    def start(self) -> None:
        """Run in a thread of this process until `stop`."""
        self._thread = threading.Thread(target=self._run_and_tell, name="zhangshi-worker", daemon=True)
        self._thread.start()

    def _run_and_tell(self) -> None:
        try:
            self.run()
        finally:
            self._ended.set()

    def stop(self) -> None:
        """End after the job in hand; wait for that if it runs in a thread of ours. Leased jobs are given back."""
        self.request_stop()
        if self._thread is not None:
            self._ended.wait()
            self._thread.join()
            self._thread = None

    def wait(self) -> None:
        """Return when the thread has ended; an interrupt (Ctrl-C) comes through as an exception."""
        # Not by joining: in Python 3.11 an interrupted join takes the thread for ended.
        while self._thread is not None and not self._ended.wait(_WAIT_SECONDS):
            pass

    def request_stop(self) -> None:
        """End after the job in hand; does not wait."""
        self._stopping.set()
        self._attention.set()

    def wake(self) -> None:
        """Look for work now: for the program that has just written some."""
        self._attention.set()

    def run(self) -> None:
        """Work until `stop` is called. Errors of the database are logged, and tried again after a rest."""
        self._heartbeat.start(every_seconds=self._settings.lease_seconds / 3)
        rest = self._settings.rest_seconds_min
        try:
            while not self._stopping.is_set():
                rest = self._settings.rest_seconds_min if self._try_once() else self._rest(rest)
        finally:
            self._heartbeat.stop()
            self._tidy()
            self.close()

    def _tidy(self) -> None:
        try:
            self._books.write(lambda _uow: None, answer_type=type(None))
        except Exception:  # noqa: BLE001 - a few rows stay, that is all
            _log.exception("worker_error", worker_id=self.worker_id)

    def close(self) -> None:
        """Disconnect."""
        self._heartbeat.close()
        if self._owned:
            self._company.close()
            self._owned = False

    def _try_once(self) -> bool:
        try:
            return self.run_once()
        except Exception:  # noqa: BLE001 - the loop outlives whatever the database does
            _log.exception("worker_error", worker_id=self.worker_id)
            return False

    def _rest(self, seconds: float) -> float:
        """Rest; return how long to rest next time if there is nothing again."""
        self._pause(min(seconds, self._seconds_to_next()))
        return min(seconds * 2, self._settings.rest_seconds_max)

    def _seconds_to_next(self) -> float:
        """Seconds until something comes due; what is overdue and not for us is no reason to hurry."""
        wait = self._next_due - self._now()
        return wait / SECOND_MICROS if wait > 0 else self._settings.rest_seconds_max

    def run_once(self) -> bool:
        """Do what is due now: at most one batch of events and one of jobs. Return False if there was nothing."""
        with self._company.read() as session:
            has_events, job_due_at, schedule_due_at = inspection.look(session)
        dues = [due for due in (job_due_at, schedule_due_at) if due is not None]
        self._next_due = min(dues, default=0)
        if not has_events and not any(due <= self._now() for due in dues):
            return False
        gathered = self._books.write(self._gather, answer_type=Gathered)
        self._run_batch(gathered.jobs)
        return bool(gathered.jobs or gathered.events or gathered.schedules)

    def run_until_idle(self) -> int:
        """Do all that is due now, in this thread; return how many batches that took."""
        batches = 0
        while self.run_once():
            batches += 1
        return batches

    def _gather(self, uow: UnitOfWork) -> Gathered:
        schedules = run_due_schedules(uow.session, next_id=uow.next_id, now=uow.now)
        events = deliver_events(uow.session, handlers=self._handlers, next_id=uow.next_id, now_micros=uow.now_micros)
        jobs = store.claim(
            uow.session,
            handlers=self._handlers.names,
            now=uow.now_micros,
            lease_until=uow.now_micros + self._leases.lease_micros,
            size=self._settings.claim_size,
        )
        return Gathered(events=events, schedules=schedules, jobs=jobs)

    def _run_batch(self, jobs: Sequence[Job]) -> None:
        self._leases.take(jobs)
        left = list(jobs)
        try:
            while left and not self._stopping.is_set():
                if self._is_ours(left[0]):
                    self._execution.run(left[0])
                self._leases.drop([left.pop(0)])
        finally:
            self._leases.drop(left)
            self._give_back(left)

    def _is_ours(self, job: Job) -> bool:
        """Tell whether nobody else can have the job now; renews when the lease is half over."""
        if not self._leases.is_safe(job, now=self._now()):
            self._books.write(self._leases.renew, answer_type=type(None))
        return self._leases.is_safe(job, now=self._now())

    def _give_back(self, jobs: Sequence[Job]) -> None:
        if jobs:
            leases = [(job.job_id, job.fence) for job in jobs]
            self._books.write(
                lambda uow: store.release(uow.session, leases, now=uow.now_micros), answer_type=type(None)
            )

    def _now(self) -> int:
        return instant_to_micros(self._company.clock.now())

    def _wait_for_attention(self, seconds: float) -> None:
        self._attention.wait(seconds)
        self._attention.clear()


def beside(company: Company) -> Company:
    """Return the same company over a connection of its own, so that long work does not make others wait.

    On SQLite that is the company itself: there is one writer anyhow, and while it writes nobody can take its leases.
    """
    if company.dialect.name == "sqlite":
        return company
    return Company(
        key=company.key,
        database=company.database,
        clock=company.clock,
        ids=company.ids,
        pause=threading.Event().wait,
    )
