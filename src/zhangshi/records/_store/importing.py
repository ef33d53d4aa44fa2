"""SQL of imports: who is meant by a text, and what an import wrote."""

from zhangshi.definitions.catalog import Entity, FieldType
from zhangshi.platform.statements import RowsStatement, Statement

_KEPT = "_records_link_texts"
_TITLES = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.BARCODE})

LinkStatements = tuple[RowsStatement, RowsStatement | None]
"""(text, how many, one of them) by number or code, and by title where there is one."""


def link_statements(entity: Entity) -> LinkStatements:
    """Return the statements that find records of `entity` by number and by title; kept with its table."""
    found: LinkStatements | None = entity.header.__dict__.get(_KEPT)
    if found is None:
        title = entity.header.fields.get(entity.title)
        named = title is not None and title.stored and title.type in _TITLES
        found = entity.header.__dict__[_KEPT] = (
            _meant(entity.header.name, "record_id", "number"),
            _meant(entity.header.name, "record_id", title.column) if title is not None and named else None,
        )
    return found


def _meant(table: str, key: str, column: str, where: str = "1 = 1") -> RowsStatement:
    return RowsStatement(
        f"WITH input(text) AS ({{input}}) SELECT i.text, COUNT(*), MIN(t.{key}) FROM input i"
        f" JOIN {table} t ON t.{column} = i.text WHERE {where} GROUP BY i.text",
        columns={"text": "text"},
    )


USER_STATEMENTS: LinkStatements = (
    _meant("user_account", "user_id", "login"),
    _meant("user_account", "user_id", "name", "t.active = 1"),
)
DEPARTMENT_STATEMENTS: LinkStatements = (
    _meant("department", "department_id", "code"),
    _meant("department", "department_id", "name", "t.active = 1"),
)
LOGINS = Statement("SELECT user_id, login FROM user_account")
DEPARTMENT_CODES = Statement("SELECT department_id, code FROM department")

FIND_RUN = Statement("SELECT digest, answer, entity, undone_by FROM import_run WHERE import_id = ?")
LOCK_RUN = Statement("SELECT digest, answer, entity, undone_by FROM import_run WHERE import_id = ?{for_update}")
INSERT_RUN = Statement(
    "INSERT INTO import_run (import_id, entity, name, digest, answer, user_id, recorded_at, undone_by, undone_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)"
)
MARK_UNDONE = Statement("UPDATE import_run SET undone_by = ?, undone_at = ? WHERE import_id = ?")
INSERT_ROWS = RowsStatement(
    "WITH input(import_id, record_id, position, action, version, before) AS ({input})"
    " INSERT INTO import_row (import_id, record_id, position, action, version, before)"
    " SELECT import_id, record_id, position, action, version, before FROM input",
    columns={
        "import_id": "bigint", "record_id": "bigint", "position": "bigint", "action": "text", "version": "bigint",
        "before": "text",
    },
)  # fmt: skip
ROWS_NEWEST_FIRST = Statement(
    "SELECT record_id, action, version, before FROM import_row WHERE import_id = ? ORDER BY position DESC"
)
