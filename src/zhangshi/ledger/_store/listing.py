"""SQL of lists: lots by id, open reservations."""

from zhangshi.platform.statements import RowsStatement, Statement

LOT_CODES = RowsStatement(
    "WITH input(id) AS ({input}) SELECT l.lot_id, l.item_id, l.code, l.expires_on FROM input i JOIN lot l"
    " ON l.lot_id = i.id",
    columns={"id": "bigint"},
)
LOTS_OF_ITEM = Statement(
    "SELECT lot_id, item_id, code, expires_on FROM lot WHERE item_id = ? AND code > ? ORDER BY code LIMIT ?"
)
_RESERVATION = (
    "SELECT reservation_id, item_id, location_id, lot_id, quantity, open_quantity, source_type, source_id,"
    " source_line_id, expires_at, created_at, actor FROM reservation WHERE state = 'open'"
)
RESERVATIONS_OF_ITEM = Statement(_RESERVATION + " AND item_id = ? ORDER BY reservation_id LIMIT ?")
RESERVATIONS = Statement(_RESERVATION + " ORDER BY reservation_id LIMIT ?")
