"""Lines that each break exactly one rule, so that two of them make a command that breaks exactly two.

A `Kind` is one command: how to make it of lines, a line that is in order, and by code a line that is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests import builders as b
from tests.integration.ledger.refusal_cases import EMPTY, LOTTED, NOBODY, PLAIN, SERIAL, WHOLE, World
from zhangshi.base.errors import ErrorCode
from zhangshi.ledger import commands as c
from zhangshi.ledger import refusals as r
from zhangshi.ledger.model import Location, LocationKind, Status

HELD, MATERIAL = 107, 108
ORDER = 7
LOCKED_ON = date(2026, 10, 31)


@dataclass
class Trouble:
    """A world with one of everything that a line can stumble over."""

    world: World
    lot: int
    old_lot: int
    serial: int
    new_serial: int
    reservation: int
    consumed: c.Origin


def make_trouble(world: World) -> Trouble:
    """Lock October, close a bin, reserve goods, let a lot expire, give an order material."""
    factory = world.factory
    for item in (HELD, MATERIAL):
        factory.item(item)
    lot, old_lot = factory.lot(LOTTED, "NEW"), factory.lot(LOTTED, "OLD", expires_on=date(2026, 9, 30))
    serial, new_serial = factory.lot(SERIAL, "SN-1"), factory.lot(SERIAL, "SN-2")
    for item in (WHOLE, HELD, MATERIAL):
        world.receive(item)
    for each in (lot, old_lot):
        world.receive(LOTTED, lot=each)
    world.receive(SERIAL, 1, lot=serial)
    world.reserve(HELD, 4)
    reservation = world.reserve(PLAIN, 4)
    consumed = factory.post(b.consume(on=world.today, order=ORDER, materials=[(MATERIAL, 0, 5)]))
    world.save(Location(b.OTHER_BIN, b.WAREHOUSE, LocationKind.BIN, active=False))
    world.lock(LOCKED_ON)
    origin = c.Origin(posting_id=consumed.posting_id, line_no=1)
    return Trouble(world, lot, old_lot, serial, new_serial, reservation, origin)


Maker = Callable[[tuple[Any, ...], date], c.Command]


@dataclass
class Kind:
    """One command and its lines, in order and out of order."""

    make: Maker
    good: Any
    bad: dict[ErrorCode, Any]


def _in(item: int, quantity: str | int = 1, at: int = b.BIN, unit_cost: str | int | None = 5, **more: Any) -> c.InLine:
    return c.InLine(item_id=item, quantity=b.quantity(quantity), location_id=at, unit_cost=b.cost(unit_cost), **more)


def _out(item: int, quantity: str | int = 1, at: int = b.BIN, **more: Any) -> c.OutLine:
    return c.OutLine(item_id=item, quantity=b.quantity(quantity), location_id=at, **more)


def _receive(t: Trouble) -> Kind:
    return Kind(
        lambda lines, on: c.Receive(effective_on=on, supplier_location_id=b.SUPPLIER, lines=lines),
        _in(PLAIN),
        {
            r.UNKNOWN_ITEM: _in(NOBODY),
            r.UNKNOWN_LOCATION: _in(PLAIN, at=NOBODY),
            r.LOCATION_CLOSED: _in(PLAIN, at=b.OTHER_BIN),
            r.WRONG_LOCATION: _in(PLAIN, at=b.CUSTOMER),
            r.LOT_REQUIRED: _in(LOTTED),
            r.LOT_NOT_TRACKED: _in(PLAIN, lot_id=t.lot),
            r.UNKNOWN_LOT: _in(LOTTED, lot_id=t.serial),
            r.QUANTITY_NOT_POSITIVE: _in(PLAIN, -1),
            r.QUANTITY_STEP: _in(WHOLE, "0.5"),
            r.SERIAL_QUANTITY: _in(SERIAL, 2, lot_id=t.new_serial),
            r.COST_NEGATIVE: _in(PLAIN, unit_cost=-1),
            r.COST_REQUIRED: _in(PLAIN, unit_cost=None),
            r.STATUS_NOT_ALLOWED: _in(PLAIN, status=Status.REJECTED),
            r.SERIAL_IN_STOCK: _in(SERIAL, lot_id=t.serial),
        },
    )


def _issue(t: Trouble) -> Kind:
    return Kind(
        lambda lines, on: c.Issue(effective_on=on, customer_location_id=b.CUSTOMER, lines=lines),
        _out(PLAIN),
        {
            r.UNKNOWN_ITEM: _out(NOBODY),
            r.UNKNOWN_LOCATION: _out(PLAIN, at=NOBODY),
            r.WRONG_LOCATION: _out(PLAIN, at=b.SUPPLIER),
            r.LOT_REQUIRED: _out(LOTTED),
            r.LOT_NOT_TRACKED: _out(PLAIN, lot_id=t.lot),
            r.UNKNOWN_LOT: _out(LOTTED, lot_id=NOBODY),
            r.QUANTITY_NOT_POSITIVE: _out(PLAIN, 0),
            r.QUANTITY_STEP: _out(WHOLE, "0.5"),
            r.SERIAL_QUANTITY: _out(SERIAL, 2, lot_id=t.serial),
            r.LOT_EXPIRED: _out(LOTTED, lot_id=t.old_lot),
            r.RESERVATION_CLOSED: _out(PLAIN, reservation_id=NOBODY),
            r.RESERVATION_MISMATCH: _out(WHOLE, reservation_id=t.reservation),
            r.EXCEEDS_RESERVATION: _out(PLAIN, 5, reservation_id=t.reservation),
            r.INSUFFICIENT_STOCK: _out(EMPTY),
            r.RESERVED_FOR_OTHERS: _out(HELD, 7),
        },
    )


def _put_away(t: Trouble) -> Kind:
    def line(
        item: int, quantity: str | int = 1, to: int = b.ZONE_BIN, status: Status = Status.AVAILABLE, lot: int = 0
    ) -> c.PutAwayLine:
        return c.PutAwayLine(
            item_id=item, quantity=b.quantity(quantity), location_id=b.BIN, to_location_id=to, status=status, lot_id=lot
        )

    return Kind(
        lambda lines, on: c.PutAway(effective_on=on, lines=lines),
        line(PLAIN),
        {
            r.UNKNOWN_ITEM: line(NOBODY),
            r.UNKNOWN_LOCATION: line(PLAIN, to=NOBODY),
            r.LOCATION_CLOSED: line(PLAIN, to=b.OTHER_BIN),
            r.WRONG_LOCATION: line(PLAIN, to=b.SCRAP),
            r.SAME_PLACE: line(PLAIN, to=b.BIN),
            r.OTHER_WAREHOUSE: line(PLAIN, to=b.FAR_BIN),
            r.LOT_REQUIRED: line(LOTTED),
            r.UNKNOWN_LOT: line(LOTTED, lot=t.serial),
            r.QUANTITY_NOT_POSITIVE: line(PLAIN, 0),
            r.STATUS_NOT_ALLOWED: line(PLAIN, status=Status.OUTSIDE),
            r.INSUFFICIENT_STOCK: line(EMPTY),
            r.RESERVED_FOR_OTHERS: line(HELD, 7),
        },
    )


def _change_status(t: Trouble) -> Kind:
    def line(
        item: int, quantity: str | int = 1, before: Status = Status.AVAILABLE, after: Status = Status.HOLD, lot: int = 0
    ) -> c.StatusLine:
        return c.StatusLine(
            item_id=item,
            quantity=b.quantity(quantity),
            location_id=b.BIN,
            from_status=before,
            to_status=after,
            lot_id=lot,
        )

    return Kind(
        lambda lines, on: c.ChangeStatus(effective_on=on, lines=lines),
        line(PLAIN),
        {
            r.UNKNOWN_ITEM: line(NOBODY),
            r.SAME_PLACE: line(PLAIN, after=Status.AVAILABLE),
            r.UNKNOWN_LOT: line(LOTTED, lot=t.serial),
            r.QUANTITY_NOT_POSITIVE: line(PLAIN, 0),
            r.STATUS_CHANGE_NOT_ALLOWED: line(PLAIN, before=Status.REJECTED, after=Status.AVAILABLE),
            r.INSUFFICIENT_STOCK: line(EMPTY),
            r.RESERVED_FOR_OTHERS: line(HELD, 7),
        },
    )


def _produce(t: Trouble) -> Kind:
    def line(item: int, lot: int = 0, inputs: int = 1, unit_cost: int | None = 5) -> c.ProduceLine:
        return c.ProduceLine(
            item_id=item, quantity=b.quantity(1), location_id=b.BIN, lot_id=lot, unit_cost=b.cost(unit_cost),
            inputs=(c.Input(item_id=MATERIAL, lot_id=0, quantity=b.quantity(inputs)),),
        )  # fmt: skip

    return Kind(
        lambda lines, on: c.Produce(effective_on=on, order_id=ORDER, production_location_id=b.PRODUCTION, lines=lines),
        line(PLAIN),
        {
            r.UNKNOWN_ITEM: line(NOBODY),
            r.QUANTITY_NOT_POSITIVE: line(PLAIN, inputs=-1),
            r.COST_REQUIRED: line(PLAIN, unit_cost=None),
            r.EXCEEDS_CONSUMED: line(PLAIN, inputs=6),
            r.SERIAL_IN_STOCK: line(SERIAL, lot=t.serial),
        },
    )


def _return_material(t: Trouble) -> Kind:
    def line(
        item: int, quantity: int = 1, origin: c.Origin | None = None, unit_cost: int | None = None
    ) -> c.ReturnInLine:
        return c.ReturnInLine(
            item_id=item, quantity=b.quantity(quantity), location_id=b.BIN, origin=origin, unit_cost=b.cost(unit_cost)
        )

    return Kind(
        lambda lines, on: c.ReturnIn(effective_on=on, from_location_id=b.PRODUCTION, order_id=ORDER, lines=lines),
        line(MATERIAL, origin=t.consumed),
        {
            r.UNKNOWN_POSTING: line(MATERIAL, origin=c.Origin(posting_id=NOBODY, line_no=1)),
            r.UNKNOWN_ITEM: line(NOBODY),
            r.COST_NEGATIVE: line(MATERIAL, unit_cost=-1),
            r.ORIGIN_MISMATCH: line(PLAIN, origin=t.consumed),
            r.EXCEEDS_ORIGIN: line(MATERIAL, 6, origin=t.consumed),
            r.EXCEEDS_CONSUMED: line(MATERIAL, 6),
        },
    )


def _adjust(t: Trouble) -> Kind:
    def line(item: int, quantity: int = 1, lot: int = 0, status: Status = Status.AVAILABLE) -> c.AdjustLine:
        return c.AdjustLine(item_id=item, quantity=b.quantity(quantity), location_id=b.BIN, lot_id=lot, status=status)

    return Kind(
        lambda lines, on: c.Adjust(effective_on=on, adjustment_location_id=b.ADJUSTMENT, lines=lines),
        line(PLAIN, -1),
        {
            r.QUANTITY_NOT_POSITIVE: line(PLAIN, 0),
            r.STATUS_NOT_ALLOWED: line(PLAIN, status=Status.OUTSIDE),
            r.SERIAL_IN_STOCK: line(SERIAL, lot=t.serial),
            r.INSUFFICIENT_STOCK: line(EMPTY, -1),
            r.RESERVED_FOR_OTHERS: line(HELD, -7),
        },
    )


def _revalue(t: Trouble) -> Kind:
    def line(item: int, amount: int = 1, at: int = b.BIN) -> c.RevalueLine:
        return c.RevalueLine(item_id=item, location_id=at, amount=b.amount(amount))

    return Kind(
        lambda lines, on: c.Revalue(effective_on=on, adjustment_location_id=b.ADJUSTMENT, lines=lines),
        line(PLAIN),
        {
            r.UNKNOWN_ITEM: line(NOBODY),
            r.UNKNOWN_LOCATION: line(PLAIN, at=NOBODY),
            r.WRONG_LOCATION: line(PLAIN, at=b.CUSTOMER),
            r.NOTHING_TO_REVALUE: line(PLAIN, -51),
        },
    )


KINDS = {
    "receive": _receive,
    "issue": _issue,
    "put_away": _put_away,
    "change_status": _change_status,
    "produce": _produce,
    "return_in": _return_material,
    "adjust": _adjust,
    "revalue": _revalue,
}
