"""The statements that every worker repeats all day go through indexes, whatever lies in the tables."""

import pytest

from tests.integration.platform.jobs.effects import write
from zhangshi.platform.jobs import _delivery_store as deliveries
from zhangshi.platform.jobs import _inspection_store as inspection
from zhangshi.platform.jobs import _store as store
from zhangshi.platform.session import Session
from zhangshi.platform.statements import RowsStatement, Statement
from zhangshi.platform.unit_of_work import Company, UnitOfWork

_LATER = 2 * 10**15
_HOT: dict[str, tuple[Statement | RowsStatement, list[tuple[object, ...]], tuple[object, ...]]] = {
    "claim": (store._CLAIM, [("record",), ("other",)], (100, 10, 200)),
    "extend": (store._EXTEND, [(1, 0), (2, 0)], (100,)),
    "finish": (store._FINISH, [], (1, 0)),
    "let the next go": (store._LET_NEXT_GO, [], (1, "record", "k1")),
    "heads": (deliveries._FIND_HEADS, [("record", "k1"), ("record", "k2")], ()),
    "lock heads": (deliveries._LOCK_HEADS, [("record", "k1"), ("record", "k2")], ()),
    "look": (inspection._LOOK, [], ()),
}


def _fill(uow: UnitOfWork) -> None:
    """100 streams with 99 waiting jobs each, 3,000 dead jobs, 5,000 timers, and 30 jobs that are due."""
    jobs = [
        deliveries.EventJob(n + 1, "record", f"k{n % 100}", "{}", "waiting" if n >= 100 else "leased", None, 0)
        for n in range(10_000)
    ]
    jobs += [deliveries.EventJob(30_000 + n, "record", None, "{}", "dead", None, 0) for n in range(3_000)]
    jobs += [deliveries.EventJob(40_000 + n, "record", None, "{}", "pending", _LATER + n, 0) for n in range(5_000)]
    jobs += [deliveries.EventJob(50_000 + n, "record", None, "{}", "pending", n, 0) for n in range(30)]
    uow.session.execute_rows(deliveries._INSERT_JOBS, jobs)


def _plan(session: Session, name: str) -> list[str]:
    statement, rows, parameters = _HOT[name]
    postgresql = session.dialect.name == "postgresql"
    explain = ("EXPLAIN " if postgresql else "EXPLAIN QUERY PLAN ") + statement.text
    if isinstance(statement, RowsStatement):
        lines = session.query_rows(RowsStatement(explain, columns=statement.columns), rows, *parameters)
    else:
        lines = session.query(Statement(explain), *parameters)
    return [line[0] if postgresql else line[3] for line in lines]


@pytest.fixture
def full(company: Company) -> Company:
    write(company, _fill)
    if company.dialect.name == "postgresql":
        write(company, lambda uow: uow.session.execute(Statement("ANALYZE job")))
    return company


@pytest.mark.parametrize("name", sorted(_HOT))
def test_a_hot_statement_never_reads_all_jobs(full: Company, name: str) -> None:
    plan = write(full, lambda uow: _plan(uow.session, name))
    scans = [line for line in plan if "Seq Scan on job" in line or line.startswith(("SCAN job", "SCAN earlier"))]
    assert scans == []
    assert any("job_" in line or "SEARCH job" in line for line in plan)


def test_a_claim_reads_only_what_can_be_claimed(full: Company) -> None:
    plan = "\n".join(write(full, lambda uow: _plan(uow.session, "claim")))
    assert "job_due_idx" in plan
