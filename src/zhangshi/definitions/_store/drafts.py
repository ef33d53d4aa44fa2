"""SQL of drafts."""

from zhangshi.platform.statements import Statement

FIND = Statement(
    "SELECT kind, object_key, base_revision, version, content, actor, recorded_at FROM definition_draft"
    " WHERE kind = ? AND object_key = ?{for_update}"
)
LIST = Statement(
    "SELECT kind, object_key, base_revision, version, content, actor, recorded_at FROM definition_draft"
    " ORDER BY kind, object_key"
)
UPSERT = Statement(
    "INSERT INTO definition_draft (kind, object_key, base_revision, version, content, actor, recorded_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, object_key) DO UPDATE SET"
    " base_revision = excluded.base_revision, version = excluded.version, content = excluded.content,"
    " actor = excluded.actor, recorded_at = excluded.recorded_at"
)
DELETE = Statement("DELETE FROM definition_draft WHERE kind = ? AND object_key = ?")
DELETE_VERSION = Statement("DELETE FROM definition_draft WHERE kind = ? AND object_key = ? AND version = ?")
