"""SQL of what a write leaves beside the record itself: postings, moves, effects, audit, search text, files."""

from zhangshi.platform.statements import RowsStatement, Statement

INSERT_POSTINGS = RowsStatement(
    "WITH input(posting_id, record_id, entity, transition) AS ({input})"
    " INSERT INTO record_posting (posting_id, record_id, entity, transition, reversed_by)"
    " SELECT posting_id, record_id, entity, transition, 0 FROM input",
    columns={"posting_id": "bigint", "record_id": "bigint", "entity": "text", "transition": "text"},
)
INSERT_MOVES = RowsStatement(
    "WITH input(posting_id, line_no, line_id) AS ({input})"
    " INSERT INTO record_move (posting_id, line_no, line_id) SELECT posting_id, line_no, line_id FROM input",
    columns={"posting_id": "bigint", "line_no": "bigint", "line_id": "bigint"},
)
STANDING_POSTINGS = Statement(
    "SELECT posting_id, transition FROM record_posting WHERE record_id = ? AND reversed_by = 0 ORDER BY posting_id DESC"
)
MARK_REVERSED = RowsStatement(
    "WITH input(posting_id, reversed_by) AS ({input}) UPDATE record_posting SET reversed_by ="
    " (SELECT i.reversed_by FROM input i WHERE i.posting_id = record_posting.posting_id)"
    " WHERE posting_id IN (SELECT posting_id FROM input)",
    columns={"posting_id": "bigint", "reversed_by": "bigint"},
)
ANY_POSTING = Statement("SELECT 1 FROM record_posting WHERE record_id = ? LIMIT 1")
MOVES_OF_LINES = RowsStatement(
    "WITH input(line_id) AS ({input}) SELECT m.line_id, m.posting_id, m.line_no FROM input i"
    " JOIN record_move m ON m.line_id = i.line_id JOIN record_posting p ON p.posting_id = m.posting_id"
    " WHERE p.reversed_by = 0 ORDER BY m.posting_id, m.line_no",
    columns={"line_id": "bigint"},
)
"""The moves that rows made and that still stand, the newest last."""

INSERT_EFFECTS = RowsStatement(
    "WITH input(effect_id, record_id, transition, payload) AS ({input})"
    " INSERT INTO record_effect (effect_id, record_id, transition, payload, undone)"
    " SELECT effect_id, record_id, transition, payload, 0 FROM input",
    columns={"effect_id": "bigint", "record_id": "bigint", "transition": "text", "payload": "text"},
)
STANDING_EFFECTS = Statement(
    "SELECT effect_id, transition, payload FROM record_effect WHERE record_id = ? AND undone = 0"
    " ORDER BY effect_id DESC"
)
MARK_UNDONE = RowsStatement(
    "WITH input(effect_id) AS ({input}) UPDATE record_effect SET undone = 1"
    " WHERE effect_id IN (SELECT effect_id FROM input)",
    columns={"effect_id": "bigint"},
)
INSERT_AUDIT = RowsStatement(
    "WITH input(audit_id, entity, record_id, action, changes, user_id, actor, door, recorded_at) AS ({input})"
    " INSERT INTO record_audit (audit_id, entity, record_id, action, changes, user_id, actor, door, recorded_at)"
    " SELECT audit_id, entity, record_id, action, changes, user_id, actor, door, recorded_at FROM input",
    columns={
        "audit_id": "bigint", "entity": "text", "record_id": "bigint", "action": "text", "changes": "text",
        "user_id": "bigint", "actor": "text", "door": "text", "recorded_at": "bigint",
    },
)  # fmt: skip
SAVE_SEARCH = RowsStatement(
    "WITH input(entity, record_id, text) AS ({input}) INSERT INTO search_entry (entity, record_id, text)"
    " SELECT entity, record_id, text FROM input WHERE true"
    " ON CONFLICT (entity, record_id) DO UPDATE SET text = excluded.text",
    columns={"entity": "text", "record_id": "bigint", "text": "text"},
)
DELETE_SEARCH = Statement("DELETE FROM search_entry WHERE entity = ? AND record_id = ?")

SAVE_FILES = RowsStatement(
    "WITH input(record_id, file_id, entity, field, user_id, recorded_at) AS ({input})"
    " INSERT INTO record_file (record_id, file_id, entity, field, user_id, recorded_at)"
    " SELECT record_id, file_id, entity, field, user_id, recorded_at FROM input WHERE true"
    " ON CONFLICT (record_id, file_id) DO NOTHING",
    columns={
        "record_id": "bigint", "file_id": "bigint", "entity": "text", "field": "text", "user_id": "bigint",
        "recorded_at": "bigint",
    },
)  # fmt: skip
KNOWN_USERS = RowsStatement(
    "WITH input(user_id) AS ({input}) SELECT u.user_id FROM input i JOIN user_account u ON u.user_id = i.user_id",
    columns={"user_id": "bigint"},
)
USERS_BY_LOGIN = RowsStatement(
    "WITH input(login) AS ({input}) SELECT u.login, u.user_id FROM input i JOIN user_account u ON u.login = i.login",
    columns={"login": "text"},
)
KNOWN_DEPARTMENTS = RowsStatement(
    "WITH input(department_id) AS ({input}) SELECT d.department_id FROM input i"
    " JOIN department d ON d.department_id = i.department_id",
    columns={"department_id": "bigint"},
)
DEPARTMENTS_BY_CODE = RowsStatement(
    "WITH input(code) AS ({input}) SELECT d.code, d.department_id FROM input i JOIN department d ON d.code = i.code",
    columns={"code": "text"},
)
