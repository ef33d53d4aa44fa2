"""What is wrong with a command before any quantity is looked at: places, lots, statuses, dates.

Every step is read once; of all that is wrong the refusal with the highest precedence is the answer.
"""

from collections.abc import Iterable, Iterator

from zhangshi.base.errors import ErrorCode, FactValue, Refusal
from zhangshi.base.numbers import QUANTITY_DIGITS, quantity_text
from zhangshi.ledger import refusals as r
from zhangshi.ledger.commands import Command, Consume, Produce, ReturnIn, Revalue
from zhangshi.ledger.kernel.state import LedgerState, Step
from zhangshi.ledger.model import (
    ALLOWED_STATUS_CHANGES,
    NO_ID,
    NO_LOT,
    REAL_KINDS,
    CostingMethod,
    ItemState,
    Location,
    LocationKind,
    Lot,
    Pricing,
    Status,
    Tracking,
)

LINES_MAX = 1000
_ONE = 10**QUANTITY_DIGITS
_NOT_REVERSIBLE = frozenset({"reverse", "revalue", "settle_period", "unsettle_period"})


def winner(refusals: Iterable[Refusal]) -> Refusal | None:
    """Return the refusal that stands first in the order of precedence; the earliest of equals."""
    return min(refusals, key=lambda refusal: r.RANK[refusal.error_code.code], default=None)


def _no(error_code: ErrorCode, **facts: FactValue) -> Refusal:
    return Refusal(error_code, facts)


def check_document(command: Command, state: LedgerState, steps: list[Step]) -> Refusal | None:
    """Refuse what no line can mend: no lines, no order, an unknown or spent origin."""
    lines = getattr(command, "lines", None)
    if lines is not None and not lines:
        return _no(r.EMPTY_POSTING)
    if lines is not None and len(lines) > LINES_MAX:
        return _no(r.TOO_MANY_LINES, lines=len(lines), lines_max=LINES_MAX)
    if _lacks_order(command, state):
        return _no(r.ORDER_REQUIRED, command=r.word(command.name))
    if command.name == "reverse":
        return _check_reversal(command.posting_id, state)  # type: ignore[union-attr]  # narrowed by its name
    for step in steps:
        if step.origin is not None and (step.origin.posting_id, step.origin.line_no) not in state.origins:
            return _no(r.UNKNOWN_POSTING, posting=step.origin.posting_id, line=step.origin.line_no)
    return None


def _lacks_order(command: Command, state: LedgerState) -> bool:
    if isinstance(command, ReturnIn):
        place = state.locations.get(command.from_location_id)
        return command.order_id == NO_ID and place is not None and place.kind is LocationKind.PRODUCTION
    return isinstance(command, (Consume, Produce)) and command.order_id == NO_ID


def _check_reversal(posting_id: int, state: LedgerState) -> Refusal | None:
    target = state.reversed
    if target is None:
        return _no(r.UNKNOWN_POSTING, posting=posting_id, line=1)
    if target.header.command in _NOT_REVERSIBLE:
        return _no(r.NOT_REVERSIBLE, posting=posting_id, command=r.word(target.header.command))
    if target.reversed_by != NO_ID:
        return _no(r.ALREADY_REVERSED, posting=posting_id)
    for posted in target.moves:
        if int(posted.used):
            return _no(r.USED_DOWNSTREAM, posting=posting_id, line=posted.move.line_no, used=quantity_text(posted.used))
    return None


def check_steps(command: Command, state: LedgerState, steps: list[Step]) -> Refusal | None:
    """Refuse by item, place, lot, number, status and date, in this order."""
    found = [refusal for step in steps if (refusal := _first_of_step(command, state, step)) is not None]
    if isinstance(command, Revalue):
        found.extend(_revaluations_below_zero(state, steps))
    found.extend(_dates(command, state))
    return winner(found) if found else None


def _revaluations_below_zero(state: LedgerState, steps: list[Step]) -> Iterator[Refusal]:
    """Lines that each leave some value may together leave less than none."""
    left: dict[int, int] = {}
    for step in steps:
        if step.amount is not None and step.item_id in state.items:
            left[step.item_id] = left.get(step.item_id, int(state.items[step.item_id].amount)) + int(step.amount)
            if left[step.item_id] < 0:
                yield _no(r.NOTHING_TO_REVALUE, item=step.item_id)


def _dates(command: Command, state: LedgerState) -> Iterator[Refusal]:
    effective_on = command.effective_on.isoformat()
    if effective_on > state.today:
        yield _no(r.DATE_IN_FUTURE, effective_on=effective_on, today=state.today)
    if effective_on <= state.head.locked_through_on:
        yield _no(r.PERIOD_CLOSED, effective_on=effective_on, locked_through_on=state.head.locked_through_on)


def _first_of_step(command: Command, state: LedgerState, step: Step) -> Refusal | None:
    item = state.items.get(step.item_id)
    if item is None:
        return _no(r.UNKNOWN_ITEM, item=step.item_id)
    refusal = _places(state, step) or _lot(state, item, step) or _numbers(item, step)
    if refusal is None and not step.is_exact:
        refusal = _cost(item, step) or _status(command, step) or _expiry(command, state, step)
    return refusal


def _places(state: LedgerState, step: Step) -> Refusal | None:
    refusal = _ends(state, step)
    if step.destination_id == NO_ID:
        return refusal
    return winner(found for found in (refusal, _destination(state, step)) if found is not None)


def _destination(state: LedgerState, step: Step) -> Refusal | None:
    place = state.locations.get(step.destination_id)
    if place is None:
        return _no(r.UNKNOWN_LOCATION, location=step.destination_id)
    return None if place.kind in REAL_KINDS else _wrong_place(place, REAL_KINDS)


