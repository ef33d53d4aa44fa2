"""SQL of the ledger's own master data: head, places, items, lots."""

from zhangshi.platform.statements import Statement

INSERT_HEAD = Statement(
    "INSERT INTO ledger_head (head_id, locked_through_on, snapshot_through_on, variance_location_id, time_zone,"
    " location_revision) VALUES (1, '', '', ?, ?, ?)"
)
BUMP_LOCATIONS = Statement("UPDATE ledger_head SET location_revision = ? WHERE head_id = 1")
UPSERT_LOCATION = Statement(
    "INSERT INTO stock_location (location_id, parent_id, kind, allows_negative, active) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (location_id) DO UPDATE SET parent_id = excluded.parent_id, kind = excluded.kind,"
    " allows_negative = excluded.allows_negative, active = excluded.active"
)
STOCK_AT = Statement("SELECT COUNT(*), COALESCE(MIN(quantity), 0) FROM balance WHERE location_id = ?")
FLAG_NEGATIVE = Statement("UPDATE balance SET negative_allowed = ?, version = version + 1 WHERE location_id = ?")
INSERT_ITEM = Statement(
    "INSERT INTO stock_item (item_id, method, tracking, quantity_step, initial_standard_cost, standard_cost, sequence,"
    " quantity, amount, last_cost, recorded_at, last_in_on, last_out_on)"
    " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, '', '') ON CONFLICT (item_id) DO NOTHING"
)
UPDATE_UNUSED_ITEM = Statement(
    "UPDATE stock_item SET method = ?, tracking = ?, quantity_step = ?, initial_standard_cost = ?, standard_cost = ?"
    " WHERE item_id = ? AND sequence = 0"
)
FIND_LOT = Statement(
    "SELECT lot_id, item_id, code, produced_on, expires_on, supplier_lot, registered_at FROM lot"
    " WHERE item_id = ? AND code = ?"
)
INSERT_LOT = Statement(
    "INSERT INTO lot (lot_id, item_id, code, produced_on, expires_on, supplier_lot, registered_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (item_id, code) DO NOTHING"
)
