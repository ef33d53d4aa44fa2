"""Genealogy: which consumed lots are in which produced lot, with quantities.

Problem. A recall asks which deliveries hold lot L; a complaint asks which lots are in piece P. Work orders that list
what went in and what came out do not say which went into which. Rule: every unit that an order consumed is
attributed to one output lot, either at once (the consumption names its output), by the output (which names its
inputs), or by default: an output takes all that the order consumed and no output accounts for yet, and several
outputs of one posting share it in proportion to their quantities, to the last millionth.

Example. The order consumed 10 kg of lot A, made 60 pcs (lot X) and 40 pcs (lot Y) in one posting: A->X 6 kg,
A->Y 4 kg. It then consumes 3 kg of lot B and makes lot Z: B->Z 3 kg. See docs/algorithms/genealogy.md.
"""

from zhangshi.base.errors import Refusal
from zhangshi.base.numbers import Quantity, quantity_text, share
from zhangshi.ledger import refusals as r
from zhangshi.ledger.kernel.state import Draft, LedgerState, Step
from zhangshi.ledger.model import NO_ID, LocationKind, OrderMaterial, Trace

_Key = tuple[int, int, int]


def trace_orders(state: LedgerState, steps: list[Step], draft: Draft) -> list[Refusal]:
    """Count consumption, returns and outputs of orders, and attribute inputs to outputs."""
    if state.reversed is not None:
        return _trace_back(state, steps, draft)
    refusals: list[Refusal] = []
    outputs: list[Step] = []
    for step in steps:
        if step.order_id == NO_ID:
            continue
        key = (step.order_id, step.item_id, step.lot_id)
        if state.locations[step.to_location_id].kind is LocationKind.PRODUCTION:
            _consume(state, draft, key, int(step.quantity))
            if step.output_item_id != NO_ID:
                _attribute(state, draft, step, key, int(step.quantity))
        elif step.inputs is not None or step.cost_required:  # an output of `Produce`
            outputs.append(step)
        elif state.locations[step.from_location_id].kind is LocationKind.PRODUCTION:
            refusals.extend(_short(state, key, int(step.quantity)))
            _consume(state, draft, key, -int(step.quantity))
    refusals.extend(_attribute_outputs(state, outputs, draft))
    return refusals


def _attribute_outputs(state: LedgerState, outputs: list[Step], draft: Draft) -> list[Refusal]:
    refusals: list[Refusal] = []
    for step in outputs:
        for given in step.inputs or ():
            key = (step.order_id, given.item_id, given.lot_id)
            refusals.extend(_short(state, key, int(given.quantity)))
            _attribute(state, draft, step, key, int(given.quantity))
    sharing = [step for step in outputs if step.inputs is None]
    if not sharing or refusals:
        return refusals
    weights = [int(step.quantity) for step in sharing]
    for key, material in sorted(state.materials.items()):
        open_quantity = int(material.consumed) - int(material.attributed)
        if open_quantity > 0 and key[0] == sharing[0].order_id:
            for step, part in zip(sharing, share(open_quantity, weights), strict=True):
                _attribute(state, draft, step, key, part)
    return refusals


def _trace_back(state: LedgerState, steps: list[Step], draft: Draft) -> list[Refusal]:
    """Take back the traces of the reversed posting; refuse to take material from under another output."""
    target = state.reversed
    assert target is not None  # the caller looked
    for trace in target.traces:
        key = (trace.order_id, trace.in_item_id, trace.in_lot_id)
        _add_trace(draft, trace.order_id, key, (trace.out_item_id, trace.out_lot_id), -int(trace.quantity))
        _change_attributed(state, draft, key, -int(trace.quantity))
    produced = target.header.command == "produce"
    for step in steps:
        if step.order_id == NO_ID or produced or not int(step.quantity):
            continue
        into_production = state.locations[step.to_location_id].kind is LocationKind.PRODUCTION
        _consume(
            state,
            draft,
            (step.order_id, step.item_id, step.lot_id),
            int(step.quantity) * (1 if into_production else -1),
        )
    for (order_id, item_id, lot_id), material in state.materials.items():
        missing = int(material.attributed) - int(material.consumed)
        if missing > 0 and (order_id, item_id, lot_id) in draft.consumed:
            posted = next(m for m in target.moves if (m.move.item_id, m.move.lot_id) == (item_id, lot_id))
            facts = {"posting": target.header.posting_id, "line": posted.move.line_no}
            return [Refusal(r.USED_DOWNSTREAM, {**facts, "used": quantity_text(Quantity(missing))})]
    return []


def _short(state: LedgerState, key: _Key, wanted: int) -> list[Refusal]:
    material = state.materials.get(key)
    available = int(material.consumed) - int(material.attributed) if material is not None else 0
    if wanted <= available:
        return []
    facts = {"order": key[0], "item": key[1], "lot": key[2]}
    shown = {"available": quantity_text(Quantity(available)), "wanted": quantity_text(Quantity(wanted))}
    return [Refusal(r.EXCEEDS_CONSUMED, {**facts, **shown})]


def _consume(state: LedgerState, draft: Draft, key: _Key, quantity: int) -> None:
    material = state.materials.setdefault(key, OrderMaterial(Quantity(0), Quantity(0)))
    material.consumed = Quantity(int(material.consumed) + quantity)
    draft.consumed[key] = draft.consumed.get(key, 0) + quantity


def _attribute(state: LedgerState, draft: Draft, step: Step, key: _Key, quantity: int) -> None:
    if not quantity:
        return
    is_output = state.locations[step.to_location_id].kind is not LocationKind.PRODUCTION
    output = (step.item_id, step.lot_id) if is_output else (step.output_item_id, step.output_lot_id)
    _add_trace(draft, step.order_id, key, output, quantity)
    _change_attributed(state, draft, key, quantity)


def _add_trace(draft: Draft, order_id: int, key: _Key, output: tuple[int, int], quantity: int) -> None:
    draft.traces.append(
        Trace(len(draft.traces) + 1, order_id, key[1], key[2], output[0], output[1], Quantity(quantity))
    )


def _change_attributed(state: LedgerState, draft: Draft, key: _Key, quantity: int) -> None:
    material = state.materials.setdefault(key, OrderMaterial(Quantity(0), Quantity(0)))
    material.attributed = Quantity(int(material.attributed) + quantity)
    draft.attributed[key] = draft.attributed.get(key, 0) + quantity
