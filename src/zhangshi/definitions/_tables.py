"""The tables of the definitions (created by migration 0006). The tables that users draw are in none of these.

Append-only: texts, revisions, members. `definition_column` says since which revision a field lives in which column,
and until which (0 = to this day); a retired field keeps its column and its data.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table

from zhangshi.platform.metadata import metadata


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


definition_text = Table("definition_text", metadata, _text("digest", key=True), _text("content"))
"""One object as canonical JSON, by its sha256."""

definition_revision = Table(
    "definition_revision", metadata,
    _number("revision", key=True), _number("token"), _number("parent"), _text("digest"), _text("note"),
    _text("actor"), _number("recorded_at"),
)  # fmt: skip
"""`digest` is the sha256 over the members: two revisions with the same content have the same. `token` is an id that no
other revision of any company has, not even one whose transaction was undone: caches go by it."""

definition_member = Table(
    "definition_member", metadata,
    _number("revision", key=True), _text("layer", key=True), _text("kind", key=True), _text("object_key", key=True),
    _text("digest"),
    sqlite_with_rowid=False,
)  # fmt: skip

definition_column = Table(
    "definition_column", metadata,
    _text("entity", key=True), _text("line_table", key=True), _text("field", key=True),
    _number("from_revision", key=True), _number("to_revision"), _text("column_name"), _text("field_type"),
    _number("digits"), _text("target"),
)  # fmt: skip

definition_draft = Table(
    "definition_draft", metadata,
    _text("kind", key=True), _text("object_key", key=True), _number("base_revision"), _number("version"),
    _text("content"), _text("actor"), _number("recorded_at"),
)  # fmt: skip
"""`content` is the whole object as somebody wants it, or "" if it shall go."""

definition_publication = Table(
    "definition_publication", metadata,
    _number("publication_id", key=True), _text("state"), _number("base_revision"), _number("revision"),
    _text("plan_digest"), _text("content"), _text("note"), _text("actor"), _number("recorded_at"),
    _number("finished_at"), _number("steps_done"), _number("steps_total"), _text("problem"),
    Index("ix_definition_publication_recorded", "recorded_at"),
)  # fmt: skip
"""A publication under way or over: what shall be published (`content`, JSON) and how far it is."""

definition_state = Table(
    "definition_state", metadata,
    Column("state_id", Integer, CheckConstraint("state_id = 1", name="single"), primary_key=True, autoincrement=False),
    _number("revision"), _number("token"), _number("publication_id"), _text("claimed_by"), _number("claimed_at"),
)  # fmt: skip
"""One row: the revision that counts, and the publication that is under way (0 = none). Writers of records read it
FOR SHARE, the publisher's last transaction FOR UPDATE: no record is written across the change."""
