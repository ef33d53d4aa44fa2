"""Genealogy: every unit of consumed material is in at most one output, to the last millionth."""

import pytest

from tests import builders as b
from tests.unit.ledger.pure_ledger import TODAY, PureLedger
from zhangshi.ledger import commands as c
from zhangshi.ledger import refusals as r
from zhangshi.ledger.model import Trace, Tracking

STEEL, BODY, ORDER = 100, 101, 7
HEAT_A, HEAT_B, X, Y, Z = 501, 502, 601, 602, 603


@pytest.fixture
def ledger() -> PureLedger:
    found = PureLedger()
    found.item(STEEL, tracking=Tracking.LOT)
    found.item(BODY, tracking=Tracking.LOT)
    for item_id, lot_id in ((STEEL, HEAT_A), (STEEL, HEAT_B), (BODY, X), (BODY, Y), (BODY, Z)):
        found.lot(item_id, lot_id)
    for heat in (HEAT_A, HEAT_B):
        found.post(b.receive(on=TODAY, item=STEEL, quantity_text=20, unit_cost=6, lot=heat))
    return found


def consume(ledger: PureLedger, lot: int, text: str | int, into: int = 0, order: int = ORDER) -> int:
    line = c.ConsumeLine(
        item_id=STEEL, lot_id=lot, quantity=b.quantity(text), location_id=b.BIN,
        output_item_id=BODY if into else 0, output_lot_id=into,
    )  # fmt: skip
    command = c.Consume(effective_on=TODAY, order_id=order, production_location_id=b.PRODUCTION, lines=(line,))
    return ledger.post(command)


def produce(ledger: PureLedger, *outputs: tuple[int, str | int], order: int = ORDER) -> int:
    return ledger.post(b.produce(on=TODAY, order=order, outputs=[(BODY, lot, text, 1) for lot, text in outputs]))


def produce_of(lot: int, *inputs: tuple[int, str | int]) -> c.Produce:
    named = tuple(c.Input(item_id=STEEL, lot_id=heat, quantity=b.quantity(text)) for heat, text in inputs)
    line = c.ProduceLine(
        item_id=BODY, lot_id=lot, quantity=b.quantity(1), location_id=b.BIN, unit_cost=b.cost(1), inputs=named
    )
    return c.Produce(effective_on=TODAY, order_id=ORDER, production_location_id=b.PRODUCTION, lines=(line,))


def edges(ledger: PureLedger) -> dict[tuple[int, int], int]:
    """(input lot, output lot) -> quantity, over all postings."""
    found: dict[tuple[int, int], int] = {}
    for number in range(1, len(ledger._postings) + 1):
        for trace in ledger._postings[number].traces:
            key = trace.in_lot_id, trace.out_lot_id
            found[key] = found.get(key, 0) + int(trace.quantity)
    return {key: quantity for key, quantity in found.items() if quantity}


def material(ledger: PureLedger, lot: int) -> tuple[int, int]:
    found = ledger.state.materials[ORDER, STEEL, lot]
    return int(found.consumed), int(found.attributed)


def test_outputs_of_one_posting_share_what_is_open_by_quantity(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 10)
    produce(ledger, (X, 60), (Y, 40))

    assert edges(ledger) == {(HEAT_A, X): 6_000_000, (HEAT_A, Y): 4_000_000}


def test_a_later_output_takes_only_what_nothing_accounts_for(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 10)
    produce(ledger, (X, 60))
    consume(ledger, HEAT_B, 3)
    produce(ledger, (Z, 30))

    assert edges(ledger) == {(HEAT_A, X): 10_000_000, (HEAT_B, Z): 3_000_000}


def test_shares_lose_no_millionth(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 10)
    produce(ledger, (X, 1), (Y, 1), (Z, 1))

    assert list(edges(ledger).values()) == [3_333_333, 3_333_334, 3_333_333]


def test_a_consumption_that_names_its_output_is_attributed_at_once(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 2, into=X)
    consume(ledger, HEAT_B, 3)
    produce(ledger, (X, 1), (Y, 1))

    assert edges(ledger) == {(HEAT_A, X): 2_000_000, (HEAT_B, X): 1_500_000, (HEAT_B, Y): 1_500_000}


