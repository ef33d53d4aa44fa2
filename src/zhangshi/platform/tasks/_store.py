"""The SQL of tasks."""

from zhangshi.platform.session import Session
from zhangshi.platform.statements import Statement
from zhangshi.platform.tasks.model import Task

_COLUMNS = (
    "task_id, kind, title, state, steps_done, steps_total, message, payload, result, user_id, created_at, started_at,"
    " finished_at, cancel_asked"
)
INSERT = Statement(f"INSERT INTO task ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
FIND = Statement(f"SELECT {_COLUMNS} FROM task WHERE task_id = ?")
LIST = Statement(f"SELECT {_COLUMNS} FROM task ORDER BY created_at DESC, task_id DESC LIMIT ?")
LIST_OF = Statement(f"SELECT {_COLUMNS} FROM task WHERE user_id = ? ORDER BY created_at DESC, task_id DESC LIMIT ?")
BEGIN = Statement(
    "UPDATE task SET state = 'running', started_at = ? WHERE task_id = ? AND state IN ('queued', 'running')"
)
ADVANCE = Statement("UPDATE task SET steps_done = ?, steps_total = ?, message = ? WHERE task_id = ?")
END = Statement("UPDATE task SET state = ?, result = ?, message = ?, finished_at = ? WHERE task_id = ?")
ASK_TO_CANCEL = Statement("UPDATE task SET cancel_asked = 1 WHERE task_id = ?")


def find(session: Session, task_id: int) -> Task | None:
    """Return the task, if there is one."""
    rows = session.query(FIND, task_id)
    return Task(*rows[0]) if rows else None
