"""Where people are signed in, and how that ends."""

from datetime import datetime

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.identity._store import sessions as store
from zhangshi.identity._store import users as users_store
from zhangshi.identity.model import OpenSession, Person
from zhangshi.identity.service.authority import check_may_manage, check_signed_in
from zhangshi.identity.service.people import get_user
from zhangshi.identity.service.trace import TraceKind, note
from zhangshi.platform.session import Row, Session
from zhangshi.platform.unit_of_work import UnitOfWork


def sign_out(uow: UnitOfWork, *, person: Person, address: str = "") -> None:
    """End the person's present session. A token has none: it is revoked instead.

    Raises: identity.session_only.
    """
    check_signed_in(person)
    if uow.session.execute(store.DELETE_SESSION, person.session_id, person.user_id):
        note(uow, TraceKind.SIGNED_OUT, user_id=person.user_id, address=address)


def end_session(uow: UnitOfWork, *, person: Person, session_id: str, address: str = "") -> None:
    """End one of the person's own sessions: the phone that was left in the taxi. One that is over is fine.

    Raises: identity.session_only.
    """
    check_signed_in(person)
    if uow.session.execute(store.DELETE_SESSION, session_id, person.user_id):
        note(uow, TraceKind.SIGNED_OUT, user_id=person.user_id, address=address)


def sign_out_everywhere(uow: UnitOfWork, *, by: Person | None, user_id: int, address: str = "") -> None:
    """End all sessions of a user, the present one too; tokens stay.

    Raises: identity.unknown_user, identity.owner_only, identity.session_only.
    """
    user = get_user(uow.session, user_id=user_id)
    if by is None or by.user_id != user_id:
        check_may_manage(by, login=user.login, roles=user.roles)
    check_signed_in(by)
    end_sessions(uow, user_id)
    note(uow, TraceKind.SIGNED_OUT_EVERYWHERE, user_id=user_id, address=address)


def end_sessions(uow: UnitOfWork, user_id: int, *, but: str = "") -> None:
    """End the sessions of a user, except `but`. The user's row is locked, so none is being opened meanwhile."""
    if not but:
        uow.session.query(users_store.CREDENTIALS_FOR_UPDATE, user_id)
        uow.session.execute(store.VALID_FROM, uow.now_micros, user_id)
    uow.session.execute(store.DELETE_OTHERS, user_id, but)


def list_sessions(session: Session, *, user_id: int, now: datetime) -> list[OpenSession]:
    """Return where a user is signed in, the last used first; `seen_at` is right to some five minutes."""
    return [_open_session(row) for row in session.query(store.LIST_SESSIONS, user_id, instant_to_micros(now))]


def _open_session(row: Row) -> OpenSession:
    session_id, user_id, created_at, seen_at, expires_at, address, agent = row
    return OpenSession(
        session_id=session_id,
        user_id=user_id,
        created_at=micros_to_instant(created_at),
        seen_at=micros_to_instant(seen_at),
        expires_at=micros_to_instant(expires_at),
        address=address,
        agent=agent,
    )
