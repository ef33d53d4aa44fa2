"""Quantities: reservations, origins, serials and balances, step by step.

Each pass reads and changes the state as if the steps before it had happened, and collects every refusal it meets;
the caller takes the one that stands first. A refused state is thrown away, so a pass may go on after a refusal.
"""

from typing import TypeVar

from zhangshi.base.errors import FactValue, Refusal
from zhangshi.base.numbers import Amount, Quantity, check_range, proportion, quantity_text
from zhangshi.ledger import refusals as r
from zhangshi.ledger.kernel.state import Draft, LedgerState, Step
from zhangshi.ledger.model import (
    NO_ID,
    Balance,
    BalanceKey,
    Location,
    LocationKind,
    Move,
    PostedMove,
    Pricing,
    Status,
    Tracking,
)

_Key = TypeVar("_Key", int, tuple[int, int])
_REOPENABLE = frozenset({"open", "used"})


def use_reservations(state: LedgerState, steps: list[Step], draft: Draft) -> list[Refusal]:
    """Take what the steps draw from reservations; a reversal gives it back while the reservation still stands."""
    refusals: list[Refusal] = []
    for step in steps:
        if step.reservation_id == NO_ID:
            continue
        reservation = state.reservations.get(step.reservation_id)
        if step.is_exact:
            if reservation is not None and reservation.state in _REOPENABLE:
                reservation.open_quantity = reservation.open_quantity + step.quantity
                _add(draft.reservation_changes, step.reservation_id, int(step.quantity))
            else:
                step.reservation_id = NO_ID
            continue
        if reservation is None or reservation.state != "open":
            refusals.append(Refusal(r.RESERVATION_CLOSED, {"reservation": step.reservation_id}))
        elif reservation.item_id != step.item_id:
            facts: dict[str, FactValue] = {
                "reservation": step.reservation_id, "reserved_item": reservation.item_id, "item": step.item_id,
            }  # fmt: skip
            refusals.append(Refusal(r.RESERVATION_MISMATCH, facts))
        elif reservation.open_quantity < step.quantity:
            available = quantity_text(reservation.open_quantity)
            refusals.append(
                Refusal(
                    r.EXCEEDS_RESERVATION,
                    {
                        "reservation": step.reservation_id,
                        "available": available,
                        "wanted": quantity_text(step.quantity),
                    },
                )
            )
        else:
            reservation.open_quantity = reservation.open_quantity - step.quantity
            _add(draft.reservation_changes, step.reservation_id, -int(step.quantity))
    return refusals


def use_origins(state: LedgerState, steps: list[Step], draft: Draft) -> list[Refusal]:
    """Count what the steps return, sign for or reverse of earlier moves, and price it by its share of them."""
    refusals: list[Refusal] = []
    for step in steps:
        if step.origin is None or not int(step.quantity):
            continue
        key = (step.origin.posting_id, step.origin.line_no)
        posted = state.origins[key]
        if step.is_exact:
            _add(draft.used, key, int(step.quantity))
            _give_back(posted.move, draft)
            continue
        used = int(posted.used) + draft.used.get(key, 0)
        whole, wanted = int(posted.move.quantity), int(step.quantity)
        if not _fits(state, step, posted):
            facts: dict[str, FactValue] = {"posting": key[0], "line": key[1], "item": step.item_id, "lot": step.lot_id}
            refusals.append(Refusal(r.ORIGIN_MISMATCH, facts))
        elif used + wanted > whole:
            available = quantity_text(Quantity(whole - used))
            facts = {"posting": key[0], "line": key[1], "available": available, "wanted": quantity_text(step.quantity)}
            refusals.append(Refusal(r.EXCEEDS_ORIGIN, facts))
        else:
            if step.pricing is Pricing.ORIGIN:
                amount = int(posted.move.amount)
                step.amount = Amount(proportion(amount, used + wanted, whole) - proportion(amount, used, whole))
                step.own_layer_key = posted.move.item_sequence
            _add(draft.used, key, wanted)
    return refusals


def _give_back(move: Move, draft: Draft) -> None:
    """A reversed return or signature no longer uses its own origin."""
    if move.origin_posting_id != NO_ID:
        _add(draft.used, (move.origin_posting_id, move.origin_line_no), -int(move.quantity))


