"""A machine shop behind the HTTP door: the packs core and manufacturing, installed once and copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.clocks import SettableClock
from tests.companies import SCHEMA, make_sqlite_template, sqlite_address
from tests.http_client import Client
from tests.integration.http.works import Works
from zhangshi.base.ids import CountingIds
from zhangshi.http.limits import NO_RATES, Limits
from zhangshi.ledger.service.setup import open_ledger
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Company, Request, UnitOfWork, open_company

FIRST_FREE_ID = 10_000_000
"""Above every id of the template, which counted from 1."""


@contextmanager
def opened(file: Path, *, first_id: int = FIRST_FREE_ID, limits: Limits = NO_RATES, **rest: Any) -> Iterator[Works]:
    """Open a company of its own in `file`."""
    clock = SettableClock()
    company = open_company(
        key="test", url=sqlite_address(file).url, schema=SCHEMA, clock=clock, ids=CountingIds(first_id)
    )
    works = Works(company, clock, limits=limits, **rest)
    try:
        yield works
    finally:
        works.close()
        company.close()


def make_shop(folder: Path) -> Path:
    """Make the template: a company with both packs, an owner and a clerk; return its file."""
    file = make_sqlite_template(folder)
    with opened(file, first_id=1) as works:
        _open_books(works.company)
        works.add("owner", ["owner"])
        works.add("clerk")
        made = works.client("owner").post("/packs", {"pack": "manufacturing"})
        assert made.status_code == 200, made.text
    return file


def _open_books(company: Company) -> None:
    def work(uow: UnitOfWork) -> None:
        open_ledger(uow, variance_location_id=uow.next_id())

    company.write(Request(SYSTEM_ACTOR, "open-books", None), work, answer_type=type(None))


def copy_shop(template: Path, folder: Path) -> Path:
    """Return a copy that a test may do with what it likes."""
    return Path(shutil.copyfile(template, folder / "shop.db"))


OpenShop = Callable[..., Works]


def number_of(client: Client, entity: str) -> dict[str, Any]:
    """Return some record of an entity."""
    rows = client.get(f"/records/{entity}", params={"limit": 1}).json()["rows"]
    assert rows, f"the shop has no {entity}"
    found: dict[str, Any] = rows[0]
    return found
