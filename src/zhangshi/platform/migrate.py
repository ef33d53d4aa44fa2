"""Bring one company's fixed tables to the program's revision.

All missing migrations run in one transaction: a crash in the middle leaves the old revision. Two processes that
migrate at once do not harm each other: the second finds the work done.
"""

from alembic import command

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform.database import Database, DatabaseSession
from zhangshi.platform.databases import DEFAULT_SCHEMA, open_database
from zhangshi.platform.faults import ATTEMPTS_MAX, driver_error
from zhangshi.platform.revisions import (
    NO_REVISION,
    VERSION_TABLE,
    current_revision,
    head_revision,
    migration_config,
    revisions,
    table_exists,
)
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import transaction

_LOCK_REVISION = Statement(f"SELECT version_num FROM {VERSION_TABLE}{{for_update}}")
_ANOTHER_WAS_FIRST = ("23505", "42P06", "42P07")  # schema, table or their names in the catalogue exist by now


def migrate(
    *, url: str, schema: str = DEFAULT_SCHEMA, key: str = "", revision: str = "head", create: bool = True
) -> tuple[str, str]:
    """Upgrade to `revision`; return the revision before and after. Creates an SQLite file or a PostgreSQL schema.

    Raises: platform.newer_than_program, and what `open_database` and `Database.connect` raise.
    """
    database = open_database(url=url, schema=schema, create=create)
    try:
        return migrate_database(database, key=key, revision=revision)
    finally:
        database.close()


def migrate_database(database: Database, *, key: str = "", revision: str = "head") -> tuple[str, str]:
    """As `migrate`, for a database that is open already."""
    attempt = 0
    while True:
        attempt += 1
        try:
            return _migrate_once(database, key=key, revision=revision)
        except Exception as error:
            if getattr(driver_error(error), "sqlstate", None) in _ANOTHER_WAS_FIRST and attempt < ATTEMPTS_MAX:
                continue
            fault = database.diagnose(error)
            if fault is None or fault.error is None or fault.error is error:
                raise
            raise fault.error from error


def _migrate_once(database: Database, *, key: str, revision: str) -> tuple[str, str]:
    with transaction(database) as session:
        if database.dialect.name == "postgresql":
            session.core.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{database.schema}"')
        if table_exists(session, VERSION_TABLE):
            session.query(_LOCK_REVISION)  # a second migrating process waits here
        before = current_revision(session)
        if before != NO_REVISION and before not in revisions():
            raise ZhangshiError(errors.NEWER_THAN_PROGRAM, key=key, current=before, head=head_revision())
        _upgrade(session, revision)
        return before, current_revision(session)


def _upgrade(session: DatabaseSession, revision: str) -> None:
    config = migration_config()
    if not session.core.in_transaction():
        session.core.begin()  # says nothing to the database: it only tells Alembic that a transaction is under way
    config.attributes["connection"] = session.core
    command.upgrade(config, revision)
