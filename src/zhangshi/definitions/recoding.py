"""A stored value of one type -> the stored value of another, or nothing where that would be a guess.

Pure. Problem: a text field 价格 shall become a number, and 10,000 records have something in it. Rule: a value is
recoded only if nothing is lost and nothing invented; everything else is handed back to be shown. Numbers are never
rounded, texts are read as people write them (full-width digits, 1,234.50, 2024年1月5日, 是/否).

Example. text "１２.5" -> decimal with 2 digits: 1250. text "12,5" -> decimal: cannot. decimal(4) 12345 (1.2345)
-> decimal(2): cannot; 12300 -> 123.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Final

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.definitions.catalog import FieldType

Stored = str | int
"""A value as it stands in a column; empty is not recoded: it stays empty."""


class Cannot:
    """The answer where a value has no equal in the new type."""


CANNOT: Final = Cannot()
Meaning = str | Decimal | date | datetime | bool | tuple[str, ...]
Recode = Callable[[Stored], "Stored | Cannot"]

TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.BARCODE, FieldType.LOT})
NUMBERS = frozenset({FieldType.INT, FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE})
CHOICES = frozenset({FieldType.SELECT, FieldType.MULTI_SELECT})
LINKS = frozenset({FieldType.LINK, FieldType.LOCATION})
FILES = frozenset({FieldType.ATTACHMENT, FieldType.IMAGE, FieldType.SIGNATURE})

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_TRUE = frozenset({"是", "true", "yes", "y", "1", "√", "对", "有"})
_FALSE = frozenset({"否", "false", "no", "n", "0", "×", "错", "无"})
_SEPARATORS = re.compile(r"[,;、,;]")
_INT_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Shape:
    """What a column holds: the type, its decimal places, and the entity of a link."""

    type: FieldType
    digits: int = 0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What values are read in: the company's time zone, and the numbers of the records that a link can name."""

    zone: tzinfo
    numbers: Mapping[int, str] = field(default_factory=dict)  # record id -> number, of the old link's entity
    ids: Mapping[str, int] = field(default_factory=dict)  # number -> record id, of the new link's entity


def keeps_column(old: Shape, new: Shape) -> bool:
    """Return whether the stored values mean the same under the new type."""
    if old.type in LINKS and new.type in LINKS:
        return old.target == new.target
    if old.type in NUMBERS and new.type in NUMBERS:
        return old.digits == new.digits
    if old.type in FILES and new.type in FILES:
        return True
    texts = TEXTS | {FieldType.SELECT}
    return old.type == new.type or (old.type in texts and new.type in texts)


def needs_link_numbers(old: Shape, new: Shape) -> tuple[str, str]:
    """Return the entities whose numbers are wanted: of the old link ("" for none), and of the new one."""
    reads = old.target if old.type in LINKS and new.type in TEXTS else ""
    writes = new.target if new.type in LINKS and old.type in TEXTS else ""
    return reads, writes


def recoder(old: Shape, new: Shape, *, options: frozenset[str], around: Surroundings) -> Recode:
    """Return the function from stored values of `old` to those of `new`; `options` are the new select's values."""

    def recode(value: Stored) -> Stored | Cannot:
        if old.type in LINKS and new.type in LINKS:
            return CANNOT  # the same number elsewhere is another thing
        meaning = _read(value, old, around)
        return CANNOT if meaning is None else _write(meaning, new, options, around)

    return recode


def stored_value(value: Meaning | int, shape: Shape) -> Stored | None:
    """Return a value as a column of this shape stores it; None where it does not fit."""
    meaning = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    options = frozenset(meaning) if isinstance(meaning, tuple) else frozenset({str(meaning)})
    found = _write(meaning, shape, options, Surroundings(UTC))
    return None if isinstance(found, Cannot) else found


def _read(value: Stored, shape: Shape, around: Surroundings) -> Meaning | None:
    kind = shape.type
    if kind in TEXTS or kind is FieldType.SELECT:
        return str(value)
    if kind in NUMBERS:
        return Decimal(int(value)).scaleb(-shape.digits)
    if kind is FieldType.BOOL:
        return bool(int(value))
    if kind is FieldType.DATE:
        return date.fromisoformat(str(value))
    if kind is FieldType.DATETIME:
        return micros_to_instant(int(value))
    if kind is FieldType.MULTI_SELECT:
        return tuple(json.loads(str(value)))
    return around.numbers.get(int(value)) if kind in LINKS else None


