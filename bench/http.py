"""The receipt of ten lines and the list page over real HTTP: statements, CPU of the server, four clients at once.

The server runs in this process, the clients in another one, so that this process's CPU is the server's.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from statistics import median
from typing import Any

from bench.company import Place, RealClock, open_at
from bench.measuring import Measurement, figure
from tests.http_client import live_server
from tests.integration.identity.office import CHEAP, RepeatableNoise
from tests.integration.records.shop import Shop, line, open_shop, receipt
from zhangshi.bootstrap import opened_for_http
from zhangshi.http.app import make_app
from zhangshi.http.companies import Companies, Opened
from zhangshi.http.limits import NO_RATES
from zhangshi.identity.model import OWNER, Person, Profile
from zhangshi.identity.service.keys import new_token_secret
from zhangshi.identity.service.passwords import Passwords
from zhangshi.identity.service.tokens import make_token
from zhangshi.identity.service.users import create_owner
from zhangshi.platform.migrate import migrate
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records.files.storage import storage_at

_LINES, _CLIENTS, _PAGE = 10, 4, 100
_DOCUMENTS, _QUICK_DOCUMENTS = 100_000, 2_000
_STATEMENTS_MAX = 25
_CPU_MILLISECONDS_MAX = 4
_LIST_MILLISECONDS_MAX = 5


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield the figures of one database."""
    url, schema = place.address("http")
    migrate(url=url, schema=schema)
    with closing(open_at(url, schema)) as company:
        content = _receipt(open_shop(company))
        opened, token = _opened(company)
        app = make_app(
            companies=Companies(known=lambda: [company.key], open_by_key=lambda _key: opened),
            clock=RealClock(),
            ids=company.ids,
            limits=NO_RATES,
        )
        with live_server(app) as address:
            receipts = f"{address}/api/v1/records/goods_receipt"
            yield from _writes(place, company, f"{receipts}?transition=post", token, content, 50 if quick else 1000)
            _multiply(company, _QUICK_DOCUMENTS if quick else _DOCUMENTS)
            yield from _reads(place, f"{receipts}?limit={_PAGE}", token, 20 if quick else 200)


def _receipt(shop: Shop) -> bytes:
    names = [f"item{number}" for number in range(_LINES)]
    for name in names:
        shop.ids[name] = shop.create("item", {"name": name, "unit": {"number": "pcs"}}).record_id
    content = receipt(shop, *[line(shop, name, "10", "5", unit=str(shop.ids["pcs"])) for name in names])
    return json.dumps(content).encode()


def _opened(company: Company) -> tuple[Opened, str]:
    """Return the company behind the door, and a token of its owner."""
    noise = RepeatableNoise()
    passwords = Passwords(noise, CHEAP)
    secret = new_token_secret(noise)
    hashed = passwords.chosen("three brass screws")

    def work(uow: UnitOfWork) -> int:
        made = create_owner(uow, login="owner", profile=Profile("王建国"), password=hashed)
        uow.session.core.exec_driver_sql("UPDATE user_account SET must_change = 0")
        owner = Person(made.subject_id, "owner", "王建国", roles=frozenset({OWNER}))
        make_token(uow, by=owner, user_id=owner.user_id, name="bench", scopes=["*:*"], secret=secret)
        return made.subject_id

    answer = company.write(Request("bench", "owner", None), work, answer_type=int)
    clear = secret._clear  # noqa: SLF001 - what a person would have written down
    assert answer
    return opened_for_http(company, passwords=passwords, noise=noise, storage=storage_at("memory:///")), clear


def _load(url: str, token: str, content: bytes, *, clients: int, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.http_load", url, token, str(clients), str(rounds)]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _writes(place: Place, company: Company, url: str, token: str, content: bytes, rounds: int) -> Iterator[Measurement]:
    _load(url, token, content, clients=1, rounds=max(5, rounds // 10))
    before = _statements(company)
    _load(url, token, content, clients=1, rounds=1)
    statements = _statements(company) - before
    yield figure("statements of a receipt over HTTP", place.name, statements, "", value_max=_STATEMENTS_MAX)
    began = time.process_time()
    alone = _load(url, token, content, clients=1, rounds=rounds)
    cpu = (time.process_time() - began) / rounds * 1e3
    limit = _CPU_MILLISECONDS_MAX if place.name == "sqlite" else None
    yield figure("receipt of 10 lines over HTTP, CPU of the server", place.name, cpu, "ms", value_max=limit)
    yield figure("receipt of 10 lines over HTTP", place.name, median(alone["seconds"]) * 1e3, "ms")
    crowd = _load(url, token, content, clients=_CLIENTS, rounds=rounds // _CLIENTS)
    assert crowd["statuses"] == [201], crowd["statuses"]
    worst = crowd["seconds"][-max(1, len(crowd["seconds"]) // 100)]
    rate = len(crowd["seconds"]) / crowd["total"]
    yield figure(f"receipts of {_CLIENTS} clients over HTTP, no error", place.name, rate, "/s")
    yield figure(f"receipt of {_CLIENTS} clients, 99th of 100", place.name, worst * 1e3, "ms")


def _reads(place: Place, url: str, token: str, rounds: int) -> Iterator[Measurement]:
    _load(url, token, b"", clients=1, rounds=5)
    began = time.process_time()
    found = _load(url, token, b"", clients=1, rounds=rounds)
    cpu = (time.process_time() - began) / rounds * 1e3
    assert found["statuses"] == [200], found["statuses"]
    limit = _LIST_MILLISECONDS_MAX
    yield figure(f"list page of {_PAGE} over HTTP, CPU of the server", place.name, cpu, "ms", value_max=limit)
    yield figure(f"list page of {_PAGE} over HTTP", place.name, median(found["seconds"]) * 1e3, "ms")


def _statements(company: Company) -> int:
    """Return how many statements all connections have sent."""
    sessions = [company._writer, *company._readers.queue]  # noqa: SLF001 - nobody is using them now
    return sum(one.statement_count for one in sessions if one is not None)


def _multiply(company: Company, wanted: int) -> None:
    """Copy the headers of the receipts until there are as many as wanted: a page shows headers only."""

    def work(uow: UnitOfWork) -> int:
        ask = uow.session.core.exec_driver_sql
        columns = list(ask("SELECT * FROM d_goods_receipt WHERE 1 = 0").keys())
        count = ask("SELECT COUNT(*) FROM d_goods_receipt").scalar_one()
        shift = 1  # below the distance of two receipts, which is milliseconds, in ids 4,096 a microsecond
        while count < wanted:
            changed = {"record_id": f"record_id + {shift}", "number": f"number || '-{shift}'"}
            shown = ", ".join(changed.get(one, one) for one in columns)
            ask(f"INSERT INTO d_goods_receipt ({', '.join(columns)}) SELECT {shown} FROM d_goods_receipt")
            count, shift = count * 2, shift * 2
        return int(count)

    company.write(Request("bench", "multiply", None), work, answer_type=int)
