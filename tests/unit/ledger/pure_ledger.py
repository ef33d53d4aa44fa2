"""The ledger's kernel over plain dictionaries: what the service does with a database, for tests that want none.

`PureLedger.post` expands a command, drafts it on a copy of the state, and keeps the draft; a refusal is raised and
leaves nothing. FIFO layers are all loaded, everything else too.
"""

import copy
from collections import defaultdict
from datetime import date
from typing import Any

from tests import builders as b
from zhangshi.base.errors import Refusal, ZhangshiError
from zhangshi.base.numbers import Quantity, amount_text, quantity_text, unit_cost_from_text
from zhangshi.ledger import commands as c
from zhangshi.ledger.kernel.expand import expand
from zhangshi.ledger.kernel.posting import draft_posting
from zhangshi.ledger.kernel.state import Draft, LedgerState, ReversedPosting
from zhangshi.ledger.model import (
    BalanceKey,
    CostingMethod,
    Head,
    ItemState,
    Location,
    LocationKind,
    Lot,
    Move,
    PostedMove,
    PostingHeader,
    Reservation,
    Status,
    Tracking,
)

TODAY = date(2026, 11, 2)


class PureLedger:
    """A ledger in memory; `moves` are all moves ever posted, in order."""

    def __init__(self) -> None:
        self.state = LedgerState(
            head=Head("", "", b.VARIANCE, "Asia/Shanghai", 1),
            today=TODAY.isoformat(),
            locations={
                place.location_id: place for place in (*b.PLACES, Location(b.VARIANCE, 0, LocationKind.ADJUSTMENT))
            },
        )
        self.moves: list[Move] = []
        self._postings: dict[int, ReversedPosting] = {}

    def item(
        self,
        item_id: int,
        method: CostingMethod = CostingMethod.MOVING_AVERAGE,
        tracking: Tracking = Tracking.NONE,
        standard: str = "0",
    ) -> int:
        """Register an item; return its id."""
        step = Quantity(1_000_000) if tracking is Tracking.SERIAL else Quantity(1)
        standard_cost = unit_cost_from_text(standard)
        self.state.items[item_id] = ItemState(item_id, method, tracking, step, standard_cost)
        return item_id

    def lot(self, item_id: int, lot_id: int, code: str = "") -> int:
        """Register a lot; return its id."""
        self.state.lots[lot_id] = Lot(lot_id, item_id, code or str(lot_id))
        return lot_id

    def reserve(self, reservation_id: int, item_id: int, text: str | int, at: int = b.BIN) -> int:
        """Promise available goods at a place."""
        wanted = b.quantity(text)
        self.balance(item_id, at).reserved += wanted
        self.state.reservations[reservation_id] = Reservation(
            reservation_id, item_id, at, 0, wanted, wanted, "order", 1, 1, "open"
        )
        return reservation_id

    def balance(self, item_id: int, at: int = b.BIN, lot: int = 0, status: Status = Status.AVAILABLE) -> Any:
        """Return the balance at a key; it must be there."""
        return self.state.balances[BalanceKey(item_id, at, lot, status)]

    def worth(self, item_id: int) -> str:
        """Return quantity and value as people write them."""
        item = self.state.items[item_id]
        return f"{quantity_text(item.quantity)} worth {amount_text(item.amount)}"

    def layers(self, item_id: int) -> list[str]:
        """Return the open FIFO layers, oldest first."""
        return [
            f"{quantity_text(layer.quantity)} @ {amount_text(layer.amount)}"
            for layer in self.state.layers.get(item_id, [])
        ]

    def post(self, command: c.Command) -> int:
        """Post a command; return the posting's number, from 1.

        Raises: the refusal, as an error.
        """
        state = copy.deepcopy(self.state)
        if isinstance(command, c.Reverse):
            state.reversed = self._reversed(command.posting_id)
        number = len(self._postings) + 1
        draft = draft_posting(command, state, expand(command, state), number)
        if isinstance(draft, Refusal):
            raise draft.error()
        self._keep(number, command, state, draft)
        return number

    def code_of(self, command: c.Command) -> str:
        """Return the code by which the command is refused, or ""."""
        try:
            self.post(command)
        except ZhangshiError as error:
            return error.code
        return ""

    def _reversed(self, number: int) -> ReversedPosting | None:
        posting = self._postings.get(number)
        if posting is None:
            return None
        moves = tuple(self.state.origins[number, posted.move.line_no] for posted in posting.moves)
        by = next((n for n, p in self._postings.items() if p.header.reverses_posting_id == number), 0)
        return ReversedPosting(posting.header, moves, posting.traces, by)

    def _keep(self, number: int, command: c.Command, state: LedgerState, draft: Draft) -> None:
        reverses = command.posting_id if isinstance(command, c.Reverse) else 0
        header = PostingHeader(number, command.name, command.effective_on, number, "li", "", "", 0, reverses)
        for move in draft.moves:
            state.origins[number, move.line_no] = PostedMove(number, move, Quantity(0))
        for key, change in draft.used.items():
            posted = state.origins[key]
            state.origins[key] = posted.__class__(posted.posting_id, posted.move, Quantity(int(posted.used) + change))
        for reservation_id, change in draft.reservation_changes.items():
            before = self.state.reservations[reservation_id]
            left = int(before.open_quantity) + change
            state.reservations[reservation_id].open_quantity = Quantity(left)
            state.reservations[reservation_id].state = "open" if left else "used"
        for item_id, valuation in draft.valuations.items():
            state.layers[item_id] = valuation.book.layers
        state.reversed = None
        moves = tuple(state.origins[number, move.line_no] for move in draft.moves)
        self._postings[number] = ReversedPosting(header, moves, tuple(draft.traces))
        self.moves.extend(draft.moves)
        self.state = state

    def check(self) -> None:
        """Balances and values are the sums of the moves; the layers hold the value."""
        held: dict[tuple[int, int, int, str], int] = defaultdict(int)
        worth: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for move in self.moves:
            out_of = self.state.locations[move.from_location_id].holds_stock
            into = self.state.locations[move.to_location_id].holds_stock
            if out_of:
                held[move.item_id, move.from_location_id, move.lot_id, move.from_status] -= int(move.quantity)
            if into:
                held[move.item_id, move.to_location_id, move.lot_id, move.to_status] += int(move.quantity)
            worth[move.item_id][0] += (into - out_of) * int(move.quantity)
            worth[move.item_id][1] += (into - out_of) * int(move.amount)
        kept = {key: int(balance.quantity) for key, balance in self.state.balances.items() if int(balance.quantity)}
        assert kept == {key: quantity for key, quantity in held.items() if quantity}
        for item in self.state.items.values():
            assert [int(item.quantity), int(item.amount)] == worth[item.item_id]
            if item.method is CostingMethod.FIFO and int(item.quantity) > 0:
                layers = self.state.layers[item.item_id]
                assert sum(int(layer.quantity) for layer in layers) == int(item.quantity)
                assert sum(int(layer.amount) for layer in layers) == int(item.amount)
