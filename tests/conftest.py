"""Fixtures that every folder of tests shares: the server, fresh companies on both databases, a settable clock."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests import network
from tests.clocks import SettableClock
from tests.companies import (
    SCHEMA,
    CompanyAddress,
    copy_sqlite_template,
    make_sqlite_template,
    new_database,
    postgresql_template,
)
from tools.postgres_server import running_postgres
from zhangshi.base.ids import CountingIds
from zhangshi.platform.unit_of_work import Company, open_company

network.turn_off()

_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("suite", deadline=None, max_examples=100, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("nightly", deadline=None, max_examples=10_000, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile("suite")

EXISTING_SERVER = "ZHANGSHI_TEST_POSTGRES_URL"
_numbers = itertools.count(1)


def _unique(prefix: str) -> str:
    """Return a database name that no other worker on this server uses."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "only")
    return f"{prefix}_{worker}_{os.getpid()}_{next(_numbers)}"


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A test that runs the command line points the log at its own captured stream; the next must not write there."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def pg_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server: one of our own per worker (0.6 s), or the one that the environment names."""
    existing = os.environ.get(EXISTING_SERVER)
    if existing:
        yield existing
        return
    with running_postgres(tmp_path_factory.mktemp("server"), fsync=False) as url:
        yield url


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def _postgresql_template(pg_url: str) -> Iterator[str]:
    with postgresql_template(pg_url, _unique("template")) as name:
        yield name


@pytest.fixture
def sqlite_address(_sqlite_template: Path, tmp_path: Path) -> CompanyAddress:
    """An empty, migrated company in a SQLite file."""
    return copy_sqlite_template(_sqlite_template, tmp_path)


@pytest.fixture
def postgresql_address(pg_url: str, _postgresql_template: str) -> Iterator[CompanyAddress]:
    """An empty, migrated company in a schema of a PostgreSQL database of its own."""
    with new_database(pg_url, _unique("company"), template=_postgresql_template) as url:
        yield CompanyAddress(url, SCHEMA)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> CompanyAddress:
    """An empty, migrated company, on each database in turn; for tests that open it from several processes."""
    found: CompanyAddress = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
def clock() -> SettableClock:
    """A clock that stands at Monday morning until the test moves it."""
    return SettableClock()


@pytest.fixture
def ids() -> CountingIds:
    """Ids that count 1, 2, 3…, so that a test can name them."""
    return CountingIds()


@pytest.fixture
def company(address: CompanyAddress, clock: SettableClock, ids: CountingIds) -> Iterator[Company]:
    """An empty company, opened, on each database in turn."""
    yield from _opened(address, clock, ids)


@pytest.fixture
def sqlite_company(sqlite_address: CompanyAddress, clock: SettableClock, ids: CountingIds) -> Iterator[Company]:
    """An empty company, opened, on SQLite only."""
    yield from _opened(sqlite_address, clock, ids)


@pytest.fixture
def postgresql_company(postgresql_address: CompanyAddress, clock: SettableClock, ids: CountingIds) -> Iterator[Company]:
    """An empty company, opened, on PostgreSQL only."""
    yield from _opened(postgresql_address, clock, ids)


def _opened(address: CompanyAddress, clock: SettableClock, ids: CountingIds) -> Iterator[Company]:
    company = open_company(key="test", url=address.url, schema=address.schema, clock=clock, ids=ids)
    try:
        yield company
    finally:
        company.close()
