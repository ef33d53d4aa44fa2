"""Books changed behind the ledger's back: whatever was changed, the audit's first difference says where."""

from tests.clocks import SettableClock
from tests.integration.ledger.tampering import Books, Damage
from zhangshi.ledger._store import auditing
from zhangshi.ledger.kernel.sealing import digest_rows
from zhangshi.ledger.service.audit import audit
from zhangshi.platform.unit_of_work import Company

_MOVE = (
    "item_sequence, lot_id, quantity, from_location_id, from_status, to_location_id, to_status, unit_cost, amount,"
    " pricing, reason, order_id, origin_posting_id, origin_line_no, reservation_id, source_line_id, effective_on"
)
_COPY_OF_ISSUE = (
    f"INSERT INTO move (posting_id, line_no, item_id, {_MOVE})"
    f" SELECT {{to}}, 9, item_id, {_MOVE.replace('item_sequence', '99')} FROM move WHERE posting_id = {{{{ISSUE}}}}"
)
_TRACE = "trace_no, order_id, in_item_id, in_lot_id, out_item_id, out_lot_id, quantity"
_RECEIVED = "posting_id = {RECEIPT} AND line_no = 1"

MOVES = [
    Damage(f"UPDATE move SET quantity = quantity + 1 WHERE {_RECEIVED}",
           "digest RECEIPT", "balance bolt, item_quantity bolt"),
    Damage("UPDATE move SET quantity = 0 WHERE posting_id = {SIGN}",
           "digest SIGN", "balance bolt", check="moves_something"),
    Damage("UPDATE move SET unit_cost = unit_cost + 1 WHERE posting_id = {ISSUE}", "digest ISSUE"),
    Damage("UPDATE move SET amount = amount + 1 WHERE posting_id = {ISSUE}", "digest ISSUE", "amount ISSUE bolt"),
    Damage("UPDATE move SET amount = -amount WHERE posting_id = {ISSUE}",
           "digest ISSUE", "amount ISSUE bolt", check="amount"),
    Damage("UPDATE move SET item_id = {gear}, item_sequence = 99 WHERE posting_id = {SIGN}", "digest SIGN",
           "sequence SIGN gear, sequence LAST bolt"),
    Damage("UPDATE move SET item_sequence = 99 WHERE posting_id = {LAST}", "digest LAST", "sequence LAST bolt"),
    Damage("UPDATE move SET lot_id = {B} WHERE posting_id = {CONSUME}", "digest CONSUME", "balance CONSUME steel"),
    Damage("UPDATE move SET from_location_id = 12 WHERE posting_id = {ISSUE}", "digest ISSUE", "balance ISSUE bolt"),
    Damage("UPDATE move SET from_location_id = to_location_id, from_status = to_status WHERE posting_id = {SIGN}",
           "digest SIGN", "balance bolt", check="goes_somewhere"),
    Damage(f"UPDATE move SET to_location_id = 12 WHERE {_RECEIVED}", "digest RECEIPT", "balance RECEIPT bolt"),
    Damage("UPDATE move SET to_status = 'available' WHERE posting_id = {RETURN}", "digest RETURN", "balance bolt"),
    Damage("UPDATE move SET to_status = 'lost' WHERE posting_id = {RETURN}", "digest RETURN"),
    Damage("UPDATE move SET pricing = 'given' WHERE posting_id = {RETURN}", "digest RETURN"),
    Damage("UPDATE move SET reason = 'revaluation' WHERE posting_id = {ISSUE}", "digest ISSUE"),
    Damage("UPDATE move SET order_id = 9 WHERE posting_id = {ISSUE}", "digest ISSUE", "order_value"),
    Damage("UPDATE move SET reservation_id = 0 WHERE posting_id = {KEPT}", "digest KEPT", "reservation"),
    Damage("UPDATE move SET source_line_id = 7 WHERE posting_id = {ISSUE}", "digest ISSUE"),
    Damage("UPDATE move SET origin_line_no = 2 WHERE posting_id = {RETURN}", "digest RETURN", "move_use ISSUE"),
    Damage("UPDATE move SET effective_on = '2026-11-03' WHERE posting_id = {ISSUE}", "move_date ISSUE"),
    Damage(f"DELETE FROM move WHERE {_RECEIVED}", "digest RECEIPT", "sequence ISSUE bolt"),
    Damage("DELETE FROM move WHERE posting_id = {ISSUE}", "digest ISSUE", "sequence RETURN bolt"),
    Damage("DELETE FROM move WHERE posting_id = {LAST}", "digest LAST", "item_sequence bolt"),
    Damage(_COPY_OF_ISSUE.format(to="{ISSUE}"), "digest ISSUE", "sequence ISSUE bolt"),
    Damage(_COPY_OF_ISSUE.format(to="77"), "orphan_move", "sequence bolt"),
    Damage("UPDATE move SET posting_id = {ISSUE}, line_no = 9 WHERE posting_id = {SIGN}",
           "digest ISSUE", "digest SIGN"),
]  # fmt: skip
POSTINGS = [
    Damage("UPDATE posting SET command = 'adjust' WHERE posting_id = {ISSUE}", "digest ISSUE"),
    Damage("UPDATE posting SET actor = 'somebody' WHERE posting_id = {ISSUE}", "digest ISSUE"),
    Damage("UPDATE posting SET effective_on = '2026-11-03' WHERE posting_id = {ISSUE}", "digest ISSUE"),
    Damage("UPDATE posting SET recorded_at = recorded_at + 1 WHERE posting_id = {SHIP}", "digest SHIP"),
    Damage("UPDATE posting SET request_key = 'x' WHERE posting_id = {LAST}", "digest LAST"),
    Damage("UPDATE posting SET source_type = 'x' WHERE posting_id = {RECEIPT}", "digest RECEIPT"),
    Damage("UPDATE posting SET source_id = 7 WHERE posting_id = {RECEIPT}", "digest RECEIPT"),
    Damage("UPDATE posting SET owner = 'thief' WHERE posting_id = {SHIP}", "digest SHIP"),
    Damage("UPDATE posting SET due_at = 5 WHERE posting_id = {SHIP}", "digest SHIP"),
    Damage("UPDATE posting SET reverses_posting_id = 0 WHERE posting_id = {REVERSAL}", "digest REVERSAL"),
    Damage("UPDATE posting SET digest = 'x' WHERE posting_id = {LAST}", "digest LAST"),
    Damage("UPDATE posting SET digest = (SELECT digest FROM posting WHERE posting_id = {SIGN})"
           " WHERE posting_id = {ISSUE}",
           "digest ISSUE", "seal_link ISSUE"),
    Damage("DELETE FROM posting WHERE posting_id = {ISSUE}", "orphan_move ISSUE", "seal_posting_missing ISSUE"),
    Damage("DELETE FROM posting WHERE posting_id = {LAST}", "orphan_move LAST", "unsealed_posting_missing LAST"),
    Damage("DELETE FROM move WHERE posting_id = {ISSUE}; DELETE FROM posting WHERE posting_id = {ISSUE}",
           "seal_posting_missing ISSUE", "sequence RETURN bolt"),
    Damage("DELETE FROM move WHERE posting_id = {LAST}; DELETE FROM posting WHERE posting_id = {LAST}",
           "unsealed_posting_missing LAST", "item_sequence bolt"),
    Damage("DELETE FROM move WHERE posting_id = {LAST}; DELETE FROM posting WHERE posting_id = {LAST};"
           " DELETE FROM posting_unsealed WHERE posting_id = {LAST}", "balance bolt", "item_sequence bolt"),
    Damage("UPDATE trace SET quantity = quantity + 1 WHERE posting_id = {PRODUCE}",
           "digest PRODUCE", "genealogy PRODUCE"),
    Damage("UPDATE trace SET quantity = 0 WHERE posting_id = {PRODUCE}",
           "digest PRODUCE", "genealogy", check="quantity"),
    Damage("UPDATE trace SET in_lot_id = {B} WHERE posting_id = {PRODUCE}",
           "digest PRODUCE", "genealogy PRODUCE steel"),
    Damage("DELETE FROM trace WHERE posting_id = {PRODUCE}", "digest PRODUCE", "genealogy steel"),
    Damage(f"INSERT INTO trace (posting_id, {_TRACE}) SELECT 77, {_TRACE} FROM trace WHERE posting_id = {{PRODUCE}}",
           "orphan_trace", "genealogy steel"),
]  # fmt: skip
SEALS = [
    Damage("UPDATE seal SET link = 'x' WHERE posting_id = {ISSUE}", "seal_link ISSUE"),
    Damage("UPDATE seal SET posting_id = -1 WHERE posting_id = {ISSUE};"
           " UPDATE seal SET posting_id = {ISSUE} WHERE posting_id = {CONSUME}",
           "seal_missing CONSUME", "seal_link ISSUE"),
    Damage("DELETE FROM seal WHERE posting_id = {ISSUE}", "seal_missing ISSUE", "seal_gap"),
    Damage("DELETE FROM seal WHERE posting_id = {SEALED}", "seal_missing SEALED"),
    Damage("DELETE FROM seal", "seal_missing RECEIPT", "seal_missing SEALED"),
    Damage("DELETE FROM posting_unsealed WHERE posting_id = {LAST}", "seal_missing LAST"),
    Damage("UPDATE posting_unsealed SET posting_id = 77", "unsealed_posting_missing", "seal_missing LAST"),
]  # fmt: skip
BALANCES_AND_VALUES = [
    Damage("UPDATE balance SET quantity = quantity + 1 WHERE item_id = {bolt} AND location_id = 21",
           "balance SIGN bolt"),
    Damage("UPDATE balance SET quantity = -1 WHERE item_id = {gear}", "balance SEALED gear", check="not_negative"),
    Damage("UPDATE balance SET quantity = -1, negative_allowed = 1 WHERE item_id = {gear}", "balance SEALED gear"),
    Damage("UPDATE balance SET location_id = 12 WHERE item_id = {pin}", "balance REVERSAL pin", "balance pin"),
    Damage("UPDATE balance SET status = 'hold' WHERE item_id = {gear}", "balance SEALED gear"),
    Damage("UPDATE balance SET lot_id = {B} WHERE item_id = {steel} AND lot_id = {A}", "balance CONSUME steel"),
    Damage("UPDATE balance SET item_id = {nail}, location_id = 12 WHERE item_id = {gear}",
           "balance nail", "balance SEALED gear"),
    Damage("UPDATE balance SET item_id = 99 WHERE item_id = {gear}", "balance SEALED gear", "unknown_item"),
    Damage("DELETE FROM balance WHERE item_id = {gear}", "balance SEALED gear"),
    Damage("INSERT INTO balance (item_id, location_id, lot_id, status, quantity, reserved, negative_allowed, serial,"
           " version) VALUES ({gear}, 12, 0, 'hold', 5, 0, 0, 0, 1)", "balance gear"),
    Damage("UPDATE balance SET reserved = reserved - 1 WHERE reserved > 0", "reserved LAST bolt"),
    Damage("UPDATE balance SET reserved = quantity + 1 WHERE item_id = {gear}",
           "reserved SEALED gear", check="reserved"),
    Damage("UPDATE balance SET reserved = 1 WHERE status = 'inspection'",
           "reserved RETURN bolt", check="reserved_status"),
    Damage("UPDATE stock_item SET quantity = quantity + 1 WHERE item_id = {pin}", "item_quantity REVERSAL pin"),
    Damage("UPDATE stock_item SET amount = amount + 1 WHERE item_id = {nail}", "item_amount nail"),
    Damage("UPDATE stock_item SET sequence = sequence + 1 WHERE item_id = {gear}", "item_sequence SEALED gear"),
    Damage("UPDATE stock_item SET last_cost = last_cost + 1 WHERE item_id = {bolt}", "last_cost LAST bolt"),
    Damage("UPDATE stock_item SET standard_cost = 1 WHERE item_id = {gear}", "standard_cost SEALED gear"),
    Damage("UPDATE stock_item SET initial_standard_cost = 1 WHERE item_id = {gear}", "purchase_price_variance gear"),
    Damage("UPDATE stock_item SET method = 'fifo' WHERE item_id = {bolt}", "layer LAST bolt"),
    Damage("UPDATE stock_item SET method = 'guess' WHERE item_id = {bolt}", "unreadable"),
    Damage("UPDATE stock_item SET item_id = 99 WHERE item_id = {gear}", "item_sequence", "unknown_item gear"),
    Damage("UPDATE stock_location SET kind = 'customer' WHERE location_id = 21",
           "amount SIGN bolt", "item_quantity bolt"),
    Damage("UPDATE cost_layer SET amount = amount + 1 WHERE item_id = {pin}", "layer REVERSAL pin"),
    Damage("UPDATE cost_layer SET quantity = quantity + 1 WHERE item_id = {pump}", "layer PRODUCE pump"),
    Damage("UPDATE cost_layer SET quantity = 0 WHERE item_id = {pump}", "layer PRODUCE pump", check="open"),
    Damage("UPDATE cost_layer SET layer_key = 99 WHERE item_id = {pump}", "layer PRODUCE pump"),
    Damage("UPDATE cost_layer SET item_id = {bolt} WHERE item_id = {pump}", "layer LAST bolt", "layer PRODUCE pump"),
    Damage("DELETE FROM cost_layer WHERE item_id = {pump}", "layer PRODUCE pump"),
]  # fmt: skip
BESIDE = [
    Damage("UPDATE reservation SET open_quantity = open_quantity - 1 WHERE state = 'open'",
           "reserved bolt", "reservation"),
    Damage("UPDATE reservation SET open_quantity = quantity + 1 WHERE state = 'open'", "reserved bolt", check="open"),
    Damage("UPDATE reservation SET location_id = 12 WHERE state = 'open'", "reserved bolt"),
    Damage("UPDATE reservation SET state = 'released' WHERE state = 'open'", "reserved bolt"),
    Damage("UPDATE reservation SET state = 'open' WHERE state = 'used'", "reservation"),
    Damage("DELETE FROM reservation WHERE state = 'open'", "reserved bolt"),
    Damage("DELETE FROM reservation WHERE state = 'used'", "reservation"),
    Damage("UPDATE genealogy_edge SET quantity = quantity + 1", "genealogy PRODUCE steel"),
    Damage("UPDATE genealogy_edge SET quantity = -1", "genealogy PRODUCE steel", check="quantity"),
    Damage("UPDATE genealogy_edge SET in_lot_id = {B}", "genealogy steel"),
    Damage("DELETE FROM genealogy_edge", "genealogy PRODUCE steel"),
    Damage("UPDATE wip_material SET consumed = consumed + 1", "material_consumed steel"),
    Damage("UPDATE wip_material SET attributed = attributed - 1", "material_attributed steel"),
    Damage("UPDATE wip_material SET attributed = consumed + 1", "material_attributed steel", check="attributed"),
    Damage("DELETE FROM wip_material", "material_consumed steel"),
    Damage("UPDATE wip_order SET amount_in = amount_in + 1", "order_value"),
    Damage("UPDATE wip_order SET amount_out = amount_out + 1", "order_value"),
    Damage("DELETE FROM wip_order", "order_value"),
    Damage("UPDATE move_use SET used = used + 1 WHERE posting_id = {SHIP}", "move_use SHIP"),
    Damage("UPDATE move_use SET used = -1 WHERE posting_id = {SHIP}", "move_use SHIP", check="used"),
    Damage("DELETE FROM move_use WHERE posting_id = {ISSUE}", "move_use ISSUE"),
    Damage("UPDATE shipment SET open_quantity = open_quantity - 1", "shipment SHIP"),
    Damage("UPDATE shipment SET open_quantity = quantity + 1", "shipment SHIP", check="open"),
    Damage("UPDATE shipment SET quantity = quantity + 1", "shipment SHIP"),
    Damage("UPDATE shipment SET owner = 'nobody'", "shipment SHIP bolt"),
    Damage("UPDATE shipment SET due_at = 5", "shipment SHIP bolt"),
    Damage("DELETE FROM shipment", "shipment SHIP"),
    Damage("UPDATE snapshot_balance SET quantity = quantity + 1 WHERE item_id = {pin}", "snapshot pin"),
    Damage("DELETE FROM snapshot_balance WHERE item_id = {pin}", "snapshot pin"),
    Damage("UPDATE snapshot_value SET amount = amount + 1 WHERE item_id = {nail}", "snapshot_value nail"),
    Damage("UPDATE snapshot_value SET quantity = quantity + 1 WHERE item_id = {nail}", "snapshot_value nail"),
    Damage("DELETE FROM snapshot_day", "snapshot_head"),
    Damage("UPDATE ledger_head SET snapshot_through_on = ''", "snapshot_head"),
    Damage("UPDATE ledger_head SET locked_through_on = ''", "period_lock"),
    Damage("DELETE FROM ledger_head", "head"),
]  # fmt: skip


