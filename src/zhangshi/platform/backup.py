"""Back up a company while people work in it.

A backup is always one SQLite file with the same tables, whichever database the company lives in; so it can be opened
and read anywhere, and restoring it into the other database is the way to move a company.

From SQLite the pages are copied out of one read snapshot; from PostgreSQL every table is streamed in one
REPEATABLE READ transaction. Writers are not held up. The file appears under its name when it is whole.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform._copying import Progress, copy_rows, create_missing_tables, quiet
from zhangshi.platform.database import Database, DatabaseSession
from zhangshi.platform.databases import open_database
from zhangshi.platform.durable_file import remove_if_there, replace_durably
from zhangshi.platform.migrate import migrate
from zhangshi.platform.revisions import NO_REVISION, current_revision, head_revision
from zhangshi.platform.sqlite_database import SqliteSession, make_single_file, side_files
from zhangshi.platform.sqlite_driver import driver
from zhangshi.platform.unit_of_work import transaction

PAGES_PER_STEP = 2000


def back_up(*, key: str, database: Database, file: Path, progress: Progress = quiet) -> int:
    """Write a backup of the company to `file`, which must not exist; return its size in bytes.

    Raises: platform.backup_target_exists, platform.cannot_write_file, platform.disk_full,
        platform.not_migrated if there is nothing to back up.
    """
    if file.exists():
        raise ZhangshiError(errors.BACKUP_TARGET_EXISTS, file=str(file))
    if not file.absolute().parent.is_dir():
        raise ZhangshiError(errors.CANNOT_WRITE_FILE, file=str(file), detail="no such folder")
    part = file.with_name(f"{file.name}.part")
    with _cleaned_up(part), _said_about(file):
        with transaction(database, read_only=True) as source:
            revision = current_revision(source)
            if revision == NO_REVISION:
                raise ZhangshiError(errors.NOT_MIGRATED, key=key, current=revision, head=head_revision())
            if isinstance(source, SqliteSession):
                copy_pages(source.connection, part, progress)
            else:
                _copy_tables(source, part, revision, progress)
        make_single_file(part)
        replace_durably(part, file)
        return file.stat().st_size


def copy_pages(source: driver.Connection, part: Path, progress: Progress) -> None:
    """Copy a whole SQLite database; `source` is in a transaction, so all pages are of one snapshot."""

    def told(_status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    with contextlib.closing(driver.connect(str(part), isolation_level=None)) as target:
        source.backup(target, pages=PAGES_PER_STEP, progress=told, sleep=0)


def _copy_tables(source: DatabaseSession, part: Path, revision: str, progress: Progress) -> None:
    url = f"sqlite:///{part.absolute()}"
    migrate(url=url, revision=revision)
    target_database = open_database(url=url)
    try:
        with transaction(target_database, bulk=True) as target:
            create_missing_tables(source, target)
            copy_rows(source, target, progress)
    finally:
        target_database.close()


@contextlib.contextmanager
def _cleaned_up(part: Path) -> Iterator[None]:
    """Leave nothing half-made and no side files, before or after."""
    remove_if_there(part, *side_files(part))
    try:
        yield
    finally:
        remove_if_there(part, *side_files(part))


@contextlib.contextmanager
def _said_about(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ZhangshiError(errors.CANNOT_WRITE_FILE, file=str(file), detail=str(error)) from None
    except driver.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_FULL"):
            raise ZhangshiError(errors.DISK_FULL, url=str(file)) from error
        raise ZhangshiError(errors.CANNOT_WRITE_FILE, file=str(file), detail=str(error)) from error
