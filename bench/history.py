"""Does a receipt become dearer with the history of its items? 15 earlier moves against 2,100, for every method.

The items of one receipt are not neighbours, as on any real receipt: neighbours with a short history would share pages.
"""

from collections.abc import Callable, Iterator

from bench.company import METHOD_ITEMS, Place, Poster, first_item_of, make_company, opened, receipt
from bench.measuring import Measurement, figure, medians
from zhangshi.ledger.model import CostingMethod

_FEW, _MANY = 15, 2100
_LINES = 10
_GROUPS = METHOD_ITEMS // _LINES
_RECEIPTS_IN_ONE_WRITE = 100


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield one figure per costing method."""
    many = 200 if quick else _MANY
    with opened(make_company(place, "history")) as company:
        poster = Poster(company)
        for method in CostingMethod:
            groups = [_group(method, number) for number in range(_GROUPS)]
            _build(poster, groups, many)
            receive_young = _receiver(poster, groups[1:])  # another group each time, so that the young stay young
            receive_old = _receiver(poster, groups[:1])
            few, much = medians([receive_young, receive_old], rounds=20 if quick else 400, warm_up=20)
            yield figure(
                f"receipt after {many:,} moves of its items, {method.value}",
                place.name,
                much * 1e6,
                "us",
                floor=few * 1e6,
                ratio_max=1.2,
            )


def _group(method: CostingMethod, number: int) -> list[int]:
    first = first_item_of(method) + number
    return list(range(first, first + METHOD_ITEMS, _GROUPS))


def _build(poster: Poster, groups: list[list[int]], many: int) -> None:
    """Give each item 15 moves, and those of the first group `many`."""
    today = poster.company.clock.now().date()
    wanted = [group for group in groups for _ in range(_FEW)] + groups[:1] * (many - _FEW)
    for first in range(0, len(wanted), _RECEIPTS_IN_ONE_WRITE):
        some = wanted[first : first + _RECEIPTS_IN_ONE_WRITE]
        poster.post_many([receipt(group, 0, on=today) for group in some], f"{groups[0][0]}-{first}")


def _receiver(poster: Poster, groups: list[list[int]]) -> Callable[[], object]:
    today = poster.company.clock.now().date()
    done = 0

    def receive() -> None:
        nonlocal done
        group = groups[done % len(groups)]
        poster.post(receipt(group, done, on=today), f"receipt-{group[0]}-{done}")
        done += 1

    return receive
