"""The tables of people. Only added to: identity_event. 0 and '' stand for none; secrets are there as digests only."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from zhangshi.platform.metadata import metadata


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


# One row. Whoever changes the tree of departments, or who the owners are, locks it: rings and a company without an
# owner are seen only by one who sees all changes.
identity_head = Table(
    "identity_head", metadata,
    Column("head_id", Integer, CheckConstraint("head_id = 1", name="single"), primary_key=True, autoincrement=False),
    _number("department_version"),
)  # fmt: skip

department = Table(
    "department", metadata,
    _id("department_id", key=True), Column("code", String, nullable=False, unique=True), _text("name"),
    _id("parent_id"), _id("head_user_id"), _flag("active"), _number("version"),
)  # fmt: skip

user_account = Table(
    "user_account", metadata,
    _id("user_id", key=True), Column("login", String, nullable=False, unique=True), _text("name"), _text("mnemonic"),
    _id("department_id"), _text("language"), _flag("active"), _text("password_hash"), _number("password_changed_at"),
    _flag("must_change"), _number("failed_count"), _number("locked_until_at"), _number("sessions_valid_from_at"),
    _number("version"),
    Index("ix_user_account_department", "department_id"),
)  # fmt: skip

user_role = Table("user_role", metadata, _user(key=True), _text("role_key", key=True), sqlite_with_rowid=False)

user_session = Table(
    "user_session", metadata,
    _text("session_id", key=True), _user(), _number("created_at"), _number("seen_at"), _number("expires_at"),
    _text("address"), _text("agent"),
    Index("ix_user_session_user", "user_id"),
)  # fmt: skip

api_token = Table(
    "api_token", metadata,
    _id("token_id", key=True), Column("secret_digest", String, nullable=False, unique=True), _text("name"), _user(),
    _text("scopes"), _number("created_at"), _number("expires_at"), _number("last_used_at"), _number("revoked_at"),
    Index("ix_api_token_user", "user_id"),
)  # fmt: skip

identity_event = Table(
    "identity_event", metadata,
    _id("event_id", key=True), _text("kind"), _id("user_id"), _text("actor"), _text("address"), _text("detail"),
    _number("recorded_at"),
    Index("ix_identity_event_user", "user_id", "event_id"),
)  # fmt: skip
