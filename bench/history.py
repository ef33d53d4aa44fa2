"""Does a receipt become dearer with the history of its items? 15 earlier moves against 2,100, for every method."""

from collections.abc import Iterator

from bench.company import METHOD_ITEMS, Place, Poster, first_item_of, make_company, opened, receipt
from bench.measuring import Measurement, figure, medians
from zhangshi.ledger.commands import Command
from zhangshi.ledger.model import CostingMethod

_FEW, _MANY = 15, 2100
_LINES = 10
_YOUNG_GROUPS = METHOD_ITEMS // _LINES - 1


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield one figure per costing method."""
    many = 300 if quick else _MANY
    rounds = 40 if quick else 300
    with opened(make_company(place, "history")) as company:
        poster = Poster(company)
        today = company.clock.now().date()
        for method in CostingMethod:
            first = first_item_of(method)
            old = list(range(first, first + _LINES))
            young = list(range(first + _LINES, first + METHOD_ITEMS))

            def build(items: list[int], moves: int) -> list[Command]:
                return [receipt(items, n, on=today) for n in range(moves)]

            poster.post_many(build(young, _FEW), f"{method}-young")
            for part in range(0, many, 100):
                poster.post_many(build(old, min(100, many - part)), f"{method}-old-{part}")
            numbers = iter(range(10**9))

            def receive_young(young: list[int] = young, numbers: Iterator[int] = numbers, key: str = method) -> None:
                n = next(numbers)
                start = (n % _YOUNG_GROUPS) * _LINES  # another group each time, so that the young stay young
                poster.post(receipt(young[start : start + _LINES], n, on=today), f"{key}-y{n}")

            def receive_old(old: list[int] = old, numbers: Iterator[int] = numbers, key: str = method) -> None:
                n = next(numbers)
                poster.post(receipt(old, n, on=today), f"{key}-o{n}")

            few, much = medians([receive_young, receive_old], rounds=rounds, warm_up=20)
            yield figure(
                f"receipt after {many:,} moves of its items, {method.value}", place.name, much * 1e6, "us",
                floor=few * 1e6, ratio_max=1.2,
            )  # fmt: skip
