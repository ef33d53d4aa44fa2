"""What the office does: promises, periods, and the work of the night."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests import builders as b
from tests.property.goods_rules import back, held_lines, part, small, way
from tests.property.ledger_machine import BINS, ITEMS, LedgerMachine, part_of
from tests.property.naive_costing import Entry
from tests.property.naive_ledger import refuse
from zhangshi.base.clock import instant_to_micros
from zhangshi.base.periods import Period
from zhangshi.ledger import commands as c
from zhangshi.ledger.kernel.reserving import Strategy
from zhangshi.ledger.service.period import PeriodAnswer, close_period, lock_through, reopen_period
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, expire_due, release, reserve
from zhangshi.ledger.service.sealing import seal_pending
from zhangshi.ledger.service.snapshots import take_snapshot, thin_snapshots

BELOW = {b.WAREHOUSE: set(BINS[:4]), b.ZONE: {b.ZONE_BIN}, b.FAR_WAREHOUSE: {b.FAR_BIN}}


def _has_promises(machine: Any) -> bool:
    return hasattr(machine, "model") and bool(machine.model.reservations)


class OfficeRules(LedgerMachine):
    """Planner, accountant, and the schedule."""

    # Promises --------------------------------------------------------------------------------------------------------

    @rule(
        lines=held_lines,
        under=small,
        fefo=st.booleans(),
        chosen=st.booleans(),
        allow_part=st.booleans(),
        days=st.integers(0, 6),
        way=way,
    )
    def reserve(self, lines: Any, under: int, fefo: bool, chosen: bool, allow_part: bool, days: int, way: str) -> None:
        wanted = [
            ReserveLine(
                item_id=held["item_id"],
                quantity=held["quantity"],
                location_id=(b.WAREHOUSE, b.ZONE, b.FAR_WAREHOUSE, held["location_id"])[under % 4],
                lot_id=held["lot_id"] if chosen else 0,
            )
            for held in self.all_held(lines)
        ]
        expires_at = instant_to_micros(self.clock.now() + timedelta(days=days)) if days else 0
        strategy = Strategy.FEFO if fefo else Strategy.FIFO

        def promise(answer: ReserveAnswer | None) -> None:
            promised = self.promise(wanted, fefo=fefo, part=allow_part, expires_at=expires_at)
            assert answer is not None
            found = [[pick.line, pick.location_id, pick.lot_id, pick.quantity] for pick in answer.picks]
            assert found == [[p.line, p.place, p.lot, p.open] for p in promised]
            self.model.reservations |= {pick.reservation_id: p for pick, p in zip(answer.picks, promised, strict=True)}

        if wanted:
            about: dict[str, Any] = {"strategy": strategy, "expires_at": expires_at, "allow_part": allow_part}
            self.ask("reserve", lambda uow: reserve(uow, lines=wanted, **about), ReserveAnswer, promise, way)

    def promise(self, wanted: list[ReserveLine], *, fefo: bool, part: bool, expires_at: int) -> list[Entry]:
        """Let the model choose, line by line; each line finds what those before it left."""
        before, promised = dict(self.model.reservations), list[Entry]()
        try:
            for number, line in enumerate(wanted, 1):
                root = line.location_id
                for place, lot, quantity in self.model.reserve(
                    item=line.item_id, quantity=int(line.quantity), places=BELOW.get(root, {root}), lot=line.lot_id,
                    fefo=fefo, on=self.today.isoformat(), part=part,
                ):  # fmt: skip
                    about = {"item": line.item_id, "place": place, "lot": lot, "open": quantity, "line": number}
                    promised.append(Entry(**about, ended=False, expires_at=expires_at))
                    self.model.reservations[-len(promised)] = promised[-1]
        finally:
            self.model.reservations = before
        return promised

    @precondition(_has_promises)
    @rule(which=small, parts=part | st.just((1, 1, 1)), other=small, back=back, way=way)
    def issue_reserved(self, which: int, parts: Any, other: int, back: int, way: str) -> None:
        ids = sorted(self.model.reservations)
        ids = [i for i in ids if self.model.reservations[i].open] or ids if other % 4 else ids
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
                    "SELECT m.item_id, CASE WHEN l.kind IN ('bin', 'transit') THEN -m.amount ELSE m.amount END,"
                    " p.recorded_at"
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
