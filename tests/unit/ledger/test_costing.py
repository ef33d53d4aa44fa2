"""The four costing methods, by hand: what the accountant's rule gives, and what must never be lost."""

import pytest

from tests import builders as b
from tests.unit.ledger.pure_ledger import TODAY, PureLedger
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import Amount
from zhangshi.ledger import commands as c
from zhangshi.ledger.kernel.costing import COSTINGS, Valuation
from zhangshi.ledger.kernel.costing.valuation import LayerBook
from zhangshi.ledger.model import CostingMethod, Layer, Move, Pricing, Reason, Status

ITEM = 100
MOVING, FIFO, PERIOD, STANDARD = (
    CostingMethod.MOVING_AVERAGE, CostingMethod.FIFO, CostingMethod.PERIOD_AVERAGE, CostingMethod.STANDARD,
)  # fmt: skip
ALL = list(CostingMethod)


def ledger_with(method: CostingMethod, standard: str = "5") -> PureLedger:
    ledger = PureLedger()
    ledger.item(ITEM, method, standard=standard)
    return ledger


def buy(ledger: PureLedger, text: str | int, price: str | int, at: int = b.BIN) -> int:
    return ledger.post(b.receive(on=TODAY, item=ITEM, quantity_text=text, unit_cost=price, at=at))


def sell(ledger: PureLedger, text: str | int, at: int = b.BIN) -> int:
    return ledger.post(b.issue(on=TODAY, item=ITEM, quantity_text=text, at=at))


def give_back(ledger: PureLedger, text: str | int, of: int, at: int = b.BIN) -> int:
    line = c.StatedLine(
        item_id=ITEM, quantity=b.quantity(text), location_id=at, origin=c.Origin(posting_id=of, line_no=1)
    )
    return ledger.post(c.ReturnOut(effective_on=TODAY, supplier_location_id=b.SUPPLIER, lines=(line,)))


def take_back(ledger: PureLedger, text: str | int, of: int) -> int:
    line = c.ReturnInLine(
        item_id=ITEM, quantity=b.quantity(text), location_id=b.BIN, status=Status.INSPECTION,
        origin=c.Origin(posting_id=of, line_no=1),
    )  # fmt: skip
    return ledger.post(c.ReturnIn(effective_on=TODAY, from_location_id=b.CUSTOMER, lines=(line,)))


def value_moves(ledger: PureLedger) -> list[tuple[str, int]]:
    """Reason and signed amount: > 0 raised the value of stock."""
    return [(move.reason.value, signed(ledger, move)) for move in ledger.moves if move.pricing is Pricing.VALUE]


def signed(ledger: PureLedger, move: Move) -> int:
    into = ledger.state.locations[move.to_location_id].holds_stock
    return int(move.amount) if into else -int(move.amount)


@pytest.mark.parametrize(
    ("method", "price"), [(MOVING, 30_00), (FIFO, 25_00), (PERIOD, 30_00), (STANDARD, 25_00)], ids=str
)
def test_each_method_prices_an_issue_by_its_rule(method: CostingMethod, price: int) -> None:
    ledger = ledger_with(method)
    buy(ledger, 10, 5)
    buy(ledger, 10, 7)

    sell(ledger, 5)

    assert int(ledger.moves[-1].amount) == price
    ledger.check()


@pytest.mark.parametrize("method", ALL)
def test_the_last_piece_takes_the_remainder(method: CostingMethod) -> None:
    ledger = ledger_with(method, standard="3.333333")
    ledger.post(b.receive(on=TODAY, item=ITEM, quantity_text=3, total="10.00"))

    for _ in range(3):
        sell(ledger, 1)

    assert ledger.worth(ITEM) == "0 worth 0.00"
    assert sum(int(move.amount) for move in ledger.moves[-3:]) == 10_00
    ledger.check()


@pytest.mark.parametrize("method", [MOVING, FIFO])
@pytest.mark.parametrize(
    ("arrives", "left", "correction"),
    [(3, "-2 worth -10.00", -6_00), (5, "0 worth 0.00", -10_00), (8, "3 worth 21.00", -10_00)],
    ids=["part", "exactly", "more"],
)
def test_a_receipt_reprices_what_had_left_too_early(
    method: CostingMethod, arrives: int, left: str, correction: int
) -> None:
    ledger = ledger_with(method)
    buy(ledger, 1, 5, at=b.NEGATIVE_BIN)
    sell(ledger, 6, at=b.NEGATIVE_BIN)
    assert ledger.worth(ITEM) == "-5 worth -25.00"

    buy(ledger, arrives, 7, at=b.NEGATIVE_BIN)

    assert ledger.worth(ITEM) == left
    assert value_moves(ledger) == [("negative_correction", correction)]
    ledger.check()


