"""Processes that want the same goods at the same moment: each is let in by a gate, works, and reports."""

import fcntl
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tests import builders as b
from tests.companies import CompanyAddress
from tests.simulation.nursery import Reporter, Task
from tests.simulation.wishes import ON, SCREW, opened
from zhangshi.base.errors import ZhangshiError
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import CostingMethod
from zhangshi.ledger.service import PostingAnswer, StockLedger
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, reserve
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

MANY_ITEMS = tuple(range(201, 221))
METHODS = tuple(CostingMethod)
_Ask = tuple[Callable[[UnitOfWork, StockLedger], object], type[Any]]


def _work(reporter: Reporter, address: tuple[str, str], gate: str, name: int | str, asks: Iterable[_Ask]) -> None:
    """Ask one after the other; report how often each outcome came (an error's code, or "done"), from when to when."""
    company, ledger = opened(CompanyAddress(*address)), StockLedger()
    reporter.say("ready")
    _pass(gate)
    began = time.monotonic()
    outcomes = Counter(_outcome(company, ledger, f"{name}/{number}", ask) for number, ask in enumerate(asks, 1))
    ended = time.monotonic()
    company.close()
    reporter.say("ended", outcomes=outcomes, began=began, ended=ended)


def _pass(gate: str) -> None:
    """Wait until the test lets go of the gate."""
    file = os.open(gate, os.O_RDONLY)
    fcntl.flock(file, fcntl.LOCK_SH)
    os.close(file)


def _outcome(company: Company, ledger: StockLedger, key: str, ask: _Ask) -> str:
    work, answer_type = ask
    try:
        company.write(Request("li", key, key), lambda uow: work(uow, ledger), answer_type=answer_type)
    except ZhangshiError as error:
        return error.code
    return "done"


def _posting(command: c.Command) -> _Ask:
    return lambda uow, ledger: ledger.post(uow, command), PostingAnswer


def issue_one_by_one(reporter: Reporter, *, address: tuple[str, str], gate: str, name: int, times: int) -> None:
    """Take one screw at a time."""
    command = b.issue(on=ON, item=SCREW, quantity_text=1)
    _work(reporter, address, gate, name, (_posting(command) for _ in range(times)))


def issue_the_last_of_each(reporter: Reporter, *, address: tuple[str, str], gate: str, name: int, times: int) -> None:
    """Take the only unit of one item after the other, under the keys that all others use too."""
    del name
    commands = [b.issue(on=ON, item=item_id, quantity_text=1) for item_id in MANY_ITEMS[:times]]
    _work(reporter, address, gate, "the same", map(_posting, commands))


def reserve_one_by_one(reporter: Reporter, *, address: tuple[str, str], gate: str, name: int, times: int) -> None:
    """Have one screw at a time promised."""
    lines = [ReserveLine(item_id=SCREW, quantity=b.quantity(1), location_id=b.WAREHOUSE)]
    ask: _Ask = (lambda uow, _ledger: reserve(uow, lines=lines), ReserveAnswer)
    _work(reporter, address, gate, name, (ask for _ in range(times)))


def carry(reporter: Reporter, *, address: tuple[str, str], gate: str, name: int, times: int) -> None:
    """Carry three kinds of goods, in any order of lines; the even ones from bin to bin, the odd ones back."""
    chance = random.Random(name)
    at, to = (b.BIN, b.OTHER_BIN) if name % 2 == 0 else (b.OTHER_BIN, b.BIN)

    def command() -> c.PutAway:
        items = chance.sample(MANY_ITEMS[:3], k=3)
        return c.PutAway(
            effective_on=ON,
            lines=tuple(
                c.PutAwayLine(item_id=item_id, quantity=b.quantity(1), location_id=at, to_location_id=to)
                for item_id in items
            ),
        )

    _work(reporter, address, gate, name, (_posting(command()) for _ in range(times)))


def trade(reporter: Reporter, *, address: tuple[str, str], gate: str, name: int, times: int) -> None:
    """Receive and issue half of the items at a time, in any order of lines."""
    chance = random.Random(name)

    def command() -> c.Receive | c.Issue:
        goods: list[dict[str, Any]] = [
            {"item_id": item_id, "quantity": b.quantity(chance.randint(1, 3)), "location_id": b.BIN}
            for item_id in chance.sample(MANY_ITEMS, k=len(MANY_ITEMS) // 2)
        ]
        if chance.random() < 0.5:
            received = tuple(c.InLine(**line, unit_cost=b.cost(chance.randint(1, 9))) for line in goods)
            return c.Receive(effective_on=ON, supplier_location_id=b.SUPPLIER, lines=received)
        issued = tuple(c.OutLine(**line) for line in goods)
        return c.Issue(effective_on=ON, customer_location_id=b.CUSTOMER, lines=issued)

    _work(reporter, address, gate, name, (_posting(command()) for _ in range(times)))


TASKS: dict[str, Task] = {
    "issue": issue_one_by_one,
    "issue the same": issue_the_last_of_each,
    "reserve": reserve_one_by_one,
    "carry": carry,
    "trade": trade,
}
