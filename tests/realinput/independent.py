"""What the books must say at the end, computed without a line of the product: plain integers and fractions."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from tests.realinput.source import Document, Product

_HALF = Fraction(1, 2)
_FEN = Fraction(100, 10**12)  # millionths of a piece x millionths of the currency unit -> fen


@dataclass
class Expected:
    """Quantity (millionths) and value (fen) of each product; and the openings: (document, product) -> quantity."""

    quantities: dict[int, int] = field(default_factory=dict)
    amounts: dict[int, int] = field(default_factory=dict)
    openings: dict[tuple[str, int, int], int] = field(default_factory=dict)


def _fen(quantity: int, unit_cost: int) -> int:
    return floor(quantity * unit_cost * _FEN + _HALF)


def _price_average(expected: Expected, item: int, quantity: int) -> int:
    return floor(Fraction(expected.amounts[item] * quantity, expected.quantities[item]) + _HALF)


class _Layers:
    """First in, first out."""

    def __init__(self) -> None:
        self._open: dict[int, deque[list[int]]] = {}

    def put(self, item: int, quantity: int, amount: int) -> None:
        self._open.setdefault(item, deque()).append([quantity, amount])

    def take(self, item: int, quantity: int) -> int:
        taken = 0
        while quantity:
            layer = self._open[item][0]
            part = min(quantity, layer[0])
            amount = floor(Fraction(layer[1] * part, layer[0]) + _HALF)
            layer[0], layer[1], quantity, taken = layer[0] - part, layer[1] - amount, quantity - part, taken + amount
            if not layer[0]:
                self._open[item].popleft()
        return taken


def expect(products: Iterable[Product], documents: Iterable[Document], *, fifo: bool = False) -> Expected:
    """Replay the documents: receipts at their cost, work orders at standard cost, sales at the method's price."""
    standard = {product.product_id: product.standard_cost for product in products}
    expected = Expected(dict.fromkeys(standard, 0), dict.fromkeys(standard, 0))
    layers = _Layers()

    def enter(item: int, quantity: int, unit_cost: int) -> None:
        amount = _fen(quantity, unit_cost)
        expected.quantities[item] += quantity
        expected.amounts[item] += amount
        layers.put(item, quantity, amount)

    for document in documents:
        if document.kind != "S":
            for row in document.rows:
                enter(row.product_id, row.quantity, row.unit_cost if document.kind == "P" else standard[row.product_id])
            continue
        wanted: dict[int, int] = {}
        for row in document.rows:
            wanted[row.product_id] = wanted.get(row.product_id, 0) + row.quantity
        for item, quantity in wanted.items():
            if quantity > expected.quantities[item]:
                missing = quantity - expected.quantities[item]
                expected.openings["S", document.order_id, item] = missing
                enter(item, missing, standard[item])
        for row in document.rows:
            item = row.product_id
            average = 0 if fifo else _price_average(expected, item, row.quantity)
            amount = layers.take(item, row.quantity) if fifo else average
            expected.quantities[item] -= row.quantity
            expected.amounts[item] -= amount
    return expected
