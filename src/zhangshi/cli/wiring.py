"""What the commands need of the world; `bootstrap` provides it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from zhangshi.base.errors import FactValue
from zhangshi.identity.service.passwords import Passwords
from zhangshi.platform.directory import CompanyEntry, Directory
from zhangshi.platform.jobs.worker import Worker
from zhangshi.platform.settings import Settings
from zhangshi.platform.unit_of_work import Company

if TYPE_CHECKING:  # most commands need not load the forms
    from zhangshi.packs.demo.building import DemoBuilt
    from zhangshi.packs.shop import Shop

Progress = Callable[[int, int], None]
"""Told how much of how much is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOutcome:
    """What an audit looked at and what differs; `differences` holds the first, `difference_count` counts all."""

    counts: Mapping[str, int]
    difference_count: int
    differences: Sequence[Mapping[str, FactValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A company that was made or registered. `password` is the first owner's, shown once; "": there were users."""

    revision: str
    owner: str
    password: str = field(repr=False)


class Wiring(Protocol):
    """The services behind the commands. Each raises `ZhangshiError` for what is anticipated."""

    settings: Settings
    directory: Directory

    def create_company(self, entry: CompanyEntry, *, owner: str) -> Created:
        """Create and register a company, with its first owner of the login `owner` if it has no users."""
        ...

    def migrate(self, entry: CompanyEntry) -> tuple[str, str]:
        """Bring the tables to the program's revision; return the revision before and after."""
        ...

    def audit(self, entry: CompanyEntry, progress: Progress) -> AuditOutcome:
        """Derive the books again from the moves."""
        ...

    def back_up(self, entry: CompanyEntry, file: Path, progress: Progress) -> int:
        """Write a backup file; return its size in bytes."""
        ...

    def restore(
        self, entry: CompanyEntry, file: Path, progress: Progress, *, force: bool, accept_differences: bool
    ) -> str | None:
        """Replace the company by a backup, after an audit; return the first difference if one was accepted."""
        ...

    def open_company(self, entry: CompanyEntry) -> Company:
        """Open a company; the caller closes it."""
        ...

    def passwords(self) -> Passwords:
        """Return what hashes and makes up passwords."""
        ...

    def make_worker(self, company: Company) -> Worker:
        """Return a worker that knows all handlers, not yet started; sets the product's own schedules."""
        ...

    def open_shop(self, company: Company) -> "Shop":
        """Return an opened company with everything that its forms need."""
        ...

    def scratch_shop(self) -> "AbstractContextManager[Shop]":
        """Make an empty company on SQLite that is gone when the block ends."""
        ...

    def build_demo(self, entry: CompanyEntry, *, seed: int, until: date | None, progress: Progress) -> "DemoBuilt":
        """Create a company and build the demo factory in it, up to `until` (None: today)."""
        ...

    def serve(self, *, host: str, port: int, workers: int) -> None:
        """Serve the HTTP API of this installation until somebody ends it."""
        ...

    def describe(self, entry: CompanyEntry) -> dict[str, FactValue]:
        """Return what there is to know about a company's database."""
        ...

    def program(self) -> dict[str, FactValue]:
        """Return what there is to know about this program."""
        ...
