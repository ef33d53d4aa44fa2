"""From a catalog to tables: what is missing is added, in an order that works, and nothing is ever taken away."""

import re

import pytest

from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.compiling import compile_catalog
from zhangshi.definitions.loading import load_text
from zhangshi.definitions.storage import (
    NAME_LENGTH_MAX,
    AddColumn,
    CreateIndex,
    CreateTable,
    DropIndex,
    Existing,
    difference,
    short_name,
    wanted_tables,
)

FORM = """schema: 1
entity: order
kind: document
label: {zh: 订单, en: Order}
fields:
  code: {type: text, unique: true, label: {zh: 编码, en: Code}}
  date: {type: date, label: {zh: 日期, en: Date}}
  total: {type: money, formula: "SUM(lines.amount)", label: {zh: 合计, en: Total}}
  shown: {type: money, formula: "total * 2", stored: false, label: {zh: 显示, en: Shown}}
lines:
  amount: {type: money, label: {zh: 金额, en: Amount}}
  other: {type: link, to: order, label: {zh: 另一张, en: Other}}
unique: [[code, date]]
lifecycle:
  states: {draft: {}, done: {final: true}}
  transitions: {finish: {from: draft, to: done, label: {zh: 完成, en: Finish}}}
"""


def catalog(text: str = FORM) -> Catalog:
    return compile_catalog([load_text(text)], revision=1)


def existing(text: str = FORM) -> Existing:
    """Return what there is once everything was made."""
    tables = wanted_tables(catalog(text))
    return Existing(
        {table.name: {column.name: column.type for column in table.columns} for table in tables},
        {index.name: table.name for table in tables for index in table.indexes},
    )


def test_a_form_wants_a_table_for_its_header_and_one_for_its_lines() -> None:
    header, lines = wanted_tables(catalog())

    assert (header.name, lines.name) == ("d_order", "d_order__lines")
    assert [one.name for one in header.columns[:4]] == ["record_id", "number", "state", "version"]
    assert [one.name for one in header.columns if one.name.startswith("f_")] == ["f_code", "f_date", "f_total"]
    assert all(not one.required for one in header.columns if one.name.startswith("f_"))
    assert {index.columns: index.unique for index in header.indexes} == {
        ("number",): True,
        ("created_at", "record_id"): False,
        ("state", "record_id"): False,
        ("f_date", "record_id"): False,
        ("f_code",): True,
        ("f_code", "f_date"): True,
    }
    assert {index.columns for index in lines.indexes} == {("record_id", "position"), ("f_other",)}


def test_everything_is_made_from_nothing_tables_first_and_unique_rules_last() -> None:
    steps = difference(wanted_tables(catalog()), Existing())

    kinds = [type(step) for step in steps]
    assert kinds == sorted(kinds, key=[CreateTable, AddColumn, CreateIndex].index)
    unique = [step.index.unique for step in steps if isinstance(step, CreateIndex)]
    assert unique == sorted(unique)


def test_where_everything_is_there_nothing_is_to_be_done() -> None:
    assert difference(wanted_tables(catalog()), existing()) == []


def test_what_nobody_wants_any_more_stays_but_its_unique_rule_goes() -> None:
    smaller = FORM.replace("unique: true, ", "").replace("unique: [[code, date]]\n", "")
    smaller = re.sub(r"  date: .*\n", "", smaller)

    steps = difference(wanted_tables(catalog(smaller)), existing())

    assert {type(step) for step in steps} == {DropIndex}
    assert {step.name for step in steps if isinstance(step, DropIndex)} == {
        "d_order_f_code_key",
        "d_order_f_code_f_date_key",
    }


def test_a_field_that_comes_along_is_a_column() -> None:
    (step,) = difference(
        wanted_tables(catalog(FORM.replace("  date:", "  note: {type: text, label: 备注}\n  date:"))), existing()
    )

    assert isinstance(step, AddColumn)
    assert (step.table, step.column.name, step.column.type) == ("d_order", "f_note", "text")


def test_a_column_of_another_type_is_somebodys_mistake() -> None:
    with pytest.raises(ValueError, match=r"d_order\.f_date is text, not bigint"):
        difference(wanted_tables(catalog(FORM.replace("type: date", "type: int"))), existing())


def test_long_names_are_short_enough_and_stay_apart() -> None:
    first, second = short_name("d_" + "x" * 80 + "_a_key"), short_name("d_" + "x" * 80 + "_b_key")

    assert len(first) == len(second) == NAME_LENGTH_MAX
    assert first != second
    assert short_name("d_order") == "d_order"
