"""Commands of the stock ledger: what somebody asks for, in base units, before anything is checked.

Every command carries its business date and the document that stands behind it; every line names the document line.
All of them reduce to moves (see `kernel.expand`). Quantities are > 0 except in `Adjust`, which states a signed
difference: a count posts what it found more or less, never an absolute target.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from zhangshi.base.numbers import Amount, Quantity, UnitCost
from zhangshi.ledger.model import NO_ID, NO_LOT, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An earlier move that a line returns, signs for or writes off."""

    posting_id: int
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What every line says. `source_line_id` is the document line's id."""

    item_id: int
    quantity: Quantity
    location_id: int
    lot_id: int = NO_LOT
    source_line_id: int = NO_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine(Line):
    """Goods that come in. `amount` wins over `unit_cost`; with neither, the item's costing method prices them."""

    status: Status = Status.AVAILABLE
    unit_cost: UnitCost | None = None
    amount: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutLine(Line):
    """Available goods that go out, from a reservation where one is named (its place and lot then win)."""

    reservation_id: int = NO_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipLine(OutLine):
    """Goods sent to another warehouse; `to_location_id` is a real place, or 0 while nobody knows which."""

    to_location_id: int = NO_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignLine:
    """Goods that arrived: so much of a shipped move, put down at `location_id`."""

    shipped: Origin
    quantity: Quantity
    location_id: int
    source_line_id: int = NO_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAwayLine(Line):
    """Goods carried from one place to another of the same warehouse, whatever their status."""

    to_location_id: int
    status: Status = Status.AVAILABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine(Line):
    """Goods that stay where they are and change status."""

    from_status: Status
    to_status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumeLine(OutLine):
    """Material for an order; `output_lot_id` names at once the lot that it went into, otherwise `Produce` does."""

    output_item_id: int = NO_ID
    output_lot_id: int = NO_LOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """So much of a consumed lot is in this output."""

    item_id: int
    lot_id: int
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class ProduceLine(InLine):
    """Goods made. `inputs` None means: all that the order consumed and no output accounts for yet."""

    inputs: tuple[Input, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLine(Line):
    """Goods in a stated status; `origin` names the earlier move that the line returns or writes off."""

    status: Status = Status.AVAILABLE
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnInLine(InLine):
    """Goods that come back; with `origin` they come back at the cost they left with."""

    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustLine(InLine):
    """A signed difference: `quantity` < 0 takes goods off the books."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevalueLine:
    """A new standard cost, or a signed change of the item's stock value."""

    item_id: int
    location_id: int
    standard_cost: UnitCost | None = None
    amount: Amount | None = None
    source_line_id: int = NO_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Command:
    name: ClassVar[str] = ""
    effective_on: date
    source_type: str = ""
    source_id: int = NO_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(_Command):
    """收货: supplier -> stock."""

    name: ClassVar[str] = "receive"
    supplier_location_id: int
    lines: tuple[InLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(_Command):
    """出库: stock -> customer."""

    name: ClassVar[str] = "issue"
    customer_location_id: int
    lines: tuple[OutLine, ...]
    allow_expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferShip(_Command):
    """调拨发出: stock -> transit, with somebody who answers for it and a time it is due."""

    name: ClassVar[str] = "transfer_ship"
    transit_location_id: int
    lines: tuple[ShipLine, ...]
    owner: str = ""
    due_at: int = 0
    """Microseconds since 1970 UTC; 0 when no time was agreed."""
    allow_expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSign(_Command):
    """调拨签收: transit -> stock, all of a shipped move or a part of it."""

    name: ClassVar[str] = "transfer_sign"
    lines: tuple[SignLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAway(_Command):
    """移库: from place to place inside one warehouse."""

    name: ClassVar[str] = "put_away"
    lines: tuple[PutAwayLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatus(_Command):
    """状态变更."""

    name: ClassVar[str] = "change_status"
    lines: tuple[StatusLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consume(_Command):
    """领料: stock -> work in progress of one order."""

    name: ClassVar[str] = "consume"
    order_id: int
    production_location_id: int
    lines: tuple[ConsumeLine, ...]
    allow_expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Produce(_Command):
    """完工入库: work in progress of one order -> stock."""

    name: ClassVar[str] = "produce"
    order_id: int
    production_location_id: int
    lines: tuple[ProduceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrap(_Command):
    """报废: stock -> scrap; with `origin` a shipped move that never arrived."""

    name: ClassVar[str] = "scrap"
    scrap_location_id: int
    lines: tuple[StatedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnIn(_Command):
    """退入: from a customer (销售退货, never straight into available) or from an order (退料)."""

    name: ClassVar[str] = "return_in"
    from_location_id: int
    lines: tuple[ReturnInLine, ...]
    order_id: int = NO_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOut(_Command):
    """退出: back to the supplier (采购退货)."""

    name: ClassVar[str] = "return_out"
    supplier_location_id: int
    lines: tuple[StatedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust(_Command):
    """调整: signed differences of a count."""

    name: ClassVar[str] = "adjust"
    adjustment_location_id: int
    lines: tuple[AdjustLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revalue(_Command):
    """调价: the value changes, the goods do not."""

    name: ClassVar[str] = "revalue"
    adjustment_location_id: int
    lines: tuple[RevalueLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse(_Command):
    """冲销: the exact opposite of one earlier posting."""

    name: ClassVar[str] = "reverse"
    posting_id: int


Command = (
    Receive | Issue | TransferShip | TransferSign | PutAway | ChangeStatus | Consume | Produce | Scrap | ReturnIn
    | ReturnOut | Adjust | Revalue | Reverse
)  # fmt: skip
