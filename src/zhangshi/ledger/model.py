"""The words of the stock ledger: places, statuses, moves, balances, lots, reservations.

Problem. Stock that is counted in one table and moved in another drifts. Rule: a move is the only fact; it takes a
quantity of one item (and lot) from one place to another, is never edited or deleted, and every balance and value
is a sum of moves. Goods that leave one place arrive in another, so the sum over all places is zero for every item.

Example. Receive 10 pcs at 5.00 into bin 7: one move supplier -> (bin 7, available), quantity 10_000_000,
amount 5_000 fen. The balance (item, bin 7, no lot, available) is now 10_000_000; the supplier keeps no balance row.

A *value move* has quantity 0 and an amount > 0: it carries value between stock and a counterparty (a price
variance, a correction) without goods. See docs/algorithms/posting.md.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from zhangshi.base.numbers import Amount, Quantity, UnitCost

NO_LOT = 0
"""The lot id of goods that are not tracked by lot."""

NO_ID = 0
"""No order, origin, reservation or document line."""


class Status(StrEnum):
    """What may be done with goods at a place."""

    AVAILABLE = "available"
    """可用: may be reserved, picked, issued, delivered, consumed, and counted on by planning."""
    INSPECTION = "inspection"
    """待检: waits for the inspector's verdict."""
    REJECTED = "rejected"
    """不合格: may be returned to the supplier, scrapped, or inspected again."""
    HOLD = "hold"
    """冻结: stopped by somebody; leaves by a status change."""
    OUTSIDE = "outside"
    """Not ours or not stock any more: the status of every counterparty place."""


class LocationKind(StrEnum):
    """A place that holds stock, or a counterparty that goods come from and go to."""

    WAREHOUSE = "warehouse"
    """仓库"""
    ZONE = "zone"
    """库区"""
    BIN = "bin"
    """库位"""
    TRANSIT = "transit"
    """在途: holds stock that is on the road; nothing can be reserved or issued from it."""
    SUPPLIER = "supplier"
    """供应商"""
    CUSTOMER = "customer"
    """客户"""
    PRODUCTION = "production"
    """生产 (在制): consumed material waits here as value of its order."""
    ADJUSTMENT = "adjustment"
    """盘点与差异: count differences and value variances."""
    SCRAP = "scrap"
    """报废"""


REAL_KINDS = frozenset({LocationKind.WAREHOUSE, LocationKind.ZONE, LocationKind.BIN})
STOCK_KINDS = REAL_KINDS | {LocationKind.TRANSIT}


class CostingMethod(StrEnum):
    """How goods that leave stock are valued."""

    MOVING_AVERAGE = "moving_average"
    """移动加权平均: value / quantity at the moment of issue."""
    FIFO = "fifo"
    """先进先出: the oldest open layer first."""
    PERIOD_AVERAGE = "period_average"
    """全月一次加权平均: provisional moving average, corrected to the month's average when the month closes."""
    STANDARD = "standard"
    """标准成本: a fixed cost; what was paid beyond it is a variance."""


class Tracking(StrEnum):
    """Whether an item's goods carry a number."""

    NONE = "none"
    LOT = "lot"
    SERIAL = "serial"
    """A lot of exactly one base unit."""


class Pricing(StrEnum):
    """Where a move's amount comes from."""

    GIVEN = "given"
    """Stated by the command: a purchase price, a production cost."""
    METHOD = "method"
    """Computed by the item's costing method."""
    ORIGIN = "origin"
    """A share of the move that this one returns."""
    REVERSED = "reversed"
    """The amount of the move that this one reverses."""
    MOVED = "moved"
    """Between two stock places: no value crosses the border, amount 0."""
    VALUE = "value"
    """A value move: quantity 0."""


class Reason(StrEnum):
    """Why a value move exists; the name under which the correction shows."""

    NONE = ""
    NEGATIVE_CORRECTION = "negative_correction"
    """负库存成本调整: goods issued before they arrived were priced at the last known cost; this is the difference."""
    PURCHASE_PRICE_VARIANCE = "purchase_price_variance"
    """材料成本差异: paid price against standard cost."""
    RETURN_DIFFERENCE = "return_difference"
    """退货与冲销差异: goods went back at their own price while stock had another average."""
    REVALUATION = "revaluation"
    """调价: somebody changed the value or the standard cost."""
    PERIOD_SETTLEMENT = "period_settlement"
    """期末加权平均调整: provisional issue cost against the month's average."""


ALLOWED_STATUS_CHANGES: dict[Status, frozenset[Status]] = {
    Status.AVAILABLE: frozenset({Status.INSPECTION, Status.REJECTED, Status.HOLD}),
    Status.INSPECTION: frozenset({Status.AVAILABLE, Status.REJECTED, Status.HOLD}),
    Status.HOLD: frozenset({Status.AVAILABLE, Status.INSPECTION, Status.REJECTED}),
    Status.REJECTED: frozenset({Status.INSPECTION, Status.HOLD}),
}
"""Rejected goods become available only through a new inspection."""


