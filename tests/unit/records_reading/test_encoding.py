"""A list writes values straight from the column: the same text as by way of memory."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from zhangshi.definitions.catalog import Field, FieldType, Label
from zhangshi.records.model import Value
from zhangshi.records.reading.cursors import cursor_of, question_digest, values_of
from zhangshi.records.reading.encoding import REFERENCES, wire_of
from zhangshi.records.values import codec_of

DIGITS = {FieldType.DECIMAL: 4, FieldType.QUANTITY: 6, FieldType.MONEY: 2, FieldType.PRICE: 6}
SAMPLES: dict[FieldType, list[Value]] = {
    FieldType.TEXT: ["a", "甲"], FieldType.LONG_TEXT: ["x\ny"], FieldType.INT: [0, -7, 2**62],
    FieldType.DECIMAL: [Decimal("0.0001"), Decimal("-12.5"), Decimal(100)],
    FieldType.QUANTITY: [Decimal("0.000001"), Decimal(0), Decimal("-3.25"), Decimal(1000000)],
    FieldType.MONEY: [Decimal("12.50"), Decimal("-0.05"), Decimal(7)], FieldType.PRICE: [Decimal("33.333333")],
    FieldType.DATE: [date(2026, 11, 2)], FieldType.DATETIME: [datetime(2026, 11, 2, 1, 2, 3, 456, tzinfo=UTC)],
    FieldType.BOOL: [True, False], FieldType.SELECT: ["a"], FieldType.MULTI_SELECT: [("a", "乙")],
    FieldType.LINK: [17], FieldType.USER: [18], FieldType.DEPARTMENT: [19], FieldType.LOCATION: [20],
    FieldType.LOT: ["L1"], FieldType.ATTACHMENT: [(1, 2)], FieldType.IMAGE: [(3,)], FieldType.SIGNATURE: [(4,)],
    FieldType.BARCODE: ["690"],
}  # fmt: skip


@pytest.mark.parametrize("kind", list(FieldType))
def test_the_short_way_writes_what_the_long_way_shows(kind: FieldType) -> None:
    field = Field(key="f", table="", type=kind, label=Label("", ""), column="f_f", digits=DIGITS.get(kind, 0))
    codec, encode = codec_of(field), wire_of(field)
    for value in SAMPLES[kind]:
        stored = codec.store(value)
        assert codec.load(stored) == value
        assert encode(stored) == codec.show(value)
    assert {FieldType.LINK, FieldType.LOCATION} < REFERENCES


def test_a_cursor_gives_back_its_values_to_its_own_question_only() -> None:
    digest = question_digest("order", ("-date",), "x > 1")
    cursor = cursor_of(digest, ["2026-11-02", None, 2**62])
    assert values_of(digest, cursor, 3) == ["2026-11-02", None, 2**62]
    assert values_of(digest, "", 3) is None
    assert question_digest("order", ("-date",), "x > 2") != digest