def test_fifo_takes_up_its_layers_again_after_stock_was_below_zero() -> None:
    ledger = ledger_with(FIFO)
    buy(ledger, 2, 4, at=b.NEGATIVE_BIN)
    sell(ledger, 5, at=b.NEGATIVE_BIN)  # 2 @ 4, 3 at the last cost, 4
    assert ledger.layers(ITEM) == []

    buy(ledger, 10, 6, at=b.NEGATIVE_BIN)

    assert ledger.layers(ITEM) == ["7 @ 42.00"]
    assert value_moves(ledger) == [("negative_correction", -6_00)]
    ledger.check()


def test_the_first_issue_ever_below_zero_costs_nothing_until_goods_arrive() -> None:
    ledger = ledger_with(MOVING)
    sell(ledger, 2, at=b.NEGATIVE_BIN)
    assert ledger.worth(ITEM) == "-2 worth 0.00"

    buy(ledger, 2, 5, at=b.NEGATIVE_BIN)

    assert ledger.worth(ITEM) == "0 worth 0.00"
    assert value_moves(ledger) == [("negative_correction", -10_00)]


@pytest.mark.parametrize("method", ALL)
def test_reversing_an_issue_restores_quantity_value_and_layers(method: CostingMethod) -> None:
    ledger = ledger_with(method)
    buy(ledger, 10, 5)
    buy(ledger, 10, "7.01")
    before = ledger.worth(ITEM)
    issued = sell(ledger, 15)

    ledger.post(b.reverse(on=TODAY, posting=issued))

    assert ledger.worth(ITEM) == before
    assert value_moves(ledger)[method is STANDARD :] == []
    sell(ledger, 20)
    assert ledger.worth(ITEM) == "0 worth 0.00"
    ledger.check()


def test_fifo_goods_that_come_back_leave_first() -> None:
    ledger = ledger_with(FIFO)
    buy(ledger, 10, 5)
    buy(ledger, 10, 7)
    issued = sell(ledger, 10)

    ledger.post(b.reverse(on=TODAY, posting=issued))

    assert ledger.layers(ITEM) == ["10 @ 50.00", "10 @ 70.00"]


@pytest.mark.parametrize("method", ALL)
def test_a_receipt_is_taken_back_after_its_goods_partly_left(method: CostingMethod) -> None:
    ledger = ledger_with(method)
    buy(ledger, 10, 5)
    receipt = buy(ledger, 4, 9)
    sell(ledger, 9)

    ledger.post(b.reverse(on=TODAY, posting=receipt))

    # Moving average: 86.00 - 55.29 = 30.71; one of five pieces stays: 6.14. FIFO: the piece of the first layer
    # stays, its receipt's own layer was still open. Standard: 5.00. Period average waits for the month's end.
    assert ledger.worth(ITEM) == {
        MOVING: "1 worth 6.14", FIFO: "1 worth 5.00", PERIOD: "1 worth -5.29", STANDARD: "1 worth 5.00",
    }[method]  # fmt: skip
    ledger.check()


@pytest.mark.parametrize("method", ALL)
def test_taking_back_the_last_goods_leaves_no_value(method: CostingMethod) -> None:
    ledger = ledger_with(method)
    first = buy(ledger, 10, 5)
    buy(ledger, 10, 7)
    sell(ledger, 10)

    ledger.post(b.reverse(on=TODAY, posting=first))

    expected = "0 worth 10.00" if method is PERIOD else "0 worth 0.00"  # 120 - 60 - 50, settled at the month's end
    assert ledger.worth(ITEM) == expected
    assert ledger.layers(ITEM) == []
    ledger.check()


