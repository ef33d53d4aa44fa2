"""One shared `MetaData` of the fixed tables, and how their types are spelt on SQLite.

SQLite tables are STRICT: an overflow or a word in a number column is an error there too, as on PostgreSQL. STRICT
knows INTEGER, REAL, TEXT and BLOB only, so SQLAlchemy's types are compiled to these. Keys come from the
application: no column of these tables counts by itself.
"""

from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData, SmallInteger, String, Table, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import TypeCompiler

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)
"""Constraints are named as PostgreSQL would, on both databases; a CHECK needs a name of its own."""


@event.listens_for(Table, "after_parent_attach")
def _make_strict(table: Table, parent: MetaData) -> None:
    if parent is metadata:
        table.dialect_options["sqlite"]["strict"] = True
        for column in table.columns:
            column.autoincrement = False


@compiles(BigInteger, "sqlite")
@compiles(SmallInteger, "sqlite")
@compiles(Integer, "sqlite")
def _integer(_type: Integer, _compiler: TypeCompiler, **_options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return "INTEGER"


@compiles(String, "sqlite")
def _text(_type: String, _compiler: TypeCompiler, **_options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return "TEXT"


@compiles(LargeBinary, "sqlite")
def _blob(_type: LargeBinary, _compiler: TypeCompiler, **_options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return "BLOB"
