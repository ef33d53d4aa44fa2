"""Definitions: texts, revisions with their members, columns, drafts, publications, and which revision counts.

The tables as they were when this migration was written; `zhangshi.definitions._tables` has them as they are now.
"""

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, MetaData, String, Table

from zhangshi.platform.metadata import metadata as conventions

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_metadata = MetaData(naming_convention=conventions.naming_convention)


def _table(name: str, *parts: Any, clustered: bool = False) -> Table:  # noqa: ANN401  # columns, constraints, indexes
    options: dict[str, Any] = {"sqlite_with_rowid": False} if clustered else {}
    return Table(name, _metadata, *parts, sqlite_strict=True, **options)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


_table("definition_text", _text("digest", key=True), _text("content"))

_table(
    "definition_revision",
    _number("revision", key=True), _number("token"), _number("parent"), _text("digest"), _text("note"),
    _text("actor"), _number("recorded_at"),
)  # fmt: skip

_table(
    "definition_member",
    _number("revision", key=True), _text("layer", key=True), _text("kind", key=True), _text("object_key", key=True),
    _text("digest"), clustered=True,
)  # fmt: skip

_table(
    "definition_column",
    _text("entity", key=True), _text("line_table", key=True), _text("field", key=True),
    _number("from_revision", key=True), _number("to_revision"), _text("column_name"), _text("field_type"),
    _number("digits"), _text("target"),
)  # fmt: skip

_table(
    "definition_draft",
    _text("kind", key=True), _text("object_key", key=True), _number("base_revision"), _number("version"),
    _text("content"), _text("actor"), _number("recorded_at"),
)  # fmt: skip

_table(
    "definition_publication",
    _number("publication_id", key=True), _text("state"), _number("base_revision"), _number("revision"),
    _text("plan_digest"), _text("content"), _text("note"), _text("actor"), _number("recorded_at"),
    _number("finished_at"), _number("steps_done"), _number("steps_total"), _text("problem"),
    Index("ix_definition_publication_recorded", "recorded_at"),
)  # fmt: skip

_state = _table(
    "definition_state",
    Column("state_id", Integer, CheckConstraint("state_id = 1", name="single"), primary_key=True, autoincrement=False),
    _number("revision"), _number("token"), _number("publication_id"), _text("claimed_by"), _number("claimed_at"),
)  # fmt: skip


def upgrade() -> None:
    _metadata.create_all(op.get_bind(), checkfirst=False)
    nothing = {"state_id": 1, "revision": 0, "token": 0, "publication_id": 0, "claimed_by": "", "claimed_at": 0}
    op.bulk_insert(_state, [nothing])
