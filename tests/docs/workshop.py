"""A workshop with a real ledger, for the worked numbers of docs/algorithms: short words in, moves as text out.

`Workshop(bolt="fifo", oil="period_average", heat="moving_average lot")` opens a company in a temporary SQLite file
with these items (costing method, then `lot` or `serial`, then a standard cost). It stands on Monday 2026-11-02.
Every method posts one command through the product's own service and prints the posting's number and moves:

    #1 receive  bolt 10  50.00  supplier -> bin

or, where the ledger refuses, the code and its facts, with the page's names in place of ids. A value move shows
quantity 0 and its reason. Places: supplier,
customer, floor (production), count (adjustment), scrap, road (transit), variance, warehouse, bin, other_bin,
loose_bin (may go below zero), far_bin (another warehouse).
"""

import shutil
import sys
import tempfile
import weakref
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests import builders as b
from tests.clocks import SettableClock
from tests.companies import make_sqlite_template, sqlite_address
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.base.numbers import Amount, Quantity, amount_text, quantity_text, unit_cost_from_text
from zhangshi.base.periods import Period
from zhangshi.ledger import commands as c
from zhangshi.ledger.kernel.reserving import Strategy
from zhangshi.ledger.model import CostingMethod, Status, Tracking
from zhangshi.ledger.service import PostingAnswer
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.genealogy import TraceEdge, trace_back, trace_forward
from zhangshi.ledger.service.period import PeriodAnswer, close_period, lock_through, reopen_period
from zhangshi.ledger.service.queries import as_of, balances, valuation
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, expire_due, release, reserve
from zhangshi.ledger.service.setup import register_item
from zhangshi.platform.unit_of_work import UnitOfWork, open_company, transaction

PLACES = {
    "supplier": b.SUPPLIER, "customer": b.CUSTOMER, "floor": b.PRODUCTION, "count": b.ADJUSTMENT, "scrap": b.SCRAP,
    "road": b.TRANSIT, "variance": b.VARIANCE, "warehouse": b.WAREHOUSE, "bin": b.BIN, "other_bin": b.OTHER_BIN,
    "loose_bin": b.NEGATIVE_BIN, "far_bin": b.FAR_BIN,
}  # fmt: skip
_PLACE_NAMES = {location_id: name for name, location_id in PLACES.items()}
_MOVES = (
    "SELECT item_id, lot_id, quantity, amount, from_location_id, from_status, to_location_id, to_status, reason"
    " FROM move WHERE posting_id = {} ORDER BY line_no"
)
_PLAIN_STATUSES = {Status.AVAILABLE, Status.OUTSIDE}


