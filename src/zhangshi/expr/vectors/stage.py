"""The host that the vectors ask: a calendar, some stock, and records, as scopes.json says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from zhangshi.expr.kinds import Value
from zhangshi.expr.vectors.loading import HOST, SCOPES, value_of

_WEEKEND = {5, 6}


class VectorHost:
    """Answers every question of `Host` from scopes.json."""

    _zone = timezone(timedelta(hours=HOST["utc_offset_hours"]))

    def now(self) -> datetime:
        """Return the instant that the vectors take for the present."""
        return datetime.fromisoformat(HOST["now"])

    def today(self) -> date:
        """Return its date in the company."""
        return self.local_time(self.now()).date()

    def local_time(self, instant: datetime) -> datetime:
        """Return the wall clock."""
        return instant.astimezone(self._zone)

    def instant_of(self, wall_clock: datetime) -> datetime:
        """Return the instant of a wall clock."""
        return wall_clock.replace(tzinfo=self._zone).astimezone(UTC)

    def user_id(self) -> int:
        """Return who asks."""
        return int(HOST["user"]["id"])

    def user_name(self) -> str:
        """Return the name of who asks."""
        return str(HOST["user"]["name"])

    def roles(self) -> frozenset[str]:
        """Return the roles of who asks."""
        return frozenset(HOST["user"]["roles"])

    def department_id(self) -> int | None:
        """Return the department of who asks."""
        return int(HOST["user"]["department"])

    def is_working_day(self, day: date) -> bool:
        """Weekends are free, but for days that are worked; some days are off."""
        if day.isoformat() in HOST["days_worked"]:
            return True
        return day.weekday() not in _WEEKEND and day.isoformat() not in HOST["days_off"]

    def stock(self, item_id: int, location_id: int | None, lot: str | None, status: str | None) -> Decimal:
        """Return the sum over what matches."""
        wanted = {"item": item_id, "location": location_id, "lot": lot, "status": status}
        return sum((Decimal(one["quantity"]) for one in _matching(wanted)), Decimal(0))

    def available(self, item_id: int, location_id: int | None) -> Decimal:
        """Return what is available less what is reserved."""
        wanted = {"item": item_id, "location": location_id, "status": "available"}
        return sum((Decimal(one["quantity"]) - Decimal(one["reserved"]) for one in _matching(wanted)), Decimal(0))

    def work_in_progress(self, order_id: int) -> Decimal:
        """Return the value in work, 0 if unknown."""
        return Decimal(HOST["work_in_progress"].get(str(order_id), "0"))

    def cost(self, item_id: int) -> Decimal:
        """Return the cost, 0 if unknown."""
        return Decimal(HOST["cost"].get(str(item_id), "0"))

    def lookup(self, entity: str, wanted: str, matches: Mapping[str, Value]) -> Value:
        """Return the field of the first record that matches."""
        names = SCOPES[entity]["names"]
        for record in HOST["records"].get(entity, []):
            values = {key: value_of(names[key][0], value) for key, value in record.items()}
            if all(values.get(key) == value for key, value in matches.items()):
                found: Value = values.get(wanted)
                return found
        return None


def _matching(wanted: Mapping[str, object]) -> list[Mapping[str, str]]:
    asked = {key: value for key, value in wanted.items() if value is not None}
    return [one for one in HOST["stock"] if all(one[key] == value for key, value in asked.items())]
