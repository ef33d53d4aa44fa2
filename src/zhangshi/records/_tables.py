"""The fixed tables of records; the tables of the forms themselves come from the definitions.

Only added to: record_posting, record_move, record_audit, record_effect. 0 and '' stand for none.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table

from zhangshi.platform.metadata import metadata


def _id(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, CheckConstraint(f"{name} IN (0, 1)", name=name), nullable=False)


# Which row became which: source_line_id 0 is the source's header, target_line_id 0 the target's. `quantity` is in the
# unit of the source's row, in millionths; 0 where the conversion counts rows. Inactive: the target was cancelled.
record_link = Table(
    "record_link", metadata,
    _id("link_id", key=True), _text("conversion"), _text("source_entity"), _id("source_id"), _id("source_line_id"),
    _text("target_entity"), _id("target_id"), _id("target_line_id"), _number("quantity"), _flag("active"),
    Index("ix_record_link_source", "source_id", "source_line_id"),
    Index("ix_record_link_target", "target_id", "target_line_id"),
)  # fmt: skip

record_posting = Table(
    "record_posting", metadata,
    _id("posting_id", key=True), _id("record_id"), _text("entity"), _text("transition"), _id("reversed_by"),
    Index("ix_record_posting_record", "record_id"),
)  # fmt: skip

# Which row made which move of the ledger; line_id is the record's id where the header is the line.
record_move = Table(
    "record_move", metadata,
    _id("posting_id", key=True), _number("line_no", key=True), _id("line_id"),
    Index("ix_record_move_line", "line_id"),
)  # fmt: skip

record_effect = Table(
    "record_effect", metadata,
    _id("effect_id", key=True), _id("record_id"), _text("transition"), _text("payload"), _flag("undone"),
    Index("ix_record_effect_record", "record_id"),
)  # fmt: skip

# `changes` is JSON {path: [before, after]}; the path of a row's field is "lines[<line_id>].quantity".
record_audit = Table(
    "record_audit", metadata,
    _id("audit_id", key=True), _text("entity"), _id("record_id"), _text("action"), _text("changes"), _id("user_id"),
    _text("actor"), _text("door"), _number("recorded_at"),
    Index("ix_record_audit_record", "record_id", "audit_id"),
)  # fmt: skip

# `mentions` is a JSON array of user ids as text.
record_comment = Table(
    "record_comment", metadata,
    _id("comment_id", key=True), _text("entity"), _id("record_id"), _text("text"), _text("mentions"), _id("user_id"),
    _text("actor"), _number("recorded_at"),
    Index("ix_record_comment_record", "record_id", "comment_id"),
)  # fmt: skip

# `digest` is the sha256 (hex) under which the store of files keeps the content.
file = Table(
    "file", metadata,
    _id("file_id", key=True), _text("digest"), _text("name"), _text("media_type"), _number("size"), _id("user_id"),
    _text("actor"), _number("recorded_at"),
    Index("ix_file_digest", "digest"),
)  # fmt: skip

# `field` is the path that holds the file ("photo", "lines.photo"), "" where it is attached to the record as a whole.
record_file = Table(
    "record_file", metadata,
    _id("record_id", key=True), _id("file_id", key=True), _text("entity"), _text("field"), _id("user_id"),
    _number("recorded_at"),
    Index("ix_record_file_file", "file_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

search_entry = Table(
    "search_entry", metadata,
    _text("entity", key=True), _id("record_id", key=True), _text("text"),
    sqlite_with_rowid=False,
)  # fmt: skip

number_counter = Table(
    "number_counter", metadata,
    _text("rule", key=True), _text("scope", key=True), _number("value"),
    sqlite_with_rowid=False,
)  # fmt: skip

# `roles` is a JSON array of the roles that see the view too.
saved_view = Table(
    "saved_view", metadata,
    _id("view_id", key=True), _text("entity"), _text("name"), _id("user_id"), _text("roles"), _text("content"),
    _number("version"), _number("updated_at"),
    Index("ix_saved_view_entity", "entity", "user_id"),
)  # fmt: skip

seed_key = Table(
    "seed_key", metadata,
    _text("pack", key=True), _text("entity", key=True), _text("key", key=True), _id("record_id"),
    sqlite_with_rowid=False,
)  # fmt: skip
