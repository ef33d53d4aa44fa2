"""Compiled definitions as plain JSON values: labels in both languages, formulas as trees for the browser."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from zhangshi.definitions.catalog import Label
from zhangshi.expr import Formula

Plain = Any
"""What JSON can hold."""


def plain(value: object) -> Plain:
    """Return a value of the catalog as JSON holds it; what is empty is left out of its object."""
    if isinstance(value, Label):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Formula):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return without_empty({one.name: getattr(value, one.name) for one in fields(value)})
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(plain(one) for one in value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def without_empty(value: Mapping[str, object]) -> dict[str, Plain]:
    """Return an object without what says nothing: None, "", 0, False, nothing in it."""
    made = {key: plain(one) for key, one in value.items()}
    return {key: one for key, one in made.items() if one not in (None, "", 0, False, [], {}, {"zh": "", "en": ""})}
