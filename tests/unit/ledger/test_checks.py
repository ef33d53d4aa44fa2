"""Surprising commands are refused before anything moves; every code has its case in tests/integration/ledger."""

import pytest

from tests import builders as b
from tests.unit.ledger.pure_ledger import TODAY, PureLedger
from zhangshi.base.errors import ZhangshiError
from zhangshi.ledger import commands as c
from zhangshi.ledger import refusals as r
from zhangshi.ledger.kernel.checks import winner
from zhangshi.ledger.model import ALLOWED_STATUS_CHANGES, CostingMethod, Status, Tracking

ITEM, LOTTED, SERIAL, MATERIAL, ORDER = 100, 101, 102, 103, 7
LOT, OTHER_LOT, PIECE = 501, 502, 601


@pytest.fixture
def ledger() -> PureLedger:
    found = PureLedger()
    for item_id, tracking in ((ITEM, "none"), (LOTTED, "lot"), (SERIAL, "serial"), (MATERIAL, "none")):
        found.item(item_id, tracking=Tracking(tracking))
    found.lot(LOTTED, LOT)
    found.lot(LOTTED, OTHER_LOT)
    found.lot(SERIAL, PIECE, "SN-1")
    for item_id in (ITEM, MATERIAL):
        found.post(b.receive(on=TODAY, item=item_id, quantity_text=10, unit_cost=5))
    return found


def revalue(*amounts: str) -> c.Revalue:
    lines = tuple(c.RevalueLine(item_id=ITEM, location_id=b.BIN, amount=b.amount(text)) for text in amounts)
    return c.Revalue(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=lines)


def test_two_revaluations_may_not_together_take_more_than_there_is(ledger: PureLedger) -> None:
    assert ledger.code_of(revalue("-30", "-30")) == r.NOTHING_TO_REVALUE.code
    assert ledger.code_of(revalue("-30", "-20")) == ""
    assert ledger.worth(ITEM) == "10 worth 0.00"


def test_a_standard_below_zero_stock_can_still_be_changed() -> None:
    ledger = PureLedger()
    ledger.item(ITEM, CostingMethod.STANDARD, standard="5")
    ledger.post(b.issue(on=TODAY, item=ITEM, quantity_text=2, at=b.NEGATIVE_BIN))
    line = c.RevalueLine(item_id=ITEM, location_id=b.NEGATIVE_BIN, standard_cost=b.cost(6))

    ledger.post(c.Revalue(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=(line,)))

    assert ledger.worth(ITEM) == "-2 worth -12.00"
    ledger.check()


def test_a_unit_cost_below_zero_does_not_hide_behind_an_amount(ledger: PureLedger) -> None:
    assert (
        ledger.code_of(b.receive(on=TODAY, item=ITEM, quantity_text=1, unit_cost=-1, total=5)) == r.COST_NEGATIVE.code
    )


def test_free_goods_have_a_cost_of_zero(ledger: PureLedger) -> None:
    assert ledger.code_of(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=0)) == ""
    assert ledger.worth(ITEM) == "20 worth 50.00"
    assert int(ledger.state.items[ITEM].last_cost) == 5_000_000, "goods for free do not price what is missing"


@pytest.mark.parametrize("text", ["-1", "0"])
def test_an_input_must_be_above_zero(ledger: PureLedger, text: str) -> None:
    ledger.post(b.consume(on=TODAY, order=ORDER, materials=[(MATERIAL, 0, 5)]))
    line = c.ProduceLine(
        item_id=ITEM, quantity=b.quantity(1), location_id=b.BIN, unit_cost=b.cost(5),
        inputs=(c.Input(item_id=MATERIAL, lot_id=0, quantity=b.quantity(text)),),
    )  # fmt: skip
    command = c.Produce(effective_on=TODAY, order_id=ORDER, production_location_id=b.PRODUCTION, lines=(line,))

    assert ledger.code_of(command) == r.QUANTITY_NOT_POSITIVE.code


def consume_into(output_item: int, output_lot: int) -> c.Consume:
    line = c.ConsumeLine(
        item_id=MATERIAL,
        quantity=b.quantity(1),
        location_id=b.BIN,
        output_item_id=output_item,
        output_lot_id=output_lot,
    )
    return c.Consume(effective_on=TODAY, order_id=ORDER, production_location_id=b.PRODUCTION, lines=(line,))


