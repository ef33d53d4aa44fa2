"""Write what a draft says: a fixed number of set-based statements, whatever the number of lines.

Rows are written in key order. A balance is written only over the version that was read, so that a writer which
came past the locks cannot be overwritten in silence; the database's own CHECKs stand behind that.
"""

from collections.abc import Iterable, Mapping

from zhangshi.ledger.kernel.costing import Valuation
from zhangshi.ledger.kernel.sealing import digest
from zhangshi.ledger.kernel.state import Draft, LedgerState
from zhangshi.ledger.model import BalanceKey, Move, PostingHeader, Tracking
from zhangshi.platform.session import Batch, Result
from zhangshi.platform.statements import RowsStatement, Statement

INSERT_POSTING = Statement(
    "INSERT INTO posting (posting_id, command, effective_on, recorded_at, actor, request_key, source_type, source_id,"
    " reverses_posting_id, owner, due_at, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_UNSEALED = Statement("INSERT INTO posting_unsealed (posting_id) VALUES (?)")
INSERT_MOVES = RowsStatement(
    "INSERT INTO move (item_id, item_sequence, posting_id, line_no, lot_id, quantity, from_location_id, from_status,"
    " to_location_id, to_status, unit_cost, amount, pricing, reason, order_id, origin_posting_id, origin_line_no,"
    " reservation_id, source_line_id, effective_on) {input}",
    columns={
        "item_id": "bigint", "item_sequence": "bigint", "posting_id": "bigint", "line_no": "integer",
        "lot_id": "bigint", "quantity": "bigint", "from_location_id": "bigint", "from_status": "text",
        "to_location_id": "bigint", "to_status": "text", "unit_cost": "bigint", "amount": "bigint", "pricing": "text",
        "reason": "text", "order_id": "bigint", "origin_posting_id": "bigint", "origin_line_no": "integer",
        "reservation_id": "bigint", "source_line_id": "bigint", "effective_on": "text",
    },
)  # fmt: skip
INSERT_TRACES = RowsStatement(
    "INSERT INTO trace (posting_id, trace_no, order_id, in_item_id, in_lot_id, out_item_id, out_lot_id, quantity)"
    " {input}",
    columns={
        "posting_id": "bigint", "trace_no": "integer", "order_id": "bigint", "in_item_id": "bigint",
        "in_lot_id": "bigint", "out_item_id": "bigint", "out_lot_id": "bigint", "quantity": "bigint",
    },
)  # fmt: skip
DELETE_BALANCES = RowsStatement(
    "DELETE FROM balance WHERE (item_id, location_id, lot_id, status, version) IN"
    " (WITH input(item_id, location_id, lot_id, status, version) AS ({input})"
    " SELECT item_id, location_id, lot_id, status, version FROM input)",
    columns={
        "item_id": "bigint", "location_id": "bigint", "lot_id": "bigint", "status": "text", "version": "bigint",
    },
)  # fmt: skip
UPSERT_BALANCES = RowsStatement(
    "INSERT INTO balance (item_id, location_id, lot_id, status, quantity, reserved, negative_allowed, serial, version)"
    " {input} ON CONFLICT (item_id, location_id, lot_id, status) DO UPDATE SET quantity = excluded.quantity,"
    " reserved = excluded.reserved, negative_allowed = excluded.negative_allowed, version = excluded.version"
    " WHERE balance.version = excluded.version - 1",
    columns={
        "item_id": "bigint", "location_id": "bigint", "lot_id": "bigint", "status": "text", "quantity": "bigint",
        "reserved": "bigint", "negative_allowed": "integer", "serial": "integer", "version": "bigint",
    },
)  # fmt: skip
UPDATE_ITEMS = RowsStatement(
    "UPDATE stock_item SET standard_cost = i.standard_cost, sequence = i.sequence, quantity = i.quantity,"
    " amount = i.amount, last_cost = i.last_cost, recorded_at = i.recorded_at, last_in_on = i.last_in_on,"
    " last_out_on = i.last_out_on FROM (WITH input(item_id, standard_cost, sequence, quantity, amount, last_cost,"
    " recorded_at, last_in_on, last_out_on) AS ({input}) SELECT * FROM input) AS i"
    " WHERE stock_item.item_id = i.item_id",
    columns={
        "item_id": "bigint", "standard_cost": "bigint", "sequence": "bigint", "quantity": "bigint",
        "amount": "bigint", "last_cost": "bigint", "recorded_at": "bigint", "last_in_on": "text",
        "last_out_on": "text",
    },
)  # fmt: skip
DELETE_LAYERS = RowsStatement(
    "DELETE FROM cost_layer WHERE (item_id, layer_key) IN"
    " (WITH input(item_id, layer_key) AS ({input}) SELECT item_id, layer_key FROM input)",
    columns={"item_id": "bigint", "layer_key": "bigint"},
)
UPSERT_LAYERS = RowsStatement(
    "INSERT INTO cost_layer (item_id, layer_key, quantity, amount) {input}"
    " ON CONFLICT (item_id, layer_key) DO UPDATE SET quantity = excluded.quantity, amount = excluded.amount",
    columns={"item_id": "bigint", "layer_key": "bigint", "quantity": "bigint", "amount": "bigint"},
)
ADD_USE = RowsStatement(
    "INSERT INTO move_use (posting_id, line_no, used) {input}"
    " ON CONFLICT (posting_id, line_no) DO UPDATE SET used = move_use.used + excluded.used",
    columns={"posting_id": "bigint", "line_no": "integer", "used": "bigint"},
)
GIVE_BACK_USE = RowsStatement(
    "UPDATE move_use SET used = move_use.used + i.used FROM (WITH input(posting_id, line_no, used) AS ({input})"
    " SELECT * FROM input) AS i WHERE move_use.posting_id = i.posting_id AND move_use.line_no = i.line_no",
    columns={"posting_id": "bigint", "line_no": "integer", "used": "bigint"},
)
USE_SHIPMENTS = RowsStatement(
    "UPDATE shipment SET open_quantity = shipment.open_quantity - i.used FROM (WITH input(posting_id, line_no, used)"
    " AS ({input}) SELECT * FROM input) AS i"
    " WHERE shipment.posting_id = i.posting_id AND shipment.line_no = i.line_no",
    columns={"posting_id": "bigint", "line_no": "integer", "used": "bigint"},
)
INSERT_SHIPMENTS = RowsStatement(
    "INSERT INTO shipment (posting_id, line_no, item_id, lot_id, transit_location_id, to_location_id, quantity,"
    " open_quantity, shipped_on, owner, due_at) {input}",
    columns={
        "posting_id": "bigint", "line_no": "integer", "item_id": "bigint", "lot_id": "bigint",
        "transit_location_id": "bigint", "to_location_id": "bigint", "quantity": "bigint", "open_quantity": "bigint",
        "shipped_on": "text", "owner": "text", "due_at": "bigint",
    },
)  # fmt: skip
USE_RESERVATIONS = RowsStatement(
    "UPDATE reservation SET open_quantity = reservation.open_quantity + i.change,"
    " state = CASE WHEN reservation.open_quantity + i.change = 0 THEN 'used' ELSE 'open' END"
    " FROM (WITH input(reservation_id, change) AS ({input}) SELECT * FROM input) AS i"
    " WHERE reservation.reservation_id = i.reservation_id",
    columns={"reservation_id": "bigint", "change": "bigint"},
)
UPSERT_MATERIALS = RowsStatement(
    "INSERT INTO wip_material (order_id, item_id, lot_id, consumed, attributed) {input}"
    " ON CONFLICT (order_id, item_id, lot_id) DO UPDATE SET consumed = excluded.consumed,"
    " attributed = excluded.attributed",
    columns={
        "order_id": "bigint", "item_id": "bigint", "lot_id": "bigint", "consumed": "bigint", "attributed": "bigint",
    },
)  # fmt: skip
ADD_ORDER_VALUES = RowsStatement(
    "UPDATE wip_order SET amount_in = wip_order.amount_in + i.amount_in, amount_out = wip_order.amount_out"
    " + i.amount_out FROM (WITH input(order_id, amount_in, amount_out) AS ({input}) SELECT * FROM input) AS i"
    " WHERE wip_order.order_id = i.order_id",
    columns={"order_id": "bigint", "amount_in": "bigint", "amount_out": "bigint"},
)
_EDGE = "in_lot_id, in_item_id, out_lot_id, out_item_id, order_id"
ADD_EDGES = RowsStatement(
    f"INSERT INTO genealogy_edge ({_EDGE}, quantity) {{input}} ON CONFLICT ({_EDGE})"
    " DO UPDATE SET quantity = genealogy_edge.quantity + excluded.quantity",
    columns={
        "in_lot_id": "bigint", "in_item_id": "bigint", "out_lot_id": "bigint", "out_item_id": "bigint",
        "order_id": "bigint", "quantity": "bigint",
    },
)  # fmt: skip
TAKE_EDGES = RowsStatement(
    f"UPDATE genealogy_edge SET quantity = genealogy_edge.quantity + i.quantity FROM (WITH input({_EDGE}, quantity)"
    " AS ({input}) SELECT * FROM input) AS i WHERE genealogy_edge.in_lot_id = i.in_lot_id"
    " AND genealogy_edge.in_item_id = i.in_item_id AND genealogy_edge.out_lot_id = i.out_lot_id"
    " AND genealogy_edge.out_item_id = i.out_item_id AND genealogy_edge.order_id = i.order_id",
    columns={
        "in_lot_id": "bigint", "in_item_id": "bigint", "out_lot_id": "bigint", "out_item_id": "bigint",
        "order_id": "bigint", "quantity": "bigint",
    },
)  # fmt: skip


def move_row(move: Move, posting_id: int, effective_on: str) -> tuple[object, ...]:
    """Return a move as its table row; enumerations as plain text, which drivers bind faster."""
    return (
        move.item_id, move.item_sequence, posting_id, move.line_no, move.lot_id, move.quantity, move.from_location_id,
        move.from_status._value_, move.to_location_id, move.to_status._value_, move.unit_cost, move.amount,
        move.pricing._value_, move.reason._value_, move.order_id, move.origin_posting_id, move.origin_line_no,
        move.reservation_id, move.source_line_id, effective_on,
    )  # fmt: skip


def write_posting(batch: Batch, header: PostingHeader, draft: Draft) -> None:
    """Add the facts: header with digest, moves, traces."""
    effective_on = header.effective_on.isoformat()
    batch.execute(
        INSERT_POSTING, header.posting_id, header.command, effective_on, header.recorded_at, header.actor,
        header.request_key, header.source_type, header.source_id, header.reverses_posting_id, header.owner,
        header.due_at, digest(header, draft.moves, draft.traces),
    )  # fmt: skip
    batch.execute(INSERT_UNSEALED, header.posting_id)
    batch.execute_rows(INSERT_MOVES, [move_row(move, header.posting_id, effective_on) for move in draft.moves])
    batch.execute_rows(INSERT_TRACES, [(header.posting_id, *trace) for trace in draft.traces])


def write_balances(batch: Batch, state: LedgerState, keys: Iterable[BalanceKey]) -> tuple[Result, Result, int, int]:
    """Add the balances at `keys`; return (deleted, written, wanted deleted, wanted written) to compare afterwards.

    A balance that falls to zero is deleted: on hand stays as small as what is on hand. Deletion comes first, so that
    a serial can move from place to place under its unique index.
    """
    empty: list[tuple[object, ...]] = []
    kept: list[tuple[object, ...]] = []
    for key in sorted(keys):
        balance = state.balances[key]
        if int(balance.quantity) == 0 and int(balance.reserved) == 0:
            if balance.version:
                empty.append((*_plain(key), balance.version))
            continue
        serial = int(state.items[key.item_id].tracking is Tracking.SERIAL)
        kept.append(
            (*_plain(key), balance.quantity, balance.reserved, int(balance.negative_allowed), serial,
             balance.version + 1)
        )  # fmt: skip
    deleted = batch.execute_rows(DELETE_BALANCES, empty)
    written = batch.execute_rows(UPSERT_BALANCES, kept)
    return deleted, written, len(empty), len(kept)


def _plain(key: BalanceKey) -> tuple[int, int, int, str]:
    return key.item_id, key.location_id, key.lot_id, str(key.status)


def write_values(batch: Batch, valuations: Mapping[int, Valuation]) -> None:
    """Add item values and FIFO layers."""
    items = [valuations[item_id].item for item_id in sorted(valuations)]
    batch.execute_rows(
        UPDATE_ITEMS,
        [
            (item.item_id, item.standard_cost, item.sequence, item.quantity, item.amount, item.last_cost,
             item.recorded_at, item.last_in_on, item.last_out_on)
            for item in items
        ],
    )  # fmt: skip
    removed: list[tuple[int, int]] = []
    changed: list[tuple[object, ...]] = []
    for item_id, valuation in valuations.items():
        book = valuation.book
        removed.extend((item_id, key) for key in book.removed)
        changed.extend((item_id, key, layer.quantity, layer.amount) for key, layer in book.changed.items())
    batch.execute_rows(DELETE_LAYERS, sorted(removed))
    batch.execute_rows(UPSERT_LAYERS, changed)


def write_uses(batch: Batch, draft: Draft) -> None:
    """Add what later postings use of earlier moves, and draw down reservations."""
    rows = [(*key, change) for key, change in sorted(draft.used.items()) if change]
    batch.execute_rows(ADD_USE, [row for row in rows if row[2] > 0])
    batch.execute_rows(GIVE_BACK_USE, [row for row in rows if row[2] < 0])
    batch.execute_rows(USE_SHIPMENTS, rows)
    batch.execute_rows(USE_RESERVATIONS, sorted(draft.reservation_changes.items()))


def write_orders(batch: Batch, state: LedgerState, draft: Draft) -> None:
    """Add order values, consumed materials and genealogy edges."""
    batch.execute_rows(
        ADD_ORDER_VALUES, [(order_id, *values) for order_id, values in sorted(draft.order_values.items())]
    )
    touched = sorted(draft.consumed.keys() | draft.attributed.keys())
    batch.execute_rows(
        UPSERT_MATERIALS, [(*key, state.materials[key].consumed, state.materials[key].attributed) for key in touched]
    )
    edges: dict[tuple[int, int, int, int, int], int] = {}
    for trace in draft.traces:
        key = (trace.in_lot_id, trace.in_item_id, trace.out_lot_id, trace.out_item_id, trace.order_id)
        edges[key] = edges.get(key, 0) + int(trace.quantity)
    batch.execute_rows(ADD_EDGES, [(*key, quantity) for key, quantity in sorted(edges.items()) if quantity > 0])
    batch.execute_rows(TAKE_EDGES, [(*key, quantity) for key, quantity in sorted(edges.items()) if quantity < 0])
