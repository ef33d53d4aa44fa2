"""SQL of what documents ask of stock while they are written: set-based, for the items and orders at hand."""

from zhangshi.platform.statements import RowsStatement, Statement

STOCK_OF = RowsStatement(
    "WITH input(item_id) AS ({input}) SELECT b.item_id, b.location_id, COALESCE(l.code, ''), b.status, b.quantity,"
    " b.reserved FROM input i CROSS JOIN balance b LEFT JOIN lot l ON l.lot_id = b.lot_id WHERE b.item_id = i.item_id",
    columns={"item_id": "bigint"},
)
COSTS_OF = RowsStatement(
    "SELECT item_id, method, standard_cost, quantity, amount, last_cost FROM stock_item WHERE item_id IN ({input})",
    columns={"item_id": "bigint"},
)
WORK_OF = RowsStatement(
    "SELECT order_id, amount_in, amount_out FROM wip_order WHERE order_id IN ({input})",
    columns={"order_id": "bigint"},
)
LOTS_BY_CODE = RowsStatement(
    "WITH input(item_id, code) AS ({input}) SELECT l.lot_id, l.item_id, l.code, l.produced_on, l.expires_on,"
    " l.supplier_lot, l.registered_at FROM input i JOIN lot l ON l.item_id = i.item_id AND l.code = i.code",
    columns={"item_id": "bigint", "code": "text"},
)
TRACKING_OF = RowsStatement(
    "SELECT item_id, tracking FROM stock_item WHERE item_id IN ({input})", columns={"item_id": "bigint"}
)
INSERT_LOTS = RowsStatement(
    "WITH input(lot_id, item_id, code, produced_on, expires_on, supplier_lot, registered_at) AS ({input})"
    " INSERT INTO lot (lot_id, item_id, code, produced_on, expires_on, supplier_lot, registered_at)"
    " SELECT lot_id, item_id, code, produced_on, expires_on, supplier_lot, registered_at FROM input WHERE true"
    " ON CONFLICT (item_id, code) DO NOTHING",
    columns={
        "lot_id": "bigint", "item_id": "bigint", "code": "text", "produced_on": "text", "expires_on": "text",
        "supplier_lot": "text", "registered_at": "bigint",
    },
)  # fmt: skip
TIME_ZONE = Statement("SELECT time_zone FROM ledger_head WHERE head_id = 1")
