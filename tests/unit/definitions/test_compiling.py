# ruff: noqa: E501  YAML reads best a field a line
"""A shop that is right becomes a catalog in which everything is resolved, typed, ordered and named."""

from decimal import Decimal
from time import process_time

from tests.unit.definitions.shop import ITEM, ORDER, changed, problems, shop, sources, warnings
from zhangshi.definitions.catalog import HEADER, FieldType, Label
from zhangshi.definitions.catalog.system_fields import system_fields
from zhangshi.definitions.compiling import compile_catalog
from zhangshi.expr import Env, Formula


def value(formula: Formula | None, **values: object) -> object:
    assert formula is not None
    return formula.evaluate(Env(values))  # type: ignore[arg-type]


def test_the_shop_has_no_problem_and_knows_its_revision() -> None:
    assert [one.code for one in warnings(strict=True)] == ["definitions.uncovered"]
    assert shop().revision == 7


def test_fields_have_types_scales_columns_and_targets() -> None:
    order = shop().entities["sales_order"]
    header, lines = order.header.fields, order.tables["lines"].fields

    assert [(key, one.type, one.column, one.digits) for key, one in header.items()] == [
        ("customer", FieldType.LINK, "f_customer", 0),
        ("customer_name", FieldType.TEXT, "f_customer_name", 0),
        ("ordered_on", FieldType.DATE, "f_ordered_on", 0),
        ("discount", FieldType.DECIMAL, "f_discount", 4),
        ("amount", FieldType.MONEY, "f_amount", 2),
        ("payable", FieldType.MONEY, "f_payable", 2),
    ]
    assert (header["customer"].to, header["customer"].index, header["customer"].is_link) == ("partner", True, True)
    assert (lines["delivered"].stored, lines["open"].stored) == (False, False)
    assert lines["quantity"].unit == "unit"
    assert (order.header.name, order.tables["lines"].name) == ("d_sales_order", "d_sales_order__lines")


def test_a_location_is_a_link_to_the_entity_that_plays_the_place() -> None:
    warehouse = shop().entities["delivery"].header.fields["warehouse"]

    assert (warehouse.to, warehouse.kinds, warehouse.is_link) == ("location", {"warehouse"}, True)


def test_a_column_that_was_renamed_by_a_change_of_type_is_used() -> None:
    columns = {("sales_order", "", "discount"): "f_discount_2", ("sales_order", "lines", "price"): "f_price_3"}
    order = compile_catalog(sources(), revision=1, columns=columns).entities["sales_order"]

    assert order.header.fields["discount"].column == "f_discount_2"
    assert order.tables["lines"].fields["price"].column == "f_price_3"
    assert order.header.fields["amount"].column == "f_amount"


def test_computed_fields_stand_after_what_they_read_across_tables() -> None:
    order = shop().entities["sales_order"]
    places = {node: at for at, node in enumerate(order.order)}

    assert places["lines", "price"] < places["lines", "amount"] < places[HEADER, "amount"] < places[HEADER, "payable"]
    assert order.header.order == ("customer_name", "ordered_on", "amount", "payable")
    assert set(order.tables["lines"].order) == {"unit", "price", "amount", "open"}


def test_formulas_compute_with_the_fields_values() -> None:
    order = shop().entities["sales_order"]

    payable = value(order.header.fields["payable"].formula, amount=Decimal("10.05"), discount=Decimal("0.5"))
    assert payable == Decimal("5.03")
    assert value(order.constraints[0].when, quantity=Decimal(0)) is True


def test_defaults_are_formulas_of_the_fields_type() -> None:
    catalog = shop()

    assert value(catalog.entities["partner"].header.fields["is_customer"].default) is True
    assert value(catalog.entities["location"].header.fields["kind"].default) == "warehouse"
    assert catalog.entities["sales_order"].header.fields["ordered_on"].default is not None


def test_literal_defaults_of_every_type() -> None:
    text = """
schema: 1
entity: many
kind: master
label: {zh: 多, en: Many}
fields:
  name: {type: text, default: 'say "x"'}
  quantity: {type: quantity, default: 0.000001}
  amount: {type: money, default: -3}
  date: {type: date, default: 2026-02-28}
  active: {type: bool, default: false}
  note: {type: long_text, default: 12}
"""
    fields = shop(text).entities["many"].header.fields

    assert value(fields["name"].default) == 'say "x"'
    assert value(fields["quantity"].default) == Decimal("0.000001")
    assert value(fields["amount"].default) == Decimal(-3)
    assert str(value(fields["date"].default)) == "2026-02-28"
    assert value(fields["active"].default) is False
    assert value(fields["note"].default) == "12"


def test_a_constraint_finds_the_table_whose_fields_it_names() -> None:
    order = shop().entities["sales_order"]
    both = changed(ORDER, "constraints:", "constraints:\n  - {when: payable < 0, message: 应付不能为负}")

    assert (order.constraints[0].table, order.constraints[0].field, order.constraints[0].level) == (
        "lines", "quantity", "block",
    )  # fmt: skip
    assert shop(sales_order=both).entities["sales_order"].constraints[0].table == HEADER
    assert shop(sales_order=both).entities["sales_order"].constraints[0].message == Label(
        "应付不能为负", "应付不能为负"
    )


def test_labels_come_from_what_is_written_what_is_known_and_what_is_linked() -> None:
    order = shop().entities["sales_order"]
    assert order.lifecycle is not None

    assert order.header.fields["customer"].label == Label("客户", "Customer")
    assert order.number_label == Label("单号", "No.")
    assert order.lifecycle.states["confirmed"].label == Label("已确认", "Confirmed")
    assert order.lifecycle.transitions["unconfirm"].label == Label("取消确认", "Take back")
    assert order.tables["lines"].label == Label("明细", "Lines")
    assert system_fields("sales_order")["created_by"].label == Label("制单人", "Created by")


