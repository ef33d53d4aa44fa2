"""What becomes what when a formula is checked: a written text becomes a date where one is wanted. Nothing else does."""

import re
from datetime import UTC, datetime

from zhangshi.base.errors import Word
from zhangshi.expr.errors import BAD_DATE, Failed, Source
from zhangshi.expr.functions.reckoning import date_of_text
from zhangshi.expr.kinds import DATE, DATETIME, EMPTY, Kind, Type, common_type
from zhangshi.expr.nodes import Constant, Node

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)

NO_MEND = Word("", "")
_MENDS = {
    (Kind.TEXT, True): Word(
        "VALUE(…) reads a number from a text; & joins texts.", "文本转数字用 VALUE(…)，连接文本用 &。"
    ),
    (Kind.DECIMAL, False): Word('TEXT(…, "0.00") makes a text of it.', "数字转文本用 TEXT(…, “0.00”)。"),
    (Kind.RECORD, False): Word(
        "Name a field behind the link, such as item.name.", "请写关联记录的字段，如 物料.名称。"
    ),
    (Kind.BOOL, False): Word("IF(condition, …, …) makes a value of a condition.", "条件转成值用 IF(条件, …, …)。"),
    (Kind.DATETIME, False): Word(
        "DATEOF(…) gives its day, TEXT(…, format) a text.", "取日期用 DATEOF(…)，转文本用 TEXT(…, 格式)。"
    ),
    (Kind.TEXTS, False): Word("CONTAINS(…) asks whether one is chosen.", "问是否选了某项用 CONTAINS(…)。"),
    (Kind.DATE, False): Word(
        "YEAR, MONTH, DAY give its parts, TEXT(…, format) a text.", "取年月日用 YEAR、MONTH、DAY，转文本用 TEXT。"
    ),
}


def mend(*, wanted_number: bool, found: Type) -> Word:
    """Return how a value of the type that was found is brought into another."""
    if found.kind is Kind.TEXT:
        return _MENDS[Kind.TEXT, True] if wanted_number else NO_MEND
    kind = Kind.DECIMAL if found.is_number else found.kind
    return _MENDS.get((kind, False), NO_MEND)


def as_moment(node: Node, source: Source) -> Node:
    """Return a written text as a date, or as an instant when it names its time zone. Raises formula.bad_date."""
    if not (isinstance(node, Constant) and isinstance(node.value, str)):
        return node
    text = node.value.strip()
    try:
        if _INSTANT.fullmatch(text):
            return Constant(datetime.fromisoformat(text).astimezone(UTC), DATETIME, node.at)
        return Constant(date_of_text(text), DATE, node.at)
    except (Failed, ValueError, OverflowError):
        raise source.refusal(BAD_DATE, node.at, text=text[:40]) from None


def comparable(left: Type, right: Type, *, ordered: bool) -> bool:
    """Whether two types may be compared, for order or for being equal."""
    kinds = {left.kind, right.kind}
    if kinds == {Kind.DATE, Kind.DATETIME}:
        return True
    found = common_type(left, right)
    if found is None or not ordered:
        return found is not None
    return found.kind not in {Kind.BOOL, Kind.RECORD, Kind.TEXTS} and found != EMPTY
