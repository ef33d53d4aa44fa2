"""Rows for any table, made up from its columns: enough to see whether rows survive."""

from typing import Any

import sqlalchemy as sa

from zhangshi.platform._copying import reflect_tables
from zhangshi.platform.database import DatabaseSession
from zhangshi.platform.session import Session

EXAMPLE_TEXT = '例 it\'s "quoted", 100% \\ \n'


def count_all(session: Session) -> dict[str, list[Any]]:
    """Return all rows of all tables, in the order of their keys."""
    found = {}
    for table in reflect_tables(session).sorted_tables:
        found[table.name] = [tuple(row) for row in session.core.execute(sa.select(table).order_by(*table.primary_key))]
    return found


def fill_every_table(session: DatabaseSession, *, only_empty: bool = False) -> None:
    """Put one or two rows into every table, parents first; foreign keys point at an existing row."""
    for table in reflect_tables(session).sorted_tables:
        if only_empty and session.core.execute(sa.select(table)).first():
            continue
        refused = [error for number in (1, 2) if (error := _insert_some_row(session, table, number))]
        # A table may hold one row at most, and have it from its migration.
        fits = len(refused) < 2 or session.core.execute(sa.select(table)).first()
        assert fits, f"No made-up row fits {table.name}: {refused}"


def _insert_some_row(session: DatabaseSession, table: sa.Table, number: int) -> str:
    """Try a few values for the numbers, since a CHECK may forbid one; return why none fits, or ""."""
    reasons = []
    for value, step in ((number, 0), (0, 0), (1, 0), (5, 0), (number, 1)):
        row = {
            column.name: _value(session, column, number if column.primary_key else value + step * place)
            for place, column in enumerate(table.columns)
        }
        point = session.core.begin_nested()
        try:
            session.core.execute(table.insert().values(row))
        except sa.exc.DBAPIError as error:
            point.rollback()
            reasons.append(str(error.orig))
        else:
            point.commit()
            return ""
    return " | ".join(reasons)


def _value(session: DatabaseSession, column: "sa.Column[Any]", number: int) -> Any:
    for key in column.foreign_keys:
        return session.core.execute(sa.select(key.column)).scalars().first()
    if isinstance(column.type, sa.Integer):
        return number
    if isinstance(column.type, sa.LargeBinary):
        return b"\x00\xff" + bytes([number])
    if column.name.endswith("_on"):
        return f"2026-11-{number % 28 + 1:02d}"
    return f"{EXAMPLE_TEXT}{number}"
