# ruff: noqa: E501  a mistake a line
"""Every mistake that would hurt later is refused when it is compiled: by code, file, line, path and mend."""

from string import Formatter

import pytest

from tests.unit.definitions.shop import (
    DELIVER,
    DELIVERY,
    ITEM,
    LEVELS,
    LOCATION,
    ORDER,
    PARTNER,
    SALES,
    changed,
    line_of,
    problems,
    warnings,
)
from zhangshi.definitions.errors import Problem

TEXTS = {
    "items": ITEM, "partners": PARTNER, "levels": LEVELS, "locations": LOCATION,
    "sales_order": ORDER, "delivery": DELIVERY, "deliver": DELIVER, "sales": SALES,
}  # fmt: skip

MISTAKES = [
    # names of other objects
    ("sales_order", "to: partner", "to: partnr", "unknown_entity", "fields.customer.to"),
    ("partners", "options: levels", "options: level", "unknown_option_set", "fields.level.options"),
    ("items", "{parts: [{const: I}, {counter: {width: 5}}], manual: true}", "codes", "unknown_number_rule", "number_rule"),
    ("sales", "delivery: {", "deliveri: {", "unknown_entity", "grants.deliveri"),
    ("deliver", "to: delivery", "to: deliveries", "unknown_entity", "to"),
    ("deliver", "each: lines", "each: rows", "unknown_table", "each"),
    ("sales_order", "confirm: {from: draft, to: confirmed}", "confirm: {from: draft, to: confirmed, approval: boss}", "unknown_object", "lifecycle.transitions.confirm.approval"),
    # names of fields
    ("items", "title: name", "title: nam", "unknown_field", "title"),
    ("sales_order", "date_field: ordered_on", "date_field: ordred_on", "unknown_field", "date_field"),
    ("items", "search: [number, name, spec]", "search: [number, name, spek]", "unknown_field", "search[2]"),
    ("items", "search: [number, name, spec]", "unique: [[name, spek]]", "unknown_field", "unique[0][1]"),
    ("sales_order", "unit: unit, required", "unit: unti, required", "unknown_field", "lines.quantity.unit"),
    ("sales_order", "lookup: item.price", "lookup: item.prise", "unknown_field", "lines.price.lookup"),
    ("sales_order", "lookup: item.price", "lookup: quantity.price", "not_a_link", "lines.price.lookup"),
    ("sales_order", "lookup: item.price", "lookup: item", "lookup_start", "lines.price.lookup"),
    ("sales_order", "lookup: item.price", "lookup: item.spec", "wrong_type", "lines.price.lookup"),
    ("sales_order", "unit: {type: link, to: unit, lookup: item.unit}", "unit: {type: link, to: partner, lookup: item.unit}", "wrong_link", "lines.unit.lookup"),
    ("sales_order", "require: [customer_name]", "require: [customer_nam]", "unknown_field", "rules[0].require[0]"),
    ("sales_order", "lock: [ordered_on]", "lock: [lines.qantity]", "unknown_field", "rules[0].lock[0]"),
    ("sales_order", "rules:", "rules:\n  - {each: row, hide: [x]}", "unknown_table", "rules[0].each"),
    ("sales_order", "rules:", "rules:\n  - {set: {discount: customer_name}}", "wrong_type", "rules[0].set.discount"),
    ("sales_order", "rules:", "rules:\n  - {options: {customer: is_custmer}}", "bad_formula", "rules[0].options.customer"),
    ("sales_order", "rules:", "rules:\n  - {options: {discount: is_customer}}", "not_a_link", "rules[0].options.discount"),
    ("deliver", "combine: [customer]", "combine: [custmer]", "unknown_field", "combine[0]"),
    ("deliver", "quantity: {source: quantity,", "quantity: {source: quantiti,", "unknown_field", "quantity.source"),
    ("deliver", "quantity: {source: quantity,", "quantity: {source: item,", "wrong_type", "quantity.source"),
    ("deliver", "lines: {item: item,", "lines: {item: customer,", "wrong_link", "lines.item"),
    ("deliver", "lines: {item: item,", "lines: {itm: item,", "unknown_field", "lines.itm"),
    ("deliver", "header: {customer: customer,", "header: {customer: amount,", "wrong_type", "header.customer"),
    ("deliver", "complete: close", "complete: finish", "unknown_transition", "complete"),
    ("sales", "fields: {lines.quantity: write}", "fields: {lines.quantiti: write}", "unknown_field", "grants.delivery.fields.lines.quantiti"),
    ("sales", "post, unpost", "post, unpots", "unknown_action", "grants.delivery.actions[4]"),
    ("sales", 'actions: "*",', 'actions: "*", states: [drft],', "unknown_state", "grants.sales_order.states[0]"),
    ("sales", "rows: owner = USER()", "rows: SUM(lines.amount) > 5", "not_for_sql", "grants.sales_order.rows"),
    ("sales", "rows: owner = USER()", "rows: amount * discount > 5", "not_for_sql", "grants.sales_order.rows"),
    ("sales", "rows: owner = USER()", "rows: owner", "wrong_type", "grants.sales_order.rows"),
    # fields
    ("sales_order", "discount: {type", "number: {type", "reserved_key", "fields.number"),
    ("sales_order", "type: link, to: partner,", "type: link,", "no_target", "fields.customer"),
    ("partners", "options: levels,", "", "no_target", "fields.level"),
    ("delivery", "lot: {type: lot, of: item}", "lot: {type: lot}", "no_target", "lines.lot"),
    ("delivery", "lot: {type: lot, of: item}", "lot: {type: lot, of: unit}", "wrong_link", "lines.lot.of"),
    ("sales_order", "scale: 4,", "to: partner,", "not_for_type", "fields.discount.to"),
    ("partners", "is_customer: {type: bool,", "is_customer: {type: bool, max: 3,", "not_for_type", "fields.is_customer.max"),
    ("sales_order", "formula: SUM(lines.amount)", "formula: SUM(lines.amount), lookup: customer.name", "two_sources", "fields.amount"),
    ("partners", "default: true", "default: maybe", "bad_default", "fields.is_customer.default"),
    ("sales_order", "scale: 4,", "scale: 4, default: half,", "bad_default", "fields.discount.default"),
    ("sales_order", "to: partner, required", "to: partner, default: 5, required", "bad_default", "fields.customer.default"),
    ("partners", "options: levels,", "options: levels, default: z,", "retired_default", "fields.level.default"),
    ("partners", "options: levels,", "options: levels, default: c,", "wrong_choice", "fields.level.default"),
    ("sales_order", "default: {formula: TODAY()}", "default: {formula: customer}", "wrong_type", "fields.ordered_on.default.formula"),
    ("levels", "value: b", "value: a", "duplicate_value", "options[1].value"),
    ("sales_order", "min: 0, max: 1", "min: 0, max: x", "bad_bound", "fields.discount.max"),
    ("partners", "name: {type: text, required: true}", 'name: {type: text, pattern: "[a"}', "bad_pattern", "fields.name.pattern"),
    ("sales_order", "discount: {type", "lines: {type", "duplicate_value", "fields.lines"),
    # formulas
    ("sales_order", "ROUND(quantity * price, 2)", "ROUND(quantiti * price, 2)", "bad_formula", "lines.amount.formula"),
    ("sales_order", "SUM(lines.amount)", "SUM(lines.amount", "bad_formula", "fields.amount.formula"),
    ("sales_order", "SUM(lines.amount)", "customer.name", "wrong_type", "fields.amount.formula"),
    ("sales_order", "when: quantity <= 0", "when: quantity + 1", "wrong_type", "constraints[0].when"),
    ("sales_order", "filter: is_customer", "filter: name", "wrong_type", "fields.customer.filter"),
    ("sales_order", "transitions:\n", "transitions:\n    again: {from: draft, to: draft, label: 再, constraints: [{when: payable, message: x}]}\n", "wrong_type", "lifecycle.transitions.again.constraints[0].when"),
    ("sales_order", "SUM(lines.amount)", "payable + 1", "ring", "fields.amount"),
    ("sales_order", "SUM(lines.amount)", "SUM(lines.open)", "stale", "fields.amount"),
    # rollups
    ("sales_order", "conversion: deliver, of", "conversion: delivr, of", "unknown_conversion", "lines.delivered.rollup.conversion"),
    ("sales_order", "of: quantity, states", "of: quantiti, states", "unknown_field", "lines.delivered.rollup.of"),
    ("sales_order", "of: quantity, states", "of: item, states", "wrong_type", "lines.delivered.rollup.of"),
    ("sales_order", "of: quantity, states", "states", "rollup_shape", "lines.delivered.rollup"),
    ("sales_order", "states: [posted]", "states: [postd]", "unknown_state", "lines.delivered.rollup.states[0]"),
    ("sales_order", "conversion: deliver, of", "from: delivery.lines, match: order, of", "rollup_shape", "lines.delivered.rollup"),
    ("partners", "fields:", "fields:\n  orders: {type: int, label: 单数, rollup: {from: sales_order, match: customr, function: count}}", "rollup_match", "fields.orders.rollup.match"),
    ("partners", "fields:", "fields:\n  sold: {type: quantity, label: 数, rollup: {from: sales_order.lines, match: customer, of: quantity}}", "rollup_match", "fields.sold.rollup.match"),
    ("sales_order", "of: quantity, states", "of: row, states", "wrong_type", "lines.delivered.rollup.of"),
    ("partners", "fields:", "fields:\n  orders: {type: int, label: 单数, rollup: {from: sales_orders, match: customer, function: count}}", "unknown_entity", "fields.orders.rollup.from"),
    ("partners", "fields:", "fields:\n  orders: {type: text, label: 单数, rollup: {from: sales_order, match: customer, function: count}}", "wrong_type", "fields.orders.rollup"),
    ("delivery", "lot: {type: lot, of: item}", "lot: {type: lot, of: item}\n  n: {type: quantity, label: 数, rollup: {conversion: deliver, of: quantity}}", "rollup_conversion", "lines.n.rollup.conversion"),
    # numbers
    ("items", "{const: I}", "{const: I, date: yy}", "number_part", "number_rule.parts[0]"),
    ("items", "{const: I}, {counter: {width: 5}}", "{const: I}", "number_counter", "number_rule.parts"),
    ("items", "{counter: {width: 5}}", "{counter: {width: 5, reset: year}}", "number_reset", "number_rule.parts"),
    ("sales_order", "{date: yyMM}", "{date: yyQQ}", "number_date", "number_rule.parts[1].date"),
    ("delivery", "{const: CK}", "{const: SO}", "number_clash", "number_rule.parts"),
    ("items", "{const: I}", "{field: prise}", "bad_formula", "number_rule.parts[0].field"),
    # lifecycles
    ("sales_order", "states: [draft, confirmed,", "states: [draft, approved, confirmed,", "unreachable", "lifecycle.states.approved"),
    ("sales_order", "    reopen: {from: closed, to: confirmed}\n", "", "dead_end", "lifecycle.states.closed"),
    ("sales_order", "cancel: {from: [draft, confirmed]", "cancel: {from: [draft, confirmd]", "unknown_state", "lifecycle.transitions.cancel.from"),
    ("sales_order", "close: {from: confirmed, to: closed}", "close: {from: confirmed, to: close}", "unknown_state", "lifecycle.transitions.close.to"),
    ("delivery", "states: [draft, posted, cancelled]", "states: {draft: {}, posted: {final: true}, cancelled: {}}", "final_exit", "lifecycle.states.posted"),
    ("sales_order", "unconfirm: {from: confirmed, to: draft}", "unconfirm: {from: confirmed, to: draft, posting: {command: reverse}}", "reverses_nothing", "lifecycle.transitions.unconfirm.posting"),
    ("delivery", "unpost: {from: posted, to: draft,", "unpost: {from: posted, to: posted,", "takes_back_target", "lifecycle.transitions.unpost.to"),
    ("sales_order", "constraints:", "constraints:\n  - {when: amount < 0, transitions: [clos], message: x}", "unknown_transition", "constraints[0].transitions[0]"),
    # postings
    ("delivery", "command: issue", "command: isue", "unknown_command", "lifecycle.transitions.post.posting.command"),
    ("delivery", ", from: warehouse}", "}", "missing_parameter", "lifecycle.transitions.post.posting"),
    ("delivery", ", from: warehouse}", ", to: warehouse, from: warehouse}", "unknown_parameter", "lifecycle.transitions.post.posting.to"),
    ("delivery", "{command: reverse}", "{command: reverse, item: item}", "unknown_parameter", "lifecycle.transitions.unpost.posting.item"),
    ("delivery", "item: item, lot: lot", "item: unit, lot: lot", "wrong_parameter", "lifecycle.transitions.post.posting.item"),
    ("delivery", "from: warehouse}", "from: customer}", "wrong_parameter", "lifecycle.transitions.post.posting.from"),
    ("delivery", "quantity: quantity, from", "quantity: lot, from", "wrong_parameter", "lifecycle.transitions.post.posting.quantity"),
    ("delivery", "lot: lot", "lot: quantity", "wrong_parameter", "lifecycle.transitions.post.posting.lot"),
    ("delivery", "lot: lot", "on: lot", "wrong_parameter", "lifecycle.transitions.post.posting.on"),
    ("delivery", "each: lines, item", "each: rows, item", "unknown_table", "lifecycle.transitions.post.posting.each"),
    ("delivery", "command: issue,", "command: scrap, status: broken,", "bad_formula", "lifecycle.transitions.post.posting.status"),
    ("delivery", "command: issue,", "command: scrap, origin: delivr,", "unknown_conversion", "lifecycle.transitions.post.posting.origin"),
    ("delivery", "command: issue, each: lines, item: item, lot: lot, quantity: quantity,", "command: consume, into: customer, item: item, quantity: quantity,", "wrong_parameter", "lifecycle.transitions.post.posting.into"),
    ("delivery", "command: issue,", "command: issue, when: customer,", "wrong_type", "lifecycle.transitions.post.posting.when"),
    # effects
    ("sales_order", "close: {from: confirmed, to: closed}", "close: {from: confirmed, to: closed, effects: [{when: amount > 0}]}", "effect_shape", "lifecycle.transitions.close.effects[0]"),
    ("sales_order", "close: {from: confirmed, to: closed}", "close: {from: confirmed, to: closed, effects: [{set: {discont: 0}}]}", "unknown_field", "lifecycle.transitions.close.effects[0].set.discont"),
    ("sales_order", "close: {from: confirmed, to: closed}", "close: {from: confirmed, to: closed, effects: [{update: amount, set: {name: customer_name}}]}", "not_a_link", "lifecycle.transitions.close.effects[0].update"),
    ("sales_order", "close: {from: confirmed, to: closed}", "close: {from: confirmed, to: closed, effects: [{update: customer, add: {name: 1}}]}", "wrong_type", "lifecycle.transitions.close.effects[0].add.name"),
    ("sales_order", "close: {from: confirmed, to: closed}", "close: {from: confirmed, to: closed, effects: [{create: bill, values: {a: 1}}]}", "unknown_entity", "lifecycle.transitions.close.effects[0].create"),
    ("sales_order", "close: {from: confirmed, to: closed}", "close: {from: confirmed, to: closed, effects: [{create: delivery, values: {customer: customer}, lines: {lines: {each: lines, values: {item: unit}}}}]}", "wrong_link", "lifecycle.transitions.close.effects[0].lines.lines.values.item"),
    ("delivery", "cancel: {from: draft, to: cancelled}", "cancel: {from: draft, to: cancelled, effects: [{transition: finish, of: sources}]}", "unknown_transition", "lifecycle.transitions.cancel.effects[0].transition"),
    ("delivery", "cancel: {from: draft, to: cancelled}", "cancel: {from: draft, to: cancelled, effects: [{transition: close}]}", "effect_shape", "lifecycle.transitions.cancel.effects[0]"),
    ("delivery", "cancel: {from: draft, to: cancelled}", "cancel: {from: draft, to: cancelled, effects: [{transition: close, of: order, when: amont > 0}]}", "bad_formula", "lifecycle.transitions.cancel.effects[0].when"),
]  # fmt: skip


