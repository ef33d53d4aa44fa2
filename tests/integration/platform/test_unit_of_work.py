"""The unit of work keeps its promises on both databases."""

import contextlib
from typing import Any

import msgspec
import pytest

from tests.clocks import SettableClock
from zhangshi.base.clock import instant_to_micros
from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.platform.statements import RowsStatement, Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

REQUESTS = Statement("SELECT request_key, actor, answer, recorded_at FROM request ORDER BY request_key")
EVENTS = Statement("SELECT topic, ordering_key, payload, actor, recorded_at FROM outbox_event ORDER BY event_id")
INSERT_EVENT = Statement(
    "INSERT INTO outbox_event (event_id, topic, ordering_key, payload, actor, recorded_at) VALUES (?, ?, ?, ?, ?, ?)"
)
SORRY = ErrorCode("test.sorry", "不行", "no")


class Answer(msgspec.Struct, frozen=True):
    posting_id: int
    lines: tuple[str, ...]


def request(key: str = "k1", **content: object) -> Request:
    return Request(actor="li", key=key, content=content)


def rows(company: Company, statement: Statement) -> list[Any]:
    with company.read() as session:
        return session.query(statement)


def write_one_event(uow: UnitOfWork) -> Answer:
    uow.emit("moved", "item-7", {"quantity": 3, "note": "it's 50% of “箱”"})
    return Answer(posting_id=uow.next_id(), lines=("a", "b"))


def never(_uow: UnitOfWork) -> Answer:
    pytest.fail("the work ran a second time")


def test_commits_work_events_and_answer_together(company: Company, clock: SettableClock) -> None:
    answer = company.write(request(), write_one_event, answer_type=Answer)
    assert answer == Answer(posting_id=2, lines=("a", "b"))
    at = instant_to_micros(clock.now())
    assert rows(company, REQUESTS) == [("k1", "li", '{"posting_id":2,"lines":["a","b"]}', at)]
    assert rows(company, EVENTS) == [("moved", "item-7", '{"quantity":3,"note":"it\'s 50% of “箱”"}', "li", at)]


def test_gives_the_same_key_with_the_same_content_its_first_answer(company: Company) -> None:
    first = company.write(request(quantity=3, unit="pcs"), write_one_event, answer_type=Answer)
    again = company.write(request(unit="pcs", quantity=3), never, answer_type=Answer)
    assert again == first
    assert len(rows(company, EVENTS)) == 1


@pytest.mark.parametrize(
    "other",
    [
        Request("li", "k1", {"quantity": 4}),
        Request("wang", "k1", {"quantity": 3}),
        Request("li", "k1", Answer(posting_id=3, lines=())),
    ],
)
def test_refuses_the_same_key_with_other_content(company: Company, other: Request) -> None:
    company.write(request(quantity=3), write_one_event, answer_type=Answer)
    with pytest.raises(ZhangshiError) as refused:
        company.write(other, never, answer_type=Answer)
    assert refused.value.code == "platform.key_reused"
    assert refused.value.facts == {"key": "k1"}


def test_dry_run_gives_the_answer_and_leaves_nothing(company: Company) -> None:
    seen = []

    def work(uow: UnitOfWork) -> Answer:
        seen.append(uow.dry_run)
        uow.session.execute(INSERT_EVENT, 77, "t", "k", "{}", "li", 1)
        assert uow.session.query(EVENTS)
        return write_one_event(uow)

    dry = company.write(request(), work, answer_type=Answer, dry_run=True)
    assert dry.lines == ("a", "b")
    assert rows(company, REQUESTS) == rows(company, EVENTS) == []
    company.write(request(), work, answer_type=Answer)
    assert seen == [True, False]
    assert len(rows(company, EVENTS)) == 2


@pytest.mark.parametrize("error", [ZhangshiError(SORRY), RuntimeError("a bug"), KeyboardInterrupt()])
def test_an_exception_leaves_nothing_and_the_key_free(company: Company, error: BaseException) -> None:
    def work(uow: UnitOfWork) -> int:
        uow.session.execute(INSERT_EVENT, 77, "t", "k", "{}", "li", 1)
        raise error

    with pytest.raises(type(error)):
        company.write(request(), work, answer_type=int)
    assert rows(company, REQUESTS) == rows(company, EVENTS) == []
    assert company.write(request(), lambda _: 5, answer_type=int) == 5


