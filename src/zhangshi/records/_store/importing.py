"""SQL of imports: who is meant by a text, and what an import wrote."""

from zhangshi.definitions.catalog import Entity, FieldType, Table
from zhangshi.platform.statements import RowsStatement, Statement
from zhangshi.records._store.layouts import layout

_KEPT = "_records_link_texts"
_KEPT_MATCHES = "_records_matches"
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
            _meant(entity.header.name, "record_id", "number", "t.number <> ''"),
            _meant(entity.header.name, "record_id", title.column) if title is not None and named else None,
        )
    return found


# IN, not a join: without an index on the column SQLite reads the table once instead of once for each text.
def _meant(table: str, key: str, column: str, where: str = "1 = 1") -> RowsStatement:
    return RowsStatement(
        f"WITH input(text) AS ({{input}}) SELECT t.{column}, COUNT(*), MIN(t.{key}) FROM {table} t"
        f" WHERE t.{column} IN (SELECT i.text FROM input i) AND {where} GROUP BY t.{column}",
        columns={"text": "text"},
    )


def match_statement(table: Table, key: str) -> RowsStatement:
    """Return the statement that reads headers (in the order of the layout) by the stored values of one field."""
    kept: dict[str, RowsStatement] = table.__dict__.setdefault(_KEPT_MATCHES, {})
    if key not in kept:
        own = layout(table)
        column = "number" if key == "number" else table.fields[key].column
        mine = ", ".join(f"t.{one}" for one in own.columns)
        where = " AND t.number <> ''" if key == "number" else ""  # as the index is for numbers that are not empty
        kept[key] = RowsStatement(
            f"WITH input(value) AS ({{input}}) SELECT {mine} FROM {table.name} t"
            f" WHERE t.{column} IN (SELECT i.value FROM input i){where}",
            columns={"value": own.columns[column]},
        )
    return kept[key]


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
