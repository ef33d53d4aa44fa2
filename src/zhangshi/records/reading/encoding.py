"""From the column to the wire: what a list writes a thousand times, without a stop in memory.

The same text as `records.values` shows; a test compares them for every type.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from zhangshi.base.clock import micros_to_instant
from zhangshi.definitions.catalog import Field, FieldType

Encode = Callable[[Any], object]

REFERENCES = frozenset({FieldType.LINK, FieldType.LOCATION, FieldType.USER, FieldType.DEPARTMENT})
"""Types whose column holds an id."""
FILES = frozenset({FieldType.ATTACHMENT, FieldType.IMAGE, FieldType.SIGNATURE})
"""Types whose column holds a list of file ids."""


def wire_of(field: Field) -> Encode:
    """Return what turns the column of a field (not None) into its wire form; references into the text of their id."""
    if field.type in _SCALED:
        return _scaled(field.digits)
    if field.type in REFERENCES:
        return str
    return _PLAIN.get(field.type, _same)


def instant_text(micros: int) -> str:
    """Return a stored instant as it is written on the wire."""
    return micros_to_instant(micros).isoformat().replace("+00:00", "Z")


def scaled_text(minor: int, digits: int) -> str:
    """Return the shortest decimal text: 12500000 with 6 digits is 12.5."""
    return _scaled(digits)(minor)


def _same(value: object) -> object:
    return value


def _scaled(digits: int) -> Callable[[int], str]:
    if digits == 0:
        return str
    unit: int = 10**digits

    def text(minor: int) -> str:
        whole, fraction = divmod(abs(minor), unit)
        shown = f"{whole}.{fraction:0{digits}d}".rstrip("0") if fraction else str(whole)
        return f"-{shown}" if minor < 0 else shown

    return text


def _list(text: str) -> object:
    return msgspec.json.decode(text, type=list[str])


_SCALED = frozenset({FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE})
_PLAIN: dict[FieldType, Encode] = {
    FieldType.BOOL: bool,
    FieldType.DATETIME: instant_text,
    FieldType.MULTI_SELECT: _list,
    FieldType.ATTACHMENT: _list,
    FieldType.IMAGE: _list,
    FieldType.SIGNATURE: _list,
}
