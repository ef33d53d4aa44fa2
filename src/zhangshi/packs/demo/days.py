"""The working days of the demo's months, by the calendar that the core pack brings."""

from collections.abc import Sequence
from datetime import date, timedelta

from zhangshi.definitions.model.packs import Seed
from zhangshi.packs.demo.year import MONTHS

_SATURDAY = 5


def special_days(seeds: Sequence[Seed]) -> dict[date, bool]:
    """Return the days that are not as their weekday says: holidays (False) and make-up days (True)."""
    found: dict[date, bool] = {}
    for seed in seeds:
        for row in seed.rows:
            if row.entity == "calendar":
                for day in row.tables.get("days", []):
                    found[date.fromisoformat(str(day["date"]))] = bool(day.get("working", False))
    return found


def working_months(until: date, special: dict[date, bool]) -> list[list[date]]:
    """Return the working days of the twelve months before the month of `until`, and of that month up to `until`."""
    first = until.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
    months: dict[tuple[int, int], list[date]] = {}
    day = first
    while day <= until:
        days = months.setdefault((day.year, day.month), [])
        if special.get(day, day.weekday() < _SATURDAY):
            days.append(day)
        day += timedelta(days=1)
    return [days for days in months.values() if days]