def test_a_return_to_the_supplier_goes_at_the_price_that_was_paid() -> None:
    ledger = ledger_with(MOVING)
    buy(ledger, 10, 5)
    dear = buy(ledger, 10, 7)

    give_back(ledger, 4, of=dear)

    assert int(ledger.moves[-1].amount) == 28_00
    assert ledger.worth(ITEM) == "16 worth 92.00"
    assert value_moves(ledger) == []


def test_part_returns_of_one_receipt_sum_to_the_whole() -> None:
    ledger = ledger_with(MOVING)
    ledger.post(b.receive(on=TODAY, item=ITEM, quantity_text=3, total="10.00"))

    amounts = []
    for _ in range(3):
        give_back(ledger, 1, of=1)
        amounts.append(int(ledger.moves[-1].amount))

    assert amounts == [3_33, 3_34, 3_33]
    assert ledger.worth(ITEM) == "0 worth 0.00"


def test_fifo_returns_out_of_its_own_layer_while_that_is_open() -> None:
    ledger = ledger_with(FIFO)
    buy(ledger, 10, 5)
    dear = buy(ledger, 10, 7)
    sell(ledger, 4)

    give_back(ledger, 10, of=dear)

    assert ledger.layers(ITEM) == ["6 @ 30.00"]
    assert value_moves(ledger) == []
    ledger.check()


def test_fifo_returns_at_the_paid_price_when_its_layer_is_used_up() -> None:
    ledger = ledger_with(FIFO)
    cheap = buy(ledger, 10, 5)
    buy(ledger, 10, 7)
    sell(ledger, 15)

    give_back(ledger, 3, of=cheap)  # 15.00 to the supplier, out of a layer worth 21.00

    assert ledger.layers(ITEM) == ["2 @ 14.00"]
    assert value_moves(ledger) == [("return_difference", -6_00)]
    ledger.check()


def test_a_customers_return_comes_back_at_what_it_left_with() -> None:
    ledger = ledger_with(MOVING)
    buy(ledger, 10, 5)
    issued = sell(ledger, 4)
    buy(ledger, 4, 9)

    take_back(ledger, 2, of=issued)

    assert int(ledger.moves[-1].amount) == 10_00
    assert ledger.worth(ITEM) == "12 worth 76.00"
    assert ledger.balance(ITEM, status=Status.INSPECTION).quantity == 2_000_000


def test_at_standard_a_return_after_a_new_standard_names_its_difference() -> None:
    ledger = ledger_with(STANDARD)
    buy(ledger, 10, 5)
    issued = sell(ledger, 4)
    line = c.RevalueLine(item_id=ITEM, location_id=b.BIN, standard_cost=b.cost(6))
    ledger.post(c.Revalue(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=(line,)))

    take_back(ledger, 4, of=issued)

    assert ledger.worth(ITEM) == "10 worth 60.00"
    assert value_moves(ledger) == [("revaluation", 6_00), ("return_difference", 4_00)]
    ledger.check()


def test_at_standard_the_variance_goes_back_with_the_receipt() -> None:
    ledger = ledger_with(STANDARD)
    receipt = buy(ledger, 10, 7)
    assert value_moves(ledger) == [("purchase_price_variance", -20_00)]

    ledger.post(b.reverse(on=TODAY, posting=receipt))

    assert ledger.worth(ITEM) == "0 worth 0.00"
    assert [signed(ledger, move) for move in ledger.moves if move.reason is Reason.PURCHASE_PRICE_VARIANCE] == [
        -20_00,
        20_00,
    ]


def test_at_standard_stock_below_zero_is_worth_standard_too() -> None:
    ledger = ledger_with(STANDARD)
    sell(ledger, 3, at=b.NEGATIVE_BIN)

    assert ledger.worth(ITEM) == "-3 worth -15.00"
    buy(ledger, 3, 6, at=b.NEGATIVE_BIN)
    assert ledger.worth(ITEM) == "0 worth 0.00"
    assert value_moves(ledger) == [("purchase_price_variance", -3_00)]


def test_reversing_an_issue_that_was_repriced_leaves_the_correction_where_it_is() -> None:
    ledger = ledger_with(MOVING)
    buy(ledger, 1, 5, at=b.NEGATIVE_BIN)
    issued = sell(ledger, 6, at=b.NEGATIVE_BIN)
    buy(ledger, 10, 7, at=b.NEGATIVE_BIN)

    ledger.post(b.reverse(on=TODAY, posting=issued))

    # 11 pieces were bought for 75.00; 10.00 stand at the variance place until somebody revalues.
    assert ledger.worth(ITEM) == "11 worth 65.00"
    ledger.check()


