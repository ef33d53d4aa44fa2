"""Postings of the floor and of the road: orders hold value, goods travel, and all of it can be taken back."""

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
    shop = open_shop(company)
    shop.create(
        "goods_receipt", receipt(shop, line(shop, "nut", "100", "2.5"), line(shop, "pin", "40", "0.333")), "post"
    )
    return shop


def books(shop: Shop) -> tuple[Any, ...]:
    """Return balances, values, work in progress and goods on the road: all that a take-back must restore."""
    with shop.company.read() as session:
        assert audit(session).difference_count == 0
        held = [(b.item_id, b.location_id, b.lot_id, b.status, b.quantity) for b in queries.balances(session)]
        return held, queries.valuation(session), queries.work_in_progress(session), queries.in_transit(session)


def made(shop: Shop) -> tuple[Saved, Saved, Saved]:
    """Return an order, the issue of its material, and its finished receipt."""
    work_order = shop.create("work_order", {"item": str(shop.ids["bolt"])})
    about: dict[str, Any] = {"work_order": str(work_order.record_id), "warehouse": str(shop.ids["warehouse"])}
    rows = [line(shop, "nut", "30"), line(shop, "pin", "7")]
    issued = shop.create("material_issue", {**about, "lines": rows}, "issue")
    finished = shop.create("finished", {**about, "quantity": "10", "cost": "77.33"}, "post")
    return work_order, issued, finished


def test_an_order_consumes_and_produces_and_closes(shop: Shop) -> None:
    work_order, _, finished = made(shop)
    assert shop.get(finished).values["item"] == shop.ids["bolt"]
    assert (shop.ids["bolt"], 10_000_000, 7733) in shop.worth()
    with shop.company.read() as session:
        assert queries.work_in_progress(session) == []  # 30 x 2.50 + 7 x 0.333 = 77.33
    assert shop.get(work_order).state == "closed"


def test_work_in_progress_returns_to_the_last_fen(shop: Shop) -> None:
    before = books(shop)
    work_order, issued, finished = made(shop)
    between = books(shop)
    shop.move(finished, "unpost")
    assert shop.get(work_order).state == "released"
    with shop.company.read() as session:
        (held,) = queries.work_in_progress(session)
    assert (held.order_id, held.amount_in - held.amount_out) == (work_order.record_id, 7733)
    shop.move(issued, "unissue")
    assert books(shop) == before
    shop.move(issued, "issue")
    shop.move(finished, "post")
    assert books(shop) == between


def test_what_moved_on_since_is_not_moved_back_in_silence(shop: Shop) -> None:
    work_order, _, finished = made(shop)
    shop.move(work_order, "reopen")
    before = books(shop)
    with pytest.raises(ZhangshiError) as raised:
        shop.move(finished, "unpost")
    assert raised.value.code == "records.cannot_undo"
    assert work_order.number in raised.value.message("zh")
    assert books(shop) == before


def test_a_transfer_is_signed_for_by_the_rows_that_were_shipped(shop: Shop) -> None:
    before = books(shop)
    other = shop.create("place", {"name": "second", "number": "w2"}).record_id
    shipped = shop.create(
        "transfer",
        {"source": str(shop.ids["warehouse"]), "lines": [line(shop, "nut", "20"), line(shop, "pin", "5")]},
        "ship",
    )
    nut, pin = shop.get(shipped).tables["lines"]
    signed = shop.records.convert(
        OWNER, key="sign", conversion="to_signed", content={"target": str(other)}, transition="sign",
        sources=[Source(shipped.record_id, {pin.id: None, nut.id: Decimal(12)})],
    )  # fmt: skip
    with shop.company.read() as session:
        assert {b.item_id: b.quantity for b in queries.balances(session, location_id=other)} == {
            shop.ids["nut"]: 12_000_000,
            shop.ids["pin"]: 5_000_000,
        }
        assert [one.open_quantity for one in queries.in_transit(session)] == [8_000_000]
    with pytest.raises(ZhangshiError) as raised:
        shop.move(shipped, "unship")
    assert raised.value.code == "records.stands_on"
    shop.move(signed, "unsign")
    with pytest.raises(ZhangshiError):  # the draft still holds its rows
        shop.move(shipped, "unship")
    shop.edit(signed, {"lines": []}, version=shop.get(signed).version)
    shop.move(shipped, "unship")
    assert books(shop) == before


def test_goods_that_nobody_shipped_cannot_be_signed_for(shop: Shop) -> None:
    content = {"target": str(shop.ids["warehouse"]), "lines": [line(shop, "nut", "1")]}
    with pytest.raises(ZhangshiError) as raised:
        shop.create("signed", content, "sign")
    assert (raised.value.code, raised.value.facts["row"]) == ("records.no_origin", 1)


def test_a_row_becomes_a_document_of_its_own_once(shop: Shop) -> None:
    saved = shop.create("sales_order", order(shop, line(shop, "bolt", "1", "1"), line(shop, "nut", "1", "1")))
    bolt, nut = shop.get(saved).tables["lines"]
    with pytest.raises(ZhangshiError) as raised:
        shop.records.convert(OWNER, key="a", conversion="order_to_work", sources=[Source(saved.record_id)])
    assert raised.value.code == "records.one_row_only"
    for row, item in ((bolt, "bolt"), (nut, "nut")):
        chosen = [Source(saved.record_id, {row.id: None})]
        work_order = shop.records.convert(OWNER, key=f"c{row.id}", conversion="order_to_work", sources=chosen)
        assert shop.get(work_order).values["item"] == shop.ids[item]
        with pytest.raises(ZhangshiError) as raised:
            shop.records.convert(OWNER, key=f"d{row.id}", conversion="order_to_work", sources=chosen)
        assert raised.value.code == "records.invalid"
    with pytest.raises(ZhangshiError) as raised:
        shop.records.propose(OWNER, conversion="order_to_work", sources=[Source(saved.record_id)])
    assert raised.value.code == "records.nothing_open"
