"""What the jobs ask of the outside: handlers to run, and a way to wait."""

from typing import Protocol

from zhangshi.platform.jobs.model import Job
from zhangshi.platform.unit_of_work import UnitOfWork


class DatabaseHandler(Protocol):
    """Work whose effect is rows of our own database: it happens once.

    Runs inside a unit of work that also finishes the job; whatever it raises takes back all that it wrote.
    """

    def __call__(self, uow: UnitOfWork, job: Job, /) -> None:
        """Write the effect; commit nothing."""
        ...


class OutsideHandler(Protocol):
    """Work whose effect is outside (a message, a file): it happens at least once.

    Runs outside any transaction. `job.delivery_key` is the same for each attempt; hand it to the other side.
    """

    def __call__(self, job: Job, /) -> None:
        """Bring the effect about; raise if that failed."""
        ...


class Pause(Protocol):
    """Lets time pass. Returns early when somebody wants the sleeper's attention."""

    def __call__(self, seconds: float, /) -> object:
        """Return after `seconds`, or earlier."""
        ...
