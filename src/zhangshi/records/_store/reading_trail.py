"""SQL of what happened to records: the audit trail, comments, and the chain of conversions."""

from zhangshi.platform.statements import RowsStatement, Statement

AUDIT = Statement(
    "SELECT audit_id, action, changes, user_id, actor, door, recorded_at FROM record_audit"
    " WHERE record_id = ? AND entity = ? AND audit_id < ? ORDER BY audit_id DESC LIMIT ?"
)
COMMENTS = Statement(
    "SELECT comment_id, text, mentions, user_id, actor, recorded_at FROM record_comment"
    " WHERE record_id = ? AND entity = ? AND comment_id > ? ORDER BY comment_id LIMIT ?"
)
INSERT_COMMENT = Statement(
    "INSERT INTO record_comment (comment_id, entity, record_id, text, mentions, user_id, actor, recorded_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
# Up to where it all began, then down everything that came of it. UNION (not UNION ALL) ends a ring.
CHAIN = Statement(
    "WITH RECURSIVE up(id) AS (SELECT CAST(? AS BIGINT) UNION SELECT l.source_id FROM up u JOIN record_link l"
    " ON l.target_id = u.id), down(id) AS (SELECT id FROM up UNION SELECT l.target_id FROM down d JOIN record_link l"
    " ON l.source_id = d.id) SELECT l.conversion, l.source_entity, l.source_id, l.source_line_id, l.target_entity,"
    " l.target_id, l.target_line_id, l.quantity, l.active FROM record_link l WHERE l.source_id IN (SELECT id FROM down)"
    " AND l.target_id IN (SELECT id FROM down) ORDER BY l.link_id LIMIT ?"
)
# The last entry that moved the record to the state it is in: edits and the like leave it where it was.
LAST_MOVES = RowsStatement(
    "WITH input(id) AS ({input}) SELECT a.record_id, MAX(a.recorded_at) FROM input i JOIN record_audit a"
    " ON a.record_id = i.id WHERE a.action NOT IN ('edit', 'attach', 'comment') GROUP BY a.record_id",
    columns={"id": "bigint"},
)
