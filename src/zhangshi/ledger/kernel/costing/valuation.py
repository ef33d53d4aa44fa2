"""The value of one item while a posting runs.

Problem. Goods enter at their own price and leave at a price that the method computes; rounding, returns and stock
below zero must never make or lose a fen. Rule: the item's value is a sum of move amounts; whatever the method says
the remaining goods are worth and the sum does not, is a named value move (a *correction*), so the books always
say why.

Two ways in and out. `enter` and `leave` are business: the method prices them. `exact_in`, `exact_out` and
`exact_value` are opposites of earlier moves: they carry that move's amount, and one `settle` at the end asks the
method what the remaining goods are worth.

Example, moving average: 10 @ 5.00 and 10 @ 7.00 -> 20 worth 120.00; `leave(5)` takes 30.00.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhangshi.base.numbers import Amount, Quantity, share
from zhangshi.ledger.model import ItemState, Layer

if TYPE_CHECKING:
    from zhangshi.ledger.kernel.costing.methods import Costing


@dataclass(slots=True)
class LayerBook:
    """The open FIFO layers of one item, oldest first, and which of them changed.

    Only a prefix needs to be loaded: as much as the posting takes out, and the layers that it names.
    """

    layers: list[Layer] = field(default_factory=list)
    changed: dict[int, Layer] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)

    def push_back(self, layer: Layer) -> None:
        """Add the youngest layer."""
        self.layers.append(layer)
        self._touch(layer)

    def push_front(self, layer: Layer) -> None:
        """Put goods back before the oldest layer."""
        self.layers.insert(0, layer)
        self._touch(layer)

    def take(self, quantity: int) -> tuple[int, int]:
        """Take from the front; return (quantity, amount) taken, less than asked when the layers end."""
        taken_quantity = taken_amount = 0
        while taken_quantity < quantity and self.layers:
            part_quantity, part_amount = self._take_from(self.layers[0], quantity - taken_quantity)
            taken_quantity += part_quantity
            taken_amount += part_amount
        return taken_quantity, taken_amount

    def spread(self, change: int) -> None:
        """Share a value change over the layers in proportion to their value; by quantity where they are worth 0."""
        by_value = [int(layer.amount) for layer in self.layers]
        weights = by_value if any(by_value) else [int(layer.quantity) for layer in self.layers]
        for layer, part in zip(self.layers, share(change, weights), strict=True):
            layer.amount = Amount(int(layer.amount) + part)
            self._touch(layer)

    def take_own(self, layer_key: int, quantity: int) -> tuple[int, int]:
        """Take from the layer with `layer_key` where it is still open; (0, 0) otherwise."""
        for layer in self.layers:
            if layer.layer_key == layer_key:
                return self._take_from(layer, quantity)
        return 0, 0

    def _take_from(self, layer: Layer, quantity: int) -> tuple[int, int]:
        if quantity >= int(layer.quantity):
            self.layers.remove(layer)
            self.changed.pop(layer.layer_key, None)
            self.removed.add(layer.layer_key)
            return int(layer.quantity), int(layer.amount)
        # What stays keeps what rounding leaves over, so the last unit of a layer takes the remainder.
        amount = (2 * int(layer.amount) * quantity + int(layer.quantity)) // (2 * int(layer.quantity))
        layer.quantity = Quantity(int(layer.quantity) - quantity)
        layer.amount = Amount(int(layer.amount) - amount)
        self._touch(layer)
        return quantity, amount

    def _touch(self, layer: Layer) -> None:
        self.changed[layer.layer_key] = layer
        self.removed.discard(layer.layer_key)


class Valuation:
    """One item's running quantity and value, priced by its costing method."""

    __slots__ = ("_before", "book", "correction_reversed", "costing", "item", "layer_value_taken")

    def __init__(self, item: ItemState, costing: "Costing", layers: list[Layer]) -> None:
        self.item = item
        self.costing = costing
        self.book = LayerBook(layers)
        self._before: tuple[int, int] | None = None
        self.layer_value_taken = 0
        self.correction_reversed = 0

    def price_in(self, quantity: Quantity) -> Amount:
        """Return what `quantity` that comes in without a price of its own is worth."""
        return Amount(self.costing.price_in(self, int(quantity)))

    def enter(self, quantity: Quantity, amount: Amount) -> int:
        """Take goods in; return the correction, signed: > 0 raises the value of stock."""
        item = self.item
        wanted = self.costing.value_after_enter(self, int(quantity), int(amount))
        item.quantity = item.quantity + quantity
        item.amount = item.amount + amount
        return wanted - int(item.amount)

    def leave(self, quantity: Quantity) -> Amount:
        """Let goods out at the method's price; never negative."""
        item = self.item
        amount = Amount(self.costing.price_out(self, int(quantity)))
        item.quantity = item.quantity - quantity
        item.amount = item.amount - amount
        return amount

    def exact_in(self, quantity: Quantity, amount: Amount) -> None:
        """Put goods back at the amount they left with; `settle` must follow."""
        self._begin()
        self.costing.exact_in(self, int(quantity), int(amount))
        self.correction_reversed = 0
        self.item.quantity = self.item.quantity + quantity
        self.item.amount = self.item.amount + amount

    def exact_out(self, quantity: Quantity, amount: Amount, own_layer_key: int) -> None:
        """Take goods back out at the amount they came with, from their own layer first; `settle` must follow."""
        self._begin()
        self.costing.exact_out(self, int(quantity), own_layer_key)
        self.correction_reversed = 0
        self.item.quantity = self.item.quantity - quantity
        self.item.amount = self.item.amount - amount

    def exact_value(self, amount: int) -> None:
        """Change the value by a signed amount, as the opposite of a value move; `settle` must follow.

        A correction stands behind the goods that it corrects, so its opposite comes right before theirs.
        """
        self._begin()
        self.correction_reversed += amount
        self.item.amount = Amount(int(self.item.amount) + amount)

    def settle(self) -> int:
        """Return the signed correction that the method wants after exact opposites."""
        if self._before is None:
            return 0
        quantity_before, amount_before = self._before
        self._before = None
        wanted = self.costing.value_after_exact(self, quantity_before, amount_before)
        self.layer_value_taken = self.correction_reversed = 0
        return wanted - int(self.item.amount)

    def spread(self, change: int) -> None:
        """Share a signed value change over the open layers, all of which must be loaded; `correct` must follow."""
        self.book.spread(change)

    def correct(self, correction: int) -> None:
        """Book a correction that a value move carries."""
        self.item.amount = Amount(int(self.item.amount) + correction)

    def _begin(self) -> None:
        if self._before is None:
            self._before = (int(self.item.quantity), int(self.item.amount))
