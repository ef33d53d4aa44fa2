"""Token buckets: how fast is too fast."""

from datetime import timedelta

import pytest

from tests.clocks import SettableClock
from zhangshi.base.errors import ZhangshiError
from zhangshi.http.limits import Buckets, Rate


def take(buckets: Buckets, who: str = "li") -> int:
    """Take a token; return 0, or the seconds to wait."""
    try:
        buckets.take(who)
    except ZhangshiError as error:
        return int(error.facts["seconds"] or 0) if error.code == "http.too_many_requests" else -1
    return 0


def test_a_burst_passes_and_the_next_one_is_told_how_long_to_wait() -> None:
    buckets = Buckets(Rate(burst=3, per_minute=6), SettableClock())

    assert [take(buckets) for _ in range(4)] == [0, 0, 0, 10]


def test_tokens_come_back_with_time_and_never_more_than_the_burst() -> None:
    clock = SettableClock()
    buckets = Buckets(Rate(burst=2, per_minute=60), clock)
    assert [take(buckets) for _ in range(3)] == [0, 0, 1]

    clock.advance(timedelta(seconds=1))
    assert [take(buckets) for _ in range(2)] == [0, 1]

    clock.advance(timedelta(days=1))
    assert [take(buckets) for _ in range(3)] == [0, 0, 1]


def test_one_persons_haste_does_not_slow_another_down() -> None:
    buckets = Buckets(Rate(burst=1, per_minute=1), SettableClock())

    assert [take(buckets, "li"), take(buckets, "li"), take(buckets, "wang")] == [0, 60, 0]


def test_ten_thousand_strangers_do_not_fill_the_memory() -> None:
    clock = SettableClock()
    buckets = Buckets(Rate(burst=5, per_minute=60), clock)
    for number in range(10_000):
        take(buckets, f"stranger-{number}")
    clock.advance(timedelta(minutes=1))

    take(buckets, "one more")

    assert len(buckets._levels) == 1


def test_a_clock_that_steps_back_takes_no_tokens_away() -> None:
    clock = SettableClock()
    buckets = Buckets(Rate(burst=2, per_minute=60), clock)
    assert take(buckets) == 0

    clock.set(clock.now() - timedelta(hours=1))

    assert take(buckets) == 0


def test_without_a_rate_nobody_waits() -> None:
    buckets = Buckets(None, SettableClock())

    assert [take(buckets) for _ in range(1000)] == [0] * 1000


@pytest.mark.parametrize(("per_minute", "seconds"), [(1, 60), (7, 9), (3000, 1)])
def test_the_time_to_wait_is_rounded_up(per_minute: int, seconds: int) -> None:
    buckets = Buckets(Rate(burst=1, per_minute=per_minute), SettableClock())

    assert [take(buckets), take(buckets)] == [0, seconds]
