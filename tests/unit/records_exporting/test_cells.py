"""What a record becomes in a file: titles, cells, rows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.records_importing.forms import forms
from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.records.exporting.columns import Layout, Names, layout_of

ORDER = forms().entities["sample_order"]
NAMES = Names({7: "li"}, {3: "D03"})
SHOWN: dict[str, Any] = {
    "id": "1",
    "state": "confirmed",
    "version": 2,
    "number": "S00001",
    "customer": {"id": "11", "number": "P1", "title": "远大"},
    "ordered_on": "2026-01-31",
    "called_at": "2026-01-31T00:30:00Z",
    "kind": "urgent",
    "tags": ["a", "b"],
    "boxes": 12,
    "freight": "5000.05",
    "paid": True,
    "seller": {"id": "7", "name": "李明"},
    "shop": {"id": "3", "name": "门店"},
    "remark": None,
    "photo": [{"id": "5", "name": "图.png"}],
    "lines": [
        {
            "id": "21",
            "row": 1,
            "item": {"id": "31", "number": "I1", "title": "螺栓"},
            "quantity": "2.5",
            "price": "***",
        },
        {"id": "22", "row": 2, "item": {"id": "32"}, "quantity": "1"},
    ],
}


def layout(*paths: str, language: Language = "zh") -> Layout:
    return layout_of(ORDER, paths or None, language=language, zone=ZoneInfo("Asia/Shanghai"), names=NAMES)


def cells(*paths: str, language: Language = "zh") -> list[dict[str, object]]:
    found = layout(*paths, language=language)
    return [dict(zip((one.title for one in found.columns), row, strict=True)) for row in found.rows(SHOWN)]


def test_each_type_has_its_cell() -> None:
    assert cells() == [
        {
            "单号": "S00001",
            "客户": "P1",
            "客户·名称": "远大",
            "下单日期": date(2026, 1, 31),
            "来电时间": datetime(2026, 1, 31, 8, 30),  # noqa: DTZ001 - Excel knows no zones
            "类型": "加急",
            "标签": "甲、乙",
            "箱数": Decimal(12),
            "折扣": None,
            "运费": Decimal("5000.05"),
            "已付": "是",
            "业务员": "li",
            "业务员·名称": "李明",
            "门店": "D03",
            "门店·名称": "门店",
            "备注": None,
            "照片": "图.png",
            "金额": None,
            "状态": "已确认",
            "负责人": None,
            "负责人·名称": None,
            "部门": None,
            "部门·名称": None,
            "制单人": None,
            "制单人·名称": None,
            "制单时间": None,
        }
    ]


def test_a_row_for_each_line_with_its_header_repeated() -> None:
    assert cells("number", "lines.item", "lines.price", language="en") == [
        {"No.": "S00001", "Lines.Item": "I1", "Lines.Item·name": "螺栓", "Lines.Price": "***"},
        {"No.": "S00001", "Lines.Item": None, "Lines.Item·name": None, "Lines.Price": None},
    ]


def test_a_table_stands_for_its_columns_and_says_what_must_be_read() -> None:
    found = layout("number", "lines")
    assert found.fields == ("number",)
    assert found.tables == ("lines",)
    assert [one.path for one in found.columns] == [
        "number", "lines.row", "lines.item", "lines.item", "lines.quantity", "lines.price", "lines.amount",
        "lines.remark",
    ]  # fmt: skip


def test_a_record_without_lines_keeps_its_row() -> None:
    found = layout("number", "lines.quantity")
    assert list(found.rows({**SHOWN, "lines": []})) == [["S00001", None]]
    assert list(found.rows({"number": "S2"})) == [["S2", None]], "the table is hidden"


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(ZhangshiError) as refused:
        layout("number", "lines.colour")
    assert refused.value.code == "export.column_unknown"
    assert refused.value.facts["path"] == "lines.colour"
