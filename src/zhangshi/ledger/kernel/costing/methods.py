"""What each costing method answers: price of goods that leave, and value of the goods that remain.

All numbers are minor units. Let Q and V be the item's quantity and value before the event, q and A those of the
event. Below zero (Q < 0, where a location allows it) V holds the provisional value of what was issued too early:
the last known cost. When goods arrive, the part that covers the deficit is re-priced at the arrival's own cost.

    method           leaves at                                  remaining goods are worth
    moving average   V x q / Q                                  what the sum of moves says
    FIFO             the oldest layers                          the open layers
    period average   as moving average, settled at month end    what the sum of moves says, settled at month end
    standard         S(Q) - S(Q - q), S(x) = standard x x       S(Q)

The last unit takes the rounding remainder with it, because each price is a difference of two rounded totals or
the whole value when q = Q. Sources: 企业会计准则第1号——存货 (methods); ../../../../docs/algorithms/costing.md.
"""

from typing import Protocol

from zhangshi.base.numbers import Amount as _Amount
from zhangshi.base.numbers import Quantity, extend, proportion
from zhangshi.ledger.kernel.costing.valuation import Valuation
from zhangshi.ledger.model import CostingMethod, Layer


class Costing(Protocol):
    """One costing method; `Valuation` calls it before it changes its own quantity and amount."""

    def price_in(self, valuation: Valuation, quantity: int) -> int:
        """Value of goods that come in without a price."""
        ...

    def price_out(self, valuation: Valuation, quantity: int) -> int:
        """Value of goods that leave."""
        ...

    def value_after_enter(self, valuation: Valuation, quantity: int, amount: int) -> int:
        """What stock is worth once goods came in at `amount`."""
        ...

    def exact_in(self, valuation: Valuation, quantity: int, amount: int) -> None:
        """Note goods that come back at the amount they left with."""
        ...

    def exact_out(self, valuation: Valuation, quantity: int, own_layer_key: int) -> None:
        """Note goods that go back at the amount they came with."""
        ...

    def value_after_exact(self, valuation: Valuation, quantity_before: int, amount_before: int) -> int:
        """What stock is worth after exact opposites, which the valuation already holds."""
        ...


def _at_last_cost(valuation: Valuation, quantity: int) -> int:
    return int(extend(Quantity(quantity), valuation.item.last_cost))


def _value_after_cover(valuation: Valuation, quantity: int, amount: int) -> int:
    """Value once `quantity` arrived at `amount` while stock was below zero."""
    deficit = -int(valuation.item.quantity)
    value = int(valuation.item.amount)
    if quantity >= deficit:
        return amount - proportion(amount, deficit, quantity)
    return value - proportion(value, quantity, deficit)


class MovingAverage:
    """移动加权平均."""

    def price_in(self, valuation: Valuation, quantity: int) -> int:
        """At the average; at the last known cost when there is no stock."""
        item = valuation.item
        if int(item.quantity) > 0:
            return max(0, proportion(int(item.amount), quantity, int(item.quantity)))
        return _at_last_cost(valuation, quantity)

    def price_out(self, valuation: Valuation, quantity: int) -> int:
        """At the average; what goes below zero at the last known cost."""
        held, value = int(valuation.item.quantity), int(valuation.item.amount)
        if held <= 0:
            return _at_last_cost(valuation, quantity)
        if quantity <= held:
            return max(0, proportion(value, quantity, held))
        return max(0, value) + _at_last_cost(valuation, quantity - held)

    def value_after_enter(self, valuation: Valuation, quantity: int, amount: int) -> int:
        """Sum of moves; a deficit is covered at the arrival's own cost."""
        if int(valuation.item.quantity) < 0:
            return _value_after_cover(valuation, quantity, amount)
        return int(valuation.item.amount) + amount

    def exact_in(self, valuation: Valuation, quantity: int, amount: int) -> None:
        """Nothing to note."""

    def exact_out(self, valuation: Valuation, quantity: int, own_layer_key: int) -> None:
        """Nothing to note."""

    def value_after_exact(self, valuation: Valuation, quantity_before: int, amount_before: int) -> int:
        """Sum of moves, unless that would leave value without goods or goods with a value of the wrong sign."""
        held, value = int(valuation.item.quantity), int(valuation.item.amount)
        if held == 0:
            return 0
        if held > 0 and value < 0:
            return max(0, proportion(amount_before, held, quantity_before)) if quantity_before > 0 else 0
        if held < 0 < value:
            return -_at_last_cost(valuation, -held)
        return value