def _write(meaning: Meaning, shape: Shape, options: frozenset[str], around: Surroundings) -> Stored | Cannot:
    kind = shape.type
    if kind in TEXTS:
        return _as_text(meaning, around)
    if kind in NUMBERS:
        return _as_number(meaning, shape.digits)
    if kind is FieldType.BOOL:
        return _as_bool(meaning)
    if kind is FieldType.DATE:
        found = _as_date(meaning, around)
        return CANNOT if found is None else found.isoformat()
    if kind is FieldType.DATETIME:
        return _as_instant(meaning, around)
    if kind in CHOICES:
        return _as_choice(meaning, kind, options)
    if kind in LINKS and isinstance(meaning, str):
        return around.ids.get(meaning.strip(), CANNOT)
    return CANNOT


def _as_text(meaning: Meaning, around: Surroundings) -> str:
    if isinstance(meaning, bool):
        return "是" if meaning else "否"
    if isinstance(meaning, Decimal):
        text = f"{meaning:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(meaning, datetime):
        return meaning.astimezone(around.zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(meaning, date):
        return meaning.isoformat()
    return "、".join(meaning) if isinstance(meaning, tuple) else meaning


def _as_number(meaning: Meaning, digits: int) -> int | Cannot:
    if isinstance(meaning, bool):
        meaning = Decimal(int(meaning))
    if isinstance(meaning, str):
        text = unicodedata.normalize("NFKC", meaning).strip()
        if not _NUMBER.fullmatch(text):
            return CANNOT
        meaning = Decimal(text.replace(",", ""))
    if not isinstance(meaning, Decimal):
        return CANNOT
    scaled = meaning.scaleb(digits)
    exact = scaled == scaled.to_integral_value() and abs(scaled) <= _INT_MAX
    return int(scaled) if exact else CANNOT


def _as_bool(meaning: Meaning) -> int | Cannot:
    if isinstance(meaning, bool):
        return int(meaning)
    if isinstance(meaning, str):
        word = unicodedata.normalize("NFKC", meaning).strip().lower()
        return 1 if word in _TRUE else 0 if word in _FALSE else CANNOT
    if isinstance(meaning, Decimal) and meaning in (0, 1):
        return int(meaning)
    return CANNOT


def _as_date(meaning: Meaning, around: Surroundings) -> date | None:
    if isinstance(meaning, datetime):
        local = meaning.astimezone(around.zone)
        return local.date() if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0) else None
    if not isinstance(meaning, str):
        return None
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", meaning).strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _as_instant(meaning: Meaning, around: Surroundings) -> int | Cannot:
    if isinstance(meaning, str):
        try:
            moment = datetime.fromisoformat(unicodedata.normalize("NFKC", meaning).strip().replace("/", "-"))
        except ValueError:
            return CANNOT
        return instant_to_micros((moment if moment.tzinfo else moment.replace(tzinfo=around.zone)).astimezone(UTC))
    if isinstance(meaning, date) and not isinstance(meaning, datetime):
        midnight = datetime(meaning.year, meaning.month, meaning.day, tzinfo=around.zone)
        return instant_to_micros(midnight.astimezone(UTC))
    return CANNOT


def _as_choice(meaning: Meaning, kind: FieldType, options: frozenset[str]) -> str | Cannot:
    if isinstance(meaning, tuple):
        chosen = meaning
    elif not isinstance(meaning, str):
        return CANNOT
    elif kind is FieldType.MULTI_SELECT:
        chosen = tuple(part.strip() for part in _SEPARATORS.split(meaning) if part.strip())
    else:
        chosen = (meaning,)
    if not chosen or any(one not in options for one in chosen):
        return CANNOT
    if kind is FieldType.MULTI_SELECT:
        return json.dumps(chosen, ensure_ascii=False, separators=(",", ":"))
    return chosen[0] if len(chosen) == 1 else CANNOT
