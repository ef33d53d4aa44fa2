"""Each kind of value: entered on the wire, settled from a formula, stored as text; an error says what is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.base.numbers import INTEGER_MAX, INTEGER_MIN, NOT_A_NUMBER, OVERFLOW
from zhangshi.records.model import Value
from zhangshi.records.numerals import decimal_from_text

TEXT_MAX = 1000
LONG_TEXT_MAX = 100_000
LIST_MAX = 200

NOT_A_TEXT = ErrorCode("value.not_a_text", "这里要填文字。", "A text is wanted here.")
NOT_A_DATE = ErrorCode("value.not_a_date", "日期要写成 2026-11-02。", "Write the date like 2026-11-02.")
NOT_AN_INSTANT = ErrorCode(
    "value.not_an_instant", "时间要写成 2026-11-02T09:00:00+08:00。", "Write the time like 2026-11-02T09:00:00+08:00."
)
NOT_A_BOOL = ErrorCode("value.not_a_bool", "这里只能是“是”或“否”。", "Yes or no (true or false) is wanted here.")
NOT_A_REFERENCE = ErrorCode(
    "value.not_a_reference",
    "这里要选一条记录(编号,或 id)。",
    "A record is wanted here, by its id or number.",
)
NOT_A_LIST = ErrorCode("value.not_a_list", "这里要填一个列表。", "A list is wanted here.")


@dataclass(frozen=True, slots=True)
class Reference:
    """A link as it came in: by id, or by number (login, code) that is looked up; one of the two is empty."""

    id: int
    number: str


Entered = Value | Reference
"""What a door entered: a value, or a link that is still to be found."""


def same(value: object) -> Value:
    """Return the value: the column holds what formulas compute with."""
    return value  # type: ignore[return-value]  # the column holds what formulas compute with


def text(length_max: int) -> Callable[[object], Value]:
    """Return what reads a text of at most `length_max` characters, blanks at its ends cut off."""

    def enter(raw: object) -> Value:
        if isinstance(raw, (int, Decimal)) and not isinstance(raw, bool):
            raw = str(raw)
        if not isinstance(raw, str):
            raise ZhangshiError(NOT_A_TEXT)
        text = raw.strip()
        if not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text):
            raise ZhangshiError(NOT_A_TEXT)
        if len(text) > length_max or "\x00" in text:
            raise ZhangshiError(NOT_A_TEXT)
        return text or None

    return enter


def settled_text(value: object) -> Value:
    """Return a text as a field holds it."""
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else str(value)


def whole(raw: object) -> Value:
    """Read a whole number. Raises: number.not_a_number, number.too_many_digits, number.overflow."""
    if isinstance(raw, bool) or not isinstance(raw, (int, str, Decimal)):
        raise ZhangshiError(NOT_A_NUMBER, text=str(raw)[:40])
    if isinstance(raw, str) and not raw.strip():
        return None
    return int(decimal_from_text(str(raw), 0))


def settled_whole(value: object) -> Value:
    """Return a whole number, halves rounded away from zero. Raises: number.overflow, number.not_a_number."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        value = int(value.to_integral_value(ROUND_HALF_UP))
    if not isinstance(value, int) or not INTEGER_MIN <= value <= INTEGER_MAX:
        raise ZhangshiError(OVERFLOW if isinstance(value, int) else NOT_A_NUMBER, value=str(value), text=str(value))
    return int(value)


def number_text(value: object) -> str:
    """Return the shortest text of a decimal: 12.5, 3."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(raw: object) -> Value:
    """Read a date. Raises: value.not_a_date."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if not isinstance(raw, str):
        raise ZhangshiError(NOT_A_DATE)
    if not raw.strip():
        return None
    try:
        found = date.fromisoformat(raw.strip())
    except ValueError:
        raise ZhangshiError(NOT_A_DATE) from None
    return found


