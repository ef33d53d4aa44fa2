"""The writer is killed at any moment, 200 times a database: what was acknowledged stands, and nothing is half there.

SQLite: the process that posts is killed (SIGKILL). PostgreSQL, with fsync on: in every twentieth life
the server's own process that serves it is killed first, which makes the server recover while the client lives on;
in another twentieth the whole server is killed, and started again on what it left behind.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.companies import SCHEMA, CompanyAddress, make_sqlite_template, new_database, sqlite_address
from tests.simulation.aftermath import answers_of, check_books
from tests.simulation.clerks import Entry, append_to_journal, read_journal
from tests.simulation.nursery import Nursery, open_nursery
from tests.simulation.wishes import VERBS, Wish, grant, opened, stock_up
from tools.postgres_server import PostgresServer, restartable_postgres
from zhangshi.ledger.service import StockLedger
from zhangshi.platform.migrate import migrate
from zhangshi.platform.sqlite_database import make_single_file
from zhangshi.platform.unit_of_work import Company

KILLS = 200
KILLS_A_ROUND = 40  # then a fresh company: the audit after each kill stays cheap
MILLISECONDS = (5, 80)

Kill = Callable[[int, int], None]
"""(process id of the clerk, process id of the server's part that serves it)"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "darwin", reason="forks and signals of Linux"),
]


class Round:
    """One company through many crashes. SQLite is opened anew after each, so that it recovers what it finds."""

    def __init__(self, nursery: Nursery, address: CompanyAddress, folder: Path, *, steel_lot_id: int) -> None:
        self.nursery, self.address, self.steel_lot_id = nursery, address, steel_lot_id
        self.journal, self.read = folder / f"journal of {Path(address.url).name}", 0
        self.journal.touch()
        self.counts: Counter[str] = Counter()
        self.company = opened(address)
        self.told = answers_of(self.company)
        self.rest()

    def rest(self) -> None:
        """Leave a file alone; the connections to a server stay, and find out by themselves that it crashed."""
        if self.company.dialect.name == "sqlite":
            self.company.close()

    def live(self, number: int, kill: Kill) -> None:
        """Let a clerk live and die by `kill`; then look at the books."""
        pid = self.nursery.start(
            "clerk", address=self.address, journal=str(self.journal), number=number, steel_lot_id=self.steel_lot_id
        )
        kill(pid, self.nursery.hear("ready")["backend"])
        assert self.nursery.wait(pid) == -signal.SIGKILL, self.nursery.hear("told")
        self.nursery.forget()
        entries = read_journal(self.journal)[self.read :]
        told = {entry.wish.key: entry.answer for entry in entries if entry.answer}
        pending = next((entry.wish for entry in entries[-1:] if not entry.answer), None)
        self.told |= told
        self.counts.update(entry.wish.verb for entry in entries if entry.answer)
        self.counts["told"] += len(told)
        if self.company.dialect.name == "sqlite":
            self.company = opened(self.address)
        answers = check_books(self.company, self.told, pending)
        if pending:
            self.counts["pending"] += 1
            self._ask_again(self.company, pending, answers)
        self.read += len(entries) + (pending is not None)
        self.rest()

    def _ask_again(self, company: Company, wish: Wish, before: dict[str, str]) -> None:
        """The request that was under way is repeated: it is answered as before, or happens now, once."""
        ledger = StockLedger()
        answer, ran = grant(company, ledger, wish)
        assert not (ran and wish.key in before)
        self.counts["pending was done" if wish.key in before else "pending was undone"] += 1
        assert grant(company, ledger, wish) == (answer, False)
        after = answers_of(company)
        assert after == before | {wish.key: after[wish.key]}
        append_to_journal(self.journal, Entry(wish, after[wish.key]))
        self.told = after  # the next look at the books shows that it is there once, and whole


def _some_time(chance: random.Random) -> None:
    time.sleep(chance.uniform(*MILLISECONDS) / 1000)


def _check_that_much_happened(counts: Counter[str]) -> None:
    shown = dict(sorted(counts.items()))
    assert counts["told"] >= KILLS, shown
    assert counts["pending"] >= KILLS // 4, shown
    assert counts["pending was undone"] > 0, shown
    assert counts["pending was done"] > 0, shown
    assert counts.keys() >= VERBS, shown


def test_a_process_killed_200_times_leaves_whole_postings_in_sqlite(tmp_path: Path) -> None:
    chance = random.Random(1)
    counts: Counter[str] = Counter()
    template = make_sqlite_template(tmp_path)
    steel_lot_id = stock_up(sqlite_address(template))
    make_single_file(template)

    def kill(pid: int, _backend: int) -> None:
        _some_time(chance)
        os.kill(pid, signal.SIGKILL)

    with open_nursery() as nursery:
        for first in range(0, KILLS, KILLS_A_ROUND):
            file = tmp_path / f"company-{first}.db"
            shutil.copyfile(template, file)
            round_ = Round(nursery, sqlite_address(file), tmp_path, steel_lot_id=steel_lot_id)
            for number in range(first, first + KILLS_A_ROUND):
                round_.live(number, kill)
            counts += round_.counts
    _check_that_much_happened(counts)


def test_a_process_or_its_server_killed_200_times_leaves_whole_postings_in_postgresql(tmp_path: Path) -> None:
    chance = random.Random(2)
    counts: Counter[str] = Counter()
    with open_nursery() as nursery, restartable_postgres(tmp_path, fsync=True) as server:
        killers = Killers(nursery, server, chance)
        with new_database(server.url, "stocked", strategy="wal_log") as template:
            migrate(url=template, schema=SCHEMA)
            steel_lot_id = stock_up(CompanyAddress(template, SCHEMA))
            for first in range(0, KILLS, KILLS_A_ROUND):
                with new_database(server.url, f"company_{first}", "stocked", strategy="wal_log") as url:
                    round_ = Round(nursery, CompanyAddress(url, SCHEMA), tmp_path, steel_lot_id=steel_lot_id)
                    for number in range(first, first + KILLS_A_ROUND):
                        round_.live(number, killers.of(number))
                    round_.company.close()
                    counts += round_.counts
    _check_that_much_happened(counts)
    assert killers.survived == KILLS // 20


class Killers:
    """Three ways to die on PostgreSQL."""

    def __init__(self, nursery: Nursery, server: PostgresServer, chance: random.Random) -> None:
        self._nursery, self._server, self._chance = nursery, server, chance
        self.survived = 0

    def of(self, number: int) -> Kill:
        """Choose by the number of the life."""
        if number % 20 == 9:
            return self.kill_server
        return self.kill_backend if number % 20 == 19 else self.kill_client

    def kill_client(self, pid: int, _backend: int) -> None:
        """The posting process only."""
        _some_time(self._chance)
        os.kill(pid, signal.SIGKILL)

    def kill_backend(self, pid: int, backend: int) -> None:
        """The server recovers, and the client goes on by itself: only then is it killed too."""
        _some_time(self._chance)
        self._nursery.forget()
        os.kill(backend, signal.SIGKILL)
        for _ in range(3):  # the first may have been on its way
            self._nursery.hear("told")
        self.survived += 1
        self.kill_client(pid, backend)

    def kill_server(self, pid: int, _backend: int) -> None:
        """The postmaster and the client at once; the server starts again on the same data."""
        _some_time(self._chance)
        os.kill(self._server.pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        self._server.start_again()
