"""What the ledger tells the rest of the system, through the outbox, in the posting's own transaction."""

from dataclasses import dataclass
from typing import NamedTuple

STOCK_POSTED = "ledger.stock_posted"
"""Topic of `StockPosted`; ordering key: the source document."""

RESERVATION_CLOSED = "ledger.reservation_closed"
"""Topic of `ReservationClosed`; ordering key: the source document."""

PERIOD_CHANGED = "ledger.period_changed"
"""Topic of `PeriodChanged`; ordering key: "period"."""


class ItemAfter(NamedTuple):
    """An item right after a posting, in JSON an array: `quantity` over all stock places, in minor units.

    `sequence` orders the states of one item, whatever order events arrive in.
    """

    item_id: int
    sequence: int
    quantity: int


@dataclass(frozen=True, slots=True)
class StockPosted:
    """A posting was committed."""

    posting_id: int
    command: str
    effective_on: str
    source_type: str
    source_id: int
    reverses_posting_id: int
    items: tuple[ItemAfter, ...]


@dataclass(frozen=True, slots=True)
class ReservationClosed:
    """A reservation ended without being used up: released or expired."""

    reservation_id: int
    item_id: int
    quantity: int
    state: str
    source_type: str
    source_id: int
    source_line_id: int


@dataclass(frozen=True, slots=True)
class PeriodChanged:
    """A period was locked, closed or reopened."""

    action: str
    period: str
    through_on: str
