"""The verbs of a story that are no postings: master data, promises, periods, questions."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from zhangshi.base.numbers import Amount, Quantity, amount_text, quantity_text
from zhangshi.base.periods import Period
from zhangshi.ledger.kernel.reserving import Strategy
from zhangshi.ledger.model import CostingMethod, Tracking
from zhangshi.ledger.service.period import PeriodAnswer, close_period, lock_through, reopen_period
from zhangshi.ledger.service.queries import as_of, balances, in_transit, on_hand, valuation, work_in_progress
from zhangshi.ledger.service.reserve import ReserveAnswer, ReserveLine, expire_due, release, reserve
from zhangshi.ledger.service.sealing import seal_pending
from zhangshi.ledger.service.snapshots import take_snapshot, thin_snapshots
from zhangshi.platform.statements import Statement

if TYPE_CHECKING:
    from tests.integration.ledger.story import Story, Words

Ask = Callable[["Story", "Words"], str]
METHODS = {"average": CostingMethod.MOVING_AVERAGE, "fifo": CostingMethod.FIFO, "monthly": CostingMethod.PERIOD_AVERAGE,
           "standard": CostingMethod.STANDARD}  # fmt: skip
NOTHING = "nothing"
_POSTINGS = Statement("SELECT COUNT(*) FROM posting")


def _quantity(minor: int) -> str:
    return quantity_text(Quantity(minor))


def _worth(value: tuple[int, int]) -> str:
    return f"{_quantity(value[0])} = {amount_text(Amount(value[1]))}"


def _item(story: "Story", w: "Words") -> str:
    story.items[w.name] = 101 + len(story.items)
    method = next((METHODS[o] for o in w.others if o in METHODS), CostingMethod.MOVING_AVERAGE)
    tracking = next((Tracking(o) for o in w.others if o in ("lot", "serial")), Tracking.NONE)
    step = w.marks.get("step", "0.000001")
    story.factory.item(story.items[w.name], method=method, tracking=tracking, step=step, standard=w.cost or "0")
    return ""


def _lot(story: "Story", w: "Words") -> str:
    for code in w.others:
        lot = story.factory.lot(story.items[w.name], code, expires_on=story.day(w.marks.get("expires")))
        story.lots[(w.name, code)] = lot
        story.clock.advance(timedelta(seconds=1))
    return ""


def _reserve(story: "Story", w: "Words") -> str:
    line = ReserveLine(**story.goods(w, "under"))
    strategy = Strategy.FIFO if "fifo" in w.others else Strategy.FEFO
    until, part = story.micros(w.marks.get("until")), "part" in w.others
    answer: ReserveAnswer = story.factory.write(
        lambda uow: reserve(uow, lines=[line], strategy=strategy, expires_at=until, allow_part=part),
        answer=ReserveAnswer,
    )
    if "as" in w.marks:
        story.named[w.marks["as"]] = answer
    picks = [f"{_quantity(p.quantity)} {story.place_name(p.location_id)}{story.code(p.lot_id)}" for p in answer.picks]
    return ", ".join(picks) or NOTHING


def _release(story: "Story", w: "Words") -> str:
    ids = [pick.reservation_id for pick in story.named[w.name].picks]
    return str(story.factory.write(lambda uow: release(uow, reservation_ids=ids), answer=int))


def _expire(story: "Story", w: "Words") -> str:
    return str(story.factory.write(expire_due, answer=int))


def _lock(story: "Story", w: "Words") -> str:
    on = story.day(w.name)
    assert on is not None
    return _locked(story.factory.write(lambda uow: lock_through(uow, on=on, reason="count"), answer=PeriodAnswer))


def _close(story: "Story", w: "Words") -> str:
    period = Period.parse(w.name)
    return _locked(
        story.factory.write(lambda uow: close_period(uow, period=period, reason="month end"), answer=PeriodAnswer)
    )


def _reopen(story: "Story", w: "Words") -> str:
    period = Period.parse(w.name)
    return _locked(
        story.factory.write(lambda uow: reopen_period(uow, period=period, reason="late invoice"), answer=PeriodAnswer)
    )


def _locked(answer: PeriodAnswer) -> str:
    return f"{answer.locked_through_on or 'open'}{' settled' if answer.settlement_id else ''}"


def _stock(story: "Story", w: "Words") -> str:
    with story.company.read() as session:
        found = {item: (quantity, value) for item, quantity, value in valuation(session)}
    return _worth(found.get(story.items[w.name], (0, 0)))


def _free(story: "Story", w: "Words") -> str:
    """What planning may count on, of what there is."""
    with story.company.read() as session:
        rows = on_hand(session, item_ids=[story.items[w.name]])
    return ", ".join(f"{_quantity(r.available)} of {_quantity(r.quantity)}" for r in rows) or NOTHING


def _places(story: "Story", w: "Words") -> str:
    with story.company.read() as session:
        rows = balances(session, item_id=story.items[w.name])
    return ", ".join(
        f"{story.place_name(r.location_id)}{story.code(r.lot_id)} {r.status} {_quantity(r.quantity)}"
        + (f" ({_quantity(r.reserved)} reserved)" if r.reserved else "")
        + (" negative" if r.is_negative else "")
        for r in rows
    ) or NOTHING  # fmt: skip


def _road(story: "Story", w: "Words") -> str:
    now = int(story.clock.now().timestamp() * 1_000_000)
    with story.company.read() as session:
        rows = in_transit(session)
    return ", ".join(
        f"{_quantity(r.open_quantity)} of {_quantity(r.quantity)} to {story.place_name(r.to_location_id)} by {r.owner}"
        + (" overdue" if 0 < r.due_at < now else "")
        for r in rows
    ) or NOTHING  # fmt: skip


def _orders(story: "Story", w: "Words") -> str:
    """Orders that still hold value: what went in, what came out."""
    names = {order_id: name for name, order_id in story.orders.items()}
    with story.company.read() as session:
        rows = work_in_progress(session)
    return ", ".join(
        f"{names[r.order_id]} {amount_text(Amount(r.amount_in))} - {amount_text(Amount(r.amount_out))}" for r in rows
    ) or NOTHING  # fmt: skip


def _snapshot(story: "Story", w: "Words") -> str:
    day = story.day(w.name)
    assert day is not None
    return "taken" if story.factory.write(lambda uow: take_snapshot(uow, day=day), answer=bool) else "there already"


def _thin(story: "Story", w: "Words") -> str:
    return str(story.factory.write(thin_snapshots, answer=int))


def _asof(story: "Story", w: "Words") -> str:
    """At the end of a business day; `by` a day, as the books said at its end."""
    day, item_id = story.day(w.others[0]), story.items[w.name]
    assert day is not None
    by = w.marks.get("by")
    recorded_by = story.instant(story.day(by)) + timedelta(hours=12) if by else None
    with story.company.read() as session:
        whole = as_of(session, day=day, recorded_by=recorded_by)
        of_item = as_of(session, day=day, item_id=item_id, recorded_by=recorded_by)
    assert of_item.values.get(item_id) == whole.values.get(item_id)
    assert of_item.balances == {key: held for key, held in whole.balances.items() if key[0] == item_id}
    places = ", ".join(
        f"{story.place_name(place)}{story.code(lot)} {status} {_quantity(held)}"
        for (_, place, lot, status), held in sorted(of_item.balances.items())
    )
    return f"{_worth(of_item.values.get(item_id, (0, 0)))}: {places or NOTHING}"


def _seal(story: "Story", w: "Words") -> str:
    return str(story.factory.write(seal_pending, answer=int))


def _postings(story: "Story", w: "Words") -> str:
    with story.company.read() as session:
        return str(session.query(_POSTINGS)[0][0])


REQUESTS: dict[str, Ask] = {
    "item": _item, "lot": _lot, "reserve": _reserve, "release": _release, "expire": _expire, "lock": _lock,
    "close": _close, "reopen": _reopen, "stock": _stock, "free": _free, "places": _places, "road": _road,
    "orders": _orders, "snapshot": _snapshot, "thin": _thin, "asof": _asof, "seal": _seal, "postings": _postings,
}  # fmt: skip
