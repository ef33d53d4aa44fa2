"""The SQL of the schedules."""

from typing import NamedTuple

from zhangshi.platform.session import Session
from zhangshi.platform.statements import Statement

_COLUMNS = "name, cron, time_zone, handler, payload, due_at, last_due_at"
_PUT = Statement(
    f"INSERT INTO schedule ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (name) DO UPDATE SET"
    " handler = excluded.handler, payload = excluded.payload, cron = excluded.cron, time_zone = excluded.time_zone,"
    " due_at = CASE WHEN schedule.cron = excluded.cron AND schedule.time_zone = excluded.time_zone"
    " THEN schedule.due_at ELSE excluded.due_at END"
)
_DELETE = Statement("DELETE FROM schedule WHERE name = ?")
_LIST = Statement(f"SELECT {_COLUMNS} FROM schedule ORDER BY name")
_LIST_DUE = Statement(f"SELECT {_COLUMNS} FROM schedule WHERE due_at <= ? ORDER BY due_at, name")
_ADVANCE = Statement("UPDATE schedule SET due_at = ?, last_due_at = ? WHERE name = ? AND due_at = ?")


class Schedule(NamedTuple):
    """A row: what runs when."""

    name: str
    cron: str
    time_zone: str
    handler: str
    payload: str
    due_at: int
    last_due_at: int | None


def put(session: Session, schedule: Schedule) -> None:
    """Insert or change a schedule; its next run stays unless its cron expression or time zone changed."""
    session.execute(_PUT, *schedule[:-1])


def delete(session: Session, name: str) -> bool:
    """Delete a schedule; False if there is none."""
    return session.execute(_DELETE, name) == 1


def list_all(session: Session) -> list[Schedule]:
    """Return all schedules by name."""
    return [Schedule(*row) for row in session.query(_LIST)]


def list_due(session: Session, now: int) -> list[Schedule]:
    """Return the schedules whose time has come."""
    return [Schedule(*row) for row in session.query(_LIST_DUE, now)]


def advance(session: Session, due: Schedule, *, next_due_at: int) -> bool:
    """Move the schedule on if nobody else has; False if somebody has."""
    return session.execute(_ADVANCE, next_due_at, due.due_at, due.name, due.due_at) == 1
