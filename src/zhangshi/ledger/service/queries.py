"""Questions: on hand, balances, value, as of a day, ledger card, goods on the road, work in progress.

All take a session of `Company.read()` (one snapshot) or of a unit of work. Quantities are millionths, amounts fen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from zhangshi.base.clock import instant_to_micros
from zhangshi.ledger._store import queries as store
from zhangshi.ledger._store import reading as read
from zhangshi.ledger._store import snapshots as snapshot_store
from zhangshi.platform.session import Session

BalanceIndex = tuple[int, int, int, str]
"""(item, location, lot, status)."""


class OnHand(NamedTuple):
    """An item over all warehouses. `available` is in status available and promised to nobody.

    A tuple, because a list of two thousand of them is made in a third of the time.
    """

    item_id: int
    quantity: int
    available: int
    reserved: int
    in_transit: int


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Goods at one place in one status; `is_negative` marks a place that was allowed to go below zero and did."""

    item_id: int
    location_id: int
    lot_id: int
    status: str
    quantity: int
    reserved: int
    negative_allowed: bool

    @property
    def is_negative(self) -> bool:
        """Whether goods left that have not arrived on the books."""
        return self.quantity < 0


@dataclass(frozen=True, slots=True)
class AsOf:
    """Stock at the end of a business day: balances that are not zero, and item -> (quantity, amount)."""

    balances: dict[BalanceIndex, int]
    values: dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class CardRow:
    """One line of an item's ledger card (收发存明细): what came in (> 0) or went out (< 0), and the balance after."""

    effective_on: str
    recorded_at: int
    posting_id: int
    line_no: int
    command: str
    source_type: str
    source_id: int
    lot_id: int
    counterparty_location_id: int
    quantity: int
    amount: int
    reason: str
    balance_quantity: int
    balance_amount: int


@dataclass(frozen=True, slots=True)
class Card:
    """An item's ledger card over some days. Internal moves change neither quantity nor value and are left out."""

    opening_quantity: int
    opening_amount: int
    rows: tuple[CardRow, ...]


@dataclass(frozen=True, slots=True)
class InTransit:
    """A shipped move that has not fully arrived; `due_at` 0 where no time was agreed."""

    posting_id: int
    line_no: int
    item_id: int
    lot_id: int
    transit_location_id: int
    to_location_id: int
    quantity: int
    open_quantity: int
    shipped_on: str
    owner: str
    due_at: int


@dataclass(frozen=True, slots=True)
class OrderValue:
    """Value that an order holds: consumed material and goods, less finished goods."""

    order_id: int
    amount_in: int
    amount_out: int


def on_hand(session: Session, *, item_ids: Sequence[int] | None = None) -> list[OnHand]:
    """Return items that are anywhere on hand or on the road, in id order; all of them, or those named.

    Cost: one scan of the balances, which hold what is on hand and nothing else: independent of the number of moves.
    """
    if item_ids is None:
        rows = session.query(store.ON_HAND)
    else:
        rows = session.query_rows(store.ON_HAND_OF, [(item_id,) for item_id in sorted(set(item_ids))])
    return list(map(OnHand._make, rows))


def balances(session: Session, *, item_id: int | None = None, location_id: int | None = None) -> list[BalanceRow]:
    """Return the balances of an item, of a place (itself, not what is below it), or all."""
    if item_id is not None:
        rows = session.query(store.BALANCES_OF_ITEM, item_id)
    elif location_id is not None:
        rows = session.query(store.BALANCES_AT, location_id)
    else:
        rows = session.query(store.BALANCES)
    found = [BalanceRow(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6])) for row in rows]
    return found if location_id is None else [row for row in found if row.location_id == location_id]


def valuation(session: Session) -> list[tuple[int, int, int]]:
    """Return (item, quantity, amount) of everything owned now, goods on the road included."""
    return [(row[0], row[1], row[2]) for row in session.query(store.VALUATION)]


def as_of(session: Session, *, day: date, item_id: int | None = None, recorded_by: datetime | None = None) -> AsOf:
    """Return stock at the end of business day `day`, of all items or one; with `recorded_by`, as the books said then.

    Cost: the nearest snapshot on or before the day, and the moves since; with `recorded_by` also those after it.
    """
    on = day.isoformat()
    places = read.locations_of(session)
    near = session.query(snapshot_store.NEAREST, on)[0][0]
    one = () if item_id is None else (item_id,)
    of_item = item_id is not None
    s = snapshot_store
    found = session.query(s.SNAPSHOT_BALANCES_OF_ITEM if of_item else s.SNAPSHOT_BALANCES, near, *one) if near else []
    worth = session.query(s.SNAPSHOT_VALUES_OF_ITEM if of_item else s.SNAPSHOT_VALUES, near, *one) if near else []
    held = {(row[0], row[1], row[2], row[3]): int(row[4]) for row in found}
    values = {row[0]: (int(row[1]), int(row[2])) for row in worth}
    flows = session.query(s.MOVES_OF_ITEM_BETWEEN if of_item else s.MOVES_BETWEEN, near, on, *one)
    _add(held, values, s.changes(flows, places))
    if recorded_by is not None:
        micros = instant_to_micros(recorded_by)
        late = session.query(s.RECORDED_LATER_OF_ITEM if of_item else s.RECORDED_LATER, micros, on, *one)
        _add(held, values, s.changes(late, places, sign=-1))
    return AsOf({k: q for k, q in held.items() if q}, {i: v for i, v in values.items() if v != (0, 0)})


def _add(
    held: dict[BalanceIndex, int],
    values: dict[int, tuple[int, int]],
    changed: tuple[dict[BalanceIndex, int], dict[int, tuple[int, int]]],
) -> None:
    for key, quantity in changed[0].items():
        held[key] = held.get(key, 0) + quantity
    for item_id, (quantity, amount) in changed[1].items():
        before = values.get(item_id, (0, 0))
        values[item_id] = (before[0] + quantity, before[1] + amount)


def ledger_card(session: Session, *, item_id: int, from_day: date, to_day: date) -> Card:
    """Return the item's card over these days, both included, by business date and then value order."""
    places = read.locations_of(session)
    opening = as_of(session, day=from_day - timedelta(days=1), item_id=item_id).values.get(item_id, (0, 0))
    held, worth = opening
    rows: list[CardRow] = []
    for row in session.query(store.CARD, item_id, from_day.isoformat(), to_day.isoformat()):
        out_of, into = places[row[8]].holds_stock, places[row[10]].holds_stock
        if out_of is into:
            continue
        sign = 1 if into else -1
        quantity, amount = sign * row[12], sign * row[13]
        held, worth = held + quantity, worth + amount
        counterparty = row[8] if into else row[10]
        rows.append(
            CardRow(
                row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], counterparty, quantity, amount, row[14],
                held, worth,
            )
        )  # fmt: skip
    return Card(*opening, tuple(rows))


def in_transit(session: Session) -> list[InTransit]:
    """Return what is on the road, the earliest due first."""
    return [InTransit(*row) for row in session.query(store.IN_TRANSIT)]


def work_in_progress(session: Session) -> list[OrderValue]:
    """Return orders whose value in and out differ."""
    return [OrderValue(*row) for row in session.query(store.WORK_IN_PROGRESS)]
