"""The ledger as a patient clerk keeps it: one list of moves, and every answer found by reading it from the start.

No balance, value or counter is kept: each is a sum over the list, so it cannot drift. Only the order of precedence of
refusals is the ledger's own. `tests.property.entries` says what a command writes into this list.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from tests.builders import VARIANCE
from tests.property.naive_costing import Worth, at_cost, half_up, share
from zhangshi.ledger.refusals import RANK

Entry = Reservation = SimpleNamespace
Key = tuple[int, int, int]
LONG_AFTER, NEVER = "9999-12-31", 2**63


class Refused(Exception):
    """The clerk says no; of all that is wrong, `code` comes first."""

    def __init__(self, codes: list[str]) -> None:
        self.code = min((f"ledger.{code}" for code in codes), key=RANK.__getitem__)


def refuse(codes: list[str]) -> None:
    if codes:
        raise Refused(codes)


class NaiveLedger:
    """`items`: method, tracking, standard; `places`: kind, negative; `lots`: item, expires, since; all by id."""

    def __init__(self, items: dict[int, Any], places: dict[int, Any], lots: dict[int, Any]) -> None:
        self.items, self.places, self.lots = items, places, lots
        self.moves: list[Entry] = []
        self.traces: list[tuple[int, Key, tuple[int, int], int]] = []
        self.reversed: set[int] = set()
        self.reservations: dict[int, Reservation] = {}
        self.locked, self.closed, self.settlements = "", list[str](), dict[str, list[Entry]]()

    def stock(self, place: int) -> bool:
        return self.places[place].kind in ("warehouse", "zone", "bin", "transit")

    def turn(self, move: Entry) -> int:
        """1 for goods that came in, -1 for goods that went out, 0 for goods that stayed ours."""
        return self.stock(move.target[0]) - self.stock(move.source[0])

    def balances(self, day: str = LONG_AFTER, by: int = NEVER) -> dict[tuple[int, int, int, str], int]:
        held: dict[tuple[int, int, int, str], int] = defaultdict(int)
        for m in self.moves:
            for (place, status), sign in ((m.source, -1), (m.target, 1)):
                if self.stock(place) and m.on <= day and m.at <= by:
                    held[m.item, place, m.lot, status] += sign * m.quantity
        return defaultdict(int, {key: quantity for key, quantity in held.items() if quantity})

    def values(self, day: str = LONG_AFTER, by: int = NEVER) -> dict[int, tuple[int, int]]:
        sums = dict.fromkeys(self.items, (0, 0))
        for m in (m for m in self.moves if m.on <= day and m.at <= by):
            sums[m.item] = (sums[m.item][0] + self.turn(m) * m.quantity, sums[m.item][1] + m.value)
        return {item: value for item, value in sums.items() if value != (0, 0)}

    def worth(self, item: int) -> Worth:
        worth = Worth(self.items[item])
        keys: dict[tuple[int, int], int] = {}
        for key, m in enumerate((m for m in self.moves if m.item == item), 1):
            keys[m.id] = key
            worth.apply(key, m, self.turn(m), keys.get(m.origin, -1))
        return worth

    def reserved(self, item: int, place: int, lot: int) -> int:
        return sum(r.open for r in self.reservations.values() if (r.item, r.place, r.lot) == (item, place, lot))

    def used(self, origin: tuple[int, int]) -> int:
        return sum(m.quantity for m in self.moves if m.origin == origin and m.id[0] not in self.reversed)

    def unattributed(self, key: Key, moves: list[Entry]) -> int:
        consumed = sum(m.material * m.quantity for m in self.moves + moves if (m.order, m.item, m.lot) == key)
        return consumed - sum(quantity for _, material, _, quantity in self.traces if material == key)

    def post(self, entries: list[Entry], wrong: list[str], *, posting: int, on: str, at: int, today: str) -> list[Entry]:
        """Return the moves that the entries become; raises Refused and changes nothing."""
        saved = self.moves, self.traces, self.reservations
        self.moves, self.traces, self.reservations = list(saved[0]), list(saved[1]), copy.deepcopy(saved[2])
        try:
            refuse([*wrong, *["date_in_future"] * (on > today), *["period_closed"] * (on <= self.locked)])
            refuse([*self.carry(entries), *self.trace(entries, posting)])
            for e in entries:
                e.posting, e.on, e.at = posting, on, at
            return self.price(entries)
        except Refused:
            self.moves, self.traces, self.reservations = saved
            raise

    def carry(self, entries: list[Entry]) -> Iterator[str]:
        """Walk the goods from place to place; yield what forbids it."""
        held, drawn = self.balances(), defaultdict[Any, int](int)
        for e in (e for e in entries if e.quantity):
            exact, r, origin = e.how == "reversed", self.reservations.get(e.reservation), None
            if exact:
                e.reservation = e.reservation if r and not r.ended else 0
                drawn[e.reservation, "given back"] += e.quantity
            elif e.reservation and (not r or not r.open):
                yield "reservation_closed"
            elif e.reservation and r and r.item != e.item:
                yield "reservation_mismatch"
            elif e.reservation and r and r.open < e.quantity:
                yield "exceeds_reservation"
            if r and e.reservation:
                r.open += e.quantity if exact else -e.quantity
            if e.origin and not exact:
                origin = next(m for m in self.moves if m.id == e.origin)
                used = self.used(e.origin) + drawn[e.origin]
                drawn[e.origin] += e.quantity
                if (origin.item, origin.lot) != (e.item, e.lot) or origin.how == "reversed" or not self.fits(origin, e):
                    yield "origin_mismatch"
                elif used + e.quantity > origin.quantity:
                    yield "exceeds_origin"
                elif e.how == "origin":
                    upto = half_up(abs(origin.value) * (used + e.quantity), origin.quantity)
                    e.amount = upto - half_up(abs(origin.value) * used, origin.quantity)
            source, target = (e.item, e.source[0], e.lot, e.source[1]), (e.item, e.target[0], e.lot, e.target[1])
            serial = self.items[e.item].tracking == "serial"
            if serial and self.turn(e) > 0 and sum(q for key, q in held.items() if key[2] == e.lot) > 0:
                yield "serial_in_stock"
            if self.stock(e.source[0]):
                promised = self.reserved(*source[:3]) if e.source[1] == "available" else 0
                if e.quantity > held[source] and (serial or not self.places[e.source[0]].negative):
                    yield "insufficient_stock"
                elif promised and e.quantity > held[source] - promised:
                    yield "reserved_for_others"
                held[source] -= e.quantity
            held[target] += e.quantity if self.stock(e.target[0]) else 0

    def fits(self, origin: Entry, e: Entry) -> bool:
        if self.places[e.target[0]].kind == "supplier":
            return bool(origin.source == e.target)
        shipped = self.places[e.source[0]].kind != "transit" or self.places[origin.source[0]].kind != "transit"
        return bool(origin.target[0] == e.source[0] and shipped and (origin.order == e.order or not e.material))

    def trace(self, entries: list[Entry], posting: int) -> Iterator[str]:
        """Note which consumed lots went into which lots made; yield what an order does not have."""
        reverses = next((e.origin[0] for e in entries if e.how == "reversed"), 0)
        self.traces += [(posting, *trace[1:3], -trace[3]) for trace in self.traces if trace[0] == reverses]
        for number, e in enumerate(entries):
            key, so_far = (e.order, e.item, e.lot), entries[:number]
            if not reverses and e.material < 0 and self.unattributed(key, so_far) < e.quantity:
                yield "exceeds_consumed"
            if e.output:
                self.traces.append((posting, key, e.output, e.quantity))
            for item, lot, quantity in e.inputs or ():
                if self.unattributed((e.order, item, lot), so_far) < quantity:
                    yield "exceeds_consumed"
                self.traces.append((posting, (e.order, item, lot), (e.item, e.lot), quantity))
            if reverses and e.material and self.unattributed(key, entries) < 0:
                yield "used_downstream"
        made = [e for e in entries if e.made and e.inputs is None]
        for key in sorted({(m.order, m.item, m.lot) for m in self.moves if made and m.material and m.order == made[0].order}):
            left = self.unattributed(key, [])
            parts = share(left, [e.quantity for e in made]) if left > 0 else []
            self.traces += [(posting, key, (e.item, e.lot), q) for e, q in zip(made, parts, strict=False) if q]

    def price(self, entries: list[Entry]) -> list[Entry]:
        """Add the moves with their values, and the value moves that the costing methods ask for."""
        first, before = len(self.moves), dict[int, Worth]()
        for e in entries:
            worth, turn = self.worth(e.item), self.turn(e)
            if e.reason == "revaluation" and e.how == "value":
                e.value = worth.revaluation(e)
            elif e.how != "reversed":
                amount = e.amount if e.amount is not None else e.cost is not None and at_cost(e.quantity, e.cost)
                amount = abs(worth.price(-turn * e.quantity)) if amount is False else amount
                e.cost = half_up(amount * 10**10, e.quantity) if e.cost is None else e.cost
                e.value = amount * turn
            self.add(e)
            if e.how == "reversed":
                before.setdefault(e.item, worth)
            elif turn > 0 or (turn and e.how == "origin"):
                self.correct(e, worth, exact=turn < 0)
        for item, worth in before.items():
            self.correct(next(e for e in reversed(entries) if e.item == item), worth, exact=True)
        return self.moves[first:]

    def correct(self, e: Entry, before: Worth, *, exact: bool) -> None:
        plain = "purchase_price_variance" if before.method == "standard" else "negative_correction"
        value = self.worth(e.item).due(before, exact=exact)
        if value:
            self.add(value_move(e.item, value, "return_difference" if exact else plain, posting=e.posting, on=e.on, at=e.at))

    def add(self, e: Entry) -> None:
        e.id = (e.posting, sum(m.id[0] == e.posting for m in self.moves) + 1)
        self.moves.append(e)

    def reserve(self, *, item: int, quantity: int, places: set[int], lot: int, fefo: bool, on: str, part: bool) -> list[Any]:
        """Return [place, lot, quantity] to promise, in the order in which the storekeeper takes them."""
        free = []
        for (held_item, place, held_lot, status), held in self.balances().items():
            known = self.lots.get(held_lot, Entry(expires="", since=0))
            if (held_item, status) == (item, "available") and place in places and lot in (0, held_lot):
                rank = (known.expires or LONG_AFTER) if fefo else "", known.since, held_lot, place
                if not known.expires or known.expires >= on:
                    free.append((*rank, max(0, held - self.reserved(item, place, held_lot))))
        picks = []
        for _, _, found_lot, place, left in sorted(free):
            picks.append([place, found_lot, min(left, quantity)])
            quantity -= picks[-1][2]
        refuse(["insufficient_to_reserve"] * (quantity > 0 and not part))
        return [pick for pick in picks if pick[2]]

    def settle(self, since: str, until: str) -> list[Entry]:
        """Return the value moves of the month-end average, unposted."""
        settled: list[Entry] = []
        for item in (item for item in sorted(self.items) if self.items[item].method == "period_average"):
            issued: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
            for m in (m for m in self.moves if m.item == item and m.quantity and since < m.on <= until and self.turn(m)):
                origin = next((o for o in self.moves if o.id == m.origin), m) if m.how == "reversed" else m
                other = (m.target if self.turn(m) < 0 else m.source)[0]
                if origin.how in ("method", "origin") and origin.on > since and self.places[other].kind != "supplier":
                    issued[other, m.order][0] -= self.turn(m) * m.quantity
                    issued[other, m.order][1] -= m.value
            quantity, amount = self.values(until).get(item, (0, 0))
            weights = [sums[0] for _, sums in sorted(issued.items())]
            whole = amount + sum(sums[1] for sums in issued.values())
            if quantity >= 0 and sum(weights) + quantity > 0 and whole >= 0:
                targets = share(whole, [*weights, quantity])
                changes = [sums[1] - t for (_, sums), t in zip(sorted(issued.items()), targets, strict=False)]
                settled += [value_move(item, change, "period_settlement") for change in changes if change]
        return settled


def value_move(item: int, value: int, reason: str, **when: Any) -> Entry:
    nowhere = {"lot": 0, "quantity": 0, "source": (VARIANCE, "outside"), "target": (VARIANCE, "outside"), "cost": 0}
    about = {"how": "value", "order": 0, "material": 0, "origin": None, "reservation": 0, "output": None, "inputs": None}
    return Entry(item=item, value=value, reason=reason, made=False, **nowhere, **about, **when)