def at(found: list[Problem], code: str, path: str) -> Problem:
    wanted = [one for one in found if one.code == f"definitions.{code}" and one.path == path]
    assert wanted, [one.text("en") for one in found]
    return wanted[0]


@pytest.mark.parametrize(
    ("file", "before", "after", "code", "path"), MISTAKES, ids=[f"{one[3]}-{one[0]}-{one[4]}" for one in MISTAKES]
)
def test_a_mistake_is_refused_at_its_line(file: str, before: str, after: str, code: str, path: str) -> None:
    text = changed(TEXTS[file], before, after)
    problem = at(problems(**{file: text}), code, path)

    assert problem.file == f"{file}.yaml"
    assert problem.line > 1
    named = {name for _, name, _, _ in Formatter().parse(problem.fault.zh + problem.fault.en) if name}
    assert named <= set(problem.facts)
    assert problem.message("zh") != problem.message("en")
    assert problem.mend("zh")
    assert problem.mend("en")


@pytest.mark.parametrize(
    ("file", "before", "after", "path", "part"),
    [
        ("sales_order", "to: partner", "to: partnr", "fields.customer.to", "to: partnr"),
        ("sales_order", "lookup: item.price", "lookup: item.prise", "lines.price.lookup", "item.prise"),
        ("delivery", "command: issue", "command: isue", "lifecycle.transitions.post.posting.command", "command: isue"),
        ("deliver", "complete: close", "complete: finish", "complete", "complete: finish"),
        ("sales", "post, unpost", "post, unpots", "grants.delivery.actions[4]", "unpots"),
    ],
)
def test_the_line_is_the_one_with_the_mistake(file: str, before: str, after: str, path: str, part: str) -> None:
    text = changed(TEXTS[file], before, after)

    assert [one.line for one in problems(**{file: text}) if one.path == path] == [line_of(text, part)]


