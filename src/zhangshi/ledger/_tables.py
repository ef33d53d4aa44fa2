"""The ledger's tables.

Facts (append-only): posting, move, trace, lot, period_event, seal. Everything else is derived from them and kept in the
posting's own transaction, so that reading is cheap; `zhangshi audit` derives it again and compares.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from zhangshi.platform.metadata import metadata


def _id(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, CheckConstraint(f"{name} IN (0, 1)", name=name), nullable=False)


ledger_head = Table(
    "ledger_head", metadata,
    Column("head_id", Integer, CheckConstraint("head_id = 1", name="single"), primary_key=True, autoincrement=False),
    _text("locked_through_on"), _text("snapshot_through_on"), _id("variance_location_id"), _text("time_zone"),
    _number("location_revision"),
)  # fmt: skip

stock_location = Table(
    "stock_location", metadata,
    _id("location_id", key=True), _id("parent_id"), _text("kind"), _flag("allows_negative"), _flag("active"),
)  # fmt: skip

stock_item = Table(
    "stock_item", metadata,
    _id("item_id", key=True), _text("method"), _text("tracking"), _number("quantity_step"),
    _number("initial_standard_cost"), _number("standard_cost"), _number("sequence"), _number("quantity"),
    _number("amount"), _number("last_cost"), _number("recorded_at"), _text("last_in_on"), _text("last_out_on"),
)  # fmt: skip

lot = Table(
    "lot", metadata,
    _id("lot_id", key=True), Column("item_id", BigInteger, ForeignKey("stock_item.item_id"), nullable=False),
    _text("code"), _text("produced_on"), _text("expires_on"), _text("supplier_lot"), _number("registered_at"),
    UniqueConstraint("item_id", "code", name="uq_lot_code"),
)  # fmt: skip

posting = Table(
    "posting", metadata,
    _id("posting_id", key=True), _text("command"), _text("effective_on"), _number("recorded_at"), _text("actor"),
    _text("request_key"), _text("source_type"), _id("source_id"), _id("reverses_posting_id"), _text("owner"),
    _number("due_at"), _text("digest"),
    Index("ix_posting_source", "source_type", "source_id"),
    Index("ix_posting_effective", "effective_on"),
    Index(
        "ux_posting_reverses", "reverses_posting_id", unique=True,
        sqlite_where=text("reverses_posting_id <> 0"), postgresql_where=text("reverses_posting_id <> 0"),
    ),
)  # fmt: skip

# Clustered by posting, which rises with time: a posting appends a page or two, and an as-of reads one run of pages. The
# narrow unique index by item is the value order.
move = Table(
    "move", metadata,
    _id("posting_id", key=True), Column("line_no", Integer, primary_key=True, autoincrement=False), _id("item_id"),
    _number("item_sequence"), _id("lot_id"), _number("quantity"),
    _id("from_location_id"), _text("from_status"), _id("to_location_id"), _text("to_status"), _number("unit_cost"),
    _number("amount"), _text("pricing"), _text("reason"), _id("order_id"), _id("origin_posting_id"),
    Column("origin_line_no", Integer, nullable=False), _id("reservation_id"), _id("source_line_id"),
    _text("effective_on"),
    CheckConstraint(
        "quantity > 0 OR (quantity = 0 AND (amount > 0 OR reason = 'revaluation'))", name="moves_something"
    ),
    CheckConstraint("amount >= 0 AND unit_cost >= 0", name="amount"),
    CheckConstraint(
        "from_location_id <> to_location_id OR from_status <> to_status", name="goes_somewhere"
    ),
    Index("ux_move_item", "item_id", "item_sequence", unique=True),
    Index("ix_move_lot", "lot_id", sqlite_where=text("lot_id <> 0"), postgresql_where=text("lot_id <> 0")),
    Index("ix_move_order", "order_id", sqlite_where=text("order_id <> 0"), postgresql_where=text("order_id <> 0")),
    sqlite_with_rowid=False,
)  # fmt: skip

trace = Table(
    "trace", metadata,
    _id("posting_id", key=True), Column("trace_no", Integer, primary_key=True, autoincrement=False), _id("order_id"),
    _id("in_item_id"), _id("in_lot_id"), _id("out_item_id"), _id("out_lot_id"), _number("quantity"),
    CheckConstraint("quantity <> 0", name="quantity"),
    sqlite_with_rowid=False,
)  # fmt: skip

genealogy_edge = Table(
    "genealogy_edge", metadata,
    _id("in_lot_id", key=True), _id("in_item_id", key=True), _id("out_lot_id", key=True), _id("out_item_id", key=True),
    _id("order_id", key=True), _number("quantity"),
    CheckConstraint("quantity >= 0", name="quantity"),
    Index("ix_genealogy_edge_out", "out_lot_id", "out_item_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

balance = Table(
    "balance", metadata,
    _id("item_id", key=True), _id("location_id", key=True), _id("lot_id", key=True), _text("status", key=True),
    _number("quantity"), _number("reserved"), _flag("negative_allowed"), _flag("serial"), _number("version"),
    CheckConstraint("quantity >= 0 OR negative_allowed = 1", name="not_negative"),
    CheckConstraint("reserved >= 0 AND (reserved = 0 OR reserved <= quantity)", name="reserved"),
    CheckConstraint("reserved = 0 OR status = 'available'", name="reserved_status"),
    Index("ix_balance_location", "location_id"),
    Index("ix_balance_lot", "lot_id", sqlite_where=text("lot_id <> 0"), postgresql_where=text("lot_id <> 0")),
    Index(
        "ux_balance_serial", "lot_id", unique=True,
        sqlite_where=text("serial = 1"), postgresql_where=text("serial = 1"),
    ),
    sqlite_with_rowid=False,
)  # fmt: skip

cost_layer = Table(
    "cost_layer", metadata,
    _id("item_id", key=True), Column("layer_key", BigInteger, primary_key=True, autoincrement=False),
    _number("quantity"), _number("amount"),
    CheckConstraint("quantity > 0", name="open"),
    sqlite_with_rowid=False,
)  # fmt: skip

move_use = Table(
    "move_use", metadata,
    _id("posting_id", key=True), Column("line_no", Integer, primary_key=True, autoincrement=False), _number("used"),
    CheckConstraint("used >= 0", name="used"),
    sqlite_with_rowid=False,
)  # fmt: skip

shipment = Table(
    "shipment", metadata,
    _id("posting_id", key=True), Column("line_no", Integer, primary_key=True, autoincrement=False), _id("item_id"),
    _id("lot_id"), _id("transit_location_id"), _id("to_location_id"), _number("quantity"), _number("open_quantity"),
    _text("shipped_on"), _text("owner"), _number("due_at"),
    CheckConstraint("open_quantity >= 0 AND open_quantity <= quantity", name="open"),
    Index(
        "ix_shipment_open", "due_at", sqlite_where=text("open_quantity > 0"),
        postgresql_where=text("open_quantity > 0"),
    ),
    sqlite_with_rowid=False,
)  # fmt: skip

reservation = Table(
    "reservation", metadata,
    _id("reservation_id", key=True), _id("item_id"), _id("location_id"), _id("lot_id"), _number("quantity"),
    _number("open_quantity"), _text("source_type"), _id("source_id"), _id("source_line_id"), _text("state"),
    _number("expires_at"), _number("created_at"), _number("closed_at"), _text("actor"),
    CheckConstraint("open_quantity >= 0 AND open_quantity <= quantity", name="open"),
    Index(
        "ix_reservation_open", "item_id", sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ix_reservation_expiry", "expires_at", sqlite_where=text("state = 'open' AND expires_at > 0"),
        postgresql_where=text("state = 'open' AND expires_at > 0"),
    ),
    Index("ix_reservation_source", "source_type", "source_id"),
)  # fmt: skip

wip_order = Table("wip_order", metadata, _id("order_id", key=True), _number("amount_in"), _number("amount_out"))

wip_material = Table(
    "wip_material", metadata,
    _id("order_id", key=True), _id("item_id", key=True), _id("lot_id", key=True), _number("consumed"),
    _number("attributed"),
    CheckConstraint("attributed >= 0 AND attributed <= consumed", name="attributed"),
    sqlite_with_rowid=False,
)  # fmt: skip

posting_unsealed = Table("posting_unsealed", metadata, _id("posting_id", key=True))

seal = Table(
    "seal", metadata,
    _id("seal_no", key=True), Column("posting_id", BigInteger, nullable=False, unique=True), _text("link"),
    _number("sealed_at"),
)  # fmt: skip

period = Table("period", metadata, _text("period", key=True), _text("state"), _number("changed_at"), _text("actor"))

period_event = Table(
    "period_event", metadata,
    _id("event_id", key=True), _text("action"), _text("period"), _text("through_on"), _text("actor"), _text("reason"),
    _number("recorded_at"),
)  # fmt: skip

snapshot_day = Table("snapshot_day", metadata, _text("day_on", key=True), _number("taken_at"))

snapshot_balance = Table(
    "snapshot_balance", metadata,
    _text("day_on", key=True), _id("item_id", key=True), _id("location_id", key=True), _id("lot_id", key=True),
    _text("status", key=True), _number("quantity"),
    sqlite_with_rowid=False,
)  # fmt: skip

snapshot_value = Table(
    "snapshot_value", metadata,
    _text("day_on", key=True), _id("item_id", key=True), _number("quantity"), _number("amount"),
    sqlite_with_rowid=False,
)  # fmt: skip
