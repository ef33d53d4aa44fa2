"""What a formula computes with: kinds, types and values.

A value is an exact decimal, a whole number, text, yes or no, a date, an instant (aware, UTC), several texts, or empty
(`None`). A link is the id of the record behind it. A float is never a value.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from zhangshi.base.errors import Word

Value: TypeAlias = Decimal | int | str | bool | date | datetime | tuple[str, ...] | None
Raw: TypeAlias = Any
"""A value whose kind the checker has proved."""


class Kind(StrEnum):
    """The kinds of values."""

    DECIMAL = "decimal"
    INT = "int"
    TEXT = "text"
    BOOL = "bool"
    DATE = "date"
    DATETIME = "datetime"
    TEXTS = "texts"
    RECORD = "record"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, and of a record its entity ("" = of any)."""

    kind: Kind
    entity: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is a decimal or a whole number."""
        return self.kind in {Kind.DECIMAL, Kind.INT}

    @property
    def word(self) -> Word:
        """Its name for an error's sentence."""
        return _WORDS[self.kind]


DECIMAL = Type(Kind.DECIMAL)
INT = Type(Kind.INT)
TEXT = Type(Kind.TEXT)
BOOL = Type(Kind.BOOL)
DATE = Type(Kind.DATE)
DATETIME = Type(Kind.DATETIME)
TEXTS = Type(Kind.TEXTS)
RECORD = Type(Kind.RECORD)
EMPTY = Type(Kind.EMPTY)

_WORDS = {
    Kind.DECIMAL: Word("number", "数字"),
    Kind.INT: Word("whole number", "整数"),
    Kind.TEXT: Word("text", "文本"),
    Kind.BOOL: Word("yes or no", "是否"),
    Kind.DATE: Word("date", "日期"),
    Kind.DATETIME: Word("date and time", "日期时间"),
    Kind.TEXTS: Word("several choices", "多选"),
    Kind.RECORD: Word("linked record", "关联记录"),
    Kind.EMPTY: Word("empty", "空"),
}


def common_type(first: Type, second: Type) -> Type | None:
    """Return the type that holds both (a decimal for a decimal and a whole number), or None."""
    if first == second or second.kind is Kind.EMPTY:
        return first
    if first.kind is Kind.EMPTY:
        return second
    if first.is_number and second.is_number:
        return DECIMAL
    if first.kind is second.kind is Kind.RECORD and not (first.entity and second.entity):
        return RECORD
    return None
