"""What documents ask of stock while they are written: set-based, so that ten rows cost one statement.

Quantities are millionths of the base unit, unit costs millionths of the currency unit, amounts fen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from zhangshi.base.numbers import Amount, Quantity, UnitCost, unit_cost_of
from zhangshi.ledger._store import asked as store
from zhangshi.ledger._store import reading as read
from zhangshi.ledger.model import CostingMethod, Location
from zhangshi.platform.session import Session


class Held(NamedTuple):
    """Goods of an item at one place, of one lot ("" without), in one status."""

    item_id: int
    location_id: int
    lot: str
    status: str
    quantity: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Places:
    """The tree of places, for sums over a warehouse with its zones and bins."""

    places: dict[int, Location]

    def is_in(self, location_id: int, root_id: int) -> bool:
        """Return whether a place is `root_id` or stands below it."""
        while location_id and location_id != root_id:
            place = self.places.get(location_id)
            location_id = place.parent_id if place is not None else 0
        return location_id == root_id


def held(session: Session, *, item_ids: Iterable[int]) -> list[Held]:
    """Return every balance of the items."""
    return list(map(Held._make, session.query_rows(store.STOCK_OF, [(item_id,) for item_id in sorted(set(item_ids))])))


def places(session: Session) -> Places:
    """Return all places."""
    return Places(read.locations_of(session))


def unit_costs(session: Session, *, item_ids: Iterable[int]) -> dict[int, UnitCost]:
    """Return what one base unit is worth now: the standard, the average of what is there, or the last known cost."""
    found: dict[int, UnitCost] = {}
    rows = session.query_rows(store.COSTS_OF, [(item_id,) for item_id in sorted(set(item_ids))])
    for item_id, method, standard, quantity, amount, last in rows:
        if method == CostingMethod.STANDARD.value:
            found[item_id] = UnitCost(standard)
        elif quantity > 0:
            found[item_id] = unit_cost_of(Amount(amount), Quantity(quantity))
        else:
            found[item_id] = UnitCost(last)
    return found


def work_in_progress_of(session: Session, *, order_ids: Iterable[int]) -> dict[int, Amount]:
    """Return the value that each order holds: material consumed, less goods made."""
    rows = session.query_rows(store.WORK_OF, [(order_id,) for order_id in sorted(set(order_ids))])
    return {row[0]: Amount(row[1] - row[2]) for row in rows}


def time_zone(session: Session) -> str:
    """Return the company's time zone, "" while the ledger is not open; it never changes."""
    rows = session.query(store.TIME_ZONE)
    return str(rows[0][0]) if rows else ""
