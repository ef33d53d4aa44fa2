"""SQL of seeds: which record a seed's row became."""

from collections.abc import Sequence

from zhangshi.platform.session import Session
from zhangshi.platform.statements import RowsStatement, Statement

_OF_ENTITY = Statement("SELECT key, record_id FROM seed_key WHERE pack = ? AND entity = ?")
_FIND = Statement("SELECT record_id FROM seed_key WHERE entity = ? AND key = ? ORDER BY pack")
_INSERT = RowsStatement(
    "WITH input(pack, entity, key, record_id) AS ({input})"
    " INSERT INTO seed_key (pack, entity, key, record_id) SELECT pack, entity, key, record_id FROM input",
    columns={"pack": "text", "entity": "text", "key": "text", "record_id": "bigint"},
)


def made(session: Session, pack: str, entity: str) -> dict[str, int]:
    """Return the records that a pack's rows of an entity became, by their external keys."""
    return dict(session.query(_OF_ENTITY, pack, entity))


def find(session: Session, entity: str, key: str) -> int | None:
    """Return the record of an external key, whichever pack made it."""
    rows = session.query(_FIND, entity, key)
    return int(rows[0][0]) if rows else None


def insert(session: Session, rows: Sequence[tuple[str, str, str, int]]) -> None:
    """Note what rows became."""
    session.execute_rows(_INSERT, rows)
