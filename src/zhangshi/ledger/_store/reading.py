"""Read what one command touches, under the ledger's locks.

Lock order, the same for everybody, so that no two postings wait for each other in a ring: the head (shared), then
orders by id, then items by id. Balances, layers, reservations, uses and materials belong to an item or an order and
are read after its lock, so they need none of their own. On SQLite the write lock of the file covers it all.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from zhangshi.base.numbers import Amount, Quantity, UnitCost
from zhangshi.ledger.model import (
    Balance,
    BalanceKey,
    CostingMethod,
    Head,
    ItemState,
    Layer,
    Location,
    LocationKind,
    Lot,
    Move,
    OrderMaterial,
    PostedMove,
    PostingHeader,
    Pricing,
    Reason,
    Reservation,
    Status,
    Trace,
    Tracking,
)
from zhangshi.platform.session import Result, Session
from zhangshi.platform.statements import RowsStatement, Statement

HEAD = Statement(
    "SELECT locked_through_on, snapshot_through_on, variance_location_id, time_zone, location_revision"
    " FROM ledger_head WHERE head_id = 1 {for_share}"
)
HEAD_FOR_UPDATE = Statement(
    "SELECT locked_through_on, snapshot_through_on, variance_location_id, time_zone, location_revision"
    " FROM ledger_head WHERE head_id = 1 {for_update}"
)
_ITEM_COLUMNS = (
    "item_id, method, tracking, quantity_step, standard_cost, sequence, quantity, amount, last_cost, recorded_at,"
    " last_in_on, last_out_on"
)
ITEMS = RowsStatement(
    f"SELECT {_ITEM_COLUMNS} FROM stock_item WHERE item_id IN ({{input}}) ORDER BY item_id {{for_update}}",
    columns={"item_id": "bigint"},
)
ENSURE_ORDERS = RowsStatement(
    "INSERT INTO wip_order (order_id, amount_in, amount_out) {input} ON CONFLICT (order_id) DO NOTHING",
    columns={"order_id": "bigint", "amount_in": "bigint", "amount_out": "bigint"},
)
LOCK_ORDERS = RowsStatement(
    "SELECT order_id FROM wip_order WHERE order_id IN ({input}) ORDER BY order_id {for_update}",
    columns={"order_id": "bigint"},
)
LOCATIONS = Statement("SELECT location_id, parent_id, kind, allows_negative, active FROM stock_location")
LOTS = RowsStatement(
    "SELECT lot_id, item_id, code, produced_on, expires_on, supplier_lot, registered_at FROM lot"
    " WHERE lot_id IN ({input})",
    columns={"lot_id": "bigint"},
)
SERIAL_PLACES = RowsStatement(
    "SELECT lot_id, location_id FROM balance WHERE serial = 1 AND lot_id IN ({input})",
    columns={"lot_id": "bigint"},
)
BALANCES = RowsStatement(
    "WITH input(item_id, location_id, lot_id, status) AS ({input})"
    " SELECT b.item_id, b.location_id, b.lot_id, b.status, b.quantity, b.reserved, b.negative_allowed, b.version"
    " FROM input i CROSS JOIN balance b WHERE b.item_id = i.item_id AND b.location_id = i.location_id"
    " AND b.lot_id = i.lot_id AND b.status = i.status",
    columns={"item_id": "bigint", "location_id": "bigint", "lot_id": "bigint", "status": "text"},
)
_RESERVATION_COLUMNS = (
    "reservation_id, item_id, location_id, lot_id, quantity, open_quantity, source_type, source_id, source_line_id,"
    " state, expires_at"
)
RESERVATIONS = RowsStatement(
    f"SELECT {_RESERVATION_COLUMNS} FROM reservation WHERE reservation_id IN ({{input}})",
    columns={"reservation_id": "bigint"},
)
_MOVE_COLUMNS = (
    "m.posting_id, m.line_no, m.item_id, m.item_sequence, m.lot_id, m.quantity, m.from_location_id, m.from_status,"
    " m.to_location_id, m.to_status, m.unit_cost, m.amount, m.pricing, m.reason, m.order_id, m.origin_posting_id,"
    " m.origin_line_no, m.reservation_id, m.source_line_id"
)
MOVES = RowsStatement(
    f"WITH input(posting_id, line_no) AS ({{input}}) SELECT {_MOVE_COLUMNS} FROM input i CROSS JOIN move m"
    " WHERE m.posting_id = i.posting_id AND m.line_no = i.line_no",
    columns={"posting_id": "bigint", "line_no": "bigint"},
)
MOVES_OF_POSTING = Statement(f"SELECT {_MOVE_COLUMNS} FROM move m WHERE m.posting_id = ? ORDER BY m.line_no")
USED = RowsStatement(
    "WITH input(posting_id, line_no) AS ({input}) SELECT u.posting_id, u.line_no, u.used FROM input i"
    " CROSS JOIN move_use u WHERE u.posting_id = i.posting_id AND u.line_no = i.line_no",
    columns={"posting_id": "bigint", "line_no": "bigint"},
)
TRACES_OF_POSTING = Statement(
    "SELECT trace_no, order_id, in_item_id, in_lot_id, out_item_id, out_lot_id, quantity FROM trace"
    " WHERE posting_id = ? ORDER BY trace_no"
)
HEADER = Statement(
    "SELECT posting_id, command, effective_on, recorded_at, actor, request_key, source_type, source_id,"
    " reverses_posting_id, owner, due_at FROM posting WHERE posting_id = ?"
)
REVERSED_BY = Statement("SELECT posting_id FROM posting WHERE reverses_posting_id = ? AND reverses_posting_id <> 0")
MATERIALS = Statement("SELECT order_id, item_id, lot_id, consumed, attributed FROM wip_material WHERE order_id = ?")
LAYERS = Statement(
    "SELECT layer_key, quantity, amount FROM cost_layer WHERE item_id = ? AND layer_key > ? ORDER BY layer_key LIMIT ?"
)
FIRST_LAYERS = RowsStatement(
    "WITH input(item_id) AS ({input}) SELECT l.item_id, l.layer_key, l.quantity, l.amount"
    " FROM input i CROSS JOIN cost_layer l WHERE l.item_id = i.item_id AND l.layer_key <= COALESCE("
    "(SELECT k.layer_key FROM cost_layer k WHERE k.item_id = i.item_id ORDER BY k.layer_key LIMIT 1 OFFSET 31),"
    " 9223372036854775807) ORDER BY l.item_id, l.layer_key",
    columns={"item_id": "bigint"},
)
OWN_LAYERS = RowsStatement(
    "WITH input(item_id, layer_key) AS ({input}) SELECT l.item_id, l.layer_key, l.quantity, l.amount"
    " FROM input i CROSS JOIN cost_layer l WHERE l.item_id = i.item_id AND l.layer_key = i.layer_key",
    columns={"item_id": "bigint", "layer_key": "bigint"},
)

_STATUSES = {status.value: status for status in Status}
_METHODS = {method.value: method for method in CostingMethod}
_TRACKINGS = {tracking.value: tracking for tracking in Tracking}


def head_of(rows: list[tuple[Any, ...]]) -> Head | None:
    """Return the head row, or None when the ledger is not open."""
    return Head(*rows[0]) if rows else None


def items_of(rows: Iterable[tuple[Any, ...]]) -> dict[int, ItemState]:
    """Return item states by id."""
    return {
        row[0]: ItemState(
            row[0], _METHODS[row[1]], _TRACKINGS[row[2]], Quantity(row[3]), UnitCost(row[4]), row[5],
            Quantity(row[6]), Amount(row[7]), UnitCost(row[8]), row[9], row[10], row[11],
        )
        for row in rows
    }  # fmt: skip


def locations_of(session: Session) -> dict[int, Location]:
    """Return every location by id; a factory has hundreds, at most some ten thousand bins."""
    return {
        row[0]: Location(row[0], row[1], LocationKind(row[2]), allows_negative=bool(row[3]), active=bool(row[4]))
        for row in session.query(LOCATIONS)
    }


def date_or_none(text: str) -> date | None:
    """Return the date of a stored ISO text; "" is None."""
    return date.fromisoformat(text) if text else None


def lots_of(rows: Iterable[tuple[Any, ...]]) -> dict[int, Lot]:
    """Return lots by id."""
    return {
        row[0]: Lot(row[0], row[1], row[2], date_or_none(row[3]), date_or_none(row[4]), row[5], row[6]) for row in rows
    }


def balances_of(rows: Iterable[tuple[Any, ...]]) -> dict[BalanceKey, Balance]:
    """Return balances by key."""
    return {
        BalanceKey(row[0], row[1], row[2], row[3]): Balance(Quantity(row[4]), Quantity(row[5]), bool(row[6]), row[7])
        for row in rows
    }


def reservations_of(rows: Iterable[tuple[Any, ...]]) -> dict[int, Reservation]:
    """Return reservations by id."""
    return {
        row[0]: Reservation(
            row[0], row[1], row[2], row[3], Quantity(row[4]), Quantity(row[5]), row[6], row[7], row[8], row[9], row[10]
        )
        for row in rows
    }


def posted_moves_of(rows: Iterable[tuple[Any, ...]]) -> list[PostedMove]:
    """Return stored moves; `used` is filled in by `with_used`, under the items' locks."""
    return [
        PostedMove(
            row[0],
            Move(
                row[1], row[2], row[3], row[4], Quantity(row[5]), row[6], _STATUSES[row[7]], row[8],
                _STATUSES[row[9]], UnitCost(row[10]), Amount(row[11]), Pricing(row[12]), Reason(row[13]), row[14],
                row[15], row[16], row[17], row[18],
            ),
            Quantity(0),
        )
        for row in rows
    ]  # fmt: skip