def test_named_inputs_go_first_and_the_rest_is_shared(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 5)
    consume(ledger, HEAT_B, 5)
    named = produce_of(X, (HEAT_A, 4)).lines[0]
    plain = c.ProduceLine(item_id=BODY, lot_id=Y, quantity=b.quantity(1), location_id=b.BIN, unit_cost=b.cost(1))
    ledger.post(
        c.Produce(effective_on=TODAY, order_id=ORDER, production_location_id=b.PRODUCTION, lines=(plain, named))
    )

    assert edges(ledger) == {(HEAT_A, X): 4_000_000, (HEAT_A, Y): 1_000_000, (HEAT_B, Y): 5_000_000}


def test_an_output_cannot_hold_what_its_order_does_not_have(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 5)

    assert ledger.code_of(produce_of(X, (HEAT_A, 6))) == r.EXCEEDS_CONSUMED.code
    assert ledger.code_of(produce_of(X, (HEAT_B, 1))) == r.EXCEEDS_CONSUMED.code
    assert ledger.code_of(produce_of(X, (HEAT_A, 3), (HEAT_A, 3))) == r.EXCEEDS_CONSUMED.code
    assert ledger.code_of(produce_of(X, (HEAT_A, 2), (HEAT_A, 3))) == ""


def test_production_without_consumption_has_no_ancestors(ledger: PureLedger) -> None:
    produce(ledger, (X, 5))

    assert edges(ledger) == {}
    assert ledger.worth(BODY) == "5 worth 5.00"


def test_what_is_consumed_after_the_output_waits_for_the_next(ledger: PureLedger) -> None:
    produce(ledger, (X, 5))
    consume(ledger, HEAT_A, 4)
    assert edges(ledger) == {}

    produce(ledger, (Y, 5))

    assert edges(ledger) == {(HEAT_A, Y): 4_000_000}


def test_orders_do_not_take_each_others_material(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 4, order=8)
    produce(ledger, (X, 5), order=ORDER)

    assert edges(ledger) == {}


def give_back(text: str | int) -> c.ReturnIn:
    line = c.ReturnInLine(item_id=STEEL, lot_id=HEAT_A, quantity=b.quantity(text), location_id=b.BIN)
    return c.ReturnIn(effective_on=TODAY, from_location_id=b.PRODUCTION, order_id=ORDER, lines=(line,))


def test_only_open_material_comes_back(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 10)
    assert ledger.code_of(give_back(11)) == r.EXCEEDS_CONSUMED.code
    ledger.post(give_back(4))
    assert material(ledger, HEAT_A) == (6_000_000, 0)
    produce(ledger, (X, 1))

    assert ledger.code_of(give_back(1)) == r.EXCEEDS_CONSUMED.code
    assert edges(ledger) == {(HEAT_A, X): 6_000_000}


def test_taking_back_an_output_opens_its_material_again(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 10)
    made = produce(ledger, (X, 5))

    ledger.post(b.reverse(on=TODAY, posting=made))

    assert edges(ledger) == {}
    assert material(ledger, HEAT_A) == (10_000_000, 0)
    produce(ledger, (Y, 5))
    assert edges(ledger) == {(HEAT_A, Y): 10_000_000}


def test_reversing_material_is_refused_by_how_much_is_missing(ledger: PureLedger) -> None:
    first = consume(ledger, HEAT_A, 6)
    produce(ledger, (X, 5))

    assert ledger.code_of(b.reverse(on=TODAY, posting=first)) == r.USED_DOWNSTREAM.code
    consume(ledger, HEAT_A, 6)
    assert ledger.code_of(b.reverse(on=TODAY, posting=first)) == "", "6 stay consumed, and 6 are accounted for"


def test_reversing_a_consumption_takes_the_trace_that_it_named(ledger: PureLedger) -> None:
    consumed = consume(ledger, HEAT_A, 2, into=X)
    assert edges(ledger) == {(HEAT_A, X): 2_000_000}

    ledger.post(b.reverse(on=TODAY, posting=consumed))

    assert edges(ledger) == {}
    assert material(ledger, HEAT_A) == (0, 0)


def test_a_trace_names_order_and_items(ledger: PureLedger) -> None:
    consume(ledger, HEAT_A, 2, into=X)

    assert ledger._postings[len(ledger._postings)].traces == (Trace(1, ORDER, STEEL, HEAT_A, BODY, X, b.quantity(2)),)
