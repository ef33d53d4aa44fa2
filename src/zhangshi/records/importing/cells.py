"""What a cell means: the text that a person typed, as the wire value of a field.

People type 1,234.5 and １２，and 2026/1/31 and 是. Each is accepted where it can mean one thing only; everything else
is a problem of that cell. Numbers stay text: the records service turns them into exact decimals.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, tzinfo

from zhangshi.base.errors import FactValue, Word, ZhangshiError
from zhangshi.definitions.catalog import Field, FieldType
from zhangshi.records.importing import errors

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00:00)?")
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_INSTANT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_INSTANT_WITH_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:\d{2})")
_TRUE = frozenset({"true", "1", "yes", "y", "是", "真", "√", "有"})
_FALSE = frozenset({"false", "0", "no", "n", "否", "假", "×", "无"})
_SEPARATORS = re.compile(r"[,;、,;\n]")
_SHOWN_MAX = 200


def wire_value(field: Field, text: str, zone: tzinfo) -> object:
    """Return the wire value of a typed text; links are not looked up here. Empty text is None.

    A time without a zone is a time of `zone`. Raises: import.bad_value, import.bad_option.
    """
    if not text:
        return None
    if field.type is FieldType.DATETIME:
        return _instant(text, zone)
    reader = _READERS.get(field.type)
    return text if reader is None else reader(field, text)


def _bad(text: str, kind: Word, example: FactValue) -> ZhangshiError:
    return ZhangshiError(errors.BAD_VALUE, text=text[:_SHOWN_MAX], kind=kind, example=example)


def _digits(text: str) -> str | None:
    shown = unicodedata.normalize("NFKC", text).replace(" ", "").lstrip("¥")
    return shown.replace(",", "") if _NUMBER.fullmatch(shown) else None


def _number(_field: Field, text: str) -> str:
    shown = _digits(text)
    if shown is None:
        raise _bad(text, Word("number", "数字"), "12.5")
    return shown


def _whole(_field: Field, text: str) -> str:
    whole, _, fraction = (_digits(text) or "").partition(".")
    if not whole or fraction.strip("0"):
        raise _bad(text, Word("whole number", "整数"), "12")
    return whole


def _day(_field: Field, text: str) -> str:
    shown = unicodedata.normalize("NFKC", text).strip()
    found = _DATE.fullmatch(shown) or _DATE_DIGITS.fullmatch(shown)
    if found:
        try:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        except ValueError:
            pass
    raise _bad(text, Word("date", "日期"), "2026-01-31")


def _instant(text: str, zone: tzinfo) -> str:
    shown = unicodedata.normalize("NFKC", text).strip()
    try:
        if _INSTANT_WITH_ZONE.fullmatch(shown):
            return datetime.fromisoformat(shown).isoformat()
        if found := _INSTANT.fullmatch(shown):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=zone).isoformat()
    except ValueError:
        pass
    raise _bad(text, Word("time", "时间"), "2026-01-31 08:30")


def _truth(_field: Field, text: str) -> bool:
    shown = unicodedata.normalize("NFKC", text).casefold()
    if shown in _TRUE or shown in _FALSE:
        return shown in _TRUE
    raise _bad(text, Word("yes or no", "是或否"), Word("yes", "是"))


def _choice(field: Field, text: str) -> str:
    wanted = unicodedata.normalize("NFKC", text).casefold()
    for option in field.options:
        names = (option.value, option.label.zh, option.label.en)
        if not option.retired and wanted in {unicodedata.normalize("NFKC", name).casefold() for name in names}:
            return option.value
    for option in field.options:  # one that is retired may stay where it stands; the record knows whether it does
        if wanted in {option.value.casefold(), option.label.zh, option.label.en.casefold()}:
            return option.value
    usable = [option.label for option in field.options if not option.retired]
    zh = "、".join(label.zh or label.en for label in usable)[:_SHOWN_MAX]
    en = ", ".join(label.en or label.zh for label in usable)[:_SHOWN_MAX]
    raise ZhangshiError(errors.BAD_OPTION, text=text[:_SHOWN_MAX], options=Word(en, zh))


def _choices(field: Field, text: str) -> list[str]:
    return [_choice(field, part.strip()) for part in _SEPARATORS.split(text) if part.strip()]


_READERS: dict[FieldType, Callable[[Field, str], object]] = {
    FieldType.INT: _whole,
    FieldType.DECIMAL: _number,
    FieldType.QUANTITY: _number,
    FieldType.MONEY: _number,
    FieldType.PRICE: _number,
    FieldType.DATE: _day,
    FieldType.BOOL: _truth,
    FieldType.SELECT: _choice,
    FieldType.MULTI_SELECT: _choices,
}
