"""SQL of publications."""

from zhangshi.platform.statements import Statement

_COLUMNS = (
    "publication_id, state, base_revision, revision, plan_digest, content, note, actor, recorded_at, finished_at,"
    " steps_done, steps_total, problem"
)
INSERT = Statement(f"INSERT INTO definition_publication ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
FIND = Statement(f"SELECT {_COLUMNS} FROM definition_publication WHERE publication_id = ?")
LIST = Statement(
    f"SELECT {_COLUMNS} FROM definition_publication ORDER BY recorded_at DESC, publication_id DESC LIMIT ?"
)
PROGRESS = Statement(
    "UPDATE definition_publication SET steps_done = CASE WHEN steps_total < ? THEN steps_total ELSE ? END"
    " WHERE publication_id = ? AND state = 'running'"
)
END = Statement(
    "UPDATE definition_publication SET state = ?, revision = ?, finished_at = ?, problem = ?"
    " WHERE publication_id = ? AND state = 'running'"
)
