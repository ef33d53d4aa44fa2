"""Genealogy of a lot that 2,000 orders used, each of which made a lot of its own."""

from collections.abc import Iterator

from bench.company import BINS, PRODUCTION, SUPPLIER, TRACED_ITEMS, Place, make_company, opened
from bench.measuring import Measurement, figure, medians
from zhangshi.base.numbers import Quantity, UnitCost
from zhangshi.ledger.commands import Consume, ConsumeLine, InLine, Produce, ProduceLine, Receive
from zhangshi.ledger.service import StockLedger
from zhangshi.ledger.service.genealogy import trace_back, trace_forward
from zhangshi.ledger.service.setup import register_lot
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

_PIECE = Quantity(1_000_000)
_MATERIAL, _PRODUCT = TRACED_ITEMS
_ORDERS_IN_ONE_WRITE = 100


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield the time of both directions."""
    orders = 200 if quick else 2000
    with opened(make_company(place, "tracing")) as company:
        root, last = _build(company, orders)
        with company.read() as session:
            assert len(trace_forward(session, lot_id=root)) == orders
            forward, back = medians(
                [lambda: trace_forward(session, lot_id=root), lambda: trace_back(session, lot_id=last)], rounds=9
            )
        name = f"genealogy of a lot used in {orders:,} orders"
        yield figure(f"{name}, forward", place.name, forward * 1e3, "ms", value_max=500)
        yield figure(f"{name}, back from one product", place.name, back * 1e3, "ms")


def _build(company: Company, orders: int) -> tuple[int, int]:
    ledger = StockLedger()
    today = company.clock.now().date()

    def receive(uow: UnitOfWork) -> int:
        lot = register_lot(uow, item_id=_MATERIAL, code="root")
        line = InLine(
            item_id=_MATERIAL, lot_id=lot.lot_id, quantity=_PIECE * orders, location_id=BINS[0],
            unit_cost=UnitCost(1_000_000),
        )  # fmt: skip
        ledger.post(uow, Receive(effective_on=today, supplier_location_id=SUPPLIER, lines=(line,)))
        return lot.lot_id

    def make(uow: UnitOfWork, order_id: int) -> int:
        used = ConsumeLine(item_id=_MATERIAL, lot_id=root, quantity=_PIECE, location_id=BINS[0])
        common = {"effective_on": today, "order_id": order_id, "production_location_id": PRODUCTION}
        ledger.post(uow, Consume(lines=(used,), **common))  # type: ignore[arg-type]  # three keywords of both commands
        lot = register_lot(uow, item_id=_PRODUCT, code=f"product-{order_id}")
        made = ProduceLine(
            item_id=_PRODUCT, lot_id=lot.lot_id, quantity=_PIECE, location_id=BINS[1], unit_cost=UnitCost(2_000_000)
        )
        ledger.post(uow, Produce(lines=(made,), **common))  # type: ignore[arg-type]  # as above
        return lot.lot_id

    root = company.write(Request("bench", "root", 0), receive, answer_type=int)
    last = 0
    for first in range(1, orders + 1, _ORDERS_IN_ONE_WRITE):
        some = range(first, min(first + _ORDERS_IN_ONE_WRITE, orders + 1))
        last = company.write(
            Request("bench", f"orders-{first}", first),
            lambda uow, some=some: max(make(uow, order_id) for order_id in some),  # type: ignore[misc]
            answer_type=int,
        )
    return root, last
