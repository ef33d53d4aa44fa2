"""Random commands, all of them, against a model that a child could check: the two never differ.

`make test` runs the same few histories each time; with the Hypothesis profile "nightly" (or the environment's
ZHANGSHI_HYPOTHESIS_PROFILE=nightly) a hundred times as many, new ones each time.
"""

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests import builders as b
from tests.companies import CompanyAddress
from tests.property.ledger_machine import BINS, ITEMS, UNITS, LedgerMachine, build_template
from tests.property.naive_costing import Entry
from tests.property.naive_ledger import refuse
from zhangshi.base.clock import instant_to_micros
from zhangshi.base.numbers import Amount, Quantity, UnitCost
from zhangshi.base.periods import Period
from zhangshi.ledger import commands as c
from zhangshi.ledger.kernel.reserving import Strategy
from zhangshi.ledger.model import Status
from zhangshi.ledger.service.period import PeriodAnswer, close_period, lock_through, reopen_period
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, expire_due, release, reserve
from zhangshi.ledger.service.sealing import seal_pending
from zhangshi.ledger.service.snapshots import take_snapshot, thin_snapshots

EXAMPLES, STEPS, NIGHTLY_TIMES = 120, 60, 100
ORDERS = (501, 502)
ONE = 10**6

small = st.integers(0, 99)
back = st.sampled_from((0, 0, 0, 0, 0, 1, 1, 2, 7, -1))
way = st.sampled_from(("plain", "plain", "plain", "dry", "twice", "undo"))
part = st.sampled_from(((1, 1), (1, 2), (1, 3), (2, 5), (3, 2), (1, 7)))
new_line = st.fixed_dictionaries(
    {"item": small, "bin": small, "lot": small, "count": st.integers(1, 40), "unit": small,
     "price": st.integers(0, 900), "priced": st.sampled_from(("cost", "cost", "amount")),
     "status": st.sampled_from((0, 0, 0, 0, 0, 1, 1, 2, 3))}
)  # fmt: skip
new_lines = st.lists(new_line, min_size=1, max_size=3)
held_lines = st.lists(st.fixed_dictionaries({"held": small, "part": part}), min_size=1, max_size=3)


