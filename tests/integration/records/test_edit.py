"""Editing: what was not sent stays, rows are replaced by id, nobody overwrites another, locked is locked."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.records.shop import KEEPER, OWNER, Shop, line, open_shop, order, receipt
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.model import Invalid, Saved


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company)


@pytest.fixture
def saved(shop: Shop) -> Saved:
    rows = [line(shop, "bolt", "10", "5"), line(shop, "nut", "4", "2")]
    return shop.create("goods_receipt", receipt(shop, *rows, remark="first"))


def problems(shop: Shop, saved: Saved, content: dict[str, Any], **options: Any) -> dict[str, str]:
    before = shop.footprint()
    with pytest.raises(Invalid) as raised:
        shop.edit(saved, content, **options)
    assert shop.footprint() == before
    return {one.path: one.code for one in raised.value.problems}


def test_what_was_not_sent_stays(shop: Shop, saved: Saved) -> None:
    edited = shop.edit(saved, {"remark": "second"})
    record = shop.get(edited)
    assert (edited.version, record.version, record.number) == (2, 2, saved.number)
    assert (record.values["remark"], record.values["supplier_name"]) == ("second", "Vendor")
    assert len(record.tables["lines"]) == 2


def test_rows_are_replaced_by_id(shop: Shop, saved: Saved) -> None:
    bolt, nut = shop.get(saved).tables["lines"]
    rows = [{"id": str(nut.id), "quantity": "6"}, line(shop, "pin", "1", "1")]
    edited = shop.edit(saved, {"lines": rows})
    record = shop.get(edited)
    first, second = record.tables["lines"]
    assert (first.id, first.values["quantity"], first.values["price"]) == (nut.id, Decimal(6), Decimal(2))
    assert second.values["item"] == shop.ids["pin"]
    assert bolt.id not in {first.id, second.id}
    assert record.values["amount"] == Decimal("13.00")
    assert shop.rows("SELECT COUNT(*) FROM d_goods_receipt__lines") == [(2,)]


def test_a_row_that_is_not_there_or_named_twice_is_refused(shop: Shop, saved: Saved) -> None:
    row = shop.get(saved).tables["lines"][0]
    assert problems(shop, saved, {"lines": [{"id": "4711"}]})["lines[1]"] == "records.unknown_row"
    found = problems(shop, saved, {"lines": [{"id": str(row.id)}, {"id": str(row.id)}]})
    assert found["lines[2]"] == "records.unknown_row"


def test_rows_may_change_places(shop: Shop, saved: Saved) -> None:
    bolt, nut = shop.get(saved).tables["lines"]
    edited = shop.edit(saved, {"lines": [{"id": str(nut.id)}, {"id": str(bolt.id)}]})
    assert [row.id for row in shop.get(edited).tables["lines"]] == [nut.id, bolt.id]
    ((text,),) = shop.rows("SELECT changes FROM record_audit WHERE action = 'edit'")
    assert json.loads(text) == {"lines": [[str(bolt.id), str(nut.id)], [str(nut.id), str(bolt.id)]]}


def test_a_row_of_another_document_cannot_be_taken(shop: Shop, saved: Saved) -> None:
    other = shop.create("goods_receipt", receipt(shop, line(shop, "pin", "1", "1")))
    stolen = shop.get(other).tables["lines"][0].id
    assert problems(shop, saved, {"lines": [{"id": str(stolen), "quantity": "9"}]}) == {
        "lines[1]": "records.unknown_row"
    }
    assert shop.get(other).tables["lines"][0].values["quantity"] == Decimal(1)


def test_a_lookup_follows_its_link(shop: Shop, saved: Saved) -> None:
    row = shop.get(saved).tables["lines"][0]
    edited = shop.edit(saved, {"lines": [{"id": str(row.id), "item": str(shop.ids["nut"]), "spec": "bolt-8"}]})
    assert shop.get(edited).tables["lines"][0].values["spec"] == "nut-8"
    kept = shop.edit(edited, {"lines": [{"id": str(row.id), "item": str(shop.ids["pin"]), "spec": "mine"}]})
    assert shop.get(kept).tables["lines"][0].values["spec"] == "mine"
    cleared = shop.edit(kept, {"lines": [{"id": str(row.id), "spec": None}]})
    assert shop.get(cleared).tables["lines"][0].values["spec"] is None


def test_of_two_who_edit_the_second_is_told(shop: Shop, saved: Saved) -> None:
    shop.edit(saved, {"remark": "mine"})
    with pytest.raises(ZhangshiError) as raised:
        shop.edit(saved, {"remark": "yours"})
    assert raised.value.code == "records.changed_meanwhile"
    assert raised.value.facts == {"number": saved.number, "version": 1, "current": 2}
    assert shop.get(saved).values["remark"] == "mine"


def test_sending_a_record_back_as_it_was_shown_changes_nothing(shop: Shop, saved: Saved) -> None:
    record = shop.get(saved)
    rows = [
        {"id": str(r.id), "quantity": str(r.values["quantity"]), "item": {"id": str(r.values["item"])}}
        for r in record.tables["lines"]
    ]
    before = shop.footprint()
    same = shop.edit(saved, {"remark": "first", "state": "posted", "version": 9, "amount": "0", "lines": rows})
    assert same.version == saved.version
    after = shop.footprint()
    assert after == {**before, "request": before["request"] + 1}


def test_the_audit_says_what_changed_from_what_to_what(shop: Shop, saved: Saved) -> None:
    bolt, nut = shop.get(saved).tables["lines"]
    shop.edit(saved, {"remark": None, "lines": [{"id": str(bolt.id), "quantity": "12.5"}]})
    ((text,),) = shop.rows("SELECT changes FROM record_audit WHERE action = 'edit'")
    assert json.loads(text) == {
        "remark": ["first", None],
        "amount": ["58", "62.5"],
        f"lines[{bolt.id}].quantity": ["10", "12.5"],
        f"lines[{bolt.id}].amount": ["50", "62.5"],
        f"lines[{nut.id}]": [
            {
                "item": str(shop.ids["nut"]),
                "unit": str(shop.ids["pcs"]),
                "spec": "nut-8",
                "quantity": "4",
                "price": "2",
                "amount": "8",
            },
            None,
        ],
    }


def test_a_state_lets_only_some_fields_be_changed(shop: Shop, saved: Saved) -> None:
    posted = shop.move(saved, "post")
    row = shop.get(posted).tables["lines"][0]
    edited = shop.edit(
        posted, {"remark": "late", "lines": [{"id": str(r.id), "note": "n"} for r in shop.get(posted).tables["lines"]]}
    )
    assert shop.get(edited).tables["lines"][0].values["note"] == "n"
    assert problems(shop, edited, {"supplier": str(shop.ids["acme"])}) == {"supplier": "records.locked"}
    assert "lines" in problems(shop, edited, {"lines": [{"id": str(row.id)}]})
    assert "lines" in problems(
        shop, edited, {"lines": [{"id": str(r.id)} for r in reversed(shop.get(edited).tables["lines"])]}
    )
    rows = [{"id": str(r.id), "quantity": "99"} for r in shop.get(edited).tables["lines"]]
    assert problems(shop, edited, {"lines": rows}) == {"lines.quantity": "records.locked"}


def test_a_read_only_field_is_the_systems(shop: Shop, saved: Saved) -> None:
    assert problems(shop, saved, {"approved_by": None, "remark": "x"} | {"remark": "x" * 2000}) == {
        "remark": "value.not_a_text"
    }
    assert shop.edit(saved, {"approved_by": None}).version == 1


def test_a_field_that_somebody_may_not_write_tells_no_value(shop: Shop, saved: Saved) -> None:
    row = shop.get(saved).tables["lines"][0]
    with pytest.raises(ZhangshiError) as raised:
        shop.edit(saved, {"lines": [{"id": str(row.id), "price": "6"}]}, caller=KEEPER)
    assert raised.value.code == "records.field_locked"
    assert "5" not in raised.value.message("zh")
    edited = shop.edit(saved, {"lines": [{"id": str(row.id), "quantity": "11"}]}, caller=KEEPER)
    assert shop.get(edited).tables["lines"][0].values["price"] == Decimal(5)


def test_what_somebody_may_not_see_is_not_found(shop: Shop) -> None:
    wage = shop.create("wage", {"quantity": "1"})
    with pytest.raises(ZhangshiError) as raised:
        shop.edit(wage, {"quantity": "2"}, caller=KEEPER)
    assert raised.value.code == "records.not_found"
    with pytest.raises(ZhangshiError) as raised:
        shop.records.edit(OWNER, key=shop.key(), entity="wage", record_id=4711, version=1, content={})
    assert raised.value.code == "records.not_found"


def test_a_master_tells_the_ledger_what_changed(shop: Shop) -> None:
    item = shop.create("item", {"name": "x", "unit": {"number": "pcs"}})
    shop.edit(item, {"costing": "fifo"})
    assert shop.rows(f"SELECT method FROM stock_item WHERE item_id = {item.record_id}") == [("fifo",)]
    shop.ids["x"] = item.record_id
    shop.create("goods_receipt", receipt(shop, line(shop, "x", "1", "1")), "post")
    with pytest.raises(ZhangshiError) as raised:
        shop.edit(item, {"costing": "standard"}, version=2)
    assert raised.value.code == "ledger.item_in_use"
    assert shop.find("item", item.record_id).values["costing"] == "fifo"  # type: ignore[union-attr]  # it is there


def test_deleting_leaves_the_audit_and_nothing_else(shop: Shop, saved: Saved) -> None:
    shop.records.delete(OWNER, key="d", entity=saved.entity, record_id=saved.record_id, version=1)
    assert shop.find(saved.entity, saved.record_id) is None
    assert shop.rows("SELECT COUNT(*) FROM d_goods_receipt__lines") == [(0,)]
    assert shop.rows(f"SELECT COUNT(*) FROM search_entry WHERE record_id = {saved.record_id}") == [(0,)]
    ((text,),) = shop.rows("SELECT changes FROM record_audit WHERE action = 'delete'")
    assert json.loads(text)["remark"] == ["first", None]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("used", "records.in_use"),
        ("posted", "records.locked"),
        ("gapless", "records.gapless"),
        ("booked", "records.has_postings"),
    ],
)
def test_what_something_stands_on_cannot_be_deleted(shop: Shop, saved: Saved, what: str, code: str) -> None:
    if what == "used":
        target = Saved("item", shop.ids["bolt"], "", "", 1)
    elif what == "gapless":
        target = shop.create("sales_order", order(shop, line(shop, "bolt", "1")))
    else:
        target = shop.move(saved, "post")
        if what == "booked":
            target = shop.move(saved, "unpost")
    before = shop.footprint()
    with pytest.raises(ZhangshiError) as raised:
        shop.records.delete(OWNER, key="d", entity=target.entity, record_id=target.record_id, version=target.version)
    assert raised.value.code == code
    assert shop.footprint() == before
