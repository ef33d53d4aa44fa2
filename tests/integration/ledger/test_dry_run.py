"""A dry run answers the same and writes nothing; a key is used once."""

from hashlib import sha256

import pytest
import sqlalchemy as sa

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform._copying import reflect_tables
from zhangshi.platform.unit_of_work import Company

SHOP = """
    11-02 | item bolt fifo                                     |
          | item steel monthly lot                             |
          | item pump standard lot @30.00                      |
          | lot steel A                                        |
          | lot pump P                                         |
          | receive 10 bolt @5.00 + 20 bolt @7.00 as R1        |
          | receive 8 steel/A @6.00                            |
          | issue 4 bolt as I1                                 |
          | issue 2 bolt as I2                                 |
          | consume 3 steel/A for W1                           |
          | ship 3 bolt to F1 as S1                            |
          | reserve 2 bolt under W as P1                       |
    11-03 | snapshot 11-02                                     |
"""
WRITES = (
    "receive 3 bolt @5.55 + 1 steel/A @7.00",
    "receive 3 bolt @5.55 on 11-02",
    "issue 6 bolt",
    "issue 1 bolt from P1",
    "ship 1 bolt to F1",
    "sign 2 of S1 at F1",
    "lose 1 of S1",
    "move 4 bolt to B2",
    "status 2 bolt to hold",
    "consume 2 steel/A for W1",
    "produce 1 pump/P @31.00 for W1",
    "takeback 1 of I1 inspection",
    "sendback 2 of R1",
    "scrap 1 bolt",
    "adjust -1 bolt + 2 steel/A",
    "revalue bolt by 3.00",
    "reverse I2",
)


class Books:
    """Fingerprints of everything that the company's database holds, table by table."""

    def __init__(self, company: Company) -> None:
        self._company = company
        with company.read() as session:
            self._tables = reflect_tables(session).sorted_tables

    def read(self) -> dict[str, str]:
        with self._company.read() as session:
            return {
                table.name: sha256(
                    repr(sorted(map(tuple, session.core.execute(sa.select(table))))).encode()
                ).hexdigest()
                for table in self._tables
            }


def test_a_dry_run_answers_the_same_and_writes_nothing(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(SHOP)
    books = Books(company)
    for request in WRITES:
        before = books.read()
        foreseen = story.tell(f"dry {request}")
        assert books.read() == before, request
        said = story.tell(request)
        assert said == foreseen
        assert not said.startswith("!"), f"{request}: {said}"
        assert books.read() != before, request
    story.run("| stock bolt |")


@pytest.mark.parametrize(
    ("request_text", "refusal"),
    [
        ("issue 99 bolt", "! insufficient_stock"),
        ("reverse S1", "! used_downstream"),
        ("receive 1 bolt", "! cost_required"),
    ],
)
def test_what_is_refused_is_refused_dry_too_and_leaves_nothing(
    request_text: str, refusal: str, company: Company, clock: SettableClock
) -> None:
    story = Story(company, clock).run(SHOP + " | sign 2 of S1 at F1 |")
    books = Books(company)
    before = books.read()
    assert story.tell(f"dry {request_text}") == refusal
    assert story.tell(request_text) == refusal
    assert books.read() == before


def test_the_same_key_posts_once_and_answers_twice(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                        |
          | key scan-1 receive 10 bolt @5.00         | 10 bolt 50.00
          | receive 10 bolt @7.00                    | 10 bolt 70.00
          | key scan-2 issue 4 bolt                  | 4 bolt 24.00
          | issue 1 bolt                             | 1 bolt 6.00
    11-03 | key scan-2 issue 4 bolt on 11-02         | 4 bolt 24.00
          | key scan-1 receive 10 bolt @5.00 on 11-02 | 10 bolt 50.00
          | postings                                 | 4
          | stock bolt                               | 15 = 90.00
          | key scan-2 issue 5 bolt on 11-02         | ! platform.key_reused
          | postings                                 | 4
    """)


def test_neither_a_dry_run_nor_a_refusal_uses_up_its_key(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                        |
          | dry key scan-1 receive 10 bolt @5.00     | 10 bolt 50.00
          | stock bolt                               | 0 = 0.00
          | key scan-1 issue 1 bolt                  | ! insufficient_stock
          | key scan-1 receive 8 bolt @5.00          | 8 bolt 40.00
          | dry key scan-1 receive 8 bolt @5.00      | 8 bolt 40.00
          | stock bolt                               | 8 = 40.00
    """)