def test_the_ring_is_named_in_the_readers_language() -> None:
    ring = at(problems(sales_order=changed(ORDER, "SUM(lines.amount)", "payable + 1")), "ring", "fields.amount")

    assert "金额 → 应付 → 金额" in ring.message("zh")
    assert "amount → payable → amount" in ring.message("en")


def test_a_ring_through_lines_and_header_is_found() -> None:
    text = changed(
        ORDER, 'formula: "ROUND(quantity * price, 2)"', 'formula: "ROUND(quantity * price - parent.amount, 2)"'
    )

    assert "amount → lines.amount → amount" in at(problems(sales_order=text), "ring", "fields.amount").message("en")


def test_the_nearest_name_is_suggested_in_both_languages() -> None:
    problem = at(
        problems(sales_order=changed(ORDER, "to: partner", "to: partnr")), "unknown_entity", "fields.customer.to"
    )

    assert problem.mend("en") == "Did you mean “partner”?"
    assert problem.mend("zh") == "是不是“partner”?"


def test_the_same_object_twice_names_the_other_file() -> None:
    found = at(problems(PARTNER), "duplicate_object", "")

    assert (found.file, found.facts["other"]) == ("more.yaml", "partners.yaml")


def test_a_part_of_the_program_is_played_once() -> None:
    text = changed(PARTNER, "title: name", "title: name\nplays: [{role: ledger_item}]")

    assert at(problems(partners=text), "played_twice", "plays[0].role").facts["other"] == "item"


