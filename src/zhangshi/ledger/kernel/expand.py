"""Every command as steps: which goods, from where, to where, and who prices them.

Nothing is checked here. A step says what the command would do and which places and statuses the command accepts;
`kernel.checks` refuses, `kernel.apply` does. Reservations and origins fill in what a line leaves to them.
"""

from collections.abc import Callable
from typing import Any

from zhangshi.base.numbers import Amount, Quantity
from zhangshi.ledger import commands as c
from zhangshi.ledger.kernel.state import LedgerState, Step
from zhangshi.ledger.model import NO_ID, NO_LOT, REAL_KINDS, STOCK_KINDS, LocationKind, Pricing, Reason, Status

_ANY = frozenset(LocationKind)
_SUPPLIER = frozenset({LocationKind.SUPPLIER})
_CUSTOMER = frozenset({LocationKind.CUSTOMER})
_TRANSIT = frozenset({LocationKind.TRANSIT})
_PRODUCTION = frozenset({LocationKind.PRODUCTION})
_ADJUSTMENT = frozenset({LocationKind.ADJUSTMENT})
_SCRAP = frozenset({LocationKind.SCRAP})
_RETURN_SOURCES = frozenset({LocationKind.CUSTOMER, LocationKind.PRODUCTION})

_AVAILABLE = frozenset({Status.AVAILABLE})
_ARRIVING = frozenset({Status.AVAILABLE, Status.INSPECTION, Status.HOLD})
_MADE = frozenset({Status.AVAILABLE, Status.INSPECTION})
_RETURNED = frozenset({Status.INSPECTION, Status.REJECTED, Status.HOLD})
_LEAVING = frozenset({Status.AVAILABLE, Status.REJECTED, Status.HOLD})
_IN_STOCK = frozenset({Status.AVAILABLE, Status.INSPECTION, Status.REJECTED, Status.HOLD})


def _incoming(line: c.InLine, number: int, from_location_id: int, from_kinds: frozenset[LocationKind]) -> Step:
    given = line.amount is not None or line.unit_cost is not None
    return Step(
        number, line.item_id, line.lot_id, line.quantity, from_location_id, Status.OUTSIDE, line.location_id,
        line.status, Pricing.GIVEN if given else Pricing.METHOD, from_kinds, REAL_KINDS, line.amount, line.unit_cost,
        source_line_id=line.source_line_id, status_used=line.status,
    )  # fmt: skip


def _outgoing(
    line: c.OutLine, number: int, state: LedgerState, to_location_id: int, to_kinds: frozenset[LocationKind]
) -> Step:
    location_id, lot_id = line.location_id, line.lot_id
    reservation = state.reservations.get(line.reservation_id)
    if reservation is not None:
        location_id, lot_id = reservation.location_id, reservation.lot_id
    return Step(
        number, line.item_id, lot_id, line.quantity, location_id, Status.AVAILABLE, to_location_id, Status.OUTSIDE,
        Pricing.METHOD, REAL_KINDS, to_kinds, reservation_id=line.reservation_id,
        source_line_id=line.source_line_id,
    )  # fmt: skip


def _receive(command: c.Receive, state: LedgerState) -> list[Step]:  # noqa: ARG001
    steps = [_incoming(line, n, command.supplier_location_id, _SUPPLIER) for n, line in enumerate(command.lines, 1)]
    for step in steps:
        step.cost_required, step.statuses = True, _ARRIVING
    return steps


def _issue(command: c.Issue, state: LedgerState) -> list[Step]:
    steps = [
        _outgoing(line, n, state, command.customer_location_id, _CUSTOMER) for n, line in enumerate(command.lines, 1)
    ]
    for step in steps:
        step.blocks_expired = not command.allow_expired
    return steps


