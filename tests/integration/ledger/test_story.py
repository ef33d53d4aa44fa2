"""A week in a machine shop: every command of the ledger once, then the books are audited."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.clocks import SettableClock
from zhangshi.base.numbers import UnitCost, amount_from_text, quantity_from_text, unit_cost_from_text
from zhangshi.base.periods import Period
from zhangshi.ledger import commands as c
from zhangshi.ledger.kernel.reserving import Strategy
from zhangshi.ledger.model import CostingMethod, Location, LocationKind, Status, Tracking
from zhangshi.ledger.service import PostingAnswer, StockLedger
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.genealogy import deliveries, trace_back, trace_forward
from zhangshi.ledger.service.period import PeriodAnswer, close_period, reopen_period
from zhangshi.ledger.service.queries import as_of, in_transit, ledger_card, on_hand, valuation, work_in_progress
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, reserve
from zhangshi.ledger.service.sealing import seal_pending
from zhangshi.ledger.service.setup import open_ledger, register_item, register_lot, save_location
from zhangshi.ledger.service.snapshots import take_snapshot
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

SUPPLIER, CUSTOMER, FLOOR, COUNT, SCRAP, ROAD, VARIANCE = 1, 2, 3, 4, 5, 6, 9
MAIN, MAIN_BIN, BRANCH = 10, 11, 20
STEEL, SCREW, PUMP, OIL = 100, 101, 102, 103


class Shop:
    """A small company with one way to write."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.ledger = StockLedger()
        self._requests = 0

    def run(self, work: Callable[[UnitOfWork], Any], answer_type: type[Any] = object) -> Any:
        self._requests += 1
        request = Request(actor="wang", key=f"request-{self._requests}", content=self._requests)
        return self.company.write(request, work, answer_type=answer_type)

    def post(self, command: c.Command) -> PostingAnswer:
        answer: PostingAnswer = self.run(lambda uow: self.ledger.post(uow, command), PostingAnswer)
        return answer

    def lot(self, item_id: int, code: str) -> int:
        found: int = self.run(lambda uow: register_lot(uow, item_id=item_id, code=code).lot_id, int)
        return found


def _open(company: Company) -> Shop:
    shop = Shop(company)

    def work(uow: UnitOfWork) -> None:
        open_ledger(uow, variance_location_id=VARIANCE)
        kinds = ("supplier", "customer", "production", "adjustment", "scrap", "transit")
        for location_id, kind in enumerate(kinds, 1):
            save_location(uow, Location(location_id, 0, LocationKind(kind)))
        save_location(uow, Location(MAIN, 0, LocationKind.WAREHOUSE))
        save_location(uow, Location(MAIN_BIN, MAIN, LocationKind.BIN))
        save_location(uow, Location(BRANCH, 0, LocationKind.WAREHOUSE))
        register_item(uow, item_id=STEEL, method=CostingMethod.MOVING_AVERAGE, tracking=Tracking.LOT)
        register_item(uow, item_id=SCREW, method=CostingMethod.FIFO)
        register_item(uow, item_id=PUMP, method=CostingMethod.STANDARD, tracking=Tracking.LOT,
                      standard_cost=unit_cost_from_text("80"))  # fmt: skip
        register_item(uow, item_id=OIL, method=CostingMethod.PERIOD_AVERAGE)

    shop.run(work)
    return shop