def part_of(quantity: int, parts: tuple[int, int], item: int) -> Quantity:
    """Return a part of a quantity, in steps of the item, at least one."""
    step = int(UNITS[item].step)
    return Quantity(max(step, quantity * parts[0] // parts[1] // step * step))


def _has_postings(machine: Any) -> bool:
    return bool(getattr(machine, "names", None))


def _has_promises(machine: Any) -> bool:
    return hasattr(machine, "model") and bool(machine.model.reservations)


class RandomCommands(LedgerMachine):
    """What people do in a factory, in any order."""

    @rule(lines=new_lines, back=back, way=way)
    def receive(self, lines: Any, back: int, way: str) -> None:
        made = tuple(c.InLine(**self.fresh(line)) for line in lines)
        self.post(c.Receive(effective_on=self.on(back), supplier_location_id=b.SUPPLIER, lines=made), way)

    @rule(lines=held_lines, back=back, way=way, expired=st.booleans())
    def issue(self, lines: Any, back: int, way: str, expired: bool) -> None:
        made = tuple(c.OutLine(**line) for line in self.all_held(lines))
        if made:
            about: dict[str, Any] = {"customer_location_id": b.CUSTOMER, "allow_expired": expired}
            self.post(c.Issue(effective_on=self.on(back), lines=made, **about), way)

    @rule(line=new_line, back=back, way=way)
    def issue_what_has_not_arrived(self, line: Any, back: int, way: str) -> None:
        fresh = self.fresh(line)
        made = c.OutLine(**{k: fresh[k] for k in ("item_id", "lot_id", "quantity")}, location_id=b.NEGATIVE_BIN)
        self.post(c.Issue(effective_on=self.on(back), customer_location_id=b.CUSTOMER, lines=(made,)), way)

    @rule(lines=held_lines, to=small, back=back, way=way)
    def ship(self, lines: Any, to: int, back: int, way: str) -> None:
        made = tuple(c.ShipLine(**line, to_location_id=BINS[to % 5]) for line in self.all_held(lines))
        if made:
            self.post(
                c.TransferShip(effective_on=self.on(back), transit_location_id=b.TRANSIT, lines=made, owner="wu"), way
            )

    @rule(which=small, to=small, parts=part, back=back, way=way)
    def sign(self, which: int, to: int, parts: Any, back: int, way: str) -> None:
        move = self.origin(which, "transfer_ship")
        if move:
            origin = c.Origin(posting_id=move.id[0], line_no=move.id[1])
            line = c.SignLine(
                shipped=origin, quantity=part_of(move.quantity, parts, move.item), location_id=BINS[to % 5]
            )
            self.post(c.TransferSign(effective_on=self.on(back), lines=(line,)), way)

    @rule(lines=held_lines, to=small, back=back, way=way)
    def put_away(self, lines: Any, to: int, back: int, way: str) -> None:
        held = self.all_held(lines, status=True)
        if held:
            made = tuple(c.PutAwayLine(**line, to_location_id=BINS[to % 5]) for line in held)
            self.post(c.PutAway(effective_on=self.on(back), lines=made), way)

    @rule(lines=held_lines, to=small, back=back, way=way)
    def change_status(self, lines: Any, to: int, back: int, way: str) -> None:
        held = self.all_held(lines, any_status=True)
        if held:
            statuses = [(Status(line.pop("found")), list(Status)[to % 4]) for line in held]
            made = tuple(
                c.StatusLine(**x, from_status=f, to_status=t) for x, (f, t) in zip(held, statuses, strict=True)
            )
            self.post(c.ChangeStatus(effective_on=self.on(back), lines=made), way)

    @rule(lines=held_lines, order=small, named=small, back=back, way=way)
    def consume(self, lines: Any, order: int, named: int, back: int, way: str) -> None:
        lots = [(known.item, lot) for lot, known in self.lots.items()]
        output = (
            dict(zip(("output_item_id", "output_lot_id"), lots[named % len(lots)], strict=True))
            if named % 3 == 0
            else {}
        )
        made = tuple(c.ConsumeLine(**line, **output) for line in self.all_held(lines))
        if made:
            about: dict[str, Any] = {"order_id": ORDERS[order % 2], "production_location_id": b.PRODUCTION}
            self.post(c.Consume(effective_on=self.on(back), lines=made, **about), way)

    @rule(lines=new_lines, order=small, which=small, parts=part, back=back, way=way)
    def produce(self, lines: Any, order: int, which: int, parts: Any, back: int, way: str) -> None:
        moves = [m for m in self.model.moves if m.material > 0]
        order, inputs = ORDERS[order % 2], None
        if moves and which % 2:
            used = moves[which % len(moves)]
            order = used.order
            inputs = (c.Input(item_id=used.item, lot_id=used.lot, quantity=part_of(used.quantity, parts, used.item)),)
        made = tuple(c.ProduceLine(**self.fresh(line), inputs=inputs) for line in lines)
        about: dict[str, Any] = {"order_id": order, "production_location_id": b.PRODUCTION}
        self.post(c.Produce(effective_on=self.on(back), lines=made, **about), way)

    @rule(lines=held_lines, back=back, way=way)
    def scrap(self, lines: Any, back: int, way: str) -> None:
        made = tuple(c.StatedLine(**line) for line in self.all_held(lines, status=True))
        if made:
            self.post(c.Scrap(effective_on=self.on(back), scrap_location_id=b.SCRAP, lines=made), way)

    @rule(which=small, parts=part, back=back, way=way)
    def lose_on_the_road(self, which: int, parts: Any, back: int, way: str) -> None:
        move = self.origin(which, "transfer_ship")
        if move:
            line = c.StatedLine(**self.returned(move, parts), location_id=b.TRANSIT)
            self.post(c.Scrap(effective_on=self.on(back), scrap_location_id=b.SCRAP, lines=(line,)), way)

    @rule(line=new_line, back=back, way=way)
    def customer_returns(self, line: Any, back: int, way: str) -> None:
        made = c.ReturnInLine(**self.fresh(line))
        self.post(c.ReturnIn(effective_on=self.on(back), from_location_id=b.CUSTOMER, lines=(made,)), way)

    @rule(which=small, to=small, parts=part, status=small, back=back, way=way)
    def return_issued(self, which: int, to: int, parts: Any, status: int, back: int, way: str) -> None:
        move = self.origin(which, "issue", "consume")
        if move:
            about: dict[str, Any] = {"location_id": BINS[to % 5], "status": list(Status)[status % 4]}
            line = c.ReturnInLine(**self.returned(move, parts), **about)
            command = c.ReturnIn(
                effective_on=self.on(back), from_location_id=move.target[0], lines=(line,), order_id=move.order
            )
            self.post(command, way)

    @rule(line=new_line, order=small, back=back, way=way)
    def return_material(self, line: Any, order: int, back: int, way: str) -> None:
        made = c.ReturnInLine(**self.fresh(line))
        about: dict[str, Any] = {"from_location_id": b.PRODUCTION, "order_id": ORDERS[order % 2]}
        self.post(c.ReturnIn(effective_on=self.on(back), lines=(made,), **about), way)

    @rule(lines=held_lines, back=back, way=way)
    def return_out(self, lines: Any, back: int, way: str) -> None:
        made = tuple(c.StatedLine(**line) for line in self.all_held(lines, status=True))
        if made:
            self.post(c.ReturnOut(effective_on=self.on(back), supplier_location_id=b.SUPPLIER, lines=made), way)

    @rule(which=small, parts=part, back=back, way=way)
    def return_received(self, which: int, parts: Any, back: int, way: str) -> None:
        move = self.origin(which, "receive")
        if move:
            about: dict[str, Any] = {"location_id": move.target[0], "status": Status(move.target[1])}
            line = c.StatedLine(**self.returned(move, parts), **about)
            self.post(c.ReturnOut(effective_on=self.on(back), supplier_location_id=b.SUPPLIER, lines=(line,)), way)

    @rule(lines=held_lines, found=new_lines, priced=st.booleans(), back=back, way=way)
    def adjust(self, lines: Any, found: Any, priced: bool, back: int, way: str) -> None:
        more = tuple(c.AdjustLine(**self.fresh(line if priced else line | {"priced": ""})) for line in found)
        held = self.all_held(lines, status=True)
        less = tuple(c.AdjustLine(**(line | {"quantity": -line["quantity"]})) for line in held)
        self.post(c.Adjust(effective_on=self.on(back), adjustment_location_id=b.ADJUSTMENT, lines=less + more), way)

    @rule(item=small, change=st.integers(-500, 900), parts=part, twice=st.booleans(), back=back, way=way)
    def revalue(self, item: int, change: int, parts: Any, twice: bool, back: int, way: str) -> None:
        item_id = list(ITEMS)[item % len(ITEMS)]
        worth = self.model.worth(item_id)
        lost = -worth.amount * parts[0] // parts[1]
        new: dict[str, Any] = {"amount": Amount(change if change > 0 else lost)}
        if worth.method == "standard":
            new = {"standard_cost": UnitCost(5_000_000 + 1234 * change)}
        line = c.RevalueLine(item_id=item_id, location_id=b.BIN, **new)
        lines = (line, line) if twice else (line,)
        self.post(c.Revalue(effective_on=self.on(back), adjustment_location_id=b.ADJUSTMENT, lines=lines), way)

    @precondition(_has_postings)
    @rule(which=small, back=back, way=way)
    def reverse(self, which: int, back: int, way: str) -> None:
        postings = sorted(self.names)
        self.post(c.Reverse(effective_on=self.on(back), posting_id=postings[-1 - which % min(len(postings), 12)]), way)

    def returned(self, move: Any, parts: tuple[int, int]) -> dict[str, Any]:
        origin = c.Origin(posting_id=move.id[0], line_no=move.id[1])
        quantity = part_of(move.quantity, parts, move.item)
        return {"item_id": move.item, "lot_id": move.lot, "quantity": quantity, "origin": origin}

    # Promises --------------------------------------------------------------------------------------------------------

    @rule(
        line=st.fixed_dictionaries({"held": small, "part": part}),
        under=small,
        fefo=st.booleans(),
        chosen=st.booleans(),
        allow_part=st.booleans(),
        days=st.integers(0, 6),
        way=way,
    )
    def reserve(self, line: Any, under: int, fefo: bool, chosen: bool, allow_part: bool, days: int, way: str) -> None:
        held = self.held(line)
        if held is None:
            return
        roots = {b.WAREHOUSE: set(BINS[:4]), b.ZONE: {b.ZONE_BIN}, held["location_id"]: {held["location_id"]}}
        root = list(roots)[under % len(roots)]
        lot = held["lot_id"] if chosen else 0
        wanted = ReserveLine(item_id=held["item_id"], quantity=held["quantity"], location_id=root, lot_id=lot)
        expires_at = instant_to_micros(self.clock.now() + timedelta(days=days)) if days else 0
        strategy = Strategy.FEFO if fefo else Strategy.FIFO

        def promise(answer: ReserveAnswer | None) -> None:
            picks = self.model.reserve(
                item=held["item_id"], quantity=held["quantity"], places=roots[root], lot=lot, fefo=fefo,
                on=self.today.isoformat(), part=allow_part,
            )  # fmt: skip
            assert answer is not None
            assert [[pick.location_id, pick.lot_id, pick.quantity] for pick in answer.picks] == picks
            for pick in answer.picks:
                self.model.reservations[pick.reservation_id] = Entry(
                    item=held["item_id"], place=pick.location_id, lot=pick.lot_id, open=pick.quantity, ended=False,
                    expires_at=expires_at,
                )  # fmt: skip

        self.ask(
            "reserve",
            lambda uow: reserve(uow, lines=[wanted], strategy=strategy, expires_at=expires_at, allow_part=allow_part),
            ReserveAnswer, promise, way,
        )  # fmt: skip

    @precondition(_has_promises)
    @rule(which=small, parts=part, other=small, back=back, way=way)
    def issue_reserved(self, which: int, parts: Any, other: int, back: int, way: str) -> None:
        ids = sorted(self.model.reservations)
        promised = self.model.reservations[ids[-1 - which % len(ids)]]
        item = promised.item if other % 9 else list(ITEMS)[other % len(ITEMS)]
        quantity = part_of(promised.open, parts, promised.item)
        line = c.OutLine(
            item_id=item,
            quantity=quantity,
            location_id=b.BIN,
            lot_id=promised.lot,
            reservation_id=ids[-1 - which % len(ids)],
        )
        self.post(c.Issue(effective_on=self.on(back), customer_location_id=b.CUSTOMER, lines=(line,)), way)

    @precondition(_has_promises)
    @rule(which=small)
    def release(self, which: int) -> None:
        found = sorted(self.model.reservations)[-1 - which % len(self.model.reservations)]

        def end(_: Any) -> None:
            promised = self.model.reservations[found]
            refuse(["reservation_closed"] * (not promised.open))
            promised.open, promised.ended = 0, True

        self.ask("release", lambda uow: release(uow, reservation_ids=[found]), int, end)

    @precondition(_has_promises)
    @rule()
    def expire(self) -> None:
        def end(count: int) -> None:
            now = instant_to_micros(self.clock.now())
            due = [r for r in self.model.reservations.values() if r.open and 0 < r.expires_at <= now]
            for promised in due:
                promised.open, promised.ended = 0, True
            assert count == len(due)

        self.ask("expire", expire_due, int, end)

    # Time, periods, and the night's work -----------------------------------------------------------------------------

    @rule(days=st.integers(1, 16))
    def days_pass(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))

    @rule(back=st.integers(0, 40))
    def lock(self, back: int) -> None:
        on = self.on(back)

        def note(_: Any) -> None:
            closed = self.model.closed
            refuse(["period_order"] * bool(closed and on < Period.parse(closed[-1]).ends_on))
            self.model.locked = on.isoformat()

        self.ask("lock", lambda uow: lock_through(uow, on=on, reason="stock count"), PeriodAnswer, note)

    @rule(late=st.booleans(), way=way)
    def close(self, late: bool, way: str) -> None:
        last = self.model.closed[-1] if self.model.closed else None
        period = Period.parse(last).next() if last and not late else Period.of(self.today).previous()

        def note(answer: PeriodAnswer | None) -> None:
            wrong = ["period_order"] if last and period != Period.parse(last).next() else []
            refuse(wrong + ["period_not_over"] * (self.today <= period.ends_on))
            assert answer is not None
            since, until = Period.parse(last).ends_on.isoformat() if last else "", period.ends_on.isoformat()
            moves = self.model.settle(since, until)
            self.settlement(answer, moves, "settle_period", until)
            self.model.closed.append(str(period))
            self.model.settlements[str(period)] = moves
            self.model.locked = max(self.model.locked, until)

        self.ask("close", lambda uow: close_period(uow, period=period, reason="month end"), PeriodAnswer, note, way)

    @rule(other=small)
    def reopen(self, other: int) -> None:
        last = self.model.closed[-1] if self.model.closed else str(Period.of(self.today))
        period = Period.parse(last) if other % 5 else Period.parse(last).previous()

        def note(answer: PeriodAnswer | None) -> None:
            refuse(["period_order"] * (not self.model.closed or str(period) != last))
            assert answer is not None
            closed = self.model.closed
            closed.pop()
            moves = [Entry(**{**vars(m), "value": -m.value}) for m in self.model.settlements.pop(last)]
            self.settlement(answer, moves, "unsettle_period", period.ends_on.isoformat())
            self.model.locked = Period.parse(closed[-1]).ends_on.isoformat() if closed else ""

        self.ask("reopen", lambda uow: reopen_period(uow, period=period, reason="a late invoice"), PeriodAnswer, note)

    def settlement(self, answer: PeriodAnswer, moves: Any, name: str, on: str) -> None:
        assert bool(answer.settlement_id) == bool(moves)
        if moves:
            with self.company.read() as session:
                rows = session.core.exec_driver_sql(
                    "SELECT m.item_id, CASE l.kind WHEN 'bin' THEN -m.amount ELSE m.amount END, p.recorded_at"
                    " FROM move m JOIN posting p USING (posting_id) JOIN stock_location l ON l.location_id ="
                    f" m.from_location_id WHERE p.posting_id = {answer.settlement_id} ORDER BY m.line_no"
                ).fetchall()
            assert [tuple(row[:2]) for row in rows] == [(m.item, m.value) for m in moves]
            for move in moves:
                move.posting, move.on, move.at = answer.settlement_id, on, rows[0][2]
                self.model.add(move)
            self.names[answer.settlement_id] = name

    @rule(back=st.integers(0, 20))
    def snapshot(self, back: int) -> None:
        self.factory.write(lambda uow: take_snapshot(uow, day=self.on(back)), answer=bool)

    @rule(keep=st.integers(0, 40))
    def thin(self, keep: int) -> None:
        self.factory.write(lambda uow: thin_snapshots(uow, keep_days=keep), answer=int)

    @rule(limit=st.integers(1, 20))
    def seal(self, limit: int) -> None:
        self.factory.write(lambda uow: seal_pending(uow, limit=limit), answer=int)


DONE = {command.name for command in get_args(c.Command)} | {"reserve", "release", "expire", "lock", "close", "reopen"}
REFUSED = {
    "date_in_future", "exceeds_consumed", "exceeds_origin", "insufficient_stock", "insufficient_to_reserve",
    "lot_expired", "not_reversible", "already_reversed", "nothing_to_revalue", "other_warehouse",
    "period_closed", "period_order", "period_not_over", "reservation_closed", "reserved_for_others", "same_place", "serial_in_stock",
    "used_downstream", "status_not_allowed",
}  # fmt: skip


@pytest.fixture
def template(sqlite_address: CompanyAddress) -> Path:
    """A company with the factory set up, to copy for each history."""
    return Path(sqlite_address.url.removeprefix("sqlite:///"))


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
def test_no_history_makes_ledger_and_model_differ(template: Path, tmp_path: Path) -> None:
    nightly = os.environ.get("ZHANGSHI_HYPOTHESIS_PROFILE") == "nightly" or settings().max_examples > 100
    RandomCommands.template, RandomCommands.folder, RandomCommands.seen = template, tmp_path, Counter()
    RandomCommands.lots = build_template(template)
    chosen = settings(
        max_examples=EXAMPLES * (NIGHTLY_TIMES if nightly else 1),
        stateful_step_count=STEPS,
        derandomize=not nightly,
        deadline=None,
        report_multiple_bugs=False,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(RandomCommands, settings=chosen)
    seen = RandomCommands.seen
    refused = {what.partition(" ledger.")[2] for what in seen}
    assert seen.keys() >= DONE, DONE - seen.keys()  # what was never done was not tested
    assert refused >= REFUSED, REFUSED - refused
    assert min(seen["restored"], seen["dry"], seen["twice"]) > 100
