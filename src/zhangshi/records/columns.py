"""The columns of a form's table: database rows into values and back; the statements are in `_store.layouts`."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.definitions.catalog import HEADER, Field, Table
from zhangshi.definitions.storage import column_type
from zhangshi.platform.statements import ColumnType
from zhangshi.records.model import Record, Row, Value
from zhangshi.records.values import codecs

_KEPT = "_records_columns"
HEADER_COLUMNS: Mapping[str, ColumnType] = {
    "record_id": "bigint", "number": "text", "state": "text", "version": "bigint", "created_at": "bigint",
    "created_by": "bigint", "updated_at": "bigint", "updated_by": "bigint", "owner_id": "bigint",
    "department_id": "bigint",
}  # fmt: skip
ROW_COLUMNS: Mapping[str, ColumnType] = {"line_id": "bigint", "record_id": "bigint", "position": "bigint"}


def columns_of(table: Table) -> "Columns":
    """Return the columns of `table`, worked out when they are first asked for."""
    found: Columns | None = table.__dict__.get(_KEPT)
    if found is None:
        found = table.__dict__[_KEPT] = Columns(table)
    return found


class Columns:
    """The columns of one table, in order: those of the system first."""

    def __init__(self, table: Table) -> None:
        kept = codecs(table)
        self.table = table
        self.fields: tuple[Field, ...] = tuple(one for one in table.fields.values() if one.stored)
        """Retired fields too: what they hold is kept when a record is saved again."""
        self._load = tuple((one.key, kept[one.key].load) for one in self.fields)
        self._store = tuple((one.key, kept[one.key].store) for one in self.fields)
        self.position = {one.key: index for index, one in enumerate(self.fields)}
        own = HEADER_COLUMNS if table.key == HEADER else ROW_COLUMNS
        self.offset = len(own)
        self.columns: dict[str, ColumnType] = {**own, **{one.column: column_type(one.type) for one in self.fields}}

    def values(self, row: Sequence[Any]) -> dict[str, Value]:
        """Return the fields of a database row."""
        found: dict[str, Value] = {}
        index = self.offset
        for key, load in self._load:
            raw = row[index]
            found[key] = None if raw is None else load(raw)
            index += 1
        return found

    def value(self, row: Sequence[Any], key: str) -> Value:
        """Return one field of a database row."""
        index = self.position[key]
        raw = row[self.offset + index]
        return None if raw is None else self._load[index][1](raw)

    def stored(self, values: Mapping[str, Value]) -> list[object]:
        """Return the field columns of a row to write."""
        return [None if (value := values.get(key)) is None else store(value) for key, store in self._store]

    def record(self, entity: str, row: Sequence[Any]) -> Record:
        """Return the header of a database row, without its tables."""
        values = self.values(row)
        values.update(system_values(row))
        return Record(entity, row[0], row[3], row[1] or "", row[2] or "", values)

    def header_row(self, record: Record) -> list[object]:
        """Return the columns of a header to write."""
        values = record.values
        return [
            record.id, record.number, record.state, record.version, instant_to_micros(values["created_at"]),  # type: ignore[arg-type]
            values["created_by"] or 0, instant_to_micros(values["updated_at"]), values["updated_by"] or 0,  # type: ignore[arg-type]
            values["owner"], values["department"], *self.stored(values),
        ]  # fmt: skip

    def table_row(self, record_id: int, position: int, row: Row) -> list[object]:
        """Return the columns of a row to write."""
        return [row.id, record_id, position, *self.stored(row.values)]

    def row(self, found: Sequence[Any]) -> Row:
        """Return the row of a database row."""
        return Row(found[0], self.values(found))


def system_values(row: Sequence[Any]) -> dict[str, Value]:
    """Return the system's fields of a header's database row."""
    return {
        "created_at": micros_to_instant(row[4]),
        "created_by": row[5] or None,
        "updated_at": micros_to_instant(row[6]),
        "updated_by": row[7] or None,
        "owner": row[8] or None,
        "department": row[9] or None,
    }