def test_a_week_in_a_machine_shop_ends_with_clean_books(company: Company, clock: SettableClock) -> None:
    shop, q, cost = _open(company), quantity_from_text, unit_cost_from_text
    today = clock.now().date()
    heat, pump_lot = shop.lot(STEEL, "H-1"), shop.lot(PUMP, "P-1")

    # Steel arrives for inspection, and passes; screws and oil go straight to the shelf.
    received = shop.post(
        c.Receive(
            effective_on=today, source_type="receipt", source_id=1, supplier_location_id=SUPPLIER,
            lines=(
                c.InLine(item_id=STEEL, quantity=q("100"), location_id=MAIN_BIN, lot_id=heat,
                         status=Status.INSPECTION, unit_cost=cost("6.5")),
                c.InLine(item_id=SCREW, quantity=q("1000"), location_id=MAIN_BIN, unit_cost=cost("0.05")),
                c.InLine(item_id=SCREW, quantity=q("1000"), location_id=MAIN_BIN, amount=amount_from_text("70.01")),
                c.InLine(item_id=OIL, quantity=q("10"), location_id=MAIN, unit_cost=cost("5")),
            ),
        )
    )  # fmt: skip
    shop.post(
        c.ChangeStatus(
            effective_on=today,
            lines=(c.StatusLine(item_id=STEEL, quantity=q("100"), location_id=MAIN_BIN, lot_id=heat,
                                from_status=Status.INSPECTION, to_status=Status.AVAILABLE),),
        )
    )  # fmt: skip

    # An order reserves and consumes steel and screws, and makes pumps.
    promised = shop.run(
        lambda uow: reserve(
            uow, lines=[ReserveLine(item_id=STEEL, quantity=q("40"), location_id=MAIN)], strategy=Strategy.FEFO,
            source_type="order", source_id=7,
        ),
        ReserveAnswer,
    )  # fmt: skip
    shop.post(
        c.Consume(
            effective_on=today, order_id=7, production_location_id=FLOOR,
            lines=(
                c.ConsumeLine(item_id=STEEL, quantity=q("40"), location_id=MAIN_BIN,
                              reservation_id=promised.picks[0].reservation_id),
                c.ConsumeLine(item_id=SCREW, quantity=q("1500"), location_id=MAIN_BIN),
                c.ConsumeLine(item_id=OIL, quantity=q("4"), location_id=MAIN),
            ),
        )
    )  # fmt: skip
    made = shop.post(
        c.Produce(
            effective_on=today, order_id=7, production_location_id=FLOOR,
            lines=(c.ProduceLine(item_id=PUMP, quantity=q("4"), location_id=MAIN_BIN, lot_id=pump_lot,
                                 amount=amount_from_text("365.01")),),
        )
    )  # fmt: skip
    assert [(line.amount, line.reason) for line in made.lines] == [(365_01, ""), (-45_01, "purchase_price_variance")]

    # A transfer is signed for in part; the rest was lost on the road. A customer gets two pumps and returns one.
    shipped = shop.post(
        c.TransferShip(
            effective_on=today, transit_location_id=ROAD, owner="driver li", due_at=1,
            lines=(c.ShipLine(item_id=SCREW, quantity=q("200"), location_id=MAIN_BIN, to_location_id=BRANCH),),
        )
    )  # fmt: skip
    origin = c.Origin(posting_id=shipped.posting_id, line_no=1)
    shop.post(
        c.TransferSign(effective_on=today, lines=(c.SignLine(shipped=origin, quantity=q("150"), location_id=BRANCH),))
    )
    with company.read() as session:
        (on_the_road,) = in_transit(session)
    assert (on_the_road.open_quantity, on_the_road.owner, on_the_road.to_location_id) == (50_000_000, "driver li", BRANCH)
    shop.post(
        c.Scrap(
            effective_on=today, scrap_location_id=SCRAP,
            lines=(c.StatedLine(item_id=SCREW, quantity=q("50"), location_id=ROAD, origin=origin),),
        )
    )  # fmt: skip
    sold = shop.post(
        c.Issue(
            effective_on=today, customer_location_id=CUSTOMER, source_type="delivery", source_id=3,
            lines=(c.OutLine(item_id=PUMP, quantity=q("2"), location_id=MAIN_BIN, lot_id=pump_lot),),
        )
    )  # fmt: skip
    shop.post(
        c.ReturnIn(
            effective_on=today, from_location_id=CUSTOMER,
            lines=(c.ReturnInLine(item_id=PUMP, quantity=q("1"), location_id=MAIN_BIN, lot_id=pump_lot,
                                  status=Status.INSPECTION,
                                  origin=c.Origin(posting_id=sold.posting_id, line_no=1)),),
        )
    )  # fmt: skip
    shop.post(
        c.ReturnOut(
            effective_on=today, supplier_location_id=SUPPLIER,
            lines=(c.StatedLine(item_id=STEEL, quantity=q("10"), location_id=MAIN_BIN, lot_id=heat,
                                origin=c.Origin(posting_id=received.posting_id, line_no=1)),),
        )
    )  # fmt: skip
    shop.post(
        c.Adjust(
            effective_on=today, adjustment_location_id=COUNT,
            lines=(c.AdjustLine(item_id=SCREW, quantity=-q("3"), location_id=MAIN_BIN),
                   c.AdjustLine(item_id=OIL, quantity=q("1"), location_id=MAIN)),
        )
    )  # fmt: skip
    shop.post(
        c.PutAway(
            effective_on=today,
            lines=(c.PutAwayLine(item_id=SCREW, quantity=q("7"), location_id=MAIN_BIN, to_location_id=MAIN),),
        )
    )  # fmt: skip
    shop.post(
        c.Revalue(
            effective_on=today, adjustment_location_id=COUNT,
            lines=(c.RevalueLine(item_id=SCREW, location_id=MAIN_BIN, amount=amount_from_text("1.11")),
                   c.RevalueLine(item_id=PUMP, location_id=MAIN_BIN, standard_cost=UnitCost(81_000_000))),
        )
    )  # fmt: skip
    taken_back = shop.post(
        c.Receive(
            effective_on=today, supplier_location_id=SUPPLIER,
            lines=(c.InLine(item_id=OIL, quantity=q("10"), location_id=MAIN, unit_cost=cost("7")),),
        )
    )  # fmt: skip
    shop.post(c.Reverse(effective_on=today, posting_id=taken_back.posting_id))
    shop.post(
        c.Receive(
            effective_on=today, supplier_location_id=SUPPLIER,
            lines=(c.InLine(item_id=OIL, quantity=q("9"), location_id=MAIN, unit_cost=cost("7")),),
        )
    )  # fmt: skip

    with company.read() as session:
        assert audit(session).differences == ()
        forward, back = trace_forward(session, lot_id=heat), trace_back(session, lot_id=pump_lot)
        assert [(edge.out_lot_id, edge.quantity, edge.carried) for edge in forward] == [(pump_lot, 40_000_000, 40_000_000)]
        assert {(edge.in_item_id, edge.quantity) for edge in back} == {
            (STEEL, 40_000_000), (SCREW, 1_500_000_000), (OIL, 4_000_000),
        }  # fmt: skip
        assert [d.quantity for d in deliveries(session, lot_ids=[pump_lot])] == [2_000_000]
        assert [(o.item_id, o.quantity, o.available) for o in on_hand(session)] == [
            (STEEL, 50_000_000, 50_000_000), (SCREW, 447_000_000, 447_000_000), (PUMP, 3_000_000, 2_000_000),
            (OIL, 16_000_000, 16_000_000),
        ]  # fmt: skip
        assert work_in_progress(session) == []  # the order put out what it took in: 260.00 + 85.01 + 20.00
        before_close = dict((item_id, (quantity, amount)) for item_id, quantity, amount in valuation(session))
        assert before_close[OIL] == (16_000_000, 98_00)

    # The month ends: oil is settled at its average, 113.00 / 19; reopening takes it back to the fen.
    clock.advance(timedelta(days=40))
    period = Period.of(today)
    shop.run(lambda uow: close_period(uow, period=period, reason="month end"), PeriodAnswer)
    with company.read() as session:
        settled = {item_id: amount for item_id, _, amount in valuation(session)}
        assert audit(session).differences == ()
    assert settled[OIL] == 95_16
    shop.run(lambda uow: reopen_period(uow, period=period, reason="a late invoice"), PeriodAnswer)
    with company.read() as session:
        assert {i: (q_, a) for i, q_, a in valuation(session)} == before_close
    shop.post(
        c.Issue(
            effective_on=today, customer_location_id=CUSTOMER,
            lines=(c.OutLine(item_id=OIL, quantity=q("1"), location_id=MAIN),),
        )
    )  # fmt: skip
    shop.run(lambda uow: close_period(uow, period=period, reason="again"), PeriodAnswer)
    shop.run(lambda uow: take_snapshot(uow, day=clock.now().date()))
    assert shop.run(lambda uow: seal_pending(uow), int) > 0
    with company.read() as session:
        report = audit(session)
        assert report.differences == ()
        assert report.sealed == report.postings
        now = as_of(session, day=clock.now().date())
        assert {i: (q_, a) for i, q_, a in valuation(session)} == now.values
        card = ledger_card(session, item_id=OIL, from_day=date(2000, 1, 1), to_day=clock.now().date())
        assert (card.rows[-1].balance_quantity, card.rows[-1].balance_amount) == now.values[OIL]