@pytest.mark.parametrize(("item", "lot"), [(LOTTED, 999), (ITEM, LOT), (0, LOT)])
def test_material_cannot_go_into_a_lot_that_is_not_one_of_the_output(ledger: PureLedger, item: int, lot: int) -> None:
    assert ledger.code_of(consume_into(item, lot)) == r.UNKNOWN_LOT.code
    assert ledger.code_of(consume_into(LOTTED, LOT)) == ""


@pytest.mark.parametrize(
    "command",
    [
        b.consume(on=TODAY, order=0, materials=[(MATERIAL, 0, 1)]),
        b.produce(on=TODAY, order=0, outputs=[(ITEM, 0, 1, 5)]),
    ],
    ids=lambda command: command.name,
)
def test_material_and_output_belong_to_an_order(ledger: PureLedger, command: c.Command) -> None:
    assert ledger.code_of(command) == r.ORDER_REQUIRED.code


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (0, ""),
        (b.FAR_BIN, ""),
        (999, r.UNKNOWN_LOCATION.code),
        (b.CUSTOMER, r.WRONG_LOCATION.code),
        (b.TRANSIT, r.WRONG_LOCATION.code),
    ],
)
def test_goods_are_sent_to_a_real_place_or_to_none_yet(ledger: PureLedger, to: int, code: str) -> None:
    assert ledger.code_of(b.ship(on=TODAY, item=ITEM, quantity_text=1, to=to)) == code


def test_an_unknown_destination_outranks_a_wrong_source_and_a_wrong_source_a_wrong_destination(
    ledger: PureLedger,
) -> None:
    assert ledger.code_of(b.ship(on=TODAY, item=ITEM, quantity_text=1, at=b.SCRAP, to=999)) == r.UNKNOWN_LOCATION.code
    with pytest.raises(ZhangshiError) as caught:
        ledger.post(b.ship(on=TODAY, item=ITEM, quantity_text=1, at=b.SCRAP, to=b.CUSTOMER))
    assert (caught.value.code, caught.value.facts["location"]) == (r.WRONG_LOCATION.code, b.SCRAP)


def test_a_serial_moves_but_is_never_twice(ledger: PureLedger) -> None:
    ledger.post(b.receive(on=TODAY, item=SERIAL, quantity_text=1, unit_cost=900, lot=PIECE))
    ledger.post(b.put_away(on=TODAY, item=SERIAL, quantity_text=1, at=b.BIN, to=b.ZONE_BIN, lot=PIECE))

    again = b.receive(on=TODAY, item=SERIAL, quantity_text=1, unit_cost=900, lot=PIECE)
    assert ledger.code_of(again) == r.SERIAL_IN_STOCK.code


def test_a_serial_that_comes_in_twice_in_one_command_is_refused(ledger: PureLedger) -> None:
    line = c.InLine(item_id=SERIAL, quantity=b.quantity(1), location_id=b.BIN, lot_id=PIECE, unit_cost=b.cost(900))
    command = c.Receive(effective_on=TODAY, supplier_location_id=b.SUPPLIER, lines=(line, line))

    assert ledger.code_of(command) == r.SERIAL_IN_STOCK.code


def test_a_serial_never_goes_below_zero_even_where_others_may(ledger: PureLedger) -> None:
    command = b.issue(on=TODAY, item=SERIAL, quantity_text=1, at=b.NEGATIVE_BIN, lot=PIECE)

    assert ledger.code_of(command) == r.INSUFFICIENT_STOCK.code


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
def test_statuses_change_only_as_the_table_says(ledger: PureLedger, before: Status, after: Status) -> None:
    line = c.StatusLine(item_id=ITEM, quantity=b.quantity(1), location_id=b.BIN, from_status=before, to_status=after)
    code = ledger.code_of(c.ChangeStatus(effective_on=TODAY, lines=(line,)))

    if before is after:
        assert code == r.SAME_PLACE.code
    elif after in ALLOWED_STATUS_CHANGES.get(before, frozenset()):
        assert code == ("" if before is Status.AVAILABLE else r.INSUFFICIENT_STOCK.code)
    else:
        assert code == r.STATUS_CHANGE_NOT_ALLOWED.code
    assert Status.AVAILABLE not in ALLOWED_STATUS_CHANGES[Status.REJECTED]


def test_no_refusal_means_no_winner() -> None:
    assert winner([]) is None
