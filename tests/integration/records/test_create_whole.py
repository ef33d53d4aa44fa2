"""All or nothing: whichever statement fails, nothing stays; the next try is as if the first had not been."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.records.shop import OWNER, Shop, line, open_shop, order, receipt
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.model import Saved, Source

STATEMENTS_MAX = 200


class Broken(Exception):
    """The disk went away."""


@pytest.fixture
def shop(sqlite_company: Company) -> Shop:
    return open_shop(sqlite_company)


def failing_at_each_statement(shop: Shop, write: Callable[[str], Saved]) -> Iterator[int]:
    """Run `write` with a failure at the first statement, then at the second, and so on, until it is whole."""
    session: Any = shop.company._writer
    run = session._run
    for number in range(1, STATEMENTS_MAX):
        sent = iter(range(1, number + 1))

        def failing(*asked: Any, sent: Iterator[int] = sent, number: int = number) -> Any:
            if next(sent, number) == number:
                raise Broken
            return run(*asked)

        session._run = failing
        try:
            write(f"try-{number}")
        except Broken:
            session._run = run
            yield number
        else:
            session._run = run
            return
    raise AssertionError("It never ended.")


def everything(shop: Shop) -> tuple[Any, ...]:
    return (
        shop.footprint(),
        shop.worth(),
        shop.rows("SELECT rule, scope, value FROM number_counter ORDER BY rule, scope"),
    )


def test_a_posted_receipt_is_whole_or_not_there(shop: Shop) -> None:
    content = receipt(shop, line(shop, "bolt", "10", "5"), line(shop, "paint", "1", "2", lot="L1"))
    shop.create("goods_receipt", content, "post")
    before = everything(shop)
    failed = 0
    for failed in failing_at_each_statement(shop, lambda key: shop.create("goods_receipt", content, "post", key=key)):
        assert everything(shop) == before, f"statement {failed}"
    assert failed > 20
    assert everything(shop)[0]["d_goods_receipt"] == before[0]["d_goods_receipt"] + 1
    assert shop.rows("SELECT MAX(number) FROM d_goods_receipt") == [("GR26110002",)]


def test_a_conversion_with_all_that_follows_is_whole_or_not_there(shop: Shop) -> None:
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "500", "5")), "post")
    saved = shop.create("sales_order", order(shop, line(shop, "bolt", "200", "5")), "confirm")
    content = {"warehouse": str(shop.ids["warehouse"])}
    before = everything(shop)

    def convert(key: str) -> Saved:
        return shop.records.convert(
            OWNER, key=key, conversion="order_to_delivery", sources=[Source(saved.record_id)], content=content,
            transition="post",
        )  # fmt: skip

    failed = 0
    for failed in failing_at_each_statement(shop, convert):
        assert everything(shop) == before, f"statement {failed}"
        assert shop.get(saved).state == "confirmed"
    assert failed > 30
    assert shop.get(saved).state == "closed"  # with its wage, its link, and the order that is complete
    assert everything(shop)[0]["d_wage"] == before[0]["d_wage"] + 1


def test_a_take_back_is_whole_or_did_not_happen(shop: Shop) -> None:
    posted = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "10", "5")), "post")
    before = everything(shop)
    ask: dict[str, Any] = {"entity": posted.entity, "record_id": posted.record_id, "version": 1, "transition": "unpost"}
    failed = 0
    for failed in failing_at_each_statement(shop, lambda key: shop.records.transition(OWNER, key=key, **ask)):
        assert everything(shop) == before, f"statement {failed}"
        assert shop.get(posted).state == "posted"
    assert failed > 10
    assert shop.worth() == []
