"""Eight hands reach for the last goods: each unit is given once, and nobody is told of a deadlock."""

import fcntl
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import builders as b
from tests.companies import CompanyAddress
from tests.simulation.nursery import Nursery, open_nursery
from tests.simulation.rivals import MANY_ITEMS, METHODS
from tests.simulation.wishes import ON, SCREW, opened
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.queries import balances, on_hand
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company

_COUNT = Statement("SELECT COUNT(*), SUM(CASE WHEN command = ? THEN 1 ELSE 0 END) FROM posting")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes are forked"),
]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with open_nursery() as opened_nursery:
        yield opened_nursery


def race(
    nursery: Nursery, address: CompanyAddress, folder: Path, *, task: str, processes: int, times: int
) -> Counter[str]:
    """Let processes do the task so many times each, all at once; return how often each outcome came."""
    gate = folder / "gate"
    gate.touch()
    with gate.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        pids = [
            nursery.start(task, address=address, gate=str(gate), name=name, times=times) for name in range(processes)
        ]
        for _ in pids:
            nursery.hear("ready")
    ended = [nursery.hear("ended") for _ in pids]
    assert [nursery.wait(pid) for pid in pids] == [0] * processes
    span = max(one["ended"] for one in ended) - min(one["began"] for one in ended)
    assert sum(one["ended"] - one["began"] for one in ended) > 2 * span, "they did not meet"
    outcomes: Counter[str] = Counter()
    for one in ended:
        outcomes.update(one["outcomes"])
    assert outcomes.total() == processes * times
    return outcomes


def stocked(
    address: CompanyAddress, items: tuple[int, ...], quantity: int, *, at: tuple[int, ...] = (b.BIN,)
) -> Company:
    """Open a company with so much of each item in each place, the costing methods in turn."""
    company = opened(address)
    factory = b.open_factory(company)
    for number, item_id in enumerate(items):
        factory.item(item_id, method=METHODS[number % len(METHODS)], standard="4")
        for place in at:
            factory.post(b.receive(on=ON, item=item_id, quantity_text=quantity, at=place, unit_cost="4.1"))
    return company


def check_audit(company: Company, *, command: str, postings: int) -> None:
    """The books are clean, and hold as many postings of that kind as were acknowledged."""
    with company.read() as session:
        assert audit(session).differences == ()
        assert session.query(_COUNT, command)[0][1] == postings


def test_the_last_500_units_are_issued_500_times_by_eight_processes(
    nursery: Nursery, address: CompanyAddress, tmp_path: Path
) -> None:
    company = stocked(address, (SCREW,), 500)
    outcomes = race(nursery, address, tmp_path, task="issue", processes=8, times=125)
    assert outcomes == {"done": 500, "ledger.insufficient_stock": 500}
    with company.read() as session:
        assert balances(session, item_id=SCREW) == []
        assert on_hand(session) == []
    check_audit(company, command="issue", postings=500)
    company.close()


def test_the_last_100_units_are_promised_100_times_by_eight_processes(
    nursery: Nursery, address: CompanyAddress, tmp_path: Path
) -> None:
    company = stocked(address, (SCREW,), 50, at=(b.BIN, b.OTHER_BIN))
    outcomes = race(nursery, address, tmp_path, task="reserve", processes=8, times=25)
    assert outcomes == {"done": 100, "ledger.insufficient_to_reserve": 100}
    with company.read() as session:
        (found,) = on_hand(session)
        assert (found.quantity, found.reserved, found.available) == (100_000_000, 100_000_000, 0)
    check_audit(company, command="receive", postings=2)
    company.close()


def test_one_request_sent_by_four_processes_at_once_is_granted_to_all_and_done_once(
    nursery: Nursery, address: CompanyAddress, tmp_path: Path
) -> None:
    """The later ones find no stock: because of the first, which was they."""
    company = stocked(address, MANY_ITEMS, 1)
    outcomes = race(nursery, address, tmp_path, task="issue the same", processes=4, times=len(MANY_ITEMS))
    assert outcomes == {"done": 4 * len(MANY_ITEMS)}
    check_audit(company, command="issue", postings=len(MANY_ITEMS))
    company.close()


def test_carrying_both_ways_between_two_bins_never_fails(
    nursery: Nursery, address: CompanyAddress, tmp_path: Path
) -> None:
    company = stocked(address, MANY_ITEMS[:3], 200, at=(b.BIN, b.OTHER_BIN))
    assert race(nursery, address, tmp_path, task="carry", processes=4, times=50) == {"done": 200}
    with company.read() as session:
        for item_id in MANY_ITEMS[:3]:
            found = {row.location_id: row.quantity for row in balances(session, item_id=item_id)}
            assert found == {b.BIN: 200_000_000, b.OTHER_BIN: 200_000_000}, "as many went as came back"
    check_audit(company, command="put_away", postings=200)
    company.close()


def test_lines_in_any_order_never_meet_in_a_deadlock(
    nursery: Nursery, postgresql_address: CompanyAddress, tmp_path: Path
) -> None:
    """Not only is none told to the user: the server sees none, because everybody locks items in one order."""
    company = stocked(postgresql_address, MANY_ITEMS, 2000)
    assert race(nursery, postgresql_address, tmp_path, task="trade", processes=4, times=50) == {"done": 200}
    with company.read() as session:
        assert audit(session).differences == ()
        assert session.query(_COUNT, "issue")[0][0] == len(MANY_ITEMS) + 200
    company.close()
    assert deadlocks_of(postgresql_address) == 0


def deadlocks_of(address: CompanyAddress) -> int:
    """Return how many deadlocks the server broke in the company's database; a process notes its own when it ends."""
    with psycopg.connect(address.url, autocommit=True) as connection:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while (row := connection.execute(others).fetchone()) != (0,):
            assert row is not None
            time.sleep(0.01)
        found = connection.execute(
            "SELECT deadlocks, xact_commit > 0 FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    assert found is not None
    assert found[1], "the server counts"
    return int(found[0])