def test_a_posting_needs_somebody_who_plays_the_item() -> None:
    text = changed(ITEM, "plays: [{role: ledger_item, map: {unit: unit}}]", "")

    assert at(problems(items=text), "no_player", "lifecycle.transitions.post.posting").file == "delivery.yaml"


def test_a_location_needs_somebody_who_plays_the_place() -> None:
    text = changed(LOCATION, "plays:", "search: [name]\n#")

    assert at(problems(locations=text), "no_player", "fields.warehouse").file == "delivery.yaml"


def test_a_constraint_over_two_tables_must_say_which() -> None:
    text = changed(
        DELIVERY,
        "lifecycle:",
        "tables: {boxes: {label: 箱, fields: {quantity: {type: quantity}}}}\nconstraints: [{when: quantity < 0, message: x}]\nlifecycle:",
    )

    assert at(problems(delivery=text), "two_tables", "constraints[0].when").facts["tables"] == "lines, boxes"
    assert problems(delivery=text.replace("when: quantity < 0", "each: boxes, when: quantity < 0")) == []


def test_shipped_packs_speak_both_languages_and_grant_every_action() -> None:
    half = changed(ORDER, "label: {zh: 应付, en: Payable}", "label: {zh: 应付}")
    none = changed(half, "label: {zh: 下单日期, en: Ordered on}", "width: 90")
    ungranted = changed(SALES, "post, unpost, cancel", "post, cancel")
    found = warnings(sales_order=none, sales=ungranted, strict=True)
    lax = warnings(sales_order=none, sales=ungranted)

    assert "英文" in at(found, "one_language", "fields.payable").message("zh")
    assert at(found, "no_label", "fields.ordered_on").facts["name"] == "ordered_on"
    assert at(found, "ungranted", "lifecycle.transitions.unpost").object == "entity/delivery"
    assert not any(one.warning for one in found if one.code != "definitions.uncovered")
    assert [one.code for one in lax] == [one.code for one in found]
    assert all(one.warning for one in lax)


