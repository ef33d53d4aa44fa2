"""Random commands to the ledger and to the naive model of it; whatever one says, the other must say too."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tests import builders as b
from tests.clocks import SettableClock
from tests.companies import SCHEMA, sqlite_address
from tests.property.entries import translate
from tests.property.naive_costing import NEVER
from tests.property.naive_ledger import NaiveLedger, Refused
from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.base.numbers import Amount, Quantity, UnitCost
from zhangshi.base.units import Conversion, ItemUnits
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import CostingMethod, Status, Tracking
from zhangshi.ledger.service import PostingAnswer
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.period import PeriodAnswer
from zhangshi.ledger.service.queries import as_of, balances, on_hand, valuation
from zhangshi.ledger.service.reserve import ReserveAnswer
from zhangshi.platform.unit_of_work import UnitOfWork, open_company

START = datetime(2026, 10, 26, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE = 10**6
PIECES = ItemUnits("pcs", {"box": Conversion(144), "gross": Conversion(1728)}, Quantity(ONE))
METRES = ItemUnits("m", {"pcs": Conversion(1, 3), "kg": Conversion(157, 20)})
UNITS = {101: PIECES, 102: METRES, 103: METRES, 104: PIECES, 105: METRES, 106: PIECES, 107: PIECES, 108: METRES}
LOT, SERIAL, NONE = Tracking.LOT, Tracking.SERIAL, Tracking.NONE
ITEMS = {
    101: (CostingMethod.MOVING_AVERAGE, NONE),
    102: (CostingMethod.FIFO, NONE),
    103: (CostingMethod.PERIOD_AVERAGE, NONE),
    104: (CostingMethod.STANDARD, NONE),
    105: (CostingMethod.MOVING_AVERAGE, LOT),
    106: (CostingMethod.FIFO, LOT),
    107: (CostingMethod.FIFO, SERIAL),
    108: (CostingMethod.PERIOD_AVERAGE, LOT),
}
BINS = (b.BIN, b.OTHER_BIN, b.ZONE_BIN, b.NEGATIVE_BIN, b.FAR_BIN)
ORDERS = (501, 502)
STANDARD_COST = UnitCost(4_987_654)


def build_template(file: Path) -> dict[int, Any]:
    """Set up the factory in an empty, migrated company; return its lots as the model knows them."""
    clock = SettableClock(START - timedelta(days=1))
    address = sqlite_address(file)
    company = open_company(key="test", url=address.url, schema=SCHEMA, clock=clock, ids=CountingIds(1000))
    factory = b.open_factory(company)
    lots: dict[int, Any] = {}
    for item, (method, tracking) in ITEMS.items():
        step = "1" if UNITS[item] is PIECES else "0.000001"
        factory.item(item, method=method, tracking=tracking, step=step, standard="4.987654")
        for number, expires in enumerate(
            (None, date(2026, 11, 20), date(2026, 10, 29)) if tracking is not NONE else ()
        ):
            lot = factory.lot(item, f"L{number}", expires_on=expires)
            known = {
                "item": item,
                "expires": expires.isoformat() if expires else "",
                "since": instant_to_micros(clock.now()),
            }
            lots[lot] = SimpleNamespace(**known)
            clock.advance(timedelta(seconds=1))
    company.close()
    return lots


def naive_ledger(lots: dict[int, Any]) -> NaiveLedger:
    """Return the model of the same factory."""
    roots = {b.FAR_BIN: b.FAR_WAREHOUSE}
    places = {
        p.location_id: SimpleNamespace(kind=str(p.kind), negative=p.allows_negative, root=roots.get(p.location_id, 0))
        for p in b.PLACES
    } | {b.VARIANCE: SimpleNamespace(kind="adjustment", negative=False, root=0)}
    items = {
        item: SimpleNamespace(
            method=str(method), tracking=str(tracking), step=int(UNITS[item].step), standard=int(STANDARD_COST)
        )
        for item, (method, tracking) in ITEMS.items()
    }
    return NaiveLedger(items, places, lots)


def part_of(whole: int, part: tuple[int, int, int], item: int) -> Quantity:
    """Return so much of a quantity in steps of the item, at least one step, and maybe one step more."""
    times, over, more = part
    step = int(UNITS[item].step)
    return Quantity(max(step, whole * times // over // step * step + more * step))


def _without_ids(answer: Any) -> Any:
    if isinstance(answer, PostingAnswer):
        return answer.lines
    if isinstance(answer, ReserveAnswer):
        return [(pick.line, pick.location_id, pick.lot_id, pick.quantity) for pick in answer.picks]
    if isinstance(answer, PeriodAnswer):
        return answer.period, answer.state, answer.locked_through_on, bool(answer.settlement_id)
    return answer


class LedgerMachine(RuleBasedStateMachine):
    """Every rule makes one request to the ledger and the same to the model."""

    template: ClassVar[Path]
    lots: ClassVar[dict[int, Any]]
    folder: ClassVar[Path]
    seen: ClassVar[Counter[str]] = Counter()
    examples: ClassVar[int] = 0

    @initialize()
    def open(self) -> None:
        type(self).examples += 1
        file = self.folder / f"example-{self.examples}.db"
        shutil.copyfile(self.template, file)
        self.file, self.clock = file, SettableClock(START)
        company = open_company(
            key="test", url=sqlite_address(file).url, schema=SCHEMA, clock=self.clock, ids=CountingIds(10**6)
        )
        self.factory, self.company = b.Factory(company, keys=CountingIds(1000)), company
        self.model, self.names = naive_ledger(self.lots), dict[int, str]()
        self.instants: list[int] = []
        self.stock_up()

    def stock_up(self) -> None:
        """Goods of every item in two bins, some on the road and some in work: random commands find something."""
        lines: list[c.InLine] = []
        for number, item in enumerate(ITEMS):
            for lot, place in zip(
                self.lots_of(item)[:2] or (0, 0), (BINS[number % 4], BINS[(number + 1) % 5]), strict=True
            ):
                quantity = Quantity(ONE if ITEMS[item][1] is SERIAL else (number + 2) * 5 * ONE)
                price = UnitCost(3_333_333 + 700_001 * len(lines))
                lines.append(c.InLine(item_id=item, quantity=quantity, location_id=place, lot_id=lot, unit_cost=price))
        self.post(c.Receive(effective_on=self.today, supplier_location_id=b.SUPPLIER, lines=tuple(lines)))
        first = {line.item_id: line for line in reversed(lines)}
        goods: list[dict[str, Any]] = [
            {"item_id": item, "lot_id": x.lot_id, "location_id": x.location_id}
            | {"quantity": part_of(int(x.quantity), (1, 3, 0), item)}
            for item, x in first.items()
        ]
        shipped = tuple(c.ShipLine(**line) for line in goods[:4])
        self.post(c.TransferShip(effective_on=self.today, transit_location_id=b.TRANSIT, lines=shipped))
        taken = tuple(c.ConsumeLine(**line) for line in goods[2:7])
        about: dict[str, Any] = {"order_id": ORDERS[0], "production_location_id": b.PRODUCTION}
        self.post(c.Consume(effective_on=self.today, lines=taken, **about))

    def lots_of(self, item: int) -> list[int]:
        return [lot for lot, known in self.lots.items() if known.item == item]

    # What the machine asks, and how the two answers are compared ---------------------------------------------------

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(SHANGHAI).date()

    def ask(
        self,
        what: str,
        work: Callable[[UnitOfWork], Any],
        answer: type[Any],
        model: Callable[[Any], Any],
        way: str = "plain",
    ) -> Any:
        """Make one request of both; return the ledger's answer, None where both refuse."""
        self.clock.advance(timedelta(minutes=1))  # so that every request has an instant of its own
        dry = self.dry_run(work, answer) if way == "dry" else None
        key, found, code = f"request {self.factory.keys.next_id()}", None, ""
        try:
            found = self.factory.write(work, answer=answer, key=key)
            assert way != "twice" or self.factory.write(work, answer=answer, key=key) == found
        except ZhangshiError as error:
            code = error.code
        try:
            expected, expected_code = model(found), ""
        except Refused as refused:
            expected, expected_code = None, refused.code
        assert code == expected_code, (what, code, expected_code, expected)
        assert dry is None or _without_ids(dry) == _without_ids(found or code), (
            "a dry run answers what the request answers"
        )
        self.seen[f"{what} {code}".strip()] += 1
        self.seen[way] += 1
        return found

    def dry_run(self, work: Callable[[UnitOfWork], Any], answer: type[Any]) -> Any:
        before = self.books()
        try:
            found = self.factory.write(work, answer=answer, dry_run=True)
        except ZhangshiError as error:
            found = error.code
        assert self.books() == before, "a dry run changes nothing"
        return found

    def post(self, command: Any, way: str = "plain") -> PostingAnswer | None:
        before = self.books() if way == "undo" else None
        answer: PostingAnswer | None = self.ask(
            command.name,
            lambda uow: self.factory.ledger.post(uow, command),
            PostingAnswer,
            lambda posted: self.mirror(command, posted),
            way,
        )
        if answer is not None:
            self.instants.append(answer.recorded_at)
            if way == "undo" and command.name not in ("reverse", "revalue"):
                assert self.post(c.Reverse(effective_on=command.effective_on, posting_id=answer.posting_id))
                assert self.books() == before, "a reversal with nothing between restores quantities and values"
                self.seen["restored"] += 1
        return answer

    def mirror(self, command: Any, answer: PostingAnswer | None) -> Any:
        """Let the model post the same; its lines must be the ledger's."""
        entries, wrong = translate(self.model, command, self.names)
        at = answer.recorded_at if answer else 0
        posting, on = answer.posting_id if answer else -1, command.effective_on.isoformat()
        moves = self.model.post(entries, wrong, posting=posting, on=on, at=at, today=self.today.isoformat())
        assert answer is not None, (command, "the ledger refuses what the model accepts")
        if command.name == "reverse":
            self.model.reversed.add(command.posting_id)
        self.names[posting] = command.name
        found = [(x.item_id, x.lot_id, x.quantity, x.amount, x.reason) for x in answer.lines]
        expected = [(m.item, m.lot, m.quantity, abs(m.value) if m.quantity else m.value, m.reason) for m in moves]
        assert found == expected, command
        return moves

    def books(self) -> Any:
        """What the ledger holds now: balances with reservations, values, FIFO layers in sum."""
        with self.company.read() as session:
            held = {(r.item_id, r.location_id, r.lot_id, r.status): (r.quantity, r.reserved) for r in balances(session)}
            layers = session.core.exec_driver_sql(
                "SELECT item_id, SUM(quantity), SUM(amount) FROM cost_layer GROUP BY 1"
            )
            return held, valuation(session), sorted(map(tuple, layers.fetchall()))

    # Invariants ------------------------------------------------------------------------------------------------------

    @invariant()
    def books_are_the_sums_of_the_moves(self) -> None:
        if not hasattr(self, "model"):
            return
        held, values, layers = self.books()
        expected = self.model.balances()
        assert {key: quantity for key, (quantity, _) in held.items()} == expected
        for (item, place, lot, status), (_, reserved) in held.items():
            assert reserved == (self.model.reserved(item, place, lot) if status == "available" else 0)
        assert {item: (quantity, amount) for item, quantity, amount in values} == self.model.values()
        worths = {item: self.model.worth(item) for item, (method, _) in ITEMS.items() if method is CostingMethod.FIFO}
        open_layers = [(item, w.quantity, w.amount) for item, w in worths.items() if w.quantity > 0]
        assert layers == open_layers, "open layers are what is owned, and worth what it is worth"

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        try:
            with self.company.read() as session:
                self.check_as_of(session)
                self.check_orders(session)
                self.check_on_hand(session)
                report = audit(session)
            assert not report.differences, report.differences
            assert report.moves == len(self.model.moves)
        finally:
            self.company.close()
            for file in self.folder.glob(f"{self.file.name}*"):
                file.unlink()

    def check_as_of(self, session: Any) -> None:
        days = {m.on for m in self.model.moves}
        for day in sorted(days | {(date.fromisoformat(d) + timedelta(days=1)).isoformat() for d in days}):
            for at in (None, *self.instants[:: max(1, len(self.instants) // 3)]):
                by = None if at is None else micros_to_instant(at)
                found = as_of(session, day=date.fromisoformat(day), recorded_by=by)
                limit = NEVER if at is None else at
                assert found.balances == self.model.balances(day, limit), (day, at)
                assert found.values == self.model.values(day, limit), (day, at)

    def check_orders(self, session: Any) -> None:
        rows = session.core.exec_driver_sql("SELECT * FROM genealogy_edge WHERE quantity <> 0").fetchall()
        edges = Counter[tuple[int, ...]]()
        for _, (order, item, lot), (out_item, out_lot), quantity in self.model.traces:
            edges[lot, item, out_lot, out_item, order] += quantity
        assert {tuple(row[:5]): row[5] for row in rows} == {key: q for key, q in edges.items() if q}
        for order, item, lot, consumed, attributed in session.core.exec_driver_sql(
            "SELECT * FROM wip_material"
        ).fetchall():
            assert consumed - attributed == self.model.unattributed((order, item, lot), [])

    def check_on_hand(self, session: Any) -> None:
        held = self.model.balances()
        for row in on_hand(session):
            mine = {key: quantity for key, quantity in held.items() if key[0] == row.item_id}
            on_road = sum(q for key, q in mine.items() if key[1] == b.TRANSIT)
            assert (row.quantity, row.in_transit) == (sum(mine.values()) - on_road, on_road)
            free = sum(q for key, q in mine.items() if key[3] == "available" and key[1] != b.TRANSIT)
            assert row.available == free - sum(
                r.open for r in self.model.reservations.values() if r.item == row.item_id
            )

    # What is asked: random choices are made to fit the factory ------------------------------------------------------

    def on(self, back: int) -> date:
        return self.today - timedelta(days=back)

    def fresh(self, line: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Goods from outside: any item, any bin."""
        item = list(ITEMS)[line["item"] % len(ITEMS)]
        units, tracking = UNITS[item], ITEMS[item][1]
        unit = [units.base_unit, *units.conversions][line["unit"] % 3]
        quantity = (
            units.to_base(Quantity(line["count"] * ONE), unit).quantity if tracking is not SERIAL else Quantity(ONE)
        )
        lots = self.lots_of(item) or [0]
        found = {
            "item_id": item, "quantity": quantity, "lot_id": lots[line["lot"] % len(lots)],
            "location_id": BINS[line["bin"] % len(BINS)], "status": list(Status)[line["status"]],
        }  # fmt: skip
        if line["priced"] == "cost":
            found["unit_cost"] = UnitCost(line["price"] * 12_345)
        elif line["priced"] == "amount":
            found["amount"] = Amount(line["price"] * 7)
        return found | more

    def held(self, line: dict[str, Any], *, status: bool = False, any_status: bool = False) -> dict[str, Any] | None:
        """Goods that are on hand somewhere, or a little more than there are."""
        keys = [
            k for k in sorted(self.model.balances()) if k[1] in BINS and (any_status or status or k[3] == "available")
        ]
        if not keys:
            return None
        item, place, lot, found_status = keys[line["held"] % len(keys)]
        quantity = part_of(abs(self.model.balances()[item, place, lot, found_status]), line["part"], item)
        quantity = Quantity(ONE) if ITEMS[item][1] is SERIAL else quantity
        found = {"item_id": item, "location_id": place, "lot_id": lot, "quantity": quantity}
        return found | ({"status": Status(found_status)} if status else {"found": found_status} if any_status else {})

    def all_held(self, lines: list[dict[str, Any]], **options: bool) -> list[dict[str, Any]]:
        return [found for line in lines if (found := self.held(line, **options))]

    def origin(self, which: int, *commands: str) -> Any:
        """A move of an earlier posting of one of these commands."""
        moves = [m for m in self.model.moves if self.names[m.id[0]] in commands and m.quantity]
        return moves[-1 - which % min(len(moves), 8)] if moves else None
