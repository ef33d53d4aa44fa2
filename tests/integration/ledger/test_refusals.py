"""Every refusal can happen, says its facts, and leaves nothing behind; docs/reference/refusals.md says what to do."""

import inspect
import re

import pytest
from sqlalchemy import select

import tests.integration.ledger.refusal_cases_setup  # noqa: F401  # enters its cases
from tests import builders as b
from tests.clocks import SettableClock
from tests.integration.ledger.refusal_cases import CASES, World, open_world
from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.ledger import refusals
from zhangshi.platform.metadata import metadata
from zhangshi.platform.unit_of_work import Company


def everything(company: Company) -> dict[str, list[str]]:
    """Return every row of every table."""
    with company.read() as session:
        return {
            name: sorted(str(tuple(row)) for row in session.core.execute(select(table)))
            for name, table in metadata.tables.items()
        }


def test_precedence_lists_every_code_once_in_the_order_of_its_definition() -> None:
    defined = [value for _, value in inspect.getmembers(refusals) if isinstance(value, ErrorCode)]

    assert sorted(code.code for code in defined) == sorted(code.code for code in refusals.PRECEDENCE)
    source = inspect.getsource(refusals)
    places = [source.index(f'"{code.code}"') for code in refusals.PRECEDENCE]
    assert places == sorted(places)


def test_every_code_has_a_case() -> None:
    assert [code.code for code in refusals.PRECEDENCE if code not in CASES] == []


@pytest.mark.parametrize("error_code", refusals.PRECEDENCE, ids=lambda code: code.code)
def test_a_refusal_names_its_facts_and_writes_nothing(
    company: Company, clock: SettableClock, error_code: ErrorCode
) -> None:
    if error_code is refusals.NOT_OPEN:
        world = World(b.Factory(company), clock, clock.now().date())
    else:
        world = open_world(company, clock)
    refused = CASES[error_code](world)
    before = everything(company)

    with pytest.raises(ZhangshiError) as caught:
        refused.act()

    assert caught.value.code == error_code.code
    assert caught.value.facts == refused.facts
    assert "?" not in caught.value.message("zh") + caught.value.message("en"), "a sentence names a fact nobody gave"
    assert english_words(caught.value.message("zh")) & refusals.WORDS.keys() == set()
    assert everything(company) == before


def english_words(sentence: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]+", sentence))
