"""Cases that a hostile accountant or engineer would try, on both databases; the audit has the last word."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests import builders as b
from tests.clocks import SettableClock
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.periods import Period
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import CostingMethod, Location, LocationKind, Status, Tracking
from zhangshi.ledger.service import PostingAnswer
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.genealogy import trace_forward
from zhangshi.ledger.service.period import PeriodAnswer, close_period, reopen_period
from zhangshi.ledger.service.queries import balances, valuation, work_in_progress
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, reserve
from zhangshi.ledger.service.setup import save_location
from zhangshi.platform.unit_of_work import Company

ITEM, LOTTED = 101, 102
TODAY = date(2026, 11, 2)


@pytest.fixture
def factory(company: Company) -> Iterator[b.Factory]:
    found = b.open_factory(company)
    yield found
    with company.read() as session:
        assert audit(session).differences == ()


def refused(factory: b.Factory, location: Location) -> str:
    with pytest.raises(ZhangshiError) as caught:
        factory.write(lambda uow: save_location(uow, location))
    return caught.value.code


def worth(factory: b.Factory, item: int = ITEM) -> tuple[int, int]:
    with factory.company.read() as session:
        return next(((quantity, amount) for found, quantity, amount in valuation(session) if found == item), (0, 0))


def test_places_cannot_stand_in_a_ring(factory: b.Factory) -> None:
    assert refused(factory, Location(b.WAREHOUSE, b.ZONE, LocationKind.BIN)) == "ledger.bad_tree"
    assert refused(factory, Location(b.ZONE, b.ZONE, LocationKind.ZONE)) == "ledger.bad_tree"


def test_what_stands_in_a_place_must_still_be_allowed_to(factory: b.Factory) -> None:
    assert refused(factory, Location(b.ZONE, b.WAREHOUSE, LocationKind.BIN)) == "ledger.bad_tree"
    assert refused(factory, Location(b.FAR_WAREHOUSE, 0, LocationKind.CUSTOMER)) == "ledger.bad_tree"


@pytest.mark.parametrize("kind", [LocationKind.CUSTOMER, LocationKind.WAREHOUSE, LocationKind.TRANSIT])
def test_a_counterparty_never_becomes_something_else(factory: b.Factory, kind: LocationKind) -> None:
    # It holds no stock, so nothing seems to forbid it; but the value of every past move stands on its kind.
    assert refused(factory, Location(b.SUPPLIER, 0, kind)) == "ledger.location_in_use"
    assert refused(factory, Location(b.VARIANCE, 0, LocationKind.WAREHOUSE)) == "ledger.location_in_use"


def test_goods_do_not_change_warehouse_with_their_shelf(factory: b.Factory) -> None:
    factory.item(ITEM)
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=1, unit_cost=5, at=b.ZONE_BIN))

    moved = Location(b.ZONE, b.FAR_WAREHOUSE, LocationKind.ZONE)
    assert refused(factory, moved) == "ledger.location_in_use"
    factory.post(b.issue(on=TODAY, item=ITEM, quantity_text=1, at=b.ZONE_BIN))
    factory.write(lambda uow: save_location(uow, moved))


@pytest.mark.parametrize(
    ("words", "code"),
    [({"step": "0"}, "ledger.quantity_not_positive"), ({"standard": "-1"}, "ledger.cost_negative")],
    ids=["step", "standard"],
)
def test_an_item_that_makes_no_sense_is_not_registered(factory: b.Factory, words: dict[str, Any], code: str) -> None:
    with pytest.raises(ZhangshiError) as caught:
        factory.item(ITEM, method=CostingMethod.STANDARD, **words)
    assert caught.value.code == code


def test_reserving_answers_by_precedence_too(factory: b.Factory) -> None:
    factory.item(ITEM)
    lines = [
        ReserveLine(item_id=ITEM, quantity=b.quantity(0), location_id=b.WAREHOUSE),
        ReserveLine(item_id=999, quantity=b.quantity(1), location_id=b.WAREHOUSE),
    ]

    with pytest.raises(ZhangshiError) as caught:
        factory.write(lambda uow: reserve(uow, lines=lines), answer=ReserveAnswer)

    assert caught.value.code == "ledger.unknown_item"


def test_goods_that_only_fill_a_hole_are_promised_to_nobody(factory: b.Factory) -> None:
    factory.item(ITEM)
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=5, at=b.NEGATIVE_BIN))
    line = ReserveLine(item_id=ITEM, quantity=b.quantity(4), location_id=b.NEGATIVE_BIN)
    promised: ReserveAnswer = factory.write(lambda uow: reserve(uow, lines=[line]), answer=ReserveAnswer)
    issued = factory.post(
        b.issue(on=TODAY, item=ITEM, quantity_text=4, at=b.NEGATIVE_BIN, reservation=promised.picks[0].reservation_id)
    )
    factory.post(b.issue(on=TODAY, item=ITEM, quantity_text=9, at=b.NEGATIVE_BIN))

    factory.post(b.reverse(on=TODAY, posting=issued))

    with factory.company.read() as session:
        assert [(row.quantity, row.reserved) for row in balances(session, item_id=ITEM)] == [(1_000_000, 0)]


def test_goods_put_back_stand_first_however_many_layers_there_are(factory: b.Factory) -> None:
    factory.item(ITEM, method=CostingMethod.FIFO)
    for price in range(1, 6):
        factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=1, unit_cost=price))
    lines = tuple(
        c.AdjustLine(item_id=ITEM, quantity=b.quantity(text), location_id=b.BIN, unit_cost=b.cost(price))
        for text, price in ((-3, None), (32, 9))
    )
    counted = factory.post(c.Adjust(effective_on=TODAY, adjustment_location_id=b.ADJUSTMENT, lines=lines))
    factory.post(b.issue(on=TODAY, item=ITEM, quantity_text=34))
    for price in range(1, 41):
        factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=1, unit_cost=price))

    # Takes 32 out, as many as the first read of layers holds, and puts 3 back at 6.00: before the 8 that are left.
    factory.post(b.reverse(on=TODAY, posting=counted))
    factory.post(b.issue(on=TODAY, item=ITEM, quantity_text=3))

    assert worth(factory) == (8_000_000, sum(range(33, 41)) * 100)


def test_a_customers_return_does_not_touch_the_order_that_somebody_named(factory: b.Factory) -> None:
    factory.item(ITEM)
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=5))
    factory.post(b.issue(on=TODAY, item=ITEM, quantity_text=5))
    line = c.ReturnInLine(item_id=ITEM, quantity=b.quantity(1), location_id=b.BIN, status=Status.HOLD)

    factory.post(c.ReturnIn(effective_on=TODAY, from_location_id=b.CUSTOMER, order_id=7, lines=(line,)))

    with factory.company.read() as session:
        assert work_in_progress(session) == []


def test_material_that_came_back_was_not_made(factory: b.Factory) -> None:
    # 10 kg -> 60 bodies -> 30 of them (after 10 came back and 10 were reversed) -> pumps: half of the 10 kg.
    for item in (ITEM, LOTTED, 103):
        factory.item(item, tracking=Tracking.LOT)
    steel, bodies, pumps = factory.lot(ITEM, "A"), factory.lot(LOTTED, "X"), factory.lot(103, "P")
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=6, lot=steel))
    factory.post(b.consume(on=TODAY, order=7, materials=[(ITEM, steel, 10)]))
    factory.post(b.produce(on=TODAY, order=7, outputs=[(LOTTED, bodies, 60, 1)]))
    factory.post(b.consume(on=TODAY, order=8, materials=[(LOTTED, bodies, 40)]))
    mistake = factory.post(b.consume(on=TODAY, order=8, materials=[(LOTTED, bodies, 10)]))
    factory.post(b.reverse(on=TODAY, posting=mistake))
    line = c.ReturnInLine(item_id=LOTTED, lot_id=bodies, quantity=b.quantity(10), location_id=b.BIN)
    factory.post(c.ReturnIn(effective_on=TODAY, from_location_id=b.PRODUCTION, order_id=8, lines=(line,)))
    factory.post(b.produce(on=TODAY, order=8, outputs=[(103, pumps, 5, 10)]))

    with factory.company.read() as session:
        edges = trace_forward(session, lot_id=steel)

    assert [(edge.out_lot_id, edge.quantity, edge.carried) for edge in edges] == [
        (bodies, 10_000_000, 10_000_000),
        (pumps, 30_000_000, 5_000_000),
    ]


def close(factory: b.Factory, text: str) -> None:
    period = Period.parse(text)
    factory.write(lambda uow: close_period(uow, period=period, reason="month end"), answer=PeriodAnswer)


def reopen(factory: b.Factory, text: str) -> None:
    period = Period.parse(text)
    factory.write(lambda uow: reopen_period(uow, period=period, reason="late invoice"), answer=PeriodAnswer)


def hole(factory: b.Factory, *, on: date) -> PostingAnswer:
    """1 @ 5.00 comes and 6 go, at 5.00 each."""
    factory.item(ITEM, method=CostingMethod.PERIOD_AVERAGE)
    factory.post(b.receive(on=on, item=ITEM, quantity_text=1, unit_cost=5, at=b.NEGATIVE_BIN))
    return factory.post(b.issue(on=on, item=ITEM, quantity_text=6, at=b.NEGATIVE_BIN))


def test_the_months_average_prices_what_left_before_it_arrived(factory: b.Factory, clock: SettableClock) -> None:
    hole(factory, on=TODAY)
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=7, at=b.NEGATIVE_BIN))
    clock.advance(timedelta(days=40))

    close(factory, "2026-11")

    assert worth(factory) == (5_000_000, 34_09)  # 75.00 x 5 / 11: nothing stays at the variance place


def test_a_hole_of_a_closed_month_stays_corrected(factory: b.Factory, clock: SettableClock) -> None:
    hole(factory, on=date(2026, 10, 20))
    close(factory, "2026-10")
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=7, at=b.NEGATIVE_BIN))
    clock.advance(timedelta(days=40))

    close(factory, "2026-11")

    assert worth(factory) == (5_000_000, 35_00)  # October's 5 cost 10.00 more, and October is closed


def test_a_receipt_that_covered_a_hole_is_taken_back_before_the_close(factory: b.Factory, clock: SettableClock) -> None:
    hole(factory, on=TODAY)
    wrong = factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=70, at=b.NEGATIVE_BIN))
    factory.post(b.reverse(on=TODAY, posting=wrong))
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=7, at=b.NEGATIVE_BIN))
    clock.advance(timedelta(days=40))

    close(factory, "2026-11")

    assert worth(factory) == (5_000_000, 34_09)


def test_a_month_with_returns_is_settled_at_one_price(factory: b.Factory, clock: SettableClock) -> None:
    factory.item(ITEM, method=CostingMethod.PERIOD_AVERAGE)
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=5))
    issued = factory.post(b.issue(on=TODAY, item=ITEM, quantity_text=8))
    dear = factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=10, unit_cost=9))
    customer = c.ReturnInLine(
        item_id=ITEM, quantity=b.quantity(3), location_id=b.BIN, status=Status.HOLD,
        origin=c.Origin(posting_id=issued.posting_id, line_no=1),
    )  # fmt: skip
    factory.post(c.ReturnIn(effective_on=TODAY, from_location_id=b.CUSTOMER, lines=(customer,)))
    supplier = c.StatedLine(
        item_id=ITEM, quantity=b.quantity(4), location_id=b.BIN,
        origin=c.Origin(posting_id=dear.posting_id, line_no=1),
    )  # fmt: skip
    factory.post(c.ReturnOut(effective_on=TODAY, supplier_location_id=b.SUPPLIER, lines=(supplier,)))
    clock.advance(timedelta(days=40))

    close(factory, "2026-11")

    # Received 10 @ 5 and 6 @ 9: 104.00 over 16 is 6.50; 5 went net, 11 stay.
    assert worth(factory) == (11_000_000, 71_50)


def test_a_month_is_reopened_after_all_its_goods_left_later(factory: b.Factory, clock: SettableClock) -> None:
    factory.item(ITEM, method=CostingMethod.PERIOD_AVERAGE)
    october = date(2026, 10, 10)
    factory.post(b.receive(on=october, item=ITEM, quantity_text=10, unit_cost=5))
    factory.post(b.issue(on=october, item=ITEM, quantity_text=5))
    factory.post(b.receive(on=october, item=ITEM, quantity_text=5, unit_cost=9))
    close(factory, "2026-10")  # 95.00 / 15: 5 go at 31.67, 10 stay at 63.33
    factory.post(b.issue(on=TODAY, item=ITEM, quantity_text=10))
    assert worth(factory) == (0, 0)

    reopen(factory, "2026-10")
    assert worth(factory) == (0, 6_67)  # the settlement is back, the goods are not
    factory.post(b.issue(on=october, item=ITEM, quantity_text=1, at=b.NEGATIVE_BIN))
    factory.post(b.receive(on=october, item=ITEM, quantity_text=1, unit_cost=1, at=b.NEGATIVE_BIN))
    close(factory, "2026-10")
    clock.advance(timedelta(days=40))
    close(factory, "2026-11")

    assert worth(factory) == (0, 0)


def test_goods_go_back_into_a_place_that_was_closed_meanwhile(factory: b.Factory) -> None:
    factory.item(ITEM)
    factory.post(b.receive(on=TODAY, item=ITEM, quantity_text=5, unit_cost=5, at=b.OTHER_BIN))
    issued = factory.post(b.issue(on=TODAY, item=ITEM, quantity_text=5, at=b.OTHER_BIN))
    closed = Location(b.OTHER_BIN, b.WAREHOUSE, LocationKind.BIN, active=False)
    factory.write(lambda uow: save_location(uow, closed))

    factory.post(b.reverse(on=TODAY, posting=issued))
    factory.post(b.put_away(on=TODAY, item=ITEM, quantity_text=5, at=b.OTHER_BIN, to=b.BIN))

    assert worth(factory) == (5_000_000, 25_00)
