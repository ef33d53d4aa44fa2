"""What changed between two states of a record, field by field, as the audit keeps it.

The path of a header's field is its key, of a row's field "lines[<line id>].quantity"; a row that came or went is
"lines[<line id>]" with all its fields. Values are in wire form, because that is what people read years later.
"""

from collections.abc import Mapping

from zhangshi.definitions.catalog import Entity, Table
from zhangshi.records.model import Record, Row, Value
from zhangshi.records.values import codecs

Changes = dict[str, list[object]]
"""{path: [before, after]}"""

_SYSTEM = ("owner", "department")


def changes(entity: Entity, before: Record, after: Record) -> Changes:
    """Return every change of a stored field."""
    found: Changes = {}
    if before.number != after.number:
        found["number"] = [before.number or None, after.number or None]
    if before.state != after.state:
        found["state"] = [before.state, after.state]
    for key in _SYSTEM:
        if before.values.get(key) != after.values.get(key):
            found[key] = [_id_text(before.values.get(key)), _id_text(after.values.get(key))]
    _compare(entity.header, "", before.values, after.values, found)
    for key, table in entity.tables.items():
        _compare_rows(table, before.tables.get(key, []), after.tables.get(key, []), found)
    return found


def everything(entity: Entity, record: Record) -> Changes:
    """Return all that a deleted record said."""
    found: Changes = {"number": [record.number or None, None]}
    for key, value in shown(entity.header, record.values).items():
        found[key] = [value, None]
    for key, table in entity.tables.items():
        for row in record.tables.get(key, []):
            found[f"{key}[{row.id}]"] = [shown(table, row.values), None]
    return found


def shown(table: Table, values: Mapping[str, Value]) -> dict[str, object]:
    """Return the fields that are not empty, in wire form."""
    kept = codecs(table)
    return {
        one.key: kept[one.key].show(value) for one in table.stored_fields if (value := values.get(one.key)) is not None
    }


def paths_of(found: Changes) -> tuple[str, ...]:
    """Return the paths of the definitions that changed: "number", "lines.quantity", "lines"."""
    paths: dict[str, None] = {}
    for path in found:
        table, bracket, rest = path.partition("[")
        paths[f"{table}.{rest.partition('].')[2]}".rstrip(".") if bracket else path] = None
    return tuple(paths)


def _compare(
    table: Table, prefix: str, before: Mapping[str, Value], after: Mapping[str, Value], found: Changes
) -> None:
    kept = codecs(table)
    for one in table.fields.values():
        if not one.stored:
            continue
        old, new = before.get(one.key), after.get(one.key)
        if old != new:
            show = kept[one.key].show
            found[prefix + one.key] = [None if old is None else show(old), None if new is None else show(new)]


def _compare_rows(table: Table, before: list[Row], after: list[Row], found: Changes) -> None:
    if len(before) == len(after) and [row.id for row in before] != [row.id for row in after]:
        found[table.key] = [[str(row.id) for row in before], [str(row.id) for row in after]]  # their order
    old = {row.id: row for row in before}
    for row in after:
        known = old.pop(row.id, None)
        prefix = f"{table.key}[{row.id}]"
        if known is None:
            found[prefix] = [None, shown(table, row.values)]
        else:
            _compare(table, f"{prefix}.", known.values, row.values, found)
    for row in old.values():
        found[f"{table.key}[{row.id}]"] = [shown(table, row.values), None]


def _id_text(value: Value) -> str | None:
    return None if value is None else str(value)