@dataclass(slots=True)
class ItemState:
    """What the ledger keeps of one item; locked for the length of a posting.

    `sequence` counts the item's moves without a gap: it is the value order. `quantity` and `amount` are what the
    company owns over all stock places, transit included. `last_cost` prices goods that are issued before they
    arrive. `recorded_at` (microseconds) never falls, whatever the clock does.
    """

    item_id: int
    method: CostingMethod
    tracking: Tracking
    quantity_step: Quantity
    standard_cost: UnitCost
    sequence: int = 0
    quantity: Quantity = field(default_factory=lambda: Quantity(0))
    amount: Amount = field(default_factory=lambda: Amount(0))
    last_cost: UnitCost = field(default_factory=lambda: UnitCost(0))
    recorded_at: int = 0
    last_in_on: str = ""
    last_out_on: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A place of the tree; `parent_id` 0 at the root."""

    location_id: int
    parent_id: int
    kind: LocationKind
    allows_negative: bool = False
    active: bool = True
    holds_stock: bool = field(init=False, compare=False)
    """Whether goods here are ours and have a balance."""

    def __post_init__(self) -> None:
        # Asked several times for each line of each posting, so it is worked out once.
        object.__setattr__(self, "holds_stock", self.kind in STOCK_KINDS)


@dataclass(frozen=True, slots=True)
class Lot:
    """A batch, or with serial tracking one piece. Dates are None where nobody stated them."""

    lot_id: int
    item_id: int
    code: str
    produced_on: date | None = None
    expires_on: date | None = None
    supplier_lot: str = ""
    registered_at: int = 0


class BalanceKey(NamedTuple):
    """Where goods lie and in which status."""

    item_id: int
    location_id: int
    lot_id: int
    status: str


@dataclass(slots=True)
class Balance:
    """Goods at a key. `reserved` <= `quantity`; below zero only where the location allows it, and then flagged."""

    quantity: Quantity
    reserved: Quantity
    negative_allowed: bool = False
    version: int = 0


@dataclass(slots=True)
class Layer:
    """A FIFO cost layer: open goods that came in together. `layer_key` orders the layers of an item."""

    layer_key: int
    quantity: Quantity
    amount: Amount


class Move(NamedTuple):
    """One immutable fact; `line_no` counts from 1 inside its posting, `item_sequence` inside its item."""

    line_no: int
    item_id: int
    item_sequence: int
    lot_id: int
    quantity: Quantity
    from_location_id: int
    from_status: Status
    to_location_id: int
    to_status: Status
    unit_cost: UnitCost
    amount: Amount
    pricing: Pricing
    reason: Reason = Reason.NONE
    order_id: int = NO_ID
    origin_posting_id: int = NO_ID
    origin_line_no: int = 0
    reservation_id: int = NO_ID
    source_line_id: int = NO_ID
    input_line: int = 0
    """Which line of the command (from 1) made this move; 0 for a reversal."""


class Trace(NamedTuple):
    """A genealogy entry: `quantity` of the input lot went into the output lot; negative when taken back."""

    trace_no: int
    order_id: int
    in_item_id: int
    in_lot_id: int
    out_item_id: int
    out_lot_id: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class PostingHeader:
    """Who posted what, when, for which document."""

    posting_id: int
    command: str
    effective_on: date
    recorded_at: int
    actor: str
    request_key: str
    source_type: str
    source_id: int
    reverses_posting_id: int = NO_ID
    owner: str = ""
    due_at: int = 0


@dataclass(frozen=True, slots=True)
class PostedMove:
    """A move of an earlier posting, with how much of it later postings have used (returned, signed, reversed)."""

    posting_id: int
    move: Move
    used: Quantity


@dataclass(slots=True)
class Reservation:
    """A promise of available goods at one balance key to one document line."""

    reservation_id: int
    item_id: int
    location_id: int
    lot_id: int
    quantity: Quantity
    open_quantity: Quantity
    source_type: str
    source_id: int
    source_line_id: int
    state: str
    expires_at: int = 0


@dataclass(slots=True)
class OrderMaterial:
    """What one order consumed of one lot, and how much of that its outputs already account for."""

    consumed: Quantity
    attributed: Quantity


@dataclass(frozen=True, slots=True)
class Head:
    """The ledger's own row: its locks and its fixed facts."""

    locked_through_on: str
    """Business dates up to this one (ISO) are refused; "" when nothing is locked."""
    snapshot_through_on: str
    variance_location_id: int
    time_zone: str
    location_revision: int
