"""Statements per posting: the number does not grow with the lines.

The numbers are a baseline: a change that sends more shows here, and must say why.
"""

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from tests import builders as b
from zhangshi.base.numbers import Quantity, quantity_from_text, unit_cost_from_text
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import CostingMethod, Status, Tracking
from zhangshi.ledger.service import PostingAnswer
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, reserve
from zhangshi.ledger.service.setup import register_item, register_lot
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company, UnitOfWork

TODAY = date(2026, 11, 2)
SIZES = (1, 10, 50)
MANY, ONE = quantity_from_text("1000"), quantity_from_text("1")
PRICE = unit_cost_from_text("5")

FIRST_ITEM = 1001
LAST_LOT_ITEM = 2050
LOT_ITEMS = range(2001, LAST_LOT_ITEM + 1)
ORDER = 700


class Counter:
    """A factory with 50 items of one method and 50 with lots, all in stock, that counts what it sends."""

    def __init__(self, company: Company, method: CostingMethod) -> None:
        self.factory = b.open_factory(company)
        self.items = range(FIRST_ITEM, FIRST_ITEM + max(SIZES))
        self.lots: dict[int, int] = {}
        self._session: Session | None = None
        self.factory.write(lambda uow: self._register(uow, method))
        lines = (*_in(self.items, MANY), *self._lot_lines(MANY))
        self.factory.post(c.Receive(effective_on=TODAY, supplier_location_id=b.SUPPLIER, lines=lines))

    def _register(self, uow: UnitOfWork, method: CostingMethod) -> None:
        self._session = uow.session
        for item_id in self.items:
            register_item(uow, item_id=item_id, method=method, standard_cost=PRICE)
        for item_id in LOT_ITEMS:
            register_item(uow, item_id=item_id, tracking=Tracking.LOT)
            self.lots[item_id] = register_lot(uow, item_id=item_id, code="L").lot_id

    def _lot_lines(self, quantity: Quantity) -> tuple[c.InLine, ...]:
        return tuple(
            c.InLine(item_id=item_id, lot_id=lot_id, quantity=quantity, location_id=b.BIN, unit_cost=PRICE)
            for item_id, lot_id in self.lots.items()
        )

    def post(self, command: c.Command) -> tuple[int, PostingAnswer]:
        """Return how many statements the whole request sent, and its answer."""
        assert self._session is not None
        before = self._session.statement_count
        answer = self.factory.post(command)
        return self._session.statement_count - before, answer

    def reserve(self, items: Sequence[int]) -> tuple[int, ReserveAnswer]:
        """Promise one piece of each item."""
        assert self._session is not None
        lines = [ReserveLine(item_id=item_id, quantity=ONE, location_id=b.WAREHOUSE) for item_id in items]
        before = self._session.statement_count
        answer = self.factory.write(lambda uow: reserve(uow, lines=lines), answer=ReserveAnswer)
        return self._session.statement_count - before, answer


def _in(items: Sequence[int], quantity: Quantity) -> tuple[c.InLine, ...]:
    return tuple(c.InLine(item_id=i, quantity=quantity, location_id=b.BIN, unit_cost=PRICE) for i in items)


def _out(items: Sequence[int]) -> tuple[c.OutLine, ...]:
    return tuple(c.OutLine(item_id=i, quantity=ONE, location_id=b.BIN) for i in items)


def _receive(counter: Counter, n: int) -> int:
    lines = _in(counter.items[:n], ONE)
    return counter.post(c.Receive(effective_on=TODAY, supplier_location_id=b.SUPPLIER, lines=lines))[0]


def _issue(counter: Counter, n: int) -> int:
    lines = _out(counter.items[:n])
    return counter.post(c.Issue(effective_on=TODAY, customer_location_id=b.CUSTOMER, lines=lines))[0]


def _reverse_issue(counter: Counter, n: int) -> int:
    command = c.Issue(effective_on=TODAY, customer_location_id=b.CUSTOMER, lines=_out(counter.items[:n]))
    _, answer = counter.post(command)
    return counter.post(c.Reverse(effective_on=TODAY, posting_id=answer.posting_id))[0]


def _reverse_receipt(counter: Counter, n: int) -> int:
    command = c.Receive(effective_on=TODAY, supplier_location_id=b.SUPPLIER, lines=_in(counter.items[:n], ONE))
    _, answer = counter.post(command)
    return counter.post(c.Reverse(effective_on=TODAY, posting_id=answer.posting_id))[0]


def _return_in(counter: Counter, n: int) -> int:
    command = c.Issue(effective_on=TODAY, customer_location_id=b.CUSTOMER, lines=_out(counter.items[:n]))
    _, answer = counter.post(command)
    lines = tuple(
        c.ReturnInLine(
            item_id=line.item_id, quantity=ONE, location_id=b.BIN, status=Status.INSPECTION,
            origin=c.Origin(posting_id=answer.posting_id, line_no=line.line_no),
        )
        for line in answer.lines
    )  # fmt: skip
    return counter.post(c.ReturnIn(effective_on=TODAY, from_location_id=b.CUSTOMER, lines=lines))[0]


