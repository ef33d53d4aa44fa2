"""The SQLite driver: the wheel that brings a safe library of its own where there is one, else Python's."""

import sqlite3 as driver
from typing import TYPE_CHECKING

try:
    import pysqlite3.dbapi2 as _wheel
except ImportError:  # no wheel for this platform
    _wheel = None

if _wheel is not None and not TYPE_CHECKING:  # for the type checker both are the one that has types
    driver = _wheel

__all__ = ["driver"]
