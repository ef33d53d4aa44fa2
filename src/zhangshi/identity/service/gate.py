"""The gate: signing in, and changing one's own password. Both compare a password, so both are the guesser's way in.

Problem. A comparison takes 20 ms and must not hold the one writer; but between looking and writing others write too.
Rule: look, compare outside any transaction, then decide again inside one, with the account's row locked: the hash
must be the one that was compared, the account open and not locked. However many guess at once, five wrong ones lock.

Nobody learns what was wrong. An unknown login, a disabled or locked account and a wrong password cost the same
comparison and one write, and get the same sentence. The login that somebody typed is not kept unless it is a user's:
people type passwords into that field.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity import errors, policy
from zhangshi.identity._store import sessions as sessions_store
from zhangshi.identity._store import users as store
from zhangshi.identity.model import Person, SignedIn
from zhangshi.identity.ports import Noise
from zhangshi.identity.service.authentication import Authenticator
from zhangshi.identity.service.authority import check_signed_in
from zhangshi.identity.service.keys import csrf_of, digest_of, new_session_secret
from zhangshi.identity.service.passwords import HashedPassword, Passwords
from zhangshi.identity.service.sessions import end_sessions
from zhangshi.identity.service.trace import TraceKind, note
from zhangshi.identity.service.words import folded_login
from zhangshi.platform.session import Row
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Company, Request, UnitOfWork

_MICROSECOND = timedelta(microseconds=1)
_AGENT_LENGTH_MAX = 200


class _Outcome(enum.StrEnum):
    DONE = "done"
    UNKNOWN = "unknown"
    DISABLED = "disabled"
    LOCKED = "locked"
    WRONG = "wrong"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class _Account:
    user_id: int
    login: str
    active: bool
    password_hash: str
    failed_count: int
    locked_until_at: int


class Gate:
    """Compares passwords for one company; one for a process. Safe to share between threads."""

    def __init__(self, *, company: Company, passwords: Passwords, noise: Noise, authenticator: Authenticator) -> None:
        self._company = company
        self._passwords = passwords
        self._noise = noise
        self._authenticator = authenticator

    def sign_in(self, *, login: str, password: str, address: str = "", agent: str = "") -> SignedIn:
        """Open a session; the answer holds its secret, which is stored nowhere.

        A person whose `must_change_password` is set may do nothing but change it. Cost: one comparison, one write.

        Raises: identity.sign_in_refused, whatever was wrong.
        """
        account = self._find(login)
        right = self._passwords.fits(account.password_hash if account else None, password)
        better = self._better(account, password) if account and right else None
        secret = new_session_secret(self._noise)

        def work(uow: UnitOfWork) -> _Outcome:
            outcome = _judge(uow, account, right=right, address=address)
            if outcome is _Outcome.DONE and account is not None:
                if better is not None:
                    uow.session.execute(store.SET_HASH, better.text, account.user_id)
                _open_session(uow, account.user_id, secret, address, agent)
            return outcome

        if self._write("sign-in", account, work) is not _Outcome.DONE:
            raise ZhangshiError(errors.SIGN_IN_REFUSED)
        now = self._company.clock.now()
        with self._company.read() as session:
            person = self._authenticator.authenticate_session(session, secret, now)
        return SignedIn(person, secret, csrf_of(secret), now + policy.SESSION_IDLE_MAX)

    def change_password(self, *, person: Person, old: str, new: str, address: str = "") -> None:
        """Change one's own password. All other sessions of the person end; this one goes on.

        Raises: identity.wrong_password (also when too many wrong ones locked the account),
            identity.password_too_short, identity.password_too_easy, identity.password_same,
            identity.changed_meanwhile, identity.session_only.
        """
        check_signed_in(person)
        if old == new:
            raise ZhangshiError(errors.PASSWORD_SAME)
        hashed = self._passwords.chosen(new, login=person.login, name=person.name)  # before `old` is looked at: no hint
        account = self._find(person.login)
        right = self._passwords.fits(account.password_hash if account else None, old)

        def work(uow: UnitOfWork) -> _Outcome:
            outcome = _judge(uow, account, right=right, address=address)
            if outcome is _Outcome.DONE:
                _set_own_password(uow, person, hashed, address)
            return outcome

        outcome = self._write("password", account, work)
        if outcome is _Outcome.CHANGED:
            raise ZhangshiError(errors.CHANGED_MEANWHILE, name=person.login)
        if outcome is not _Outcome.DONE:
            raise ZhangshiError(errors.WRONG_PASSWORD)

    def _find(self, login: str) -> _Account | None:
        with self._company.read() as session:
            return _account(session.query(store.CREDENTIALS_BY_LOGIN, folded_login(login)))

    def _better(self, account: _Account, password: str) -> HashedPassword | None:
        """Hash again after the cost was raised; not for a locked account, whose answer would come late and tell."""
        locked = account.locked_until_at > instant_to_micros(self._company.clock.now())
        return None if locked else self._passwords.hashed_again(account.password_hash, password)

    def _write(self, what: str, account: _Account | None, work: Callable[[UnitOfWork], _Outcome]) -> _Outcome:
        """Write under a key of its own: a second sign-in is a second sign-in. The password is in no request."""
        actor = account.login if account else SYSTEM_ACTOR
        request = Request(actor=actor, key=f"identity/{what}-{self._company.ids.next_id()}", content=None)
        return self._company.write(request, work, answer_type=_Outcome)


def _account(rows: list[Row]) -> _Account | None:
    return _Account(rows[0][0], rows[0][1], bool(rows[0][2]), *rows[0][3:]) if rows else None


def _judge(uow: UnitOfWork, seen: _Account | None, *, right: bool, address: str) -> _Outcome:
    """Decide with the account's row locked, count a failure, and leave a trace."""
    account = _account(uow.session.query(store.CREDENTIALS_FOR_UPDATE, seen.user_id)) if seen else None
    outcome = _outcome(uow.now_micros, seen, account, right=right)
    if outcome is _Outcome.DONE and account is not None:
        if account.failed_count:
            uow.session.execute(store.COUNT_FAILURE, 0, 0, account.user_id)
        return outcome
    user_id = account.user_id if account else 0
    note(uow, TraceKind.SIGN_IN_FAILED, user_id=user_id, address=address, reason=outcome.value)
    if outcome is _Outcome.WRONG and account is not None:
        _count_failure(uow, account, address)
    return outcome


