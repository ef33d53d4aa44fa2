"""The demo factory is built through the services, and its books are clean."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.companies import SCHEMA, make_sqlite_template, sqlite_address
from tests.integration.identity.office import CHEAP, RepeatableNoise
from zhangshi.base.ids import CountingIds
from zhangshi.bootstrap import open_shop
from zhangshi.identity.model import Person
from zhangshi.identity.service.passwords import Passwords
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.setup import open_ledger
from zhangshi.packs.demo.building import DemoClock
from zhangshi.packs.demo.crew import Crew
from zhangshi.packs.demo.days import special_days, working_months
from zhangshi.packs.demo.history import build
from zhangshi.packs.model import folder_of, read_pack
from zhangshi.packs.service.installing import install
from zhangshi.packs.shop import Shop
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Request, UnitOfWork, open_company
from zhangshi.records.model import Caller
from zhangshi.records.query import ListQuery

UNTIL = date(2026, 3, 20)
BOSS = Caller(Person(user_id=1, login="boss", name="老板", roles=frozenset({"owner"})))


def _open_books(uow: UnitOfWork) -> None:
    open_ledger(uow, variance_location_id=uow.next_id())


def built(folder: Path) -> Shop:
    """Build the last full month of the history and the one under way."""
    address = sqlite_address(make_sqlite_template(folder))
    clock = DemoClock(datetime(2025, 1, 1, tzinfo=UTC))
    company = open_company(key="demo", url=address.url, schema=SCHEMA, clock=clock, ids=CountingIds())
    company.write(Request(SYSTEM_ACTOR, "open-books", None), _open_books, answer_type=type(None))
    shop = open_shop(company)
    install(company, shop.catalogs, [read_pack(folder_of("manufacturing"))], actor="boss", seeds=shop.seeds)
    months = working_months(UNTIL, special_days(read_pack(folder_of("core")).seeds("base")))[-2:]
    password = Passwords(RepeatableNoise(), CHEAP).made_up()
    build(Crew(shop, clock, BOSS.person), months=months, seed=1, password=password.hashed, told=lambda _: None)
    return shop


@pytest.mark.slow
def test_the_factory_that_is_built_has_clean_books_and_believable_documents(tmp_path: Path) -> None:
    shop = built(tmp_path)
    try:
        with shop.company.read() as session:
            report = audit(session)
        assert report.postings > 100
        assert report.difference_count == 0

        def count(entity: str, condition: str = "") -> int:
            page = shop.reader.list(BOSS, entity, ListQuery(filter=condition or None, limit=1, count=True))
            assert page.count is not None
            return page.count

        assert count("item") >= 300
        assert count("partner", "is_supplier") == 40
        assert count("partner", "is_customer") == 60
        assert count("employee") == 80
        assert count("sales_order", "state = 'closed'") >= 20
        assert count("sales_order", "state = 'approved'") >= 20, "the month under way has open orders"
        assert count("work_order", "state = 'released'") > 0
        assert count("piece_wage") > 50
        storekeeper = Caller(Person(user_id=2, login="s", name="s", roles=frozenset({"storekeeper"})))
        receipt = shop.reader.list(storekeeper, "purchase_receipt", ListQuery(limit=1, tables=("lines",))).rows[0]
        assert "amount" not in receipt
    finally:
        shop.company.close()


def test_holidays_of_the_calendar_are_no_working_days() -> None:
    special = special_days(read_pack(folder_of("core")).seeds("base"))
    months = working_months(date(2026, 10, 31), special)
    october = months[-1]
    assert len(months) == 13
    assert date(2026, 10, 1) not in october
    assert date(2026, 10, 9) in october
