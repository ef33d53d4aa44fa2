"""Looking at users: one, or a page of them."""

from collections.abc import Iterable, Sequence

from zhangshi.base.clock import micros_to_instant
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity import errors
from zhangshi.identity._store import users as store
from zhangshi.identity.model import User
from zhangshi.identity.service.words import folded_login
from zhangshi.platform.session import Row, Session

PAGE_SIZE = 100


def get_user(session: Session, *, user_id: int) -> User:
    """Return one user.

    Raises: identity.unknown_user.
    """
    return users_of(session, session.query(store.GET, user_id), wanted=str(user_id))[0]


def get_user_by_login(session: Session, *, login: str) -> User:
    """Return the user with that login, however it is capitalised.

    Raises: identity.unknown_user.
    """
    found = session.query(store.FIND_ID, folded_login(login))
    if not found:
        raise ZhangshiError(errors.UNKNOWN_USER, user=login)
    return get_user(session, user_id=found[0][0])


def list_users(
    session: Session, *, search: str = "", active_only: bool = False, after: str = "", size: int = PAGE_SIZE
) -> list[User]:
    """Return users by login, from behind `after`; `search` is a part of login, name or initials. Two statements."""
    escaped = search.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    written, folded = f"%{escaped}%", f"%{escaped.casefold()}%"
    return users_of(session, session.query(store.PAGE, after, int(active_only), folded, folded, written, size))


def names_of_users(session: Session, user_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those users that exist, for a page of records at once. One statement."""
    return dict(session.query_rows(store.NAMES, [(user_id,) for user_id in sorted(set(user_ids))]))


def users_of(session: Session, rows: Sequence[Row], *, wanted: str = "") -> list[User]:
    """Return rows of users as values, with their roles.

    Raises: identity.unknown_user if there is no row and one was `wanted`.
    """
    if wanted and not rows:
        raise ZhangshiError(errors.UNKNOWN_USER, user=wanted)
    roles: dict[int, list[str]] = {row[0]: [] for row in rows}
    for user_id, role_key in session.query_rows(store.ROLES, [(user_id,) for user_id in roles]):
        roles[user_id].append(role_key)
    return [_user(row, tuple(sorted(roles[row[0]]))) for row in rows]


def _user(row: Row, roles: tuple[str, ...]) -> User:
    user_id, login, name, mnemonic, department_id, language, active, must_change, changed_at, locked_at, version = row
    return User(
        user_id=user_id,
        login=login,
        name=name,
        mnemonic=mnemonic,
        department_id=department_id,
        language=language,
        active=bool(active),
        roles=roles,
        must_change_password=bool(must_change),
        password_changed_at=micros_to_instant(changed_at),
        locked_until_at=micros_to_instant(locked_at) if locked_at else None,
        version=version,
    )
