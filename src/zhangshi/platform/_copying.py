"""Tables found by reflection, and their rows carried from one database to the other in constant memory.

Whatever tables a company has come along, those of later versions and those that users draw included. Types are the
few of the portable subset; a type outside of it stops the copy rather than change a value silently.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from zhangshi.platform.database import DatabaseSession
from zhangshi.platform.postgresql_database import PostgresSession
from zhangshi.platform.revisions import VERSION_TABLE
from zhangshi.platform.session import Row, Session
from zhangshi.platform.sqlite_database import SqliteSession
from zhangshi.platform.statements import Statement

Progress = Callable[[int, int], None]
"""Told how much of how much is done; the unit is the teller's (rows, pages)."""

_ROWS_PER_CHUNK = 5000
_TYPE_CAST = re.compile(r"::[a-z_ ]+(\[\])?")


def quiet(_done: int, _total: int) -> None:
    """Tell nobody."""


def reflect_tables(session: Session) -> sa.MetaData:
    """Return all tables of the company as they are, without Alembic's own."""
    found = sa.MetaData()
    found.reflect(session.core, only=lambda name, _: name != VERSION_TABLE)
    return found


def create_missing_tables(source: Session, target: Session) -> None:
    """Create those tables of `source` that `target` does not have, with keys, checks and indexes."""
    present = set(sa.inspect(target.core).get_table_names())
    for table in reflect_tables(source).sorted_tables:
        if table.name in present:
            continue
        for column in table.columns:
            column.type = _portable_type(column)
            column.autoincrement = False
            column.server_default = None
        for check in [one for one in table.constraints if isinstance(one, sa.CheckConstraint)]:
            table.constraints.discard(check)
            table.append_constraint(sa.CheckConstraint(_TYPE_CAST.sub("", str(check.sqltext)), name=check.name))
        for index in table.indexes:
            _keep_condition(index)
        table.dialect_options["sqlite"]["strict"] = True
        table.create(target.core, checkfirst=False)


def _keep_condition(index: sa.Index) -> None:
    """Let an index over some of the rows be one on the other database too."""
    found = index.dialect_options["sqlite"]["where"], index.dialect_options["postgresql"]["where"]
    for condition in found:
        if condition is not None:
            text = sa.text(_TYPE_CAST.sub("", str(condition)))
            index.dialect_options["sqlite"]["where"] = index.dialect_options["postgresql"]["where"] = text


def _portable_type(column: "sa.Column[Any]") -> "TypeEngine[Any]":
    if isinstance(column.type, sa.Integer):
        return sa.BigInteger()
    if isinstance(column.type, sa.String):
        return sa.Text()
    if isinstance(column.type, sa.LargeBinary):
        return sa.LargeBinary()
    if isinstance(column.type, sa.Float):
        return sa.Double()
    raise TypeError(f"Column {column} has type {column.type}, which is outside the portable subset.")


def count_rows(session: Session, tables: sa.MetaData) -> int:
    """Return how many rows all tables have together. Cost: reads every table once."""
    return sum(
        int(session.query(Statement(f"SELECT count(*) FROM {_name(table)}"))[0][0]) for table in tables.sorted_tables
    )


def copy_rows(source: DatabaseSession, target: DatabaseSession, progress: Progress) -> None:
    """Replace the rows of all tables of `target` by those of `source`; both are in a transaction."""
    tables = reflect_tables(source)
    total, done = count_rows(source, tables), 0
    for table in reversed(tables.sorted_tables):
        target.execute(Statement(f"DELETE FROM {_name(table)}"))  # rows that migrations plant
    for table in tables.sorted_tables:
        for chunk in _chunks(source, table):
            _insert(target, table, chunk)
            done += len(chunk)
            progress(done, total)


def _name(table: sa.Table) -> str:
    return f'"{table.name}"'


def _columns(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _chunks(source: Session, table: sa.Table) -> Iterator[list[Row]]:
    rows = source.stream(Statement(f"SELECT {_columns(table)} FROM {_name(table)}"), size=_ROWS_PER_CHUNK)
    while chunk := list(islice(rows, _ROWS_PER_CHUNK)):
        yield chunk


def _insert(target: DatabaseSession, table: sa.Table, rows: list[Row]) -> None:
    if isinstance(target, PostgresSession):
        text = f"COPY {_name(table)} ({_columns(table)}) FROM STDIN"
        with target.connection.cursor() as cursor, cursor.copy(text.encode()) as sink:
            for row in rows:
                sink.write_row(row)
    else:
        assert isinstance(target, SqliteSession)
        places = ", ".join("?" * len(table.columns))
        target.connection.executemany(f"INSERT INTO {_name(table)} ({_columns(table)}) VALUES ({places})", rows)