def test_a_swallowed_database_error_cannot_commit_half(company: Company) -> None:
    def work(uow: UnitOfWork) -> int:
        uow.session.execute(INSERT_EVENT, 77, "t", "k", "{}", "li", 1)
        uow.session.execute(INSERT_EVENT, 77, "t", "k", "{}", "li", 1)
        return 1

    with pytest.raises(Exception, match=r"(?i)unique"):
        company.write(request(), work, answer_type=int)
    assert rows(company, EVENTS) == []


def test_refuses_a_write_within_a_write(company: Company) -> None:
    def work(_uow: UnitOfWork) -> int:
        return company.write(request("inner"), lambda _: 1, answer_type=int)

    with pytest.raises(RuntimeError, match="pass the unit of work on"):
        company.write(request(), work, answer_type=int)


def test_an_id_that_somebody_else_used_is_made_anew(company: Company) -> None:
    company.write(request("first"), write_one_event, answer_type=Answer)
    taken = iter([1])

    def work(uow: UnitOfWork) -> int:
        event_id = next(taken, None) or uow.next_id()
        uow.session.execute(INSERT_EVENT, event_id, "t", "k", "{}", "li", 1)
        return event_id

    assert company.write(request("second"), work, answer_type=int) > 1


def test_a_reader_sees_one_snapshot(company: Company) -> None:
    with company.read() as session:
        assert session.query(REQUESTS) == []
        company.write(request(), write_one_event, answer_type=Answer)
        assert session.query(REQUESTS) == []
    assert len(rows(company, REQUESTS)) == 1


def test_a_reader_cannot_write(company: Company) -> None:
    def write_through_a_reader() -> None:
        with company.read() as session:
            session.execute(INSERT_EVENT, 1, "t", "k", "{}", "li", 1)

    with pytest.raises(ZhangshiError) as refused:
        write_through_a_reader()
    assert refused.value.code == "platform.read_only"
    assert rows(company, EVENTS) == []


def test_an_exception_while_reading_costs_no_connection(company: Company) -> None:
    sessions = []

    def read_and_refuse() -> None:
        with company.read() as session:
            sessions.append(session)
            raise ZhangshiError(SORRY)

    for _ in range(3):
        with pytest.raises(ZhangshiError):
            read_and_refuse()
    assert sessions[0] is sessions[1] is sessions[2]
    assert rows(company, EVENTS) == []


COLUMNS = {"event_id": "bigint", "payload": "text", "recorded_at": "integer"}
INSERT_MANY = RowsStatement(
    "WITH input(event_id, payload, recorded_at) AS ({input}) "
    "INSERT INTO outbox_event (event_id, topic, ordering_key, payload, actor, recorded_at) "
    "SELECT event_id, ?, 'it''s ?', payload, 'li', recorded_at FROM input WHERE true "
    "ON CONFLICT (event_id) DO NOTHING",
    columns=COLUMNS,  # type: ignore[arg-type]
)
FIND_MANY = RowsStatement(
    "WITH input(event_id, payload, recorded_at) AS ({input}) "
    "SELECT t.event_id, t.payload FROM input JOIN outbox_event t ON t.event_id = input.event_id "
    "WHERE t.topic LIKE '%o%' AND t.recorded_at > ? ORDER BY t.event_id",
    columns=COLUMNS,  # type: ignore[arg-type]
)
AWKWARD = ["", "NULL", '"', "\\", "{}", "a,b", "it's", "100% 箱\n\t", "?", "%s"]