def test_a_required_field_that_a_conversion_leaves_empty_is_pointed_at() -> None:
    found = warnings(deliver=changed(DELIVER, "lines: {item: item, unit: unit}", "lines: {unit: unit}"))

    assert [(one.code, one.path, one.facts["name"], one.warning) for one in found] == [
        ("definitions.uncovered", "header", "warehouse", True),
        ("definitions.uncovered", "lines", "item", True),
    ]


OTHERS = [
    ("schema: 1\nview: v\nentity: sales_order\ncolumns: [number, custmer]\n", "unknown_field", "columns[1]"),
    ("schema: 1\nview: v\nentity: sales_order\nsort: [-amont]\n", "unknown_field", "sort[0]"),
    ("schema: 1\nview: v\nentity: sales_order\nfilter: amount\n", "wrong_type", "filter"),
    ("schema: 1\nview: v\nentity: sales_order\nfilter: COUNT(lines) > 2\n", "not_for_sql", "filter"),
    ("schema: 1\nview: v\nentity: sales\n", "unknown_entity", "entity"),
    ("schema: 1\nview: v\nentity: sales_order\nroles: [seler]\n", "unknown_role", "roles[0]"),
    ("schema: 1\nform: f\nentity: sales_order\nsections: [{rows: [[customer, amont]]}]\n", "unknown_field", "sections[0].rows[0][1]"),
    ("schema: 1\nform: f\nentity: sales_order\nsections: [{table: lines, columns: [itm]}]\n", "unknown_field", "sections[0].columns[0]"),
    ("schema: 1\nform: f\nentity: sales_order\nmobile: [amont]\n", "unknown_field", "mobile[0]"),
    ("schema: 1\nmenu: m\nitems: [{children: [{entity: sale}]}]\n", "unknown_entity", "items[0].children[0].entity"),
    ("schema: 1\nmenu: m\nitems: [{page: p}]\n", "unknown_object", "items[0].page"),
    ("schema: 1\npage: p\nrows: [[w]]\n", "unknown_object", "rows[0][0]"),
    ("schema: 1\nwidget: w\ntype: number\nentity: sales_order\nof: amont\n", "unknown_field", "of"),
    ("schema: 1\nprint_template: p\nentity: sales_order\nblocks: [{fields: [[amont]]}]\n", "unknown_field", "blocks[0].fields[0][0]"),
    ("schema: 1\nprint_template: p\nentity: sales_order\nblocks: [{table: line}]\n", "unknown_table", "blocks[0].table"),
    ("schema: 1\nprint_template: p\nentity: sales_order\nblocks: [{text: '大写 {RMB(amont)}'}]\n", "bad_formula", "blocks[0].text"),
    ("schema: 1\nlabel_template: l\nentity: item\nelements: [{text: '{nam}'}]\n", "bad_formula", "elements[0].text"),
    ("schema: 1\nlabel_template: l\nentity: item\nelements: [{barcode: numbr}]\n", "unknown_field", "elements[0].barcode"),
    ("schema: 1\nimport_map: i\nentity: item\nmatch: [number]\ncolumns: {编码: number, 名称: nam}\n", "unknown_field", "columns.名称"),
    ("schema: 1\napproval_flow: f\nentity: sales_order\nnodes: [{key: a, type: approve, assignees: {roles: [bos]}}]\n", "unknown_role", "nodes[0].assignees.roles[0]"),
    ("schema: 1\napproval_flow: f\nentity: sales_order\nnodes: [{key: a, type: branch, branches: [{when: amont > 1}]}]\n", "bad_formula", "nodes[0].branches[0].when"),
    ("schema: 1\nautomation: a\ntrigger: {type: record, entity: sales_order}\ncondition: amount\n", "wrong_type", "condition"),
    ("schema: 1\nseed: s\nrows: [{entity: unit, key: a, values: {nam: x}}]\n", "unknown_field", "rows[0].values.nam"),
    ("schema: 1\nseed: s\nrows: [{entity: sales_order, key: a, lines: [{itm: x}]}]\n", "unknown_field", "rows[0].lines[0].itm"),
    ("schema: 1\nstory: s\nusers: {alice: [seler]}\n", "unknown_role", "users.alice[0]"),
    ("schema: 1\noverride: entity/sale\nset: {title: x}\n", "override_nothing", "override"),
    ("schema: 1\noverride: entity/item\nretire: [fields.weight]\n", "override_path", "retire[0]"),
    ("schema: 1\noverride: entity/item\nset: {fields.spec.type: txt}\n", "wrong_choice", "fields.spec.type"),
    ("schema: 1\noverride: entity/item\nset: {fields.spec.lookup: unit.nam}\n", "unknown_field", "fields.spec.lookup"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "path"), OTHERS, ids=[f"{one[1]}-{one[2]}" for one in OTHERS])
