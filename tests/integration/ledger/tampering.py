"""Tampering behind the ledger's back: a small month of everything, damage by SQL, and what the audit must say first.

A damage is a statement with names of the story in braces, the first difference that the audit must find, and others
that it must find as well. A difference is `code`, then the posting (in capitals) or the item that it must name.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from sqlalchemy.exc import IntegrityError

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.ledger.service.audit import AuditReport, Difference, audit
from zhangshi.platform.database import DatabaseSession
from zhangshi.platform.unit_of_work import Company

MONTH = """
    11-02 | item bolt average                                            |
          | item pin fifo                                                |
          | item steel average lot                                       |
          | item pump fifo lot                                           |
          | item nail monthly                                            |
          | item gear standard @4.00                                     |
          | lot steel A B                                                |
          | lot pump P                                                   |
          | receive 10 bolt @5.00 + 10 pin @2.00 as RECEIPT              |
          | receive 10 pin @3.00 + 10 nail @1.00 + 5 gear @4.50          |
          | receive 8 steel/A @6.00 + 5 steel/B @6.50 at B2              |
          | issue 4 bolt as ISSUE                                        |
          | issue 4 nail                                                 |
          | receive 10 nail @3.00                                        |
          | consume 6 steel/A for W1 as CONSUME                          |
          | produce 3 pump/P @20.00 for W1 as PRODUCE                    |
          | takeback 1 of ISSUE at B1 inspection as RETURN               |
          | ship 3 bolt to F1 as SHIP                                    |
          | sign 1 of SHIP at F1 as SIGN                                 |
          | reserve 2 bolt under W                                       |
          | reserve 1 pin under W as PROMISE                             |
          | issue 1 pin from PROMISE as KEPT                             |
          | issue 2 pin as TWICE                                         |
          | reverse TWICE as REVERSAL                                    |
    12-01 | close 2026-11                                                |
          | receive 2 gear @4.00 as SEALED                               |
          | seal                                                         | 16
          | adjust -1 bolt as LAST                                       |
"""


class Damage(NamedTuple):
    """What somebody did by hand. `check` names the database's CHECK that stands in the way, where one does."""

    statements: str
    first: str
    also: str = ""
    check: str = ""


class Books:
    """The month on one database, and one session in which all damage is undone."""

    def __init__(self, company: Company, clock: SettableClock) -> None:
        self.company = company
        self.story = Story(company, clock).run(MONTH)
        postings = {name: answer.posting_id for name, answer in self.story.named.items() if name != "PROMISE"}
        self.names = postings | self.story.items
        self.parameters = self.names | {code: lot_id for (_, code), lot_id in self.story.lots.items() if code}

    @contextmanager
    def connected(self) -> Iterator[DatabaseSession]:
        """A connection of its own, past every lock of the company's."""
        session = self.company.database.connect()
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def damaged(self, session: DatabaseSession, statements: str, *, ignoring_checks: bool = False) -> Iterator[None]:
        """Have the damage done while the block runs; it is undone afterwards. Every statement must hit something."""
        session.begin_write()
        try:
            if ignoring_checks:
                session.core.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            for statement in statements.format(**self.parameters).split(";"):
                assert session.core.exec_driver_sql(statement).rowcount > 0, statement
            if ignoring_checks:
                session.core.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
            yield
        finally:
            session.rollback()

    def audit_after(self, session: DatabaseSession, damage: Damage) -> AuditReport | None:
        """Return what the audit says; None where a CHECK prevents the damage and no bypass is at hand."""
        if damage.check:
            with pytest.raises(IntegrityError, match=damage.check), self.damaged(session, damage.statements):
                pass
            if self.company.dialect.name != "sqlite":
                return None
        with self.damaged(session, damage.statements, ignoring_checks=bool(damage.check)):
            return audit(session)

    def named(self, difference: Difference) -> str:
        """A difference as the tables write it: its code, and the names of its posting and item."""
        of_posting = [name for name, number in self.names.items() if name.isupper() and number == difference.posting_id]
        of_item = [name for name, number in self.names.items() if name.islower() and number == difference.item_id]
        return " ".join((difference.code, *of_posting, *of_item))

    def missed(self, damages: Sequence[Damage]) -> list[str]:
        """Return a line for every damage that the audit did not name as it should."""
        lines = []
        with self.connected() as session:
            for damage in damages:
                report = self.audit_after(session, damage)
                found = [self.named(difference) for difference in report.differences] if report else []
                if report and not _as_wanted(damage, found):
                    lines.append(f"{damage}\n    the audit says: {found}")
        return lines


def _as_wanted(damage: Damage, found: list[str]) -> bool:
    first = "file" if damage.check else damage.first  # the file's own check comes first
    others = [damage.first, *(damage.also.split(", ") if damage.also else [])]
    return bool(found) and _says(found[0], first) and all(any(_says(one, other) for one in found) for other in others)


def _says(found: str, wanted: str) -> bool:
    """Whether a difference has the wanted code and names all that is wanted."""
    (code, *names), (wanted_code, *wanted_names) = found.split(), wanted.split()
    return code == wanted_code and set(wanted_names) <= set(names)
