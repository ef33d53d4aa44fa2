"""What the kernel is handed and what it hands back.

The service finds out what a command touches (`kernel.expand` and `kernel.needs`), reads exactly that into a
`LedgerState` under the ledger's locks, and writes what the `Draft` says. Nothing here knows a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhangshi.base.numbers import Amount, Quantity, UnitCost
from zhangshi.ledger.commands import Input, Origin
from zhangshi.ledger.kernel.costing import COSTINGS, Valuation
from zhangshi.ledger.model import (
    NO_ID,
    NO_LOT,
    Balance,
    BalanceKey,
    Head,
    ItemState,
    Layer,
    Location,
    LocationKind,
    Lot,
    Move,
    OrderMaterial,
    PostedMove,
    PostingHeader,
    Pricing,
    Reason,
    Reservation,
    Status,
    Trace,
)


@dataclass(slots=True)
class Step:
    """A move to be: everything but its number, its sequence and, mostly, its amount.

    `quantity` < 0 only in a step of `Adjust`, turned round at once. `from_kinds` and `to_kinds` say which places
    the command accepts. `is_exact` marks the opposite of an earlier move: status and expiry rules do not apply to it.
    """

    input_line: int
    item_id: int
    lot_id: int
    quantity: Quantity
    from_location_id: int
    from_status: Status
    to_location_id: int
    to_status: Status
    pricing: Pricing
    from_kinds: frozenset[LocationKind]
    to_kinds: frozenset[LocationKind]
    amount: Amount | None = None
    unit_cost: UnitCost | None = None
    standard_cost: UnitCost | None = None
    reason: Reason = Reason.NONE
    order_id: int = NO_ID
    origin: Origin | None = None
    reservation_id: int = NO_ID
    source_line_id: int = NO_ID
    cost_required: bool = False
    blocks_expired: bool = False
    same_warehouse: bool = False
    is_exact: bool = False
    statuses: frozenset[Status] = frozenset()
    """Which statuses the command may take goods from or put them into; empty means any."""
    status_used: Status = Status.AVAILABLE
    inputs: tuple[Input, ...] | None = None
    output_item_id: int = NO_ID
    output_lot_id: int = NO_LOT
    own_layer_key: int = 0
    destination_id: int = NO_ID
    """Where goods that go onto the road are meant to arrive; nothing moves there yet."""


@dataclass(frozen=True, slots=True)
class ReversedPosting:
    """The posting that a `Reverse` names, whole."""

    header: PostingHeader
    moves: tuple[PostedMove, ...]
    traces: tuple[Trace, ...]
    reversed_by: int = NO_ID


@dataclass(slots=True)
class LedgerState:
    """The part of the ledger that one command touches, as read under its locks; the kernel changes it in place."""

    head: Head
    today: str
    items: dict[int, ItemState] = field(default_factory=dict)
    locations: Mapping[int, Location] = field(default_factory=dict)
    lots: dict[int, Lot] = field(default_factory=dict)
    balances: dict[BalanceKey, Balance] = field(default_factory=dict)
    serial_places: dict[int, int] = field(default_factory=dict)
    """lot id -> location id of serials that are in stock somewhere."""
    reservations: dict[int, Reservation] = field(default_factory=dict)
    origins: dict[tuple[int, int], PostedMove] = field(default_factory=dict)
    materials: dict[tuple[int, int, int], OrderMaterial] = field(default_factory=dict)
    """(order, item, lot) -> what the order consumed."""
    layers: dict[int, list[Layer]] = field(default_factory=dict)
    reversed: ReversedPosting | None = None


@dataclass(slots=True)
class Draft:
    """What a posting changes, beside the state that it was drafted on."""

    moves: list[Move] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    touched: set[BalanceKey] = field(default_factory=set)
    used: dict[tuple[int, int], int] = field(default_factory=dict)
    """(posting, line) -> change of how much of that move later postings use."""
    consumed: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """(order, item, lot) -> change of what the order consumed."""
    attributed: dict[tuple[int, int, int], int] = field(default_factory=dict)
    order_values: dict[int, tuple[int, int]] = field(default_factory=dict)
    """order -> (value into work in progress, value out of it) of this posting."""
    reservation_changes: dict[int, int] = field(default_factory=dict)
    """reservation -> change of its open quantity."""
    valuations: dict[int, Valuation] = field(default_factory=dict)

    def valuation(self, state: LedgerState, item_id: int) -> Valuation:
        """Return the item's running value, begun at first use."""
        found = self.valuations.get(item_id)
        if found is None:
            item = state.items[item_id]
            found = Valuation(item, COSTINGS[item.method], state.layers.get(item_id, []))
            self.valuations[item_id] = found
        return found
