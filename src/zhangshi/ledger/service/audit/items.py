"""Items: replay each one's moves and compare what comes out with what the tables hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from zhangshi.ledger._store import auditing as store
from zhangshi.ledger._store import reading as read
from zhangshi.ledger.kernel.replay import ItemReplay, Mismatch, StoredMove
from zhangshi.ledger.model import CostingMethod, Location, LocationKind, Pricing
from zhangshi.ledger.service.audit.report import Findings
from zhangshi.platform.session import Session

_item_id = itemgetter(0)
_Balances = dict[tuple[int, int, str], tuple[int, int]]


@dataclass(slots=True)
class Tallies:
    """What the moves say about the tables beside items; filled while the items are replayed."""

    used: dict[tuple[int, int], int] = field(default_factory=dict)
    shipped: dict[tuple[int, int], int] = field(default_factory=dict)
    drawn: dict[int, int] = field(default_factory=dict)
    consumed: dict[tuple[int, int, int], int] = field(default_factory=dict)
    order_values: dict[int, list[int]] = field(default_factory=dict)
    origins: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """(posting, line) of a move that used an earlier one -> that one: a reversal gives it back."""
    produced: set[int] = field(default_factory=set)
    """Postings of finished goods, and their reversals: they consume nothing."""


def check_items(
    session: Session,
    findings: Findings,
    places: Mapping[int, Location],
    tallies: Tallies,
    step: Callable[[], None],
) -> int:
    """Replay all items; return how many there are."""
    stock_places = {place.location_id for place in places.values() if place.holds_stock}
    balances, layers, reserved = _balances(session), _layers(session), _reserved(session)
    tallies.produced = {row[0] for row in session.query(store.PRODUCING)}
    groups = groupby(session.stream(store.MOVES_BY_ITEM), key=_item_id)
    waiting = next(groups, None)
    items = session.query(store.ITEMS)
    for row in items:
        state = read.items_of([row[:12]])[row[0]]
        replay = ItemReplay(state, stock_places)
        while waiting is not None and waiting[0] < row[0]:
            findings.add("unknown_item", item_id=waiting[0])
            waiting = next(groups, None)
        last_posting = _LastPosting()
        if waiting is not None and waiting[0] == row[0]:
            for *stored, order_id, reservation_id in waiting[1]:
                step()
                move = StoredMove(*stored)
                _note(findings, row[0], replay.feed(move))
                last_posting.note(move)
                _tally(tallies, places, move, order_id, reservation_id)
            waiting = next(groups, None)
        _note(findings, row[0], replay.finish())
        _compare_balances(findings, row[0], replay, balances.pop(row[0], {}), reserved, last_posting)
        _compare_value(findings, row, replay, layers.pop(row[0], []), last_posting.of_item)
    if waiting is not None:
        findings.add("unknown_item", item_id=waiting[0])
    _report_left_over(findings, {*balances, *layers}, reserved)
    return len(items)


class _LastPosting:
    """Which posting touched the item, and each of its balances, last: the place to begin looking."""

    def __init__(self) -> None:
        self.of_item = 0
        self.of_balance: dict[tuple[int, int, str], int] = {}

    def note(self, move: StoredMove) -> None:
        """Remember a move's posting."""
        self.of_item = move.posting_id
        self.of_balance[move.from_location_id, move.lot_id, move.from_status] = move.posting_id
        self.of_balance[move.to_location_id, move.lot_id, move.to_status] = move.posting_id


def _note(findings: Findings, item_id: int, mismatches: Iterable[Mismatch]) -> None:
    for wrong in mismatches:
        findings.add(
            wrong.what, posting_id=wrong.posting_id, item_id=item_id, expected=wrong.expected, found=wrong.found
        )


def _report_left_over(findings: Findings, item_ids: set[int], reserved: dict[tuple[int, int, int], int]) -> None:
    for item_id in sorted(item_ids):
        findings.add("unknown_item", item_id=item_id, note="balance or layer")
    for (item_id, location_id, lot_id), quantity in sorted(reserved.items()):
        findings.add("reserved", item_id=item_id, expected=quantity, note=f"location {location_id} lot {lot_id}")


