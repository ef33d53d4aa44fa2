"""SQL of as-of balances: daily snapshots, and the moves between them.

A snapshot holds what was on hand at the end of a business day, zero left out, and each item's value. It is derived:
deleting snapshots changes no answer, only its cost. A late posting (dated on or before the newest snapshot) adds
itself to the snapshots that it concerns, so they stay exact.
"""

from collections.abc import Iterable, Mapping

from zhangshi.ledger.model import Location, Move
from zhangshi.platform.session import Batch
from zhangshi.platform.statements import RowsStatement, Statement

NEAREST = Statement("SELECT COALESCE(MAX(day_on), '') FROM snapshot_day WHERE day_on <= ?")
SNAPSHOT_BALANCES = Statement(
    "SELECT item_id, location_id, lot_id, status, quantity FROM snapshot_balance WHERE day_on = ?"
)
SNAPSHOT_BALANCES_OF_ITEM = Statement(
    "SELECT item_id, location_id, lot_id, status, quantity FROM snapshot_balance WHERE day_on = ? AND item_id = ?"
)
SNAPSHOT_VALUES = Statement("SELECT item_id, quantity, amount FROM snapshot_value WHERE day_on = ?")
SNAPSHOT_VALUES_OF_ITEM = Statement(
    "SELECT item_id, quantity, amount FROM snapshot_value WHERE day_on = ? AND item_id = ?"
)
_SUMS = (
    "SELECT m.item_id, m.lot_id, m.from_location_id, m.from_status, m.to_location_id, m.to_status, SUM(m.quantity),"
    " SUM(m.amount)"
)
_GROUP = " GROUP BY m.item_id, m.lot_id, m.from_location_id, m.from_status, m.to_location_id, m.to_status"
MOVES_BETWEEN = Statement(
    _SUMS + " FROM posting p CROSS JOIN move m WHERE p.effective_on > ? AND p.effective_on <= ?"
    " AND m.posting_id = p.posting_id" + _GROUP
)
MOVES_OF_ITEM_BETWEEN = Statement(
    _SUMS + " FROM move m WHERE m.effective_on > ? AND m.effective_on <= ? AND m.item_id = ?" + _GROUP
)
_LATER = (
    _SUMS + " FROM posting p CROSS JOIN move m WHERE p.recorded_at > ? AND p.effective_on <= ?"
    " AND m.posting_id = p.posting_id"
)
RECORDED_LATER = Statement(_LATER + _GROUP)
RECORDED_LATER_OF_ITEM = Statement(_LATER + " AND m.item_id = ?" + _GROUP)
INSERT_DAY = Statement("INSERT INTO snapshot_day (day_on, taken_at) VALUES (?, ?)")
INSERT_BALANCES = RowsStatement(
    "INSERT INTO snapshot_balance (day_on, item_id, location_id, lot_id, status, quantity) {input}",
    columns={
        "day_on": "text", "item_id": "bigint", "location_id": "bigint", "lot_id": "bigint", "status": "text",
        "quantity": "bigint",
    },
)  # fmt: skip
INSERT_VALUES = RowsStatement(
    "INSERT INTO snapshot_value (day_on, item_id, quantity, amount) {input}",
    columns={"day_on": "text", "item_id": "bigint", "quantity": "bigint", "amount": "bigint"},
)
ADVANCE = Statement("UPDATE ledger_head SET snapshot_through_on = ? WHERE head_id = 1")
DAYS = Statement("SELECT day_on FROM snapshot_day ORDER BY day_on")
DELETE_DAY = Statement("DELETE FROM snapshot_day WHERE day_on = ?")
DELETE_BALANCES = Statement("DELETE FROM snapshot_balance WHERE day_on = ?")
DELETE_VALUES = Statement("DELETE FROM snapshot_value WHERE day_on = ?")
ADJUST_BALANCES = RowsStatement(
    "INSERT INTO snapshot_balance (day_on, item_id, location_id, lot_id, status, quantity)"
    " SELECT d.day_on, i.item_id, i.location_id, i.lot_id, i.status, i.quantity FROM"
    " (WITH input(item_id, location_id, lot_id, status, quantity) AS ({input}) SELECT * FROM input) AS i"
    " CROSS JOIN snapshot_day d WHERE d.day_on >= ? ON CONFLICT (day_on, item_id, location_id, lot_id, status)"
    " DO UPDATE SET quantity = snapshot_balance.quantity + excluded.quantity",
    columns={
        "item_id": "bigint", "location_id": "bigint", "lot_id": "bigint", "status": "text", "quantity": "bigint",
    },
)  # fmt: skip
ADJUST_VALUES = RowsStatement(
    "INSERT INTO snapshot_value (day_on, item_id, quantity, amount)"
    " SELECT d.day_on, i.item_id, i.quantity, i.amount FROM"
    " (WITH input(item_id, quantity, amount) AS ({input}) SELECT * FROM input) AS i"
    " CROSS JOIN snapshot_day d WHERE d.day_on >= ? ON CONFLICT (day_on, item_id)"
    " DO UPDATE SET quantity = snapshot_value.quantity + excluded.quantity,"
    " amount = snapshot_value.amount + excluded.amount",
    columns={"item_id": "bigint", "quantity": "bigint", "amount": "bigint"},
)

Flow = tuple[int, int, int, str, int, str, int, int]
"""item, lot, from place, from status, to place, to status, quantity, amount."""


def changes(
    flows: Iterable[Flow], places: Mapping[int, Location], sign: int = 1
) -> tuple[dict[tuple[int, int, int, str], int], dict[int, tuple[int, int]]]:
    """Return what flows change: balance key -> quantity, item -> (quantity, amount) over all stock places."""
    balances: dict[tuple[int, int, int, str], int] = {}
    values: dict[int, tuple[int, int]] = {}
    for item_id, lot_id, source_id, from_status, target_id, to_status, quantity, amount in flows:
        out_of, into = places[source_id].holds_stock, places[target_id].holds_stock
        if out_of and quantity:
            key = (item_id, source_id, lot_id, from_status)
            balances[key] = balances.get(key, 0) - sign * int(quantity)
        if into and quantity:
            key = (item_id, target_id, lot_id, to_status)
            balances[key] = balances.get(key, 0) + sign * int(quantity)
        if out_of is not into:
            turn = sign if into else -sign
            held, worth = values.get(item_id, (0, 0))
            values[item_id] = (held + turn * int(quantity), worth + turn * int(amount))
    return balances, values


def adjust(batch: Batch, effective_on: str, places: Mapping[int, Location], moves: Iterable[Move]) -> None:
    """Add a late posting to the snapshots of its day and after; postings hold the head, so none is being taken."""
    flows = (
        (m.item_id, m.lot_id, m.from_location_id, m.from_status.value, m.to_location_id, m.to_status.value,
         int(m.quantity), int(m.amount))
        for m in moves
    )  # fmt: skip
    balances, values = changes(flows, places)
    batch.execute_rows(ADJUST_BALANCES, [(*key, q) for key, q in sorted(balances.items()) if q], effective_on)
    batch.execute_rows(ADJUST_VALUES, [(i, *v) for i, v in sorted(values.items()) if v != (0, 0)], effective_on)
