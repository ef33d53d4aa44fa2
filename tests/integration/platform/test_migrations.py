"""Migrations: one line, additive, the same on both databases, with data in the tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.clocks import SettableClock
from tests.companies import CompanyAddress, new_database
from tests.integration.platform import other_process as other
from tests.integration.platform.example_rows import count_all, fill_every_table
from tools.generate_reference import product_modules
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.platform.databases import open_database
from zhangshi.platform.metadata import metadata
from zhangshi.platform.migrations import migrate
from zhangshi.platform.revisions import NO_REVISION, head_revision, revisions
from zhangshi.platform.unit_of_work import Company, open_company, transaction


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CompanyAddress]:
    """A place where no company is yet."""
    if request.param == "sqlite":
        yield CompanyAddress(f"sqlite:///{tmp_path}/new.db", "factory")
        return
    with new_database(request.getfixturevalue("pg_url"), "migrations") as url:
        yield CompanyAddress(url, "factory")


def test_revisions_form_one_line() -> None:
    assert revisions()[0] == "0001"
    assert list(revisions()) == sorted(revisions())


def test_each_revision_keeps_the_rows_of_the_earlier_ones(empty: CompanyAddress) -> None:
    before: dict[str, list[Any]] = {}
    at = NO_REVISION
    for revision in revisions():
        assert migrate(url=empty.url, schema=empty.schema, revision=revision) == (at, revision)
        at = revision
        database = open_database(url=empty.url, schema=empty.schema)
        with transaction(database, bulk=True) as session:
            now = count_all(session)
            for table, rows in before.items():
                kept = [tuple(row[: len(rows[0])]) for row in now[table]]  # columns may have been added
                assert kept == rows, f"{table} at {revision}"
            fill_every_table(session, only_empty=True)
            before = count_all(session)
        assert all(before.values()), "a table without rows proves nothing"
        database.close()


def test_migrating_twice_changes_nothing(empty: CompanyAddress) -> None:
    head = head_revision()
    assert migrate(url=empty.url, schema=empty.schema) == (NO_REVISION, head)
    assert migrate(url=empty.url, schema=empty.schema) == (head, head)


@pytest.mark.slow
def test_two_processes_may_migrate_at_once(empty: CompanyAddress) -> None:
    processes = [other.SPAWN.Process(target=migrate_quietly, args=(empty,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(other.SECONDS_MAX)
        assert process.exitcode == 0
    other.opened(empty).close()


def migrate_quietly(address: CompanyAddress) -> None:
    migrate(url=address.url, schema=address.schema)


def test_a_company_at_an_older_revision_is_not_opened(empty: CompanyAddress) -> None:
    migrate(url=empty.url, schema=empty.schema, revision=revisions()[0])
    with pytest.raises(ZhangshiError) as refused:
        open_company(key="old", url=empty.url, schema=empty.schema, clock=SettableClock(), ids=CountingIds())
    assert refused.value.code == "platform.not_migrated"
    assert refused.value.facts == {"key": "old", "current": revisions()[0], "head": head_revision()}


def test_a_newer_database_is_not_migrated(company: Company) -> None:
    with transaction(company.database) as session:
        session.core.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ZhangshiError) as refused:
        migrate(url=company.database.url, schema=company.database.schema)
    assert refused.value.code == "platform.newer_than_program"


def test_the_tables_are_what_the_program_declares(company: Company) -> None:
    assert list(product_modules())  # every slice declares its tables
    with company.read() as session:
        context = MigrationContext.configure(session.core, opts={"compare_type": True})
        found = [
            one
            for group in compare_metadata(context, metadata)
            for one in (group if isinstance(group, list) else [group])
        ]
    assert [one for one in found if one[0] != "modify_comment"] == []  # comments are for readers of the code


def test_declared_checks_and_indexes_are_there(company: Company) -> None:
    """Alembic compares neither CHECK constraints nor all there is to an index."""
    assert list(product_modules())
    checks, indexes = named_parts(company)
    for table in metadata.sorted_tables:
        wanted = {(table.name, str(one.name)) for one in table.constraints if isinstance(one, sa.CheckConstraint)}
        assert wanted <= checks
        assert {(table.name, str(index.name)) for index in table.indexes} <= indexes


def test_both_databases_hold_the_same_checks_and_indexes(sqlite_company: Company, postgresql_company: Company) -> None:
    assert named_parts(sqlite_company) == named_parts(postgresql_company)


def named_parts(company: Company) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return the CHECK constraints and the indexes of all tables, each with its table."""
    with company.read() as session:
        inspector = sa.inspect(session.core)
        tables = inspector.get_table_names()
        checks = {(table, str(one["name"])) for table in tables for one in inspector.get_check_constraints(table)}
        indexes = {
            (table, str(one["name"]))
            for table in tables
            for one in inspector.get_indexes(table)
            if not one.get("duplicates_constraint")
        }
    assert checks
    assert indexes
    return checks, indexes


def test_tables_on_sqlite_are_strict(sqlite_company: Company) -> None:
    with sqlite_company.read() as session:
        loose = session.core.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
            " AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
        ).fetchall()
    assert loose == []
