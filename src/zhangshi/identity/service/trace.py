"""The trace: what happened to people's accounts, by whom, from where. Rows are only added."""

import enum

import msgspec

from zhangshi.base.clock import micros_to_instant
from zhangshi.identity._store import sessions as store
from zhangshi.identity.model import TraceEntry
from zhangshi.platform.session import Row, Session
from zhangshi.platform.unit_of_work import UnitOfWork

PAGE_SIZE = 100
_NEWEST = 2**63 - 1


class TraceKind(enum.StrEnum):
    """What can happen to an account."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    CREATED = "created"
    EDITED = "edited"
    ROLES_CHANGED = "roles_changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of an event
    TOKEN_MADE = "token_made"  # noqa: S105 - the name of an event
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the name of an event


def note(uow: UnitOfWork, kind: TraceKind, *, user_id: int, address: str = "", **detail: object) -> None:
    """Write one entry about `user_id` (0: nobody we know). `detail` must hold nothing secret."""
    text = msgspec.json.encode(detail).decode() if detail else ""
    uow.session.execute(
        store.INSERT_EVENT, uow.next_id(), kind.value, user_id, uow.actor, address, text, uow.now_micros
    )


def list_trace(
    session: Session, *, user_id: int | None = None, before: int = _NEWEST, size: int = PAGE_SIZE
) -> list[TraceEntry]:
    """Return entries, newest first; the next page begins `before` the last event's id."""
    if user_id is None:
        rows = session.query(store.LIST_EVENTS, before, size)
    else:
        rows = session.query(store.LIST_EVENTS_OF, user_id, before, size)
    return [_entry(row) for row in rows]


def _entry(row: Row) -> TraceEntry:
    event_id, kind, user_id, actor, address, detail, recorded_at = row
    return TraceEntry(
        event_id=event_id,
        kind=kind,
        user_id=user_id,
        actor=actor,
        address=address,
        detail=detail,
        recorded_at=micros_to_instant(recorded_at),
    )