def test_audit_names_every_damage_first(company: Company, clock: SettableClock) -> None:
    books = Books(company, clock)
    missed = books.missed([*MOVES, *POSTINGS, *SEALS, *BALANCES_AND_VALUES, *BESIDE])
    assert not missed, "\n".join(missed)
    with company.read() as session:
        assert audit(session).is_clean


def _forge(books: Books, posting: str) -> list[str]:
    """Change a move and give its posting the digest that fits; return what the audit says."""
    posting_id = books.names[posting]
    change = f"UPDATE move SET source_line_id = 5 WHERE posting_id = {posting_id}"
    with books.connected() as session, books.damaged(session, change):
        head = next(row for row in session.query(auditing.POSTINGS) if row[0] == posting_id)
        moves = [row[1:19] for row in session.query(auditing.MOVES_BY_POSTING) if row[0] == posting_id]
        forged = digest_rows(tuple(head[:-1]), moves, [])
        session.core.exec_driver_sql(f"UPDATE posting SET digest = '{forged}' WHERE posting_id = {posting_id}")
        return [books.named(difference) for difference in audit(session).differences]


def test_the_seal_finds_a_posting_that_was_given_a_new_digest(company: Company, clock: SettableClock) -> None:
    books = Books(company, clock)
    assert _forge(books, "RECEIPT") == ["seal_link RECEIPT"]
    assert _forge(books, "LAST") == []  # nothing protects its document line until the sealer has come by
    books.story.run("| seal | 1")
    assert _forge(books, "LAST") == ["seal_link LAST"]
