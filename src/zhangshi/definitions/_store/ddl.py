"""DDL of the tables that users draw: what exists, and the text of each step. Names are keys, checked by the loader."""

import re

from zhangshi.definitions.storage import (
    AddColumn,
    Column,
    ColumnType,
    CreateIndex,
    CreateTable,
    DropIndex,
    Existing,
    Index,
    Step,
    WantedTable,
)
from zhangshi.platform.dialect import DialectName
from zhangshi.platform.session import Session
from zhangshi.platform.statements import Statement

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TYPES: dict[DialectName, dict[ColumnType, str]] = {
    "sqlite": {"bigint": "INTEGER", "text": "TEXT"},
    "postgresql": {"bigint": "BIGINT", "text": "TEXT"},
}

LOCK_WAIT_MILLISECONDS = 1000

_SQLITE_COLUMNS = Statement(
    "SELECT t.name, c.name, c.type FROM sqlite_master t JOIN pragma_table_info(t.name) c"
    " WHERE t.type = 'table' AND t.name LIKE 'd@_%' ESCAPE '@'"
)
_SQLITE_INDEXES = Statement(
    "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE 'd@_%' ESCAPE '@'"
    " AND sql IS NOT NULL"
)
_POSTGRESQL_COLUMNS = Statement(
    "SELECT t.relname, c.attname, format_type(c.atttypid, NULL) FROM pg_class t"
    " JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_attribute c ON c.attrelid = t.oid"
    " WHERE n.nspname = current_schema() AND t.relkind = 'r' AND t.relname LIKE 'd@_%' ESCAPE '@'"
    " AND c.attnum > 0 AND NOT c.attisdropped"
)
_POSTGRESQL_INDEXES = Statement(
    "SELECT i.relname, t.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
    " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
    " WHERE n.nspname = current_schema() AND t.relname LIKE 'd@_%' ESCAPE '@' AND NOT x.indisprimary"
)


def existing(session: Session) -> Existing:
    """Return what there is of the tables that users draw. Two statements, on the system's catalogue."""
    on_sqlite = session.dialect.name == "sqlite"
    tables: dict[str, dict[str, ColumnType]] = {}
    for table, column, found in session.query(_SQLITE_COLUMNS if on_sqlite else _POSTGRESQL_COLUMNS):
        tables.setdefault(str(table), {})[str(column)] = "text" if str(found).lower() == "text" else "bigint"
    indexes = session.query(_SQLITE_INDEXES if on_sqlite else _POSTGRESQL_INDEXES)
    return Existing(tables, {str(name): str(table) for name, table in indexes})


def apply(session: Session, step: Step) -> None:
    """Carry out one step.

    On PostgreSQL a change of a table waits for everybody who reads it, and everybody who comes later waits for the
    change; so it gives up soon, and the unit of work (or the job) tries again.
    """
    if session.dialect.name == "postgresql" and not isinstance(step, CreateTable):
        session.core.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT_MILLISECONDS}ms'")
    session.execute(Statement(sql(step, session.dialect.name)))


def sql(step: Step, dialect: DialectName) -> str:
    """Return the statement of a step."""
    if isinstance(step, CreateTable):
        return _create_table(step.table, dialect)
    if isinstance(step, AddColumn):
        return f"ALTER TABLE {_name(step.table)} ADD COLUMN {_column(step.column, dialect)}"
    if isinstance(step, CreateIndex):
        return _create_index(step.index)
    assert isinstance(step, DropIndex)
    return f"DROP INDEX {_name(step.name)}"


def _create_table(table: WantedTable, dialect: DialectName) -> str:
    key = _name(table.columns[0].name)
    columns = ", ".join(_column(column, dialect) for column in table.columns)
    strict = " STRICT" if dialect == "sqlite" else ""
    return f"CREATE TABLE {_name(table.name)} ({columns}, PRIMARY KEY ({key})){strict}"


def _column(column: Column, dialect: DialectName) -> str:
    return f"{_name(column.name)} {_TYPES[dialect][column.type]}{' NOT NULL' if column.required else ''}"


def _create_index(index: Index) -> str:
    columns = ", ".join(_name(column) for column in index.columns)
    unique = "UNIQUE " if index.unique else ""
    condition = f" WHERE {_name(index.columns[0])} <> ''" if index.but_empty else ""
    return f"CREATE {unique}INDEX {_name(index.name)} ON {_name(index.table)} ({columns}){condition}"


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a table or a column.")
    return f'"{name}"'