def _ends(state: LedgerState, step: Step) -> Refusal | None:
    source, target = state.locations.get(step.from_location_id), state.locations.get(step.to_location_id)
    if source is None or target is None:
        return _no(r.UNKNOWN_LOCATION, location=step.to_location_id if source else step.from_location_id)
    if not target.active and not step.is_exact:
        return _no(r.LOCATION_CLOSED, location=target.location_id)
    if source.kind not in step.from_kinds:
        return _wrong_place(source, step.from_kinds)
    if target.kind not in step.to_kinds:
        return _wrong_place(target, step.to_kinds)
    if source is target and step.from_status is step.to_status:
        return _no(r.SAME_PLACE, location=source.location_id)
    if step.same_warehouse and _root(state, source) is not _root(state, target):
        return _no(r.OTHER_WAREHOUSE, location=source.location_id, to_location=target.location_id)
    return None


def _wrong_place(place: Location, wanted: frozenset[LocationKind]) -> Refusal:
    kinds = r.word(" / ".join(sorted(wanted)))
    return _no(r.WRONG_LOCATION, location=place.location_id, kind=r.word(place.kind), wanted=kinds)


def _root(state: LedgerState, place: Location) -> Location:
    while place.parent_id:
        place = state.locations[place.parent_id]
    return place


def _lot(state: LedgerState, item: ItemState, step: Step) -> Refusal | None:
    if step.pricing is Pricing.VALUE or (step.is_exact and not int(step.quantity)):
        return None
    if step.lot_id != NO_LOT:
        lot = state.lots.get(step.lot_id)
        if item.tracking is Tracking.NONE:
            return _no(r.LOT_NOT_TRACKED, item=item.item_id, lot=step.lot_id)
        if lot is None or lot.item_id != item.item_id:
            return _no(r.UNKNOWN_LOT, item=item.item_id, lot=step.lot_id)
    elif item.tracking is not Tracking.NONE:
        return _no(r.LOT_REQUIRED, item=item.item_id)
    return _output_lot(state, step)


def _output_lot(state: LedgerState, step: Step) -> Refusal | None:
    """Genealogy must not name a lot that nobody can find."""
    if step.output_lot_id == NO_LOT:
        return None
    lot = state.lots.get(step.output_lot_id)
    if lot is None or lot.item_id != step.output_item_id:
        return _no(r.UNKNOWN_LOT, item=step.output_item_id, lot=step.output_lot_id)
    return None


def _numbers(item: ItemState, step: Step) -> Refusal | None:
    if step.pricing is Pricing.VALUE or step.is_exact:
        return None
    quantity = step.quantity
    if int(quantity) <= 0:
        return _no(r.QUANTITY_NOT_POSITIVE, item=item.item_id, quantity=quantity_text(quantity))
    if int(quantity) % int(item.quantity_step):
        step_text = quantity_text(item.quantity_step)
        return _no(r.QUANTITY_STEP, item=item.item_id, quantity=quantity_text(quantity), step=step_text)
    if item.tracking is Tracking.SERIAL and int(quantity) != _ONE:
        return _no(r.SERIAL_QUANTITY, item=item.item_id, quantity=quantity_text(quantity))
    return _inputs(step)


def _inputs(step: Step) -> Refusal | None:
    for given in step.inputs or ():
        if int(given.quantity) <= 0:
            return _no(r.QUANTITY_NOT_POSITIVE, item=given.item_id, quantity=quantity_text(given.quantity))
    return None


def _cost(item: ItemState, step: Step) -> Refusal | None:
    if step.pricing is Pricing.VALUE:
        return _revaluation(item, step)
    given = step.amount if step.amount is not None else step.unit_cost
    if min(int(step.amount or 0), int(step.unit_cost or 0)) < 0:
        return _no(r.COST_NEGATIVE, item=item.item_id)
    if step.cost_required and given is None:
        return _no(r.COST_REQUIRED, item=item.item_id)
    return None


def _revaluation(item: ItemState, step: Step) -> Refusal | None:
    if item.method is CostingMethod.STANDARD:
        fits = step.amount is None and step.standard_cost is not None and int(step.standard_cost) >= 0
        fits = fits and step.standard_cost != item.standard_cost
    else:
        change = 0 if step.amount is None else int(step.amount)
        fits = step.standard_cost is None and change != 0
        fits = fits and int(item.quantity) > 0 and int(item.amount) + change >= 0
    return None if fits else _no(r.NOTHING_TO_REVALUE, item=item.item_id)


def _status(command: Command, step: Step) -> Refusal | None:
    if step.statuses and step.status_used not in step.statuses:
        status = r.word(step.status_used)
        return _no(r.STATUS_NOT_ALLOWED, command=r.word(command.name), status=status, item=step.item_id)
    if command.name == "change_status" and step.to_status not in ALLOWED_STATUS_CHANGES.get(
        step.from_status, frozenset[Status]()
    ):
        before, after = r.word(step.from_status), r.word(step.to_status)
        return _no(r.STATUS_CHANGE_NOT_ALLOWED, from_status=before, to_status=after, item=step.item_id)
    return None


def _expiry(command: Command, state: LedgerState, step: Step) -> Refusal | None:
    if not step.blocks_expired or step.lot_id == NO_LOT:
        return None
    lot: Lot = state.lots[step.lot_id]
    if lot.expires_on is None or lot.expires_on >= command.effective_on:
        return None
    return _no(r.LOT_EXPIRED, item=step.item_id, lot=lot.code, expires_on=lot.expires_on.isoformat())
