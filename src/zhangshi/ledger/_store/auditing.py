"""SQL of the audit: everything is streamed in key order, so memory does not grow with the number of moves."""

from zhangshi.platform.statements import Statement

MOVE_COUNT = Statement("SELECT COUNT(*) FROM move")
ITEMS = Statement(
    "SELECT item_id, method, tracking, quantity_step, initial_standard_cost, 0, 0, 0, 0, 0, '', '', sequence, quantity,"
    " amount, last_cost, standard_cost FROM stock_item ORDER BY item_id"
)
MOVES_BY_ITEM = Statement(
    "SELECT item_id, item_sequence, posting_id, line_no, lot_id, quantity, from_location_id, from_status,"
    " to_location_id, to_status, unit_cost, amount, pricing, reason, origin_posting_id, origin_line_no, order_id,"
    " reservation_id FROM move ORDER BY item_id, item_sequence"
)
BALANCES = Statement(
    "SELECT item_id, location_id, lot_id, status, quantity, reserved FROM balance"
    " ORDER BY item_id, location_id, lot_id, status"
)
LAYERS = Statement("SELECT item_id, layer_key, quantity, amount FROM cost_layer ORDER BY item_id, layer_key")
OPEN_RESERVATIONS = Statement(
    "SELECT item_id, location_id, lot_id, SUM(open_quantity) FROM reservation WHERE state = 'open'"
    " GROUP BY item_id, location_id, lot_id"
)
RESERVATIONS = Statement("SELECT reservation_id, quantity, open_quantity, state FROM reservation")
POSTINGS = Statement(
    "SELECT posting_id, command, effective_on, recorded_at, actor, request_key, source_type, source_id,"
    " reverses_posting_id, owner, due_at, digest FROM posting ORDER BY posting_id"
)
MOVES_BY_POSTING = Statement(
    "SELECT posting_id, line_no, item_id, item_sequence, lot_id, quantity, from_location_id, from_status,"
    " to_location_id, to_status, unit_cost, amount, pricing, reason, order_id, origin_posting_id, origin_line_no,"
    " reservation_id, source_line_id, effective_on FROM move ORDER BY posting_id, line_no"
)
TRACES = Statement(
    "SELECT posting_id, trace_no, order_id, in_item_id, in_lot_id, out_item_id, out_lot_id, quantity FROM trace"
    " ORDER BY posting_id, trace_no"
)
SEALS = Statement("SELECT s.seal_no, s.posting_id, s.link, p.digest FROM seal s LEFT JOIN posting p"
                  " ON p.posting_id = s.posting_id ORDER BY s.seal_no")  # fmt: skip
UNSEALED = Statement("SELECT posting_id FROM posting_unsealed ORDER BY posting_id")
USED = Statement("SELECT posting_id, line_no, used FROM move_use WHERE used <> 0")
SHIPMENTS = Statement("SELECT posting_id, line_no, quantity, open_quantity FROM shipment")
SHIPMENTS_UNLIKE_THEIR_MOVES = Statement(
    "SELECT s.posting_id, s.line_no, s.item_id FROM shipment s JOIN posting p ON p.posting_id = s.posting_id"
    " JOIN move m ON m.posting_id = s.posting_id AND m.line_no = s.line_no WHERE s.owner <> p.owner"
    " OR s.due_at <> p.due_at OR s.shipped_on <> p.effective_on OR s.item_id <> m.item_id OR s.lot_id <> m.lot_id"
    " OR s.transit_location_id <> m.to_location_id ORDER BY s.posting_id, s.line_no"
)
MATERIALS = Statement(
    "SELECT order_id, item_id, lot_id, consumed, attributed FROM wip_material WHERE consumed <> 0 OR attributed <> 0"
)
ORDER_VALUES = Statement(
    "SELECT order_id, amount_in, amount_out FROM wip_order WHERE amount_in <> 0 OR amount_out <> 0"
)
PRODUCING = Statement(
    "SELECT posting_id FROM posting WHERE command = 'produce' UNION ALL SELECT r.posting_id FROM posting p"
    " JOIN posting r ON r.reverses_posting_id = p.posting_id AND r.reverses_posting_id <> 0"
    " WHERE p.command = 'produce'"
)
EDGES = Statement(
    "SELECT in_lot_id, in_item_id, out_lot_id, out_item_id, order_id, quantity FROM genealogy_edge WHERE quantity <> 0"
)
EDGES_FROM_TRACES = Statement(
    "SELECT in_lot_id, in_item_id, out_lot_id, out_item_id, order_id, SUM(quantity), MAX(posting_id) FROM trace"
    " GROUP BY in_lot_id, in_item_id, out_lot_id, out_item_id, order_id HAVING SUM(quantity) <> 0"
)
SNAPSHOT_DAYS = Statement("SELECT day_on FROM snapshot_day ORDER BY day_on")
LAST_CLOSED = Statement("SELECT COALESCE(MAX(period), '') FROM period WHERE state = 'closed'")
HEAD = Statement("SELECT locked_through_on, snapshot_through_on FROM ledger_head WHERE head_id = 1")
ANY_PLACE = Statement("SELECT location_id FROM stock_location ORDER BY location_id LIMIT 1")
LATEST_SNAPSHOT = Statement("SELECT COALESCE(MAX(day_on), '') FROM snapshot_day")

INTEGRITY = "PRAGMA integrity_check(20)"
