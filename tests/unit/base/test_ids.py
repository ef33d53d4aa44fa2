"""Ids rise, never repeat within a source, stay positive and fit the column."""

import itertools
import random
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.clock import instant_to_micros
from zhangshi.base.ids import CountingIds, TimeOrderedIds
from zhangshi.base.numbers import INTEGER_MAX

NOW = instant_to_micros(datetime(2026, 11, 2, tzinfo=UTC))


@given(st.lists(st.integers(NOW - 10**6, NOW + 10**6), min_size=2, max_size=50), st.integers(0, 2**32))
def test_ids_strictly_rise_even_when_the_clock_stands_still_or_goes_back(micros: list[int], seed: int) -> None:
    ticks = iter(micros)
    source = TimeOrderedIds(lambda: next(ticks), random.Random(seed).getrandbits)

    made = [source.next_id() for _ in micros]

    assert all(earlier < later for earlier, later in itertools.pairwise(made))


def test_an_id_fits_a_signed_64_bit_column_until_2091() -> None:
    last_day = instant_to_micros(datetime(2091, 1, 1, tzinfo=UTC))

    source = TimeOrderedIds(lambda: last_day, lambda bits: 2**bits - 1)

    assert 0 < source.next_id() <= INTEGER_MAX


def test_two_processes_that_ask_in_the_same_microsecond_differ_by_their_noise() -> None:
    one = TimeOrderedIds(lambda: NOW, lambda _: 1)
    other = TimeOrderedIds(lambda: NOW, lambda _: 2)

    assert one.next_id() != other.next_id()


def test_ids_order_rows_by_time() -> None:
    early = TimeOrderedIds(lambda: NOW, lambda bits: 2**bits - 1)
    late = TimeOrderedIds(lambda: NOW + 1, lambda _: 0)

    assert early.next_id() < late.next_id()


def test_counting_ids_count() -> None:
    ids = CountingIds(start=7)

    assert [ids.next_id(), ids.next_id(), ids.next_id()] == [7, 8, 9]
