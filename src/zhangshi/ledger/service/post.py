"""Post a command: load, decide, write, tell. The unit of work around it commits or takes back everything.

Example:
    answer = company.write(
        Request(actor="wang", key="scan-0191", content=command),
        lambda uow: stock_ledger.post(uow, command),
        answer_type=PostingAnswer,
    )
"""

from collections.abc import Iterable

from zhangshi.base.errors import Refusal
from zhangshi.ledger._store import reading as read
from zhangshi.ledger._store import snapshots
from zhangshi.ledger._store.writing import (
    INSERT_SHIPMENTS,
    write_balances,
    write_orders,
    write_posting,
    write_uses,
    write_values,
)
from zhangshi.ledger.commands import Command, Reverse, TransferShip
from zhangshi.ledger.events import STOCK_POSTED, ItemAfter, StockPosted
from zhangshi.ledger.kernel.posting import draft_posting
from zhangshi.ledger.kernel.state import Draft, LedgerState
from zhangshi.ledger.model import NO_ID, LocationKind, Move, PostingHeader, Pricing
from zhangshi.ledger.service.answers import PostedLine, PostingAnswer
from zhangshi.ledger.service.loading import LocationCache, load
from zhangshi.platform.faults import ConcurrentChange
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork


class StockLedger:
    """The stock ledger of one company; keeps its places in memory between postings."""

    def __init__(self) -> None:
        self._cache = LocationCache()
        self._variance_id = 0

    def places_of_kind(self, session: Session, kind: LocationKind) -> list[int]:
        """Return the places of a kind that are open. They are read again while there is not exactly one.

        From memory, because every document asks and counterparties hardly ever change; the posting itself checks them.
        """
        found = self._of_kind(kind)
        if len(found) != 1:
            head = read.head_of(session.query(read.HEAD))
            self._variance_id = head.variance_location_id if head is not None else 0
            self._cache.places = read.locations_of(session)
            found = self._of_kind(kind)
        return found

    def _of_kind(self, kind: LocationKind) -> list[int]:
        """The ledger's own place for variances counts only where the company has no other of its kind."""
        found = [one.location_id for one in self._cache.places.values() if one.kind is kind and one.active]
        return [one for one in found if one != self._variance_id] or found

    def post(self, uow: UnitOfWork, command: Command) -> PostingAnswer:
        """Post `command` in the unit of work's transaction.

        Raises: every code of `ledger.refusals`, by precedence; number.overflow. Nothing is written then.
        Cost: a number of statements that does not depend on the number of lines.
        """
        state, steps = load(uow, command, self._cache)
        recorded_at = max([uow.now_micros, *(item.recorded_at for item in state.items.values())])
        draft = draft_posting(command, state, steps, recorded_at)
        if isinstance(draft, Refusal):
            raise draft.error()
        header = PostingHeader(
            posting_id=uow.next_id(),
            command=command.name,
            effective_on=command.effective_on,
            recorded_at=recorded_at,
            actor=uow.actor,
            request_key=uow.request_key,
            source_type=command.source_type,
            source_id=command.source_id,
            reverses_posting_id=command.posting_id if isinstance(command, Reverse) else NO_ID,
            owner=command.owner if isinstance(command, TransferShip) else "",
            due_at=command.due_at if isinstance(command, TransferShip) else 0,
        )
        write(uow, state, header, draft, _shipments(command, header, draft.moves))
        return answer_of(state, header, draft.moves)


def write(
    uow: UnitOfWork,
    state: LedgerState,
    header: PostingHeader,
    draft: Draft,
    shipments: Iterable[tuple[object, ...]] = (),
) -> None:
    """Write a posting and all that follows from it in one batch, and emit its event."""
    with uow.session.batch() as batch:
        write_posting(batch, header, draft)
        deleted, written, to_delete, to_write = write_balances(batch, state, draft.touched)
        write_values(batch, draft.valuations)
        write_uses(batch, draft)
        write_orders(batch, state, draft)
        batch.execute_rows(INSERT_SHIPMENTS, list(shipments))
        if header.effective_on.isoformat() <= state.head.snapshot_through_on:
            snapshots.adjust(batch, header.effective_on.isoformat(), state.locations, draft.moves)
    if deleted.count != to_delete or written.count != to_write:
        raise ConcurrentChange  # somebody changed a balance past our locks: start again
    uow.emit(STOCK_POSTED, f"{header.source_type}:{header.source_id}", _event(header, draft))


def answer_of(state: LedgerState, header: PostingHeader, moves: list[Move]) -> PostingAnswer:
    """Return the answer for a posting just written."""
    return PostingAnswer(
        header.posting_id, header.command, header.effective_on, header.recorded_at,
        tuple(_posted_line(state, move) for move in moves),
    )  # fmt: skip


def _posted_line(state: LedgerState, move: Move) -> PostedLine:
    amount = int(move.amount)
    if not int(move.quantity) and state.locations[move.from_location_id].holds_stock:
        amount = -amount
    return PostedLine(
        move.line_no, move.input_line, move.item_id, move.lot_id, int(move.quantity), int(move.unit_cost), amount,
        move.reason._value_,
    )  # fmt: skip


def _event(header: PostingHeader, draft: Draft) -> StockPosted:
    items = tuple(
        ItemAfter(item_id, valuation.item.sequence, int(valuation.item.quantity))
        for item_id, valuation in sorted(draft.valuations.items())
    )
    return StockPosted(
        header.posting_id, header.command, header.effective_on.isoformat(), header.source_type, header.source_id,
        header.reverses_posting_id, items,
    )  # fmt: skip


def _shipments(command: Command, header: PostingHeader, moves: list[Move]) -> list[tuple[object, ...]]:
    """Rows of goods on the road: who answers for them, where they go, when they are due."""
    if not isinstance(command, TransferShip):
        return []
    on = header.effective_on.isoformat()
    return [
        (
            header.posting_id, move.line_no, move.item_id, move.lot_id, move.to_location_id,
            command.lines[move.input_line - 1].to_location_id, move.quantity, move.quantity, on, command.owner,
            command.due_at,
        )
        for move in moves
        if move.pricing is Pricing.MOVED
    ]  # fmt: skip
