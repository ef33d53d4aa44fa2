"""The people of the demo factory at work: each step is done by somebody whose role grants it, on the day it happened."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from zhangshi.identity.model import Person, Profile, SecretMade
from zhangshi.identity.service.passwords import HashedPassword
from zhangshi.identity.service.users import create_user
from zhangshi.packs.demo.people import Employee
from zhangshi.packs.shop import Shop
from zhangshi.platform.unit_of_work import Request, UnitOfWork
from zhangshi.records.model import Caller
from zhangshi.records.service.editing import read_record
from zhangshi.records.service.work import Work
from zhangshi.records.writing.decoding import SOURCE

T = TypeVar("T")
Content = dict[str, Any]
Step = Callable[[Work], T]
"""Something to do inside somebody's transaction."""
_EIGHT = time(8)


class MovingClock(Protocol):
    """A clock that the demo turns to the day it builds."""

    def now(self) -> datetime:
        """See `Clock`."""
        ...

    def turn_to(self, instant: datetime) -> None:
        """Let it be `instant`, from where time goes on in steps."""
        ...


class Crew:
    """Everybody with a login, and the day it is."""

    def __init__(self, shop: Shop, clock: MovingClock, owner: Person) -> None:
        self.shop = shop
        self._clock = clock
        self._callers = {owner.login: Caller(owner, door="seed")}
        self._owner = owner
        self._count = 0

    def hire(self, employees: Sequence[Employee], password: HashedPassword) -> SecretMade:
        """Give everybody with a login an account and the same password; the owner has one already.

        Returns what shows the password (`NewPassword.shown_for`).
        """
        made = SecretMade(0, "")
        for one in employees:
            if not one.login or "owner" in one.roles:
                continue
            made = self._create(one, password)
            person = Person(user_id=made.subject_id, login=one.login, name=one.name, roles=frozenset(one.roles))
            self._callers[one.login] = Caller(person, door="seed")
        return made

    def _create(self, employee: Employee, password: HashedPassword) -> SecretMade:
        profile = Profile(employee.name, language="zh")
        work = partial(
            create_user, by=None, login=employee.login, profile=profile, password=password, roles=employee.roles
        )
        request = Request(self._owner.login, f"demo/hire/{employee.login}", None)
        return self.shop.company.write(request, work, answer_type=SecretMade)

    def on(self, day: date) -> None:
        """It is the morning of `day`."""
        self._clock.turn_to(datetime.combine(day, _EIGHT, self.shop.zone) + timedelta(minutes=5))

    def do(self, login: str, steps: Sequence[Step[T]]) -> list[T]:
        """Let somebody do steps one after the other, all in one transaction; return their answers."""
        if not steps:
            return []
        self._count += 1
        caller = self._callers.get(login) or self._callers[self._owner.login]
        answers: list[T] = []

        def within(uow: UnitOfWork) -> None:
            answers.clear()
            for step in steps:
                work = self.shop.records.work(uow, caller)
                answers.append(step(work))
                work.finish()

        request = Request(caller.person.actor, f"demo/{self._count}", None)
        self.shop.company.write(request, within, answer_type=type(None))
        return answers


def entering(entity: str, contents: Sequence[Content], transition: str = "") -> Step[list[int]]:
    """Return the step that enters records, all together."""

    def step(work: Work) -> list[int]:
        if not contents:
            return []
        return [one.id for one in work.create_many(entity=entity, contents=contents, transition=transition)]

    return step


def pushing(conversion: str, source_id: int, content: Mapping[str, Any], transition: str = "") -> Step[int]:
    """Return the step that makes the target of a conversion (下推) with all that is open."""

    def step(work: Work) -> int:
        sources = [(source_id, None)]
        return work.convert(conversion=conversion, sources=sources, content=dict(content), transition=transition).id

    return step


def pushing_lines(
    conversion: str,
    source_id: int,
    lines: Sequence[Content],
    transition: str = "",
    *,
    each: str = "lines",
    header: Mapping[str, Any] | None = None,
) -> Step[int]:
    """Return the step that makes the target with rows of its own; `_source` counts the source's rows from 0."""

    def step(work: Work) -> int:
        source = read_record(work, work.entity(work.conversion(conversion).source), source_id, locking=False)
        assert source is not None
        ids = [row.id for row in source.tables[each]]
        rows = [{**line, SOURCE: str(ids[line[SOURCE]])} for line in lines]
        chosen = [(source_id, dict.fromkeys((ids[line[SOURCE]] for line in lines), None))]
        content = {**(header or {}), "lines": rows}
        return work.convert(conversion=conversion, sources=chosen, content=content, transition=transition).id

    return step


def moving(entity: str, record_id: int, transition: str) -> Step[int]:
    """Return the step that makes a transition."""

    def step(work: Work) -> int:
        return work.edit(entity=entity, record_id=record_id, version=None, content={}, transition=transition).id

    return step