def _transfer_ship(command: c.TransferShip, state: LedgerState) -> list[Step]:
    steps = [
        _outgoing(line, n, state, command.transit_location_id, _TRANSIT) for n, line in enumerate(command.lines, 1)
    ]
    for step, line in zip(steps, command.lines, strict=True):
        step.pricing, step.to_status = Pricing.MOVED, Status.AVAILABLE
        step.destination_id = line.to_location_id
        step.blocks_expired = not command.allow_expired
    return steps


def _transfer_sign(command: c.TransferSign, state: LedgerState) -> list[Step]:
    steps = []
    for number, line in enumerate(command.lines, 1):
        shipped = state.origins.get((line.shipped.posting_id, line.shipped.line_no))
        item_id, lot_id, transit_id = (
            (shipped.move.item_id, shipped.move.lot_id, shipped.move.to_location_id) if shipped else (0, 0, 0)
        )
        steps.append(
            Step(
                number, item_id, lot_id, line.quantity, transit_id, Status.AVAILABLE, line.location_id,
                Status.AVAILABLE, Pricing.MOVED, _TRANSIT, REAL_KINDS, origin=line.shipped,
                source_line_id=line.source_line_id,
            )
        )  # fmt: skip
    return steps


def _put_away(command: c.PutAway, state: LedgerState) -> list[Step]:  # noqa: ARG001
    return [
        Step(
            number, line.item_id, line.lot_id, line.quantity, line.location_id, line.status, line.to_location_id,
            line.status, Pricing.MOVED, REAL_KINDS, REAL_KINDS, source_line_id=line.source_line_id,
            same_warehouse=True, statuses=_IN_STOCK, status_used=line.status,
        )
        for number, line in enumerate(command.lines, 1)
    ]  # fmt: skip


def _change_status(command: c.ChangeStatus, state: LedgerState) -> list[Step]:  # noqa: ARG001
    return [
        Step(
            number, line.item_id, line.lot_id, line.quantity, line.location_id, line.from_status, line.location_id,
            line.to_status, Pricing.MOVED, REAL_KINDS, REAL_KINDS, source_line_id=line.source_line_id,
        )
        for number, line in enumerate(command.lines, 1)
    ]  # fmt: skip


def _consume(command: c.Consume, state: LedgerState) -> list[Step]:
    steps = []
    for number, line in enumerate(command.lines, 1):
        step = _outgoing(line, number, state, command.production_location_id, _PRODUCTION)
        step.order_id, step.blocks_expired = command.order_id, not command.allow_expired
        step.output_item_id, step.output_lot_id = line.output_item_id, line.output_lot_id
        steps.append(step)
    return steps


def _produce(command: c.Produce, state: LedgerState) -> list[Step]:  # noqa: ARG001
    steps = []
    for number, line in enumerate(command.lines, 1):
        step = _incoming(line, number, command.production_location_id, _PRODUCTION)
        step.order_id, step.cost_required, step.statuses, step.inputs = command.order_id, True, _MADE, line.inputs
        steps.append(step)
    return steps


def _scrap(command: c.Scrap, state: LedgerState) -> list[Step]:
    steps = []
    for number, line in enumerate(command.lines, 1):
        location_id, kinds = line.location_id, REAL_KINDS
        if line.origin is not None:  # goods that never arrived: they are at the transit place
            shipped = state.origins.get((line.origin.posting_id, line.origin.line_no))
            location_id, kinds = (shipped.move.to_location_id if shipped else 0), _TRANSIT
        steps.append(
            Step(
                number, line.item_id, line.lot_id, line.quantity, location_id, line.status,
                command.scrap_location_id, Status.OUTSIDE, Pricing.METHOD, kinds, _SCRAP, origin=line.origin,
                source_line_id=line.source_line_id, statuses=_LEAVING, status_used=line.status,
            )
        )  # fmt: skip
    return steps