def _outcome(now_micros: int, seen: _Account | None, account: _Account | None, *, right: bool) -> _Outcome:
    if seen is None or account is None:
        return _Outcome.UNKNOWN
    if not account.active:
        return _Outcome.DISABLED
    if account.locked_until_at > now_micros:
        return _Outcome.LOCKED
    if account.password_hash != seen.password_hash:
        return _Outcome.CHANGED
    return _Outcome.DONE if right else _Outcome.WRONG


def _count_failure(uow: UnitOfWork, account: _Account, address: str) -> None:
    failed_count = account.failed_count + 1
    lock = policy.lock_after(failed_count)
    until = instant_to_micros(uow.now + lock) if lock else account.locked_until_at
    uow.session.execute(store.COUNT_FAILURE, failed_count, until, account.user_id)
    if lock:
        until_at = micros_to_instant(until).isoformat()
        note(uow, TraceKind.LOCKED, user_id=account.user_id, address=address, until_at=until_at, failed=failed_count)


def _open_session(uow: UnitOfWork, user_id: int, secret: str, address: str, agent: str) -> None:
    now = uow.now_micros
    uow.session.execute(sessions_store.DELETE_OVER, user_id, now)
    uow.session.execute(
        sessions_store.INSERT_SESSION, digest_of(secret), user_id, now, now,
        now + policy.SESSION_IDLE_MAX // _MICROSECOND, address, agent[:_AGENT_LENGTH_MAX],
    )  # fmt: skip
    note(uow, TraceKind.SIGNED_IN, user_id=user_id, address=address, agent=agent[:_AGENT_LENGTH_MAX])


def _set_own_password(uow: UnitOfWork, person: Person, hashed: HashedPassword, address: str) -> None:
    uow.session.execute(store.SET_PASSWORD, hashed.text, uow.now_micros, 0, person.user_id)
    end_sessions(uow, person.user_id, but=person.session_id)
    note(uow, TraceKind.PASSWORD_CHANGED, user_id=person.user_id, address=address)
