"""SQL of the questions people ask of stock; one query each. Only those that list moves grow with them."""

from zhangshi.platform.statements import RowsStatement, Statement

# PostgreSQL sums 64-bit integers into a NUMERIC, which would come back as a slow Decimal.
_SUMS = ", ".join(
    f"CAST(SUM({summed}) AS BIGINT)"
    for summed in (
        "CASE WHEN l.kind <> 'transit' THEN b.quantity ELSE 0 END",
        "CASE WHEN l.kind <> 'transit' AND b.status = 'available' THEN b.quantity - b.reserved ELSE 0 END",
        "b.reserved",
        "CASE WHEN l.kind = 'transit' THEN b.quantity ELSE 0 END",
    )
)
# All items: what an item owns is kept with it, so only the exceptions need a sum: goods on the road, not available,
# promised, or below zero (which can hide stock elsewhere from the item's total).
ON_HAND = Statement(
    "SELECT s.item_id, s.quantity - COALESCE(x.transit, 0),"
    " s.quantity - COALESCE(x.transit + x.blocked + x.reserved, 0), COALESCE(x.reserved, 0), COALESCE(x.transit, 0)"
    " FROM stock_item s LEFT JOIN (SELECT b.item_id,"
    " CAST(SUM(CASE WHEN l.kind = 'transit' THEN b.quantity ELSE 0 END) AS BIGINT) AS transit,"
    " CAST(SUM(CASE WHEN l.kind <> 'transit' AND b.status <> 'available' THEN b.quantity ELSE 0 END) AS BIGINT)"
    " AS blocked,"
    " CAST(SUM(b.reserved) AS BIGINT) AS reserved FROM balance b JOIN stock_location l ON l.location_id = b.location_id"
    " WHERE b.status <> 'available' OR b.reserved > 0 OR b.quantity < 0"
    " OR b.location_id IN (SELECT t.location_id FROM stock_location t WHERE t.kind = 'transit')"
    " GROUP BY b.item_id) x ON x.item_id = s.item_id WHERE s.quantity <> 0 OR x.item_id IS NOT NULL ORDER BY s.item_id"
)
ON_HAND_OF = RowsStatement(
    f"WITH input(item_id) AS ({{input}}) SELECT b.item_id, {_SUMS} FROM input i CROSS JOIN balance b"
    " CROSS JOIN stock_location l WHERE b.item_id = i.item_id AND l.location_id = b.location_id"
    " GROUP BY b.item_id ORDER BY b.item_id",
    columns={"item_id": "bigint"},
)
_BALANCE = (
    "SELECT b.item_id, b.location_id, b.lot_id, b.status, b.quantity, b.reserved, b.negative_allowed FROM balance b"
)
BALANCES = Statement(_BALANCE + " ORDER BY b.item_id, b.location_id, b.lot_id, b.status")
BALANCES_OF_ITEM = Statement(_BALANCE + " WHERE b.item_id = ? ORDER BY b.location_id, b.lot_id, b.status")
BALANCES_AT = Statement(_BALANCE + " WHERE b.location_id = ? ORDER BY b.item_id, b.lot_id, b.status")
VALUATION = Statement(
    "SELECT item_id, quantity, amount FROM stock_item WHERE quantity <> 0 OR amount <> 0 ORDER BY item_id"
)
CARD = Statement(
    "SELECT m.effective_on, p.recorded_at, m.posting_id, m.line_no, p.command, p.source_type, p.source_id, m.lot_id,"
    " m.from_location_id, m.from_status, m.to_location_id, m.to_status, m.quantity, m.amount, m.reason"
    " FROM move m JOIN posting p ON p.posting_id = m.posting_id"
    " WHERE m.item_id = ? AND m.effective_on >= ? AND m.effective_on <= ? ORDER BY m.effective_on, m.item_sequence"
)
IN_TRANSIT = Statement(
    "SELECT posting_id, line_no, item_id, lot_id, transit_location_id, to_location_id, quantity, open_quantity,"
    " shipped_on, owner, due_at FROM shipment WHERE open_quantity > 0 ORDER BY due_at, posting_id, line_no"
)
WORK_IN_PROGRESS = Statement(
    "SELECT order_id, amount_in, amount_out FROM wip_order WHERE amount_in <> amount_out ORDER BY order_id"
)
