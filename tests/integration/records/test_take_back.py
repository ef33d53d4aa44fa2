"""反审核: stock, value and work in progress are exactly as before; refused while something stands on it."""

from decimal import Decimal
from typing import Any

import pytest

from tests.integration.records.shop import OWNER, Shop, line, open_shop, order, receipt
from zhangshi.base.errors import ZhangshiError
from zhangshi.ledger.service import queries
from zhangshi.ledger.service.audit import audit
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.model import Saved, Source


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company)


def delivered(shop: Shop, quantity: str = "150") -> tuple[Saved, Saved]:
    """Return an order and its posted delivery."""
    saved = shop.create("sales_order", order(shop, line(shop, "bolt", quantity, "5")), "confirm")
    content = {"warehouse": str(shop.ids["warehouse"])}
    delivery = shop.records.convert(
        OWNER, key=shop.key(), conversion="order_to_delivery", sources=[Source(saved.record_id)], content=content,
        transition="post",
    )  # fmt: skip
    return saved, delivery


def test_stock_and_value_return_to_the_last_unit(shop: Shop) -> None:
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "7", "3.333333")), "post")
    before = shop.worth()
    posted = shop.create(
        "goods_receipt", receipt(shop, line(shop, "bolt", "13", "7.77"), line(shop, "nut", "1", "1")), "post"
    )
    assert shop.worth() != before
    back = shop.move(posted, "unpost")
    assert (back.state, back.version) == ("draft", 2)
    assert shop.worth() == before
    with shop.company.read() as session:
        assert audit(session).difference_count == 0


def test_effects_on_its_own_fields_are_undone(shop: Shop) -> None:
    posted = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")), "post")
    assert shop.get(posted).values["approved_by"] == 1
    shop.move(posted, "unpost")
    assert shop.get(posted).values["approved_by"] is None
    again = shop.move(posted, "post")
    assert (again.state, shop.stock("bolt")) == ("posted", 1)
    assert shop.rows("SELECT COUNT(*) FROM record_effect WHERE undone = 0") == [(1,)]


def owed(shop: Shop) -> Any:
    return shop.get(Saved("partner", shop.ids["acme"], "", "", 1)).values["owed"]


def test_amounts_added_to_another_record_are_taken_off_again(shop: Shop) -> None:
    first = shop.create("sales_order", order(shop, line(shop, "bolt", "10", "5")), "confirm")
    second = shop.create("sales_order", order(shop, line(shop, "bolt", "1", "7")), "confirm")
    assert owed(shop) == Decimal(57)
    shop.move(first, "unconfirm")  # what the second added stays
    assert owed(shop) == Decimal(7)
    shop.move(second, "unconfirm")
    assert owed(shop) == Decimal(0)


def test_made_records_go_again_and_the_source_opens(shop: Shop) -> None:
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "200", "3")), "post")
    before = shop.worth()
    saved, delivery = delivered(shop)
    assert shop.rows("SELECT f_quantity FROM d_wage") == [(150_000_000,)]
    assert shop.get(saved).state == "closed"
    shop.move(delivery, "unpost")
    assert shop.rows("SELECT COUNT(*) FROM d_wage") == [(0,)]
    assert shop.worth() == before
    assert shop.get(saved).state == "closed"  # the draft still holds its goods
    shop.move(delivery, "cancel")
    assert shop.get(saved).state == "confirmed"


def test_it_names_what_stands_on_it(shop: Shop) -> None:
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "200", "3")), "post")
    saved = shop.create("sales_order", order(shop, line(shop, "bolt", "150", "5")), "confirm")
    row = shop.get(saved).tables["lines"][0]
    delivery = shop.records.convert(
        OWNER, key="c", conversion="order_to_delivery", sources=[Source(saved.record_id, {row.id: Decimal(10)})],
        content={"warehouse": str(shop.ids["warehouse"])},
    )  # fmt: skip
    footprint = shop.footprint()
    with pytest.raises(ZhangshiError) as raised:
        shop.move(saved, "unconfirm")
    assert raised.value.code == "records.stands_on"
    assert f"出库单{delivery.number}(草稿)" in raised.value.message("zh")
    assert f"Delivery {delivery.number} (Draft)" in raised.value.message("en")
    assert shop.footprint() == footprint
    shop.move(delivery, "cancel")
    assert shop.move(saved, "unconfirm").state == "draft"


def test_what_the_ledger_refuses_passes_through(shop: Shop) -> None:
    receipt_ = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "150", "3")), "post")
    delivered(shop)
    footprint, worth = shop.footprint(), shop.worth()
    with pytest.raises(ZhangshiError) as raised:
        shop.move(receipt_, "unpost")
    assert raised.value.code == "ledger.insufficient_stock"
    assert (shop.footprint(), shop.worth()) == (footprint, worth)


def test_a_chain_is_taken_back_from_its_end(shop: Shop) -> None:
    received = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "150", "3.1")), "post")
    saved, delivery = delivered(shop)
    back = shop.records.convert(
        OWNER, key="r", conversion="delivery_to_return", sources=[Source(delivery.record_id)], transition="post"
    )
    with pytest.raises(ZhangshiError) as raised:
        shop.move(delivery, "unpost")
    assert raised.value.code == "records.stands_on"
    shop.move(back, "unpost")
    shop.move(back, "cancel")
    shop.move(delivery, "unpost")
    shop.move(delivery, "cancel")
    shop.move(saved, "unconfirm")
    shop.move(received, "unpost")
    assert [row[1:] for row in shop.worth()] == []
    with shop.company.read() as session:
        assert queries.balances(session) == []
        assert audit(session).difference_count == 0


def test_a_repeated_take_back_happens_once(shop: Shop) -> None:
    posted = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")), "post")
    ask: dict[str, Any] = {
        "key": "back",
        "entity": posted.entity,
        "record_id": posted.record_id,
        "version": 1,
        "transition": "unpost",
    }
    first = shop.records.transition(OWNER, **ask)
    footprint = shop.footprint()
    assert shop.records.transition(OWNER, **ask) == first
    assert shop.footprint() == footprint


def test_a_wrong_state_is_named(shop: Shop) -> None:
    posted = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")), "post")
    with pytest.raises(ZhangshiError) as raised:
        shop.move(posted, "post")
    assert raised.value.code == "records.not_in_state"
    assert "已过账" in raised.value.message("zh")
    with pytest.raises(ZhangshiError) as raised:
        shop.move(posted, "cancel")
    assert raised.value.code == "records.not_in_state"
