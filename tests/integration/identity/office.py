"""An office with people in it: what the tests of identity stand on. Hashing is real argon2, at the smallest cost."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tests.clocks import SettableClock
from zhangshi.identity.model import OWNER, Person, Profile, SecretMade, SignedIn, User
from zhangshi.identity.policy import HashingCost
from zhangshi.identity.service import users
from zhangshi.identity.service.authentication import Authenticator
from zhangshi.identity.service.gate import Gate
from zhangshi.identity.service.passwords import Passwords
from zhangshi.identity.service.people import get_user
from zhangshi.identity.service.trace import list_trace
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

T = TypeVar("T")

CHEAP = HashingCost(memory_kib=8, passes=1, lanes=1)
PASSWORD = "three brass screws"
WRONG = "three brass nails!"


class RepeatableNoise:
    """Bytes that look random and are the same in every run."""

    def __init__(self) -> None:
        self.asked = 0

    def token_bytes(self, count: int, /) -> bytes:
        """Return the next bytes."""
        self.asked += 1
        return hashlib.shake_128(str(self.asked).encode()).digest(count)


class Office:
    """One company's people, and the doors to them."""

    def __init__(self, company: Company, clock: SettableClock) -> None:
        self.company = company
        self.clock = clock
        self.noise = RepeatableNoise()
        self.passwords = Passwords(self.noise, CHEAP)
        self.authenticator = Authenticator()
        self.gate = self.another_gate()

    def another_gate(self, cost: HashingCost = CHEAP) -> Gate:
        """Return a gate as another process, or a later version, would have it."""
        self.passwords = Passwords(self.noise, cost)
        return Gate(company=self.company, passwords=self.passwords, noise=self.noise, authenticator=self.authenticator)

    def write(self, work: Callable[[UnitOfWork], T], *, key: str = "", actor: str = "owner") -> T:
        """Run `work` in a write of its own; return what it returned."""
        returned: list[T] = []

        def remember(uow: UnitOfWork) -> None:
            returned[:] = [work(uow)]

        request = Request(actor=actor, key=key or f"test-{self.company.ids.next_id()}", content=None)
        self.company.write(request, remember, answer_type=type(None))
        return returned[0]

    def found(self) -> Person:
        """Create the first owner, `owner`; return the person signed in."""
        hashed = self.passwords.chosen(PASSWORD)
        self.write(
            lambda uow: users.create_owner(uow, login="owner", profile=Profile("王建国"), password=hashed),
            actor="zhangshi",
        )
        return self.sign_in("owner").person

    def add(self, login: str, roles: Iterable[str] = (), *, department_id: int = 0, by: Person | None = None) -> int:
        """Create a user whose password is PASSWORD; return the id."""
        hashed = self.passwords.chosen(PASSWORD)
        profile = Profile(login.title(), department_id=department_id)
        made: SecretMade = self.write(
            lambda uow: users.create_user(uow, by=by, login=login, profile=profile, password=hashed, roles=roles)
        )
        return made.subject_id

    def add_owner(self, login: str) -> int:
        """Create another owner."""
        return self.add(login, [OWNER])

    def sign_in(self, login: str, password: str = PASSWORD) -> SignedIn:
        """Sign in at the usual desk."""
        return self.gate.sign_in(login=login, password=password, address="192.168.1.20", agent="Firefox")

    def who(self, secret: str) -> Person:
        """Return the person of a session."""
        with self.company.read() as session:
            return self.authenticator.authenticate_session(session, secret, self.clock.now())

    def machine(self, secret: str) -> Person:
        """Return the person of a token."""
        with self.company.read() as session:
            return self.authenticator.authenticate_token(session, secret, self.clock.now())

    def user(self, user_id: int) -> User:
        """Return the user as it is now."""
        with self.company.read() as session:
            return get_user(session, user_id=user_id)

    def trace(self, user_id: int | None = None) -> list[str]:
        """Return what happened, oldest first."""
        with self.company.read() as session:
            return [str(entry.kind) for entry in reversed(list_trace(session, user_id=user_id))]

    def change(self, use_case: Callable[..., Any], user_id: int, *, by: Person | None = None, **facts: Any) -> Any:
        """Run one of the use cases that take a version, with the present one."""
        version = self.user(user_id).version
        return self.write(lambda uow: use_case(uow, by=by, user_id=user_id, version=version, **facts))