def settled_day(value: object) -> Value:
    """Return a date as a field holds it. Raises: value.not_a_date."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    raise ZhangshiError(NOT_A_DATE)


def instant(raw: object) -> Value:
    """Read an instant; without an offset it is UTC. Raises: value.not_an_instant."""
    if isinstance(raw, str):
        if not raw.strip():
            return None
        try:
            raw = datetime.fromisoformat(raw.strip())
        except ValueError:
            raise ZhangshiError(NOT_AN_INSTANT) from None
    if not isinstance(raw, datetime):
        raise ZhangshiError(NOT_AN_INSTANT)
    try:
        return (raw if raw.tzinfo else raw.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ZhangshiError(NOT_AN_INSTANT) from None


def settled_instant(value: object) -> Value:
    """Return an instant as a field holds it. Raises: value.not_an_instant."""
    return None if value is None else instant(value)


def instant_text(value: object) -> str:
    """Return an instant in UTC."""
    assert isinstance(value, datetime)
    return value.isoformat().replace("+00:00", "Z")


def yes_or_no(raw: object) -> Value:
    """Read yes or no. Raises: value.not_a_bool."""
    if raw in (True, "true", "1"):
        return True
    if raw in (False, "false", "0"):
        return False
    if raw == "":
        return None
    raise ZhangshiError(NOT_A_BOOL)


def settled_yes_or_no(value: object) -> Value:
    """Return yes or no as a field holds it."""
    return None if value is None else bool(value)


def reference(raw: object) -> Entered:
    """Read a link: an id, or an object with an id or a number. Raises: value.not_a_reference."""
    if isinstance(raw, Mapping):
        number = raw.get("number", raw.get("login", raw.get("code")))
        if raw.get("id") in (None, "") and isinstance(number, str) and number.strip():
            return Reference(0, number.strip())
        raw = raw.get("id")
    if isinstance(raw, str):
        text = raw.strip()
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < len(str(INTEGER_MAX)) + 1:
            raw = int(text)
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= INTEGER_MAX:
        raise ZhangshiError(NOT_A_REFERENCE)
    return Reference(raw, "")


def settled_reference(value: object) -> Value:
    """Return an id as a field holds it. Raises: value.not_a_reference."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value or None
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value) or None
    raise ZhangshiError(NOT_A_REFERENCE)


def words(raw: object) -> Value:
    """Read a list of words, each once. Raises: value.not_a_list."""
    if not isinstance(raw, (list, tuple)) or len(raw) > LIST_MAX or not all(isinstance(one, str) for one in raw):
        raise ZhangshiError(NOT_A_LIST)
    return tuple(dict.fromkeys(one.strip() for one in raw if one.strip())) or None


def file_ids(raw: object) -> Value:
    """Read the ids of files, one or a list. Raises: value.not_a_list, value.not_a_reference."""
    if not isinstance(raw, (list, tuple)):
        raw = [raw]
    if len(raw) > LIST_MAX:
        raise ZhangshiError(NOT_A_LIST)
    found = [reference(one) for one in raw]
    if any(isinstance(one, Reference) and one.number for one in found):
        raise ZhangshiError(NOT_A_REFERENCE)
    return tuple(dict.fromkeys(one.id for one in found if isinstance(one, Reference))) or None


def settled_list(value: object) -> Value:
    """Return a list as a field holds it."""
    if not value:
        return None
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def list_stored(value: object) -> str:
    """Return a list as its column holds it."""
    return msgspec.json.encode([str(one) for one in value]).decode()  # type: ignore[attr-defined]  # a tuple


def words_loaded(text: object) -> Value:
    """Return the words of a column."""
    return tuple(msgspec.json.decode(str(text), type=list[str]))


def files_loaded(text: object) -> Value:
    """Return the ids of files of a column."""
    return tuple(int(one) for one in msgspec.json.decode(str(text), type=list[str]))


def texts(value: object) -> list[str]:
    """Return a list for the wire."""
    return [str(one) for one in value]  # type: ignore[attr-defined]  # a tuple
