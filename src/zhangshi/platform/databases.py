"""From an address to a database."""

from pathlib import Path

import sqlalchemy.exc
from sqlalchemy import URL, make_url

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform.database import Database
from zhangshi.platform.postgresql_database import PostgresDatabase
from zhangshi.platform.sqlite_database import SqliteDatabase
from zhangshi.platform.sqlite_safety import SqliteVersion

DEFAULT_SCHEMA = "zhangshi"


def open_database(
    *, url: str, schema: str = DEFAULT_SCHEMA, create: bool = False, sqlite_version: SqliteVersion | None = None
) -> Database:
    """Return the database at `url`, not yet connected; `create` allows an SQLite file that does not exist.

    Raises: platform.unsupported_url, platform.bad_schema, platform.no_such_database, platform.read_only,
        platform.sqlite_unsafe.
    """
    file = sqlite_file(url)
    if file is not None:
        return SqliteDatabase(file=file, schema=schema, create=create, version=sqlite_version)
    return PostgresDatabase(url=_parsed(url), schema=schema)


def sqlite_file(url: str) -> Path | None:
    """Return the file that `url` names, None if it names a PostgreSQL database.

    Raises: platform.unsupported_url.
    """
    parsed = _parsed(url)
    return Path(parsed.database or "").absolute() if parsed.get_backend_name() == "sqlite" else None


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except sqlalchemy.exc.ArgumentError:
        raise ZhangshiError(errors.UNSUPPORTED_URL, url=url) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql") or parsed.database in (None, "", ":memory:"):
        raise ZhangshiError(errors.UNSUPPORTED_URL, url=parsed.render_as_string(hide_password=True))
    return parsed
