"""Reckoning with days of the calendar, without a clock or a company."""

import calendar
from datetime import date

from zhangshi.expr.errors import BAD_DATE, OUT_OF_RANGE, Failed
from zhangshi.expr.limits import DAYS_MAX, YEAR_MIN
from zhangshi.expr.scopes import folded

YEAR_MAX = 9999
_MONTHS = 12
_DAY_MIN = date(YEAR_MIN, 1, 1).toordinal()
_DAY_MAX = date.max.toordinal()


def shifted(day: date, days: int) -> date:
    """Return the day so many days later. Raises Failed bad_date outside the years 1000 to 9999."""
    ordinal = day.toordinal() + days
    if not _DAY_MIN <= ordinal <= _DAY_MAX:
        raise Failed(BAD_DATE, text=f"{day} {days:+d}")
    return date.fromordinal(ordinal)


def date_of_text(text: str) -> date:
    """Read 2026-01-31 (also 2026/1/31, 2026.1.31 and 2026年1月31日). Raises Failed bad_date."""
    plain = folded(text).strip().replace("年", "-").replace("月", "-").rstrip("日").replace("/", "-").replace(".", "-")
    pieces = plain.split("-")
    if len(pieces) != 3 or not all(one.isascii() and one.isdigit() and len(one) <= 4 for one in pieces):  # noqa: PLR2004
        raise Failed(BAD_DATE, text=text[:40])
    year, month, day = map(int, pieces)
    return _checked(year, month, day, text[:40])


def _checked(year: int, month: int, day: int, text: str) -> date:
    if not (YEAR_MIN <= year <= YEAR_MAX and 1 <= month <= _MONTHS):
        raise Failed(BAD_DATE, text=text)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise Failed(BAD_DATE, text=text)
    return date(year, month, day)


def date_of(year: int, month: int, day: int) -> date:
    """Return a date; months and days may run over, as in a spreadsheet: DATE(2026, 13, 1) is 2027-01-01."""
    years, months = divmod(month - 1, _MONTHS)
    if abs(day) > DAYS_MAX:
        raise Failed(BAD_DATE, text=f"{year}-{month}-{day}")
    return shifted(_checked(year + years, months + 1, 1, f"{year}-{month}-{day}"), day - 1)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month. Raises Failed bad_date."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year = day.year + years
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise Failed(BAD_DATE, text=f"{day} {months:+d}")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def end_of_month(day: date, months: int) -> date:
    """Return the last day of the month so many months later. Raises Failed bad_date."""
    last = months_later(day.replace(day=1), months)
    return last.replace(day=calendar.monthrange(last.year, last.month)[1])


def days_between(end: date, start: date) -> int:
    """Return how many days `end` is after `start`."""
    return (end - start).days


def difference(start: date, end: date, unit: str) -> int:
    """Return the difference in the unit D, M, Y or YM, whole ones only. Raises Failed out_of_range."""
    kind = unit.upper()
    if kind == "D":
        return (end - start).days
    months = (end.year - start.year) * _MONTHS + end.month - start.month - (end.day < start.day)
    if kind == "M":
        return months
    if kind in {"Y", "YM"}:
        return months // _MONTHS if kind == "Y" else months % _MONTHS
    raise Failed(OUT_OF_RANGE, function="DATEDIF", parameter="unit", found=unit[:20], least="D, M", most="Y, YM")
