# ruff: noqa: E501  a mistake a line
"""Files are read exactly, and everything that is wrong with them is named by file, line, key and mend."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.definitions.shop import SHOP, changed, line_of
from zhangshi.definitions.errors import InvalidDefinitions, Problem
from zhangshi.definitions.loading import SITE, dump, dump_json, load_folder, load_text, load_texts, read_text

ORDER = SHOP["sales_order.yaml"].lstrip()


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(InvalidDefinitions) as caught:
        load_text(text, "x.yaml")
    return list(caught.value.problems)


def data_of(text: str) -> Any:
    return load_text(text).data


def test_a_file_becomes_an_object_with_its_kind_key_and_layer() -> None:
    source = load_text(ORDER, "sales_order.yaml", layer="trade")

    assert (source.layer, source.kind, source.key) == ("trade", "entity", "sales_order")
    assert data_of(ORDER).fields["discount"].scale == 4
    assert load_text(ORDER).layer == SITE


def test_decimals_dates_and_words_stay_the_text_that_was_typed() -> None:
    values_as_typed = "{rate: 0.10, on: 2026-01-31, code: 007, no: yes, n: 12, ok: true, nothing: null}"
    text = f"schema: 1\nseed: s\nrows:\n  - {{entity: item, key: a, values: {values_as_typed}}}\n"

    values = data_of(text).rows[0].values

    assert values == {
        "rate": "0.10", "on": "2026-01-31", "code": "007", "no": "yes", "n": 12, "ok": True, "nothing": None,
    }  # fmt: skip


def test_a_number_where_a_text_is_wanted_is_that_text() -> None:
    text = "schema: 1\noption_set: s\noptions: [{value: 10, label: 10}, {value: true, label: 对}]\n"

    assert [one.value for one in data_of(text).options] == ["10", "true"]


def test_a_place_is_that_of_the_key_or_of_the_nearest_key_above() -> None:
    source = load_text(ORDER, "sales_order.yaml")

    assert source.place("fields.discount.scale") == ("sales_order.yaml", line_of(ORDER, "discount:"))
    assert source.place("lifecycle.transitions.close.to") == ("sales_order.yaml", line_of(ORDER, "close:"))
    assert source.place("constraints[0].message.zh").line == line_of(ORDER, "when: quantity <= 0")
    assert source.place("fields.discount.never.written").line == line_of(ORDER, "discount:")
    assert source.place("").line == 1


@pytest.mark.parametrize(
    ("text", "code", "line", "path", "mend"),
    [
        (changed(ORDER, "fields:", "feilds:"), "unknown_key", 7, "feilds", "Did you mean “fields”?"),
        (changed(ORDER, "scale: 4", "scal: 4"), "unknown_key", 11, "fields.discount.scal", "Did you mean “scale”?"),
        (changed(ORDER, "kind: document", "kind: documnt"), "wrong_choice", 3, "kind", "Did you mean “document”?"),
        (changed(ORDER, "kind: document\n", ""), "missing_key", 1, "", "Add it: Master or document."),
        (changed(ORDER, "scale: 4", "scale: 12"), "out_of_range", 11, "fields.discount.scale", "Use a value within it."),
        (changed(ORDER, "scale: 4", "scale: 0.5"), "wrong_shape", 11, "fields.discount.scale", "Write it so."),
        (changed(ORDER, "required: true", "required: 1"), "wrong_shape", 8, "fields.customer.required", "Write it so."),
        (changed(ORDER, "entity: sales_order", "entity: SalesOrder"), "bad_key", 2, "entity", "lower-case"),
        (changed(ORDER, "discount:", "Rabatt:"), "bad_key", 11, "fields.Rabatt", "lower-case"),
        (changed(ORDER, "amount: {type", "ordered_on: {type"), "duplicate_key", 12, "fields.ordered_on", "Take one out."),
        (changed(ORDER, "schema: 1", "schema: 2"), "out_of_range", 1, "schema", "Use a value within it."),
        (changed(ORDER, "entity:", "entiti:"), "unknown_kind", 2, "", "Did you mean “entity”?"),
        ("schema: 1\nrole: a\n---\nrole: b\n", "one_object", 4, "", "a file of its own"),
        ("schema: 1\nrole: a\n? [x]\n: 1\n", "not_yaml", 3, "", "Check the indentation"),
        (changed(ORDER, "zh: 销售订单,", "zh: 销售,订单,"), "unknown_key", 4, "label.订单", "put the text in quotes"),
        ("- a\n- b\n", "not_a_map", 1, "", "Begin with schema: 1"),
        ("", "not_a_map", 1, "", "Begin with schema: 1"),
        ("schema: 1\nentity: [\n", "not_yaml", 3, "", "Check the indentation"),
        ("schema: 1\nentity: a\nkind: master\nfields: &a {b: *a}\n", "alias", 4, "", "Write the content out."),
        ("schema: 1\nentity: a\nkind: master\nsearch: &a [b]\nunique: [*a]\n", "alias", 5, "", "Write the content out."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_line_key_and_mend(text: str, code: str, line: int, path: str, mend: str) -> None:
    found = problems_of(text)

    assert [one.code for one in found] == [f"definitions.{code}"]
    assert (found[0].file, found[0].line, found[0].path) == ("x.yaml", line, path)
    assert mend in found[0].mend("en")
    assert found[0].message("zh") != found[0].message("en")


def test_all_mistakes_are_named_at_once() -> None:
    wrong = changed(changed(ORDER, "scale: 4", "scal: 4"), "required: true", "requird: true")

    assert [one.facts["name"] for one in problems_of(wrong)] == ["requird", "scal"]


def test_the_files_of_a_folder_are_read_and_their_mistakes_collected(tmp_path: Path) -> None:
    (tmp_path / "entities").mkdir()
    (tmp_path / "pack.yaml").write_text("schema: 1\npack: trade\nversion: 1.0.0\n", encoding="utf-8")
    (tmp_path / "entities" / "sales_order.yaml").write_text(ORDER, encoding="utf-8")

    found = load_folder(tmp_path)

    assert [(one.layer, one.name, one.file) for one in found] == [
        ("trade", "entity/sales_order", "entities/sales_order.yaml"),
        ("trade", "pack/trade", "pack.yaml"),
    ]
    with pytest.raises(InvalidDefinitions) as caught:
        load_texts([("schema: 1\nentity: a\n", "a.yaml"), ("schema: 1\nrole: b\ngrant: {}\n", "b.yaml")])
    assert [(one.file, one.code) for one in caught.value.problems] == [
        ("a.yaml", "definitions.missing_key"),
        ("b.yaml", "definitions.unknown_key"),
    ]


@pytest.mark.parametrize("file", SHOP)
def test_what_is_written_out_reads_back_as_the_same(file: str) -> None:
    source = load_text(SHOP[file].lstrip(), file)

    assert load_text(dump(source)).data == source.data
    assert load_text(dump_json(source)).data == source.data
    assert dump_json(load_text(dump(source))) == dump_json(source)


def test_texts_that_look_like_something_else_survive_being_written() -> None:
    typed = "{a: '12', b: 'true', c: 'null', d: '', e: 0.10, f: ' x: #y', g: \"a\\nb\"}"
    text = f"schema: 1\nseed: s\nrows: [{{entity: a, key: '1', values: {typed}}}]\n"
    values = data_of(text).rows[0].values

    assert values == {"a": "12", "b": "true", "c": "null", "d": "", "e": "0.10", "f": " x: #y", "g": "a\nb"}
    assert data_of(dump(load_text(text))).rows[0].values == values
    assert data_of(dump_json(load_text(text))).rows[0].values == values


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet="schema: 1\nentity{}[]&*#-'\",|>%!?", max_size=120),
        st.builds(
            lambda at, junk: ORDER[:at] + junk + ORDER[at:],
            st.integers(0, len(ORDER)),
            st.text(alphabet="{}[]:,\n -'\"&*x0", max_size=4),
        ),
    )
)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    made, problems = read_text(text, "x.yaml")

    assert (made is None) == bool(problems)
    assert all(one.line >= 1 and one.message("zh") and one.message("en") for one in problems)


def test_nesting_and_size_have_limits() -> None:
    deep = "schema: 1\nseed: s\nrows: [{entity: a, key: b, values: {a: " + "[" * 60 + "]" * 60 + "}}]\n"

    assert {one.code for one in problems_of(deep)} == {"definitions.too_deep"}
    assert problems_of("schema: 1\nseed: " + "[" * 200_000)[0].code == "definitions.too_deep"
    assert problems_of("schema: 1\nseed:\n " + "- " * 200_000)[0].code == "definitions.too_deep"
    assert problems_of("x" * 2_000_001)[0].code == "definitions.too_large"
