"""A backup carries the tables that users drew: values, keys and unique rules arrive on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clocks import SettableClock
from tests.companies import CompanyAddress, new_database
from tests.definitions import install
from tests.integration.definitions import notebook as book
from zhangshi.base.ids import CountingIds
from zhangshi.definitions._store import ddl
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.storage import difference, wanted_tables
from zhangshi.platform.backup import back_up
from zhangshi.platform.databases import open_database
from zhangshi.platform.directory import CompanyEntry
from zhangshi.platform.restore import restore
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, UnitOfWork, open_company

TEXT = book.note(
    {"code": "{type: text, unique: true}", "amount": "{type: money}", "good": "{type: bool}"},
    {"quantity": "{type: quantity}", "due": "{type: date}"},
)


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CompanyAddress]:
    """A place where no company is yet."""
    if request.param == "sqlite":
        yield CompanyAddress(f"sqlite:///{tmp_path}/restored.db", "factory")
        return
    with new_database(request.getfixturevalue("pg_url"), "moved") as url:
        yield CompanyAddress(url, "factory")


def test_a_company_that_moves_has_its_records_and_rules(
    company: Company, address: CompanyAddress, elsewhere: CompanyAddress, tmp_path: Path
) -> None:
    catalogs = install(company, [TEXT])

    def fill(uow: UnitOfWork) -> int:
        catalog = catalogs.current(uow.session)
        for number in range(1, 8):
            values = {"code": f"编号{number}", "amount": 10**15 + number, "good": number % 2}
            book.write_record(uow, catalog, number, values, [{"quantity": number, "due": "2026-02-01"}, {}])
        return uow.session.execute(Statement("UPDATE d_note SET number = '' WHERE record_id < 4"))

    book.run(company, fill)
    fields = [("code", ""), ("amount", ""), ("good", ""), ("quantity", "lines"), ("due", "lines")]
    before = [book.stored(company, catalogs, *one) for one in fields]
    database = open_database(url=address.url, schema=address.schema)
    back_up(key="test", database=database, file=tmp_path / "b.db")
    database.close()
    restore(entry=CompanyEntry(key="test", url=elsewhere.url, schema=elsewhere.schema), file=tmp_path / "b.db")

    moved = open_company(
        key="test", url=elsewhere.url, schema=elsewhere.schema, clock=SettableClock(), ids=CountingIds()
    )
    try:
        again = Catalogs()
        assert [book.stored(moved, again, *one) for one in fields] == before
        with moved.read() as session:
            catalog, there = again.current(session), ddl.existing(session)
        assert difference(wanted_tables(catalog), there) == [], "nothing is missing and nothing has another type"
        with pytest.raises(Exception, match=r"(?i)unique"):
            book.run(moved, lambda uow: book.write_record(uow, catalog, 100, {"code": "编号1"}))
        book.run(moved, lambda uow: book.write_record(uow, catalog, 101, {"code": "编号101"}))
    finally:
        moved.close()
