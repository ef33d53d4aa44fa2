"""Which SQLite libraries are safe when several processes write.

Problem. From 3.7.0 to 3.51.2 two connections that write and checkpoint at the same instant can lose committed data
or corrupt the file (the "WAL-reset" bug; fixed in 3.51.3 and in the backports 3.44.6 and 3.50.7). Rule: with such a
library one process alone may use a company's file; with a safe one any number.
"""

SqliteVersion = tuple[int, ...]

_FIRST_AFFECTED = (3, 7, 0)
_FIRST_FIXED = (3, 51, 3)
_BACKPORTS = ((3, 44, 6), (3, 50, 7))


def has_wal_reset_bug(version: SqliteVersion) -> bool:
    """Return whether this version of the library carries the bug."""
    if not _FIRST_AFFECTED <= version < _FIRST_FIXED:
        return False
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in _BACKPORTS)


def version_text(version: SqliteVersion) -> str:
    """Return 3.40.1 for (3, 40, 1)."""
    return ".".join(map(str, version))
