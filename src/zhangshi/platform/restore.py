"""Restore a backup, into either kind of database.

The backup is first brought to life beside the company: in a new file, or a new schema. There it is migrated and
verified. Only then it takes the company's place, in one rename (SQLite) or one transaction (PostgreSQL); a crash at
any moment leaves the company as it was or as the backup says, never half of either.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform._copying import Progress, copy_rows, create_missing_tables, quiet, reflect_tables
from zhangshi.platform.backup import copy_pages
from zhangshi.platform.database import DatabaseSession
from zhangshi.platform.databases import open_database, sqlite_file
from zhangshi.platform.directory import CompanyEntry, shown_url
from zhangshi.platform.durable_file import remove_if_there, replace_durably
from zhangshi.platform.file_lock import PresenceLock
from zhangshi.platform.migrate import migrate, migrate_database
from zhangshi.platform.postgresql_database import RESTORING
from zhangshi.platform.revisions import NO_REVISION, current_revision, head_revision, revisions, table_exists
from zhangshi.platform.session import Session
from zhangshi.platform.sqlite_database import (
    SqliteSession,
    journal_files,
    make_single_file,
    reading_file,
    side_file,
    side_files,
)
from zhangshi.platform.sqlite_driver import driver
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, transaction

Verify = Callable[[CompanyEntry], str | None]
"""Audit the restored company at its provisional address; return the first difference, or None."""

_REPLACED = "__replaced"
_ANY_REQUEST = Statement("SELECT request_key FROM request WHERE actor <> ? LIMIT 1")
_DROP_SCHEMA = 'DROP SCHEMA IF EXISTS "{schema}" CASCADE'


@dataclass(frozen=True, slots=True)
class _Place:
    entry: CompanyEntry
    source: SqliteSession
    revision: str
    force: bool
    progress: Progress


def restore(
    *,
    entry: CompanyEntry,
    file: Path,
    force: bool = False,
    accept_differences: bool = False,
    verify: Verify | None = None,
    progress: Progress = quiet,
) -> str | None:
    """Put the backup in the company's place; return the accepted difference that the audit found, if any.

    Raises: platform.has_data without `force`; platform.in_use (SQLite); platform.not_a_backup;
        platform.newer_than_program; platform.restore_differs unless `accept_differences`.
    """
    if not file.is_file():
        raise ZhangshiError(errors.NOT_A_BACKUP, file=str(file), detail="no such file")
    try:
        with reading_file(file) as source:
            revision = _check_backup(source, key=entry.key, file=file)
            place = _Place(entry, source, revision, force, progress)
            beside = _beside_schema if sqlite_file(entry.url) is None else _beside_file
            with beside(place) as provisional:
                difference = verify(provisional) if verify else None
                if difference and not accept_differences:
                    raise ZhangshiError(errors.RESTORE_DIFFERS, file=str(file), difference=difference)
            return difference
    except driver.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            raise ZhangshiError(errors.NOT_A_BACKUP, file=str(file), detail=str(error)) from None
        raise


def _check_backup(source: SqliteSession, *, key: str, file: Path) -> str:
    """Return the revision of the backup."""
    try:
        broken = source.connection.execute("PRAGMA quick_check(1)").fetchall()[0][0]
        revision = current_revision(source)
    except driver.Error as error:
        raise ZhangshiError(errors.NOT_A_BACKUP, file=str(file), detail=str(error)) from None
    if broken != "ok" or revision == NO_REVISION:
        raise ZhangshiError(errors.NOT_A_BACKUP, file=str(file), detail=str(broken))
    if revision not in revisions():
        raise ZhangshiError(errors.NEWER_THAN_PROGRAM, key=key, current=revision, head=head_revision())
    return revision


def _has_data(session: Session) -> bool:
    """Return whether anybody but the program ever wrote into the company; tables that are not ours count as data."""
    if table_exists(session, "request"):
        return bool(session.query(_ANY_REQUEST, SYSTEM_ACTOR))
    return bool(reflect_tables(session).tables)


@contextlib.contextmanager
def _beside_file(place: _Place) -> Iterator[CompanyEntry]:
    """Bring the backup to life in a new file; after the block it takes the company's place."""
    target = sqlite_file(place.entry.url)
    assert target is not None
    staging = target.with_name(f"{target.name}{RESTORING}")
    presence = PresenceLock(side_file(target, "writer"))
    if not presence.acquire(shared=False):
        raise ZhangshiError(errors.IN_USE, key=place.entry.key, url=shown_url(place.entry.url))
    try:
        if target.exists() and not place.force and _file_has_data(target):
            raise ZhangshiError(errors.HAS_DATA, key=place.entry.key)
        remove_if_there(staging, *side_files(staging))
        copy_pages(place.source.connection, staging, place.progress)
        provisional = CompanyEntry(key=place.entry.key, url=f"sqlite:///{staging}", schema=place.entry.schema)
        migrate(url=provisional.url, key=place.entry.key)
        yield provisional
        make_single_file(staging)
        _retire(target)
        replace_durably(staging, target)
    finally:
        remove_if_there(staging, *side_files(staging))
        presence.release()


def _file_has_data(file: Path) -> bool:
    try:
        with reading_file(file) as session:
            return _has_data(session)
    except driver.Error:
        return True  # damaged: somebody may still want to look at it


def _retire(file: Path) -> None:
    """Leave no log beside the old file that SQLite would apply to the new one."""
    if file.exists():
        with contextlib.suppress(driver.Error):  # a damaged file is replaced all the same
            make_single_file(file)
    remove_if_there(*journal_files(file))


@contextlib.contextmanager
def _beside_schema(place: _Place) -> Iterator[CompanyEntry]:
    """Bring the backup to life in a new schema; after the block it takes the company's place."""
    entry = place.entry
    database = open_database(url=entry.url, schema=entry.schema)
    staging = CompanyEntry(key=entry.key, url=entry.url, schema=f"{entry.schema}{RESTORING}")
    try:
        with transaction(database) as session:
            if not place.force and _has_data(session):
                raise ZhangshiError(errors.HAS_DATA, key=entry.key)
            session.core.exec_driver_sql(_DROP_SCHEMA.format(schema=staging.schema))
        _fill_schema(place, staging)
        yield staging
        with transaction(database) as session:
            _swap_schemas(session, entry.schema, staging.schema)
    finally:
        with transaction(database) as session:
            session.core.exec_driver_sql(_DROP_SCHEMA.format(schema=staging.schema))
        database.close()


def _fill_schema(place: _Place, staging: CompanyEntry) -> None:
    migrate(url=staging.url, schema=staging.schema, revision=place.revision)
    database = open_database(url=staging.url, schema=staging.schema)
    try:
        with transaction(database) as target:
            create_missing_tables(place.source, target)
            copy_rows(place.source, target, place.progress)
            for table in reflect_tables(target).sorted_tables:
                target.core.exec_driver_sql(f'ANALYZE "{table.name}"')
        migrate_database(database, key=staging.key)
    finally:
        database.close()


def _swap_schemas(session: DatabaseSession, name: str, staging: str) -> None:
    run = session.core.exec_driver_sql
    if run("SELECT 1 FROM pg_namespace WHERE nspname = %s", (name,)).fetchall():
        run(f'ALTER SCHEMA "{name}" RENAME TO "{name}{_REPLACED}"')
    run(f'ALTER SCHEMA "{staging}" RENAME TO "{name}"')
    run(_DROP_SCHEMA.format(schema=f"{name}{_REPLACED}"))
