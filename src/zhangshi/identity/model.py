"""Who is asking: the values that every door of the product passes on.

A `Person` is what a session or a token stands for at this moment. It is made by one statement per request and never
kept: roles taken away a second ago are gone. What a role may do is not known here; roles are keys, and the grants that
give them meaning stand above this slice.
"""

import fnmatch
from dataclasses import dataclass, field
from datetime import datetime

from zhangshi.base.errors import Language

OWNER = "owner"
"""The role that is built in: every action of every entity. A company always has an active person who holds it."""

NO_DEPARTMENT = 0


@dataclass(frozen=True, slots=True)
class Person:
    """The person (or the machine with a person's token) behind one request.

    `departments_below` is the person's own department and all below it; empty without a department. `scopes` is None
    for a session: the person's roles alone decide. For a token it narrows them, see `may_token`.
    """

    user_id: int
    login: str
    name: str
    department_id: int = NO_DEPARTMENT
    departments_below: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    language: Language = "zh"
    scopes: tuple[str, ...] | None = None
    session_id: str = ""
    """Names the session without opening it: the digest of its secret; "" for a token."""
    token_id: int = 0
    must_change_password: bool = False
    """The password was given by somebody else: the shells let this person change it, and do nothing else."""
    renewal_due: bool = field(default=False, compare=False)
    """The stored time of the last use is old: `Authenticator.renew` will write it."""

    @property
    def actor(self) -> str:
        """How this person is named in requests, postings and traces: the login, which never changes."""
        return self.login

    @property
    def is_owner(self) -> bool:
        """Whether the person may do everything (a token's scopes still hold)."""
        return OWNER in self.roles

    def may_token(self, entity: str, action: str) -> bool:
        """Return whether the token allows `action` of `entity`; always True for a session.

        This is the token's half only: the roles' grants are asked as well, and both must agree.
        """
        if self.scopes is None:
            return True
        wanted = f"{entity}:{action}"
        return any(fnmatch.fnmatchcase(wanted, scope) for scope in self.scopes)


@dataclass(frozen=True, slots=True)
class Profile:
    """What people see of a user. `mnemonic`: the initials in pinyin, by which a search finds 李明 as lm."""

    name: str
    mnemonic: str = ""
    department_id: int = NO_DEPARTMENT
    language: Language = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person as the list of people shows them; nothing secret is in it."""

    user_id: int
    login: str
    name: str
    mnemonic: str
    department_id: int
    language: Language
    active: bool
    roles: tuple[str, ...]
    must_change_password: bool
    password_changed_at: datetime
    locked_until_at: datetime | None
    version: int
    """Rises with each change; hand it back with the next one, so that two clerks do not overwrite each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A part of the company; `parent_id` 0 is the top, `head_user_id` 0 nobody."""

    department_id: int
    code: str
    name: str
    parent_id: int = 0
    head_user_id: int = 0
    active: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One place where a person is signed in."""

    session_id: str
    user_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A machine's key, without its secret. `expires_at` None: until it is revoked."""

    token_id: int
    name: str
    user_id: int
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The answer to a sign-in: the only moment at which the session's secret is known outside the browser."""

    person: Person
    secret: str = field(repr=False)
    """For an HttpOnly, Secure, SameSite cookie."""
    csrf: str = field(repr=False)
    """For the page: it comes back in a header with every write. `csrf_of(secret)` gives it again."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SecretMade:
    """What a write that set a secret answers: whose it is, and a mark by which the maker knows its own.

    A request that is sent again gets its first answer; the secret of the second sending was never set. The mark tells
    the two apart, see `NewPassword.shown_for`. It gives nothing away.
    """

    subject_id: int
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEntry:
    """Something that happened to a person's account; never changed. `user_id` 0: a login that does not exist."""

    event_id: int
    kind: str
    user_id: int
    actor: str
    address: str
    detail: str
    recorded_at: datetime
