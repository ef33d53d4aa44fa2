"""SQL of genealogy: one recursive query over indexed edges; duplicates end it, so a cycle of rework does too."""

from zhangshi.platform.statements import RowsStatement, Statement

_COLUMNS = "e.order_id, e.in_item_id, e.in_lot_id, e.out_item_id, e.out_lot_id, e.quantity"
FORWARD = Statement(
    "WITH RECURSIVE reach(lot_id) AS (SELECT CAST(? AS BIGINT) UNION SELECT e.out_lot_id FROM reach r"
    " CROSS JOIN genealogy_edge e WHERE e.in_lot_id = r.lot_id AND e.quantity > 0 AND e.out_lot_id <> 0)"
    f" SELECT {_COLUMNS} FROM reach r CROSS JOIN genealogy_edge e WHERE e.in_lot_id = r.lot_id AND e.quantity > 0"
)
BACK = Statement(
    "WITH RECURSIVE reach(lot_id) AS (SELECT CAST(? AS BIGINT) UNION SELECT e.in_lot_id FROM reach r"
    " CROSS JOIN genealogy_edge e WHERE e.out_lot_id = r.lot_id AND e.quantity > 0 AND e.in_lot_id <> 0)"
    f" SELECT {_COLUMNS} FROM reach r CROSS JOIN genealogy_edge e WHERE e.out_lot_id = r.lot_id AND e.quantity > 0"
)
PRODUCED = RowsStatement(
    "WITH input(lot_id) AS ({input}) SELECT m.lot_id, SUM(CASE WHEN p.command = 'produce' THEN m.quantity"
    " WHEN o.command = 'produce' THEN -m.quantity ELSE 0 END)"
    " FROM input i CROSS JOIN move m JOIN posting p ON p.posting_id = m.posting_id"
    " LEFT JOIN posting o ON p.command = 'reverse' AND o.posting_id = p.reverses_posting_id"
    " WHERE m.lot_id = i.lot_id AND m.lot_id <> 0 AND m.order_id <> 0 GROUP BY m.lot_id",
    columns={"lot_id": "bigint"},
)
DELIVERIES = RowsStatement(
    "WITH input(lot_id) AS ({input}) SELECT m.lot_id, m.item_id, p.source_type, p.source_id, m.to_location_id,"
    " SUM(m.quantity) FROM input i CROSS JOIN move m JOIN stock_location t ON t.location_id = m.to_location_id"
    " JOIN posting p ON p.posting_id = m.posting_id WHERE m.lot_id = i.lot_id AND m.lot_id <> 0"
    " AND t.kind = 'customer' GROUP BY m.lot_id, m.item_id, p.source_type, p.source_id, m.to_location_id",
    columns={"lot_id": "bigint"},
)
