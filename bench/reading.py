"""What reading costs as the history grows: on hand, value, as of a day, an item's card."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bench import volume
from bench.company import FIRST_ITEM, ITEMS, Place, open_at
from bench.measuring import Measurement, figure, medians
from zhangshi.ledger.service.queries import as_of, ledger_card, on_hand, valuation
from zhangshi.platform.session import Session


def measure(place: Place, files: dict[int, Path], addresses: dict[int, tuple[str, str]]) -> Iterator[Measurement]:
    """Yield every question at every size; sizes of one question take turns."""
    sizes = sorted(files)
    companies = [open_at(*addresses[size], seed=size) for size in sizes]
    try:
        readers = [company.read() for company in companies]
        sessions = [reader.__enter__() for reader in readers]
        try:
            yield from _questions(place, sizes, sessions, [volume.last_day(files[size]) for size in sizes])
        finally:
            for reader in readers:
                reader.__exit__(None, None, None)
    finally:
        for company in companies:
            company.close()


def _questions(place: Place, sizes: list[int], sessions: list[Session], last_days: list[date]) -> Iterator[Measurement]:
    pairs = list(zip(sessions, last_days, strict=True))
    for session in sessions:
        assert len(on_hand(session)) == ITEMS
    held = medians([partial(on_hand, session) for session in sessions], rounds=41, warm_up=3)
    yield from _figures(f"on hand of {ITEMS:,} items", place, sizes, held, value_max=5, ratio_max=1.5)
    worth = medians([partial(valuation, session) for session in sessions], rounds=41, warm_up=3)
    yield from _figures(f"value of {ITEMS:,} items", place, sizes, worth)
    for name, days_ago in (("a week ago (a snapshot's day)", 7), ("mid-month, half a year ago", 170)):
        asked = [partial(as_of, session, day=last - timedelta(days=days_ago)) for session, last in pairs]
        yield from _figures(f"as of {name}", place, sizes, medians(asked, rounds=5, warm_up=1))
    month = timedelta(days=30)
    cards = [
        partial(ledger_card, session, item_id=FIRST_ITEM, from_day=last - month, to_day=last) for session, last in pairs
    ]
    yield from _figures("card of an item, 30 days", place, sizes, medians(cards, rounds=9, warm_up=1))


def _figures(
    name: str,
    place: Place,
    sizes: list[int],
    seconds: list[float],
    *,
    value_max: float | None = None,
    ratio_max: float | None = None,
) -> Iterator[Measurement]:
    for size, taken in zip(sizes, seconds, strict=True):
        yield figure(
            f"{name}, {size:,} moves", place.name, taken * 1e3, "ms", floor=seconds[0] * 1e3, value_max=value_max,
            ratio_max=ratio_max,
        )  # fmt: skip
