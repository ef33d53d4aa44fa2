"""Revisions of the fixed tables: which one a company's database is at, and which one the program needs."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform.session import Session
from zhangshi.platform.statements import Statement

NO_REVISION = "0000"
"""An empty database."""

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"

_TABLE_EXISTS_SQLITE = Statement("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?")
_TABLE_EXISTS_POSTGRESQL = Statement(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = ?"
)
_FIND_REVISION = Statement(f"SELECT version_num FROM {VERSION_TABLE}")


def migration_config() -> Config:
    """Return Alembic's configuration, made in memory: the product needs no ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def revisions() -> tuple[str, ...]:
    """Return all revisions of this program, oldest first; the migrations form one line."""
    script = ScriptDirectory.from_config(migration_config())
    return tuple(reversed([revision.revision for revision in script.walk_revisions()]))


def head_revision() -> str:
    """Return the revision that this program needs."""
    return revisions()[-1]


def table_exists(session: Session, name: str) -> bool:
    """Return whether the company has a table of that name."""
    statement = _TABLE_EXISTS_SQLITE if session.dialect.name == "sqlite" else _TABLE_EXISTS_POSTGRESQL
    return bool(session.query(statement, name))


def current_revision(session: Session) -> str:
    """Return the revision of the company's database, `NO_REVISION` if nothing was ever migrated."""
    if not table_exists(session, VERSION_TABLE):
        return NO_REVISION
    found = session.query(_FIND_REVISION)
    return str(found[0][0]) if found else NO_REVISION


def refuse_other_revision(session: Session, *, key: str) -> None:
    """Do nothing if the database is at the program's revision.

    Raises: platform.not_migrated, platform.newer_than_program.
    """
    current = current_revision(session)
    if current == head_revision():
        return
    known = current == NO_REVISION or current in revisions()
    code = errors.NOT_MIGRATED if known else errors.NEWER_THAN_PROGRAM
    raise ZhangshiError(code, key=key, current=current, head=head_revision())
