"""What is different between two catalogs, as facts that a plan, a list of revisions or an upgrade can show.

A formula is compared by its tree, so a change of labels or of spaces is none. Order of fields counts as layout, and is
not reported.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from zhangshi.base.errors import Language
from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field, Label, Table
from zhangshi.expr import Formula, Scope

What = Literal["added", "removed", "changed", "retired", "restored"]
_WORDS: Mapping[str, tuple[str, str]] = {
    "added": ("新增", "added"),
    "removed": ("删除", "removed"),
    "changed": ("修改", "changed"),
    "retired": ("停用", "retired"),
    "restored": ("恢复", "restored"),
}
_NO_NAMES = Scope({})
_FIELD_PLACES = frozenset({"key", "table", "column"})
_TABLE_PLACES = frozenset({"key", "fields", "scope", "order", "name"})
_ENTITY_PLACES = frozenset({"key", "header", "tables", "order", "pack"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `aspect` is what of it (`type`, `required`, `formula`, …), "" for the thing itself."""

    what: What
    kind: str
    """entity, table, field, conversion, role, option_set, or a kind of `Catalog.others`."""
    path: str
    """entity.sales_order: `sales_order`; a field: `sales_order.lines.price`."""
    aspect: str = ""
    before: str = ""
    after: str = ""

    def text(self, language: Language = "zh") -> str:
        """Return the difference in one line."""
        word = _WORDS[self.what][0 if language == "zh" else 1]
        about = f"{self.kind} {self.path}" + (f" {self.aspect}" if self.aspect else "")
        if not self.before and not self.after:
            return f"{word} {about}"
        return f"{word} {about}: {self.before or '—'} → {self.after or '—'}"


def differences(before: Catalog, after: Catalog) -> tuple[Difference, ...]:
    """Return every difference, entities first, in the order of the newer catalog."""
    return tuple(_all(before, after))


def _all(before: Catalog, after: Catalog) -> Iterator[Difference]:
    yield from _maps("entity", before.entities, after.entities, _entities)
    for kind in ("conversions", "roles", "option_sets"):
        yield from _maps(kind.removesuffix("s"), getattr(before, kind), getattr(after, kind), _same_kind)
    for kind in dict.fromkeys((*before.others, *after.others)):
        yield from _maps(kind, before.others.get(kind, {}), after.others.get(kind, {}), _same_kind)


def _maps(kind: str, before: Mapping[str, Any], after: Mapping[str, Any], compare: Any) -> Iterator[Difference]:  # noqa: ANN401
    for key in _keys(before, after):
        if key not in before:
            yield Difference("added", kind, key)
        elif key not in after:
            yield Difference("removed", kind, key)
        else:
            yield from compare(kind, key, before[key], after[key])


def _keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    return dict.fromkeys((*after, *before))


def _same_kind(kind: str, key: str, before: object, after: object) -> Iterator[Difference]:
    yield from _aspects(kind, key, before, after, frozenset({"key"}))


def _entities(kind: str, key: str, before: Entity, after: Entity) -> Iterator[Difference]:
    yield from _aspects(kind, key, before, after, _ENTITY_PLACES)
    old = {HEADER: before.header, **before.tables}
    new = {HEADER: after.header, **after.tables}
    for name in _keys(old, new):
        path = f"{key}.{name}" if name else key
        if name not in old:
            yield Difference("added", "table", path)
            yield from (Difference("added", "field", f"{path}.{one}") for one in new[name].fields)
        elif name not in new:
            yield Difference("removed", "table", path)
        else:
            yield from _tables(path, old[name], new[name])


def _tables(path: str, before: Table, after: Table) -> Iterator[Difference]:
    yield from _aspects("table", path, before, after, _TABLE_PLACES)
    for key in _keys(before.fields, after.fields):
        here = f"{path}.{key}"
        old, new = before.fields.get(key), after.fields.get(key)
        if old is None:
            yield Difference("added", "field", here)
        elif new is None:
            yield Difference("removed", "field", here)
        else:
            yield from _fields(here, old, new)


def _fields(path: str, before: Field, after: Field) -> Iterator[Difference]:
    if before.retired != after.retired:
        yield Difference("retired" if after.retired else "restored", "field", path)
    yield from _aspects("field", path, before, after, _FIELD_PLACES | {"retired"})


def _aspects(kind: str, path: str, before: object, after: object, left_out: frozenset[str]) -> Iterator[Difference]:
    """Compare two values of one class attribute by attribute; maps key by key."""
    old, new = _attributes(before), _attributes(after)
    for name in _keys(old, new):
        if name in left_out:
            continue
        was, now = plain(old.get(name)), plain(new.get(name))
        if was != now:
            yield Difference("changed", kind, path, name, _shown(was), _shown(now))


def _attributes(value: object) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: getattr(value, one.name) for one in fields(value)}  # type: ignore[arg-type]
    return {"value": value}


def plain(value: object) -> object:
    """Return a part of a catalog as data that can be compared and shown: formulas as their trees."""
    if isinstance(value, Formula):
        return value.text(_NO_NAMES, "keys")
    if isinstance(value, Label):
        return f"{value.zh} / {value.en}"
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(one) for name, one in _attributes(value).items()}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(str(one) for one in value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _shown(value: object) -> str:
    return "" if value in (None, "", [], {}) else str(value)
