"""The jobs that a worker holds at the moment, shared between the thread that runs them and the one that renews them."""

import threading
from collections.abc import Sequence

from zhangshi.platform.jobs import _store as store
from zhangshi.platform.jobs.model import Job
from zhangshi.platform.unit_of_work import UnitOfWork


class Leases:
    """Leased jobs, each with its fence and the end of its lease."""

    def __init__(self, *, lease_micros: int) -> None:
        self.lease_micros = lease_micros
        self._lock = threading.Lock()
        self._held: dict[int, tuple[int, int]] = {}

    def take(self, jobs: Sequence[Job]) -> None:
        """Note that these jobs were claimed."""
        with self._lock:
            self._held.update({job.job_id: (job.fence, job.due_at or 0) for job in jobs})

    def drop(self, jobs: Sequence[Job]) -> None:
        """Note that these jobs are finished, failed or given back."""
        with self._lock:
            for job in jobs:
                self._held.pop(job.job_id, None)

    def __len__(self) -> int:
        with self._lock:
            return len(self._held)

    def is_safe(self, job: Job, *, now: int) -> bool:
        """Tell whether the job is held, with at least half of its lease to go."""
        with self._lock:
            return job.job_id in self._held and self._held[job.job_id][1] - now >= self.lease_micros // 2

    def renew(self, uow: UnitOfWork) -> None:
        """Let all leases last a full time from now; those that somebody else has taken are dropped."""
        with self._lock:
            asked = sorted((job_id, fence) for job_id, (fence, _) in self._held.items())
        until = uow.now_micros + self.lease_micros
        kept = store.extend(uow.session, asked, lease_until=until)
        with self._lock:
            for job_id, fence in asked:
                if job_id not in self._held:
                    continue  # it was finished while we asked
                if job_id in kept:
                    self._held[job_id] = (fence, until)
                else:
                    del self._held[job_id]
