"""An office on each database in turn."""

from collections.abc import Iterator

import pytest

from tests.clocks import SettableClock
from tests.companies import CompanyAddress
from tests.integration.identity.office import Office
from zhangshi.base.ids import CountingIds
from zhangshi.platform.unit_of_work import Company, open_company


@pytest.fixture
def office(company: Company, clock: SettableClock) -> Office:
    """A company without people yet."""
    return Office(company, clock)


@pytest.fixture
def other_office(office: Office, address: CompanyAddress, clock: SettableClock) -> Iterator[Office]:
    """The same company, opened once more as another process would: its writes do not queue behind ours."""
    company = open_company(
        key="test", url=address.url, schema=address.schema, clock=clock, ids=CountingIds(start=1_000_000)
    )
    yield Office(company, clock)
    company.close()


@pytest.fixture
def sqlite_office(sqlite_company: Company, clock: SettableClock) -> Office:
    """The same on SQLite only."""
    return Office(sqlite_company, clock)
