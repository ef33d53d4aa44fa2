"""SQL of sessions and tokens: who is asking, in one statement, and what opens and ends them."""

from zhangshi.platform.statements import RowsStatement, Statement

# One row a role (or one, without roles): the roles come along without a second statement. The version says whether the
# departments that the asking process remembers are still those of the company.
_WHO = "u.user_id, u.login, u.name, u.department_id, u.language, u.must_change, h.department_version, r.role_key"
_FROM = (
    "JOIN user_account u ON u.user_id = {of}.user_id AND u.active = 1"
    " JOIN identity_head h ON h.head_id = 1 LEFT JOIN user_role r ON r.user_id = u.user_id"
)
WHO_OF_SESSION = Statement(
    f"SELECT {_WHO}, s.seen_at FROM user_session s {_FROM.format(of='s')}"
    " WHERE s.session_id = ? AND s.expires_at > ? AND s.created_at >= u.sessions_valid_from_at"
)
WHO_OF_TOKEN = Statement(
    f"SELECT {_WHO}, t.last_used_at, t.token_id, t.scopes FROM api_token t {_FROM.format(of='t')}"
    " WHERE t.secret_digest = ? AND t.revoked_at = 0 AND (t.expires_at = 0 OR t.expires_at > ?)"
)
DEPARTMENT_PARENTS = Statement("SELECT department_id, parent_id FROM department ORDER BY department_id")

RENEW_SESSIONS = RowsStatement(
    "WITH input(session_id, seen_at, idle_at) AS ({input}) UPDATE user_session SET"
    " seen_at = (SELECT i.seen_at FROM input i WHERE i.session_id = user_session.session_id),"
    " expires_at = (SELECT CASE WHEN i.idle_at < user_session.created_at + ? THEN i.idle_at"
    " ELSE user_session.created_at + ? END FROM input i WHERE i.session_id = user_session.session_id)"
    " WHERE EXISTS (SELECT 1 FROM input i WHERE i.session_id = user_session.session_id"
    " AND i.seen_at > user_session.seen_at)",
    columns={"session_id": "text", "seen_at": "bigint", "idle_at": "bigint"},
)
RENEW_TOKENS = RowsStatement(
    "WITH input(token_id, last_used_at) AS ({input}) UPDATE api_token SET"
    " last_used_at = (SELECT i.last_used_at FROM input i WHERE i.token_id = api_token.token_id)"
    " WHERE EXISTS (SELECT 1 FROM input i WHERE i.token_id = api_token.token_id"
    " AND i.last_used_at > api_token.last_used_at)",
    columns={"token_id": "bigint", "last_used_at": "bigint"},
)

INSERT_SESSION = Statement(
    "INSERT INTO user_session (session_id, user_id, created_at, seen_at, expires_at, address, agent)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
DELETE_OVER = Statement("DELETE FROM user_session WHERE user_id = ? AND expires_at <= ?")
DELETE_SESSION = Statement("DELETE FROM user_session WHERE session_id = ? AND user_id = ?")
DELETE_OTHERS = Statement("DELETE FROM user_session WHERE user_id = ? AND session_id <> ?")
VALID_FROM = Statement("UPDATE user_account SET sessions_valid_from_at = ? WHERE user_id = ?")
LIST_SESSIONS = Statement(
    "SELECT session_id, user_id, created_at, seen_at, expires_at, address, agent FROM user_session"
    " WHERE user_id = ? AND expires_at > ? ORDER BY seen_at DESC, session_id"
)

_COLUMNS = "token_id, name, user_id, scopes, created_at, expires_at, last_used_at, revoked_at"
INSERT_TOKEN = Statement(
    "INSERT INTO api_token (token_id, secret_digest, name, user_id, scopes, created_at, expires_at, last_used_at,"
    " revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)"
)
LIST_TOKENS = Statement(f"SELECT {_COLUMNS} FROM api_token WHERE user_id = ? ORDER BY token_id")
GET_TOKEN = Statement(f"SELECT {_COLUMNS} FROM api_token WHERE token_id = ?{{for_update}}")
REVOKE_TOKENS_OF = Statement("UPDATE api_token SET revoked_at = ? WHERE user_id = ? AND revoked_at = 0")
REVOKE_TOKEN = Statement("UPDATE api_token SET revoked_at = ? WHERE token_id = ?")

INSERT_EVENT = Statement(
    "INSERT INTO identity_event (event_id, kind, user_id, actor, address, detail, recorded_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_EVENT = "event_id, kind, user_id, actor, address, detail, recorded_at"
LIST_EVENTS = Statement(f"SELECT {_EVENT} FROM identity_event WHERE event_id < ? ORDER BY event_id DESC LIMIT ?")
LIST_EVENTS_OF = Statement(
    f"SELECT {_EVENT} FROM identity_event WHERE user_id = ? AND event_id < ? ORDER BY event_id DESC LIMIT ?"
)
