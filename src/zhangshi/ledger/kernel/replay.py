"""Replay: one item's history from nothing, by the same rules that posted it, checking every amount on the way.

The auditor feeds the stored moves of an item in value order. The replay prices each again, expects the value moves
that the method asks for, and ends with the balances, value and layers that the tables should hold. It reads no table
that a posting keeps up to date, so it shares nothing with the books but the moves.
"""

from collections.abc import Container, Iterator
from typing import NamedTuple

from zhangshi.base.numbers import Amount, Quantity, UnitCost, extend
from zhangshi.ledger.kernel.costing import COSTINGS, Valuation
from zhangshi.ledger.model import CostingMethod, ItemState, Pricing, Reason


class StoredMove(NamedTuple):
    """A move as the audit reads it: the columns that decide quantities and values."""

    item_id: int
    item_sequence: int
    posting_id: int
    line_no: int
    lot_id: int
    quantity: int
    from_location_id: int
    from_status: str
    to_location_id: int
    to_status: str
    unit_cost: int
    amount: int
    pricing: str
    reason: str
    origin_posting_id: int
    origin_line_no: int


class Mismatch(NamedTuple):
    """A move that is not what the rules say."""

    what: str
    posting_id: int
    expected: int
    found: int


_CORRECTIONS = frozenset({Reason.NEGATIVE_CORRECTION, Reason.PURCHASE_PRICE_VARIANCE, Reason.RETURN_DIFFERENCE})


class ItemReplay:
    """The rebuilt state of one item; feed moves in `item_sequence` order, then `finish`."""

    def __init__(self, item: ItemState, stock_places: Container[int]) -> None:
        self.valuation = Valuation(item, COSTINGS[item.method], [])
        self.balances: dict[tuple[int, int, str], int] = {}
        self._stock_places = stock_places
        self._sequences: dict[tuple[int, int], int] = {}
        self._posting_id = 0
        self._expected_correction = 0

    def feed(self, move: StoredMove) -> Iterator[Mismatch]:
        """Apply one move; yield what is wrong with it."""
        item = self.valuation.item
        if move.posting_id != self._posting_id:
            yield from self.finish()
            self._posting_id = move.posting_id
        if move.item_sequence != item.sequence + 1:
            yield Mismatch("sequence", move.posting_id, item.sequence + 1, move.item_sequence)
            item.sequence = move.item_sequence - 1
        comes_in = move.from_location_id not in self._stock_places
        goes_out = move.to_location_id not in self._stock_places
        self._move_balances(move, comes_in=comes_in, goes_out=goes_out)
        if move.reason in _CORRECTIONS and move.pricing == Pricing.VALUE:
            yield from self._apply_correction(move, comes_in=comes_in)
        else:
            yield from self._check_no_correction_due(move.posting_id)
            yield from self._revalue_or_price(move, comes_in=comes_in, goes_out=goes_out)
        item.sequence = move.item_sequence
        self._sequences[(move.posting_id, move.line_no)] = move.item_sequence

    def finish(self) -> Iterator[Mismatch]:
        """End the current posting: a reversal's settlement or a correction that never came shows here."""
        self._expected_correction += self.valuation.settle()
        yield from self._check_no_correction_due(self._posting_id)

    def _move_balances(self, move: StoredMove, *, comes_in: bool, goes_out: bool) -> None:
        if not comes_in:
            key = (move.from_location_id, move.lot_id, move.from_status)
            self.balances[key] = self.balances.get(key, 0) - move.quantity
        if not goes_out:
            key = (move.to_location_id, move.lot_id, move.to_status)
            self.balances[key] = self.balances.get(key, 0) + move.quantity

    def _apply_correction(self, move: StoredMove, *, comes_in: bool) -> Iterator[Mismatch]:
        self._expected_correction += self.valuation.settle()
        signed = move.amount if comes_in else -move.amount
        if signed != self._expected_correction:
            yield Mismatch(move.reason, move.posting_id, self._expected_correction, signed)
        self._expected_correction = 0
        self.valuation.correct(signed)

    def _check_no_correction_due(self, posting_id: int) -> Iterator[Mismatch]:
        if self._expected_correction:
            yield Mismatch("missing_correction", posting_id, self._expected_correction, 0)
            self._expected_correction = 0

    def _revalue_or_price(self, move: StoredMove, *, comes_in: bool, goes_out: bool) -> Iterator[Mismatch]:
        signed = move.amount if comes_in else -move.amount
        if move.pricing == Pricing.VALUE and move.reason == Reason.REVALUATION:
            yield from self._revalue(move, signed)
        elif move.pricing == Pricing.REVERSED:
            self._reverse(move, signed, comes_in=comes_in, goes_out=goes_out)
        elif move.pricing == Pricing.VALUE:
            self.valuation.correct(signed)
        elif comes_in:
            yield from self._price_in(move)
        elif goes_out:
            yield from self._price_out(move)

    def _revalue(self, move: StoredMove, signed: int) -> Iterator[Mismatch]:
        valuation = self.valuation
        if valuation.item.method is CostingMethod.STANDARD:
            valuation.item.standard_cost = UnitCost(move.unit_cost)
            expected = int(extend(valuation.item.quantity, valuation.item.standard_cost)) - int(valuation.item.amount)
            if expected != signed:
                yield Mismatch(Reason.REVALUATION, move.posting_id, expected, signed)
        else:
            valuation.spread(signed)
        valuation.correct(signed)

    def _reverse(self, move: StoredMove, signed: int, *, comes_in: bool, goes_out: bool) -> None:
        if not move.quantity:
            self.valuation.exact_value(signed)
        elif comes_in:
            self.valuation.exact_in(Quantity(move.quantity), Amount(move.amount))
        elif goes_out:
            self.valuation.exact_out(Quantity(move.quantity), Amount(move.amount), self._origin_sequence(move))

    def _price_in(self, move: StoredMove) -> Iterator[Mismatch]:
        quantity, amount = Quantity(move.quantity), Amount(move.amount)
        if move.pricing == Pricing.METHOD:
            expected = int(self.valuation.price_in(quantity))
            if expected != move.amount:
                yield Mismatch("amount", move.posting_id, expected, move.amount)
        elif move.pricing == Pricing.GIVEN and move.unit_cost:
            self.valuation.item.last_cost = UnitCost(move.unit_cost)
        self._expected_correction = self.valuation.enter(quantity, amount)

    def _price_out(self, move: StoredMove) -> Iterator[Mismatch]:
        quantity = Quantity(move.quantity)
        if move.pricing == Pricing.ORIGIN:
            self.valuation.exact_out(quantity, Amount(move.amount), self._origin_sequence(move))
            self._expected_correction = self.valuation.settle()
            return
        expected = int(self.valuation.leave(quantity))
        if expected != move.amount:
            yield Mismatch("amount", move.posting_id, expected, move.amount)
            self.valuation.correct(expected - move.amount)

    def _origin_sequence(self, move: StoredMove) -> int:
        return self._sequences.get((move.origin_posting_id, move.origin_line_no), 0)
