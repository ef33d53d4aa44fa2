"""Columns find their fields by every name that people give them, and nothing is taken for something else."""

import pytest

from tests.unit.records_importing.forms import forms
from zhangshi.base.errors import Language
from zhangshi.records.importing.mapping import map_columns
from zhangshi.records.importing.titles import field_at, names_of, title_of

ORDER = forms().entities["sample_order"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_title_is_understood_again(language: Language) -> None:
    for table in (ORDER.header, *ORDER.tables.values()):
        for field in table.fields.values():
            path = f"{table.key}.{field.key}" if table.key else field.key
            title = title_of(ORDER, table.key, field, language)
            found = field_at(ORDER, names_of(ORDER)["".join(title.split()).casefold()])
            assert found == (table.key, field), (title, path)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("客户", "customer"),
        ("客户*", "customer"),
        (" 客 户 ＊", "customer"),
        ("Ordered On", "ordered_on"),
        ("单号", "number"),
        ("编号", "number"),
        ("明细.数量", "lines.quantity"),
        ("Lines.Quantity", "lines.quantity"),
        ("数量", "lines.quantity"),
        ("备注", "remark"),
        ("明细.备注", "lines.remark"),
        ("明细.行号", "lines.row"),
        ("负责人", "owner"),
    ],
)
def test_a_title_names_its_field(title: str, path: str) -> None:
    mapped = map_columns(ORDER, [title])
    assert [column.path for column in mapped.columns] == [path]
    assert not mapped.problems


def test_columns_that_only_show_something_are_left_out() -> None:
    titles = ["客户", "客户·名称", "Customer·name", "金额", "明细.金额", "照片", "状态", "制单时间", "内部号"]
    mapped = map_columns(ORDER, titles)
    assert [column.path for column in mapped.columns] == ["customer"]
    assert mapped.left_out == tuple(titles[1:])
    assert not mapped.problems


def test_what_is_mapped_by_hand_to_a_computed_field_is_refused() -> None:
    mapped = map_columns(ORDER, ["总价"], {"总价": "amount"})
    assert [(one.row, one.column, one.code) for one in mapped.problems] == [(1, 0, "import.not_writable")]


def test_an_unknown_column_is_named_with_what_it_may_mean() -> None:
    mapped = map_columns(ORDER, ["下单日", "", "乱写"])
    assert [(one.column, one.code) for one in mapped.problems] == [
        (0, "import.column_unknown"),
        (2, "import.column_unknown"),
    ]
    assert "下单日期" in mapped.problems[0].zh
    assert "样品单" in mapped.problems[0].zh
    assert "Sample order" in mapped.problems[0].en


def test_two_columns_for_one_field_are_refused() -> None:
    mapped = map_columns(ORDER, ["客户", "Customer", "别名"], {"别名": "customer"})
    assert [(one.column, one.code) for one in mapped.problems] == [
        (1, "import.column_twice"),
        (2, "import.column_twice"),
    ]


def test_the_person_may_map_and_ignore() -> None:
    mapped = map_columns(ORDER, ["甲方", "附言"], {"甲方": "customer", "附言": "ignore"})
    assert [column.path for column in mapped.columns] == ["customer"]
    assert mapped.left_out == ("附言",)
