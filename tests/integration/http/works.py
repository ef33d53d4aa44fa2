"""A company behind the HTTP door, with people in it, as the tests of the door want one."""

import hashlib
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp

from tests.clocks import SettableClock
from tests.http_client import Client, InProcess
from tests.integration.identity.office import CHEAP, PASSWORD, RepeatableNoise
from zhangshi.base.errors import ZhangshiError
from zhangshi.bootstrap import opened_for_http
from zhangshi.http.app import make_app
from zhangshi.http.companies import Companies, Opened
from zhangshi.http.lanes import Lanes
from zhangshi.http.limits import NO_RATES, Limits
from zhangshi.identity.model import Profile
from zhangshi.identity.service import users
from zhangshi.identity.service.passwords import HashedPassword, Passwords
from zhangshi.platform import errors
from zhangshi.platform.log import configure_log
from zhangshi.platform.tasks.service import get_task, run_task
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Company, Request, UnitOfWork
from zhangshi.records.exporting import tasks as exports
from zhangshi.records.files.storage import storage_at
from zhangshi.records.importing import tasks as imports
from zhangshi.records.importing.service import Importer


class Works:
    """The application over one company, and clients of it."""

    def __init__(
        self, company: Company, clock: SettableClock, *, limits: Limits = NO_RATES, waiting_max: int = 64
    ) -> None:
        configure_log(form="json", level="error", clock=clock)
        self.company = company
        self.clock = clock
        self.noise = RepeatableNoise()
        self.noise.asked = company.ids.next_id()  # a copy of a company makes other secrets than its template
        self.passwords = Passwords(self.noise, CHEAP)
        self.hashed: HashedPassword = self.passwords.chosen(PASSWORD)
        self.opened: Opened = opened_for_http(
            company, passwords=self.passwords, noise=self.noise, storage=storage_at("memory:///")
        )
        self.lanes = Lanes(waiting_max=waiting_max)
        self.app: ASGIApp = make_app(
            companies=Companies(known=lambda: [company.key], open_by_key=self._open),
            clock=clock,
            ids=company.ids,
            limits=limits,
            lanes=self.lanes,
        )
        self._transports: list[InProcess] = []
        self._clients: dict[str, Client] = {}

    def _open(self, key: str) -> Opened:
        if key not in ("", self.company.key):
            raise ZhangshiError(errors.UNKNOWN_COMPANY, key=key, known=self.company.key)
        return self.opened

    def transport(self, address: str = "127.0.0.1") -> InProcess:
        """Return a way into the application from an address."""
        made = InProcess(self.app, address)
        self._transports.append(made)
        return made

    def stranger(self, address: str = "127.0.0.1") -> Client:
        """Return a client that nobody knows."""
        return Client(self.transport(address))

    def add(self, login: str, roles: Iterable[str] = (), **profile: Any) -> int:
        """Add a person whose password is PASSWORD and is their own; return the id."""

        def work(uow: UnitOfWork) -> int:
            user_id = users.create_user(
                uow, by=None, login=login, profile=Profile(login.title(), **profile), password=self.hashed, roles=roles
            ).subject_id
            uow.session.core.exec_driver_sql(f"UPDATE user_account SET must_change = 0 WHERE user_id = {user_id}")
            return user_id

        request = Request(actor=SYSTEM_ACTOR, key=f"works-{login}", content=None)
        return self.company.write(request, work, answer_type=int)

    def client(self, login: str) -> Client:
        """Return the browser of a person, signed in."""
        found = self._clients.get(login)
        if found is None:
            found = self._clients[login] = Client(self.transport()).sign_in(login, PASSWORD)
        return found

    def run_job(self, job_id: int) -> None:
        """Carry an import or an export out as a worker would."""
        services = self.opened.services
        with self.company.read() as session:
            kind = get_task(session, task_id=job_id).kind
        if kind == imports.KIND:
            run_task(self.company, job_id, imports.import_work(Importer(records=services.records), services.storage))
        else:
            run_task(self.company, job_id, exports.export_work(services.exporter, services.storage))

    def fingerprint(self) -> dict[str, str]:
        """Return a digest of every table."""
        with self.company.read() as session:
            ask = session.core.exec_driver_sql
            tables = [row[0] for row in ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            rows = {table: sorted(map(repr, ask(f"SELECT * FROM {table}").fetchall())) for table in tables}
        return {table: hashlib.sha256(repr(found).encode()).hexdigest() for table, found in rows.items()}

    def close(self) -> None:
        """End the clients' loops and the threads of the application; the company stays open."""
        for transport in self._transports:
            transport.close()
        self.lanes.close()
