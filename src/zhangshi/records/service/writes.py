"""What a unit of work is going to write, collected and sent together.

Statements that do not need each other's answers are one round trip on PostgreSQL. Whoever must read what was written
calls `flush` first.
"""

from collections.abc import Sequence

from zhangshi.definitions.catalog import Entity, Table
from zhangshi.platform.faults import ConcurrentChange
from zhangshi.platform.session import Batch, Result, Session
from zhangshi.platform.statements import RowsStatement
from zhangshi.records._store import facts, linking
from zhangshi.records._store.layouts import layout
from zhangshi.records._store.violations import named_violations
from zhangshi.records.model import Record, Row

_Rows = list[Sequence[object]]


class Writes:
    """Rows by statement, in the order in which they must go."""

    __slots__ = ("_checked", "_entities", "_rows")

    def __init__(self) -> None:
        self._rows: dict[RowsStatement, _Rows] = {}
        self._checked: dict[RowsStatement, int] = {}
        self._entities: dict[str, Entity] = {}

    def add(self, statement: RowsStatement, row: Sequence[object]) -> None:
        """Note a row for a statement."""
        self._rows.setdefault(statement, []).append(row)

    def create(self, entity: Entity, record: Record) -> None:
        """Note a new record with its rows."""
        self._entities[entity.header.name] = entity
        home = layout(entity.header)
        self.add(home.insert, home.header_row(record))
        for key, table in entity.tables.items():
            self._entities[table.name] = entity
            rows = record.tables.get(key)
            if rows:
                own = layout(table)
                target = self._rows.setdefault(own.insert, [])
                target.extend(own.table_row(record.id, position, row) for position, row in enumerate(rows, 1))

    def save(self, entity: Entity, before: Record, after: Record) -> None:
        """Note a changed record: its header, the rows that changed, came or went."""
        self._entities[entity.header.name] = entity
        home = layout(entity.header)
        self.add(home.save, home.header_row(after))
        self._checked[home.save] = self._checked.get(home.save, 0) + 1
        for key, table in entity.tables.items():
            self._save_rows(entity, table, before.id, before.tables.get(key, []), after.tables.get(key, []))

    def _save_rows(self, entity: Entity, table: Table, record_id: int, before: list[Row], after: list[Row]) -> None:
        self._entities[table.name] = entity
        own = layout(table)
        known = {row.id: (position, row.values) for position, row in enumerate(before, 1)}
        for position, row in enumerate(after, 1):
            if known.pop(row.id, None) != (position, row.values):
                self.add(own.upsert, own.table_row(record_id, position, row))
        for row_id in known:
            self.add(own.delete, (row_id,))

    def flush(self, session: Session) -> None:
        """Send everything. Raises: records.not_unique; ConcurrentChange where a record was changed past its lock."""
        if not self._rows:
            return
        sent, self._rows = self._rows, {}
        checked, self._checked = self._checked, {}
        results: dict[RowsStatement, Result] = {}
        with named_violations(self._entities), session.batch() as batch:
            for statement in sorted(sent, key=_order):
                results[statement] = _send(batch, statement, sent[statement])
        for statement, wanted in checked.items():
            if results[statement].count != wanted:
                raise ConcurrentChange


def _send(batch: Batch, statement: RowsStatement, rows: _Rows) -> Result:
    return batch.execute_rows(statement, rows)


_LAST = (
    linking.DELETE_LINKS, linking.UPDATE_LINKS, linking.INSERT_LINKS, facts.INSERT_POSTINGS, facts.INSERT_MOVES,
    facts.MARK_REVERSED, facts.MARK_UNDONE, facts.INSERT_EFFECTS, facts.INSERT_AUDIT, facts.SAVE_SEARCH,
    facts.SAVE_FILES,
)  # fmt: skip


def _order(statement: RowsStatement) -> int:
    """Forms come first, deletions of rows before the rows that may take their place in a unique index."""
    if statement in _LAST:
        return 2 + _LAST.index(statement)
    return 0 if "DELETE" in statement.text else 1
