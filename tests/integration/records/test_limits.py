"""What others took counts at once: a constraint over a sum behind a link holds for two people at the same moment too."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.records import forms_filled
from tests.integration.records.shop import OWNER, Shop, open_shop
from tests.integration.records.test_convert import other_records
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.model import Saved
from zhangshi.records.service.limits import Limit, limits_of
from zhangshi.records.service.records import Operation


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


def answers(shop: Shop, write: Any) -> list[str]:
    """Return what four people who write at once, through two programs, are told."""
    other = other_records(shop)

    def attempt(place: int) -> str:
        try:
            write((shop.records, other)[place % 2], place)
        except ZhangshiError as error:
            return error.code
        return "done"

    try:
        with ThreadPoolExecutor(4) as pool:
            return sorted(pool.map(attempt, range(4)))
    finally:
        other.company.close()


def test_of_four_who_create_and_post_at_once_only_one_settles_the_bill(shop: Shop, bill: str) -> None:
    def write(records: Any, place: int) -> None:
        content = settling(bill, "60")
        records.create(OWNER, key=f"c-{place}", entity="settlement", content=content, transition="post")

    assert answers(shop, write) == ["done", "records.invalid", "records.invalid", "records.invalid"]
    assert posted(shop) == [(1, 6000)]


def test_of_four_who_post_drafts_at_once_only_one_settles_the_bill(shop: Shop, bill: str) -> None:
    drafts: list[Saved] = [shop.create("settlement", settling(bill, "60")) for _ in range(4)]

    def write(records: Any, place: int) -> None:
        record_id = drafts[place].record_id
        records.transition(
            OWNER, key=f"p-{place}", entity="settlement", record_id=record_id, version=1, transition="post"
        )

    assert answers(shop, write) == ["done", "records.invalid", "records.invalid", "records.invalid"]
    assert posted(shop) == [(1, 6000)]


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
