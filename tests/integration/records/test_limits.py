"""What others took counts at once: a constraint over a sum behind a link holds for two people at one moment too."""

import threading
from typing import Any

import pytest

from tests.integration.records import forms_filled
from tests.integration.records.shop import OWNER, Shop, open_shop
from tests.integration.records.test_convert import other_records
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records.model import Operation
from zhangshi.records.service.limits import Limit, limits_of


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company, *forms_filled.ALL)


@pytest.fixture
def bill(shop: Shop) -> str:
    """A bill of 100."""
    return str(shop.create("bill", {"amount": "100"}).record_id)


def settling(bill: str, amount: str) -> dict[str, Any]:
    return {"lines": [{"bill": bill, "amount": amount}]}


def posted(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows(
        "SELECT COUNT(*), SUM(l.f_amount) FROM d_settlement__lines l JOIN d_settlement h ON h.record_id = l.record_id"
        " WHERE h.state = 'posted'"
    )


def at_once(shop: Shop, first: Any, second: Any) -> str:
    """Return what the second is told who writes while the first has checked and written, but not yet committed."""
    other = other_records(shop)
    written = threading.Event()
    told: list[str] = []

    def write_second() -> None:
        written.wait(10)
        try:
            second(other)
        except ZhangshiError as error:
            told.append(error.code)
        else:
            told.append("done")

    def write_first(uow: UnitOfWork) -> int:
        work = shop.records.work(uow, OWNER)
        first(work)
        work.finish()
        written.set()
        thread.join(0.5)  # the other one checks now; it may end before this is committed, or wait
        return 0

    thread = threading.Thread(target=write_second)
    thread.start()
    try:
        shop.company.write(Request("test", shop.key(), None), write_first, answer_type=int)
    finally:
        written.set()
        thread.join()
        other.company.close()
    return told[0]


def test_of_two_who_create_and_post_at_once_only_one_settles_the_bill(shop: Shop, bill: str) -> None:
    content = settling(bill, "60")
    answer = at_once(
        shop,
        lambda work: work.create(entity="settlement", content=content, transition="post"),
        lambda records: records.create(OWNER, key="b", entity="settlement", content=content, transition="post"),
    )
    assert (answer, posted(shop)) == ("records.invalid", [(1, 6000)])


def test_of_two_who_post_drafts_at_once_only_one_settles_the_bill(shop: Shop, bill: str) -> None:
    mine, other = (shop.create("settlement", settling(bill, "60")).record_id for _ in range(2))
    answer = at_once(
        shop,
        lambda work: work.edit(entity="settlement", record_id=mine, version=1, content={}, transition="post"),
        lambda records: records.transition(
            OWNER, key="b", entity="settlement", record_id=other, version=1, transition="post"
        ),
    )
    assert (answer, posted(shop)) == ("records.invalid", [(1, 6000)])


def test_two_who_settle_at_once_what_is_enough_for_both_are_both_done(shop: Shop, bill: str) -> None:
    content = settling(bill, "50")
    answer = at_once(
        shop,
        lambda work: work.create(entity="settlement", content=content, transition="post"),
        lambda records: records.create(OWNER, key="b", entity="settlement", content=content, transition="post"),
    )
    assert (answer, posted(shop)) == ("done", [(2, 10000)])


def test_in_one_unit_of_work_the_second_counts_the_first(shop: Shop, bill: str) -> None:
    two = [
        Operation(kind="create", entity="settlement", content=settling(bill, "60"), transition="post")
        for _ in range(2)
    ]  # fmt: skip
    with pytest.raises(ZhangshiError):
        shop.records.batch(OWNER, key=shop.key(), operations=two, mode="all")
    assert posted(shop) == [(0, None)]


def test_only_links_that_a_limit_reads_through_are_locked(shop: Shop) -> None:
    with shop.company.read() as session:
        catalog = shop.catalogs.current(session)
    found = {key: tuple(limits_of(catalog, entity)) for key, entity in catalog.entities.items()}
    limits = {key: one for key, one in found.items() if one}
    assert limits == {"settlement": (Limit("lines", "bill", "bill", frozenset({"post"})),)}
