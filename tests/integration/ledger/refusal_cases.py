"""One minimal case for every refusal of the ledger: what to set up, what is then refused, and with which facts.

`CASES` maps a code to a function of the `World`; it prepares the company and returns the act that must be refused
together with the facts that the refusal must name. `tests/integration/ledger/test_refusals.py` runs them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from tests import builders as b
from tests.clocks import SettableClock
from zhangshi.base.errors import ErrorCode
from zhangshi.base.periods import Period
from zhangshi.ledger import commands as c
from zhangshi.ledger import refusals as r
from zhangshi.ledger.kernel.checks import LINES_MAX
from zhangshi.ledger.model import CostingMethod, Location, LocationKind, Status, Tracking
from zhangshi.ledger.service import PostingAnswer
from zhangshi.ledger.service.period import PeriodAnswer, close_period, lock_through
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, reserve
from zhangshi.ledger.service.setup import save_location
from zhangshi.platform.unit_of_work import Company

PLAIN, LOTTED, SERIAL, WHOLE, STANDARD, EMPTY = 101, 102, 103, 104, 105, 106
NOBODY = 999
"""An item, location, lot, reservation or posting that does not exist."""


@dataclass
class World:
    """A factory with one item of each kind; 10 PLAIN at 5.00 lie in the bin. The clock stands at Monday morning."""

    factory: b.Factory
    clock: SettableClock
    today: date

    def receive(self, item: int = PLAIN, quantity: str | int = 10, **more: Any) -> PostingAnswer:
        return self.factory.post(b.receive(on=self.today, item=item, quantity_text=quantity, unit_cost=5, **more))

    def issue(self, item: int = PLAIN, quantity: str | int = 1, **more: Any) -> PostingAnswer:
        return self.factory.post(b.issue(on=self.today, item=item, quantity_text=quantity, **more))

    def reserve(self, item: int = PLAIN, quantity: str | int = 4, **more: Any) -> int:
        line = ReserveLine(item_id=item, quantity=b.quantity(quantity), location_id=b.WAREHOUSE, **more)
        answer: ReserveAnswer = self.factory.write(lambda uow: reserve(uow, lines=[line]), answer=ReserveAnswer)
        return answer.picks[0].reservation_id

    def save(self, location: Location) -> None:
        self.factory.write(lambda uow: save_location(uow, location))

    def lock(self, on: date) -> None:
        self.factory.write(lambda uow: lock_through(uow, on=on, reason="stock count"), answer=PeriodAnswer)

    def close(self, period: Period) -> None:
        self.factory.write(lambda uow: close_period(uow, period=period, reason="month end"), answer=PeriodAnswer)

    def post(self, command: c.Command) -> Callable[[], object]:
        return lambda: self.factory.post(command)


def open_world(company: Company, clock: SettableClock) -> World:
    """Open a company with the items above."""
    factory = b.open_factory(company)
    factory.item(PLAIN)
    factory.item(LOTTED, tracking=Tracking.LOT)
    factory.item(SERIAL, tracking=Tracking.SERIAL)
    factory.item(WHOLE, step="1")
    factory.item(STANDARD, method=CostingMethod.STANDARD, standard="5")
    factory.item(EMPTY)
    world = World(factory, clock, clock.now().date())
    world.receive()
    return world


class Refused(NamedTuple):
    """What must be refused, and the facts that the refusal must name."""

    act: Callable[[], object]
    facts: Mapping[str, object]


Case = Callable[[World], Refused]
CASES: dict[ErrorCode, Case] = {}


def case(error_code: ErrorCode) -> Callable[[Case], Case]:
    """Enter a function as the case of `error_code`."""

    def enter(function: Case) -> Case:
        assert error_code not in CASES, error_code.code
        CASES[error_code] = function
        return function

    return enter


@case(r.NOT_OPEN)
def _not_open(w: World) -> Refused:
    # The test hands in a company whose ledger nobody opened.
    return Refused(w.post(b.receive(on=w.today, item=PLAIN, quantity_text=1, unit_cost=5)), {})


@case(r.EMPTY_POSTING)
def _empty(w: World) -> Refused:
    return Refused(w.post(c.Receive(effective_on=w.today, supplier_location_id=b.SUPPLIER, lines=())), {})


@case(r.TOO_MANY_LINES)
def _too_many(w: World) -> Refused:
    line = c.InLine(item_id=PLAIN, quantity=b.quantity(1), location_id=b.BIN, unit_cost=b.cost(5))
    lines = (line,) * (LINES_MAX + 1)
    command = c.Receive(effective_on=w.today, supplier_location_id=b.SUPPLIER, lines=lines)
    return Refused(w.post(command), {"lines": 1001, "lines_max": 1000})


@case(r.ORDER_REQUIRED)
def _order(w: World) -> Refused:
    return Refused(w.post(b.consume(on=w.today, order=0, materials=[(PLAIN, 0, 1)])), {"command": "consume"})


@case(r.UNKNOWN_POSTING)
def _unknown_posting(w: World) -> Refused:
    return Refused(w.post(b.reverse(on=w.today, posting=NOBODY)), {"posting": NOBODY, "line": 1})


@case(r.NOT_REVERSIBLE)
def _not_reversible(w: World) -> Refused:
    issued = w.issue()
    reversal = w.factory.post(b.reverse(on=w.today, posting=issued))
    facts = {"posting": reversal.posting_id, "command": "reverse"}
    return Refused(w.post(b.reverse(on=w.today, posting=reversal)), facts)


@case(r.ALREADY_REVERSED)
def _already_reversed(w: World) -> Refused:
    issued = w.issue()
    w.factory.post(b.reverse(on=w.today, posting=issued))
    return Refused(w.post(b.reverse(on=w.today, posting=issued)), {"posting": issued.posting_id})


@case(r.USED_DOWNSTREAM)
def _used_downstream(w: World) -> Refused:
    shipped = w.factory.post(b.ship(on=w.today, item=PLAIN, quantity_text=5))
    w.factory.post(b.sign(on=w.today, shipped=shipped, quantity_text=3))
    facts = {"posting": shipped.posting_id, "line": 1, "used": "3"}
    return Refused(w.post(b.reverse(on=w.today, posting=shipped)), facts)


@case(r.UNKNOWN_ITEM)
def _unknown_item(w: World) -> Refused:
    return Refused(w.post(b.receive(on=w.today, item=NOBODY, quantity_text=1, unit_cost=5)), {"item": NOBODY})


@case(r.UNKNOWN_LOCATION)
def _unknown_location(w: World) -> Refused:
    command = b.receive(on=w.today, item=PLAIN, quantity_text=1, unit_cost=5, at=NOBODY)
    return Refused(w.post(command), {"location": NOBODY})


@case(r.LOCATION_CLOSED)
def _location_closed(w: World) -> Refused:
    w.save(Location(b.OTHER_BIN, b.WAREHOUSE, LocationKind.BIN, active=False))
    command = b.receive(on=w.today, item=PLAIN, quantity_text=1, unit_cost=5, at=b.OTHER_BIN)
    return Refused(w.post(command), {"location": b.OTHER_BIN})


@case(r.WRONG_LOCATION)
def _wrong_location(w: World) -> Refused:
    command = b.receive(on=w.today, item=PLAIN, quantity_text=1, unit_cost=5, at=b.CUSTOMER)
    facts = {"location": b.CUSTOMER, "kind": "customer", "wanted": "bin / warehouse / zone"}
    return Refused(w.post(command), facts)


@case(r.SAME_PLACE)
def _same_place(w: World) -> Refused:
    command = b.put_away(on=w.today, item=PLAIN, quantity_text=1, at=b.BIN, to=b.BIN)
    return Refused(w.post(command), {"location": b.BIN})


@case(r.OTHER_WAREHOUSE)
def _other_warehouse(w: World) -> Refused:
    command = b.put_away(on=w.today, item=PLAIN, quantity_text=1, at=b.BIN, to=b.FAR_BIN)
    return Refused(w.post(command), {"location": b.BIN, "to_location": b.FAR_BIN})


@case(r.LOT_REQUIRED)
def _lot_required(w: World) -> Refused:
    return Refused(w.post(b.receive(on=w.today, item=LOTTED, quantity_text=1, unit_cost=5)), {"item": LOTTED})


@case(r.LOT_NOT_TRACKED)
def _lot_not_tracked(w: World) -> Refused:
    command = b.receive(on=w.today, item=PLAIN, quantity_text=1, unit_cost=5, lot=NOBODY)
    return Refused(w.post(command), {"item": PLAIN, "lot": NOBODY})


@case(r.UNKNOWN_LOT)
def _unknown_lot(w: World) -> Refused:
    command = b.receive(on=w.today, item=LOTTED, quantity_text=1, unit_cost=5, lot=NOBODY)
    return Refused(w.post(command), {"item": LOTTED, "lot": NOBODY})


@case(r.QUANTITY_NOT_POSITIVE)
def _not_positive(w: World) -> Refused:
    command = b.receive(on=w.today, item=PLAIN, quantity_text=0, unit_cost=5)
    return Refused(w.post(command), {"item": PLAIN, "quantity": "0"})


@case(r.QUANTITY_STEP)
def _step(w: World) -> Refused:
    command = b.receive(on=w.today, item=WHOLE, quantity_text="1.5", unit_cost=5)
    return Refused(w.post(command), {"item": WHOLE, "quantity": "1.5", "step": "1"})


@case(r.SERIAL_QUANTITY)
def _serial_quantity(w: World) -> Refused:
    serial = w.factory.lot(SERIAL, "SN-1")
    command = b.receive(on=w.today, item=SERIAL, quantity_text=2, unit_cost=5, lot=serial)
    return Refused(w.post(command), {"item": SERIAL, "quantity": "2"})


@case(r.COST_NEGATIVE)
def _cost_negative(w: World) -> Refused:
    return Refused(w.post(b.receive(on=w.today, item=PLAIN, quantity_text=1, unit_cost=-5)), {"item": PLAIN})


@case(r.COST_REQUIRED)
def _cost_required(w: World) -> Refused:
    return Refused(w.post(b.receive(on=w.today, item=PLAIN, quantity_text=1)), {"item": PLAIN})


@case(r.NOTHING_TO_REVALUE)
def _nothing_to_revalue(w: World) -> Refused:
    line = c.RevalueLine(item_id=EMPTY, location_id=b.BIN, amount=b.amount(5))
    command = c.Revalue(effective_on=w.today, adjustment_location_id=b.ADJUSTMENT, lines=(line,))
    return Refused(w.post(command), {"item": EMPTY})


@case(r.STATUS_NOT_ALLOWED)
def _status(w: World) -> Refused:
    command = b.receive(on=w.today, item=PLAIN, quantity_text=1, unit_cost=5, status=Status.REJECTED)
    return Refused(w.post(command), {"command": "receive", "status": "rejected", "item": PLAIN})


def change_status(w: World, before: Status, after: Status, quantity: int = 1) -> c.ChangeStatus:
    """One line of PLAIN in the bin."""
    line = c.StatusLine(
        item_id=PLAIN, quantity=b.quantity(quantity), location_id=b.BIN, from_status=before, to_status=after
    )
    return c.ChangeStatus(effective_on=w.today, lines=(line,))


@case(r.STATUS_CHANGE_NOT_ALLOWED)
def _status_change(w: World) -> Refused:
    w.factory.post(change_status(w, Status.AVAILABLE, Status.REJECTED))
    facts = {"from_status": "rejected", "to_status": "available", "item": PLAIN}
    return Refused(w.post(change_status(w, Status.REJECTED, Status.AVAILABLE)), facts)


@case(r.DATE_IN_FUTURE)
def _future(w: World) -> Refused:
    tomorrow = w.today + timedelta(days=1)
    facts = {"effective_on": tomorrow.isoformat(), "today": w.today.isoformat()}
    return Refused(w.post(b.issue(on=tomorrow, item=PLAIN, quantity_text=1)), facts)


@case(r.PERIOD_CLOSED)
def _closed(w: World) -> Refused:
    w.lock(w.today)
    facts = {"effective_on": w.today.isoformat(), "locked_through_on": w.today.isoformat()}
    return Refused(w.post(b.issue(on=w.today, item=PLAIN, quantity_text=1)), facts)


@case(r.LOT_EXPIRED)
def _expired(w: World) -> Refused:
    lot = w.factory.lot(LOTTED, "OLD", expires_on=w.today - timedelta(days=1))
    w.receive(LOTTED, lot=lot)
    facts = {"item": LOTTED, "lot": "OLD", "expires_on": (w.today - timedelta(days=1)).isoformat()}
    return Refused(w.post(b.issue(on=w.today, item=LOTTED, quantity_text=1, lot=lot)), facts)


@case(r.RESERVATION_CLOSED)
def _reservation_closed(w: World) -> Refused:
    command = b.issue(on=w.today, item=PLAIN, quantity_text=1, reservation=NOBODY)
    return Refused(w.post(command), {"reservation": NOBODY})


@case(r.RESERVATION_MISMATCH)
def _reservation_mismatch(w: World) -> Refused:
    reservation = w.reserve()
    w.receive(WHOLE)
    command = b.issue(on=w.today, item=WHOLE, quantity_text=1, reservation=reservation)
    return Refused(w.post(command), {"reservation": reservation, "reserved_item": PLAIN, "item": WHOLE})


@case(r.EXCEEDS_RESERVATION)
def _exceeds_reservation(w: World) -> Refused:
    reservation = w.reserve(quantity=4)
    command = b.issue(on=w.today, item=PLAIN, quantity_text=5, reservation=reservation)
    return Refused(w.post(command), {"reservation": reservation, "available": "4", "wanted": "5"})


def return_in(w: World, origin: PostingAnswer, item: int, quantity: int) -> c.ReturnIn:
    """One line back from the customer, to be inspected."""
    line = c.ReturnInLine(
        item_id=item, quantity=b.quantity(quantity), location_id=b.BIN, status=Status.INSPECTION,
        origin=c.Origin(posting_id=origin.posting_id, line_no=1),
    )  # fmt: skip
    return c.ReturnIn(effective_on=w.today, from_location_id=b.CUSTOMER, lines=(line,))


@case(r.ORIGIN_MISMATCH)
def _origin_mismatch(w: World) -> Refused:
    issued = w.issue(quantity=3)
    facts = {"posting": issued.posting_id, "line": 1, "item": WHOLE, "lot": 0}
    return Refused(w.post(return_in(w, issued, WHOLE, 1)), facts)


@case(r.EXCEEDS_ORIGIN)
def _exceeds_origin(w: World) -> Refused:
    issued = w.issue(quantity=3)
    w.factory.post(return_in(w, issued, PLAIN, 2))
    facts = {"posting": issued.posting_id, "line": 1, "available": "1", "wanted": "2"}
    return Refused(w.post(return_in(w, issued, PLAIN, 2)), facts)


@case(r.EXCEEDS_CONSUMED)
def _exceeds_consumed(w: World) -> Refused:
    w.factory.post(b.consume(on=w.today, order=7, materials=[(PLAIN, 0, 3)]))
    line = c.ProduceLine(
        item_id=WHOLE, quantity=b.quantity(1), location_id=b.BIN, unit_cost=b.cost(5),
        inputs=(c.Input(item_id=PLAIN, lot_id=0, quantity=b.quantity(4)),),
    )  # fmt: skip
    command = c.Produce(effective_on=w.today, order_id=7, production_location_id=b.PRODUCTION, lines=(line,))
    return Refused(w.post(command), {"order": 7, "item": PLAIN, "lot": 0, "available": "3", "wanted": "4"})


@case(r.SERIAL_IN_STOCK)
def _serial_in_stock(w: World) -> Refused:
    serial = w.factory.lot(SERIAL, "SN-1")
    w.receive(SERIAL, 1, lot=serial)
    command = b.receive(on=w.today, item=SERIAL, quantity_text=1, unit_cost=5, lot=serial, at=b.FAR_BIN)
    return Refused(w.post(command), {"item": SERIAL, "lot": "SN-1", "location": b.BIN})


@case(r.INSUFFICIENT_STOCK)
def _insufficient(w: World) -> Refused:
    facts = {"item": PLAIN, "location": b.BIN, "lot": 0, "status": "available", "available": "10", "wanted": "12"}
    return Refused(w.post(b.issue(on=w.today, item=PLAIN, quantity_text=12)), {**facts, "missing": "2"})


@case(r.RESERVED_FOR_OTHERS)
def _reserved(w: World) -> Refused:
    w.reserve(quantity=4)
    facts = {"item": PLAIN, "location": b.BIN, "quantity": "10", "reserved": "4", "available": "6", "wanted": "7"}
    return Refused(w.post(b.issue(on=w.today, item=PLAIN, quantity_text=7)), facts)
