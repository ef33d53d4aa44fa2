"""A value is recoded when nothing is lost and nothing is guessed; otherwise it is handed back."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.clock import instant_to_micros
from zhangshi.definitions.catalog import FieldType as Type
from zhangshi.definitions.recoding import CANNOT, Shape, Stored, Surroundings, keeps_column, recoder

AROUND = Surroundings(ZoneInfo("Asia/Shanghai"), numbers={7: "JX-001"}, ids={"JX-001": 7})
MIDNIGHT = instant_to_micros(datetime(2026, 1, 4, 16, tzinfo=UTC))

CASES: list[tuple[Shape, Stored, Shape, object]] = [
    (Shape(Type.TEXT), "12.5", Shape(Type.DECIMAL, 2), 1250),
    (Shape(Type.TEXT), " 1,234.50 ", Shape(Type.MONEY, 2), 123_450),
    (Shape(Type.TEXT), "１２３", Shape(Type.INT), 123),
    (Shape(Type.TEXT), "-0.5", Shape(Type.QUANTITY, 6), -500_000),
    (Shape(Type.TEXT), "12,5", Shape(Type.DECIMAL, 2), CANNOT),
    (Shape(Type.TEXT), "12.345", Shape(Type.DECIMAL, 2), CANNOT),
    (Shape(Type.TEXT), "about 5", Shape(Type.INT), CANNOT),
    (Shape(Type.TEXT), "9" * 20, Shape(Type.INT), CANNOT),
    (Shape(Type.DECIMAL, 4), 12_300, Shape(Type.DECIMAL, 2), 123),
    (Shape(Type.DECIMAL, 4), 12_345, Shape(Type.DECIMAL, 2), CANNOT),
    (Shape(Type.INT), 3, Shape(Type.PRICE, 6), 3_000_000),
    (Shape(Type.DECIMAL, 2), 150, Shape(Type.INT), CANNOT),
    (Shape(Type.DECIMAL, 2), 1250, Shape(Type.TEXT), "12.5"),
    (Shape(Type.DECIMAL, 2), 10_000, Shape(Type.TEXT), "100"),
    (Shape(Type.BOOL), 1, Shape(Type.TEXT), "是"),
    (Shape(Type.TEXT), "否", Shape(Type.BOOL), 0),
    (Shape(Type.TEXT), "maybe", Shape(Type.BOOL), CANNOT),
    (Shape(Type.INT), 1, Shape(Type.BOOL), 1),
    (Shape(Type.INT), 2, Shape(Type.BOOL), CANNOT),
    (Shape(Type.TEXT), "2026年1月5日", Shape(Type.DATE), "2026-01-05"),
    (Shape(Type.TEXT), "2026/1/5", Shape(Type.DATE), "2026-01-05"),
    (Shape(Type.TEXT), "20260105", Shape(Type.DATE), "2026-01-05"),
    (Shape(Type.TEXT), "2026-02-30", Shape(Type.DATE), CANNOT),
    (Shape(Type.DATE), "2026-01-05", Shape(Type.DATETIME), MIDNIGHT),
    (Shape(Type.DATETIME), MIDNIGHT, Shape(Type.DATE), "2026-01-05"),
    (Shape(Type.DATETIME), MIDNIGHT + 1, Shape(Type.DATE), CANNOT),
    (Shape(Type.DATETIME), MIDNIGHT, Shape(Type.TEXT), "2026-01-05 00:00:00"),
    (Shape(Type.TEXT), "red", Shape(Type.SELECT), "red"),
    (Shape(Type.TEXT), "blue", Shape(Type.SELECT), CANNOT),
    (Shape(Type.SELECT), "red", Shape(Type.MULTI_SELECT), '["red"]'),
    (Shape(Type.TEXT), "red、green", Shape(Type.MULTI_SELECT), '["red","green"]'),
    (Shape(Type.MULTI_SELECT), '["red"]', Shape(Type.SELECT), "red"),
    (Shape(Type.MULTI_SELECT), '["red","green"]', Shape(Type.SELECT), CANNOT),
    (Shape(Type.TEXT), "JX-001", Shape(Type.LINK, 0, "item"), 7),
    (Shape(Type.TEXT), "JX-002", Shape(Type.LINK, 0, "item"), CANNOT),
    (Shape(Type.LINK, 0, "item"), 7, Shape(Type.TEXT), "JX-001"),
    (Shape(Type.LINK, 0, "item"), 7, Shape(Type.LINK, 0, "partner"), CANNOT),
    (Shape(Type.USER), 5, Shape(Type.TEXT), CANNOT),
    (Shape(Type.ATTACHMENT), "[1]", Shape(Type.INT), CANNOT),
]


@pytest.mark.parametrize(("before", "value", "after", "wanted"), CASES)
def test_each_value_finds_its_equal_or_none(before: Shape, value: Stored, after: Shape, wanted: object) -> None:
    assert recoder(before, after, options=frozenset({"red", "green"}), around=AROUND)(value) == wanted


@pytest.mark.parametrize("after", list(Type))
@pytest.mark.parametrize("before", list(Type))
def test_every_pair_of_types_answers_for_some_value(before: Type, after: Type) -> None:
    examples: dict[Type, Stored] = {Type.DATE: "2026-01-05", Type.MULTI_SELECT: '["red"]', Type.ATTACHMENT: "[1]"}
    default: Stored = "red" if before in {Type.TEXT, Type.SELECT, Type.LONG_TEXT, Type.LOT, Type.BARCODE} else 1
    recode = recoder(Shape(before, 2, "item"), Shape(after, 2, "item"), options=frozenset({"red"}), around=AROUND)
    assert isinstance(recode(examples.get(before, default)), str | int | type(CANNOT))


@given(st.integers(-(10**17), 10**17), st.integers(0, 6), st.integers(0, 6))
def test_a_number_that_goes_there_and_back_is_the_same(value: int, before: int, after: int) -> None:
    there = recoder(Shape(Type.DECIMAL, before), Shape(Type.DECIMAL, after), options=frozenset(), around=AROUND)(value)
    exact = value * 10**after % 10**before == 0 and abs(value) * 10**after <= (2**63 - 1) * 10**before
    assert (there != CANNOT) == exact
    if isinstance(there, int):
        back = recoder(Shape(Type.DECIMAL, after), Shape(Type.DECIMAL, before), options=frozenset(), around=AROUND)
        assert back(there) == value


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 9))
def test_a_number_survives_as_text(value: int, digits: int) -> None:
    to_text = recoder(Shape(Type.DECIMAL, digits), Shape(Type.TEXT), options=frozenset(), around=AROUND)
    to_number = recoder(Shape(Type.TEXT), Shape(Type.DECIMAL, digits), options=frozenset(), around=AROUND)
    text = to_text(value)
    assert isinstance(text, str)
    assert to_number(text) == value


def test_a_column_stays_where_its_values_mean_the_same() -> None:
    assert keeps_column(Shape(Type.TEXT), Shape(Type.LONG_TEXT))
    assert keeps_column(Shape(Type.QUANTITY, 6), Shape(Type.PRICE, 6))
    assert keeps_column(Shape(Type.LINK, 0, "item"), Shape(Type.LINK, 0, "item"))
    assert not keeps_column(Shape(Type.DECIMAL, 2), Shape(Type.DECIMAL, 3))
    assert not keeps_column(Shape(Type.LINK, 0, "item"), Shape(Type.LINK, 0, "partner"))
    assert not keeps_column(Shape(Type.TEXT), Shape(Type.DATE))
