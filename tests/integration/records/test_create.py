"""Creating: the server computes, checks everything and says all of it, and a failure leaves nothing."""

from decimal import Decimal
from typing import Any

import pytest

from tests.integration.records.shop import KEEPER, Shop, line, open_shop, order, receipt
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.statements import ColumnType, RowsStatement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records._store import facts
from zhangshi.records.model import Invalid, Problem
from zhangshi.records.service import uniqueness
from zhangshi.records.service.creating import ManyInvalid

THREE: dict[str, ColumnType] = {"a": "text", "b": "bigint", "c": "text"}


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company)


def refused(shop: Shop, entity: str, content: dict[str, Any], **options: Any) -> dict[str, Problem]:
    """Return the problems of a creation by path; nothing may have been written."""
    before = shop.footprint()
    with pytest.raises(Invalid) as raised:
        shop.create(entity, content, **options)
    assert shop.footprint() == before
    return {one.path: one for one in raised.value.problems}


def test_lookups_formulas_and_defaults_are_the_servers(shop: Shop) -> None:
    rows = [line(shop, "bolt", "10", "5.25", amount="999"), line(shop, "nut", "3", "0.333333")]
    saved = shop.create("goods_receipt", receipt(shop, *rows, amount="1", supplier_name=None))
    record = shop.get(saved)
    assert record.number == "GR26110001"
    assert record.values["supplier_name"] == "Vendor"
    assert str(record.values["received_on"]) == "2026-11-02"
    assert record.values["amount"] == Decimal("53.50")
    bolt, nut = (row.values for row in record.tables["lines"])
    assert (bolt["unit"], bolt["spec"], bolt["amount"]) == (shop.ids["pcs"], "bolt-8", Decimal("52.50"))
    assert nut["amount"] == Decimal("1.00")


def test_a_looked_up_value_that_was_entered_stays(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1", spec="special")))
    assert shop.get(saved).tables["lines"][0].values["spec"] == "special"


def test_every_problem_is_named_with_its_place(shop: Shop) -> None:
    rows = [line(shop, "bolt", "-1", "5"), {"quantity": "1.1234567"}, {"item": "4711", "quantity": "2"}]
    found = refused(shop, "goods_receipt", {"lines": rows, "colour": "red", "remark": "x" * 2000})
    assert {path: one.code for path, one in found.items()} == {
        "supplier": "records.required",
        "warehouse": "records.required",
        "colour": "records.unknown_field",
        "remark": "value.not_a_text",
        "lines[1].quantity": "constraint.0",
        "lines[2].item": "records.required",
        "lines[2].quantity": "number.too_many_digits",
        "lines[3].item": "records.not_linked",
    }
    assert found["lines[1].quantity"].zh == "第 1 行:数量必须大于零"
    assert found["lines[1].quantity"].en == "Row 1: Quantity must be above zero"
    assert found["supplier"].zh == "供应商 还没有填。请填写后再保存。"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("received_on", "2026-13-01", "value.not_a_date"),
        ("received_on", 20261101, "value.not_a_date"),
        ("supplier", "abc", "value.not_a_reference"),
        ("supplier", True, "value.not_a_reference"),
        ("supplier", {"number": "nobody"}, "records.not_linked"),
        ("supplier", "9" * 30, "value.not_a_reference"),
        ("remark", "a\x00b", "value.not_a_text"),
        ("remark", "\ud800", "value.not_a_text"),
        ("remark", ["a"], "value.not_a_text"),
        ("lines", "no rows", "records.bad_table"),
        ("lines", [1], "records.bad_table"),
        ("number", "GR1", "records.number_not_manual"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_problem_of_its_field(shop: Shop, field: str, value: Any, code: str) -> None:
    found = refused(shop, "goods_receipt", receipt(shop, line(shop, "bolt", "1", "1"), **{field: value}))
    assert found[field].code == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1,5", "number.not_a_number"), ("abc", "number.not_a_number"), ("1e9999999", "number.not_a_number"),
        (1.5, "number.not_a_number"), ("1.1234567", "number.too_many_digits"), ("1e18", "number.overflow"),
        (True, "number.not_a_number"), ("9223372036854.775808", "number.overflow"),
    ],
)  # fmt: skip
def test_a_number_is_exact_or_refused(shop: Shop, value: Any, code: str) -> None:
    found = refused(shop, "goods_receipt", receipt(shop, line(shop, "bolt", value, "1")))
    assert found["lines[1].quantity"].code == code