def _balances(session: Session) -> dict[int, _Balances]:
    found: dict[int, _Balances] = {}
    for item_id, location_id, lot_id, status, quantity, reserved in session.stream(store.BALANCES):
        found.setdefault(item_id, {})[location_id, lot_id, status] = (quantity, reserved)
    return found


def _layers(session: Session) -> dict[int, list[tuple[int, int, int]]]:
    found: dict[int, list[tuple[int, int, int]]] = {}
    for item_id, layer_key, quantity, amount in session.stream(store.LAYERS):
        found.setdefault(item_id, []).append((layer_key, quantity, amount))
    return found


def _reserved(session: Session) -> dict[tuple[int, int, int], int]:
    return {(row[0], row[1], row[2]): int(row[3]) for row in session.query(store.OPEN_RESERVATIONS)}


def _compare_balances(
    findings: Findings,
    item_id: int,
    replay: ItemReplay,
    found: _Balances,
    reserved: dict[tuple[int, int, int], int],
    last_posting: _LastPosting,
) -> None:
    for key in sorted(replay.balances.keys() | found.keys()):
        location_id, lot_id, status = key
        expected, (held, promised) = replay.balances.get(key, 0), found.get(key, (0, 0))
        note = f"location {location_id} lot {lot_id} {status}"
        posting_id = last_posting.of_balance.get(key, 0)
        if expected != held:
            findings.add("balance", posting_id=posting_id, item_id=item_id, expected=expected, found=held, note=note)
        wanted = reserved.pop((item_id, location_id, lot_id), 0) if status == "available" else 0
        if wanted != promised:
            findings.add("reserved", posting_id=posting_id, item_id=item_id, expected=wanted, found=promised, note=note)


def _compare_value(
    findings: Findings, row: tuple[Any, ...], replay: ItemReplay, layers: list[tuple[int, int, int]], posting_id: int
) -> None:
    item = replay.valuation.item
    for code, expected, found in (
        ("item_sequence", item.sequence, row[12]),
        ("item_quantity", int(item.quantity), row[13]),
        ("item_amount", int(item.amount), row[14]),
        ("last_cost", int(item.last_cost), row[15]),
        ("standard_cost", int(item.standard_cost), row[16]),
    ):
        if expected != found:
            findings.add(code, posting_id=posting_id, item_id=item.item_id, expected=expected, found=found)
    rebuilt = [
        (layer.layer_key, int(layer.quantity), int(layer.amount))
        for layer in replay.valuation.book.layers
        if item.method is CostingMethod.FIFO
    ]
    if rebuilt != layers:
        findings.add("layer", posting_id=posting_id, item_id=item.item_id, expected=len(rebuilt), found=len(layers))


def _tally(
    tallies: Tallies, places: Mapping[int, Location], move: StoredMove, order_id: int, reservation_id: int
) -> None:
    """Note what a move says about uses, shipments, reservations and orders."""
    key, origin = (move.posting_id, move.line_no), (move.origin_posting_id, move.origin_line_no)
    is_reversal = move.pricing == Pricing.REVERSED
    if move.origin_posting_id and move.quantity:
        tallies.used[origin] = tallies.used.get(origin, 0) + move.quantity
        if not is_reversal:
            tallies.origins[key] = origin
        elif origin in tallies.origins:
            given_back = tallies.origins[origin]
            tallies.used[given_back] = tallies.used.get(given_back, 0) - move.quantity
    target, source = places.get(move.to_location_id), places.get(move.from_location_id)
    if target is None or source is None:
        return
    if target.kind is LocationKind.TRANSIT and not is_reversal:
        tallies.shipped[key] = move.quantity
    if reservation_id:
        sign = -1 if is_reversal else 1
        tallies.drawn[reservation_id] = tallies.drawn.get(reservation_id, 0) + sign * move.quantity
    if order_id:
        into = target.kind is LocationKind.PRODUCTION
        tallies.order_values.setdefault(order_id, [0, 0])[0 if into else 1] += move.amount
        if move.posting_id not in tallies.produced and move.quantity:
            material = (order_id, move.item_id, move.lot_id)
            tallies.consumed[material] = tallies.consumed.get(material, 0) + (move.quantity if into else -move.quantity)
