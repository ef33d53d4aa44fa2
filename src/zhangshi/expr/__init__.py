"""公式: the one formula language. Text is parsed and checked; one tree is evaluated, put into SQL, and stored."""

from zhangshi.expr.formula import VERSION, Formula, compile_formula
from zhangshi.expr.functions import FUNCTIONS
from zhangshi.expr.functions.registry import Function
from zhangshi.expr.host import NO_HOST, Env, Host, NoHost
from zhangshi.expr.kinds import (
    BOOL,
    DATE,
    DATETIME,
    DECIMAL,
    EMPTY,
    INT,
    RECORD,
    TEXT,
    TEXTS,
    Kind,
    Type,
    Value,
)
from zhangshi.expr.scopes import Name, RowsName, Scope, no_links
from zhangshi.expr.sql import SQL_FUNCTIONS, Columns, Dialect, Sql, SqlColumn, to_sql

__all__ = [
    "BOOL", "DATE", "DATETIME", "DECIMAL", "EMPTY", "FUNCTIONS", "INT", "NO_HOST", "RECORD",
    "SQL_FUNCTIONS", "TEXT", "TEXTS", "VERSION", "Columns", "Dialect",
    "Env", "Formula", "Function", "Host", "Kind", "Name", "NoHost", "RowsName", "Scope", "Sql", "SqlColumn",
    "Type", "Value", "compile_formula", "no_links", "to_sql",
]  # fmt: skip
