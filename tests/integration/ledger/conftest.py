"""One PostgreSQL database for all tests of the ledger, emptied for each: a tenth of the time that a new one takes."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.companies import SCHEMA, CompanyAddress, new_database


@pytest.fixture(scope="session")
def _shared_database(pg_url: str, _postgresql_template: str) -> Iterator[str]:
    with new_database(pg_url, f"{_postgresql_template}_ledger", template=_postgresql_template) as url:
        yield url


@pytest.fixture
def postgresql_address(_shared_database: str) -> CompanyAddress:
    """An empty, migrated company in a schema of PostgreSQL; the test before has closed it."""
    with psycopg.connect(_shared_database) as connection:
        connection.execute("SET session_replication_role = replica")  # rows may go in any order
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'alembic_version'", [SCHEMA]
        ).fetchall()
        assert tables
        for (table,) in tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(SCHEMA, table)))
    return CompanyAddress(_shared_database, SCHEMA)