def with_used(
    posted: Iterable[PostedMove], used_rows: Iterable[tuple[int, int, int]]
) -> dict[tuple[int, int], PostedMove]:
    """Return posted moves by (posting, line) with how much of them is used."""
    used = {(posting_id, line_no): Quantity(quantity) for posting_id, line_no, quantity in used_rows}
    return {
        (p.posting_id, p.move.line_no): PostedMove(
            p.posting_id, p.move, used.get((p.posting_id, p.move.line_no), Quantity(0))
        )
        for p in posted
    }


def header_of(row: tuple[Any, ...]) -> PostingHeader:
    """Return a posting's header."""
    return PostingHeader(row[0], row[1], date.fromisoformat(row[2]), *row[3:])


def traces_of(rows: Iterable[tuple[Any, ...]]) -> tuple[Trace, ...]:
    """Return a posting's traces."""
    return tuple(Trace(row[0], row[1], row[2], row[3], row[4], row[5], Quantity(row[6])) for row in rows)


def materials_of(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[int, int, int], OrderMaterial]:
    """Return what orders consumed, by (order, item, lot)."""
    return {(row[0], row[1], row[2]): OrderMaterial(Quantity(row[3]), Quantity(row[4])) for row in rows}


def read_layers(
    session: Session, wanted: dict[int, int], own: Iterable[tuple[int, int]], *, whole: bool
) -> dict[int, list[Layer]]:
    """Return the open layers that a posting needs, oldest first.

    Args:
        session: in the posting's transaction, after the items' locks.
        wanted: item -> quantity that leaves; the layers returned hold more than that, while there are any, so that
            goods put back stand before the oldest layer even when all others go.
        own: (item, layer key) of layers that reversals and returns name.
        whole: read all layers, for a revaluation.
    Cost: two statements; one more per item each time 32 layers do not cover what leaves.
    """
    found: dict[int, dict[int, Layer]] = {item_id: {} for item_id in wanted}
    rows = session.query_rows(FIRST_LAYERS, [(item_id,) for item_id in sorted(wanted)])
    rows += session.query_rows(OWN_LAYERS, sorted(own))
    for item_id, layer_key, quantity, amount in rows:
        found.setdefault(item_id, {})[layer_key] = Layer(layer_key, Quantity(quantity), Amount(amount))
    for item_id, quantity in wanted.items():
        _read_more(session, item_id, found[item_id], quantity, whole=whole)
    return {item_id: [layers[key] for key in sorted(layers)] for item_id, layers in found.items()}


def _read_more(session: Session, item_id: int, layers: dict[int, Layer], quantity: int, *, whole: bool) -> None:
    limit = 32
    prefix = sorted(layers)[:limit]  # rows came in key order, so these are the first of the item
    while len(prefix) == limit and (whole or _held_up_to(layers, prefix[-1]) <= quantity):
        rows = session.query(LAYERS, item_id, prefix[-1], limit := limit * 4)
        prefix = [row[0] for row in rows]
        layers.update({row[0]: Layer(row[0], Quantity(row[1]), Amount(row[2])) for row in rows})


def _held_up_to(layers: dict[int, Layer], last_key: int) -> int:
    # A layer of its own may lie far behind the prefix; it does not fill the gap before it.
    return sum(int(layer.quantity) for key, layer in layers.items() if key <= last_key)


def rows_of(result: Result | None) -> list[tuple[Any, ...]]:
    """Return a batch result's rows; none where the statement was not sent."""
    return result.rows if result is not None else []