def test_links_come_by_id_by_object_and_by_number(shop: Shop) -> None:
    acme = {"number": "P0001"}
    saved = shop.create("sales_order", {"customer": acme, "lines": []})
    assert shop.get(saved).values["customer"] == shop.ids["acme"]
    by_object = shop.create("sales_order", {"customer": {"id": str(shop.ids["acme"]), "title": "Acme"}, "lines": []})
    assert shop.get(by_object).values["customer"] == shop.ids["acme"]


def test_a_filter_of_choices_holds_on_the_server(shop: Shop) -> None:
    found = refused(shop, "sales_order", {"customer": str(shop.ids["vendor"]), "lines": []})
    assert found["customer"].code == "records.not_choosable"
    assert "Vendor" in found["customer"].zh


def test_a_place_of_another_kind_is_refused(shop: Shop) -> None:
    found = refused(shop, "goods_receipt", receipt(shop, line(shop, "bolt", "1"), warehouse=str(shop.ids["transit"])))
    assert found["warehouse"].code == "records.not_choosable"


def test_rules_require_and_set(shop: Shop) -> None:
    assert refused(shop, "sales_order", order(shop, kind="cash"))["cashier"].code == "records.required"
    saved = shop.create(
        "sales_order", order(shop, line(shop, "bolt", "10", "5"), kind="cash", cashier="Li", rate="0.5")
    )
    record = shop.get(saved)
    assert record.values["rate"] == Decimal("0.9")
    assert record.values["amount"] == Decimal("45.00")


def test_an_unknown_or_retired_option_is_refused(shop: Shop) -> None:
    assert refused(shop, "sales_order", order(shop, kind="barter"))["kind"].code == "records.not_an_option"


def test_a_warning_does_not_stop_anybody(shop: Shop) -> None:
    saved = shop.create("sales_order", order(shop, line(shop, "bolt", "5")))
    assert [(one.path, one.level, one.zh) for one in saved.warnings] == [
        ("lines[1].quantity", "warn", "第 1 行:库存不足")
    ]


def test_a_constraint_may_ask_for_stock(shop: Shop) -> None:
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "5", "1"), line(shop, "nut", "4", "1")), "post")
    saved = shop.create("sales_order", order(shop, line(shop, "bolt", "5"), line(shop, "nut", "5")))
    assert [one.path for one in saved.warnings] == ["lines[2].quantity"]


def test_create_and_post_in_one_call(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "10", "5")), "post")
    assert (saved.state, saved.version, len(saved.postings)) == ("posted", 1, 1)
    assert shop.get(saved).values["approved_by"] == 1
    assert shop.stock("bolt") == 10
    assert shop.rows("SELECT source_type, source_id FROM posting") == [("goods_receipt", saved.record_id)]


def test_what_is_wrong_with_a_posting_leaves_nothing(shop: Shop) -> None:
    before = shop.footprint()
    with pytest.raises(ZhangshiError) as raised:
        shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1"), line(shop, "nut", "1")), "post")
    assert raised.value.code == "ledger.cost_required"
    assert raised.value.facts["row"] == 2
    assert raised.value.message("zh").startswith("第 2 行:")
    assert shop.footprint() == before


def test_an_error_in_the_very_last_statement_leaves_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before, balances = shop.footprint(), shop.worth()
    broken = RowsStatement(
        "WITH input(a, b, c) AS ({input}) INSERT INTO nowhere SELECT a, b, c FROM input", columns=THREE
    )
    monkeypatch.setattr(facts, "SAVE_SEARCH", broken)
    with pytest.raises(Exception, match="nowhere"):
        shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")), "post")
    monkeypatch.undo()
    assert (shop.footprint(), shop.worth()) == (before, balances)
    assert shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")), "post").number == "GR26110001"


def test_a_dry_run_answers_the_same_and_leaves_nothing(shop: Shop) -> None:
    content = receipt(shop, line(shop, "bolt", "10", "5"))
    before = shop.footprint()
    tried = shop.create("goods_receipt", content, "post", key="dry", dry_run=True)
    assert shop.footprint() == before
    done = shop.create("goods_receipt", content, "post", key="dry")
    assert (tried.number, tried.state, tried.version) == (done.number, done.state, done.version)


