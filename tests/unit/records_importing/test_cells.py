"""What a person types into a cell means one thing, or is refused."""

from zoneinfo import ZoneInfo

import pytest

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Field, FieldType, Label, Option
from zhangshi.records.importing.cells import wire_value


def field(kind: FieldType, **more: object) -> Field:
    return Field("f", "", kind, Label("字段", "Field"), "f_f", **more)  # type: ignore[arg-type]


ZONE = ZoneInfo("Asia/Shanghai")
OPTIONS = (Option("raw", Label("原材料", "Raw material")), Option("old", Label("旧", "Old"), retired=True))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldType.QUANTITY, "1,234.50", "1234.50"),
        (FieldType.QUANTITY, "12.5", "12.5"),
        (FieldType.MONEY, "¥ 5 000", "5000"),
        (FieldType.INT, "12.00", "12"),
        (FieldType.DATE, "2026/1/31", "2026-01-31"),
        (FieldType.DATE, "2026年1月31日", "2026-01-31"),
        (FieldType.DATE, "20260131", "2026-01-31"),
        (FieldType.BOOL, "是", True),
        (FieldType.BOOL, "N", False),
        (FieldType.SELECT, "原材料", "raw"),
        (FieldType.SELECT, "RAW", "raw"),
        (FieldType.MULTI_SELECT, "原材料、raw material", ["raw", "raw"]),
        (FieldType.SELECT, "旧", "old"),  # it may stay where it stands; the record knows whether it does
        (FieldType.DATETIME, "2026-01-31 08:30", "2026-01-31T08:30:00+08:00"),
        (FieldType.DATETIME, "2026/1/31", "2026-01-31T00:00:00+08:00"),
        (FieldType.DATETIME, "2026-01-31T00:30:00Z", "2026-01-31T00:30:00+00:00"),
        (FieldType.TEXT, "00123", "00123"),
        (FieldType.TEXT, "", None),
    ],
)
def test_a_typed_text_is_read(kind: FieldType, text: str, value: object) -> None:
    assert wire_value(field(kind, options=OPTIONS), text, ZONE) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldType.QUANTITY, "1,5"),
        (FieldType.QUANTITY, "约12"),
        (FieldType.QUANTITY, "1e5"),
        (FieldType.INT, "1.5"),
        (FieldType.DATE, "2026-02-30"),
        (FieldType.DATE, "1/2/2026"),
        (FieldType.BOOL, "也许"),
        (FieldType.SELECT, "新"),
        (FieldType.DATETIME, "昨天"),
        (FieldType.DATETIME, "2026-01-31 25:00"),
    ],
)
def test_what_could_mean_two_things_is_refused(kind: FieldType, text: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        wire_value(field(kind, options=OPTIONS), text, ZONE)
    assert refused.value.facts["text"] == text
