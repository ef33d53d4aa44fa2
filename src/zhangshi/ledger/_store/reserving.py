"""SQL of reservations."""

from zhangshi.platform.statements import RowsStatement, Statement

CANDIDATES = RowsStatement(
    "WITH input(item_id) AS ({input}) SELECT b.item_id, b.location_id, b.lot_id, b.quantity, b.reserved,"
    " b.negative_allowed, b.version, COALESCE(l.expires_on, ''), COALESCE(l.registered_at, 0)"
    " FROM input i CROSS JOIN balance b LEFT JOIN lot l ON l.lot_id = b.lot_id"
    " WHERE b.item_id = i.item_id AND b.status = 'available' AND b.quantity > b.reserved",
    columns={"item_id": "bigint"},
)
INSERT_RESERVATIONS = RowsStatement(
    "INSERT INTO reservation (reservation_id, item_id, location_id, lot_id, quantity, open_quantity, source_type,"
    " source_id, source_line_id, state, expires_at, created_at, closed_at, actor) {input}",
    columns={
        "reservation_id": "bigint", "item_id": "bigint", "location_id": "bigint", "lot_id": "bigint",
        "quantity": "bigint", "open_quantity": "bigint", "source_type": "text", "source_id": "bigint",
        "source_line_id": "bigint", "state": "text", "expires_at": "bigint", "created_at": "bigint",
        "closed_at": "bigint", "actor": "text",
    },
)  # fmt: skip
CLOSE_RESERVATIONS = RowsStatement(
    "UPDATE reservation SET open_quantity = 0, state = i.state, closed_at = i.closed_at FROM"
    " (WITH input(reservation_id, state, closed_at) AS ({input}) SELECT * FROM input) AS i"
    " WHERE reservation.reservation_id = i.reservation_id",
    columns={"reservation_id": "bigint", "state": "text", "closed_at": "bigint"},
)
DUE = Statement(
    "SELECT reservation_id FROM reservation WHERE state = 'open' AND expires_at > 0 AND expires_at <= ?"
    " ORDER BY expires_at, reservation_id LIMIT ?"
)
