"""Records: links, postings, effects, audit, comments, files, search, counters, views, seeds.

The tables as they were when this migration was written; `zhangshi.records._tables` has them as they are now.
"""

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, MetaData, String, Table

from zhangshi.platform.metadata import metadata as conventions

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_metadata = MetaData(naming_convention=conventions.naming_convention)


def _table(name: str, *parts: Any, clustered: bool = False) -> Table:  # noqa: ANN401  # columns, constraints, indexes
    options: dict[str, Any] = {"sqlite_with_rowid": False} if clustered else {}
    return Table(name, _metadata, *parts, sqlite_strict=True, **options)


def _id(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, CheckConstraint(f"{name} IN (0, 1)", name=name), nullable=False)


_table(
    "record_link",
    _id("link_id", key=True), _text("conversion"), _text("source_entity"), _id("source_id"), _id("source_line_id"),
    _text("target_entity"), _id("target_id"), _id("target_line_id"), _number("quantity"), _flag("active"),
    Index("ix_record_link_source", "source_id", "source_line_id"),
    Index("ix_record_link_target", "target_id", "target_line_id"),
)  # fmt: skip

_table(
    "record_posting",
    _id("posting_id", key=True), _id("record_id"), _text("entity"), _text("transition"), _id("reversed_by"),
    Index("ix_record_posting_record", "record_id"),
)  # fmt: skip

_table(
    "record_move",
    _id("posting_id", key=True), _number("line_no", key=True), _id("line_id"),
    Index("ix_record_move_line", "line_id"),
)  # fmt: skip

_table(
    "record_effect",
    _id("effect_id", key=True), _id("record_id"), _text("transition"), _text("payload"), _flag("undone"),
    Index("ix_record_effect_record", "record_id"),
)  # fmt: skip

_table(
    "record_audit",
    _id("audit_id", key=True), _text("entity"), _id("record_id"), _text("action"), _text("changes"), _id("user_id"),
    _text("actor"), _text("door"), _number("recorded_at"),
    Index("ix_record_audit_record", "record_id", "audit_id"),
)  # fmt: skip

_table(
    "record_comment",
    _id("comment_id", key=True), _text("entity"), _id("record_id"), _text("text"), _text("mentions"), _id("user_id"),
    _text("actor"), _number("recorded_at"),
    Index("ix_record_comment_record", "record_id", "comment_id"),
)  # fmt: skip

_table(
    "file",
    _id("file_id", key=True), _text("digest"), _text("name"), _text("media_type"), _number("size"), _id("user_id"),
    _text("actor"), _number("recorded_at"),
    Index("ix_file_digest", "digest"),
)  # fmt: skip

_table(
    "record_file",
    _id("record_id", key=True), _id("file_id", key=True), _text("entity"), _text("field"), _id("user_id"),
    _number("recorded_at"),
    Index("ix_record_file_file", "file_id"),
    clustered=True,
)  # fmt: skip

_table(
    "search_entry",
    _text("entity", key=True), _id("record_id", key=True), _text("text"),
    clustered=True,
)  # fmt: skip

_table(
    "number_counter",
    _text("rule", key=True), _text("scope", key=True), _number("value"),
    clustered=True,
)  # fmt: skip

_table(
    "saved_view",
    _id("view_id", key=True), _text("entity"), _text("name"), _id("user_id"), _text("roles"), _text("content"),
    _number("version"), _number("updated_at"),
    Index("ix_saved_view_entity", "entity", "user_id"),
)  # fmt: skip

_table(
    "seed_key",
    _text("pack", key=True), _text("entity", key=True), _text("key", key=True), _id("record_id"),
    clustered=True,
)  # fmt: skip


def upgrade() -> None:
    _metadata.create_all(op.get_bind(), checkfirst=False)
