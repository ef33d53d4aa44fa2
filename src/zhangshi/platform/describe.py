"""What `zhangshi info` shows: a company's database and the libraries under it."""

import platform as machine

import psycopg

from zhangshi.base.errors import FactValue
from zhangshi.platform.databases import open_database
from zhangshi.platform.directory import CompanyEntry, shown_url
from zhangshi.platform.revisions import current_revision, head_revision
from zhangshi.platform.session import Session
from zhangshi.platform.sqlite_database import LIBRARY_VERSION
from zhangshi.platform.sqlite_safety import has_wal_reset_bug, version_text
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import transaction

_SQLITE_BYTES = Statement("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
_POSTGRESQL_BYTES = Statement(
    "SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT) FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'"
)
_SQLITE_VERSION = Statement("SELECT sqlite_version()")
_POSTGRESQL_VERSION = Statement("SHOW server_version")


def describe_company(entry: CompanyEntry) -> dict[str, FactValue]:
    """Return where the company is, its revision and its size; works at any revision.

    Raises: what `open_database` and `Database.connect` raise.
    """
    database = open_database(url=entry.url, schema=entry.schema)
    try:
        with transaction(database, read_only=True) as session:
            return {
                "key": entry.key,
                "url": shown_url(entry.url),
                "schema": entry.schema,
                "database": database.dialect.name,
                "database_version": _ask(session, _SQLITE_VERSION, _POSTGRESQL_VERSION),
                "revision": current_revision(session),
                "revision_needed": head_revision(),
                "bytes": int(_ask(session, _SQLITE_BYTES, _POSTGRESQL_BYTES)),
            }
    finally:
        database.close()


def _ask(session: Session, on_sqlite: Statement, on_postgresql: Statement) -> str:
    statement = on_sqlite if session.dialect.name == "sqlite" else on_postgresql
    return str(session.query(statement)[0][0])


def describe_program() -> dict[str, FactValue]:
    """Return the versions that matter when something goes wrong."""
    return {
        "python": machine.python_version(),
        "sqlite": version_text(LIBRARY_VERSION),
        "sqlite_safe_for_several_processes": not has_wal_reset_bug(LIBRARY_VERSION),
        "psycopg": psycopg.__version__,
        "revision": head_revision(),
    }
