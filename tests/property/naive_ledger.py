"""The ledger as a patient clerk keeps it: one list of moves, and every answer found by reading it from the start.

No balance, value or counter is kept: each is a sum over the list, so it cannot drift. Only the order of precedence of
refusals is the ledger's own. `tests.property.entries` says what a command writes into this list.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from tests.property.naive_costing import LONG_AFTER, NEVER, Entry, NaiveValues, half_up, share
from zhangshi.ledger.refusals import RANK

Reservation = SimpleNamespace
Key = tuple[int, int, int]


class Refused(Exception):
    """The clerk says no; of all that is wrong, `code` comes first."""

    def __init__(self, codes: list[str]) -> None:
        self.code = min((f"ledger.{code}" for code in codes), key=RANK.__getitem__)


def refuse(codes: list[str]) -> None:
    if codes:
        raise Refused(codes)


class NaiveLedger(NaiveValues):
    """`items`: method, tracking, step, standard; `places`: kind, root, negative; `lots`: item, expires, since."""

    def __init__(self, items: dict[int, Any], places: dict[int, Any], lots: dict[int, Any]) -> None:
        super().__init__(items, places)
        self.lots = lots
        self.traces: list[tuple[int, Key, tuple[int, int], int]] = []
        self.reversed: set[int] = set()
        self.reservations: dict[int, Reservation] = {}
        self.locked, self.closed, self.settlements = "", list[str](), dict[str, list[Entry]]()

    def balances(self, day: str = LONG_AFTER, by: int = NEVER) -> dict[tuple[int, int, int, str], int]:
        held: dict[tuple[int, int, int, str], int] = defaultdict(int)
        for m in self.moves:
            for (place, status), sign in ((m.source, -1), (m.target, 1)):
                if self.stock(place) and m.on <= day and m.at <= by:
                    held[m.item, place, m.lot, status] += sign * m.quantity
        return defaultdict(int, {key: quantity for key, quantity in held.items() if quantity})

    def reserved(self, item: int, place: int, lot: int) -> int:
        return sum(r.open for r in self.reservations.values() if (r.item, r.place, r.lot) == (item, place, lot))

    def used(self, origin: tuple[int, int]) -> int:
        return sum(m.quantity for m in self.moves if m.origin == origin and m.id[0] not in self.reversed)

    def unattributed(self, key: Key, moves: list[Entry]) -> int:
        consumed = sum(m.material * m.quantity for m in self.moves + moves if (m.order, m.item, m.lot) == key)
        return consumed - sum(quantity for _, material, _, quantity in self.traces if material == key)

    def post(
        self, entries: list[Entry], wrong: list[str], *, posting: int, on: str, at: int, today: str
    ) -> list[Entry]:
        """Return the moves that the entries become; raises Refused and changes nothing."""
        saved = self.moves, self.traces, self.reservations
        self.moves, self.traces, self.reservations = list(saved[0]), list(saved[1]), copy.deepcopy(saved[2])
        try:
            turned = any(e.how == "reversed" for e in entries)
            dates = [*["date_in_future"] * (on > today), *["period_closed"] * (on <= self.locked)]
            refuse([*wrong, *dates, *(self.trace(entries, posting) if turned else [])])
            refuse([*self.carry(entries), *(self.trace(entries, posting) if not turned else [])])
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
            yield from self.draw(e)
            if e.origin and e.how != "reversed":
                yield from self.give_back(e, drawn)
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

    def draw(self, e: Entry) -> Iterator[str]:
        """Take from the promise that the line names; a reversal gives back what has not ended."""
        r, sign = self.reservations.get(e.reservation), 1 if e.how == "reversed" else -1
        if sign > 0:
            e.reservation = e.reservation if r and not r.ended else 0
        elif e.reservation and (not r or not r.open):
            yield "reservation_closed"
        elif e.reservation and r and r.item != e.item:
            yield "reservation_mismatch"
        elif e.reservation and r and r.open < e.quantity:
            yield "exceeds_reservation"
        if r and e.reservation:
            r.open += sign * e.quantity

    def give_back(self, e: Entry, drawn: dict[Any, int]) -> Iterator[str]:
        """Return, sign for or write off a part of an earlier move, at its share of that move's value."""
        origin = next(m for m in self.moves if m.id == e.origin)
        used, upto = self.used(e.origin) + drawn[e.origin], self.used(e.origin) + drawn[e.origin] + e.quantity
        drawn[e.origin] += e.quantity
        if (origin.item, origin.lot) != (e.item, e.lot) or origin.how == "reversed" or not self.fits(origin, e):
            yield "origin_mismatch"
        elif upto > origin.quantity:
            yield "exceeds_origin"
        elif e.how == "origin":
            shares = [half_up(abs(origin.value) * part, origin.quantity) for part in (used, upto)]
            e.amount = shares[1] - shares[0]

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
        for key in sorted(
            {(m.order, m.item, m.lot) for m in self.moves if made and m.material and m.order == made[0].order}
        ):
            left = self.unattributed(key, [])
            parts = share(left, [e.quantity for e in made]) if left > 0 else []
            self.traces += [(posting, key, (e.item, e.lot), q) for e, q in zip(made, parts, strict=False) if q]

    def reserve(
        self, *, item: int, quantity: int, places: set[int], lot: int, fefo: bool, on: str, part: bool
    ) -> list[Any]:
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
