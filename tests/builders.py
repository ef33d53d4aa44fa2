"""A small factory, and short words for the ledger's commands: numbers as people write them, all arguments by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from zhangshi.base.ids import CountingIds
from zhangshi.base.numbers import Amount, Quantity, UnitCost, amount_from_text, quantity_from_text, unit_cost_from_text
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import CostingMethod, Location, LocationKind, Lot, Status, Tracking
from zhangshi.ledger.service import PostingAnswer, StockLedger
from zhangshi.ledger.service.setup import open_ledger, register_item, register_lot, save_location
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

T = TypeVar("T")

SUPPLIER, CUSTOMER, PRODUCTION, ADJUSTMENT, SCRAP, TRANSIT, VARIANCE = 1, 2, 3, 4, 5, 6, 7
WAREHOUSE, BIN, OTHER_BIN, ZONE, ZONE_BIN, NEGATIVE_BIN = 10, 11, 12, 13, 14, 15
FAR_WAREHOUSE, FAR_BIN = 20, 21

PLACES = (
    Location(SUPPLIER, 0, LocationKind.SUPPLIER),
    Location(CUSTOMER, 0, LocationKind.CUSTOMER),
    Location(PRODUCTION, 0, LocationKind.PRODUCTION),
    Location(ADJUSTMENT, 0, LocationKind.ADJUSTMENT),
    Location(SCRAP, 0, LocationKind.SCRAP),
    Location(TRANSIT, 0, LocationKind.TRANSIT),
    Location(WAREHOUSE, 0, LocationKind.WAREHOUSE),
    Location(BIN, WAREHOUSE, LocationKind.BIN),
    Location(OTHER_BIN, WAREHOUSE, LocationKind.BIN),
    Location(ZONE, WAREHOUSE, LocationKind.ZONE),
    Location(ZONE_BIN, ZONE, LocationKind.BIN),
    Location(NEGATIVE_BIN, WAREHOUSE, LocationKind.BIN, allows_negative=True),
    Location(FAR_WAREHOUSE, 0, LocationKind.WAREHOUSE),
    Location(FAR_BIN, FAR_WAREHOUSE, LocationKind.BIN),
)


@dataclass
class Factory:
    """An opened company with a ledger, and a fresh idempotency key for whoever names none."""

    company: Company
    ledger: StockLedger = field(default_factory=StockLedger)
    keys: CountingIds = field(default_factory=CountingIds)

    def write(
        self, work: Callable[[UnitOfWork], T], *, answer: type[Any] = object, key: str = "", dry_run: bool = False
    ) -> T:
        """Run `work` as one request."""
        key = key or f"request {self.keys.next_id()}"
        found: T = self.company.write(
            Request(actor="li", key=key, content=key), work, answer_type=answer, dry_run=dry_run
        )
        return found

    def post(self, command: c.Command, *, key: str = "", dry_run: bool = False) -> PostingAnswer:
        """Post one command."""
        request = Request(actor="li", key=key or f"request {self.keys.next_id()}", content=command)
        return self.company.write(
            request, lambda uow: self.ledger.post(uow, command), answer_type=PostingAnswer, dry_run=dry_run
        )

    def item(
        self,
        item_id: int,
        *,
        method: CostingMethod = CostingMethod.MOVING_AVERAGE,
        tracking: Tracking = Tracking.NONE,
        step: str = "0.000001",
        standard: str = "0",
    ) -> int:
        """Register an item."""
        self.write(
            lambda uow: register_item(
                uow,
                item_id=item_id,
                method=method,
                tracking=tracking,
                quantity_step=quantity_from_text(step),
                standard_cost=unit_cost_from_text(standard),
            )
        )
        return item_id

    def lot(self, item_id: int, code: str, *, expires_on: date | None = None) -> int:
        """Register a lot or a serial number; return its id."""
        lot: Lot = self.write(
            lambda uow: register_lot(uow, item_id=item_id, code=code, expires_on=expires_on), answer=Lot
        )
        return lot.lot_id


def open_factory(company: Company) -> Factory:
    """Open the ledger of an empty company, with the places above."""
    factory = Factory(company)

    def work(uow: UnitOfWork) -> None:
        open_ledger(uow, variance_location_id=VARIANCE)
        for place in PLACES:
            save_location(uow, place)

    factory.write(work)
    return factory


def quantity(text: str | int) -> Quantity:
    """Return a quantity as people write it."""
    return quantity_from_text(str(text))


def cost(text: str | int | None) -> UnitCost | None:
    """Return a unit cost, None for none."""
    return None if text is None else unit_cost_from_text(str(text))


def amount(text: str | int | None) -> Amount | None:
    """Return an amount of money, None for none."""
    return None if text is None else amount_from_text(str(text))


def receive(
    *,
    on: date,
    item: int,
    quantity_text: str | int,
    at: int = BIN,
    lot: int = 0,
    unit_cost: str | int | None = None,
    total: str | int | None = None,
    status: Status = Status.AVAILABLE,
) -> c.Receive:
    """One line from the supplier."""
    line = c.InLine(
        item_id=item,
        quantity=quantity(quantity_text),
        location_id=at,
        lot_id=lot,
        unit_cost=cost(unit_cost),
        amount=amount(total),
        status=status,
    )
    return c.Receive(effective_on=on, supplier_location_id=SUPPLIER, lines=(line,))


def issue(
    *, on: date, item: int, quantity_text: str | int, at: int = BIN, lot: int = 0, reservation: int = 0
) -> c.Issue:
    """One line to the customer."""
    line = c.OutLine(
        item_id=item, quantity=quantity(quantity_text), location_id=at, lot_id=lot, reservation_id=reservation
    )
    return c.Issue(effective_on=on, customer_location_id=CUSTOMER, lines=(line,))


def put_away(
    *, on: date, item: int, quantity_text: str | int, at: int, to: int, lot: int = 0, status: Status = Status.AVAILABLE
) -> c.PutAway:
    """One line from bin to bin."""
    line = c.PutAwayLine(
        item_id=item, quantity=quantity(quantity_text), location_id=at, lot_id=lot, to_location_id=to, status=status
    )
    return c.PutAway(effective_on=on, lines=(line,))


def ship(
    *, on: date, item: int, quantity_text: str | int, at: int = BIN, to: int = FAR_BIN, lot: int = 0
) -> c.TransferShip:
    """One line onto the road."""
    line = c.ShipLine(item_id=item, quantity=quantity(quantity_text), location_id=at, lot_id=lot, to_location_id=to)
    return c.TransferShip(effective_on=on, transit_location_id=TRANSIT, lines=(line,), owner="driver")


def sign(*, on: date, shipped: PostingAnswer, quantity_text: str | int, at: int = FAR_BIN) -> c.TransferSign:
    """Sign for (a part of) the first line of a shipment."""
    origin = c.Origin(posting_id=shipped.posting_id, line_no=1)
    line = c.SignLine(shipped=origin, quantity=quantity(quantity_text), location_id=at)
    return c.TransferSign(effective_on=on, lines=(line,))


def consume(*, on: date, order: int, materials: Sequence[tuple[int, int, str | int]], at: int = BIN) -> c.Consume:
    """Material (item, lot, quantity) for an order."""
    lines = tuple(
        c.ConsumeLine(item_id=item, lot_id=lot, quantity=quantity(text), location_id=at)
        for item, lot, text in materials
    )
    return c.Consume(effective_on=on, order_id=order, production_location_id=PRODUCTION, lines=lines)


def produce(
    *, on: date, order: int, outputs: Sequence[tuple[int, int, str | int, str | int]], at: int = BIN
) -> c.Produce:
    """Goods made (item, lot, quantity, unit cost) by an order."""
    lines = tuple(
        c.ProduceLine(item_id=item, lot_id=lot, quantity=quantity(text), location_id=at, unit_cost=cost(price))
        for item, lot, text, price in outputs
    )
    return c.Produce(effective_on=on, order_id=order, production_location_id=PRODUCTION, lines=lines)


def reverse(*, on: date, posting: PostingAnswer | int) -> c.Reverse:
    """The exact opposite of a posting."""
    posting_id = posting if isinstance(posting, int) else posting.posting_id
    return c.Reverse(effective_on=on, posting_id=posting_id)
