"""SQL of saved views."""

from zhangshi.platform.statements import Statement

_VIEW = "view_id, entity, name, user_id, roles, content, version, updated_at"
OF_ENTITY = Statement(
    f"SELECT {_VIEW} FROM saved_view WHERE entity = ? AND (user_id = ? OR roles <> '[]') ORDER BY view_id"
)
GET = Statement(f"SELECT {_VIEW} FROM saved_view WHERE view_id = ?{{for_update}}")
COUNT = Statement("SELECT COUNT(*) FROM saved_view WHERE entity = ? AND user_id = ?")
INSERT = Statement(
    "INSERT INTO saved_view (view_id, entity, name, user_id, roles, content, version, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, 1, ?)"
)
UPDATE = Statement(
    "UPDATE saved_view SET name = ?, roles = ?, content = ?, version = version + 1, updated_at = ?"
    " WHERE view_id = ? AND version = ?"
)
DELETE = Statement("DELETE FROM saved_view WHERE view_id = ?")
