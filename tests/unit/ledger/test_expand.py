"""What each command moves, from where to where: the table of docs/algorithms/posting.md."""

from typing import Any

import pytest

from tests import builders as b
from tests.unit.ledger.pure_ledger import TODAY, PureLedger
from zhangshi.base.numbers import Amount, Quantity
from zhangshi.ledger import commands as c
from zhangshi.ledger.kernel.expand import expand
from zhangshi.ledger.kernel.state import Step
from zhangshi.ledger.model import LocationKind, Pricing, Status

ITEM, ORDER = 100, 7
LINE: dict[str, Any] = {"item_id": ITEM, "quantity": b.quantity(2), "location_id": b.BIN}


@pytest.fixture
def ledger() -> PureLedger:
    found = PureLedger()
    found.item(ITEM)
    found.post(b.receive(on=TODAY, item=ITEM, quantity_text=20, unit_cost=5))
    found.post(b.ship(on=TODAY, item=ITEM, quantity_text=5))
    return found


def only_step(command: c.Command, ledger: PureLedger) -> Step:
    (step,) = expand(command, ledger.state)
    return step


COMMANDS: list[tuple[c.Command, str, str, Pricing]] = [
    (
        c.Receive(
            effective_on=TODAY, supplier_location_id=b.SUPPLIER, lines=(c.InLine(**LINE, unit_cost=b.cost(5)),)
        ),
        "supplier/outside", "bin/available", Pricing.GIVEN,
    ),
    (
        c.Issue(effective_on=TODAY, customer_location_id=b.CUSTOMER, lines=(c.OutLine(**LINE),)),
        "bin/available", "customer/outside", Pricing.METHOD,
    ),
    (
        c.TransferShip(effective_on=TODAY, transit_location_id=b.TRANSIT, lines=(c.ShipLine(**LINE),)),
        "bin/available", "transit/available", Pricing.MOVED,
    ),
    (
        c.TransferSign(
            effective_on=TODAY,
            lines=(
                c.SignLine(
                    shipped=c.Origin(posting_id=2, line_no=1), quantity=b.quantity(2), location_id=b.FAR_BIN
                ),
            ),
        ),
        "transit/available", "bin/available", Pricing.MOVED,
    ),
    (
        c.PutAway(
            effective_on=TODAY, lines=(c.PutAwayLine(**LINE, to_location_id=b.ZONE_BIN, status=Status.REJECTED),)
        ),
        "bin/rejected", "bin/rejected", Pricing.MOVED,
    ),
    (
        c.ChangeStatus(
            effective_on=TODAY,
            lines=(c.StatusLine(**LINE, from_status=Status.INSPECTION, to_status=Status.AVAILABLE),),
        ),
        "bin/inspection", "bin/available", Pricing.MOVED,
    ),
    (
        c.Consume(
            effective_on=TODAY, order_id=ORDER, production_location_id=b.PRODUCTION, lines=(c.ConsumeLine(**LINE),)
        ),
        "bin/available", "production/outside", Pricing.METHOD,
    ),
    (
        c.Produce(
            effective_on=TODAY, order_id=ORDER, production_location_id=b.PRODUCTION,
            lines=(c.ProduceLine(**LINE, amount=Amount(0)),),
        ),
        "production/outside", "bin/available", Pricing.GIVEN,
    ),
    (
        c.Scrap(effective_on=TODAY, scrap_location_id=b.SCRAP, lines=(c.StatedLine(**LINE, status=Status.REJECTED),)),
        "bin/rejected", "scrap/outside", Pricing.METHOD,
    ),
    (
        c.Scrap(
            effective_on=TODAY, scrap_location_id=b.SCRAP,
            lines=(c.StatedLine(**LINE, origin=c.Origin(posting_id=2, line_no=1)),),
        ),
        "transit/available", "scrap/outside", Pricing.METHOD,
    ),
    (
        c.ReturnIn(
            effective_on=TODAY, from_location_id=b.CUSTOMER, lines=(c.ReturnInLine(**LINE, status=Status.HOLD),)
        ),
        "customer/outside", "bin/hold", Pricing.METHOD,
    ),
    (
        c.ReturnOut(
            effective_on=TODAY, supplier_location_id=b.SUPPLIER,
            lines=(c.StatedLine(**LINE, origin=c.Origin(posting_id=1, line_no=1)),),
        ),
        "bin/available", "supplier/outside", Pricing.ORIGIN,
    ),
    (
        c.Adjust(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=(c.AdjustLine(**LINE),)),
        "adjustment/outside", "bin/available", Pricing.METHOD,
    ),
    (
        c.Revalue(
            effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT,
            lines=(c.RevalueLine(item_id=ITEM, location_id=b.BIN, amount=Amount(1)),),
        ),
        "bin/available", "adjustment/outside", Pricing.VALUE,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("command", "source", "target", "pricing"), COMMANDS)
def test_a_command_moves_goods_as_its_row_says(
    ledger: PureLedger, command: c.Command, source: str, target: str, pricing: Pricing
) -> None:
    step = only_step(command, ledger)
    places = ledger.state.locations

    assert f"{places[step.from_location_id].kind}/{step.from_status}" == source
    assert f"{places[step.to_location_id].kind}/{step.to_status}" == target
    assert step.pricing is pricing
    assert places[step.from_location_id].kind in step.from_kinds
    assert places[step.to_location_id].kind in step.to_kinds
    assert step.input_line == 1


def test_every_command_has_a_row() -> None:
    rows = {type(command) for command, *_ in COMMANDS}

    assert rows == set(c.Command.__args__) - {c.Reverse}


def test_a_loss_is_the_gain_turned_round_and_priced_by_the_method(ledger: PureLedger) -> None:
    line = c.AdjustLine(item_id=ITEM, quantity=b.quantity(-2), location_id=b.BIN, unit_cost=b.cost(9))
    step = only_step(c.Adjust(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=(line,)), ledger)

    assert (step.from_location_id, step.to_location_id, step.quantity) == (b.BIN, b.ADJUSTMENT, b.quantity(2))
    assert (step.pricing, step.unit_cost) == (Pricing.METHOD, None)


def test_a_reservation_says_where_its_goods_are(ledger: PureLedger) -> None:
    reservation = ledger.reserve(55, ITEM, 2)
    line = c.OutLine(item_id=ITEM, quantity=b.quantity(2), location_id=b.FAR_BIN, reservation_id=reservation)
    step = only_step(c.Issue(effective_on=TODAY, customer_location_id=b.CUSTOMER, lines=(line,)), ledger)

    assert step.from_location_id == b.BIN


def test_a_reversal_is_the_opposite_in_the_opposite_order(ledger: PureLedger) -> None:
    lines = tuple(
        c.AdjustLine(item_id=ITEM, quantity=b.quantity(text), location_id=b.BIN, unit_cost=b.cost(5))
        for text in (3, -1)
    )
    number = ledger.post(c.Adjust(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=lines))

    ledger.post(b.reverse(on=TODAY, posting=number))

    moves = [(m.from_location_id, m.to_location_id, int(m.quantity), int(m.amount)) for m in ledger.moves[-4:]]
    there, back = moves[:2], moves[2:]
    assert back == [(target, source, quantity, amount) for source, target, quantity, amount in reversed(there)]
    assert [m.pricing for m in ledger.moves[-2:]] == [Pricing.REVERSED] * 2


def test_an_order_counts_only_what_comes_back_from_work_in_progress(ledger: PureLedger) -> None:
    line = c.ReturnInLine(**LINE, status=Status.HOLD)
    from_customer = c.ReturnIn(effective_on=TODAY, from_location_id=b.CUSTOMER, lines=(line,), order_id=ORDER)
    from_floor = c.ReturnIn(effective_on=TODAY, from_location_id=b.PRODUCTION, lines=(line,), order_id=ORDER)

    assert only_step(from_customer, ledger).order_id == 0
    assert only_step(from_floor, ledger).order_id == ORDER


def test_goods_go_only_where_the_command_says() -> None:
    ledger = PureLedger()
    ledger.item(ITEM)
    real = {LocationKind.WAREHOUSE, LocationKind.ZONE, LocationKind.BIN}
    steps = {type(command).__name__: only_step(command, ledger) for command, *_ in COMMANDS}

    assert steps["Receive"].to_kinds == real
    assert steps["Issue"].from_kinds == real, "nothing is issued from the road"
    assert steps["PutAway"].same_warehouse
    assert Quantity(2_000_000) == steps["PutAway"].quantity
