"""Postings: units, costs, lots and places come out right, and the statements do not grow with the lines."""

from decimal import Decimal
from typing import Any

import pytest

from tests.integration.records.shop import Shop, line, open_shop, receipt
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company

STATEMENTS_OF_A_RECEIPT = 24


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company)


def test_a_price_of_a_box_becomes_the_exact_amount(shop: Shop) -> None:
    box = {"number": "box"}
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "3", "100", unit=box)), "post")
    assert (shop.ids["bolt"], 432_000_000, 30_000) in shop.worth()  # a unit cost of 0.694444 would give 299.999808


def test_a_unit_that_the_item_does_not_know_is_named(shop: Shop) -> None:
    with pytest.raises(ZhangshiError) as raised:
        shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1", unit={"number": "kg"})), "post")
    assert raised.value.code == "unit.no_conversion"
    assert raised.value.facts["unit"] == "kg"


def test_a_lot_comes_in_with_its_dates_and_goes_out_by_its_code(shop: Shop) -> None:
    rows = [line(shop, "paint", "5", "8", lot="L1", expires_on="2027-01-31"), line(shop, "paint", "2", "8", lot="L2")]
    shop.create("goods_receipt", receipt(shop, *rows), "post")
    assert shop.rows("SELECT code, expires_on FROM lot ORDER BY code") == [("L1", "2027-01-31"), ("L2", "")]
    out = {"customer": str(shop.ids["acme"]), "warehouse": str(shop.ids["warehouse"])}
    shop.create("delivery", {**out, "lines": [line(shop, "paint", "3", lot="L1")]}, "post")
    assert shop.rows("SELECT quantity FROM balance b JOIN lot l ON l.lot_id = b.lot_id ORDER BY l.code") == [
        (2_000_000,), (2_000_000,),
    ]  # fmt: skip
    with pytest.raises(ZhangshiError) as raised:
        shop.create(
            "delivery",
            {**out, "lines": [line(shop, "paint", "1", lot="L1"), line(shop, "paint", "1", lot="L9")]},
            "post",
        )
    assert (raised.value.code, raised.value.facts) == ("records.unknown_lot", {"row": 2, "lot": "L9"})
    with pytest.raises(ZhangshiError) as raised:
        shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1", lot="L1")), "post")
    assert raised.value.code == "ledger.lot_not_tracked"


def test_a_lot_with_other_dates_is_refused(shop: Shop) -> None:
    shop.create(
        "goods_receipt", receipt(shop, line(shop, "paint", "5", "8", lot="L1", expires_on="2027-01-31")), "post"
    )
    shop.create("goods_receipt", receipt(shop, line(shop, "paint", "5", "8", lot="L1")), "post")
    with pytest.raises(ZhangshiError) as raised:
        shop.create(
            "goods_receipt", receipt(shop, line(shop, "paint", "5", "8", lot="L1", expires_on="2028-01-31")), "post"
        )
    assert raised.value.code == "ledger.lot_code_taken"


def test_a_place_of_which_there_are_two_is_named(shop: Shop) -> None:
    shop.create("place", {"name": "another", "kind": "supplier", "number": "s2"})
    fresh = type(shop.records)(company=shop.company, catalogs=shop.catalogs)
    shop.records = fresh
    with pytest.raises(ZhangshiError) as raised:
        shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")), "post")
    assert raised.value.code == "records.no_place"
    assert "供应商" in raised.value.message("zh")


def test_each_row_knows_its_move(shop: Shop) -> None:
    saved = shop.create(
        "goods_receipt", receipt(shop, line(shop, "bolt", "1", "1"), line(shop, "nut", "1", "1")), "post"
    )
    rows = [row.id for row in shop.get(saved).tables["lines"]]
    assert shop.rows("SELECT line_id FROM record_move ORDER BY line_no") == [(one,) for one in rows]
    assert shop.rows("SELECT source_line_id FROM move ORDER BY line_no") == [(one,) for one in rows]


def counted(shop: Shop, content: dict[str, Any]) -> int:
    """Return how many statements a posted receipt takes, once the texts are made."""
    session: Session = shop.company._writer  # type: ignore[assignment]  # connected by now
    before = session.statement_count
    shop.create("goods_receipt", content, "post")
    return session.statement_count - before


def test_a_posted_receipt_takes_as_many_statements_with_fifty_lines_as_with_one(company: Company) -> None:
    shop = open_shop(company)
    for number in range(50):
        shop.ids[f"i{number}"] = shop.create("item", {"name": f"i{number}", "unit": {"number": "pcs"}}).record_id
    shop.create("goods_receipt", receipt(shop, line(shop, "i0", "1", "1")), "post")
    for count in (1, 10, 50):
        rows = [line(shop, f"i{number}", "10", "5", unit=str(shop.ids["pcs"])) for number in range(count)]
        assert counted(shop, receipt(shop, *rows)) == STATEMENTS_OF_A_RECEIPT
    assert Decimal(shop.stock("i0")) == 31
