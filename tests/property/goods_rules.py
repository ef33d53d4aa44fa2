"""What people do with goods, in any order: every command of the ledger."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests import builders as b
from tests.property.ledger_machine import BINS, ITEMS, ORDERS, LedgerMachine, part_of
from zhangshi.base.numbers import Amount, Quantity, UnitCost
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import Status

ONE = 10**6

small = st.integers(0, 99)
back = st.sampled_from((0, 0, 0, 0, 0, 1, 1, 2, 7, -1))
way = st.sampled_from(("plain", "plain", "plain", "dry", "twice", "undo"))
part = st.sampled_from(((1, 1, 0), (1, 1, 1), (1, 2, 0), (1, 2, 0), (1, 3, 0), (2, 5, 0), (3, 2, 0), (1, 997, 1)))
parts_of_one = st.one_of(st.tuples(part), st.tuples(part), st.tuples(part, part))
new_line = st.fixed_dictionaries(
    {"item": small, "bin": small, "lot": small, "count": st.integers(1, 40), "unit": small,
     "price": st.integers(0, 900), "priced": st.sampled_from(("cost", "cost", "amount")),
     "status": st.sampled_from((0, 0, 0, 0, 0, 1, 1, 2, 3))}
)  # fmt: skip
new_lines = st.lists(new_line, min_size=1, max_size=3)
held_lines = st.lists(st.fixed_dictionaries({"held": small, "part": part}), min_size=1, max_size=3)


def _has_postings(machine: Any) -> bool:
    return bool(getattr(machine, "names", None))


class GoodsRules(LedgerMachine):
    """Storekeepers and team leaders."""

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

    @rule(which=small, back=back, way=way)
    def sell_out(self, which: int, back: int, way: str) -> None:
        item_id = [*ITEMS, 108, 108, 103][which % 11]  # a month that ends with nothing is a case of its own
        keys = [(place, lot, q) for (i, place, lot, status), q in self.model.balances().items() if q > 0
                and i == item_id and place in BINS and status == "available"]  # fmt: skip
        made = tuple(c.OutLine(item_id=item_id, location_id=p, lot_id=lot, quantity=Quantity(q)) for p, lot, q in keys)
        if made:
            about: dict[str, Any] = {"customer_location_id": b.CUSTOMER, "allow_expired": True}
            self.post(c.Issue(effective_on=self.on(back), lines=made, **about), way)

    @rule(line=new_line, more=st.sampled_from(((1, 1, 1), (3, 2, 0), (2, 1, 7))), back=back, way=way)
    def issue_what_has_not_arrived(self, line: Any, more: Any, back: int, way: str) -> None:
        fresh = self.fresh(line)
        item = fresh["item_id"]
        quantity = part_of(max(0, self.model.worth(item).quantity), more, item)
        made = c.OutLine(item_id=item, lot_id=fresh["lot_id"], quantity=quantity, location_id=b.NEGATIVE_BIN)
        self.post(c.Issue(effective_on=self.on(back), customer_location_id=b.CUSTOMER, lines=(made,)), way)

    @rule(line=new_line, more=st.sampled_from(((1, 1, 0), (1, 2, 0), (3, 2, 0), (3, 1, 0))), back=back, way=way)
    def receive_what_is_missing(self, line: Any, more: Any, back: int, way: str) -> None:
        missing = [item for item in ITEMS if self.model.worth(item).quantity < 0]
        if missing:
            item = missing[line["item"] % len(missing)]
            about = {"item_id": item, "lot_id": (self.lots_of(item) or [0])[0], "location_id": b.NEGATIVE_BIN}
            quantity = part_of(-self.model.worth(item).quantity, more, item)
            made = c.InLine(**(self.fresh(line) | about | {"quantity": quantity}))
            self.post(c.Receive(effective_on=self.on(back), supplier_location_id=b.SUPPLIER, lines=(made,)), way)

    @rule(lines=held_lines, to=small, back=back, way=way)
    def ship(self, lines: Any, to: int, back: int, way: str) -> None:
        made = tuple(c.ShipLine(**line, to_location_id=BINS[to % 5]) for line in self.all_held(lines))
        if made:
            self.post(
                c.TransferShip(effective_on=self.on(back), transit_location_id=b.TRANSIT, lines=made, owner="wu"), way
            )

    @rule(which=small, to=small, parts=parts_of_one, back=back, way=way)
    def sign(self, which: int, to: int, parts: Any, back: int, way: str) -> None:
        move = self.origin(which, "transfer_ship")
        if move:
            shares = [(x["origin"], x["quantity"]) for x in self.returned(move, parts)]
            lines = tuple(c.SignLine(shipped=o, quantity=q, location_id=BINS[to % 5]) for o, q in shares)
            self.post(c.TransferSign(effective_on=self.on(back), lines=lines), way)

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
            order, left = used.order, self.model.unattributed((used.order, used.item, used.lot), [])
            inputs = (c.Input(item_id=used.item, lot_id=used.lot, quantity=part_of(left, parts, used.item)),)
        made = tuple(c.ProduceLine(**self.fresh(line), inputs=inputs) for line in lines)
        about: dict[str, Any] = {"order_id": order, "production_location_id": b.PRODUCTION}
        self.post(c.Produce(effective_on=self.on(back), lines=made, **about), way)

    @rule(lines=held_lines, back=back, way=way)
    def scrap(self, lines: Any, back: int, way: str) -> None:
        made = tuple(c.StatedLine(**line) for line in self.all_held(lines, status=True))
        if made:
            self.post(c.Scrap(effective_on=self.on(back), scrap_location_id=b.SCRAP, lines=made), way)

    @rule(which=small, parts=parts_of_one, back=back, way=way)
    def lose_on_the_road(self, which: int, parts: Any, back: int, way: str) -> None:
        move = self.origin(which, "transfer_ship")
        if move:
            lines = tuple(c.StatedLine(**x, location_id=b.TRANSIT) for x in self.returned(move, parts))
            self.post(c.Scrap(effective_on=self.on(back), scrap_location_id=b.SCRAP, lines=lines), way)

    @rule(line=new_line, back=back, way=way)
    def customer_returns(self, line: Any, back: int, way: str) -> None:
        made = c.ReturnInLine(**self.fresh(line))
        self.post(c.ReturnIn(effective_on=self.on(back), from_location_id=b.CUSTOMER, lines=(made,)), way)

    @rule(which=small, to=small, parts=parts_of_one, status=small, back=back, way=way)
    def return_issued(self, which: int, to: int, parts: Any, status: int, back: int, way: str) -> None:
        move = self.origin(which, "issue", "consume")
        if move:
            about: dict[str, Any] = {"location_id": BINS[to % 5], "status": list(Status)[status % 4]}
            lines = tuple(c.ReturnInLine(**x, **about) for x in self.returned(move, parts))
            command = c.ReturnIn(
                effective_on=self.on(back), from_location_id=move.target[0], lines=lines, order_id=move.order
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

    @rule(which=small, parts=parts_of_one, back=back, way=way)
    def return_received(self, which: int, parts: Any, back: int, way: str) -> None:
        move = self.origin(which, "receive")
        if move:
            about: dict[str, Any] = {"location_id": move.target[0], "status": Status(move.target[1])}
            lines = tuple(c.StatedLine(**x, **about) for x in self.returned(move, parts))
            self.post(c.ReturnOut(effective_on=self.on(back), supplier_location_id=b.SUPPLIER, lines=lines), way)

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
    @rule(which=small, stood_on=st.booleans(), back=back, way=way)
    def reverse(self, which: int, stood_on: bool, back: int, way: str) -> None:
        used = sorted({m.origin[0] for m in self.model.moves if m.origin}) if stood_on else []
        postings = used or sorted(self.names)
        self.post(c.Reverse(effective_on=self.on(back), posting_id=postings[-1 - which % min(len(postings), 12)]), way)

    def returned(self, move: Any, parts: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Lines that give back parts of what is left of an earlier move."""
        left = move.quantity - self.model.used(move.id) or move.quantity
        goods = {
            "item_id": move.item,
            "lot_id": move.lot,
            "origin": c.Origin(posting_id=move.id[0], line_no=move.id[1]),
        }
        return [goods | {"quantity": part_of(left, one, move.item)} for one in parts]