METHODS: dict[str, Callable[[Counter, int], int]] = {
    "receive": _receive,
    "issue": _issue,
    "reverse issue": _reverse_issue,
    "reverse receipt": _reverse_receipt,
    "return in": _return_in,
}
_AVERAGE = {"receive": 11, "issue": 11, "reverse issue": 18, "reverse receipt": 18, "return in": 15}
BASELINE = {
    CostingMethod.MOVING_AVERAGE: _AVERAGE,
    CostingMethod.FIFO: {"receive": 12, "issue": 13, "reverse issue": 20, "reverse receipt": 21, "return in": 16},
    CostingMethod.PERIOD_AVERAGE: _AVERAGE,
    CostingMethod.STANDARD: _AVERAGE,
}


@pytest.mark.parametrize("method", list(CostingMethod))
def test_more_lines_send_no_more_statements(method: CostingMethod, company: Company) -> None:
    counter = Counter(company, method)
    sent = {name: [post(counter, n) for n in SIZES] for name, post in METHODS.items()}
    assert sent == {name: [count] * len(SIZES) for name, count in BASELINE[method].items()}


def _ship(counter: Counter, n: int) -> tuple[int, PostingAnswer]:
    lines = tuple(
        c.ShipLine(item_id=i, quantity=ONE, location_id=b.BIN, to_location_id=b.FAR_BIN) for i in counter.items[:n]
    )
    return counter.post(c.TransferShip(effective_on=TODAY, transit_location_id=b.TRANSIT, lines=lines))


def _sign(counter: Counter, n: int) -> int:
    _, shipped = _ship(counter, n)
    lines = tuple(
        c.SignLine(
            shipped=c.Origin(posting_id=shipped.posting_id, line_no=line.line_no), quantity=ONE, location_id=b.FAR_BIN
        )
        for line in shipped.lines
    )
    return counter.post(c.TransferSign(effective_on=TODAY, lines=lines))[0]


def _put_away(counter: Counter, n: int) -> int:
    lines = tuple(
        c.PutAwayLine(item_id=i, quantity=ONE, location_id=b.BIN, to_location_id=b.OTHER_BIN) for i in counter.items[:n]
    )
    return counter.post(c.PutAway(effective_on=TODAY, lines=lines))[0]


def _consume(counter: Counter, n: int) -> int:
    lines = tuple(
        c.ConsumeLine(item_id=i, lot_id=counter.lots[i], quantity=ONE, location_id=b.BIN) for i in LOT_ITEMS[:n]
    )
    command = c.Consume(effective_on=TODAY, order_id=ORDER + n, production_location_id=b.PRODUCTION, lines=lines)
    return counter.post(command)[0]


def _produce(counter: Counter, n: int) -> int:
    """As many outputs as materials: share them all, n x n genealogy edges."""
    lines = tuple(
        c.ProduceLine(item_id=i, lot_id=counter.lots[i], quantity=ONE, location_id=b.BIN, unit_cost=PRICE)
        for i in LOT_ITEMS[:n]
    )
    command = c.Produce(effective_on=TODAY, order_id=ORDER + n, production_location_id=b.PRODUCTION, lines=lines)
    return counter.post(command)[0]


def _reserve(counter: Counter, n: int) -> int:
    return counter.reserve(counter.items[:n])[0]


def _issue_reserved(counter: Counter, n: int) -> int:
    _, promised = counter.reserve(counter.items[:n])
    lines = tuple(
        c.OutLine(item_id=i, quantity=ONE, location_id=b.BIN, reservation_id=pick.reservation_id)
        for i, pick in zip(counter.items, promised.picks, strict=False)
    )
    return counter.post(c.Issue(effective_on=TODAY, customer_location_id=b.CUSTOMER, lines=lines))[0]


OTHERS: dict[str, Callable[[Counter, int], int]] = {
    "ship": lambda counter, n: _ship(counter, n)[0],
    "sign": _sign,
    "put away": _put_away,
    "consume": _consume,
    "produce": _produce,
    "reserve": _reserve,
    "issue reserved": _issue_reserved,
}
OTHERS_BASELINE = {
    "ship": 12, "sign": 15, "put away": 11, "consume": 18, "produce": 20, "reserve": 8, "issue reserved": 14,
}  # fmt: skip


def test_the_other_commands_send_no_more_either(company: Company) -> None:
    counter = Counter(company, CostingMethod.MOVING_AVERAGE)
    sent = {name: [post(counter, n) for n in SIZES] for name, post in OTHERS.items()}
    assert sent == {name: [count] * len(SIZES) for name, count in OTHERS_BASELINE.items()}


def test_earlier_postings_cost_no_statements(company: Company) -> None:
    counter = Counter(company, CostingMethod.FIFO)
    for _ in range(40):  # more layers than are read at once
        assert _receive(counter, 1) == BASELINE[CostingMethod.FIFO]["receive"]
    assert _issue(counter, 1) == BASELINE[CostingMethod.FIFO]["issue"]
