"""SQL of users and their roles."""

from zhangshi.platform.statements import RowsStatement, Statement

LOCK_HEAD = Statement("SELECT department_version FROM identity_head WHERE head_id = 1{for_update}")
ANY_USER = Statement("SELECT user_id FROM user_account LIMIT 1")

_USER = (
    "user_id, login, name, mnemonic, department_id, language, active, must_change, password_changed_at,"
    " locked_until_at, version"
)
GET = Statement(f"SELECT {_USER} FROM user_account WHERE user_id = ?")
GET_FOR_UPDATE = Statement(f"SELECT {_USER} FROM user_account WHERE user_id = ?{{for_update}}")
FIND_ID = Statement("SELECT user_id FROM user_account WHERE login = ?")
PAGE = Statement(
    f"SELECT {_USER} FROM user_account WHERE login > ? AND active >= ?"
    " AND (login LIKE ? ESCAPE '!' OR mnemonic LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!') ORDER BY login LIMIT ?"
)
ROLES = RowsStatement(
    "WITH input(user_id) AS ({input}) SELECT r.user_id, r.role_key FROM input i JOIN user_role r"
    " ON r.user_id = i.user_id ORDER BY r.user_id, r.role_key",
    columns={"user_id": "bigint"},
)
NAMES = RowsStatement(
    "WITH input(user_id) AS ({input}) SELECT u.user_id, u.name FROM input i JOIN user_account u"
    " ON u.user_id = i.user_id",
    columns={"user_id": "bigint"},
)
OTHER_OWNERS = Statement(
    "SELECT COUNT(*) FROM user_role r JOIN user_account u ON u.user_id = r.user_id"
    " WHERE r.role_key = ? AND u.active = 1 AND u.user_id <> ?"
)

INSERT = Statement(
    "INSERT INTO user_account (user_id, login, name, mnemonic, department_id, language, active, password_hash,"
    " password_changed_at, must_change, failed_count, locked_until_at, sessions_valid_from_at, version)"
    " VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, 0, 0, ?, 1) ON CONFLICT (login) DO NOTHING"
)
UPDATE = Statement(
    "UPDATE user_account SET name = ?, mnemonic = ?, department_id = ?, language = ?, version = version + 1"
    " WHERE user_id = ? AND version = ?"
)
SET_ACTIVE = Statement("UPDATE user_account SET active = ?, version = version + 1 WHERE user_id = ? AND version = ?")
BUMP = Statement("UPDATE user_account SET version = version + 1 WHERE user_id = ? AND version = ?")
DELETE_ROLES = Statement("DELETE FROM user_role WHERE user_id = ?")
INSERT_ROLES = RowsStatement(
    "WITH input(user_id, role_key) AS ({input}) INSERT INTO user_role (user_id, role_key)"
    " SELECT user_id, role_key FROM input",
    columns={"user_id": "bigint", "role_key": "text"},
)

_CREDENTIALS = "user_id, login, active, password_hash, failed_count, locked_until_at"
CREDENTIALS_BY_LOGIN = Statement(f"SELECT {_CREDENTIALS} FROM user_account WHERE login = ?")
CREDENTIALS = Statement(f"SELECT {_CREDENTIALS} FROM user_account WHERE user_id = ?")
CREDENTIALS_FOR_UPDATE = Statement(f"SELECT {_CREDENTIALS} FROM user_account WHERE user_id = ?{{for_update}}")
COUNT_FAILURE = Statement("UPDATE user_account SET failed_count = ?, locked_until_at = ? WHERE user_id = ?")
SET_HASH = Statement("UPDATE user_account SET password_hash = ? WHERE user_id = ?")
SET_PASSWORD = Statement(
    "UPDATE user_account SET password_hash = ?, password_changed_at = ?, must_change = ?, failed_count = 0,"
    " locked_until_at = 0 WHERE user_id = ?"
)
"""A password that was set anew also opens the lock; `version` stays: nobody's edit is overwritten by it."""
