"""Promise goods, and end promises.

A reservation names bin and lot, so that the storekeeper is sent to goods that are there. Reserved goods can leave
only through their reservation. It ends when it is used up, released, or its time has come (`expire_due`, called by a
schedule). See docs/algorithms/reservation.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from zhangshi.base.errors import Refusal, ZhangshiError
from zhangshi.base.numbers import Quantity, quantity_text
from zhangshi.base.periods import business_date
from zhangshi.ledger import refusals
from zhangshi.ledger._store import reading as read
from zhangshi.ledger._store import reserving as store
from zhangshi.ledger._store.writing import write_balances
from zhangshi.ledger.events import RESERVATION_CLOSED, ReservationClosed
from zhangshi.ledger.kernel.checks import winner
from zhangshi.ledger.kernel.reserving import Candidate, Pick, Strategy, choose
from zhangshi.ledger.kernel.state import LedgerState
from zhangshi.ledger.model import NO_ID, NO_LOT, REAL_KINDS, Balance, BalanceKey, Head, Location, Reservation, Status
from zhangshi.platform.faults import ConcurrentChange
from zhangshi.platform.statements import RowsStatement
from zhangshi.platform.unit_of_work import UnitOfWork

EXPIRED_AT_ONCE_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveLine:
    """Goods wanted somewhere under `location_id` (a warehouse, zone or bin), of any lot or of `lot_id`."""

    item_id: int
    quantity: Quantity
    location_id: int
    lot_id: int = NO_LOT
    source_line_id: int = NO_ID


@dataclass(frozen=True, slots=True)
class ReservedPick:
    """So much of a line is promised from this bin and lot; `line` counts from 1."""

    reservation_id: int
    line: int
    location_id: int
    lot_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReserveAnswer:
    """What was promised."""

    picks: tuple[ReservedPick, ...]


def reserve(  # a promise has these facts
    uow: UnitOfWork,
    *,
    lines: Sequence[ReserveLine],
    strategy: Strategy = Strategy.FEFO,
    source_type: str = "",
    source_id: int = NO_ID,
    expires_at: int = 0,
    effective_on: date | None = None,
    allow_part: bool = False,
) -> ReserveAnswer:
    """Promise available goods to the lines of a document, line by line.

    `expires_at` is in microseconds since 1970 UTC, 0 for never; lots that expire before `effective_on` (today when
    None) are passed over. With `allow_part` a line gets what there is, maybe nothing.

    Raises: ledger.not_open, ledger.empty_posting, ledger.unknown_item, ledger.unknown_location,
        ledger.wrong_location, ledger.quantity_not_positive, ledger.quantity_step, ledger.insufficient_to_reserve.
    """
    head, places = _head_and_places(uow)
    state = LedgerState(head=head, today="", locations=places)
    item_ids = sorted({(line.item_id,) for line in lines})
    state.items = read.items_of(uow.session.query_rows(read.ITEMS, item_ids))
    _check(state, lines)
    on = (effective_on or business_date(uow.now, ZoneInfo(head.time_zone))).isoformat()
    free = _candidates(uow, state, item_ids)
    picks: list[tuple[int, ReserveLine, Pick]] = []
    for number, line in enumerate(lines, 1):
        picks.extend((number, line, pick) for pick in _pick(state, free, line, strategy, on, allow_part=allow_part))
    rows = [
        (
            uow.next_id(), line.item_id, pick.location_id, pick.lot_id, pick.quantity, pick.quantity, source_type,
            source_id, line.source_line_id, "open", expires_at, uow.now_micros, 0, uow.actor,
        )
        for _, line, pick in picks
    ]  # fmt: skip
    touched = {BalanceKey(line.item_id, p.location_id, p.lot_id, Status.AVAILABLE) for _, line, p in picks}
    _write(uow, state, touched, [(store.INSERT_RESERVATIONS, rows)])
    return ReserveAnswer(
        tuple(
            ReservedPick(int(str(row[0])), number, pick.location_id, pick.lot_id, int(pick.quantity))
            for row, (number, _, pick) in zip(rows, picks, strict=True)
        )
    )


def release(uow: UnitOfWork, *, reservation_ids: Iterable[int]) -> int:
    """End promises that are still open; return how many.

    Raises: ledger.reservation_closed when one is unknown or ended already; then none is released.
    """
    return _close(uow, sorted(set(reservation_ids)), "released")


def expire_due(uow: UnitOfWork) -> int:
    """End up to 500 promises whose time has come; return how many. Safe to call from several places."""
    due = [row[0] for row in uow.session.query(store.DUE, uow.now_micros, EXPIRED_AT_ONCE_MAX)]
    return _close(uow, due, "expired")


def _close(uow: UnitOfWork, reservation_ids: Sequence[int], end: str) -> int:
    if not reservation_ids:
        return 0
    head, places = _head_and_places(uow)
    state = LedgerState(head=head, today="", locations=places)
    ids = [(reservation_id,) for reservation_id in reservation_ids]
    item_ids = sorted(
        {(r.item_id,) for r in read.reservations_of(uow.session.query_rows(read.RESERVATIONS, ids)).values()}
    )
    state.items = read.items_of(uow.session.query_rows(read.ITEMS, item_ids))
    found = read.reservations_of(uow.session.query_rows(read.RESERVATIONS, ids))
    still_open = {i: r for i, r in found.items() if r.state == "open"}
    if end == "released":
        for reservation_id in reservation_ids:
            if reservation_id not in still_open:
                raise ZhangshiError(refusals.RESERVATION_CLOSED, reservation=reservation_id)
    touched = _give_back(uow, state, still_open)
    rows = [(reservation_id, end, uow.now_micros) for reservation_id in sorted(still_open)]
    _write(uow, state, touched, [(store.CLOSE_RESERVATIONS, rows)])
    for reservation in still_open.values():
        uow.emit(RESERVATION_CLOSED, f"{reservation.source_type}:{reservation.source_id}", _event(reservation, end))
    return len(still_open)


def _give_back(uow: UnitOfWork, state: LedgerState, closing: Mapping[int, Reservation]) -> set[BalanceKey]:
    keys = {BalanceKey(r.item_id, r.location_id, r.lot_id, Status.AVAILABLE) for r in closing.values()}
    state.balances = read.balances_of(
        uow.session.query_rows(read.BALANCES, sorted((k[0], k[1], k[2], "available") for k in keys))
    )
    for r in closing.values():
        balance = state.balances[BalanceKey(r.item_id, r.location_id, r.lot_id, Status.AVAILABLE)]
        balance.reserved = balance.reserved - r.open_quantity
    return keys


def _head_and_places(uow: UnitOfWork) -> tuple[Head, dict[int, Location]]:
    head = read.head_of(uow.session.query(read.HEAD))
    if head is None:
        raise ZhangshiError(refusals.NOT_OPEN)
    return head, read.locations_of(uow.session)


def _check(state: LedgerState, lines: Sequence[ReserveLine]) -> None:
    if not lines:
        raise ZhangshiError(refusals.EMPTY_POSTING)
    first = winner(refusal for line in lines if (refusal := _wrong(state, line)) is not None)
    if first is not None:
        raise first.error()


def _wrong(state: LedgerState, line: ReserveLine) -> Refusal | None:
    item, place = state.items.get(line.item_id), state.locations.get(line.location_id)
    if item is None:
        return Refusal(refusals.UNKNOWN_ITEM, {"item": line.item_id})
    if place is None:
        return Refusal(refusals.UNKNOWN_LOCATION, {"location": line.location_id})
    if place.kind not in REAL_KINDS:
        kind, wanted = refusals.word(place.kind), refusals.word(" / ".join(sorted(REAL_KINDS)))
        return Refusal(refusals.WRONG_LOCATION, {"location": line.location_id, "kind": kind, "wanted": wanted})
    shown = quantity_text(line.quantity)
    if int(line.quantity) <= 0:
        return Refusal(refusals.QUANTITY_NOT_POSITIVE, {"item": line.item_id, "quantity": shown})
    if int(line.quantity) % int(item.quantity_step):
        step = quantity_text(item.quantity_step)
        return Refusal(refusals.QUANTITY_STEP, {"item": line.item_id, "quantity": shown, "step": step})
    return None


def _candidates(
    uow: UnitOfWork, state: LedgerState, item_ids: Sequence[tuple[int]]
) -> dict[int, dict[BalanceKey, Candidate]]:
    """Read what is free of the items, by item; fills in the balances that a promise will change."""
    free: dict[int, dict[BalanceKey, Candidate]] = {}
    for (
        item_id,
        location_id,
        lot_id,
        quantity,
        reserved,
        negative,
        version,
        expires_on,
        since,
    ) in uow.session.query_rows(store.CANDIDATES, item_ids):
        if state.locations[location_id].kind not in REAL_KINDS:
            continue
        key = BalanceKey(item_id, location_id, lot_id, Status.AVAILABLE)
        state.balances[key] = Balance(Quantity(quantity), Quantity(reserved), bool(negative), version)
        candidate = Candidate(location_id, lot_id, Quantity(quantity - reserved), expires_on, since)
        free.setdefault(item_id, {})[key] = candidate
    return free


def _pick(
    state: LedgerState,
    free: dict[int, dict[BalanceKey, Candidate]],
    line: ReserveLine,
    strategy: Strategy,
    on: str,
    *,
    allow_part: bool,
) -> list[Pick]:
    candidates = free.get(line.item_id, {})
    usable = [
        candidate
        for candidate in candidates.values()
        if line.lot_id in (NO_LOT, candidate.lot_id) and _is_under(state, candidate.location_id, line.location_id)
    ]
    picks = choose(usable, line.quantity, strategy, on)
    promised = sum(int(pick.quantity) for pick in picks)
    if promised < int(line.quantity) and not allow_part:
        raise ZhangshiError(
            refusals.INSUFFICIENT_TO_RESERVE, item=line.item_id, location=line.location_id,
            available=quantity_text(Quantity(promised)), wanted=quantity_text(line.quantity),
            missing=quantity_text(Quantity(int(line.quantity) - promised)),
        )  # fmt: skip
    for pick in picks:
        key = BalanceKey(line.item_id, pick.location_id, pick.lot_id, Status.AVAILABLE)
        state.balances[key].reserved = state.balances[key].reserved + pick.quantity
        candidates[key] = candidates[key]._replace(free=candidates[key].free - pick.quantity)
    return picks


def _is_under(state: LedgerState, location_id: int, root_id: int) -> bool:
    while location_id != root_id:
        location_id = state.locations[location_id].parent_id
        if not location_id:
            return False
    return True


def _write(
    uow: UnitOfWork,
    state: LedgerState,
    touched: Iterable[BalanceKey],
    rows: Sequence[tuple[RowsStatement, Sequence[tuple[object, ...]]]],
) -> None:
    with uow.session.batch() as batch:
        deleted, written, to_delete, to_write = write_balances(batch, state, touched)
        for statement, values in rows:
            batch.execute_rows(statement, values)
    if deleted.count != to_delete or written.count != to_write:
        raise ConcurrentChange


def _event(reservation: Reservation, end: str) -> ReservationClosed:
    return ReservationClosed(
        reservation.reservation_id, reservation.item_id, int(reservation.open_quantity), end,
        reservation.source_type, reservation.source_id, reservation.source_line_id,
    )  # fmt: skip