def _fits(state: LedgerState, step: Step, posted: PostedMove) -> bool:
    move = posted.move
    if move.item_id != step.item_id or move.lot_id != step.lot_id or move.pricing is Pricing.REVERSED:
        return False
    source, target = state.locations[step.from_location_id], state.locations[step.to_location_id]
    if source.kind is LocationKind.TRANSIT:
        shipped_from = state.locations[move.from_location_id]
        return move.to_location_id == source.location_id and shipped_from.kind is not LocationKind.TRANSIT
    if target.kind is LocationKind.SUPPLIER:
        return move.from_location_id == target.location_id
    return move.to_location_id == source.location_id and move.order_id == step.order_id


def check_serials(state: LedgerState, steps: list[Step]) -> list[Refusal]:
    """A serial is in one place at most."""
    refusals: list[Refusal] = []
    for step in steps:
        if state.items[step.item_id].tracking is not Tracking.SERIAL or not int(step.quantity):
            continue
        from_stock = state.locations[step.from_location_id].holds_stock
        if not from_stock and step.lot_id in state.serial_places:
            facts: dict[str, FactValue] = {
                "item": step.item_id,
                "lot": state.lots[step.lot_id].code,
                "location": state.serial_places[step.lot_id],
            }
            refusals.append(Refusal(r.SERIAL_IN_STOCK, facts))
        if state.locations[step.to_location_id].holds_stock:
            state.serial_places[step.lot_id] = step.to_location_id
        else:
            state.serial_places.pop(step.lot_id, None)
    return refusals


def move_balances(state: LedgerState, steps: list[Step], draft: Draft) -> list[Refusal]:
    """Take from and put to the balances of stock places; refuse what is not there or is promised to others."""
    refusals: list[Refusal] = []
    places = state.locations
    for step in steps:
        if not int(step.quantity):
            continue
        source, target = places[step.from_location_id], places[step.to_location_id]
        if source.holds_stock:
            balance = _balance(state, draft, step, source, step.from_status)
            if step.reservation_id and not step.is_exact:
                balance.reserved = balance.reserved - step.quantity
            refusal = _take(step, balance)
            if refusal is not None:
                refusals.append(refusal)
        if target.holds_stock:
            balance = _balance(state, draft, step, target, step.to_status)
            balance.quantity = Quantity(check_range(int(balance.quantity) + int(step.quantity)))
            if step.reservation_id and step.is_exact:
                _promise_again(step, balance, draft)
    return refusals


def _promise_again(step: Step, balance: Balance, draft: Draft) -> None:
    """Goods that came back serve their reservation again, unless they only fill a hole below zero."""
    if balance.reserved + step.quantity <= balance.quantity:
        balance.reserved = balance.reserved + step.quantity
        return
    _add(draft.reservation_changes, step.reservation_id, -int(step.quantity))
    step.reservation_id = NO_ID


def _balance(state: LedgerState, draft: Draft, step: Step, place: Location, status: Status) -> Balance:
    key = BalanceKey(step.item_id, place.location_id, step.lot_id, status)
    balance = state.balances.get(key)
    if balance is None:
        balance = state.balances[key] = Balance(Quantity(0), Quantity(0))
    # A serial is one piece: it is there or it is not, wherever it lies.
    is_serial = state.items[step.item_id].tracking is Tracking.SERIAL
    balance.negative_allowed = place.allows_negative and not is_serial
    draft.touched.add(key)
    return balance


def _take(step: Step, balance: Balance) -> Refusal | None:
    wanted, held, reserved = int(step.quantity), int(balance.quantity), int(balance.reserved)
    balance.quantity = Quantity(check_range(held - wanted))
    facts: dict[str, FactValue] = {"item": step.item_id, "location": step.from_location_id}
    if wanted > held and not balance.negative_allowed:
        shown = {"available": held, "wanted": wanted, "missing": wanted - held}
        facts |= {"lot": step.lot_id, "status": r.word(step.from_status)}
        return Refusal(r.INSUFFICIENT_STOCK, facts | _as_text(shown))
    if reserved and wanted > held - reserved:
        shown = {"quantity": held, "reserved": reserved, "available": held - reserved, "wanted": wanted}
        return Refusal(r.RESERVED_FOR_OTHERS, facts | _as_text(shown))
    return None


def _as_text(minor: dict[str, int]) -> dict[str, FactValue]:
    return {name: quantity_text(Quantity(value)) for name, value in minor.items()}


def _add(changes: dict[_Key, int], key: _Key, change: int) -> None:
    changes[key] = changes.get(key, 0) + change
