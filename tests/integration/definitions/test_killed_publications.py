"""A publication that dies anywhere leaves the old revision whole, and finishes when it is run again."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.definitions import install
from tests.integration.definitions import notebook as book
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.definitions._store import ddl
from zhangshi.definitions._store import values as values_store
from zhangshi.definitions.service import converting, plan, publish
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.columns import write_columns
from zhangshi.definitions.service.errors import BEING_PUBLISHED
from zhangshi.definitions.service.publications import get_publication, list_publications, read_state
from zhangshi.definitions.service.publish import HANDLER, publish_handler, run_publication, withdraw
from zhangshi.definitions.service.revisions import current_revision
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.worker import Worker
from zhangshi.platform.unit_of_work import Company, UnitOfWork

RECORDS = 23
BEFORE = book.note({"body": "{type: text}", "price": "{type: text}"}, {"quantity": "{type: quantity}"})
AFTER = book.note(
    {"body": "{type: text, unique: true}", "price": "{type: decimal, scale: 2}", "due": "{type: date, index: true}"},
    {"quantity": "{type: decimal, scale: 3}", "weight": "{type: int}"},
)
PRICES = [100 * number for number in range(1, RECORDS + 1)]


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def catalogs(company: Company, monkeypatch: pytest.MonkeyPatch) -> Catalogs:
    """Records whose publication takes a job, in batches of five rows."""
    catalogs = install(company, [BEFORE])

    def fill(uow: UnitOfWork) -> int:
        for number in range(1, RECORDS + 1):
            values = {"body": f"b{number}", "price": str(number)}
            book.write_record(uow, catalogs.current(uow.session), number, values, [{"quantity": number * 1_000_000}])
        return RECORDS

    book.run(company, fill)
    monkeypatch.setattr(plan, "ROWS_MAX_AT_ONCE", 0)
    page = converting.agree
    monkeypatch.setattr(publish, "agree", lambda *given, after: page(*given, after=after, size=5))
    return catalogs


def _claimed(company: Company, catalogs: Catalogs) -> int:
    answer = book.published(company, catalogs, AFTER)
    assert answer.revision == 0
    return answer.publication_id


def _dying(function: Callable[..., Any], at: int) -> tuple[Callable[..., Any], list[int]]:
    calls: list[int] = []

    def wrapped(*given: Any, **named: Any) -> Any:
        calls.append(len(calls) + 1)
        if len(calls) == at:
            raise Killed
        return function(*given, **named)

    return wrapped, calls


@pytest.mark.parametrize(("part", "at"), [("ddl", n) for n in range(1, 6)] + [("copy", n) for n in (1, 2, 5, 6)])
def test_killed_in_the_middle_it_finishes_when_it_is_run_again(
    company: Company, catalogs: Catalogs, monkeypatch: pytest.MonkeyPatch, part: str, at: int
) -> None:
    publication_id = _claimed(company, catalogs)
    where, name = (ddl, "apply") if part == "ddl" else (values_store, "write_column")
    with monkeypatch.context() as patch:
        dying, calls = _dying(getattr(where, name), at)
        patch.setattr(where, name, dying)
        with pytest.raises(Killed):
            run_publication(company, catalogs, publication_id)
    assert len(calls) == at
    assert book.stored(company, catalogs, "price") == [str(number) for number in range(1, RECORDS + 1)]

    assert run_publication(company, catalogs, publication_id) == 2

    assert book.stored(company, catalogs, "price") == PRICES
    assert book.stored(company, catalogs, "quantity", "lines") == [1000 * number for number in range(1, RECORDS + 1)]
    assert book.stored(company, catalogs, "due") == [None] * RECORDS
    assert run_publication(company, catalogs, publication_id) in (0, 2), "again changes nothing"
    with company.read() as session:
        assert current_revision(session) == 2


def test_killed_in_the_last_transaction_it_leaves_the_old_revision(
    company: Company, catalogs: Catalogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication_id = _claimed(company, catalogs)
    with monkeypatch.context() as patch:
        dying, _ = _dying(write_columns, 1)
        patch.setattr("zhangshi.definitions.service.publish.write_columns", dying)
        with pytest.raises(Killed):
            run_publication(company, catalogs, publication_id)
    with company.read() as session:
        assert current_revision(session) == 1
        assert catalogs.current(session).entities["note"].header.fields["price"].column == "f_price"
    assert run_publication(company, catalogs, publication_id) == 2


def test_what_is_written_while_it_runs_arrives_in_the_new_column(
    company: Company, catalogs: Catalogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication_id = _claimed(company, catalogs)
    last = publish.finish

    def after_somebody_wrote(uow: UnitOfWork, *rest: Any) -> int:
        old = catalogs.current(uow.session)
        assert old.revision == 1
        book.write_record(uow, old, 99, {"body": "late", "price": "7.5"}, [{"quantity": 4_000_000}])
        uow.session.core.exec_driver_sql("UPDATE d_note SET f_price = '8' WHERE record_id = 1")
        return last(uow, *rest)

    monkeypatch.setattr(publish, "finish", after_somebody_wrote)
    assert run_publication(company, catalogs, publication_id) == 2
    assert book.stored(company, catalogs, "price") == [800, *PRICES[1:], 750]
    assert book.stored(company, catalogs, "quantity", "lines")[-1] == 4000


def test_a_value_that_came_meanwhile_and_cannot_go_ends_it_with_a_reason(
    company: Company, catalogs: Catalogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication_id = _claimed(company, catalogs)
    ahead = publish._work_ahead

    def then_somebody_writes(*given: Any) -> None:
        ahead(*given)
        book.run(company, lambda uow: book.write_record(uow, catalogs.current(uow.session), 99, {"price": "about 5"}))

    monkeypatch.setattr(publish, "_work_ahead", then_somebody_writes)
    assert run_publication(company, catalogs, publication_id) == 0

    with company.read() as session:
        ended = get_publication(session, publication_id)
        assert (ended.state, ended.revision, current_revision(session)) == ("failed", 0, 1)
        assert "N99: about 5" in ended.problem
        assert read_state(session).publication_id == 0, "others may publish"
    assert book.stored(company, catalogs, "price")[-1] == "about 5"


def test_one_publishes_at_a_time_and_the_other_hears_who_and_since_when(company: Company, catalogs: Catalogs) -> None:
    publication_id = _claimed(company, catalogs)
    wanted, shown = book.planned(company, catalogs, BEFORE.replace("便条", "纸条"))

    with pytest.raises(ZhangshiError) as refused:
        book.publish_plan(company, catalogs, wanted, shown)

    assert refused.value.error_code is BEING_PUBLISHED
    assert refused.value.facts == {"actor": "li", "since": company.clock.now().isoformat(timespec="seconds")}
    book.run(company, lambda uow: withdraw(uow, publication_id=publication_id), answer_type=type(None))
    assert book.publish_plan(company, catalogs, wanted, shown).revision == 2


def test_a_worker_carries_it_out(company: Company, catalogs: Catalogs, ids: CountingIds) -> None:
    publication_id = _claimed(company, catalogs)
    handlers = Handlers()
    handlers.add_outside(HANDLER, publish_handler(company, catalogs))
    worker = Worker(company=company, handlers=handlers, noise=lambda _bits: 0, name="test")
    worker.run_until_idle()
    worker.close()

    with company.read() as session:
        done = list_publications(session)[0]
        assert (done.publication_id, done.state, done.revision) == (publication_id, "done", 2)
        assert done.actor == "li"
        assert done.steps_done == done.steps_total == 2 * RECORDS
    assert book.stored(company, catalogs, "price") == PRICES
