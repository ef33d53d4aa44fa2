"""Who is asking? One statement per request, whatever the number of roles.

The statement brings the person, the roles (a row each) and the version of the tree of departments. The tree itself is
remembered by the process and read again when the version is another one: one statement more, after a reorganisation.
Nothing else is remembered, so a disabled user, a role taken away or a session ended elsewhere counts from the next
request on, in every process.

The time of the last use is written for many requests at once: each session at most every five minutes, the process at
most once a minute. A crash forgets a minute of it, which shortens nobody's session noticeably.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhangshi.base.clock import instant_to_micros
from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.identity import errors, policy
from zhangshi.identity._store import sessions as store
from zhangshi.identity.model import NO_DEPARTMENT, Person
from zhangshi.identity.service.keys import digest_of
from zhangshi.platform.session import Row, Session
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Company, Request, UnitOfWork

_MICROSECOND = timedelta(microseconds=1)
_RENEW_AFTER = policy.RENEW_AFTER // _MICROSECOND
_IDLE_MAX = policy.SESSION_IDLE_MAX // _MICROSECOND
_LIFE_MAX = policy.SESSION_LIFE_MAX // _MICROSECOND
_WRITE_EVERY = timedelta(minutes=1) // _MICROSECOND


class Authenticator:
    """Turns secrets into persons; one for a process and a company. Safe to share between threads."""

    def __init__(self) -> None:
        self._below: tuple[int, dict[int, frozenset[int]]] = (-1, {})
        self._turn = threading.Lock()
        self._seen_sessions: dict[str, int] = {}
        self._seen_tokens: dict[int, int] = {}
        self._written_at = 0

    def authenticate_session(self, session: Session, secret: str, now: datetime) -> Person:
        """Return the person whose browser holds `secret`. One statement.

        Raises: identity.session_over, whatever the reason.
        """
        now_micros = instant_to_micros(now)
        digest = digest_of(secret)
        rows = session.query(store.WHO_OF_SESSION, digest, now_micros)
        (seen_at,) = _beyond_roles(rows, errors.SESSION_OVER)
        return self._person(session, rows, session_id=digest, renewal_due=now_micros - seen_at >= _RENEW_AFTER)

    def authenticate_token(self, session: Session, secret: str, now: datetime) -> Person:
        """Return the person as whom the machine that holds `secret` acts; `scopes` narrow it. One statement.

        Raises: identity.token_refused, whatever the reason.
        """
        now_micros = instant_to_micros(now)
        rows = session.query(store.WHO_OF_TOKEN, digest_of(secret), now_micros)
        used_at, token_id, scopes = _beyond_roles(rows, errors.TOKEN_REFUSED)
        return self._person(
            session,
            rows,
            token_id=token_id,
            scopes=tuple(msgspec.json.decode(scopes, type=list[str])),
            renewal_due=now_micros - used_at >= _RENEW_AFTER,
        )

    def renew(self, company: Company, person: Person) -> None:
        """Note that the person was here, if that is due; costs nothing otherwise. Call it outside reads and writes.

        Raises: what `Company.write` raises for the database.
        """
        if not person.renewal_due:
            return
        now_micros = instant_to_micros(company.clock.now())
        with self._turn:
            if person.scopes is None:
                self._seen_sessions[person.session_id] = now_micros
            else:
                self._seen_tokens[person.token_id] = now_micros
            if now_micros - self._written_at < _WRITE_EVERY:
                return
            self._written_at = now_micros
            sessions, self._seen_sessions = self._seen_sessions, {}
            tokens, self._seen_tokens = self._seen_tokens, {}

        def work(uow: UnitOfWork) -> None:
            rows = [(session_id, seen_at, seen_at + _IDLE_MAX) for session_id, seen_at in sorted(sessions.items())]
            uow.session.execute_rows(store.RENEW_SESSIONS, rows, _LIFE_MAX, _LIFE_MAX)
            uow.session.execute_rows(store.RENEW_TOKENS, sorted(tokens.items()))

        request = Request(actor=SYSTEM_ACTOR, key=f"identity/seen-{company.ids.next_id()}", content=None)
        company.write(request, work, answer_type=type(None))

    def _person(
        self,
        session: Session,
        rows: Sequence[Row],
        *,
        session_id: str = "",
        token_id: int = 0,
        scopes: tuple[str, ...] | None = None,
        renewal_due: bool,
    ) -> Person:
        user_id, login, name, department_id, language, must_change, version = rows[0][:7]
        return Person(
            user_id=user_id,
            login=login,
            name=name,
            department_id=department_id,
            departments_below=self._departments_below(session, version, department_id),
            roles=frozenset(row[7] for row in rows if row[7] is not None),
            language=language,
            scopes=scopes,
            session_id=session_id,
            token_id=token_id,
            must_change_password=bool(must_change),
            renewal_due=renewal_due,
        )

    def _departments_below(self, session: Session, version: int, department_id: int) -> frozenset[int]:
        known, below = self._below
        if known != version:
            below = _trees(session.query(store.DEPARTMENT_PARENTS))
            self._below = (version, below)
        return below.get(department_id, frozenset())


def _beyond_roles(rows: Sequence[Row], refusal: ErrorCode) -> Row:
    """Return the columns that are not about the person; all rows agree in them."""
    if not rows:
        raise ZhangshiError(refusal)
    return rows[0][8:]


def _trees(rows: Sequence[Row]) -> dict[int, frozenset[int]]:
    """Return each department with all below it."""
    parents: dict[int, int] = dict(rows)
    below: dict[int, set[int]] = {department_id: {department_id} for department_id in parents}
    for department_id, parent_id in parents.items():
        above = parent_id
        while above != NO_DEPARTMENT and above in parents and department_id not in below[above]:
            below[above].add(department_id)
            above = parents[above]
    return {department_id: frozenset(members) for department_id, members in below.items()}
