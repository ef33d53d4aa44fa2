"""The statements of one form's table, made once a revision and kept with the table.

The definitions say the columns; the texts are put together from their physical names (checked when they were
published) and values always travel as parameters.
"""

from zhangshi.definitions.catalog import HEADER, Table
from zhangshi.platform.statements import ColumnType, RowsStatement, Statement
from zhangshi.records.columns import Columns, system_values

__all__ = ["Layout", "layout", "system_values"]

_KEPT = "_records_layout"


def layout(table: Table) -> "Layout":
    """Return the statements of `table`, made when they are first asked for."""
    found: Layout | None = table.__dict__.get(_KEPT)
    if found is None:
        found = table.__dict__[_KEPT] = Layout(table)
    return found


class Layout(Columns):
    """The columns of one table with the statements that read and write them."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
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
            f"WITH input(number) AS ({{input}}) SELECT {mine} FROM input i JOIN {name} t ON t.number = i.number"
            " AND t.number <> ''",  # as the index is for numbers that are not empty
            columns={"number": "text"},
        )
