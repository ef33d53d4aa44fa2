"""Lists for people: the codes of lots, what is promised to whom."""

from collections.abc import Iterable
from typing import NamedTuple

from zhangshi.ledger._store import listing as store
from zhangshi.platform.session import Session

LIMIT = 2000


class LotCode(NamedTuple):
    """How people know a lot; `expires_on` "" where it keeps."""

    lot_id: int
    item_id: int
    code: str
    expires_on: str


class OpenReservation(NamedTuple):
    """Goods that are promised to a document; quantities in millionths, `expires_at` 0 for as long as it stands."""

    reservation_id: int
    item_id: int
    location_id: int
    lot_id: int
    quantity: int
    open_quantity: int
    source_type: str
    source_id: int
    source_line_id: int
    expires_at: int
    created_at: int
    actor: str


def lot_codes(session: Session, *, lot_ids: Iterable[int]) -> dict[int, LotCode]:
    """Return lots by id, in one statement."""
    rows = session.query_rows(store.LOT_CODES, [(lot_id,) for lot_id in sorted(set(lot_ids) - {0})])
    return {row[0]: LotCode(*row) for row in rows}


def lots_of_item(session: Session, *, item_id: int, after: str = "", limit: int = LIMIT) -> list[LotCode]:
    """Return the lots of an item by code."""
    return [LotCode(*row) for row in session.query(store.LOTS_OF_ITEM, item_id, after, limit)]


def open_reservations(session: Session, *, item_id: int | None = None, limit: int = LIMIT) -> list[OpenReservation]:
    """Return what is promised, of one item or of all, oldest first."""
    if item_id is None:
        rows = session.query(store.RESERVATIONS, limit)
    else:
        rows = session.query(store.RESERVATIONS_OF_ITEM, item_id, limit)
    return [OpenReservation(*row) for row in rows]
