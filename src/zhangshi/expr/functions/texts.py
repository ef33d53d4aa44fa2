"""Texts. Positions count from 1; text is compared letter by letter, capitals differ from small letters."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from zhangshi.expr.arithmetic import Number, exact, text_of
from zhangshi.expr.errors import BAD_FORMAT, NOT_A_NUMBER, OUT_OF_RANGE, TEXT_TOO_LONG, Failed
from zhangshi.expr.functions.formats import moment_as, number_as
from zhangshi.expr.functions.pinyin import initials
from zhangshi.expr.functions.registry import Function, Parameter, Want
from zhangshi.expr.host import Host
from zhangshi.expr.kinds import BOOL, DECIMAL, INT, TEXT, Raw
from zhangshi.expr.limits import EXPONENT_MAX, PINYIN_LENGTH_MAX, RESULT_LENGTH_MAX
from zhangshi.expr.scopes import folded

_NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]*)?%?")


def limited(text: str) -> str:
    """Return `text`. Raises Failed text_too_long."""
    if len(text) > RESULT_LENGTH_MAX:
        raise Failed(TEXT_TOO_LONG, limit=RESULT_LENGTH_MAX)
    return text


def shown(value: Raw) -> str:
    """Return a text, number or date as text: 12.50 is 12.5, a date is 2026-01-31, empty is no text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else text_of(value)


def joined(values: Sequence[Raw]) -> str:
    """Return the values as one text. Raises Failed text_too_long."""
    return between("", [shown(one) for one in values])


def between(separator: str, texts: Sequence[str]) -> str:
    """Return the texts with the separator between; too long is refused before it takes memory. Raises Failed."""
    length = sum(map(len, texts)) + len(separator) * (len(texts) - 1)
    if length > RESULT_LENGTH_MAX:
        raise Failed(TEXT_TOO_LONG, limit=RESULT_LENGTH_MAX)
    return separator.join(texts)


def _concat(*values: Raw) -> str:
    return joined(values)


def _textjoin(separator: str, *values: Raw) -> str:
    return between(separator, [shown(one) for one in values if one not in {None, ""}])


def _count(count: int, function: str, least: int = 0) -> int:
    if not least <= count <= RESULT_LENGTH_MAX:
        raise Failed(
            OUT_OF_RANGE, function=function, parameter="count", found=str(count), least=str(least),
            most=str(RESULT_LENGTH_MAX),
        )  # fmt: skip
    return count


def _left(text: str, count: int = 1) -> str:
    return text[: _count(count, "LEFT")]


def _right(text: str, count: int = 1) -> str:
    return text[max(0, len(text) - _count(count, "RIGHT")) :]


def _mid(text: str, start: int, count: int) -> str:
    begin = _count(start, "MID", 1) - 1
    return text[begin : begin + _count(count, "MID")]


def _find(wanted: str, text: str, start: int = 1) -> int:
    return text.find(wanted, _count(start, "FIND", 1) - 1) + 1


def _contains(text: str | tuple[str, ...], wanted: str) -> bool:
    return wanted in text


def _substitute(text: str, old: str, new: str) -> str:
    if not old:
        return text
    if len(text) + text.count(old) * (len(new) - len(old)) > RESULT_LENGTH_MAX:
        raise Failed(TEXT_TOO_LONG, limit=RESULT_LENGTH_MAX)
    return text.replace(old, new)


def _rept(text: str, count: int) -> str:
    if count * len(text) > RESULT_LENGTH_MAX:
        raise Failed(TEXT_TOO_LONG, limit=RESULT_LENGTH_MAX)
    return text * _count(count, "REPT")


