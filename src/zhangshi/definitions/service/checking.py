"""What the data says against a candidate: required fields that are empty, doubles, states that are gone."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from zhangshi.definitions._store import values as store
from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field, Table
from zhangshi.definitions.recoding import Stored, stored_value
from zhangshi.definitions.service.columns import shape_of
from zhangshi.definitions.storage import Existing, Index
from zhangshi.expr import Env
from zhangshi.platform.session import Session

_DOUBLES_SHOWN = 5
INITIAL = ""
"""The state of a record whose entity has no lifecycle."""


class Refusal(msgspec.Struct, frozen=True):
    """Something that comes first. `path` is entity.field; `count` rows or values are concerned."""

    code: str
    path: str
    zh: str
    en: str
    count: int


def refusals(session: Session, before: Catalog, after: Catalog, existing: Existing) -> tuple[Refusal, ...]:
    """Return everything that the rows of today do not allow. Reads only what the candidate tightens."""
    found: list[Refusal] = []
    for entity in after.entities.values():
        if entity.header.name not in existing.tables:
            continue
        old = before.entities.get(entity.key)
        found += _states(session, entity, old)
        found += _doubles(session, entity, old, existing)
    return (*found, *_empty(session, before, after, existing))


def _table_of(entity: Entity | None, key: str) -> Table | None:
    if entity is None:
        return None
    return entity.header if key == HEADER else entity.tables.get(key)


def is_typed(one: Field) -> bool:
    """Return whether people fill the field in, not the program."""
    return one.stored and not one.retired and one.formula is None and not one.lookup and one.rollup is None


class Filling(NamedTuple):
    """A required field whose empty rows get its default, because it is the same for all of them."""

    path: str
    table: str
    column: str
    value: Stored
    rows: int


class _Newly(NamedTuple):
    """A field that becomes required while `rows` rows have nothing in it."""

    path: str
    table: Table
    field: Field
    rows: int


def fillings(session: Session, before: Catalog, after: Catalog, existing: Existing) -> tuple[Filling, ...]:
    """Return the fields that become required and can be filled in for the rows of today."""
    found: list[Filling] = []
    for one in _newly_required(session, before, after, existing):
        value = _constant(one.field)
        if value is not None:
            found.append(Filling(one.path, one.table.name, one.field.column, value, one.rows))
    return tuple(found)


def fill(session: Session, filling: Filling) -> None:
    """Write the default into every row that has nothing."""
    store.fill_empty(session, table=filling.table, column=filling.column, value=filling.value)


def _constant(one: Field) -> Stored | None:
    """Return the default as it is stored, if it is the same for every row."""
    if one.default is None or not one.default.is_constant:
        return None
    value = one.default.evaluate(Env())
    return None if value is None else stored_value(value, shape_of(one))


def _newly_required(session: Session, before: Catalog, after: Catalog, existing: Existing) -> Iterator[_Newly]:
    for entity in after.entities.values():
        old = before.entities.get(entity.key)
        for table in (entity.header, *entity.tables.values()):
            if table.name in existing.tables:
                yield from _newly_required_in(session, entity, table, _table_of(old, table.key), existing)


def _newly_required_in(
    session: Session, entity: Entity, table: Table, old: Table | None, existing: Existing
) -> Iterator[_Newly]:
    for one in table.fields.values():
        was = old.fields.get(one.key) if old is not None else None
        if not one.required or not is_typed(one) or (was is not None and was.required and not was.retired):
            continue
        column = was.column if was is not None and was.stored else one.column
        count = (
            store.count_empty(session, table=table.name, column=column)
            if column in existing.tables[table.name]
            else store.count_all(session, table=table.name)
        )
        if count:
            yield _Newly(".".join(part for part in (entity.key, table.key, one.key) if part), table, one, count)


def _empty(session: Session, before: Catalog, after: Catalog, existing: Existing) -> Iterator[Refusal]:
    for one in _newly_required(session, before, after, existing):
        if _constant(one.field) is None:
            yield Refusal(
                "definitions.required_but_empty",
                one.path,
                f"{one.path}(“{one.field.label.zh}”)改为必填,但已有 {one.rows} 行是空的。"
                "请先填好,给它一个固定的默认值,或暂不设为必填。",
                f'{one.path} ("{one.field.label.en}") becomes required, but {one.rows} rows have nothing in it. '
                "Fill them in first, give it a default that is a fixed value, or do not require it yet.",
                one.rows,
            )


class Kept(NamedTuple):
    """Something that goes out of sight while its data stays: an entity ("" as field) or a field with values."""

    path: str
    field: str
    rows: int


def kept_aside(session: Session, before: Catalog, after: Catalog, existing: Existing) -> tuple[Kept, ...]:
    """Return what the candidate takes out of sight although there is something in it."""
    found: list[Kept] = []
    for entity in before.entities.values():
        new = after.entities.get(entity.key)
        if new is None and entity.header.name in existing.tables:
            found.append(Kept(entity.key, "", store.count_all(session, table=entity.header.name)))
        elif new is not None:
            for table in (entity.header, *entity.tables.values()):
                found += _fields_aside(session, entity, table, _table_of(new, table.key))
    return tuple(one for one in found if one.rows)


def _fields_aside(session: Session, entity: Entity, table: Table, new: Table | None) -> Iterator[Kept]:
    for one in table.stored_fields:
        now = new.fields.get(one.key) if new is not None else None
        if now is None or now.retired:
            path = ".".join(part for part in (entity.key, table.key, one.key) if part)
            yield Kept(path, one.key, store.count_filled(session, table=table.name, column=one.column))


def doubled(session: Session, index: Index) -> Refusal | None:
    """Return why a unique index cannot be made, if rows stand against it."""
    found = store.doubles(session, table=index.table, columns=index.columns, limit=_DOUBLES_SHOWN)
    return _not_unique(f"{index.table}.{'+'.join(index.columns)}", found) if found else None


def _not_unique(path: str, found: Sequence[tuple[str, int]]) -> Refusal:
    shown = ", ".join(f"{value} ×{count}" for value, count in found)
    return Refusal(
        "definitions.not_unique",
        path,
        f"{path} 改为不可重复,但已有重复的值:{shown}。请先改正。",
        f"{path} becomes unique, but values stand there several times: {shown}. Correct them first.",
        len(found),
    )


def _doubles(session: Session, entity: Entity, old: Entity | None, existing: Existing) -> Iterator[Refusal]:
    fields = entity.header.fields
    groups = [(one.key,) for one in entity.header.stored_fields if one.unique] + list(entity.unique)
    known = set(old.unique) | {(one.key,) for one in old.header.stored_fields if one.unique} if old else set()
    columns = existing.tables[entity.header.name]
    for group in groups:
        names = [fields[key].column for key in group]
        if group in known or not all(name and name in columns for name in names):
            continue
        found = store.doubles(session, table=entity.header.name, columns=names, limit=_DOUBLES_SHOWN)
        if found:
            yield _not_unique(f"{entity.key}.{'+'.join(group)}", found)


def _states(session: Session, entity: Entity, old: Entity | None) -> Iterator[Refusal]:
    if entity.lifecycle is None or (old is not None and old.lifecycle is None):
        return
    kept = {INITIAL, *entity.lifecycle.states}
    if old is not None and old.lifecycle is not None and kept >= set(old.lifecycle.states):
        return
    for state, count in store.count_states(session, table=entity.header.name).items():
        if state not in kept:
            path = f"{entity.key}.lifecycle.states.{state}"
            yield Refusal(
                "definitions.state_in_use",
                path,
                f"“{entity.label.zh}”不再有状态 {state},但还有 {count} 张单据处于该状态。请保留它,或先处理这些单据。",
                f'"{entity.label.en}" loses the state {state}, but {count} records are in it. Keep it, or move them on '
                "first.",
                count,
            )


def settle_states(session: Session, before: Catalog, after: Catalog) -> None:
    """Put records into a lifecycle that came, and out of one that went."""
    for entity in after.entities.values():
        old = before.entities.get(entity.key)
        if old is None or (old.lifecycle is None) == (entity.lifecycle is None):
            continue
        if entity.lifecycle is not None:
            initial = entity.lifecycle.initial.key
            store.replace_state(session, table=entity.header.name, before=INITIAL, after=initial)
        else:
            for state in store.count_states(session, table=entity.header.name):
                if state != INITIAL:
                    store.replace_state(session, table=entity.header.name, before=state, after=INITIAL)
