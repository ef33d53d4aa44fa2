"""What the handlers of these tests do: they write rows that tell which job ran, how often, and in which order."""

from collections.abc import Callable
from typing import TypeVar

from zhangshi.platform.jobs.model import Job
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

T = TypeVar("T")

# No unique key but the id: an effect that happened twice is two rows.
_CREATE = Statement("CREATE TABLE effect (effect_id BIGINT PRIMARY KEY, stream TEXT, number BIGINT, job_id BIGINT)")
_INSERT = Statement("INSERT INTO effect (effect_id, stream, number, job_id) VALUES (?, ?, ?, ?)")
_LIST = Statement("SELECT stream, number FROM effect ORDER BY effect_id")
_COUNT = Statement("SELECT count(*) FROM effect")


def write(company: Company, work: Callable[[UnitOfWork], T]) -> T:
    """Run `work` in a transaction of its own and return what it returns."""
    answers: list[T] = []

    def note(uow: UnitOfWork) -> None:
        answers[:] = [work(uow)]

    company.write(Request("li", f"test-{company.ids.next_id()}", None), note, answer_type=type(None))
    return answers[0]


def create_effects(company: Company) -> None:
    write(company, lambda uow: uow.session.execute(_CREATE))


def record(uow: UnitOfWork, job: Job) -> None:
    """A database handler: one row for the number in its payload."""
    _insert(uow, "", job.decode(int), job.job_id)


def record_event(uow: UnitOfWork, job: Job) -> None:
    """A database handler of events whose payload is a number."""
    event = job.event()
    _insert(uow, event.key, event.decode(int), job.job_id)


def _insert(uow: UnitOfWork, stream: str, number: int, job_id: int) -> None:
    uow.session.execute(_INSERT, uow.next_id(), stream, number, job_id)


def effects(company: Company) -> list[tuple[str, int]]:
    """The effects in the order in which they happened: (stream, number)."""
    with company.read() as session:
        return [(row[0], row[1]) for row in session.query(_LIST)]


def count_effects(company: Company) -> int:
    with company.read() as session:
        return int(session.query(_COUNT)[0][0])


def numbers(company: Company) -> list[int]:
    return [number for _, number in effects(company)]
