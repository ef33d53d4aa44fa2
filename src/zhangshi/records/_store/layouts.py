"""The statements of one form's table, made once a revision and kept with the table.

The definitions say the columns; the texts are put together from their physical names (checked when they were
published) and values always travel as parameters. A `Layout` also turns database rows into values and back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.definitions.catalog import HEADER, Field, Table
from zhangshi.definitions.storage import column_type
from zhangshi.platform.statements import ColumnType, RowsStatement, Statement
from zhangshi.records.model import Record, Row, Value
from zhangshi.records.values import codecs

_KEPT = "_records_layout"
_HEADER_COLUMNS: dict[str, ColumnType] = {
    "record_id": "bigint", "number": "text", "state": "text", "version": "bigint", "created_at": "bigint",
    "created_by": "bigint", "updated_at": "bigint", "updated_by": "bigint", "owner_id": "bigint",
    "department_id": "bigint",
}  # fmt: skip
_ROW_COLUMNS: dict[str, ColumnType] = {"line_id": "bigint", "record_id": "bigint", "position": "bigint"}


def layout(table: Table) -> "Layout":
    """Return the statements of `table`, made when they are first asked for."""
    found: Layout | None = table.__dict__.get(_KEPT)
    if found is None:
        found = table.__dict__[_KEPT] = Layout(table)
    return found


class Layout:
    """Statements and conversions of one table."""

    def __init__(self, table: Table) -> None:
        kept = codecs(table)
        self.table = table
        self.fields: tuple[Field, ...] = tuple(one for one in table.fields.values() if one.stored)
        """Retired fields too: what they hold is kept when a record is saved again."""
        self._load = tuple((one.key, kept[one.key].load) for one in self.fields)
        self._store = tuple((one.key, kept[one.key].store) for one in self.fields)
        self.position = {one.key: index for index, one in enumerate(self.fields)}
        own = _HEADER_COLUMNS if table.key == HEADER else _ROW_COLUMNS
        self.offset = len(own)
        self.columns: dict[str, ColumnType] = {**own, **{one.column: column_type(one.type) for one in self.fields}}
        self._write_statements(table.name, "record_id" if table.key == HEADER else "line_id")

    def _write_statements(self, name: str, key: str) -> None:
        names = ", ".join(self.columns)
        mine = ", ".join(f"t.{column}" for column in self.columns)
        changed = ", ".join(f"{column} = excluded.{column}" for column in self.columns if column != key)
        ids = "WITH input(id) AS ({input}) SELECT "
        one: dict[str, ColumnType] = {"id": "bigint"}
        self.insert = RowsStatement(
            f"WITH input({names}) AS ({{input}}) INSERT INTO {name} ({names}) SELECT {names} FROM input",
            columns=self.columns,
        )
        self.upsert = RowsStatement(
            f"WITH input({names}) AS ({{input}}) INSERT INTO {name} ({names}) SELECT {names} FROM input WHERE true"
            f" ON CONFLICT ({key}) DO UPDATE SET {changed}",
            columns=self.columns,
        )
        self.delete = RowsStatement(
            f"WITH input(id) AS ({{input}}) DELETE FROM {name} WHERE {key} IN (SELECT id FROM input)", columns=one
        )
        self.of_ids = RowsStatement(f"{ids}{mine} FROM input i JOIN {name} t ON t.{key} = i.id", columns=one)
        order = "t.record_id" if key == "record_id" else "t.record_id, t.position"
        self.of_records = RowsStatement(
            f"{ids}{mine} FROM input i JOIN {name} t ON t.record_id = i.id ORDER BY {order}", columns=one
        )
        self.of_record = Statement(f"SELECT {mine} FROM {name} t WHERE t.record_id = ? ORDER BY {order}")
        self.all_rows = Statement(f"SELECT {mine} FROM {name} t ORDER BY {order}")
        self.delete_of_record = Statement(f"DELETE FROM {name} WHERE record_id = ?")
        if key == "record_id":
            self._write_header_statements(name, mine)

    def _write_header_statements(self, name: str, mine: str) -> None:
        kept = ("record_id", "created_at", "created_by")
        changed = ", ".join(f"{column} = excluded.{column}" for column in self.columns if column not in kept)
        names = ", ".join(self.columns)
        self.save = RowsStatement(
            f"WITH input({names}) AS ({{input}}) INSERT INTO {name} ({names}) SELECT {names} FROM input WHERE true"
            f" ON CONFLICT (record_id) DO UPDATE SET {changed} WHERE {name}.version = excluded.version - 1",
            columns=self.columns,
        )
        """Writes headers anew; one whose version is not the one before is left alone, so the count tells."""
        # The lock comes before the read: PostgreSQL shows what the other committed while this one waited.
        self.lock = RowsStatement(
            f"WITH input(id) AS ({{input}}) SELECT {mine} FROM {name} t WHERE t.record_id IN (SELECT id FROM input)"
            " ORDER BY t.record_id{for_update}",
            columns={"id": "bigint"},
        )
        self.lock_one = Statement(f"SELECT {mine} FROM {name} t WHERE t.record_id = ?{{for_update}}")
        self.of_numbers = RowsStatement(
            f"WITH input(number) AS ({{input}}) SELECT {mine} FROM input i JOIN {name} t ON t.number = i.number",
            columns={"number": "text"},
        )

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