def test_objects_that_others_carry_out_name_what_exists(text: str, code: str, path: str) -> None:
    problem = at(problems(text), code, path)

    assert problem.file == "more.yaml"
    assert problem.line >= 2
    assert problem.message("zh")


def test_a_ring_of_fields_that_are_never_stored_is_found_across_entities() -> None:
    partner = changed(
        PARTNER,
        "fields:",
        "fields:\n  last: {type: link, to: sales_order, label: 末单}\n  grade: {type: text, label: 级, formula: last.mark, stored: false}",
    )
    order = changed(ORDER, "fields:", "fields:\n  mark: {type: text, label: 记, lookup: customer.grade, live: true}")

    ring = at(problems(partners=partner, sales_order=order), "ring", "fields.grade")
    assert "grade → sales_order.mark → grade" in ring.message("en").replace(".fields", "").replace("..", ".")


def test_a_copy_of_a_copy_across_entities_is_no_ring() -> None:
    partner = changed(
        PARTNER,
        "fields:",
        "fields:\n  last: {type: link, to: sales_order, label: 末单}\n  grade: {type: text, label: 级, lookup: last.customer_name}",
    )

    assert problems(partners=partner, sales_order=changed(ORDER, "customer.name", "customer.grade")) == []


def test_a_key_that_the_database_could_not_hold_is_refused() -> None:
    key = "a" * 40
    text = changed(DELIVERY, "lifecycle:", f"tables: {{ {key}: {{label: 表, fields: {{}} }} }}\nlifecycle:").replace(
        "entity: delivery", f"entity: {'d' * 20}"
    )

    assert at(problems(text), "long_keys", f"tables.{key}").facts["limit"] == 55
