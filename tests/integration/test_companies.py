"""What every other test stands on: a company that is fresh, migrated, and on the database that it says."""

import pytest

from tests.clocks import MONDAY_MORNING, SettableClock
from tests.companies import CompanyAddress
from zhangshi.platform.revisions import current_revision, head_revision
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork


def answer(uow: UnitOfWork) -> int:
    return uow.next_id()


@pytest.mark.parametrize("turn", [1, 2])
def test_a_company_knows_nothing_of_the_test_before(company: Company, turn: int) -> None:
    written = company.write(Request("li", "the same key", {"turn": turn}), answer, answer_type=int)

    assert written == 1  # ids begin anew, and the key of the other turn would have been refused


def test_a_company_is_migrated_to_the_newest_revision(company: Company) -> None:
    with company.read() as session:
        assert current_revision(session) == head_revision()


def test_a_company_is_on_the_database_that_its_test_is_named_after(
    company: Company, address: CompanyAddress, request: pytest.FixtureRequest
) -> None:
    assert company.dialect.name in request.node.name
    assert address.url.startswith(company.dialect.name)


def test_the_single_fixtures_are_what_they_say(sqlite_company: Company, postgresql_company: Company) -> None:
    assert (sqlite_company.dialect.name, postgresql_company.dialect.name) == ("sqlite", "postgresql")


def test_the_company_s_clock_is_the_one_that_the_test_sets(company: Company, clock: SettableClock) -> None:
    assert company.write(Request("li", "k", 1), lambda uow: uow.now.isoformat(), answer_type=str) == (
        MONDAY_MORNING.isoformat()
    )
    assert company.clock is clock
