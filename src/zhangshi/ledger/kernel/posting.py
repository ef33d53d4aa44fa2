"""One command in, moves or a refusal out.

The order is fixed: document, steps, reservations, origins, orders, serials, balances, values. The first refusal by
precedence wins and nothing of the draft is used. See docs/algorithms/posting.md for a worked example.
"""

from collections.abc import Container

from zhangshi.base.errors import Refusal
from zhangshi.base.numbers import Amount, Quantity, UnitCost, check_range, extend, unit_cost_of
from zhangshi.ledger.commands import Command
from zhangshi.ledger.kernel.checks import check_document, check_steps, winner
from zhangshi.ledger.kernel.costing import Valuation
from zhangshi.ledger.kernel.quantities import check_serials, move_balances, use_origins, use_reservations
from zhangshi.ledger.kernel.state import Draft, LedgerState, Step
from zhangshi.ledger.kernel.tracing import trace_orders
from zhangshi.ledger.model import NO_ID, NO_LOT, CostingMethod, LocationKind, Move, Pricing, Reason, Status


def draft_posting(command: Command, state: LedgerState, steps: list[Step], recorded_at: int) -> Draft | Refusal:
    """Return what the command would post on `state`, or the refusal that stands first; `steps` are its expansion.

    `state` is changed in place and holds the new balances and item values when a draft is returned; after a
    refusal it must be thrown away. `recorded_at` is in microseconds; items never go back in time.

    Raises: number.overflow where a balance or value leaves the 64-bit range.
    """
    refusal = check_document(command, state, steps)
    draft = Draft()
    reverses = state.reversed is not None
    if refusal is None and reverses:  # what stands downstream of a reversal outranks its date
        refusal = winner(trace_orders(state, steps, draft))
    refusal = refusal or check_steps(command, state, steps)
    if refusal is not None:
        return refusal
    refusals = use_reservations(state, steps, draft)
    refusals += use_origins(state, steps, draft)
    refusals += [] if reverses else trace_orders(state, steps, draft)
    refusals += check_serials(state, steps)
    refusals += move_balances(state, steps, draft)
    if refusals:
        return winner(refusals) or refusals[0]
    on = command.effective_on.isoformat()
    for step in steps:
        _value(state, draft, step, on)
    _settle_exact(state, draft, steps)
    if any(step.order_id != NO_ID for step in steps):
        production = {p.location_id for p in state.locations.values() if p.kind is LocationKind.PRODUCTION}
        draft.order_values = order_values(draft.moves, production)
    for valuation in draft.valuations.values():
        item = valuation.item
        check_range(int(item.quantity))
        check_range(int(item.amount))
        item.recorded_at = max(item.recorded_at, recorded_at)
    return draft


def _value(state: LedgerState, draft: Draft, step: Step, on: str) -> None:
    """Price one step, add its move, and add the value move that the method asks for."""
    valuation = draft.valuation(state, step.item_id)
    comes_in = not state.locations[step.from_location_id].holds_stock
    goes_out = not state.locations[step.to_location_id].holds_stock
    if step.is_exact:
        _value_exact(draft, valuation, step, comes_in=comes_in, goes_out=goes_out)
    elif step.pricing is Pricing.VALUE:
        _revalue(draft, valuation, step)
    elif comes_in:
        _value_in(state, draft, valuation, step)
    elif goes_out:
        _value_out(state, draft, valuation, step)
    else:
        _add_move(draft, valuation, step, Amount(0), UnitCost(0))
    if int(step.quantity) and comes_in:
        valuation.item.last_in_on = max(valuation.item.last_in_on, on)
    if int(step.quantity) and goes_out:
        valuation.item.last_out_on = max(valuation.item.last_out_on, on)


def _value_in(state: LedgerState, draft: Draft, valuation: Valuation, step: Step) -> None:
    item = valuation.item
    if step.amount is not None:
        amount = step.amount
        unit_cost = unit_cost_of(amount, step.quantity) if step.unit_cost is None else step.unit_cost
    elif step.unit_cost is not None:
        amount, unit_cost = extend(step.quantity, step.unit_cost), step.unit_cost
    else:
        amount = valuation.price_in(step.quantity)
        unit_cost = unit_cost_of(amount, step.quantity)
    correction = valuation.enter(step.quantity, amount)
    _add_move(draft, valuation, step, amount, unit_cost)
    if step.pricing is Pricing.GIVEN and int(unit_cost):
        item.last_cost = unit_cost
    reason = Reason.NEGATIVE_CORRECTION
    if item.method is CostingMethod.STANDARD:
        returned = step.pricing is Pricing.ORIGIN
        reason = Reason.RETURN_DIFFERENCE if returned else Reason.PURCHASE_PRICE_VARIANCE
    _correct(state, draft, valuation, step, correction, reason)


