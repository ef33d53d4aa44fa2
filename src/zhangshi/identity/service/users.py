"""Creating and changing users. Each change carries the version that its maker saw, and leaves a trace.

Locks are taken in one order: the head (where owners or departments are concerned), then the user.
"""

from collections.abc import Iterable

from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.identity import errors
from zhangshi.identity._store import users as store
from zhangshi.identity.model import OWNER, Person, Profile, SecretMade, User
from zhangshi.identity.service import words
from zhangshi.identity.service.authority import check_may_manage
from zhangshi.identity.service.departments import check_open
from zhangshi.identity.service.passwords import HashedPassword
from zhangshi.identity.service.people import users_of
from zhangshi.identity.service.sessions import end_sessions
from zhangshi.identity.service.tokens import revoke_all_tokens
from zhangshi.identity.service.trace import TraceKind, note
from zhangshi.platform.unit_of_work import UnitOfWork


def create_owner(
    uow: UnitOfWork, *, login: str, profile: Profile, password: HashedPassword, address: str = ""
) -> SecretMade:
    """Create the first user of a company, who may do everything and must change the password at once.

    Raises: identity.owner_exists if there is any user; otherwise as `create_user`.
    """
    uow.session.query(store.LOCK_HEAD)
    if uow.session.query(store.ANY_USER):
        raise ZhangshiError(errors.OWNER_EXISTS)
    return create_user(uow, by=None, login=login, profile=profile, password=password, roles=[OWNER], address=address)


def create_user(
    uow: UnitOfWork,
    *,
    by: Person | None,
    login: str,
    profile: Profile,
    password: HashedPassword,
    roles: Iterable[str] = (),
    address: str = "",
) -> SecretMade:
    """Create a user, who must change the password at once; `subject_id` of the answer is the user's id.

    The login is for ever: it is the actor in requests, postings and traces.

    Raises: identity.bad_login, identity.login_taken, identity.name_missing, identity.bad_role,
        identity.unknown_department, identity.owner_only, identity.session_only.
    """
    login, wanted = words.checked_login(login), words.checked_roles(roles)
    check_may_manage(by, login=login, roles=wanted)
    check_open(uow.session, profile.department_id)
    user_id, now = uow.next_id(), uow.now_micros
    if not uow.session.execute(
        store.INSERT, user_id, login, *_columns(profile), password.text, now, int(True), now,
    ):  # fmt: skip
        raise ZhangshiError(errors.LOGIN_TAKEN, login=login)
    uow.session.execute_rows(store.INSERT_ROLES, [(user_id, role) for role in sorted(wanted)])
    note(uow, TraceKind.CREATED, user_id=user_id, address=address, login=login, roles=sorted(wanted))
    return SecretMade(user_id, password.mark)


def edit_user(
    uow: UnitOfWork, *, by: Person | None, user_id: int, version: int, profile: Profile, address: str = ""
) -> int:
    """Change what the list of people shows; return the new version.

    Raises: identity.changed_meanwhile, identity.unknown_user, identity.name_missing, identity.unknown_department,
        identity.owner_only, identity.session_only.
    """
    user = _locked(uow, user_id)
    if by is None or by.user_id != user_id:  # everybody may, so far as grants allow, edit their own name and language
        check_may_manage(by, login=user.login, roles=user.roles)
    if profile.department_id != user.department_id:
        check_open(uow.session, profile.department_id)
    after = _columns(profile)
    _check_version(uow.session.execute(store.UPDATE, *after, user_id, version), user)
    before = (user.name, user.mnemonic, user.department_id, user.language)
    named = zip(("name", "mnemonic", "department_id", "language"), before, after, strict=True)
    changed = {key: [old, new] for key, old, new in named if old != new}
    note(uow, TraceKind.EDITED, user_id=user_id, address=address, **changed)
    return version + 1


