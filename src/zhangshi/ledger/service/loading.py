"""Find out what a command touches, lock it, and read it.

Two rounds. The prelude reads facts that never change: the moves that lines refer to and the posting to reverse. The
steps then name items, orders, lots and balances; these are locked in the ledger's one order and read in one batch.
"""

from typing import Any
from zoneinfo import ZoneInfo

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.periods import business_date
from zhangshi.ledger import refusals
from zhangshi.ledger._store import reading as read
from zhangshi.ledger.commands import Command, Origin, Reverse
from zhangshi.ledger.kernel.expand import expand
from zhangshi.ledger.kernel.state import LedgerState, ReversedPosting, Step
from zhangshi.ledger.model import NO_ID, NO_LOT, CostingMethod, Head, Location, Pricing
from zhangshi.platform.session import Result, Session
from zhangshi.platform.unit_of_work import UnitOfWork

_UNREAD = Head("", "", 0, "UTC", -1)


class LocationCache:
    """All places in memory, re-read when the head says that they changed. Revisions are ids, so never reused."""

    def __init__(self) -> None:
        self.revision = -1
        self.places: dict[int, Location] = {}

    def refresh(self, session: Session, revision: int) -> bool:
        """Read the places again where `revision` is another; return whether they were."""
        if revision == self.revision:
            return False
        self.places = read.locations_of(session)
        self.revision = revision
        return True


def load(uow: UnitOfWork, command: Command, cache: LocationCache) -> tuple[LedgerState, list[Step]]:
    """Return the state that `command` touches, locked, and its steps.

    Raises: ledger.not_open.
    """
    session = uow.session
    state = LedgerState(head=_UNREAD, today="", locations=cache.places)
    _read_prelude(session, command, state)
    steps = expand(command, state)
    head = _read_locked(session, state, steps, command)
    if cache.refresh(session, head.location_revision):
        state.locations = cache.places
        steps = expand(command, state)
        _read_locked(session, state, steps, command)
    state.today = business_date(uow.now, ZoneInfo(head.time_zone)).isoformat()
    _read_layers(session, state, steps)
    return state, steps


def _origins(command: Command) -> set[tuple[int, int]]:
    found = set()
    for line in getattr(command, "lines", ()):
        origin: Origin | None = getattr(line, "origin", None) or getattr(line, "shipped", None)
        if origin is not None:
            found.add((origin.posting_id, origin.line_no))
    return found


def _read_prelude(session: Session, command: Command, state: LedgerState) -> None:
    if isinstance(command, Reverse):
        _read_reversed(session, command.posting_id, state)
        return
    origins = sorted(_origins(command))
    ids = {getattr(line, "reservation_id", NO_ID) for line in command.lines} - {NO_ID}
    if not origins and not ids:
        return
    moves = read.posted_moves_of(session.query_rows(read.MOVES, origins))
    state.origins = read.with_used(moves, [])
    state.reservations = read.reservations_of(session.query_rows(read.RESERVATIONS, [(i,) for i in sorted(ids)]))


def _read_reversed(session: Session, posting_id: int, state: LedgerState) -> None:
    headers = session.query(read.HEADER, posting_id)
    if not headers:
        return
    moves = read.posted_moves_of(session.query(read.MOVES_OF_POSTING, posting_id))
    traces = read.traces_of(session.query(read.TRACES_OF_POSTING, posting_id))
    state.reversed = ReversedPosting(read.header_of(headers[0]), tuple(moves), traces)
    state.origins = read.with_used(moves, [])
    ids = {posted.move.reservation_id for posted in moves} - {NO_ID}
    state.reservations = read.reservations_of(session.query_rows(read.RESERVATIONS, [(i,) for i in sorted(ids)]))


def _balance_keys(state: LedgerState, steps: list[Step]) -> list[tuple[int, int, int, str]]:
    keys = set()
    for step in steps:
        if not int(step.quantity):
            continue
        for location_id, status in (
            (step.from_location_id, step.from_status), (step.to_location_id, step.to_status),
        ):  # fmt: skip
            place = state.locations.get(location_id)
            if place is not None and place.holds_stock:
                keys.add((step.item_id, location_id, step.lot_id, status._value_))
    return sorted(keys)


