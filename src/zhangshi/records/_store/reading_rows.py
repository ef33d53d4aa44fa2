"""SQL of what hangs on records: how many rows, which files."""

from collections.abc import Sequence
from functools import lru_cache

from zhangshi.platform.session import Row, Session
from zhangshi.platform.statements import RowsStatement

FILES = RowsStatement(
    "WITH input(file_id) AS ({input}) SELECT f.file_id, f.name, f.media_type, f.size FROM input i"
    " JOIN file f ON f.file_id = i.file_id",
    columns={"file_id": "bigint"},
)


@lru_cache(maxsize=1024)
def _counting(table: str) -> RowsStatement:
    return RowsStatement(
        f"WITH input(id) AS ({{input}}) SELECT t.record_id, COUNT(*) FROM input i JOIN {table} t"
        " ON t.record_id = i.id GROUP BY t.record_id",
        columns={"id": "bigint"},
    )


def count_rows(session: Session, table: str, ids: Sequence[int]) -> list[Row]:
    """Return (record, how many rows) of those records that have any."""
    return session.query_rows(_counting(table), [(one,) for one in ids])


def files(session: Session, ids: Sequence[int]) -> list[Row]:
    """Return id, name, media type and size of files."""
    return session.query_rows(FILES, [(one,) for one in ids])