def _return_in(command: c.ReturnIn, state: LedgerState) -> list[Step]:
    steps = []
    place = state.locations.get(command.from_location_id)
    from_production = place is not None and place.kind is LocationKind.PRODUCTION
    for number, line in enumerate(command.lines, 1):
        step = _incoming(line, number, command.from_location_id, _RETURN_SOURCES)
        step.statuses = _IN_STOCK if from_production else _RETURNED
        # Only work in progress belongs to an order; a customer's return must not touch its value.
        step.order_id, step.origin = (command.order_id if from_production else NO_ID), line.origin
        if line.origin is not None:
            step.pricing = Pricing.ORIGIN
        steps.append(step)
    return steps


def _return_out(command: c.ReturnOut, state: LedgerState) -> list[Step]:  # noqa: ARG001
    return [
        Step(
            number, line.item_id, line.lot_id, line.quantity, line.location_id, line.status,
            command.supplier_location_id, Status.OUTSIDE,
            Pricing.METHOD if line.origin is None else Pricing.ORIGIN, REAL_KINDS, _SUPPLIER, origin=line.origin,
            source_line_id=line.source_line_id, statuses=_LEAVING, status_used=line.status,
        )
        for number, line in enumerate(command.lines, 1)
    ]  # fmt: skip


def _adjust(command: c.Adjust, state: LedgerState) -> list[Step]:  # noqa: ARG001
    steps = []
    for number, line in enumerate(command.lines, 1):
        step = _incoming(line, number, command.adjustment_location_id, _ADJUSTMENT)
        step.statuses = _IN_STOCK
        if int(line.quantity) < 0:  # a loss: the same step the other way round, priced by the method
            step.quantity, step.pricing, step.amount, step.unit_cost = -line.quantity, Pricing.METHOD, None, None
            step.from_location_id, step.to_location_id = step.to_location_id, step.from_location_id
            step.from_status, step.to_status = step.to_status, step.from_status
            step.from_kinds, step.to_kinds = step.to_kinds, step.from_kinds
        steps.append(step)
    return steps


def _revalue(command: c.Revalue, state: LedgerState) -> list[Step]:  # noqa: ARG001
    return [
        Step(
            number, line.item_id, NO_LOT, Quantity(0), line.location_id, Status.AVAILABLE,
            command.adjustment_location_id, Status.OUTSIDE, Pricing.VALUE, STOCK_KINDS, _ADJUSTMENT, line.amount,
            standard_cost=line.standard_cost, reason=Reason.REVALUATION, source_line_id=line.source_line_id,
        )
        for number, line in enumerate(command.lines, 1)
    ]  # fmt: skip


def _reverse(command: c.Reverse, state: LedgerState) -> list[Step]:
    reversed_posting = state.reversed
    if reversed_posting is None:
        return []
    return [
        Step(
            0, move.item_id, move.lot_id, move.quantity, move.to_location_id, move.to_status, move.from_location_id,
            move.from_status, Pricing.REVERSED, _ANY, _ANY, Amount(int(move.amount)), move.unit_cost,
            reason=move.reason, order_id=move.order_id,
            origin=c.Origin(posting_id=command.posting_id, line_no=move.line_no), reservation_id=move.reservation_id,
            source_line_id=move.source_line_id, is_exact=True, own_layer_key=move.item_sequence,
        )
        for move in (posted.move for posted in reversed(reversed_posting.moves))
    ]  # fmt: skip


_EXPANSIONS: dict[type, Callable[[Any, LedgerState], list[Step]]] = {
    c.Receive: _receive,
    c.Issue: _issue,
    c.TransferShip: _transfer_ship,
    c.TransferSign: _transfer_sign,
    c.PutAway: _put_away,
    c.ChangeStatus: _change_status,
    c.Consume: _consume,
    c.Produce: _produce,
    c.Scrap: _scrap,
    c.ReturnIn: _return_in,
    c.ReturnOut: _return_out,
    c.Adjust: _adjust,
    c.Revalue: _revalue,
    c.Reverse: _reverse,
}


def expand(command: c.Command, state: LedgerState) -> list[Step]:
    """Return the command's steps in line order; a reversal's in the opposite order of what it reverses."""
    return _EXPANSIONS[type(command)](command, state)