def _read_locked(session: Session, state: LedgerState, steps: list[Step], command: Command) -> Head:
    """Lock head, orders and items, then read what belongs to them, in one batch."""
    orders = sorted({step.order_id for step in steps} - {NO_ID})
    items = sorted({step.item_id for step in steps})
    lots = sorted({lot_id for step in steps for lot_id in (step.lot_id, step.output_lot_id)} - {NO_LOT})
    reservations = sorted(state.reservations)
    results: dict[str, Result] = {}
    with session.batch() as batch:
        results["head"] = batch.query(read.HEAD)
        if orders:
            batch.execute_rows(read.ENSURE_ORDERS, [(order_id, 0, 0) for order_id in orders])
            batch.query_rows(read.LOCK_ORDERS, [(order_id,) for order_id in orders])
        results["items"] = batch.query_rows(read.ITEMS, [(item_id,) for item_id in items])
        results["balances"] = batch.query_rows(read.BALANCES, _balance_keys(state, steps))
        if lots:
            results["lots"] = batch.query_rows(read.LOTS, [(lot_id,) for lot_id in lots])
            results["serials"] = batch.query_rows(read.SERIAL_PLACES, [(lot_id,) for lot_id in lots])
        if reservations:
            results["reservations"] = batch.query_rows(read.RESERVATIONS, [(r,) for r in reservations])
        if state.origins:
            results["used"] = batch.query_rows(read.USED, sorted(state.origins))
        materials = [batch.query(read.MATERIALS, order_id) for order_id in orders]
        if isinstance(command, Reverse):
            results["reversed_by"] = batch.query(read.REVERSED_BY, command.posting_id)
    head = read.head_of(results["head"].rows)
    if head is None:
        raise ZhangshiError(refusals.NOT_OPEN)
    state.head = head
    _fill(state, results, [row for result in materials for row in result.rows])
    return head


def _fill(state: LedgerState, results: dict[str, Result], materials: list[tuple[Any, ...]]) -> None:
    state.items = read.items_of(results["items"].rows)
    state.balances = read.balances_of(results["balances"].rows)
    state.lots = read.lots_of(read.rows_of(results.get("lots")))
    state.serial_places = dict(read.rows_of(results.get("serials")))
    state.reservations = read.reservations_of(read.rows_of(results.get("reservations")))
    state.materials = read.materials_of(materials)
    used = read.rows_of(results.get("used"))
    state.origins = read.with_used(state.origins.values(), used)
    if state.reversed is not None:
        moves = tuple(state.origins[p.posting_id, p.move.line_no] for p in state.reversed.moves)
        by = read.rows_of(results.get("reversed_by"))
        state.reversed = ReversedPosting(state.reversed.header, moves, state.reversed.traces, by[0][0] if by else NO_ID)


def _read_layers(session: Session, state: LedgerState, steps: list[Step]) -> None:
    """Read the FIFO layers that the steps take from, put back before, or revalue."""
    wanted: dict[int, int] = {}
    own: set[tuple[int, int]] = set()
    whole = False
    for step in steps:
        item = state.items.get(step.item_id)
        if item is None or item.method is not CostingMethod.FIFO or step.pricing is Pricing.MOVED:
            continue
        place = state.locations.get(step.from_location_id)
        goes_out = place is not None and place.holds_stock
        if goes_out or step.is_exact or step.pricing is Pricing.VALUE:
            wanted[step.item_id] = wanted.get(step.item_id, 0) + (int(step.quantity) if goes_out else 0)
            whole = whole or step.pricing is Pricing.VALUE
        posted = state.origins.get((step.origin.posting_id, step.origin.line_no)) if step.origin else None
        if posted is not None and goes_out:
            own.add((step.item_id, posted.move.item_sequence))
    if wanted:
        state.layers = read.read_layers(session, wanted, own, whole=whole)
