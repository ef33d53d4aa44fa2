"""The audit trail of a record, as its reader may see it.

A change is shown if the field that changed may be read in the record as it is now; of a row that came or went, those of
its fields that may be. What is masked stays masked, before and after. An entry of which nothing may be seen still says
who did what and when.
"""

import re
from collections.abc import Mapping

import msgspec

from zhangshi.base.numbers import INTEGER_MAX
from zhangshi.definitions.catalog import HEADER, Entity
from zhangshi.records._store import reading_trail
from zhangshi.records.access import RecordAccess, masked
from zhangshi.records.paths import header_field, row_field
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.encoding import instant_text
from zhangshi.records.reading.projecting import Shown

TRAIL_MAX = 200
_ROW = re.compile(r"(\w+)\[(\d+)\](?:\.(\w+))?")
_HIDDEN = object()


def audit(asking: Asking, entity: Entity, record_id: int, *, before: int = 0, limit: int = TRAIL_MAX) -> list[Shown]:
    """Return the entries of a record, the newest first; `before` is the id of the last one of the page before.

    Raises: records.forbidden, records.not_found.
    """
    record = asking.record(entity, record_id)
    access = asking.projector.access_of(record)
    rows = asking.session.query(
        reading_trail.AUDIT, record_id, entity.key, before or INTEGER_MAX, max(1, min(limit, TRAIL_MAX))
    )
    return [_entry(entity, access, row) for row in rows]


def _entry(entity: Entity, access: RecordAccess, row: tuple[object, ...]) -> Shown:
    audit_id, action, changes, user_id, actor, door, recorded_at = row
    stored: dict[str, list[object]] = msgspec.json.decode(str(changes))
    return {
        "id": str(audit_id),
        "action": action,
        "changes": changes_shown(entity, access, stored),
        "user": str(user_id) if user_id else "",
        "actor": actor,
        "door": door,
        "recorded_at": instant_text(int(str(recorded_at))),
    }


def changes_shown(entity: Entity, access: RecordAccess, changes: Mapping[str, list[object]]) -> dict[str, list[object]]:
    """Return the changes that may be seen."""
    shown: dict[str, list[object]] = {}
    for path, pair in changes.items():
        seen = [_side(entity, access, path, one) for one in pair]
        if all(one is not _HIDDEN for one in seen):
            shown[path] = seen
    return shown


def _side(entity: Entity, access: RecordAccess, path: str, value: object) -> object:
    found = _ROW.fullmatch(path)
    if found is None:
        return _value(entity, access, HEADER, path, value)
    table, _, key = found.groups()
    if key is not None:
        return _value(entity, access, table, key, value)
    if table not in entity.tables:
        return _HIDDEN  # a table that is gone: nobody can say who may see it
    seen = [f"{table}.{one}" for one in entity.tables[table].fields]
    if access.read(table) == "none" and all(access.read(one) == "none" for one in seen):
        return _HIDDEN
    if not isinstance(value, dict):
        return value
    fields = {one: _value(entity, access, table, one, value[one]) for one in value}
    return {one: kept for one, kept in fields.items() if kept is not _HIDDEN}


def _value(entity: Entity, access: RecordAccess, table: str, key: str, value: object) -> object:
    if table != HEADER and table not in entity.tables:
        return _HIDDEN
    field = header_field(entity, key) if table == HEADER else row_field(entity, table, key)
    how = access.read(f"{table}.{key}" if table else key)
    if field is None:
        return value if access.reads_everything else _HIDDEN  # retired: its rights went with it
    if how == "read":
        return value
    return masked(field, value) if how == "mask" else _HIDDEN