def test_a_receipt_that_covered_a_hole_can_be_taken_back() -> None:
    ledger = ledger_with(MOVING)
    buy(ledger, 1, 5, at=b.NEGATIVE_BIN)
    sell(ledger, 6, at=b.NEGATIVE_BIN)
    receipt = buy(ledger, 10, 7, at=b.NEGATIVE_BIN)

    ledger.post(b.reverse(on=TODAY, posting=receipt))

    assert ledger.worth(ITEM) == "-5 worth -25.00"
    ledger.check()


def test_goods_sent_on_the_road_keep_their_value_until_they_are_lost() -> None:
    ledger = ledger_with(MOVING)
    buy(ledger, 10, 5)
    shipped = ledger.post(b.ship(on=TODAY, item=ITEM, quantity_text=4))
    assert ledger.worth(ITEM) == "10 worth 50.00"
    buy(ledger, 10, 8)

    line = c.StatedLine(
        item_id=ITEM, quantity=b.quantity(4), location_id=b.TRANSIT, origin=c.Origin(posting_id=shipped, line_no=1)
    )
    ledger.post(c.Scrap(effective_on=TODAY, scrap_location_id=b.SCRAP, lines=(line,)))

    assert int(ledger.moves[-1].amount) == 26_00  # 130.00 x 4 / 20: one value an item, wherever it is
    ledger.check()


def test_a_revaluation_of_fifo_stock_is_spread_over_its_layers_by_value() -> None:
    ledger = ledger_with(FIFO)
    buy(ledger, 10, 5)
    buy(ledger, 10, 10)
    line = c.RevalueLine(item_id=ITEM, location_id=b.BIN, amount=b.amount("-15.01"))

    ledger.post(c.Revalue(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=(line,)))

    assert ledger.layers(ITEM) == ["10 @ 45.00", "10 @ 89.99"]
    ledger.check()


def test_a_unit_cost_that_no_column_holds_is_refused_with_its_value() -> None:
    ledger = ledger_with(MOVING)

    with pytest.raises(ZhangshiError) as caught:
        ledger.post(b.receive(on=TODAY, item=ITEM, quantity_text="0.000001", total="100000000"))

    assert caught.value.code == "number.overflow"
    assert caught.value.facts == {"value": str(10**20)}
    assert ledger.moves == []


def test_two_lines_of_one_item_in_one_posting_follow_each_other() -> None:
    ledger = ledger_with(FIFO)
    lines = tuple(
        c.AdjustLine(item_id=ITEM, quantity=b.quantity(text), location_id=b.BIN, unit_cost=b.cost(price))
        for text, price in ((10, 5), (10, 7), (-15, None))
    )

    ledger.post(c.Adjust(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=lines))

    assert [int(move.amount) for move in ledger.moves] == [50_00, 70_00, 85_00]
    assert ledger.layers(ITEM) == ["5 @ 35.00"]
    ledger.check()


def test_a_whole_reversal_asks_the_method_once_not_line_by_line() -> None:
    ledger = ledger_with(MOVING)
    lines = tuple(
        c.AdjustLine(item_id=ITEM, quantity=b.quantity(text), location_id=b.BIN, unit_cost=b.cost(price))
        for text, price in ((10, 5), (-10, None), (4, 8))
    )
    adjusted = ledger.post(c.Adjust(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=lines))

    ledger.post(b.reverse(on=TODAY, posting=adjusted))

    assert ledger.worth(ITEM) == "0 worth 0.00"
    assert value_moves(ledger) == []


def test_goods_put_back_stand_before_the_oldest_layer() -> None:
    book = LayerBook([Layer(7, b.quantity(1), Amount(100))])
    item = PureLedger().item(ITEM, FIFO)
    state = ledger_with(FIFO).state.items[item]
    state.quantity, state.amount, state.sequence = b.quantity(1), Amount(100), 9
    valuation = Valuation(state, COSTINGS[FIFO], book.layers)

    valuation.exact_in(b.quantity(2), Amount(90))

    assert [layer.layer_key for layer in valuation.book.layers] == [6, 7]
    assert valuation.settle() == 0
