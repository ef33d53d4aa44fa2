"""Values in their three forms: on the wire, in memory, in the database.

Problem. A quantity is "12.5" in JSON, `Decimal("12.5")` to a formula and 12_500_000 in a column. Rule: each field has
one `Codec`, made once with its table; digits beyond the field's scale are refused when somebody enters them and rounded
half up when a formula makes them, and nowhere else. "" and [] are empty, as null is.

| | wire | memory | column |
|---|---|---|---|
| quantity | "12.5" | Decimal("12.5") | 12500000 |
| date | "2026-11-02" | date | '2026-11-02' |
| datetime | "2026-11-02T01:00:00Z" | datetime (UTC) | microseconds |
| link | "17", {"id": "17"}, {"number": "JX-1"} | 17 | 17 |
| multi_select | ["a", "b"] | ("a", "b") | '["a","b"]' |
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import NOT_A_NUMBER
from zhangshi.definitions.catalog import Field, FieldType, Table
from zhangshi.records import entering
from zhangshi.records.entering import Entered, Reference, reference
from zhangshi.records.model import Value
from zhangshi.records.numerals import decimal_from_text, rounded

__all__ = ["Codec", "Entered", "Reference", "codec_of", "codecs", "reference"]

_KEPT = "_records_codecs"


@dataclass(frozen=True, slots=True)
class Codec:
    """The conversions of one field. `store` and `load` take no None."""

    enter: Callable[[object], Entered]
    """From the wire; raises a ZhangshiError that says what is wanted."""
    settle: Callable[[object], Value]
    """From a formula: the value as the field holds it. Raises number.overflow, value.*."""
    store: Callable[[object], object]
    load: Callable[[object], Value]
    show: Callable[[object], object]
    """To the wire; links as the text of their id."""


def codecs(table: Table) -> Mapping[str, Codec]:
    """Return the codecs of a table's fields by key; made once a table."""
    found: dict[str, Codec] | None = table.__dict__.get(_KEPT)
    if found is None:
        found = table.__dict__[_KEPT] = {key: codec_of(one) for key, one in table.fields.items()}
    return found


def codec_of(field: Field) -> Codec:
    """Return the codec of one field."""
    if field.type in _SCALED:
        return _scaled(field.digits)
    return _PLAIN[field.type]


def _scaled(digits: int) -> Codec:
    def enter(raw: object) -> Value:
        if isinstance(raw, bool) or not isinstance(raw, (int, str, Decimal)):
            raise ZhangshiError(NOT_A_NUMBER, text=str(raw)[:40])
        if isinstance(raw, str) and not raw.strip():
            return None
        return decimal_from_text(str(raw), digits)

    def settle(value: object) -> Value:
        if value is None:
            return None
        if isinstance(value, int):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise ZhangshiError(NOT_A_NUMBER, text=str(value)[:40])
        return rounded(value, digits)

    def store(value: object) -> int:
        return int(value.scaleb(digits))  # type: ignore[attr-defined]  # settled or entered: a Decimal on the scale

    def load(minor: object) -> Decimal:
        return Decimal(minor).scaleb(-digits)  # type: ignore[arg-type]  # the column is an integer

    return Codec(enter, settle, store, load, entering.number_text)


def _day_loaded(text: object) -> Value:
    return date.fromisoformat(text)  # type: ignore[arg-type]  # TEXT


def _instant_stored(value: object) -> int:
    return instant_to_micros(value)  # type: ignore[arg-type]  # a datetime


def _instant_loaded(micros: object) -> Value:
    return micros_to_instant(micros)  # type: ignore[arg-type]  # BIGINT


_SCALED = {FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE}
_TEXT = Codec(entering.text(entering.TEXT_MAX), entering.settled_text, entering.same, entering.same, entering.same)
_LINK = Codec(entering.reference, entering.settled_reference, entering.same, entering.same, str)
_FILES = Codec(entering.file_ids, entering.settled_list, entering.list_stored, entering.files_loaded, entering.texts)
_WORDS = Codec(entering.words, entering.settled_list, entering.list_stored, entering.words_loaded, entering.texts)
_PLAIN: dict[FieldType, Codec] = {
    FieldType.TEXT: _TEXT,
    FieldType.BARCODE: _TEXT,
    FieldType.LOT: _TEXT,
    FieldType.SELECT: _TEXT,
    FieldType.LONG_TEXT: Codec(
        entering.text(entering.LONG_TEXT_MAX), entering.settled_text, entering.same, entering.same, entering.same
    ),
    FieldType.INT: Codec(entering.whole, entering.settled_whole, entering.same, entering.same, entering.same),
    FieldType.DATE: Codec(entering.day, entering.settled_day, str, _day_loaded, str),
    FieldType.DATETIME: Codec(
        entering.instant, entering.settled_instant, _instant_stored, _instant_loaded, entering.instant_text
    ),
    FieldType.BOOL: Codec(entering.yes_or_no, entering.settled_yes_or_no, int, bool, entering.same),  # type: ignore[arg-type]  # 0 or 1
    FieldType.LINK: _LINK,
    FieldType.LOCATION: _LINK,
    FieldType.USER: _LINK,
    FieldType.DEPARTMENT: _LINK,
    FieldType.MULTI_SELECT: _WORDS,
    FieldType.ATTACHMENT: _FILES,
    FieldType.IMAGE: _FILES,
    FieldType.SIGNATURE: _FILES,
}