class PeriodAverage(MovingAverage):
    """全月一次加权平均: moving average for the time being; the month's settlement corrects it."""

    def value_after_exact(self, valuation: Valuation, quantity_before: int, amount_before: int) -> int:  # noqa: ARG002
        """Sum of moves, whatever it is: the settlement corrects it."""
        return int(valuation.item.amount)


class Fifo:
    """先进先出."""

    def price_in(self, valuation: Valuation, quantity: int) -> int:
        """At the average of the open layers; at the last known cost when there is none."""
        return COSTINGS[CostingMethod.MOVING_AVERAGE].price_in(valuation, quantity)

    def price_out(self, valuation: Valuation, quantity: int) -> int:
        """Oldest layers first; what goes below zero at the last known cost."""
        taken, amount = valuation.book.take(quantity)
        return amount + (_at_last_cost(valuation, quantity - taken) if taken < quantity else 0)

    def value_after_enter(self, valuation: Valuation, quantity: int, amount: int) -> int:
        """A new youngest layer of what is not needed to cover a deficit."""
        item = valuation.item
        held = int(item.quantity)
        layer_quantity, layer_amount = quantity, amount
        if held < 0:
            wanted = _value_after_cover(valuation, quantity, amount)
            layer_quantity, layer_amount = quantity + held, wanted
        else:
            wanted = int(item.amount) + amount
        if layer_quantity > 0:
            layer = Layer(item.sequence + 1, Quantity(layer_quantity), _Amount(layer_amount))
            valuation.book.push_back(layer)
        return wanted

    def exact_in(self, valuation: Valuation, quantity: int, amount: int) -> None:
        """Back to the front, where the goods were taken from; a deficit is covered first."""
        item, book = valuation.item, valuation.book
        held = int(item.quantity)
        # What a return left as a difference comes back with its goods, so their layer is worth what it was.
        layer_quantity, layer_amount = quantity, max(0, amount + valuation.correction_reversed)
        if held < 0:
            layer_quantity = quantity + held
            layer_amount = max(0, int(item.amount) + amount)  # what covers the deficit was priced when it left
        if layer_quantity > 0:
            front_key = book.layers[0].layer_key - 1 if book.layers else item.sequence + 1
            book.push_front(Layer(front_key, Quantity(layer_quantity), _Amount(layer_amount)))
            valuation.layer_value_taken -= layer_amount

    def exact_out(self, valuation: Valuation, quantity: int, own_layer_key: int) -> None:
        """Out of their own layer while it is open, then out of the oldest."""
        own_quantity, own_amount = valuation.book.take_own(own_layer_key, quantity)
        _, front_amount = valuation.book.take(quantity - own_quantity)
        valuation.layer_value_taken += own_amount + front_amount

    def value_after_exact(self, valuation: Valuation, quantity_before: int, amount_before: int) -> int:
        """The open layers; below zero as the moving average."""
        if int(valuation.item.quantity) > 0:
            return (amount_before if quantity_before > 0 else 0) - valuation.layer_value_taken
        return COSTINGS[CostingMethod.MOVING_AVERAGE].value_after_exact(valuation, quantity_before, amount_before)


class Standard:
    """标准成本."""

    @staticmethod
    def _at_standard(valuation: Valuation, quantity: int) -> int:
        return int(extend(Quantity(quantity), valuation.item.standard_cost))

    def price_in(self, valuation: Valuation, quantity: int) -> int:
        """At standard."""
        held = int(valuation.item.quantity)
        return self._at_standard(valuation, held + quantity) - self._at_standard(valuation, held)

    def price_out(self, valuation: Valuation, quantity: int) -> int:
        """At standard."""
        held = int(valuation.item.quantity)
        return self._at_standard(valuation, held) - self._at_standard(valuation, held - quantity)

    def value_after_enter(self, valuation: Valuation, quantity: int, amount: int) -> int:  # noqa: ARG002
        """Standard x quantity: what was paid beyond it is the correction."""
        return self._at_standard(valuation, int(valuation.item.quantity) + quantity)

    def exact_in(self, valuation: Valuation, quantity: int, amount: int) -> None:
        """Nothing to note."""

    def exact_out(self, valuation: Valuation, quantity: int, own_layer_key: int) -> None:
        """Nothing to note."""

    def value_after_exact(self, valuation: Valuation, quantity_before: int, amount_before: int) -> int:  # noqa: ARG002
        """Standard x quantity."""
        return self._at_standard(valuation, int(valuation.item.quantity))


COSTINGS: dict[CostingMethod, Costing] = {
    CostingMethod.MOVING_AVERAGE: MovingAverage(),
    CostingMethod.FIFO: Fifo(),
    CostingMethod.PERIOD_AVERAGE: PeriodAverage(),
    CostingMethod.STANDARD: Standard(),
}
