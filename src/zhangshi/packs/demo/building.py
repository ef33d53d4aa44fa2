"""`zhangshi demo`: install the machine shop's packs into a new company and let a year pass in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from zhangshi.identity.model import Person
from zhangshi.identity.service.passwords import Passwords
from zhangshi.identity.service.people import get_user_by_login
from zhangshi.packs.demo.crew import Crew
from zhangshi.packs.demo.days import special_days, working_months
from zhangshi.packs.demo.history import build
from zhangshi.packs.model import folder_of, read_pack
from zhangshi.packs.service.installing import install
from zhangshi.packs.shop import Shop

PACK = "manufacturing"
_TICK = timedelta(milliseconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBuilt:
    """What was built, and the passwords that are shown once."""

    owner: str
    password: str = field(repr=False)
    staff: tuple[str, ...]
    staff_password: str = field(repr=False)
    counts: Mapping[str, int]


class DemoClock:
    """A clock that stands where it was put and goes on a little with each look, so that nothing happens at once."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """See `Clock`."""
        self._now += _TICK
        return self._now

    def turn_to(self, instant: datetime) -> None:
        """See `MovingClock`; never back."""
        self._now = max(self._now, instant.astimezone(self._now.tzinfo))


def build_demo(
    shop: Shop,
    clock: DemoClock,
    *,
    owner: str,
    until: date,
    seed: int,
    passwords: Passwords,
    progress: Callable[[int, int], None],
) -> tuple[tuple[str, ...], str, dict[str, int]]:
    """Build the factory in a company that has its books open and its owner; return logins, password and counts.

    Raises: what installing and the services raise; a refusal would be a mistake of the demo.
    """
    core, machine_shop = read_pack(folder_of("core")), read_pack(folder_of(PACK))
    install(shop.company, shop.catalogs, [machine_shop], actor=owner, seeds=shop.seeds)
    with shop.company.read() as session:
        user = get_user_by_login(session, login=owner)
    boss = Person(user_id=user.user_id, login=owner, name=user.name, roles=frozenset(user.roles))
    months = working_months(until, special_days(core.seeds("base")))
    made_up = passwords.made_up()
    crew = Crew(shop, clock, boss)
    done = iter(range(1, len(months) + 1))
    factory = build(
        crew, months=months, seed=seed, password=made_up.hashed, told=lambda _: progress(next(done), len(months))
    )
    logins = tuple(one.login for one in factory.people if one.login and one.login != owner)
    return logins, made_up.shown_for(factory.staff_secret), factory.counts()
