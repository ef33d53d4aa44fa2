"""SQL of the feed: what changed since, over all entities."""

from zhangshi.platform.statements import Statement

NEWEST = Statement("SELECT COALESCE(MAX(audit_id), 0) FROM record_audit")
SINCE = Statement(
    "SELECT audit_id, entity, record_id, action, changes, actor, recorded_at FROM record_audit"
    " WHERE audit_id > ? ORDER BY audit_id LIMIT ?"
)
