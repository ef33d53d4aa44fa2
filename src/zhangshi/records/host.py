"""The `Host` of formulas: it answers from what was read, and otherwise notes the question (see `writing.world`).

Item, order and location ids are the ids of the records that play them.
"""

from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from zhangshi.base.periods import business_date
from zhangshi.identity.model import Person
from zhangshi.records.model import Value
from zhangshi.records.writing.world import World

SYSTEM_PERSON = Person(user_id=0, login="zhangshi", name="", roles=frozenset({"owner"}))
"""Whose formulas run where nobody in particular asks."""


class FormulaHost:
    """See `zhangshi.expr.Host`. One for a request: the time stands still while it is worked on."""

    __slots__ = ("_now", "_person", "_world", "_zone")

    def __init__(self, world: World, *, person: Person, now: datetime, zone: ZoneInfo) -> None:
        self._world = world
        self._person = person
        self._now = now
        self._zone = zone

    def now(self) -> datetime:
        """See `Host`."""
        return self._now

    def today(self) -> date:
        """See `Host`."""
        return business_date(self._now, self._zone)

    def local_time(self, instant: datetime) -> datetime:
        """See `Host`."""
        return instant.astimezone(self._zone)

    def instant_of(self, wall_clock: datetime) -> datetime:
        """See `Host`."""
        return wall_clock.replace(tzinfo=self._zone).astimezone(UTC)

    def user_id(self) -> int:
        """See `Host`."""
        return self._person.user_id

    def user_name(self) -> str:
        """See `Host`."""
        return self._person.name

    def roles(self) -> frozenset[str]:
        """See `Host`."""
        return self._person.roles

    def department_id(self) -> int | None:
        """See `Host`."""
        return self._person.department_id or None

    def is_working_day(self, day: date) -> bool:
        """See `Host`; Monday to Friday where the calendar says nothing."""
        special: Mapping[date, bool] = self._ask(("calendar",))
        return special.get(day, day.weekday() < 5)  # noqa: PLR2004 - Saturday

    def stock(self, item_id: int, location_id: int | None, lot: str | None, status: str | None) -> Decimal:
        """See `Host`; a location holds what is below it too."""
        found: Decimal = self._ask(("stock", item_id, location_id, lot, status))
        return found

    def available(self, item_id: int, location_id: int | None) -> Decimal:
        """See `Host`."""
        found: Decimal = self._ask(("available", item_id, location_id))
        return found

    def work_in_progress(self, order_id: int) -> Decimal:
        """See `Host`."""
        found: Decimal = self._ask(("work_in_progress", order_id))
        return found

    def cost(self, item_id: int) -> Decimal:
        """See `Host`."""
        found: Decimal = self._ask(("cost", item_id))
        return found

    def lookup(self, entity: str, wanted: str, matches: Mapping[str, Value]) -> Value:
        """See `Host`; "first" is the one that was made first."""
        found: Value = self._ask(("lookup", entity, wanted, tuple(sorted(matches.items()))))
        return found

    def _ask(self, question: Hashable) -> Any:  # noqa: ANN401  # as the methods say
        return self._world.answer(question)
