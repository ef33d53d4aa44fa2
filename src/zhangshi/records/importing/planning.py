"""From drafts to writes: which records are there already, and what of them the sheet changes.

Existing records are found with one statement for all rows. An update sends only what differs from what is stored, so a
sheet that comes back as it was exported changes nothing. Where the person may not read a field, it always counts as
different: otherwise "unchanged" would tell its value to somebody who guesses.

The rows of a line table are those of the sheet: by their row number where the sheet has that column, else the first
row is the first row. Rows that the sheet does not have are removed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, Table
from zhangshi.platform.session import Session
from zhangshi.records._store.layouts import layout, system_values
from zhangshi.records.importing.drafts import Draft
from zhangshi.records.importing.titles import NUMBER, ROW
from zhangshi.records.model import NEW, Value
from zhangshi.records.values import Reference, codecs, reference

Content = dict[str, object]
Hidden = Callable[[str], bool]
"""Whether the field at a path may be hidden from who imports."""

_VERSION = 3


@dataclass(slots=True)
class Planned:
    """A record to write. `content` is what is sent; empty for an update without a difference."""

    draft: Draft
    content: Content
    record_id: int = NEW
    version: int = 0
    before: Content = field(default_factory=dict)
    """Of an update: what was there, as the content of an edit that puts it back."""

    @property
    def is_new(self) -> bool:
        """Whether it is inserted."""
        return self.record_id == NEW


def plan_insert(entity: Entity, draft: Draft) -> Planned:
    """Return the insert of a draft; empty cells are left to defaults and lookups."""
    content: Content = {}
    for key, value in draft.content.items():
        if key in entity.tables:
            content[key] = [_without_empty(row) for row in draft.rows(key)]
        elif value is not None:
            content[key] = value
    return Planned(draft, content)


def _without_empty(row: Mapping[str, object]) -> Content:
    return {key: value for key, value in row.items() if value is not None and key != ROW}


def plan_updates(
    session: Session, entity: Entity, matched: Sequence[tuple[Draft, Sequence[Any]]], hidden: Hidden
) -> list[Planned]:
    """Return the updates of drafts, each with the stored header that it matched. One statement a line table."""
    tables = {key for draft, _ in matched for key in draft.content if key in entity.tables}
    ids = [(header[0],) for _, header in matched]
    stored: dict[str, dict[int, list[Sequence[Any]]]] = {}
    for key in tables:
        rows = stored[key] = {}
        for row in session.query_rows(layout(entity.tables[key]).of_records, ids):
            rows.setdefault(row[1], []).append(row)
    return [_update(entity, draft, header, stored, hidden) for draft, header in matched]


def _update(
    entity: Entity,
    draft: Draft,
    header: Sequence[Any],
    stored: Mapping[str, Mapping[int, list[Sequence[Any]]]],
    hidden: Hidden,
) -> Planned:
    planned = Planned(draft, {}, header[0], header[_VERSION])
    home = layout(entity.header)
    known = {"number": header[1] or None, **system_values(header)}
    for key, wire in draft.content.items():
        if key in entity.tables:
            _update_rows(entity.tables[key], draft.rows(key), stored[key].get(header[0], []), planned, hidden)
            continue
        if wire is None and key not in home.position:
            continue  # a number, an owner, a department: never taken away
        before = home.value(header, key) if key in home.position else known.get(key)
        if _differs(entity.header, key, wire, before) or hidden(key):
            planned.content[key] = wire
            planned.before[key] = _shown(entity.header, key, before)
    return planned


def _update_rows(
    table: Table, rows: Sequence[Content], stored: Sequence[Sequence[Any]], planned: Planned, hidden: Hidden
) -> None:
    own = layout(table)
    free = {row[2]: row for row in stored}
    sent: list[Content] = []
    changed = False
    for position, row in enumerate(rows, 1):
        known = free.pop(_row_number(row, position), None)
        given = {key: value for key, value in row.items() if key != ROW}
        if known is None:
            changed = True
            sent.append(_without_empty(row))
            continue
        changed = changed or known[2] != position
        for key, wire in given.items():
            differs = _differs(table, key, wire, own.value(known, key))
            changed = changed or differs or hidden(f"{table.key}.{key}")
        sent.append({"id": str(known[0]), **given})
    if changed or free:
        planned.content[table.key] = sent
        gone = {row[0] for row in free.values()}
        planned.before[table.key] = [_row_shown(table, row, gone=row[0] in gone) for row in stored]


def _row_number(row: Content, position: int) -> int:
    text = row.get(ROW)
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else position


def _differs(table: Table, key: str, wire: object, before: Value) -> bool:
    try:
        return _entered(table, key, wire) != before
    except ZhangshiError:
        return True  # the service says what is wrong with it


def _entered(table: Table, key: str, wire: object) -> Value:
    if wire is None:
        return None
    codec = codecs(table).get(key)
    if codec is None and table.key == HEADER and key != NUMBER:  # owner, department
        found = reference(wire)
    else:
        found = codec.enter(wire) if codec is not None else str(wire).strip() or None
    return found.id if isinstance(found, Reference) else found


def _shown(table: Table, key: str, value: Value) -> object:
    if value is None:
        return None
    codec = codecs(table).get(key)
    return codec.show(value) if codec is not None else str(value)


def _row_shown(table: Table, row: Sequence[Any], *, gone: bool) -> Content:
    """Return a row as an edit writes it; one that the sheet removes comes back as a new one."""
    own = layout(table)
    fields = [one.key for one in table.stored_fields if one.formula is None and one.rollup is None]
    shown: Content = {key: _shown(table, key, own.value(row, key)) for key in fields}
    return shown if gone else {"id": str(row[0]), **shown}
