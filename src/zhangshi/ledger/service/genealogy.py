"""Where a lot went, and what is in a lot: all levels, with quantities.

`quantity` of an edge is what the order took of the input lot for the output lot. `carried` is what of the *root* is in
it: below the first level, an output passes its share on in proportion to how much of it was used. See
docs/algorithms/genealogy.md. Cost: one recursive query and one for the quantities produced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from zhangshi.base.numbers import round_half_up_ratio
from zhangshi.ledger._store import genealogy as store
from zhangshi.ledger.model import NO_LOT
from zhangshi.platform.session import Session
from zhangshi.platform.statements import Statement


@dataclass(frozen=True, slots=True)
class TraceEdge:
    """One order's step from a lot to a lot; `level` counts from 1 at the root. Quantities in millionths.

    `carried` forward: root goods that are in the output. Back: goods of the input that are in the root.
    """

    level: int
    order_id: int
    in_item_id: int
    in_lot_id: int
    out_item_id: int
    out_lot_id: int
    quantity: int
    carried: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods of a lot that a document sent to a customer."""

    lot_id: int
    item_id: int
    source_type: str
    source_id: int
    customer_location_id: int
    quantity: int


_Edge = tuple[int, int, int, int, int, int]
_IN_LOT, _OUT_LOT, _QUANTITY = 2, 4, 5


def trace_forward(session: Session, *, lot_id: int) -> list[TraceEdge]:
    """Return every step from the lot to what it ended up in, level by level."""
    return _trace(session, store.FORWARD, lot_id, near=_IN_LOT, far=_OUT_LOT)


def trace_back(session: Session, *, lot_id: int) -> list[TraceEdge]:
    """Return every step from what is in the lot to the lot, level by level."""
    return _trace(session, store.BACK, lot_id, near=_OUT_LOT, far=_IN_LOT)


def deliveries(session: Session, *, lot_ids: Iterable[int]) -> list[Delivery]:
    """Return which documents sent these lots to customers: with `trace_forward`, the recall list."""
    rows = session.query_rows(store.DELIVERIES, [(lot_id,) for lot_id in sorted(set(lot_ids))])
    return [Delivery(row[0], row[1], row[2], row[3], row[4], int(row[5])) for row in sorted(rows)]


def _trace(session: Session, statement: Statement, root: int, *, near: int, far: int) -> list[TraceEdge]:
    edges: list[_Edge] = [
        (row[0], row[1], row[2], row[3], row[4], int(row[5])) for row in session.query(statement, root)
    ]
    from_lot: dict[int, list[_Edge]] = {}
    for edge in edges:
        from_lot.setdefault(edge[near], []).append(edge)
    produced = {
        lot_id: int(quantity)
        for lot_id, quantity in session.query_rows(store.PRODUCED, [(lot_id,) for lot_id in sorted(from_lot)])
    }
    levels = _levels(from_lot, root, far)
    carried = _carried(from_lot, root, far, produced, levels)
    found = [
        TraceEdge(
            levels[edge[near]] + 1, *edge,
            round_half_up_ratio(carried[edge].numerator, carried[edge].denominator),
        )
        for edge in edges
    ]  # fmt: skip
    return sorted(found, key=lambda e: (e.level, e.order_id, e.in_lot_id, e.in_item_id, e.out_lot_id, e.out_item_id))


def _levels(from_lot: dict[int, list[_Edge]], root: int, far: int) -> dict[int, int]:
    """Return each lot's distance from the root, breadth first."""
    levels = {root: 0}
    ring = [root]
    while ring:
        following: list[int] = []
        for lot_id in ring:
            for edge in from_lot.get(lot_id, ()):
                if edge[far] != NO_LOT and edge[far] not in levels:
                    levels[edge[far]] = levels[lot_id] + 1
                    following.append(edge[far])
        ring = following
    return levels


def _carried(
    from_lot: dict[int, list[_Edge]], root: int, far: int, produced: dict[int, int], levels: dict[int, int]
) -> dict[_Edge, Fraction]:
    """Return what each edge carries of the root; a cycle of rework is cut where it closes."""
    sorter = TopologicalSorter({lot_id: [] for lot_id in from_lot})
    for lot_id, edges in from_lot.items():
        for edge in edges:
            if edge[far] != NO_LOT:
                sorter.add(edge[far], lot_id)
    try:
        order = list(sorter.static_order())
    except CycleError:
        order = sorted(from_lot, key=lambda lot_id: levels.get(lot_id, 0))
    arrived: dict[int, Fraction] = {}
    carried: dict[_Edge, Fraction] = {}
    for lot_id in order:
        whole = produced.get(lot_id, 0)
        for edge in from_lot.get(lot_id, ()):
            share = (
                Fraction(1) if lot_id == root else arrived.get(lot_id, Fraction(0)) / whole if whole else Fraction(0)
            )
            carried[edge] = edge[_QUANTITY] * share
            arrived[edge[far]] = arrived.get(edge[far], Fraction(0)) + carried[edge]
    return carried
