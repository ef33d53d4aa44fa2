"""People write while a publication runs: every value they wrote is there afterwards, under the new type."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clocks import SettableClock
from tests.companies import CompanyAddress
from tests.definitions import install
from tests.integration.definitions import notebook as book
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.definitions._store import ddl
from zhangshi.definitions.service import plan
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.errors import BEING_PUBLISHED, PLAN_OUTDATED
from zhangshi.definitions.service.publish import run_publication
from zhangshi.definitions.service.revisions import list_revisions
from zhangshi.platform.errors import BUSY
from zhangshi.platform.unit_of_work import Company, UnitOfWork, open_company

BEFORE = book.note({"price": "{type: text}"})
AFTER = book.note({"price": "{type: decimal, scale: 2}"})
WRITERS, RECORDS_AFTER = 3, 10
FIRST = 10_000
"""Ids of each writer begin at a multiple of it."""


def opened(address: CompanyAddress, number: int) -> Company:
    """Open the company as another process would, with ids of its own."""
    ids = CountingIds(number * 10**9)
    return open_company(key="test", url=address.url, schema=address.schema, clock=SettableClock(), ids=ids)


def test_no_value_is_lost_between_the_old_column_and_the_new(
    address: CompanyAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "ROWS_MAX_AT_ONCE", -1)
    office = opened(address, 1)
    catalogs = install(office, [BEFORE])
    book.run(office, lambda uow: book.write_record(uow, catalogs.current(uow.session), 1, {"price": "1"}))
    begun = threading.Barrier(WRITERS + 1)

    def write(writer: int) -> int:
        """Write until some records came after the publication; return how many records that were."""
        company, own = opened(address, 10 + writer), Catalogs()

        def work(uow: UnitOfWork, number: int) -> int:
            catalog = own.for_writing(uow.session)
            price: object = str(number) if catalog.revision == 1 else number * 100
            book.write_record(uow, catalog, (writer + 1) * FIRST + number, {"price": price})
            return catalog.revision

        begun.wait()
        after = number = 0
        while after < RECORDS_AFTER and number < FIRST - 1:
            number += 1
            after += book.run(company, lambda uow, number=number: work(uow, number)) == 2
        company.close()
        return number

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, writer) for writer in range(WRITERS)]
        begun.wait()
        answer = book.published(office, catalogs, AFTER)
        assert run_publication(office, catalogs, answer.publication_id) == 2
        counts = [one.result() for one in writing]

    wanted = [100] + [100 * number for count in counts for number in range(1, count + 1)]
    assert book.stored(office, catalogs, "price") == wanted
    assert all(RECORDS_AFTER <= count < FIRST - 1 for count in counts)
    office.close()


def test_of_two_who_publish_at_once_one_is_refused(address: CompanyAddress) -> None:
    first, second = opened(address, 1), opened(address, 2)
    install(first, [BEFORE])
    texts = [BEFORE.replace("便条", "纸条"), BEFORE.replace("便条", "卡片")]
    planned = [
        (company, catalogs, *book.planned(company, catalogs, text))
        for company, catalogs, text in zip((first, second), (Catalogs(), Catalogs()), texts, strict=True)
    ]
    begun = threading.Barrier(2)

    def publish(given: tuple[object, ...]) -> str:
        begun.wait()
        try:
            return str(book.publish_plan(*given).revision)  # type: ignore[arg-type]
        except ZhangshiError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(publish, planned))

    assert answers[0] == "2"
    assert answers[1] in {PLAN_OUTDATED.code, BEING_PUBLISHED.code}
    with first.read() as session:
        assert len(list_revisions(session)) == 2
    first.close()
    second.close()


def test_a_long_report_makes_a_publication_try_again_later_and_nobody_wait(
    postgresql_address: CompanyAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ddl, "LOCK_WAIT_MILLISECONDS", 20)
    office, shop = opened(postgresql_address, 1), opened(postgresql_address, 2)
    catalogs = install(office, [BEFORE])
    book.run(office, lambda uow: book.write_record(uow, catalogs.current(uow.session), 1, {"price": "1"}))
    wanted = book.note({"price": "{type: text}", "due": "{type: date}"})
    candidate, shown = book.planned(office, catalogs, wanted)

    with shop.read() as report:
        assert book.values_of(report, catalogs.current(report), "price") == ["1"]
        with pytest.raises(ZhangshiError) as refused:
            book.publish_plan(office, catalogs, candidate, shown)
        assert refused.value.error_code is BUSY
        book.run(shop, lambda uow: book.write_record(uow, catalogs.for_writing(uow.session), 2, {"price": "2"}))

    assert book.publish_plan(office, catalogs, candidate, shown).revision == 2
    assert book.stored(office, catalogs, "due") == [None, None]
    office.close()
    shop.close()
