"""Real processes at the same company do not hurt each other, on both databases."""

import threading
from typing import Any

import psycopg
import pytest

from tests.companies import CompanyAddress
from tests.integration.platform import other_process as other
from tests.integration.platform.other_process import AFFECTED, SAFE, SECONDS_MAX, SPAWN
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

COUNTERS = Statement("SELECT recorded_at FROM outbox_event ORDER BY event_id")
BUMP = Statement("UPDATE outbox_event SET recorded_at = recorded_at + 1 WHERE event_id = ?")

pytestmark = pytest.mark.slow


def race(function: Any, address: CompanyAddress, *arguments: object) -> list[Any]:
    """Run `function` in one process per argument, started at the same moment; return what each reported."""
    start, answers = SPAWN.Event(), SPAWN.Queue()
    processes = [SPAWN.Process(target=function, args=(address, start, answers, one)) for one in arguments]
    for process in processes:
        process.start()
    start.set()
    found = [answers.get(timeout=SECONDS_MAX) for _ in processes]
    for process in processes:
        process.join(SECONDS_MAX)
        assert process.exitcode == 0
    return found


def counters(address: CompanyAddress) -> list[int]:
    company = other.opened(address)
    with company.read() as session:
        found = [row[0] for row in session.query(COUNTERS)]
    company.close()
    return found


def test_two_processes_with_one_key_do_the_work_once(address: CompanyAddress) -> None:
    company = other.opened(address)
    other.add_counters(company, 1)
    company.close()
    answers = race(other.write_same_key, address, "left", "right")
    assert answers[0] == answers[1]
    assert counters(address) == [1]


def test_opposite_orders_of_locking_come_through(address: CompanyAddress) -> None:
    company = other.opened(address)
    other.add_counters(company, 1, 2)
    company.close()
    middle = SPAWN.Barrier(2)
    attempts = race(other.bump_both, address, (1, 2, middle), (2, 1, middle))
    assert counters(address) == [40, 40]
    if address.url.startswith("postgresql"):
        assert sum(attempts) > 40, "no deadlock happened, so nothing was proved"


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [(SAFE, SAFE, False), (AFFECTED, AFFECTED, True), (SAFE, AFFECTED, True), (AFFECTED, SAFE, True)],
)
def test_an_unsafe_library_is_alone_or_does_not_start(
    sqlite_address: CompanyAddress, first: tuple[int, ...], second: tuple[int, ...], refused: bool
) -> None:
    ready, leave, answers = SPAWN.Event(), SPAWN.Event(), SPAWN.Queue()
    holder = SPAWN.Process(target=other.hold_open, args=(sqlite_address, first, ready, leave))
    holder.start()
    assert ready.wait(SECONDS_MAX)
    second_process = SPAWN.Process(target=other.try_to_open, args=(sqlite_address, second, answers))
    second_process.start()
    answer = answers.get(timeout=SECONDS_MAX)
    second_process.join(SECONDS_MAX)
    if refused:
        code, sentence = answer
        assert code == "platform.sqlite_unsafe"
        assert "pysqlite3" in sentence
        assert "PostgreSQL" in sentence
    else:
        assert answer == "opened"
    leave.set()
    holder.join(SECONDS_MAX)
    other.opened(sqlite_address, version=second).close()  # and once the first has left, anybody may


def test_a_process_that_dies_leaves_no_lock_behind(sqlite_address: CompanyAddress) -> None:
    ready, never = SPAWN.Event(), SPAWN.Event()
    holder = SPAWN.Process(target=other.hold_open, args=(sqlite_address, AFFECTED, ready, never))
    holder.start()
    assert ready.wait(SECONDS_MAX)
    holder.kill()
    holder.join(SECONDS_MAX)
    other.opened(sqlite_address, version=AFFECTED).close()


def end_all_other_connections(address: CompanyAddress) -> int:
    with psycopg.connect(address.url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'zhangshi' AND datname = current_database()"
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_a_lost_connection_is_made_anew(postgresql_company: Company, postgresql_address: CompanyAddress) -> None:
    other.add_counters(postgresql_company, 1)
    assert end_all_other_connections(postgresql_address) == 2
    with postgresql_company.read() as session:
        assert session.query(COUNTERS) == [(0,)]
    request = Request("a", "k", 1)
    assert postgresql_company.write(request, lambda uow: uow.session.execute(BUMP, 1), answer_type=int) == 1


def test_a_connection_lost_in_the_middle_of_the_work_loses_nothing(
    postgresql_company: Company, postgresql_address: CompanyAddress
) -> None:
    other.add_counters(postgresql_company, 1)
    runs = 0

    def work(uow: UnitOfWork) -> int:
        nonlocal runs
        runs += 1
        count = uow.session.execute(BUMP, 1)
        if runs == 1:
            assert end_all_other_connections(postgresql_address)
        return count

    postgresql_company.write(Request("a", "k", 1), work, answer_type=int)
    assert runs == 2
    assert counters(postgresql_address) == [1]


def test_a_lock_that_is_never_given_back_ends_as_busy(
    postgresql_address: CompanyAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhangshi.platform.postgresql_database.SECONDS_LOCK_MAX", 0.1)
    company = other.opened(postgresql_address)
    other.add_counters(company, 1)
    with psycopg.connect(postgresql_address.url) as holder:
        holder.execute(f"UPDATE {postgresql_address.schema}.outbox_event SET recorded_at = 9")
        with pytest.raises(ZhangshiError) as refused:
            company.write(Request("a", "k", 1), lambda uow: uow.session.execute(BUMP, 1), answer_type=int)
        assert refused.value.code == "platform.busy"
        assert refused.value.facts["attempts"] == 5
        holder.rollback()
    company.write(Request("a", "k", 1), lambda uow: uow.session.execute(BUMP, 1), answer_type=int)
    company.close()
    assert counters(postgresql_address) == [1]


def test_a_writer_that_holds_on_makes_the_others_busy_not_stuck(
    sqlite_address: CompanyAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhangshi.platform.sqlite_database.SECONDS_BUSY_MAX", 0.2)
    first, second = other.opened(sqlite_address), other.opened(sqlite_address)
    inside, leave = threading.Event(), threading.Event()

    def hold(_uow: UnitOfWork) -> int:
        inside.set()
        leave.wait(SECONDS_MAX)
        return 1

    holding = other.in_thread(lambda: first.write(Request("a", "first", 1), hold, answer_type=int))
    assert inside.wait(SECONDS_MAX)
    with pytest.raises(ZhangshiError) as refused:
        second.write(Request("a", "second", 1), lambda _: 2, answer_type=int)
    assert refused.value.code == "platform.busy"
    leave.set()
    holding.join(SECONDS_MAX)
    assert second.write(Request("a", "second", 1), lambda _: 2, answer_type=int) == 2
    first.close()
    second.close()
