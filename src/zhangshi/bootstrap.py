"""The only place that wires: the system's clock, its randomness, its sleep, and the adapters to the ports."""

import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from zhangshi.base.clock import Clock
from zhangshi.base.errors import FactValue, Language, ZhangshiError
from zhangshi.base.ids import TimeOrderedIds
from zhangshi.cli import commands
from zhangshi.cli.main import run
from zhangshi.cli.wiring import AuditOutcome, Created, Progress
from zhangshi.identity.ports import Noise
from zhangshi.identity.service.passwords import Passwords
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

if TYPE_CHECKING:  # most commands need not load a web framework
    from starlette.types import ASGIApp

    from zhangshi.http.companies import Opened
    from zhangshi.packs.demo.building import DemoBuilt
    from zhangshi.packs.shop import Shop
    from zhangshi.records.files.model import FileStorage

_MICROS = 1000  # nanoseconds
_DEFAULT_ZONE = "Asia/Shanghai"


class SystemClock:
    """The `Clock` of production."""

    def now(self) -> datetime:
        """See `Clock`."""
        return datetime.now(UTC)


def system_ids() -> TimeOrderedIds:
    """Return the ids of production."""
    return TimeOrderedIds(micros_now=lambda: time.time_ns() // _MICROS, noise=secrets.randbits)


def open_entry(entry: CompanyEntry, *, clock: Clock | None = None) -> Company:
    """Open a company at its address; errors as `open_company`."""
    return open_company(
        key=entry.key,
        url=entry.url,
        schema=entry.schema,
        clock=clock or SystemClock(),
        ids=system_ids(),
        pause=time.sleep,
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


def _create_owner(entry: CompanyEntry, passwords: Passwords, *, login: str, language: Language) -> str:
    """Create the first owner; return the password to be shown once, or "" if the company has users already."""
    from zhangshi.identity import errors as refusals  # noqa: PLC0415 - other commands need not load identity
    from zhangshi.identity.model import Profile, SecretMade  # noqa: PLC0415
    from zhangshi.identity.service.users import create_owner  # noqa: PLC0415

    made_up = passwords.made_up()
    work = partial(create_owner, login=login, profile=Profile(login, language=language), password=made_up.hashed)
    company = open_entry(entry)
    try:
        request = Request(actor=SYSTEM_ACTOR, key="zhangshi/first-owner", content=None)
        return made_up.shown_for(company.write(request, work, answer_type=SecretMade))
    except ZhangshiError as error:
        if error.error_code in (refusals.OWNER_EXISTS, refusals.SECRET_SHOWN_BEFORE):
            return ""
        raise
    finally:
        company.close()


class SystemWiring:
    """See `zhangshi.cli.wiring.Wiring`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.directory = Directory(settings.home)

    def create_company(self, entry: CompanyEntry, *, owner: str) -> Created:
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
        password = _create_owner(entry, self.passwords(), login=owner, language=self.settings.language)
        self.directory.add_entry(entry)
        return Created(revision=revision, owner=owner, password=password)

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

    def passwords(self) -> Passwords:
        """See `Wiring`."""
        return Passwords(secrets)

    def make_worker(self, company: Company) -> Worker:
        """See `Wiring`."""
        from zhangshi.definitions.service import publish as publishing  # noqa: PLC0415 - as below
        from zhangshi.definitions.service.catalogs import Catalogs  # noqa: PLC0415
        from zhangshi.ledger.service import upkeep  # noqa: PLC0415 - other commands need not load the ledger

        handlers = Handlers()
        upkeep.register_handlers(handlers)
        handlers.add_outside(publishing.HANDLER, publishing.publish_handler(company, Catalogs()))
        register_transfers(handlers, open_shop(company), self.file_storage(company.key))
        request = Request(actor=SYSTEM_ACTOR, key=f"schedules-{company.ids.next_id()}", content=None)
        company.write(request, upkeep.set_schedules, answer_type=type(None))
        name = f"{socket.gethostname()}:{os.getpid()}"
        return Worker(company=company, handlers=handlers, noise=secrets.randbits, name=name)

    def file_storage(self, key: str) -> "FileStorage":
        """Return where a company's files are kept: below the home folder, as the server and the worker see it."""
        from zhangshi.records.files.storage import storage_at  # noqa: PLC0415 - most commands need no files

        return storage_at(f"file://{self.settings.home.absolute()}/files", prefix=key)

    def open_shop(self, company: Company) -> "Shop":
        """See `Wiring`."""
        return open_shop(company)

    @contextmanager
    def scratch_shop(self) -> Iterator["Shop"]:
        """See `Wiring`."""
        with TemporaryDirectory() as folder:
            entry = CompanyEntry(key="scratch", url=f"sqlite:///{folder}/scratch.db")
            migrate(url=entry.url, schema=entry.schema, key=entry.key)
            _open_books(entry)
            company = open_entry(entry)
            try:
                yield open_shop(company)
            finally:
                company.close()

    def build_demo(self, entry: CompanyEntry, *, seed: int, until: date | None, progress: Progress) -> "DemoBuilt":
        """See `Wiring`."""
        from zhangshi.packs.demo.building import DemoBuilt, DemoClock, build_demo  # noqa: PLC0415 - as above

        created = self.create_company(entry, owner="boss")
        today = SystemClock().now()
        last = until or today.astimezone(ZoneInfo(_DEFAULT_ZONE)).date()
        clock = DemoClock(datetime.combine(last - timedelta(days=420), datetime.min.time(), UTC))
        company = open_entry(entry, clock=clock)
        try:
            staff, staff_password, counts = build_demo(
                open_shop(company), clock, owner="boss", until=last, seed=seed, passwords=self.passwords(),
                progress=progress,
            )  # fmt: skip
        finally:
            company.close()
        return DemoBuilt(
            owner=created.owner,
            password=created.password,
            staff=staff,
            staff_password=staff_password,
            counts=counts,
        )

    def serve(self, *, host: str, port: int, workers: int) -> None:
        """See `Wiring`."""
        from zhangshi.http.serving import serve  # noqa: PLC0415 - other commands need not load a web framework

        serve(app="zhangshi.bootstrap:http_app", host=host, port=port, workers=workers)

    def describe(self, entry: CompanyEntry) -> dict[str, FactValue]:
        """See `Wiring`."""
        return describe_company(entry)

    def program(self) -> dict[str, FactValue]:
        """See `Wiring`."""
        return {"version": _version(), "home": str(self.settings.home), **describe_program()}


def open_shop(company: Company) -> "Shop":
    """Return an opened company with everything that its forms need, every part told of the records it plays."""
    from zhangshi.definitions.service.catalogs import Catalogs  # noqa: PLC0415 - commands need not load the forms
    from zhangshi.identity.service.played import save_department  # noqa: PLC0415
    from zhangshi.ledger.service.asked import time_zone  # noqa: PLC0415
    from zhangshi.packs.seeding import RecordsSeedPlayer  # noqa: PLC0415
    from zhangshi.packs.shop import Shop  # noqa: PLC0415
    from zhangshi.records.reader import RecordReader  # noqa: PLC0415
    from zhangshi.records.service.players import standard_players  # noqa: PLC0415
    from zhangshi.records.service.records import Records  # noqa: PLC0415
    from zhangshi.supply.player import refuse_ring  # noqa: PLC0415

    catalogs, players = Catalogs(), standard_players()
    players.add("bom", refuse_ring)
    players.add(
        "department",
        lambda work, played: save_department(work.uow, department_id=played.record_id, values=played.values),
    )
    records = Records(company=company, catalogs=catalogs, players=players)
    with company.read() as session:
        zone = ZoneInfo(time_zone(session) or _DEFAULT_ZONE)
    return Shop(
        company=company,
        catalogs=catalogs,
        records=records,
        reader=RecordReader(company=company, catalogs=catalogs, zone=zone, records=records),
        seeds=RecordsSeedPlayer(records),
        zone=zone,
    )


def register_transfers(handlers: Handlers, shop: "Shop", storage: "FileStorage") -> None:
    """Tell a worker how imports and exports are carried out."""
    from zhangshi.platform.tasks.service import task_handler  # noqa: PLC0415 - commands need not load the forms
    from zhangshi.records.exporting import tasks as exports  # noqa: PLC0415
    from zhangshi.records.exporting.service import Exporter  # noqa: PLC0415
    from zhangshi.records.importing import tasks as imports  # noqa: PLC0415
    from zhangshi.records.importing.service import Importer  # noqa: PLC0415

    exporter = Exporter(company=shop.company, reader=shop.reader, zone=shop.zone)
    export, carry_in = (
        exports.export_work(exporter, storage),
        imports.import_work(Importer(records=shop.records), storage),
    )
    handlers.add_outside(exports.KIND, task_handler(shop.company, export))
    handlers.add_outside(imports.KIND, task_handler(shop.company, carry_in))


def opened_for_http(company: Company, *, passwords: Passwords, noise: Noise, storage: "FileStorage") -> "Opened":
    """Return an opened company with the services that the HTTP door calls."""
    from zhangshi.http.companies import Opened  # noqa: PLC0415 - commands need not load the door
    from zhangshi.http.services import Services  # noqa: PLC0415
    from zhangshi.identity.service.authentication import Authenticator  # noqa: PLC0415
    from zhangshi.identity.service.gate import Gate  # noqa: PLC0415
    from zhangshi.records.exporting.service import Exporter  # noqa: PLC0415
    from zhangshi.records.files.service import Files  # noqa: PLC0415
    from zhangshi.records.saved_views import SavedViews  # noqa: PLC0415

    authenticator, shop = Authenticator(), open_shop(company)
    return Opened(
        company=company,
        authenticator=authenticator,
        gate=Gate(company=company, passwords=passwords, noise=noise, authenticator=authenticator),
        passwords=passwords,
        noise=noise,
        catalogs=shop.catalogs,
        services=Services(
            records=shop.records,
            reader=shop.reader,
            files=Files(company=company, asking=shop.reader.asking, storage=storage),
            exporter=Exporter(company=company, reader=shop.reader, zone=shop.zone),
            views=SavedViews(company=company, catalogs=shop.catalogs),
            storage=storage,
            seeds=shop.seeds,
        ),
    )


def http_app() -> "ASGIApp":
    """Return the application over the companies of this installation; a worker process of the server calls it."""
    from zhangshi.http.app import make_app  # noqa: PLC0415 - commands need not load the door
    from zhangshi.http.companies import Companies  # noqa: PLC0415

    wiring = system_wiring()
    directory, passwords = wiring.directory, wiring.passwords()

    def open_by_key(key: str) -> "Opened":
        company = open_entry(directory.get_entry(key))
        return opened_for_http(company, passwords=passwords, noise=secrets, storage=wiring.file_storage(company.key))

    companies = Companies(
        known=lambda: [entry.key for entry in directory.list_entries()],
        open_by_key=open_by_key,
        default=wiring.settings.company,
    )
    return make_app(companies=companies, clock=SystemClock(), ids=system_ids(), language=wiring.settings.language)


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