def set_roles(
    uow: UnitOfWork, *, by: Person | None, user_id: int, version: int, roles: Iterable[str], address: str = ""
) -> int:
    """Give a user exactly these roles, from the next request on; return the new version.

    Raises: identity.last_owner, identity.owner_only, identity.bad_role, identity.changed_meanwhile,
        identity.unknown_user, identity.session_only.
    """
    wanted = words.checked_roles(roles)
    uow.session.query(store.LOCK_HEAD)
    user = _locked(uow, user_id)
    check_may_manage(by, login=user.login, roles={*user.roles, *wanted})
    _check_version(uow.session.execute(store.BUMP, user_id, version), user)
    if OWNER not in wanted:
        _check_other_owner(uow, user)
    uow.session.execute(store.DELETE_ROLES, user_id)
    uow.session.execute_rows(store.INSERT_ROLES, [(user_id, role) for role in sorted(wanted)])
    note(uow, TraceKind.ROLES_CHANGED, user_id=user_id, address=address, before=user.roles, after=sorted(wanted))
    return version + 1


def disable_user(uow: UnitOfWork, *, by: Person | None, user_id: int, version: int, address: str = "") -> int:
    """Keep a user out from this moment on: sessions end, tokens are revoked; return the new version.

    Raises: identity.last_owner, identity.owner_only, identity.changed_meanwhile, identity.unknown_user,
        identity.session_only.
    """
    uow.session.query(store.LOCK_HEAD)
    user = _locked(uow, user_id)
    check_may_manage(by, login=user.login, roles=user.roles)
    _check_version(uow.session.execute(store.SET_ACTIVE, 0, user_id, version), user)
    _check_other_owner(uow, user)
    end_sessions(uow, user_id)
    revoke_all_tokens(uow, user_id)
    note(uow, TraceKind.DISABLED, user_id=user_id, address=address)
    return version + 1


def enable_user(uow: UnitOfWork, *, by: Person | None, user_id: int, version: int, address: str = "") -> int:
    """Let a disabled user in again, with the old password and roles but none of the old sessions and tokens.

    Raises: identity.owner_only, identity.changed_meanwhile, identity.unknown_user, identity.session_only.
    """
    user = _locked(uow, user_id)
    check_may_manage(by, login=user.login, roles=user.roles)
    _check_version(uow.session.execute(store.SET_ACTIVE, 1, user_id, version), user)
    note(uow, TraceKind.ENABLED, user_id=user_id, address=address)
    return version + 1


def unlock_user(uow: UnitOfWork, *, by: Person | None, user_id: int, address: str = "") -> None:
    """Forget the wrong passwords of a user.

    Raises: identity.owner_only, identity.unknown_user, identity.session_only.
    """
    user = _locked(uow, user_id)
    check_may_manage(by, login=user.login, roles=user.roles)
    uow.session.execute(store.COUNT_FAILURE, 0, 0, user_id)
    note(uow, TraceKind.UNLOCKED, user_id=user_id, address=address)


def reset_password(
    uow: UnitOfWork, *, by: Person | None, user_id: int, password: HashedPassword, address: str = ""
) -> SecretMade:
    """Set a password that was made up, open the lock and end all sessions; the user must change it at once.

    Raises: identity.owner_only, identity.unknown_user, identity.user_disabled, identity.session_only.
    """
    user = _locked(uow, user_id)
    check_may_manage(by, login=user.login, roles=user.roles)
    if not user.active:
        raise ZhangshiError(errors.USER_DISABLED, login=user.login)
    uow.session.execute(store.SET_PASSWORD, password.text, uow.now_micros, 1, user_id)
    end_sessions(uow, user_id)
    note(uow, TraceKind.PASSWORD_RESET, user_id=user_id, address=address)
    return SecretMade(user_id, password.mark)


def _columns(profile: Profile) -> tuple[str, str, int, Language]:
    name, mnemonic = words.checked_name(profile.name), profile.mnemonic.strip().casefold()
    return name, mnemonic, profile.department_id, profile.language


def _locked(uow: UnitOfWork, user_id: int) -> User:
    return users_of(uow.session, uow.session.query(store.GET_FOR_UPDATE, user_id), wanted=str(user_id))[0]


def _check_version(changed: int, user: User) -> None:
    if not changed:
        raise ZhangshiError(errors.CHANGED_MEANWHILE, name=user.login)


def _check_other_owner(uow: UnitOfWork, user: User) -> None:
    """Refuse to leave the company without an owner; the head is locked, so no other owner is leaving meanwhile."""
    if OWNER in user.roles and user.active and not uow.session.query(store.OTHER_OWNERS, OWNER, user.user_id)[0][0]:
        raise ZhangshiError(errors.LAST_OWNER, login=user.login)
