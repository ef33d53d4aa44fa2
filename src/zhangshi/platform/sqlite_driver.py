"""The SQLite driver: the wheel that brings a safe library of its own where there is one, else Python's."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as driver
else:
    try:
        from pysqlite3 import dbapi2 as driver
    except ImportError:  # no wheel for this platform
        import sqlite3 as driver

__all__ = ["driver"]
