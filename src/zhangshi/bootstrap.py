"""The only place that wires: the system's clock, its randomness, its sleep, and the adapters to the ports."""

import os
import secrets
import socket
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from zhangshi.base.errors import FactValue, ZhangshiError
from zhangshi.base.ids import TimeOrderedIds
from zhangshi.cli import commands
from zhangshi.cli.main import run
from zhangshi.cli.wiring import AuditOutcome, Progress
from zhangshi.platform import errors
from zhangshi.platform.backup import back_up
from zhangshi.platform.databases import open_database
from zhangshi.platform.describe import describe_company, describe_program
from zhangshi.platform.directory import CompanyEntry, Directory, shown_url
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.worker import Worker
from zhangshi.platform.log import configure_log
from zhangshi.platform.migrate import migrate
from zhangshi.platform.restore import restore
from zhangshi.platform.settings import Settings, settings_from_environment
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Company, Request, UnitOfWork, open_company

_MICROS = 1000  # nanoseconds


class SystemClock:
    """The `Clock` of production."""

    def now(self) -> datetime:
        """See `Clock`."""
        return datetime.now(UTC)


def system_ids() -> TimeOrderedIds:
    """Return the ids of production."""
    return TimeOrderedIds(micros_now=lambda: time.time_ns() // _MICROS, noise=secrets.randbits)


def open_entry(entry: CompanyEntry) -> Company:
    """Open a company at its address; errors as `open_company`."""
    return open_company(
        key=entry.key, url=entry.url, schema=entry.schema, clock=SystemClock(), ids=system_ids(), pause=time.sleep
    )


def open_company_by_key(key: str = "") -> Company:
    """Open a company of this installation's directory.

    Raises: platform.unknown_company, platform.which_company, and what `open_company` raises.
    """
    settings = settings_from_environment(os.environ)
    return open_entry(Directory(settings.home).get_entry(key or settings.company))


def _open_books(entry: CompanyEntry) -> None:
    """Open the stock ledger and set its schedules; once, however often a database is registered."""
    from zhangshi.ledger.service import setup, upkeep  # noqa: PLC0415 - other commands need not load the ledger

    def work(uow: UnitOfWork) -> None:
        setup.open_ledger(uow, variance_location_id=uow.next_id())
        upkeep.set_schedules(uow)

    company = open_entry(entry)
    try:
        request = Request(actor=SYSTEM_ACTOR, key="zhangshi/open-books", content=None)
        company.write(request, work, answer_type=type(None))
    finally:
        company.close()


class SystemWiring:
    """See `zhangshi.cli.wiring.Wiring`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.directory = Directory(settings.home)

    def create_company(self, entry: CompanyEntry) -> str:
        """See `Wiring`."""
        for known in self.directory.list_entries():
            if known.key == entry.key:
                raise ZhangshiError(errors.COMPANY_EXISTS, key=entry.key, url=shown_url(known.url))
        try:
            self.settings.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ZhangshiError(errors.CANNOT_WRITE_FILE, file=str(self.settings.home), detail=str(error)) from None
        _, revision = migrate(url=entry.url, schema=entry.schema, key=entry.key)
        _open_books(entry)
        self.directory.add_entry(entry)
        return revision

    def migrate(self, entry: CompanyEntry) -> tuple[str, str]:
        """See `Wiring`."""
        return migrate(url=entry.url, schema=entry.schema, key=entry.key, create=False)

    def audit(self, entry: CompanyEntry, progress: Progress) -> AuditOutcome:
        """See `Wiring`."""
        from zhangshi.ledger.service.audit import audit  # noqa: PLC0415 - other commands need not load the ledger

        company = open_entry(entry)
        try:
            with company.read() as session:
                report = audit(session, progress=progress)
        finally:
            company.close()
        return AuditOutcome(
            counts={
                "postings": report.postings,
                "moves": report.moves,
                "items": report.items,
                "sealed": report.sealed,
            },
            difference_count=report.difference_count,
            differences=[
                {name: value if isinstance(value, str) else str(value) for name, value in asdict(one).items()}
                for one in report.differences
            ],
        )

    def back_up(self, entry: CompanyEntry, file: Path, progress: Progress) -> int:
        """See `Wiring`."""
        database = open_database(url=entry.url, schema=entry.schema)
        try:
            return back_up(key=entry.key, database=database, file=file, progress=progress)
        finally:
            database.close()

    def restore(
        self, entry: CompanyEntry, file: Path, progress: Progress, *, force: bool, accept_differences: bool
    ) -> str | None:
        """See `Wiring`."""

        def verify(provisional: CompanyEntry) -> str | None:
            outcome = self.audit(provisional, progress)
            return commands.shown_difference(outcome) or None

        return restore(
            entry=entry,
            file=file,
            force=force,
            accept_differences=accept_differences,
            verify=verify,
            progress=progress,
        )

    def open_company(self, entry: CompanyEntry) -> Company:
        """See `Wiring`."""
        return open_entry(entry)

    def make_worker(self, company: Company) -> Worker:
        """See `Wiring`."""
        from zhangshi.ledger.service import upkeep  # noqa: PLC0415 - other commands need not load the ledger

        handlers = Handlers()
        upkeep.register_handlers(handlers)
        request = Request(actor=SYSTEM_ACTOR, key=f"schedules-{company.ids.next_id()}", content=None)
        company.write(request, upkeep.set_schedules, answer_type=type(None))
        name = f"{socket.gethostname()}:{os.getpid()}"
        return Worker(company=company, handlers=handlers, noise=secrets.randbits, name=name)

    def describe(self, entry: CompanyEntry) -> dict[str, FactValue]:
        """See `Wiring`."""
        return describe_company(entry)

    def program(self) -> dict[str, FactValue]:
        """See `Wiring`."""
        return {"version": _version(), "home": str(self.settings.home), **describe_program()}


def _version() -> str:
    try:
        return metadata.version("zhangshi")
    except metadata.PackageNotFoundError:
        return "source"  # run from a working copy that was never installed


def system_wiring() -> SystemWiring:
    """Wire one process by its environment. Raises: platform.bad_setting."""
    settings = settings_from_environment(os.environ)
    configure_log(form=settings.log_format, level=settings.log_level, clock=SystemClock())
    return SystemWiring(settings)


def main() -> None:
    """The console script `zhangshi`."""
    sys.exit(run(sys.argv[1:], make_wiring=system_wiring))
