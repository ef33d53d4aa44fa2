"""The chain of the machine shop over HTTP: each step by its own role, forth and back again, on both databases."""

import contextlib
from collections.abc import Iterator

import pytest

from tests.clocks import SettableClock
from tests.http_client import Client, live_server
from tests.integration.http.works import Works
from tests.integration.identity.office import PASSWORD
from tests.integration.stories.http_door import HttpDoor
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.setup import open_ledger
from zhangshi.packs.model import folder_of, read_pack
from zhangshi.packs.stories import play
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Company, Request, UnitOfWork

MACHINE_SHOP = read_pack(folder_of("manufacturing"))
CHAIN = next(story for story in MACHINE_SHOP.stories if story.story == "chain")


def _open_books(uow: UnitOfWork) -> None:
    open_ledger(uow, variance_location_id=uow.next_id())


@pytest.fixture
def works(company: Company, clock: SettableClock) -> Iterator[Works]:
    """A machine shop with a person for each name of the chain."""
    company.write(Request(SYSTEM_ACTOR, "open-books", None), _open_books, answer_type=type(None))
    made = Works(company, clock)
    made.add("owner", ["owner"])
    for login, roles in CHAIN.users.items():
        made.add(login, roles)
    answer = made.client("owner").post("/packs", {"pack": "manufacturing"})
    assert answer.status_code == 200, answer.text
    yield made
    made.close()


def test_the_chain_runs_over_http_by_ten_people_and_is_taken_back_to_the_last_fen(works: Works) -> None:
    assert len(CHAIN.users) >= 8
    assert len({role for roles in CHAIN.users.values() for role in roles}) >= 8
    with live_server(works.app) as url, contextlib.ExitStack() as clients:

        def sign_in(login: str) -> Client:
            return clients.enter_context(Client(url=url)).sign_in(login, PASSWORD)

        kept = play(CHAIN, HttpDoor(works.company, sign_in))
        owner = sign_in("owner")
        expected = {"customer_contract", "sales_order", "drawing_release", "work_order", "delivery", "sales_invoice"}
        for name in ("contract", "order", "delivery", "bill", "money"):
            found = owner.get(f"/records/{kept[name].entity}/{kept[name].record_id}/chain").json()["nodes"]
            entities = {node["entity"] for node in found}
            assert expected <= entities, f"the chain seen from {name} lacks {expected - entities}"
            assert all(node["state"] and node["owner"] and node["since"] for node in found)
        with works.company.read() as session:
            report = audit(session)
        assert report.postings >= 10
        assert report.difference_count == 0
