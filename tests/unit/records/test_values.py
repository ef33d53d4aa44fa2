"""Values keep their meaning through entering, memory, column and wire; what does not fit is refused, never rounded."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import INTEGER_MAX, INTEGER_MIN, round_half_up_ratio
from zhangshi.definitions.catalog import Field, FieldType, Label
from zhangshi.records.numerals import decimal_from_text, minor, rounded
from zhangshi.records.values import Codec, Reference, codec_of

FIRST_SECOND = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
DIGITS = {FieldType.QUANTITY: 6, FieldType.PRICE: 6, FieldType.MONEY: 2, FieldType.DECIMAL: 4}


def codec(kind: FieldType) -> Codec:
    return codec_of(Field("f", "", kind, Label("", ""), "f_f", digits=DIGITS.get(kind, 0)))


@given(minor=st.integers(INTEGER_MIN + 1, INTEGER_MAX), kind=st.sampled_from(list(DIGITS)))
def test_a_number_comes_back_from_its_column_and_from_the_wire(minor: int, kind: FieldType) -> None:
    one = codec(kind)
    value = one.load(minor)
    assert one.store(value) == minor
    assert one.enter(one.show(value)) == value
    assert one.settle(value) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**9), max_value=10**9))
def test_rounding_is_half_up_and_only_where_a_formula_made_the_number(value: Decimal) -> None:
    wanted = round_half_up_ratio(int(value.scaleb(9)), 10**3)
    assert minor(value, 6) == wanted
    assert rounded(value, 6) == Decimal(wanted).scaleb(-6)
    if int(value.scaleb(9)) % 1000:
        with pytest.raises(ZhangshiError) as raised:
            decimal_from_text(str(value), 6)
        assert raised.value.code == "number.too_many_digits"


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_named_refusal(text: str) -> None:
    try:
        found = decimal_from_text(text, 6)
    except ZhangshiError as error:
        assert error.code.startswith("number.")  # noqa: PT017 - either way is right
    else:
        assert abs(found.scaleb(6)) <= INTEGER_MAX


@pytest.mark.parametrize(
    ("kind", "raw", "value", "stored", "shown"),
    [
        (FieldType.DATE, "2026-11-02", date(2026, 11, 2), "2026-11-02", "2026-11-02"),
        (FieldType.DATETIME, "1970-01-01T08:00:01+08:00", FIRST_SECOND, 1_000_000, "1970-01-01T00:00:01Z"),
        (FieldType.BOOL, True, True, 1, True),
        (FieldType.BOOL, False, False, 0, False),
        (FieldType.INT, "12", 12, 12, 12),
        (FieldType.TEXT, "  六角螺栓 ", "六角螺栓", "六角螺栓", "六角螺栓"),
        (FieldType.MULTI_SELECT, ["a", "b", "a"], ("a", "b"), '["a","b"]', ["a", "b"]),
        (FieldType.ATTACHMENT, ["7", {"id": "8"}], (7, 8), '["7","8"]', ["7", "8"]),
        (FieldType.QUANTITY, "1,234.50", Decimal("1234.5"), 1_234_500_000, "1234.5"),
    ],
)  # fmt: skip
def test_each_type_has_three_forms(kind: FieldType, raw: Any, value: Any, stored: Any, shown: Any) -> None:
    one = codec(kind)
    assert one.enter(raw) == value
    assert one.store(value) == stored
    assert one.load(stored) == value
    assert one.show(value) == shown


@pytest.mark.parametrize("kind", list(FieldType))
def test_nothing_is_empty_in_every_type(kind: FieldType) -> None:
    assert codec(kind).settle(None) is None


@pytest.mark.parametrize(
    "raw", [1.5, float("nan"), object(), b"x", {}, [], (1,), -1, 0, True, "0", "1.5", {"id": None}]
)
def test_what_is_no_link_is_refused(raw: Any) -> None:
    with pytest.raises(ZhangshiError) as raised:
        codec(FieldType.LINK).enter(raw)
    assert raised.value.code == "value.not_a_reference"


def test_a_link_is_named_by_id_or_number() -> None:
    enter = codec(FieldType.LINK).enter
    assert enter("17") == enter(17) == enter({"id": "17", "title": "x"}) == Reference(17, "")
    assert enter({"number": " JX-1 "}) == Reference(0, "JX-1")
    assert enter("") is None


@pytest.mark.parametrize("kind", list(FieldType))
@pytest.mark.parametrize("raw", [1.5, object(), {"a": {}}, [[1]], "\ud800", "x\x00", 10**40, "9" * 50, -5, "٣"])
def test_a_strange_value_is_taken_or_refused_by_name(kind: FieldType, raw: Any) -> None:
    one = codec(kind)
    try:
        value = one.enter(raw)
    except ZhangshiError as error:
        assert error.message("zh")  # noqa: PT017 - either way is right
        assert error.message("en")  # noqa: PT017 - as above
        return
    if value is not None and not isinstance(value, Reference):
        stored = one.store(value)
        assert isinstance(stored, (int, str))
        assert one.load(stored) == value
        if isinstance(stored, str):
            stored.encode()
