"""What one item's goods are worth, found by reading its moves from the first: part of the naive ledger."""

import copy
from typing import Any


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
        self.quantity = self.amount = self.last = 0
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
            amount = move.value if left == quantity else self.covered(quantity, move.value) if left > 0 else 0
            if left > 0 and move.how == "reversed":
                self.layers.insert(0, [self.layers[0][0] - 1 if self.layers else key, left, amount])
            elif left > 0:
                self.layers.append([key, left, amount])
            self.last = move.cost if move.how == "given" and move.cost else self.last
        elif turn < 0:
            self.take(quantity, own if exact else -1)
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
