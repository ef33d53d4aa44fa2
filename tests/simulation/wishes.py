"""What a clerk can ask for: a wish is plain data, so that whoever reads it in a journal can ask again."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from tests import builders as b
from tests.companies import CompanyAddress
from zhangshi.bootstrap import SystemClock, system_ids
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import CostingMethod, Tracking
from zhangshi.ledger.service import PostingAnswer, StockLedger
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, release, reserve
from zhangshi.ledger.service.setup import register_lot
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork, open_company

ON = date(2026, 1, 5)
STEEL, SCREW, OIL, PUMP = 101, 102, 103, 104
PLENTY = 1_000_000


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `refers_to` is an earlier posting, an order or reservations, as the verb wants it."""

    key: str
    verb: str
    number: int
    quantity: int
    steel_lot_id: int
    refers_to: tuple[int, ...] = ()


def opened(address: CompanyAddress) -> Company:
    """Open a company as the program does: the machine's clock, time-ordered ids."""
    return open_company(key="test", url=address.url, schema=address.schema, clock=SystemClock(), ids=system_ids())


def stock_up(address: CompanyAddress) -> int:
    """Open the ledger with one item of each costing method, plenty of the materials; return the lot of the steel."""
    company = opened(address)
    factory = b.open_factory(company)
    factory.item(STEEL, tracking=Tracking.LOT)
    factory.item(SCREW, method=CostingMethod.FIFO)
    factory.item(OIL, method=CostingMethod.PERIOD_AVERAGE)
    factory.item(PUMP, method=CostingMethod.STANDARD, tracking=Tracking.LOT, standard="80")
    lot_id = factory.lot(STEEL, "H-1")
    for item_id in (STEEL, SCREW, OIL):
        lot = lot_id if item_id == STEEL else 0
        factory.post(b.receive(on=ON, item=item_id, quantity_text=PLENTY, lot=lot, unit_cost="6.5"))
    company.close()
    return lot_id


def grant(company: Company, ledger: StockLedger, wish: Wish) -> tuple[Any, bool]:
    """Ask for a wish; return the answer and whether the work was run for it (else it is the first answer)."""
    work, answer_type = _VERBS[wish.verb]
    ran = False

    def run(uow: UnitOfWork) -> Any:
        nonlocal ran
        ran = True
        return work(uow, ledger, wish)

    answer = company.write(Request("li", wish.key, wish), run, answer_type=answer_type)
    return answer, ran


def answer_from(wish: Wish, text: str) -> Any:
    """Return an answer to the wish that was kept as JSON."""
    return msgspec.json.decode(text, type=_VERBS[wish.verb][1])


def _goods(wish: Wish) -> list[dict[str, Any]]:
    """Return a line of each material, at the bin."""
    units = b.quantity(wish.quantity)
    return [
        {"item_id": STEEL, "lot_id": wish.steel_lot_id, "quantity": units, "location_id": b.BIN},
        {"item_id": SCREW, "quantity": units, "location_id": b.BIN},
        {"item_id": OIL, "quantity": units, "location_id": b.BIN},
    ]


def _receive(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    lines = tuple(c.InLine(**line, unit_cost=b.cost(5 + wish.quantity % 3)) for line in _goods(wish))
    return ledger.post(uow, c.Receive(effective_on=ON, supplier_location_id=b.SUPPLIER, lines=lines))


def _issue(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    lines = tuple(c.OutLine(**line) for line in _goods(wish))
    return ledger.post(uow, c.Issue(effective_on=ON, customer_location_id=b.CUSTOMER, lines=lines))


def _put_away(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    lines = tuple(c.PutAwayLine(**line, to_location_id=b.OTHER_BIN) for line in _goods(wish))
    return ledger.post(uow, c.PutAway(effective_on=ON, lines=lines))


def _adjust(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    signed = [line | {"quantity": -line["quantity"]} for line in _goods(wish)[1:]]
    lines = tuple(c.AdjustLine(**line) for line in (*signed, _goods(wish)[0]))
    return ledger.post(uow, c.Adjust(effective_on=ON, adjustment_location_id=b.ADJUSTMENT, lines=lines))


def _ship(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    lines = tuple(c.ShipLine(**line, to_location_id=b.FAR_BIN) for line in _goods(wish))
    command = c.TransferShip(effective_on=ON, transit_location_id=b.TRANSIT, owner="driver", lines=lines)
    return ledger.post(uow, command)


def _sign(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    """Sign for a part of each line of a shipment."""
    units = b.quantity(wish.quantity)
    shipped = [c.Origin(posting_id=wish.refers_to[0], line_no=line_no) for line_no in (1, 2, 3)]
    lines = tuple(c.SignLine(shipped=origin, quantity=units, location_id=b.FAR_BIN) for origin in shipped)
    return ledger.post(uow, c.TransferSign(effective_on=ON, lines=lines))


def _consume(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    lines = tuple(c.ConsumeLine(**line) for line in _goods(wish))
    command = c.Consume(effective_on=ON, order_id=wish.number, production_location_id=b.PRODUCTION, lines=lines)
    return ledger.post(uow, command)


def _produce(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    """Two things in one request: a lot that nobody had before, and the pumps in it."""
    lot = register_lot(uow, item_id=PUMP, code=wish.key)
    command = b.produce(on=ON, order=wish.refers_to[0], outputs=[(PUMP, lot.lot_id, wish.quantity, "81.25")])
    return ledger.post(uow, command)


def _reserve(uow: UnitOfWork, _ledger: StockLedger, wish: Wish) -> ReserveAnswer:
    lines = [ReserveLine(**line) for line in _goods(wish)]
    return reserve(uow, lines=lines, source_type="wish", source_id=wish.number)


def _issue_reserved(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    """Take a part of what was promised."""
    promised = zip(_goods(wish), wish.refers_to, strict=True)
    lines = tuple(c.OutLine(**line, reservation_id=reservation_id) for line, reservation_id in promised)
    return ledger.post(uow, c.Issue(effective_on=ON, customer_location_id=b.CUSTOMER, lines=lines))


def _release(uow: UnitOfWork, _ledger: StockLedger, wish: Wish) -> int:
    return release(uow, reservation_ids=wish.refers_to)


def _reverse(uow: UnitOfWork, ledger: StockLedger, wish: Wish) -> PostingAnswer:
    return ledger.post(uow, dataclasses.replace(b.reverse(on=ON, posting=wish.refers_to[0]), source_id=wish.number))


_Work = Callable[[UnitOfWork, StockLedger, Wish], object]
_VERBS: Mapping[str, tuple[_Work, type[Any]]] = {
    "receive": (_receive, PostingAnswer),
    "issue": (_issue, PostingAnswer),
    "put away": (_put_away, PostingAnswer),
    "adjust": (_adjust, PostingAnswer),
    "ship": (_ship, PostingAnswer),
    "sign": (_sign, PostingAnswer),
    "consume": (_consume, PostingAnswer),
    "produce": (_produce, PostingAnswer),
    "reserve": (_reserve, ReserveAnswer),
    "issue reserved": (_issue_reserved, PostingAnswer),
    "release": (_release, int),
    "reverse": (_reverse, PostingAnswer),
}
VERBS = frozenset(_VERBS)