def test_rows_arrive_as_they_were_sent(company: Company) -> None:
    sent = [(10**18 + i, text, i) for i, text in enumerate(AWKWARD)]

    def work(uow: UnitOfWork) -> int:
        assert uow.session.execute_rows(INSERT_MANY, sent, "topic") == len(sent)
        assert uow.session.execute_rows(INSERT_MANY, sent, "topic") == 0
        assert uow.session.query_rows(FIND_MANY, sent, 0) == [(row[0], row[1]) for row in sent[1:]]
        before = uow.session.statement_count
        assert uow.session.query_rows(FIND_MANY, [], 0) == []
        assert uow.session.execute_rows(INSERT_MANY, [], "topic") == 0
        assert uow.session.statement_count == before
        return uow.session.execute(Statement("DELETE FROM outbox_event WHERE ordering_key = ?"), "it's ?")

    assert company.write(request(), work, answer_type=int) == len(sent)


@pytest.mark.slow
def test_more_rows_than_one_statement_holds_are_sent_in_chunks(company: Company) -> None:
    many = [(number, str(number), 1) for number in range(1, 25_001)]
    assert (
        company.write(request(), lambda uow: uow.session.execute_rows(INSERT_MANY, many, "o"), answer_type=int)
        == 25_000
    )
    with company.read() as session:
        assert session.query(Statement("SELECT count(*), min(event_id), max(event_id) FROM outbox_event")) == [
            (25_000, 1, 25_000)
        ]
        ids = Statement("SELECT event_id FROM outbox_event WHERE event_id > ? ORDER BY event_id")
        assert [row[0] for row in session.stream(ids, 20_000, size=100)] == list(range(20_001, 25_001))


def test_a_batch_answers_when_it_has_been_sent(company: Company) -> None:
    def work(uow: UnitOfWork) -> int:
        with uow.session.batch() as batch:
            inserted = batch.execute_rows(INSERT_MANY, [(1, "x", 1), (2, "y", 2)], "topic")
            found = batch.query_rows(FIND_MANY, [(2, "", 0)], 0)
            counted = batch.query(Statement("SELECT count(*) FROM outbox_event"))
            deleted = batch.execute(Statement("DELETE FROM outbox_event WHERE event_id = ?"), 1)
            nothing = batch.query_rows(FIND_MANY, [], 0)
        assert (inserted.count, found.rows, counted.rows) == (2, [(2, "y")], [(2,)])
        assert (deleted.count, nothing.rows, nothing.count) == (1, [], 0)
        assert uow.session.statement_count >= 4
        return 1

    assert company.write(request(), work, answer_type=int) == 1


def test_core_sees_the_same_transaction(company: Company) -> None:
    def work(uow: UnitOfWork) -> int:
        uow.session.execute(INSERT_EVENT, 1, "t", "k", "{}", "li", 1)
        count = uow.session.core.exec_driver_sql("SELECT count(*) FROM outbox_event").scalar_one()
        uow.session.core.exec_driver_sql("INSERT INTO outbox_event VALUES (2, 't', 'k', '{}', 'li', 1)")
        with contextlib.suppress(StopIteration):
            raise StopIteration
        return int(count)

    assert company.write(request(), work, answer_type=int, dry_run=True) == 1
    assert rows(company, EVENTS) == []
    company.write(request(), work, answer_type=int)
    assert len(rows(company, EVENTS)) == 2


def test_numbers_beyond_64_bits_are_an_error_not_a_wrap(company: Company) -> None:
    company.write(request(), write_one_event, answer_type=Answer)

    def work(uow: UnitOfWork) -> int:
        uow.session.execute(Statement("UPDATE outbox_event SET recorded_at = 9223372036854775807"))
        return uow.session.execute(Statement("UPDATE outbox_event SET recorded_at = recorded_at + 1"))

    with pytest.raises(Exception, match=r"(?i)out of range|cannot store REAL"):
        company.write(request("k2"), work, answer_type=int)
    with pytest.raises(Exception, match=r"(?i)int|range|large"):
        company.write(
            request("k3"),
            lambda uow: uow.session.execute(INSERT_EVENT, 2**63, "t", "k", "{}", "li", 1),
            answer_type=int,
        )
    assert len(rows(company, REQUESTS)) == 1


def test_a_closed_company_says_so_and_closing_again_is_fine(company: Company) -> None:
    company.close()
    company.close()
    with pytest.raises(RuntimeError, match="closed"), company.read():
        pytest.fail("a closed company was read")
    with pytest.raises(RuntimeError, match="closed"):
        company.write(request(), never, answer_type=Answer)