class Workshop:
    """One company and its numbered postings."""

    def __init__(self, **items: str) -> None:
        folder = Path(tempfile.mkdtemp(prefix="zhangshi-worked-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        address = sqlite_address(make_sqlite_template(folder))
        self.clock = SettableClock()
        self.company = open_company(
            key="worked", url=address.url, schema=address.schema, clock=self.clock, ids=CountingIds()
        )
        weakref.finalize(self, self.company.close)
        self.factory = b.open_factory(self.company)
        self.items = {name: 100 + number for number, name in enumerate(items)}
        self.lots: dict[str, int] = {"": 0}
        self.postings: list[PostingAnswer] = []
        self.reservations: list[int] = []
        for name, words in items.items():
            self._register(name, *words.split())

    def _register(self, name: str, method: str, *more: str) -> None:
        tracking = next((Tracking(word) for word in more if word in ("lot", "serial")), Tracking.NONE)
        standard = next((word for word in more if word[0].isdigit()), "0")
        self.factory.write(
            lambda uow: register_item(
                uow, item_id=self.items[name], method=CostingMethod(method), tracking=tracking,
                standard_cost=unit_cost_from_text(standard),
            )
        )  # fmt: skip

    @property
    def today(self) -> date:
        """The business date."""
        return (self.clock.now() + timedelta(hours=8)).date()

    def day(self, text: str) -> None:
        """Let it be 08:00 in the factory on that day."""
        self.clock.set(datetime.fromisoformat(f"{text}T08:00:00+08:00"))

    def lot(self, item: str, code: str, *, expires: str = "") -> None:
        """Register a lot; its code is its name from now on."""
        expires_on = date.fromisoformat(expires) if expires else None
        self.lots[code] = self.factory.lot(self.items[item], code, expires_on=expires_on)

    # The commands. `on` is the business date (today), `at` a place, `cost` a unit cost, `total` an amount.

    def receive(self, item: str, quantity: object, *, status: str = "available", on: str = "", **more: Any) -> None:
        line = c.InLine(**self._in(item, quantity, **more), status=Status(status))
        self._post(c.Receive(effective_on=self._on(on), supplier_location_id=b.SUPPLIER, lines=(line,)))

    def issue(self, item: str, quantity: object, *, on: str = "", reservation: int = 0, **more: Any) -> None:
        line = c.OutLine(**self._line(item, quantity, **more), reservation_id=reservation)
        self._post(c.Issue(effective_on=self._on(on), customer_location_id=b.CUSTOMER, lines=(line,)))

    def consume(self, order: int, *materials: tuple[Any, ...]) -> None:
        """Each material: (item, quantity) or (item, quantity, lot)."""
        lines = tuple(c.ConsumeLine(**self._line(m[0], m[1], lot=m[2] if m[2:] else "")) for m in materials)
        self._post(c.Consume(effective_on=self.today, order_id=order, production_location_id=b.PRODUCTION, lines=lines))

    def produce(
        self, order: int, *outputs: tuple[Any, ...], inputs: list[tuple[str, str, object]] | None = None
    ) -> None:
        """Each output: (item, quantity, unit cost) or (…, lot); each input: (item, lot, quantity)."""
        named = inputs and tuple(
            c.Input(item_id=self.items[i], lot_id=self.lots[lot], quantity=b.quantity(str(q))) for i, lot, q in inputs
        )
        lines = tuple(
            c.ProduceLine(**self._in(o[0], o[1], cost=o[2], lot=o[3] if o[3:] else ""), inputs=named or None)
            for o in outputs
        )
        self._post(c.Produce(effective_on=self.today, order_id=order, production_location_id=b.PRODUCTION, lines=lines))

    def return_in(
        self, item: str, quantity: object, *, of: int = 0, source: str = "customer", order: int = 0, **more: Any
    ) -> None:
        status = Status.INSPECTION if source == "customer" else Status.AVAILABLE
        line = c.ReturnInLine(**self._in(item, quantity, **more), status=status, origin=self._origin(of))
        self._post(c.ReturnIn(effective_on=self.today, from_location_id=PLACES[source], lines=(line,), order_id=order))

    def return_out(self, item: str, quantity: object, *, of: int = 0, **more: Any) -> None:
        line = c.StatedLine(**self._line(item, quantity, **more), origin=self._origin(of))
        self._post(c.ReturnOut(effective_on=self.today, supplier_location_id=b.SUPPLIER, lines=(line,)))

    def ship(self, item: str, quantity: object, **more: Any) -> None:
        line = c.ShipLine(**self._line(item, quantity, **more), to_location_id=b.FAR_BIN)
        self._post(
            c.TransferShip(effective_on=self.today, transit_location_id=b.TRANSIT, lines=(line,), owner="driver")
        )

    def sign(self, of: int, quantity: object) -> None:
        shipped = self._origin(of)
        assert shipped is not None
        line = c.SignLine(shipped=shipped, quantity=b.quantity(str(quantity)), location_id=b.FAR_BIN)
        self._post(c.TransferSign(effective_on=self.today, lines=(line,)))

    def scrap(self, item: str, quantity: object, *, of: int = 0, **more: Any) -> None:
        line = c.StatedLine(**self._line(item, quantity, **more), origin=self._origin(of))
        self._post(c.Scrap(effective_on=self.today, scrap_location_id=b.SCRAP, lines=(line,)))

    def adjust(self, item: str, quantity: object, **more: Any) -> None:
        line = c.AdjustLine(**self._in(item, quantity, **more))
        self._post(c.Adjust(effective_on=self.today, adjustment_location_id=b.ADJUSTMENT, lines=(line,)))

    def revalue(self, item: str, *, total: object = None, standard: object = None) -> None:
        line = c.RevalueLine(
            item_id=self.items[item], location_id=b.BIN, amount=_money(total), standard_cost=b.cost(_text(standard))
        )
        self._post(c.Revalue(effective_on=self.today, adjustment_location_id=b.ADJUSTMENT, lines=(line,)))

    def reverse(self, number: int) -> None:
        self._post(c.Reverse(effective_on=self.today, posting_id=self.postings[number - 1].posting_id))

    # Reservations and periods.

    def reserve(
        self, item: str, quantity: object, *, fifo: bool = False, part: bool = False, expires: str = ""
    ) -> None:
        """Promise goods somewhere in the warehouse; prints the picks with the numbers of their reservations."""
        line = ReserveLine(item_id=self.items[item], quantity=b.quantity(str(quantity)), location_id=b.WAREHOUSE)
        expires_at = int(datetime.fromisoformat(expires).timestamp()) * 1_000_000 if expires else 0
        strategy = Strategy.FIFO if fifo else Strategy.FEFO

        def work(uow: UnitOfWork) -> ReserveAnswer:
            return reserve(uow, lines=[line], strategy=strategy, allow_part=part, expires_at=expires_at)

        answer = self._try(lambda: self.factory.write(work, answer=ReserveAnswer))
        self.reservations = [pick.reservation_id for pick in answer.picks] if answer else []
        for pick in answer.picks if answer else ():
            _say(_PLACE_NAMES[pick.location_id], self._lot_name(pick.lot_id), quantity_text(Quantity(pick.quantity)))

    def release(self, reservation_id: int) -> None:
        self._try(lambda: self.factory.write(lambda uow: release(uow, reservation_ids=[reservation_id]), answer=int))

    def expire(self) -> int:
        return self.factory.write(expire_due, answer=int)

    def lock(self, text: str) -> None:
        on = date.fromisoformat(text)
        self._period(lambda uow: lock_through(uow, on=on, reason="count"))

    def close(self, month: str) -> None:
        self._period(lambda uow: close_period(uow, period=Period.parse(month), reason="month end"))

    def reopen(self, month: str) -> None:
        self._period(lambda uow: reopen_period(uow, period=Period.parse(month), reason="late invoice"))

    def _period(self, work: Callable[[UnitOfWork], PeriodAnswer]) -> None:
        answer = self._try(lambda: self.factory.write(work, answer=PeriodAnswer))
        if answer:
            _say(answer.period, answer.state, "locked through", answer.locked_through_on or "nothing")
            if answer.settlement_id:
                self._print_moves(answer.settlement_id)

    # Questions.

    def worth(self, item: str, on: str = "") -> str:
        """Quantity and value now, or at the end of a day."""
        with self.company.read() as session:
            if on:
                found = as_of(session, day=date.fromisoformat(on)).values.get(self.items[item], (0, 0))
            else:
                found = next((row[1:] for row in valuation(session) if row[0] == self.items[item]), (0, 0))
        return f"{quantity_text(Quantity(found[0]))} worth {amount_text(Amount(found[1]))}"

    def where(self, item: str) -> None:
        """Print the balances: place, lot, status, quantity, reserved."""
        with self.company.read() as session:
            for row in balances(session, item_id=self.items[item]):
                held, reserved = quantity_text(Quantity(row.quantity)), quantity_text(Quantity(row.reserved))
                _say(_PLACE_NAMES[row.location_id], self._lot_name(row.lot_id), row.status, held, "reserved", reserved)

    def layers(self, item: str) -> list[str]:
        """The open FIFO layers, oldest first: quantity @ amount."""
        rows = self._ask(
            f"SELECT quantity, amount FROM cost_layer WHERE item_id = {self.items[item]} ORDER BY layer_key"
        )
        return [f"{quantity_text(q)} @ {amount_text(a)}" for q, a in rows]

    def trace(self, lot: str, *, back: bool = False) -> None:
        """Print where a lot went, or with `back` what is in it."""
        with self.company.read() as session:
            edges: list[TraceEdge] = (trace_back if back else trace_forward)(session, lot_id=self.lots[lot])
        for edge in edges:
            _say(
                f"level {edge.level} order {edge.order_id}:", self._lot_name(edge.in_lot_id), "->",
                self._lot_name(edge.out_lot_id), quantity_text(Quantity(edge.quantity)),
                "carried", quantity_text(Quantity(edge.carried)),
            )  # fmt: skip

    def audit(self) -> str:
        """Say whether the books are clean."""
        with self.company.read() as session:
            found = audit(session).differences
        return "clean" if not found else str(found)

    def differences(self) -> list[str]:
        """What the audit names: code, posting, expected and found."""
        with self.company.read() as session:
            found = audit(session).differences
        return [
            f"{d.code} of {self._said('posting', d.posting_id)}: {d.expected} expected, {d.found} found" for d in found
        ]

    def tamper(self, statement: str) -> None:
        """Change a row behind the ledger's back."""
        with transaction(self.company.database) as session:
            session.core.exec_driver_sql(statement)

    def _on(self, on: str) -> date:
        return date.fromisoformat(on) if on else self.today

    def _line(self, item: str, quantity: object, *, at: str = "bin", lot: str = "") -> dict[str, Any]:
        return {
            "item_id": self.items[item], "quantity": b.quantity(str(quantity)), "location_id": PLACES[at],
            "lot_id": self.lots[lot],
        }  # fmt: skip

    def _in(
        self, item: str, quantity: object, *, cost: object = None, total: object = None, **more: Any
    ) -> dict[str, Any]:
        return {**self._line(item, quantity, **more), "unit_cost": b.cost(_text(cost)), "amount": _money(total)}

    def _origin(self, number: int) -> c.Origin | None:
        return c.Origin(posting_id=self.postings[number - 1].posting_id, line_no=1) if number else None

    def _post(self, command: c.Command) -> None:
        answer = self._try(lambda: self.factory.post(command))
        if answer is not None:
            self.postings.append(answer)
            self._print_moves(answer.posting_id, f"#{len(self.postings)} {answer.command}")

    def _try(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except ZhangshiError as error:
            _say("refused:", error.code, *[f"{name}={self._said(name, value)}" for name, value in error.facts.items()])
            return None

    def _said(self, name: str, value: object) -> object:
        """A fact with the page's own names in place of ids."""
        if name == "posting":
            ids = [posting.posting_id for posting in self.postings]
            return f"#{ids.index(value) + 1}" if value in ids else value
        known: dict[str, Mapping[Any, str]] = {
            "item": {item_id: item for item, item_id in self.items.items()},
            "lot": {lot_id: code or "-" for code, lot_id in self.lots.items()},
            "location": _PLACE_NAMES,
            "reservation": dict.fromkeys(self.reservations, "mine"),
        }
        return known.get(name.removeprefix("reserved_").removeprefix("to_"), {}).get(value, value)

    def _print_moves(self, posting_id: int, title: str = "") -> None:
        for item_id, lot_id, quantity, amount, source, before, target, after, reason in self._ask(
            _MOVES.format(posting_id)
        ):
            name = next(name for name, known in self.items.items() if known == item_id)
            words = [
                title,
                name,
                self._lot_name(lot_id) if lot_id else "",
                quantity_text(quantity),
                amount_text(amount),
            ]
            words += [_place(source, before), "->", _place(target, after), reason]
            _say(*[word for word in words if word])

    def _lot_name(self, lot_id: int) -> str:
        return next(code for code, known in self.lots.items() if known == lot_id) or "-"

    def _ask(self, question: str) -> list[Any]:
        with self.company.read() as session:
            return list(session.core.exec_driver_sql(question).fetchall())


def _say(*words: object) -> None:
    """Write a line where doctest looks."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def _place(location_id: int, status: str) -> str:
    name = _PLACE_NAMES[location_id]
    return name if Status(status) in _PLAIN_STATUSES else f"{name}/{status}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _money(value: object) -> Amount | None:
    return b.amount(_text(value))