def test_a_repeated_request_gets_the_first_answer(shop: Shop) -> None:
    content = receipt(shop, line(shop, "bolt", "10", "5"))
    first = shop.create("goods_receipt", content, "post", key="once")
    footprint = shop.footprint()
    assert shop.create("goods_receipt", content, "post", key="once") == first
    assert shop.footprint() == footprint
    with pytest.raises(ZhangshiError) as raised:
        shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "11", "5")), "post", key="once")
    assert raised.value.code == "platform.key_reused"


def test_unique_fields_are_told_before_and_among_many(shop: Shop) -> None:
    item = {"name": "x", "unit": {"number": "pcs"}, "barcode": "690"}
    shop.create("item", item)
    assert refused(shop, "item", item)["barcode"].code == "records.not_unique"

    def work(uow: UnitOfWork) -> int:
        steps = shop.records.work(uow, KEEPER)
        contents = [{**item, "barcode": code} for code in ("1", "2", "1", "690")]
        steps.create_many(entity="item", contents=contents, internal=True)
        return 0

    with pytest.raises(ManyInvalid) as raised:
        shop.company.write(Request("t", "many", None), work, answer_type=int)
    assert {place: problems[0].path for place, problems in raised.value.problems_by_place.items()} == {
        2: "barcode",
        3: "barcode",
    }


def test_the_index_speaks_where_two_chose_at_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    item = {"name": "x", "unit": {"number": "pcs"}, "barcode": "690"}
    shop.create("item", item)
    monkeypatch.setattr(uniqueness, "check", lambda *_: None)
    before = shop.footprint()
    with pytest.raises(ZhangshiError) as raised:
        shop.create("item", item)
    assert raised.value.code == "records.not_unique"
    assert "条码" in raised.value.message("zh")
    with pytest.raises(ZhangshiError) as raised:
        shop.create("item", {**item, "barcode": "691", "number": "JX0001"})
    assert raised.value.code == "records.not_unique"
    assert shop.footprint() == before


def test_a_document_without_rows_posts_nothing(shop: Shop) -> None:
    before = shop.footprint()
    with pytest.raises(ZhangshiError) as raised:
        shop.create("goods_receipt", receipt(shop), "post")
    assert raised.value.code == "ledger.empty_posting"
    assert shop.footprint() == before


def test_rows_may_not_repeat_where_they_are_unique(shop: Shop) -> None:
    box = {"unit": {"number": "box"}, "numerator": "12"}
    found = refused(shop, "item", {"name": "x", "unit": {"number": "pcs"}, "conversions": [box, box]})
    assert found["conversions[2].unit"].code == "records.repeated_row"
    assert (
        refused(shop, "item", {"name": "x", "unit": {"number": "pcs"}, "conversions": [{**box, "numerator": 0}]})[
            "conversions[1].numerator"
        ].code
        == "records.too_small"
    )


def test_who_may_not_create_writes_nothing(shop: Shop) -> None:
    before = shop.footprint()
    with pytest.raises(ZhangshiError) as raised:
        shop.create("item", {"name": "x"}, caller=KEEPER)
    assert raised.value.code == "records.forbidden"
    with pytest.raises(ZhangshiError) as raised:
        shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "7.77")), caller=KEEPER)
    assert (raised.value.code, raised.value.facts["field"]) == ("records.field_locked", "lines.price")
    assert "7.77" not in raised.value.message("zh") + raised.value.message("en")
    assert shop.footprint() == before


def test_audit_events_and_search_text_are_written_with_it(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")), "post")
    rows = shop.rows(
        f"SELECT action, actor, door FROM record_audit WHERE record_id = {saved.record_id} ORDER BY audit_id"
    )
    assert rows == [("create", "boss", "http"), ("post", "boss", "http")]
    topics = [row[0] for row in shop.rows(f"SELECT topic FROM outbox_event WHERE ordering_key = '{saved.record_id}'")]
    assert sorted(topics) == ["record.created", "record.transitioned"]
    ((text,),) = shop.rows(f"SELECT text FROM search_entry WHERE record_id = {saved.record_id}")
    assert "gr26110001" in text


def test_an_unknown_entity_or_transition_is_named(shop: Shop) -> None:
    with pytest.raises(ZhangshiError) as raised:
        shop.create("nothing", {})
    assert raised.value.code == "records.unknown_entity"
    with pytest.raises(ZhangshiError) as raised:
        shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")), "fly")
    assert raised.value.code == "records.unknown_transition"
