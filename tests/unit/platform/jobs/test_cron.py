"""Cron expressions, by the clock on the factory's wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.jobs.cron import COMPANY_TIME_ZONE, next_due

_SHANGHAI = ZoneInfo(COMPANY_TIME_ZONE)


def _next(cron: str, after: str, time_zone: str = COMPANY_TIME_ZONE) -> str:
    local = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(time_zone))
    found = next_due(cron=cron, time_zone=time_zone, after=local.astimezone(UTC))
    assert found.tzinfo is UTC
    return found.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        ("0 8 * * 1-5", "2026-11-02 07:59", "2026-11-02 08:00"),
        ("0 8 * * 1-5", "2026-11-02 08:00", "2026-11-03 08:00"),
        ("0 8 * * 1-5", "2026-11-06 08:00", "2026-11-09 08:00"),
        ("*/15 * * * *", "2026-11-02 08:14", "2026-11-02 08:15"),
        ("30 0 1 * *", "2026-11-02 00:00", "2026-12-01 00:30"),
        ("0 0 29 2 *", "2026-11-02 00:00", "2028-02-29 00:00"),
        ("0 2 L * *", "2026-02-01 00:00", "2026-02-28 02:00"),
        ("0 9 * * MON#1", "2026-11-02 09:00", "2026-12-07 09:00"),
    ],
)
def test_the_next_run_comes_strictly_after(cron: str, after: str, expected: str) -> None:
    assert _next(cron, after) == expected


def test_a_night_without_the_hour_runs_at_its_end_and_a_day_later_as_usual() -> None:
    """02:30 does not exist in Berlin on 29 March 2026."""
    assert _next("30 2 * * *", "2026-03-29 00:00", "Europe/Berlin") == "2026-03-29 03:00"
    assert _next("30 2 * * *", "2026-03-29 12:00", "Europe/Berlin") == "2026-03-30 02:30"


@pytest.mark.parametrize(
    "cron",
    ["", "8", "* * * *", "* * * * * *", "@daily", "61 * * * *", "0 0 30 2 *", "R * * * *", "H 3 * * *", "a b c d e"],
)
def test_what_never_comes_due_or_means_something_else_each_time_is_refused(cron: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        _next(cron, "2026-11-02 08:00")
    assert refused.value.code == "jobs.bad_cron"
    assert cron in refused.value.message("zh")


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ZhangshiError) as refused:
        next_due(cron="0 8 * * *", time_zone="Asia/Nowhere", after=datetime(2026, 11, 2, tzinfo=UTC))
    assert refused.value.facts["time_zone"] == "Asia/Nowhere"


@given(
    minute=st.sampled_from(["*", "0", "*/7", "15,45", "10-20/5"]),
    hour=st.sampled_from(["*", "0", "8-17", "*/5"]),
    weekday=st.sampled_from(["*", "1-5", "0", "6,7"]),
    after=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - local, made aware below
)
def test_agrees_with_looking_at_every_minute(minute: str, hour: str, weekday: str, after: datetime) -> None:
    local = after.replace(second=0, microsecond=0, tzinfo=_SHANGHAI)
    found = next_due(cron=f"{minute} {hour} * * {weekday}", time_zone=COMPANY_TIME_ZONE, after=local.astimezone(UTC))
    candidate = local + timedelta(minutes=1)
    while not (
        _matches(minute, candidate.minute)
        and _matches(hour, candidate.hour)
        and (_matches(weekday, candidate.isoweekday()) or _matches(weekday, candidate.isoweekday() % 7))
    ):
        candidate += timedelta(minutes=1)
    assert found == candidate.astimezone(UTC)


def _matches(field: str, value: int) -> bool:
    for part in field.split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        first, last = (0, 99) if span == "*" else (int(low), int(high or low))
        if first <= value <= last and (value - first) % int(step or 1) == 0:
            return True
    return False
