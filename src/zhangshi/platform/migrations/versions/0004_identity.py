"""People: departments, users, their roles, sessions and tokens, and the trace of what happened to them.

The tables as they were when this migration was written; `zhangshi.identity._tables` has them as they are now.
"""

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, String, Table

from zhangshi.platform.metadata import metadata as conventions

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_metadata = MetaData(naming_convention=conventions.naming_convention)


def _table(name: str, *parts: Any, clustered: bool = False) -> Table:  # noqa: ANN401  # columns, constraints, indexes
    options: dict[str, Any] = {"sqlite_with_rowid": False} if clustered else {}
    return Table(name, _metadata, *parts, sqlite_strict=True, **options)


def _id(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, CheckConstraint(f"{name} IN (0, 1)", name=name), nullable=False)


def _user(*, key: bool = False) -> Column[int]:
    return Column("user_id", BigInteger, ForeignKey("user_account.user_id"), primary_key=key, nullable=False)


_head = _table(
    "identity_head",
    Column("head_id", Integer, CheckConstraint("head_id = 1", name="single"), primary_key=True, autoincrement=False),
    _number("department_version"),
)

_table(
    "department",
    _id("department_id", key=True), Column("code", String, nullable=False, unique=True), _text("name"),
    _id("parent_id"), _id("head_user_id"), _flag("active"), _number("version"),
)  # fmt: skip

_table(
    "user_account",
    _id("user_id", key=True), Column("login", String, nullable=False, unique=True), _text("name"), _text("mnemonic"),
    _id("department_id"), _text("language"), _flag("active"), _text("password_hash"), _number("password_changed_at"),
    _flag("must_change"), _number("failed_count"), _number("locked_until_at"), _number("sessions_valid_from_at"),
    _number("version"),
    Index("ix_user_account_department", "department_id"),
)  # fmt: skip

_table("user_role", _user(key=True), _text("role_key", key=True), clustered=True)

_table(
    "user_session",
    _text("session_id", key=True), _user(), _number("created_at"), _number("seen_at"), _number("expires_at"),
    _text("address"), _text("agent"),
    Index("ix_user_session_user", "user_id"),
)  # fmt: skip

_table(
    "api_token",
    _id("token_id", key=True), Column("secret_digest", String, nullable=False, unique=True), _text("name"), _user(),
    _text("scopes"), _number("created_at"), _number("expires_at"), _number("last_used_at"), _number("revoked_at"),
    Index("ix_api_token_user", "user_id"),
)  # fmt: skip

_table(
    "identity_event",
    _id("event_id", key=True), _text("kind"), _id("user_id"), _text("actor"), _text("address"), _text("detail"),
    _number("recorded_at"),
    Index("ix_identity_event_user", "user_id", "event_id"),
)  # fmt: skip


def upgrade() -> None:
    _metadata.create_all(op.get_bind(), checkfirst=False)
    op.bulk_insert(_head, [{"head_id": 1, "department_version": 1}])
