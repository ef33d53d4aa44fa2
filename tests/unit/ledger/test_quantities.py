"""Reservations, origins and balances while a posting runs, line after line."""

from tests import builders as b
from tests.unit.ledger.pure_ledger import TODAY, PureLedger
from zhangshi.ledger import commands as c
from zhangshi.ledger import refusals as r
from zhangshi.ledger.model import Status

ITEM, OTHER = 100, 101


def stocked(at: int = b.BIN) -> PureLedger:
    ledger = PureLedger()
    ledger.item(ITEM)
    ledger.item(OTHER)
    ledger.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=5, at=at))
    return ledger


def issue_lines(*lines: tuple[str | int, int]) -> c.Issue:
    return c.Issue(
        effective_on=TODAY,
        customer_location_id=b.CUSTOMER,
        lines=tuple(
            c.OutLine(item_id=ITEM, quantity=b.quantity(text), location_id=b.BIN, reservation_id=reservation)
            for text, reservation in lines
        ),
    )


def test_lines_see_what_the_lines_before_them_took() -> None:
    ledger = stocked()

    assert ledger.code_of(issue_lines((6, 0), (5, 0))) == r.INSUFFICIENT_STOCK.code
    assert ledger.code_of(issue_lines((6, 0), (4, 0))) == ""


def test_a_command_may_use_in_its_second_line_what_its_first_brought() -> None:
    ledger = stocked()
    lines = (
        c.PutAwayLine(item_id=ITEM, quantity=b.quantity(4), location_id=b.BIN, to_location_id=b.OTHER_BIN),
        c.PutAwayLine(item_id=ITEM, quantity=b.quantity(4), location_id=b.OTHER_BIN, to_location_id=b.ZONE_BIN),
    )

    ledger.post(c.PutAway(effective_on=TODAY, lines=lines))

    assert ledger.balance(ITEM, b.ZONE_BIN).quantity == 4_000_000
    ledger.check()


def test_the_holder_of_a_promise_gets_the_goods_and_others_get_the_rest() -> None:
    ledger = stocked()
    mine = ledger.reserve(55, ITEM, 4)

    assert ledger.code_of(issue_lines((7, 0))) == r.RESERVED_FOR_OTHERS.code
    assert ledger.code_of(issue_lines((6, 0), (4, mine))) == ""
    assert ledger.state.reservations[mine].state == "used"


def test_two_lines_share_what_is_left_of_a_reservation() -> None:
    ledger = stocked()
    mine = ledger.reserve(55, ITEM, 4)

    assert ledger.code_of(issue_lines((3, mine), (2, mine))) == r.EXCEEDS_RESERVATION.code
    assert ledger.code_of(issue_lines((3, mine), (1, mine))) == ""


def test_goods_that_come_back_serve_their_reservation_again() -> None:
    ledger = stocked()
    mine = ledger.reserve(55, ITEM, 4)
    issued = ledger.post(issue_lines((4, mine)))

    ledger.post(b.reverse(on=TODAY, posting=issued))

    assert ledger.balance(ITEM).reserved == 4_000_000
    assert (ledger.state.reservations[mine].state, ledger.state.reservations[mine].open_quantity) == ("open", 4_000_000)
    ledger.check()


def test_goods_of_a_released_reservation_come_back_free() -> None:
    ledger = stocked()
    mine = ledger.reserve(55, ITEM, 4)
    issued = ledger.post(issue_lines((3, mine)))
    ledger.state.reservations[mine].state = "released"
    ledger.balance(ITEM).reserved -= b.quantity(1)

    ledger.post(b.reverse(on=TODAY, posting=issued))

    assert ledger.balance(ITEM).reserved == 0
    assert ledger.moves[-1].reservation_id == 0


def test_goods_that_only_fill_a_hole_are_promised_to_nobody() -> None:
    ledger = stocked(at=b.NEGATIVE_BIN)
    mine = ledger.reserve(55, ITEM, 4, at=b.NEGATIVE_BIN)
    line = c.OutLine(item_id=ITEM, quantity=b.quantity(4), location_id=b.NEGATIVE_BIN, reservation_id=mine)
    issued = ledger.post(c.Issue(effective_on=TODAY, customer_location_id=b.CUSTOMER, lines=(line,)))
    ledger.post(b.issue(on=TODAY, item=ITEM, quantity_text=9, at=b.NEGATIVE_BIN))

    ledger.post(b.reverse(on=TODAY, posting=issued))

    assert (ledger.balance(ITEM, b.NEGATIVE_BIN).quantity, ledger.balance(ITEM, b.NEGATIVE_BIN).reserved) == (
        1_000_000,
        0,
    )
    assert ledger.state.reservations[mine].state == "used"
    assert ledger.moves[-1].reservation_id == 0


