"""The material for /healthz says what is wrong, and never raises because something is."""

from datetime import timedelta
from urllib.parse import urlsplit

import psycopg

from tests.clocks import SettableClock
from tests.companies import CompanyAddress
from zhangshi.platform.health import Health, check_health
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork, transaction

SHOW_WORKER = Statement("INSERT INTO worker (worker_id, name, started_at, seen_at, running) VALUES (1, 'w', ?, ?, 0)")


def bad(health: Health) -> set[str]:
    return {check.name for check in health.checks if not check.ok}


def show_worker(company: Company) -> None:
    def work(uow: UnitOfWork) -> int:
        return uow.session.execute(SHOW_WORKER, uow.now_micros, uow.now_micros)

    company.write(Request("a", "worker", 1), work, answer_type=int)


def test_all_is_well(company: Company, clock: SettableClock) -> None:
    show_worker(company)
    health = check_health(company)
    assert health.ok, health
    assert health.jobs is not None
    assert health.jobs.worker_seen_at == clock.now()
    assert {check.name for check in health.checks} >= {"database", "migrations", "worker", "outbox"}


def test_no_worker_and_a_lagging_outbox_are_told(company: Company, clock: SettableClock) -> None:
    company.write(Request("a", "k", 1), lambda uow: uow.emit("t", "k", 1), answer_type=type(None))
    assert bad(check_health(company)) == {"worker"}
    show_worker(company)
    assert bad(check_health(company)) == set()
    clock.advance(timedelta(minutes=6))
    assert bad(check_health(company)) == {"worker", "outbox"}


def test_a_database_that_is_behind_is_told(company: Company) -> None:
    with transaction(company.database) as session:
        session.core.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert bad(check_health(company)) == {"migrations"}


def test_a_database_that_is_away_is_an_answer(postgresql_company: Company, postgresql_address: CompanyAddress) -> None:
    parts = urlsplit(postgresql_address.url)
    name = parts.path[1:]
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    health = check_health(postgresql_company)
    assert not health.ok
    assert health.checks[0].detail == "platform.no_such_database"
