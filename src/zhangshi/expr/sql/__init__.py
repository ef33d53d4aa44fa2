"""Formulas as SQL; see `translating`."""

from zhangshi.expr.sql.functions import SQL_FUNCTIONS
from zhangshi.expr.sql.model import Columns, Dialect, Sql, SqlColumn
from zhangshi.expr.sql.translating import to_sql

__all__ = ["SQL_FUNCTIONS", "Columns", "Dialect", "Sql", "SqlColumn", "to_sql"]
