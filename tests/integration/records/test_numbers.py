"""Numbers: by rule, without repetition whoever creates at once, without a gap where none may be."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.clocks import SettableClock
from tests.companies import CompanyAddress
from tests.integration.records.shop import OWNER, Shop, line, open_shop, order, receipt
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.platform.unit_of_work import Company, open_company
from zhangshi.records.model import Invalid
from zhangshi.records.service.records import Records

SPAWN = multiprocessing.get_context("spawn")
PROCESSES, EACH = 4, 25


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company)


def test_a_code_of_a_field_stands_in_the_number(shop: Shop) -> None:
    numbers = [
        shop.create("item", {"name": "x", "unit": {"number": "pcs"}, "metal": metal}).number
        for metal in ("steel", "copper", "steel")
    ]
    assert numbers == ["JX0005", "TX0001", "JX0006"]  # the shop has four of steel
    with pytest.raises(Invalid) as raised:
        shop.create("item", {"name": "x", "unit": {"number": "pcs"}, "metal": "clay"})
    assert raised.value.problems[0].code == "records.number_no_code"


def test_a_month_begins_again_by_the_business_date(shop: Shop, clock: SettableClock) -> None:
    content = receipt(shop, line(shop, "bolt", "1", "1"))
    assert shop.create("goods_receipt", content).number == "GR26110001"
    assert shop.create("goods_receipt", {**content, "received_on": "2026-10-31"}).number == "GR26100001"
    assert shop.create("goods_receipt", content).number == "GR26110002"
    clock.set(datetime(2026, 12, 1, 3, tzinfo=UTC))
    assert shop.create("goods_receipt", content).number == "GR26120001"


def test_a_typed_number_is_kept_and_passed_over(shop: Shop) -> None:
    item = {"name": "x", "unit": {"number": "pcs"}}
    assert shop.create("item", {**item, "number": "JX0005"}).number == "JX0005"
    assert shop.create("item", item).number == "JX0006"
    with pytest.raises(Invalid) as raised:
        shop.create("item", {**item, "number": "JX0006"})
    assert (raised.value.problems[0].path, raised.value.problems[0].code) == ("number", "records.not_unique")


def test_a_creation_that_fails_leaves_no_gap(shop: Shop) -> None:
    content = order(shop, line(shop, "bolt", "1", "1"))
    assert shop.create("sales_order", content).number == "SO26110001"
    with pytest.raises(ZhangshiError):
        shop.create("sales_order", content, "close")
    assert shop.create("sales_order", content).number == "SO26110002"


def create_some(address: CompanyAddress, first: int, revision_dir: str) -> list[str]:
    """What each process does; also run in threads."""
    del revision_dir
    ids = CountingIds(10_000_000 * (first + 1))
    company = open_company(key="p", url=address.url, schema=address.schema, clock=SettableClock(), ids=ids)
    records = Records(company=company, catalogs=Catalogs())
    try:
        with company.read() as session:
            customer = (
                records.reading_work(session, OWNER)
                .session.core.exec_driver_sql("SELECT record_id FROM d_partner WHERE f_is_customer = 1")
                .scalar()
            )
        content = {"customer": str(customer), "lines": []}
        return [
            records.create(OWNER, key=f"p{first}-{n}", entity="sales_order", content=content).number
            for n in range(EACH)
        ]
    finally:
        company.close()


@pytest.mark.slow
def test_a_hundred_creators_get_a_hundred_numbers_in_a_row(
    company: Company, address: CompanyAddress, tmp_path: Path
) -> None:
    open_shop(company)
    with SPAWN.Pool(PROCESSES) as pool:
        found = pool.starmap(create_some, [(address, place, str(tmp_path)) for place in range(PROCESSES)])
    numbers = sorted(number for numbers in found for number in numbers)
    assert numbers == [f"SO2611{value:04d}" for value in range(1, PROCESSES * EACH + 1)]


@pytest.mark.slow
def test_a_hundred_threads_get_a_hundred_numbers_in_a_row(company: Company) -> None:
    shop = open_shop(company)
    content = order(shop)

    def create(place: int) -> str:
        return shop.records.create(OWNER, key=f"t{place}", entity="sales_order", content=content).number

    with ThreadPoolExecutor(100) as pool:
        numbers = sorted(pool.map(create, range(100)))
    assert numbers == [f"SO2611{value:04d}" for value in range(1, 101)]
