"""SQL of departments."""

from zhangshi.platform.statements import Statement

_DEPARTMENT = "department_id, code, name, parent_id, head_user_id, active, version"
LIST = Statement(f"SELECT {_DEPARTMENT} FROM department ORDER BY code")
GET = Statement(f"SELECT {_DEPARTMENT} FROM department WHERE department_id = ?")
INSERT = Statement(
    "INSERT INTO department (department_id, code, name, parent_id, head_user_id, active, version)"
    " VALUES (?, ?, ?, ?, ?, 1, 1) ON CONFLICT (code) DO NOTHING"
)
UPDATE = Statement(
    "UPDATE department SET code = ?, name = ?, parent_id = ?, head_user_id = ?, active = ?, version = version + 1"
    " WHERE department_id = ? AND version = ?"
)
BUMP_HEAD = Statement("UPDATE identity_head SET department_version = department_version + 1 WHERE head_id = 1")
ACTIVE_USERS_IN = Statement("SELECT COUNT(*) FROM user_account WHERE department_id = ? AND active = 1")