def test_a_number_rule_has_its_parts() -> None:
    rule = shop().entities["sales_order"].number_rule
    assert rule is not None

    assert [(part.kind, part.text, part.width, part.reset) for part in rule.parts] == [
        ("const", "SO", 0, "never"),
        ("date", "yyMM", 0, "never"),
        ("counter", "", 4, "month"),
    ]
    assert shop().entities["unit"].number_rule is None
    assert shop().entities["item"].number_rule.manual  # type: ignore[union-attr]


def test_entities_may_share_a_number_rule_and_its_counter() -> None:
    shared = "schema: 1\nnumber_rule: code\nparts: [{const: M}, {counter: {width: 6}}]\n"
    item = changed(ITEM, "{parts: [{const: I}, {counter: {width: 5}}], manual: true}", "code")
    partner = "schema: 1\nentity: firm\nkind: master\nlabel: 公司\nnumber_rule: code\n"
    catalog = shop(shared, partner, items=item)

    assert catalog.entities["item"].number_rule == catalog.entities["firm"].number_rule
    assert catalog.entities["item"].number_rule.key == "rule:code"  # type: ignore[union-attr]


def test_states_say_what_may_be_edited() -> None:
    states = "states: {draft: {}, confirmed: {editable: [discount, lines.quantity]}, closed: {}, cancelled: {}}"
    order = shop(sales_order=changed(ORDER, "states: [draft, confirmed, closed, cancelled]", states))
    lifecycle = order.entities["sales_order"].lifecycle
    assert lifecycle is not None

    assert lifecycle.initial.key == "draft"
    assert lifecycle.states["draft"].editable is None
    assert lifecycle.states["confirmed"].editable == {"discount", "lines.quantity"}
    assert lifecycle.states["closed"].editable == frozenset()
    assert [one.key for one in lifecycle.states.values() if one.cancelled] == ["cancelled"]


def test_a_posting_and_its_take_back() -> None:
    lifecycle = shop().entities["delivery"].lifecycle
    assert lifecycle is not None
    posting = lifecycle.transitions["post"].postings[0]

    assert (posting.command, posting.each, sorted(posting.params)) == (
        "issue",
        "lines",
        ["from", "item", "lot", "quantity"],
    )
    assert lifecycle.transitions["unpost"].takes_back
    assert lifecycle.transitions["unpost"].postings == ()


def test_conversions_and_roles_are_found_from_both_ends() -> None:
    catalog = shop()

    assert [one.key for one in catalog.conversions_from["sales_order"]] == ["deliver"]
    assert [one.key for one in catalog.conversions_to["delivery"]] == ["deliver"]
    grant = catalog.roles["sales"].grants["sales_order"][0]
    assert (grant.actions, grant.default_access, grant.rows is not None) == ({"*"}, "write", True)
    assert catalog.roles["sales"].grants["item"][0].default_access == "read"
    assert catalog.playing("ledger_item")[0].key == "item"  # type: ignore[index]


def test_an_entity_may_bring_its_grants_along() -> None:
    text = """
schema: 1
entity: sample
kind: master
label: 样品
grants:
  sales: {actions: [read, edit], fields: {name: read}}
fields: {name: {type: text}}
"""
    catalog = shop(text)

    assert [one.fields for one in catalog.roles["sales"].grants["sample"]] == [{"name": "read"}]
    assert "sales_order" in catalog.roles["sales"].grants
    assert [one.code for one in problems(text.replace("sales:", "seller:"))] == ["definitions.unknown_role"]


def test_other_kinds_are_plain_data_with_their_layer() -> None:
    view = "schema: 1\nview: sales_order.open\nentity: sales_order\ncolumns: [number, customer.name, amount]\nsort: [-ordered_on]\n"

    assert shop(view).others["view"]["sales_order.open"] == {
        "schema": 1, "view": "sales_order.open", "entity": "sales_order", "layer": "site",
        "columns": ["number", "customer.name", "amount"], "sort": ["-ordered_on"],
    }  # fmt: skip


def test_filters_see_the_chosen_record_and_the_row_that_chooses() -> None:
    wanted = 'quantity: {type: quantity, unit: unit, required: true}\n  twin: {type: link, to: item, filter: "unit = parent.unit and parent.discount >= 0", label: 替代}'
    order = changed(ORDER, "quantity: {type: quantity, unit: unit, required: true}", wanted)
    twin = shop(sales_order=order).entities["sales_order"].tables["lines"].fields["twin"]
    assert twin.filter is not None

    assert (twin.filter.reads, twin.filter.parent_reads) == ({"unit"}, {"unit", "discount"})


def test_sixty_entities_compile_in_three_seconds() -> None:
    many = [
        changed(changed(ORDER, "sales_order", f"order_{at}"), "const: SO", f"const: SO{at:03d}-").replace(
            "rollup: {conversion: deliver, of: quantity, states: [posted]}", "min: 0"
        )
        for at in range(60)
    ]
    start = process_time()

    assert len(shop(*many).entities) == 66
    assert process_time() - start < 3


def test_the_problems_of_all_objects_are_reported_together() -> None:
    found = problems(
        sales_order=changed(ORDER, "to: partner", "to: partnr"), items=changed(ITEM, "title: name", "title: nmae")
    )

    assert {(one.object, one.path) for one in found} >= {
        ("entity/sales_order", "fields.customer.to"),
        ("entity/item", "title"),
    }
