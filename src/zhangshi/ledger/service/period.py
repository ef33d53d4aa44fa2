"""Periods: lock by date, close a month, reopen the last closed one; every change leaves a trace.

Closing runs the month-end average (`kernel.settling`), takes the month's snapshot and locks the books through its last
day. Reopening is one step back: it takes the settlement back and opens that month. All of it holds the head against
postings. See docs/algorithms/period.md.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import Amount, Quantity
from zhangshi.base.periods import Period, business_date
from zhangshi.ledger import refusals
from zhangshi.ledger._store import periods as store
from zhangshi.ledger._store import reading as read
from zhangshi.ledger._store import snapshots as snapshot_store
from zhangshi.ledger.events import PERIOD_CHANGED, PeriodChanged
from zhangshi.ledger.kernel.posting import add_value_move, order_values, value_move_step
from zhangshi.ledger.kernel.settling import Issued, settle_item
from zhangshi.ledger.kernel.state import Draft, LedgerState
from zhangshi.ledger.model import (
    NO_ID,
    Head,
    LocationKind,
    Move,
    PostingHeader,
    Reason,
    Status,
)
from zhangshi.ledger.service.post import write
from zhangshi.ledger.service.setup import lock_head
from zhangshi.ledger.service.snapshots import take_snapshot
from zhangshi.platform.unit_of_work import UnitOfWork

_SETTLE, _UNSETTLE = "settle_period", "unsettle_period"


@dataclass(frozen=True, slots=True)
class PeriodAnswer:
    """How the books are locked now. `settlement_id` is the posting of the month-end average, 0 without one."""

    period: str
    state: str
    locked_through_on: str
    settlement_id: int = NO_ID


def lock_through(uow: UnitOfWork, *, on: date, reason: str) -> PeriodAnswer:
    """Refuse postings dated up to `on` from now on, without closing a month; may move back to the last closed month.

    Raises: ledger.not_open, ledger.period_order when `on` lies inside a closed month.
    """
    lock_head(uow)
    last = _last_closed(uow)
    if last is not None and on < last.ends_on:
        raise _out_of_order(Period.of(on), "lock", last)
    return _record(uow, "lock", str(Period.of(on)), on.isoformat(), reason)


def close_period(uow: UnitOfWork, *, period: Period, reason: str) -> PeriodAnswer:
    """Close a month (月末结账).

    Raises: ledger.not_open, ledger.period_not_over, ledger.period_order.
    """
    head = lock_head(uow)
    last = _last_closed(uow)
    if last is not None and period != last.next():
        raise _out_of_order(period, "close", last)
    today = business_date(uow.now, ZoneInfo(head.time_zone))
    if today <= period.ends_on:
        raise ZhangshiError(
            refusals.PERIOD_NOT_OVER, period=str(period), ends_on=period.ends_on.isoformat(), today=today.isoformat()
        )
    settlement_id = _settle(uow, head, period, last)
    take_snapshot(uow, day=period.ends_on)
    uow.session.execute(store.UPSERT_PERIOD, str(period), "closed", uow.now_micros, uow.actor)
    through = max(head.locked_through_on, period.ends_on.isoformat())
    return _record(uow, "close", str(period), through, reason, settlement_id)


def reopen_period(uow: UnitOfWork, *, period: Period, reason: str) -> PeriodAnswer:
    """Reopen the last closed month (反结账), and take its settlement back.

    Raises: ledger.not_open, ledger.period_order when it is not the last closed one.
    """
    head = lock_head(uow)
    last = _last_closed(uow)
    if period != last:
        raise _out_of_order(period, "reopen", last)
    settlements = [row[0] for row in uow.session.query(store.SETTLEMENT, _source_id(period))]
    unsettled = [_unsettle(uow, head, period, posting_id) for posting_id in settlements]
    uow.session.execute(store.UPSERT_PERIOD, str(period), "open", uow.now_micros, uow.actor)
    before = _last_closed(uow)
    through = before.ends_on.isoformat() if before else ""
    return _record(uow, "reopen", str(period), through, reason, unsettled[0] if unsettled else NO_ID)


def _out_of_order(period: Period, action: str, last: Period | None) -> ZhangshiError:
    last_closed = str(last) if last else ""
    return ZhangshiError(
        refusals.PERIOD_ORDER, period=str(period), action=refusals.word(action), last_closed=last_closed
    )


def _last_closed(uow: UnitOfWork) -> Period | None:
    ((text,),) = uow.session.query(store.LAST_CLOSED)
    return Period.parse(text) if text else None


def _source_id(period: Period) -> int:
    return period.year * 100 + period.month


def _record(
    uow: UnitOfWork, action: str, period: str, through: str, reason: str, settlement_id: int = NO_ID
) -> PeriodAnswer:
    uow.session.execute(store.LOCK_THROUGH, through)
    uow.session.execute(store.INSERT_EVENT, uow.next_id(), action, period, through, uow.actor, reason, uow.now_micros)
    uow.emit(PERIOD_CHANGED, "period", PeriodChanged(action, period, through))
    return PeriodAnswer(period, action, through, settlement_id)


def _settle(uow: UnitOfWork, head: Head, period: Period, last: Period | None) -> int:
    """Post the month-end average of every item that uses it; return the posting, or 0 when nothing differs."""
    state = _state(uow, head)
    since, until = (last.ends_on.isoformat() if last else ""), period.ends_on.isoformat()
    in_month = snapshot_store.changes(uow.session.query(store.CHANGED_AFTER, since), state.locations)[1]
    short = {i for i, item in state.items.items() if int(item.quantity) < in_month.get(i, (0, 0))[0]}
    issued = _issued(state, uow.session.query(store.ISSUED, since, until, since), short)
    later = snapshot_store.changes(uow.session.query(store.CHANGED_AFTER, until), state.locations)[1]
    draft = Draft()
    for item_id, state_of_item in state.items.items():
        held_later, worth_later = later.get(item_id, (0, 0))
        closing_quantity = Quantity(int(state_of_item.quantity) - held_later)
        closing_amount = Amount(int(state_of_item.amount) - worth_later)
        for correction in settle_item(closing_quantity, closing_amount, issued.get(item_id, [])):
            _add(state, draft, item_id, correction.issued, -correction.amount)
    return _post(uow, state, draft, period, _SETTLE)


def _state(uow: UnitOfWork, head: Head) -> LedgerState:
    ids = uow.session.query(store.PERIOD_AVERAGE_ITEMS)
    items = read.items_of(uow.session.query_rows(read.ITEMS, ids))
    return LedgerState(head=head, today="", items=items, locations=read.locations_of(uow.session))


def _issued(state: LedgerState, rows: Iterable[tuple[int, ...]], short: Container[int]) -> dict[int, list[Issued]]:
    """Return item -> net issues by counterparty and order; goods that came back count against them.

    `short` holds items that began the month below zero: their corrections of negative stock stay as they are.
    """
    sums: dict[tuple[int, int, int], list[int]] = {}
    for item_id, from_id, to_id, order_id, quantity, amount in rows:
        out_of, into = state.locations[from_id].holds_stock, state.locations[to_id].holds_stock
        if out_of is into or (not quantity and item_id in short):
            continue
        counterparty, stock = (to_id, from_id) if out_of else (from_id, to_id)
        if state.locations[counterparty].kind is LocationKind.SUPPLIER:
            continue
        entry = sums.setdefault((item_id, counterparty, order_id), [stock, 0, 0])
        sign = 1 if out_of else -1
        entry[1] += sign * quantity
        entry[2] += sign * amount
    issued: dict[int, list[Issued]] = {}
    for (item_id, counterparty, order_id), (stock, quantity, amount) in sorted(sums.items()):
        issued.setdefault(item_id, []).append(Issued(counterparty, order_id, stock, Quantity(quantity), Amount(amount)))
    return issued


def _add(state: LedgerState, draft: Draft, item_id: int, issued: Issued, change: int) -> None:
    stock, counterparty = (issued.stock_location_id, Status.AVAILABLE), (issued.location_id, Status.OUTSIDE)
    step = value_move_step(item_id, stock, counterparty, Reason.PERIOD_SETTLEMENT, raises=change > 0)
    step.order_id = issued.order_id
    add_value_move(draft, draft.valuation(state, item_id), step, change)


def _unsettle(uow: UnitOfWork, head: Head, period: Period, posting_id: int) -> int:
    """Post the opposite of a settlement."""
    state = _state(uow, head)
    draft = Draft()
    for posted in read.posted_moves_of(uow.session.query(read.MOVES_OF_POSTING, posting_id)):
        move: Move = posted.move
        stock_first = state.locations[move.from_location_id].holds_stock
        stock_id, other_id = (
            (move.from_location_id, move.to_location_id)
            if stock_first
            else (move.to_location_id, move.from_location_id)
        )
        issued = Issued(other_id, move.order_id, stock_id, Quantity(0), Amount(0))
        _add(state, draft, move.item_id, issued, int(move.amount) if stock_first else -int(move.amount))
    return _post(uow, state, draft, period, _UNSETTLE, reverses=posting_id)


def _post(
    uow: UnitOfWork, state: LedgerState, draft: Draft, period: Period, command: str, reverses: int = NO_ID
) -> int:
    if not draft.moves:
        return NO_ID
    production = {p.location_id for p in state.locations.values() if p.kind is LocationKind.PRODUCTION}
    draft.order_values = order_values(draft.moves, production)
    recorded_at = max([uow.now_micros, *(v.item.recorded_at for v in draft.valuations.values())])
    for valuation in draft.valuations.values():
        valuation.item.recorded_at = recorded_at
    header = PostingHeader(
        posting_id=uow.next_id(), command=command, effective_on=period.ends_on, recorded_at=recorded_at,
        actor=uow.actor, request_key=uow.request_key, source_type="period", source_id=_source_id(period),
        reverses_posting_id=reverses,
    )  # fmt: skip
    write(uow, state, header, draft)
    return header.posting_id