def test_a_place_below_zero_still_keeps_its_promises() -> None:
    ledger = stocked(at=b.NEGATIVE_BIN)
    ledger.reserve(55, ITEM, 4, at=b.NEGATIVE_BIN)

    assert (
        ledger.code_of(b.issue(on=TODAY, item=ITEM, quantity_text=7, at=b.NEGATIVE_BIN)) == r.RESERVED_FOR_OTHERS.code
    )


def test_a_receipt_whose_goods_are_promised_is_not_taken_back() -> None:
    ledger = stocked()
    ledger.reserve(55, ITEM, 4)

    assert ledger.code_of(b.reverse(on=TODAY, posting=1)) == r.RESERVED_FOR_OTHERS.code


def returned(posting: int, text: str | int, item: int = ITEM, source: int = b.CUSTOMER) -> c.ReturnIn:
    line = c.ReturnInLine(
        item_id=item, quantity=b.quantity(text), location_id=b.BIN, status=Status.HOLD,
        origin=c.Origin(posting_id=posting, line_no=1),
    )  # fmt: skip
    return c.ReturnIn(effective_on=TODAY, from_location_id=source, lines=(line,))


def test_no_more_comes_back_than_went_out() -> None:
    ledger = stocked()
    issued = ledger.post(issue_lines((5, 0)))
    ledger.post(returned(issued, 3))

    assert ledger.code_of(returned(issued, 3)) == r.EXCEEDS_ORIGIN.code
    assert ledger.code_of(returned(issued, 2)) == ""


def test_a_reversed_return_may_be_returned_again() -> None:
    ledger = stocked()
    issued = ledger.post(issue_lines((5, 0)))
    came_back = ledger.post(returned(issued, 5))
    assert ledger.code_of(b.reverse(on=TODAY, posting=issued)) == r.USED_DOWNSTREAM.code

    ledger.post(b.reverse(on=TODAY, posting=came_back))

    assert ledger.code_of(returned(issued, 5)) == ""


def test_what_was_reversed_cannot_come_back() -> None:
    ledger = stocked()
    issued = ledger.post(issue_lines((5, 0)))
    reversal = ledger.post(b.reverse(on=TODAY, posting=issued))

    assert ledger.code_of(returned(issued, 1)) == r.EXCEEDS_ORIGIN.code
    assert ledger.code_of(returned(reversal, 1)) == r.ORIGIN_MISMATCH.code


def test_an_origin_fits_its_item_its_counterparty_and_its_kind() -> None:
    ledger = stocked()
    issued = ledger.post(issue_lines((5, 0)))
    shipped = ledger.post(b.ship(on=TODAY, item=ITEM, quantity_text=2))

    assert ledger.code_of(returned(issued, 1, item=OTHER)) == r.ORIGIN_MISMATCH.code
    assert ledger.code_of(returned(1, 1)) == r.ORIGIN_MISMATCH.code, "a receipt is no delivery"
    assert ledger.code_of(returned(shipped, 1)) == r.ORIGIN_MISMATCH.code
    line = c.SignLine(shipped=c.Origin(posting_id=issued, line_no=1), quantity=b.quantity(1), location_id=b.FAR_BIN)
    sign = c.TransferSign(effective_on=TODAY, lines=(line,))
    assert ledger.code_of(sign) == r.WRONG_LOCATION.code, "what a customer got is not on the road"


def test_a_shipment_is_signed_for_in_parts_and_lost_for_the_rest() -> None:
    ledger = stocked()
    shipped = ledger.post(b.ship(on=TODAY, item=ITEM, quantity_text=5))
    origin = c.Origin(posting_id=shipped, line_no=1)
    for text in (1, 3):
        line = c.SignLine(shipped=origin, quantity=b.quantity(text), location_id=b.FAR_BIN)
        ledger.post(c.TransferSign(effective_on=TODAY, lines=(line,)))

    def lose(text: int) -> c.Scrap:
        line = c.StatedLine(item_id=ITEM, quantity=b.quantity(text), location_id=b.TRANSIT, origin=origin)
        return c.Scrap(effective_on=TODAY, scrap_location_id=b.SCRAP, lines=(line,))

    assert ledger.code_of(lose(2)) == r.EXCEEDS_ORIGIN.code
    assert ledger.code_of(lose(1)) == ""
    assert ledger.balance(ITEM, b.TRANSIT).quantity == 0
    assert ledger.worth(ITEM) == "9 worth 45.00"
    ledger.check()
