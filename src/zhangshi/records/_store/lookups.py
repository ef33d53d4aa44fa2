"""SQL of LOOKUP: the first record of an entity whose fields equal given values, for many questions at once."""

from collections.abc import Callable, Sequence
from typing import Any

from zhangshi.definitions.catalog import Table
from zhangshi.platform.statements import ColumnType, RowsStatement
from zhangshi.records._store.layouts import layout, system_values
from zhangshi.records.model import Value
from zhangshi.records.values import codecs

_KEPT = "_records_lookups"
_SYSTEM: dict[str, str] = {
    "id": "record_id", "number": "number", "state": "state", "owner": "owner_id", "department": "department_id",
}  # fmt: skip
_TEXTS = frozenset({"number", "state"})
Store = Callable[[Sequence[Value]], list[object]]


def lookup_statement(table: Table, keys: tuple[str, ...]) -> tuple[RowsStatement, Store]:
    """Return the statement that finds records by `keys`, and how to store the values asked for; kept with the table."""
    kept: dict[tuple[str, ...], tuple[RowsStatement, Store]] = table.__dict__.setdefault(_KEPT, {})
    found = kept.get(keys)
    if found is None:
        found = kept[keys] = _made(table, keys)
    return found


def _made(table: Table, keys: tuple[str, ...]) -> tuple[RowsStatement, Store]:
    own = layout(table)
    columns: dict[str, ColumnType] = {"place": "bigint"}
    conditions = []
    stores: list[Callable[[object], object]] = []
    for number, key in enumerate(keys):
        column = _SYSTEM.get(key) or table.fields[key].column
        columns[f"m{number}"] = "text" if key in _TEXTS else own.columns[column]
        conditions.append(f"t.{column} = i.m{number}")
        if key == "number":
            conditions.append("t.number <> ''")  # as the index is for numbers that are not empty
        stores.append(codecs(table)[key].store if key in table.fields else _same)
    mine = ", ".join(f"t.{column}" for column in own.columns)
    statement = RowsStatement(
        f"WITH input({', '.join(columns)}) AS ({{input}}) SELECT i.place, {mine} FROM input i"
        f" JOIN {table.name} t ON {' AND '.join(conditions)} ORDER BY i.place, t.record_id",
        columns=columns,
    )

    def store(values: Sequence[Value]) -> list[object]:
        return [None if value is None else one(value) for one, value in zip(stores, values, strict=True)]

    return statement, store


def _same(value: object) -> object:
    return value


def lookup_value(table: Table, row: Sequence[Any], wanted: str) -> Value:
    """Return field `wanted` of a found row."""
    found = row[1:]
    if wanted in table.fields:
        return layout(table).value(found, wanted)
    if wanted in {"id", "number", "state", "version"}:
        value: Value = found[("id", "number", "state", "version").index(wanted)]
        return value or None
    return system_values(found).get(wanted)
