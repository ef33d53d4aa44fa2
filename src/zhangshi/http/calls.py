"""One request, checked and authenticated: what a route's function gets to work with."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Never, TypeVar

from zhangshi.base.clock import Clock
from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.definitions.catalog import Catalog
from zhangshi.http import errors
from zhangshi.http.companies import Companies, Opened
from zhangshi.http.credentials import Credentials
from zhangshi.http.live import Live
from zhangshi.http.parameters import Query, checked_id
from zhangshi.http.routing import RouteTable
from zhangshi.http.services import Services
from zhangshi.identity.model import Person
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records.model import Caller

T = TypeVar("T")

NOBODY = Person(0, "", "")


class _NotYetError(Exception):
    """No such request was answered before."""


def _not_yet(_uow: UnitOfWork) -> Never:
    raise _NotYetError


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form, whole in memory (its size was limited while it came in)."""

    name: str
    media_type: str
    content: bytes


@dataclass(slots=True, kw_only=True)
class Call:
    """One request. `person` is `NOBODY` where a route needs no session."""

    route: str
    routes: RouteTable
    opened: Opened
    companies: Companies
    person: Person
    query: Query
    path: Mapping[str, str]
    address: str = ""
    agent: str = ""
    secure: bool = False
    secret: str = field(default="", repr=False)
    client_key: str = ""
    if_match: int = 0
    body: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    upload: Upload | None = None
    last_event_id: str = ""
    live: Live
    credentials: Credentials = field(repr=False)

    @property
    def company(self) -> Company:
        """The database of the company that is meant."""
        return self.opened.company

    @property
    def services(self) -> Services:
        """The services of the company that is meant."""
        return self.opened.services

    def authenticate(self) -> Person:
        """Say who this is now; for what goes on after the request was answered. Raises: identity.session_over."""
        return self.credentials.person(self.opened)

    @property
    def caller(self) -> Caller:
        """Who asks, as the records want to know it."""
        return Caller(self.person, "http")

    @property
    def language(self) -> Language:
        """The person's language."""
        return self.person.language

    @property
    def clock(self) -> Clock:
        """The company's clock."""
        return self.opened.company.clock

    @property
    def key(self) -> str:
        """The key of this write: the client's, within what this person writes through this door."""
        own = self.client_key or f"dry-{self.company.ids.next_id()}"
        return f"http/{self.person.user_id}/{own}"

    @property
    def dry_run(self) -> bool:
        """Whether nothing is to be left behind."""
        return self.query.flag("dry_run")

    def id(self, name: str) -> int:
        """Return an id of the path. Raises: http.bad_parameter."""
        return checked_id(name, self.path[name])

    def read(self) -> AbstractContextManager[Session]:
        """Have a reading session; see `Company.read`."""
        return self.company.read()

    def catalog(self) -> Catalog:
        """Return the published definitions as they are now."""
        with self.read() as session:
            return self.opened.catalogs.current(session)

    def write(self, work: Callable[[UnitOfWork], T], *, answer_type: type[T], content: object = None) -> T:
        """Run `work` once under the request's key; its content is the route, the path and `content` (or the body)."""
        asked = (self.route, dict(self.path), self.if_match, self.body if content is None else content)
        request = Request(actor=self.person.actor, key=self.key, content=asked)
        return self.company.write(request, work, answer_type=answer_type, dry_run=self.dry_run)

    def once(self, work: Callable[[], T], *, answer_type: type[T]) -> T:
        """Run `work`, which has transactions of its own, unless this request was answered before; keep its answer.

        A crash before the end leaves no answer: the same request then runs `work` again, which must bear that.
        """
        try:
            return self.write(_not_yet, answer_type=answer_type)
        except _NotYetError:
            answer = work()
        return self.write(lambda _uow: answer, answer_type=answer_type)

    def require(self, subject: str, action: str) -> None:
        """Do nothing if the person may do this to a subject that is no entity (people, definitions, …).

        The owner may; others through a grant that names the subject. A token's scopes hold as well.

        Raises: http.not_allowed.
        """
        if not self.allows(subject, action):
            raise ZhangshiError(errors.NOT_ALLOWED, subject=subject, action=action)

    def allows(self, subject: str, action: str) -> bool:
        """Return whether `require` would let this pass."""
        if not self.person.may_token(subject, action):
            return False
        if self.person.is_owner:
            return True
        roles = self.catalog().roles
        grants = [grant for key in self.person.roles if key in roles for grant in roles[key].grants.get(subject, ())]
        return any("*" in grant.actions or action in grant.actions for grant in grants)