def _padleft(text: str, width: int, filler: str = "0") -> str:
    missing = _count(width, "PADLEFT") - len(text)
    if missing <= 0 or not filler:
        return text
    return (filler * (missing // len(filler) + 1))[:missing] + text


def _text(host: Host, value: Raw, pattern: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return limited(moment_as(host.local_time(value), pattern))
    if isinstance(value, date):
        return limited(moment_as(value, pattern))
    if isinstance(value, Decimal | int):
        return number_as(value, pattern)
    raise Failed(BAD_FORMAT, text=pattern)


def _value(text: str) -> Number:
    written = folded(text).strip()
    if not written:
        return 0
    if not _NUMBER.fullmatch(written) or not re.search("[0-9]", written):
        raise Failed(NOT_A_NUMBER, text=text[:40])
    plain = written.rstrip("%").replace(",", "")
    if len(plain) > 2 * EXPONENT_MAX:
        raise Failed(NOT_A_NUMBER, text=text[:40])
    return exact(Decimal(f"{plain}E-2" if written.endswith("%") else plain))


def _pinyin_effort(text: str) -> int:
    """A reading is looked up word by word, which takes as long as fifty steps for a character."""
    if len(text) > PINYIN_LENGTH_MAX:
        raise Failed(TEXT_TOO_LONG, limit=PINYIN_LENGTH_MAX)
    return 50 * len(text)


def _p(name: str, zh: str, want: Want = Want.TEXT, *, optional: bool = False) -> Parameter:
    return Parameter(name, zh, want, optional)


_SELF = _p("text", "文本")
_WANTED = _p("part", "要找的文本")
_HOW_MANY = _p("count", "字数", Want.INT)
_MAYBE_MANY = _p("count", "字数", Want.INT, optional=True)

TEXTS = [
    Function(
        name="LEN", group="text", run=len, result=INT, parameters=(_SELF,),
        zh="字数；一个汉字算一个。", en="How many characters.",
    ),
    Function(
        name="LEFT", group="text", run=_left, result=TEXT, parameters=(_SELF, _MAYBE_MANY),
        zh="左边几个字，不写是 1 个。", en="The first characters, 1 if left out.",
    ),
    Function(
        name="RIGHT", group="text", run=_right, result=TEXT, parameters=(_SELF, _MAYBE_MANY),
        zh="右边几个字，不写是 1 个。", en="The last characters, 1 if left out.",
    ),
    Function(
        name="MID", group="text", run=_mid, result=TEXT,
        parameters=(_SELF, _p("start", "从第几个字", Want.INT), _HOW_MANY),
        zh="从第几个字起取几个字，第一个字是 1。", en="So many characters from a position; the first is 1.",
    ),
    Function(
        name="TRIM", group="text", run=lambda text: text.strip(" \u3000"), result=TEXT, parameters=(_SELF,),
        zh="去掉首尾的空格（全角也去）。", en="Without the spaces at both ends, full-width ones too.",
    ),
    Function(
        name="UPPER", group="text", run=lambda text: limited(text.upper()), result=TEXT, parameters=(_SELF,),
        zh="字母变大写。", en="In capitals.",
    ),
    Function(
        name="LOWER", group="text", run=lambda text: limited(text.lower()), result=TEXT, parameters=(_SELF,),
        zh="字母变小写。", en="In small letters.",
    ),
    Function(
        name="CONCAT", group="text", run=_concat, result=TEXT, repeats=1, aliases=("CONCATENATE",),
        parameters=(_p("value", "值", Want.SHOWN),),
        zh="连成一个文本。也可以写 值1 & 值2。", en="All values as one text. `a & b` says the same.",
    ),
    Function(
        name="TEXTJOIN", group="text", run=_textjoin, result=TEXT, repeats=1,
        parameters=(_p("separator", "分隔符"), _p("value", "值", Want.SHOWN)),
        zh="用分隔符连接，空的跳过。", en="All values that are not empty, with the separator between.",
    ),
    Function(
        name="FIND", group="text", run=_find, result=INT,
        parameters=(_WANTED, _SELF, _p("start", "从第几个字", Want.INT, optional=True)),
        zh="第一次出现在第几个字，没有是 0。", en="Where it first stands, counted from 1; 0 if nowhere.",
    ),
    Function(
        name="CONTAINS", group="text", run=_contains, result=BOOL,
        parameters=(_p("text", "文本或多选", Want.TEXTS), _WANTED),
        zh="文本里是否有这几个字；多选里是否选了它。",
        en="Whether the text has it inside; whether it is among the choices.",
    ),
    Function(
        name="STARTSWITH", group="text", run=str.startswith, result=BOOL, parameters=(_SELF, _WANTED),
        zh="是否以它开头。", en="Whether the text begins with it.",
    ),
    Function(
        name="ENDSWITH", group="text", run=str.endswith, result=BOOL, parameters=(_SELF, _WANTED),
        zh="是否以它结尾。", en="Whether the text ends with it.",
    ),
    Function(
        name="SUBSTITUTE", group="text", run=_substitute, result=TEXT,
        parameters=(_SELF, _p("old", "旧文本"), _p("new", "新文本")),
        zh="把旧文本全部换成新文本。", en="With every old part replaced by the new one.",
    ),
    Function(
        name="REPT", group="text", run=_rept, result=TEXT, parameters=(_SELF, _p("count", "次数", Want.INT)),
        zh="重复几次。", en="The text so many times.",
    ),
    Function(
        name="PADLEFT", group="text", run=_padleft, result=TEXT,
        parameters=(_p("value", "值", Want.SHOWN), _p("width", "宽度", Want.INT), _p("filler", "填充", optional=True)),
        zh="左边补到几个字，不写补 0，如流水号。", en="Filled up on the left to a width, by 0 if left out.",
    ),
    Function(
        name="TEXT", group="text", run=_text, result=TEXT, asks_host=True,
        parameters=(_p("value", "数字或日期", Want.FORMATTED), _p("format", "格式")),
        zh="按格式写成文本：0.00、#,##0.00、0%、yyyy-MM-dd、HH:mm。",
        en="Written in a format: 0.00, #,##0.00, 0%, yyyy-MM-dd, HH:mm.",
    ),
    Function(
        name="VALUE", group="text", run=_value, result=DECIMAL, parameters=(_SELF,),
        zh="把文本读成数字，可有千分位和 %。", en="The number that a text says; thousands and % may be written.",
    ),
    Function(
        name="PINYIN", group="text", run=initials, result=TEXT, effort=_pinyin_effort,
        parameters=(_SELF,), browser=False,
        zh="拼音首字母（助记码）。", en="The initials of the pinyin.",
    ),
]  # fmt: skip
