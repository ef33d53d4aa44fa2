"""Periods are calendar months, and a business date is what the wall calendar of the company shows."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.periods import Period, business_date

days = st.dates(min_value=date(1970, 2, 1), max_value=date(9999, 11, 30))
SHANGHAI = ZoneInfo("Asia/Shanghai")


@given(days)
def test_a_day_lies_within_its_period_and_no_other(day: date) -> None:
    period = Period.of(day)

    assert period.starts_on <= day <= period.ends_on
    assert period.previous().ends_on + timedelta(days=1) == period.starts_on
    assert period.ends_on + timedelta(days=1) == period.next().starts_on


@given(days)
def test_the_next_period_follows_and_comes_back(day: date) -> None:
    period = Period.of(day)

    assert period.next() > period > period.previous()
    assert period.next().previous() == period
    assert Period.parse(str(period)) == period


def test_december_is_followed_by_january() -> None:
    assert Period(2026, 12).next() == Period(2027, 1)
    assert Period(2027, 1).previous() == Period(2026, 12)


def test_february_ends_on_the_29th_in_a_leap_year() -> None:
    assert Period(2028, 2).ends_on == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", ["2026", "2026-13", "2026-00", "2026-1", "26-11", "2026/11", "2026-11-01", "", "W", "2026-W4", " 2026-11"]
)
def test_what_is_no_period_is_refused_and_repeated(text: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        Period.parse(text)

    assert refused.value.code == "period.bad_key"
    assert refused.value.facts == {"text": text}


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), date(2026, 12, 1)),  # midnight in Shanghai
        (datetime(2026, 11, 30, 23, 0, tzinfo=timezone(timedelta(hours=8))), date(2026, 11, 30)),
    ],
)
def test_the_business_date_changes_at_the_company_s_midnight(instant: datetime, shown: date) -> None:
    assert business_date(instant, SHANGHAI) == shown


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  bounds are naive by contract
def test_an_instant_survives_storage_to_the_microsecond(instant: datetime) -> None:
    assert micros_to_instant(instant_to_micros(instant)) == instant


def test_an_instant_is_stored_as_microseconds_since_1970() -> None:
    assert instant_to_micros(datetime(1970, 1, 1, 8, 0, 1, 5, tzinfo=SHANGHAI)) == 1_000_005