def _value_out(state: LedgerState, draft: Draft, valuation: Valuation, step: Step) -> None:
    if step.pricing is Pricing.ORIGIN and step.amount is not None:
        amount = step.amount
        valuation.exact_out(step.quantity, amount, step.own_layer_key)
        _add_move(draft, valuation, step, amount, unit_cost_of(amount, step.quantity))
        _correct(state, draft, valuation, step, valuation.settle(), Reason.RETURN_DIFFERENCE)
        return
    amount = valuation.leave(step.quantity)
    _add_move(draft, valuation, step, amount, unit_cost_of(amount, step.quantity))


def _value_exact(draft: Draft, valuation: Valuation, step: Step, *, comes_in: bool, goes_out: bool) -> None:
    amount = step.amount or Amount(0)
    unit_cost = step.unit_cost or UnitCost(0)
    if not int(step.quantity):
        valuation.exact_value(int(amount) if comes_in else -int(amount))
    elif comes_in:
        valuation.exact_in(step.quantity, amount)
    elif goes_out:
        valuation.exact_out(step.quantity, amount, step.own_layer_key)
    _add_move(draft, valuation, step, amount, unit_cost)


def _settle_exact(state: LedgerState, draft: Draft, steps: list[Step]) -> None:
    """After a whole reversal, ask each item's method once what the remaining goods are worth."""
    last_steps = {step.item_id: step for step in steps if step.is_exact}
    for item_id, step in last_steps.items():
        valuation = draft.valuations[item_id]
        _correct(state, draft, valuation, step, valuation.settle(), Reason.RETURN_DIFFERENCE)


def _revalue(draft: Draft, valuation: Valuation, step: Step) -> None:
    item = valuation.item
    if step.standard_cost is not None:
        item.standard_cost = step.standard_cost
        change = int(extend(item.quantity, step.standard_cost)) - int(item.amount)
    else:
        change = int(step.amount or 0)
        valuation.spread(change)
    if change > 0:
        step.from_location_id, step.to_location_id = step.to_location_id, step.from_location_id
        step.from_status, step.to_status = step.to_status, step.from_status
    _add_move(draft, valuation, step, Amount(abs(change)), step.standard_cost or UnitCost(0))
    valuation.correct(change)


def _correct(  # a value move needs all of them
    state: LedgerState, draft: Draft, valuation: Valuation, step: Step, correction: int, reason: Reason
) -> None:
    if not correction:
        return
    from_stock = state.locations[step.from_location_id].holds_stock
    place = (step.from_location_id, step.from_status) if from_stock else (step.to_location_id, step.to_status)
    variance = (state.head.variance_location_id, Status.OUTSIDE)
    value_step = value_move_step(step.item_id, place, variance, reason, raises=correction > 0)
    value_step.input_line, value_step.source_line_id = step.input_line, step.source_line_id
    add_value_move(draft, valuation, value_step, correction)


def value_move_step(
    item_id: int, stock: tuple[int, Status], counterparty: tuple[int, Status], reason: Reason, *, raises: bool
) -> Step:
    """Return the step of a value move between a stock place and a counterparty; `raises` the value of stock, or not."""
    source, target = (counterparty, stock) if raises else (stock, counterparty)
    anywhere = frozenset(LocationKind)
    return Step(0, item_id, NO_LOT, Quantity(0), *source, *target, Pricing.VALUE, anywhere, anywhere, reason=reason)


def add_value_move(draft: Draft, valuation: Valuation, step: Step, change: int) -> None:
    """Add a value move to the draft and book its signed change of the item's stock value."""
    valuation.correct(change)
    _add_move(draft, valuation, step, Amount(abs(change)), UnitCost(0))


def _add_move(draft: Draft, valuation: Valuation, step: Step, amount: Amount, unit_cost: UnitCost) -> None:
    item = valuation.item
    item.sequence += 1
    origin = step.origin
    draft.moves.append(
        Move(
            len(draft.moves) + 1, step.item_id, item.sequence, step.lot_id, step.quantity, step.from_location_id,
            step.from_status, step.to_location_id, step.to_status, UnitCost(check_range(int(unit_cost))),
            Amount(check_range(int(amount))), step.pricing, step.reason, step.order_id,
            origin.posting_id if origin else NO_ID, origin.line_no if origin else 0, step.reservation_id,
            step.source_line_id, step.input_line,
        )
    )  # fmt: skip


def order_values(moves: list[Move], production: Container[int]) -> dict[int, tuple[int, int]]:
    """Return order -> (value into, value out of work in progress); `production` holds the production places."""
    values: dict[int, tuple[int, int]] = {}
    for move in moves:
        if move.order_id == NO_ID:
            continue
        into, out_of = values.get(move.order_id, (0, 0))
        if move.to_location_id in production:
            into += int(move.amount)
        else:
            out_of += int(move.amount)
        values[move.order_id] = (into, out_of)
    return values
