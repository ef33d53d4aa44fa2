"""SQL of periods: their state and trace, and what the month-end average needs."""

from zhangshi.platform.statements import Statement

LAST_CLOSED = Statement("SELECT COALESCE(MAX(period), '') FROM period WHERE state = 'closed'")
UPSERT_PERIOD = Statement(
    "INSERT INTO period (period, state, changed_at, actor) VALUES (?, ?, ?, ?) ON CONFLICT (period)"
    " DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at, actor = excluded.actor"
)
INSERT_EVENT = Statement(
    "INSERT INTO period_event (event_id, action, period, through_on, actor, reason, recorded_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
LOCK_THROUGH = Statement("UPDATE ledger_head SET locked_through_on = ? WHERE head_id = 1")
PERIOD_AVERAGE_ITEMS = Statement(
    "SELECT item_id FROM stock_item WHERE method = 'period_average' AND sequence > 0 ORDER BY item_id {for_update}"
)
# A reversed issue of the same months counts against them; a reversed receipt, or a return to the supplier, is no issue.
# Corrections of negative stock come along with quantity 0, see `kernel.settling`.
ISSUED = Statement(
    "SELECT m.item_id, m.from_location_id, m.to_location_id, m.order_id, m.quantity, m.amount"
    " FROM stock_item s JOIN move m ON m.item_id = s.item_id"
    " LEFT JOIN move o ON m.pricing = 'reversed' AND o.posting_id = m.origin_posting_id"
    " AND o.line_no = m.origin_line_no"
    " WHERE s.method = 'period_average' AND (m.quantity > 0 OR m.reason = 'negative_correction')"
    " AND m.effective_on > ? AND m.effective_on <= ?"
    " AND (m.pricing IN ('method', 'origin', 'value')"
    " OR (o.pricing IN ('method', 'origin', 'value') AND o.effective_on > ?))"
    " ORDER BY m.item_id, m.item_sequence"
)
CHANGED_AFTER = Statement(
    "SELECT m.item_id, m.lot_id, m.from_location_id, m.from_status, m.to_location_id, m.to_status, SUM(m.quantity),"
    " SUM(m.amount) FROM stock_item s JOIN move m ON m.item_id = s.item_id"
    " WHERE s.method = 'period_average' AND m.effective_on > ?"
    " GROUP BY m.item_id, m.lot_id, m.from_location_id, m.from_status, m.to_location_id, m.to_status"
)
SETTLEMENT = Statement(
    "SELECT p.posting_id FROM posting p LEFT JOIN posting r ON r.reverses_posting_id = p.posting_id"
    " WHERE p.source_type = 'period' AND p.source_id = ? AND p.command = 'settle_period' AND r.posting_id IS NULL"
)
