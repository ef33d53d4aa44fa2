"""What goods are worth, found by reading the list of moves from the first one: the half for money."""

import copy
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from tests.builders import VARIANCE

Entry = SimpleNamespace
LONG_AFTER, NEVER = "9999-12-31", 2**63


def half_up(numerator: int, denominator: int) -> int:
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def at_cost(quantity: int, cost: int) -> int:
    return half_up(quantity * cost, 10**10)


def share(total: int, weights: list[int]) -> list[int]:
    upto = [half_up(total * sum(weights[: n + 1]), sum(weights)) for n in range(len(weights))]
    return [after - before for before, after in zip([0, *upto], upto, strict=False)]


class Worth:
    """Goods, value, last cost and FIFO layers [key, quantity, amount] of one item after so many moves."""

    def __init__(self, item: Any) -> None:
        self.method, self.standard = item.method, item.standard
        self.quantity = self.amount = self.last = self.corrected = 0
        self.layers: list[list[int]] = []

    def take(self, quantity: int, own: int = -1) -> int:
        """Take layers, `own` first and then the oldest; return their amount, and last cost for what they lack."""
        amount = 0
        for layer in sorted(self.layers, key=lambda layer: (layer[0] != own, layer[0])):
            part = min(quantity, layer[1])
            worth = half_up(layer[2] * part, layer[1])
            layer[1], layer[2], amount, quantity = layer[1] - part, layer[2] - worth, amount + worth, quantity - part
        self.layers = [layer for layer in self.layers if layer[1]]
        return amount + at_cost(quantity, self.last)

    def covered(self, quantity: int, amount: int) -> int:
        """Value once goods arrive while stock is below zero: what they replace is re-priced at their own cost."""
        if quantity >= -self.quantity:
            return amount - half_up(amount * -self.quantity, quantity)
        return self.amount - half_up(self.amount * quantity, -self.quantity)

    def price(self, quantity: int) -> int:
        """Value of goods that leave (> 0) or that come in without a price (< 0, and so is the answer)."""
        if self.method == "standard":
            return at_cost(self.quantity, self.standard) - at_cost(self.quantity - quantity, self.standard)
        if self.method == "fifo" and quantity > 0:
            return copy.deepcopy(self).take(quantity)
        if self.quantity <= 0:
            return at_cost(quantity, self.last)
        held = min(quantity, self.quantity)
        return half_up(max(0, self.amount) * held, self.quantity) + at_cost(quantity - held, self.last)

    def revaluation(self, move: Any) -> int:
        return at_cost(self.quantity, move.cost) - self.amount if self.method == "standard" else int(move.amount)

    def apply(self, key: int, move: Any, turn: int, own: int) -> None:
        quantity, exact = move.quantity, move.how in ("reversed", "origin")
        if move.reason == "revaluation":
            self.standard = move.cost if self.method == "standard" else self.standard
            by_value = any(layer[2] for layer in self.layers)
            parts = share(move.value, [layer[2] if by_value else layer[1] for layer in self.layers])
            for layer, part in zip(self.layers, parts, strict=True):
                layer[2] += part
        elif turn > 0:
            left = quantity + min(self.quantity, 0)
            if left > 0 and move.how == "reversed":
                amount = max(0, move.value + (self.corrected if left == quantity else self.amount))
                self.layers.insert(0, [self.layers[0][0] - 1 if self.layers else key, left, amount])
            elif left > 0:
                self.layers.append([key, left, move.value if left == quantity else self.covered(quantity, move.value)])
            self.last = move.cost if move.how == "given" and move.cost else self.last
        elif turn < 0:
            self.take(quantity, own if exact else -1)
        self.corrected = self.corrected + move.value if exact and not quantity else 0  # its goods come back next
        self.quantity, self.amount = self.quantity + turn * quantity, self.amount + move.value

    def due(self, before: "Worth", *, exact: bool) -> int:
        """What the method adds to the sum of moves, after goods came in or (`exact`) went back where they were."""
        wanted = self.amount
        if self.method == "standard":
            wanted = at_cost(self.quantity, self.standard)
        elif not exact and before.quantity < 0:
            wanted = before.covered(self.quantity - before.quantity, self.amount - before.amount)
        elif exact and self.method == "fifo" and self.quantity > 0:
            wanted = sum(layer[2] for layer in self.layers)
        elif exact and self.method != "period_average" and self.quantity == 0:
            wanted = 0
        elif exact and self.method != "period_average" and self.quantity > 0 > self.amount:
            wanted = max(0, half_up(before.amount * self.quantity, before.quantity)) if before.quantity > 0 else 0
        elif exact and self.method != "period_average" and self.quantity < 0 < self.amount:
            wanted = -at_cost(-self.quantity, self.last)
        return wanted - self.amount


class NaiveValues:
    """The list of moves, read for money: `items`: method, standard; `places`: kind; by id."""

    def __init__(self, items: dict[int, Any], places: dict[int, Any]) -> None:
        self.items, self.places = items, places
        self.moves: list[Entry] = []

    def stock(self, place: int) -> bool:
        return self.places[place].kind in ("warehouse", "zone", "bin", "transit")

    def turn(self, move: Entry) -> int:
        """1 for goods that came in, -1 for goods that went out, 0 for goods that stayed ours."""
        return self.stock(move.target[0]) - self.stock(move.source[0])

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
        reason = "purchase_price_variance" if before.method == "standard" else "negative_correction"
        if exact or (before.method == "standard" and e.how == "origin"):
            reason = "return_difference"
        value = self.worth(e.item).due(before, exact=exact)
        if value:
            self.add(value_move(e.item, value, reason, posting=e.posting, on=e.on, at=e.at))

    def add(self, e: Entry) -> None:
        e.id = (e.posting, sum(m.id[0] == e.posting for m in self.moves) + 1)
        self.moves.append(e)

    def settle(self, since: str, until: str) -> list[Entry]:
        """Return the value moves of the month-end average, unposted."""
        settled: list[Entry] = []
        for item in (item for item in sorted(self.items) if self.items[item].method == "period_average"):
            issued: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
            own = self.values(since or " ").get(item, (0, 0))[0] >= 0  # else the deficit is an older month's
            for m in (m for m in self.moves if m.item == item and since < m.on <= until):
                origin = next((o for o in self.moves if o.id == m.origin), m) if m.how == "reversed" else m
                other, counts = (m.target if self.turn(m) < 0 else m.source)[0], m.quantity and self.turn(m)
                if not counts and not (m.reason == "negative_correction" and own):
                    continue
                if origin.how != "given" and origin.on > since and self.places[other].kind != "supplier":
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
    about = {"how": "value", "order": 0, "material": 0, "origin": None, "reservation": 0, "made": False}
    return Entry(item=item, value=value, reason=reason, output=None, inputs=None, **nowhere, **about, **when)
