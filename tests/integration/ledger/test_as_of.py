"""As of a day: what was on hand then, from snapshots and late documents alike."""

import pytest

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.unit_of_work import Company

WEEK = """
    11-02 | item bolt fifo                       |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | reserve 2 bolt under W               | 2 B1
    11-03 | issue 4 bolt                         | 4 bolt 20.00
    11-04 | status 3 bolt at B1 to hold          | 3 bolt 0.00
    11-05 | ship 2 bolt to F1 as S1              | ! reserved_for_others
          | status 3 bolt hold to available      | 3 bolt 0.00
          | ship 1 bolt to F1 as S1              | 1 bolt 0.00
    11-06 | receive 2 bolt @9.00 at B2 as R2     | 2 bolt 18.00
    11-07 | sign 1 of S1 at F1                   | 1 bolt 0.00
"""
QUESTIONS = """
          | asof bolt 11-01                      | 0 = 0.00: nothing
          | asof bolt 11-02                      | 10 = 50.00: B1 available 10
          | asof bolt 11-03                      | 6 = 30.00: B1 available 6
          | asof bolt 11-04                      | 6 = 30.00: B1 available 3, B1 hold 3
          | asof bolt 11-05                      | 6 = 30.00: T available 1, B1 available 5
          | asof bolt 11-06                      | 8 = 48.00: T available 1, B1 available 5, B2 available 2
          | asof bolt 11-07                      | 8 = 48.00: B1 available 5, B2 available 2, F1 available 1
          | asof bolt 12-31                      | 8 = 48.00: B1 available 5, B2 available 2, F1 available 1
"""


@pytest.mark.parametrize("days", ["", "11-03", "11-02 11-04 11-06", "11-06 11-03 11-07"])
def test_snapshots_change_no_answer(days: str, company: Company, clock: SettableClock) -> None:
    taken = "\n".join(f" | snapshot {day} | taken" for day in days.split())
    Story(company, clock).run(WEEK + taken + QUESTIONS)


def test_a_late_document_enters_the_snapshots_of_its_day_and_after(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
    11-03 | snapshot 11-02                       | taken
          | snapshot 11-02                       | there already
    11-06 | snapshot 11-05                       | taken
          | receive 10 bolt @7.00 at B2 on 11-04 | 10 bolt 70.00
          | issue 10 bolt on 11-02               | 10 bolt 60.00
          | asof bolt 11-02                      | 0 = -10.00: nothing
          | asof bolt 11-03                      | 0 = -10.00: nothing
          | asof bolt 11-05                      | 10 = 60.00: B2 available 10
          | stock bolt                           | 10 = 60.00
    """)


def test_the_books_of_that_day_do_not_know_what_was_recorded_later(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
    11-05 | snapshot 11-04                       | taken
          | issue 3 bolt on 11-03 as I1          | 3 bolt 15.00
    11-08 | reverse I1 on 11-03                  | 3 bolt 15.00
          | issue 1 bolt on 11-03                | 1 bolt 5.00
          | asof bolt 11-04 by 11-01             | 0 = 0.00: nothing
          | asof bolt 11-04 by 11-02             | 10 = 50.00: B1 available 10
          | asof bolt 11-04 by 11-05             | 7 = 35.00: B1 available 7
          | asof bolt 11-04 by 11-08             | 9 = 45.00: B1 available 9
          | asof bolt 11-02 by 11-08             | 10 = 50.00: B1 available 10
          | asof bolt 11-04                      | 9 = 45.00: B1 available 9
    """)


def test_old_snapshots_are_thinned_to_month_ends_and_the_answers_stay(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    09-10 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
    09-20 | issue 1 bolt                         | 1 bolt 5.00
    10-05 | issue 2 bolt                         | 2 bolt 10.00
    11-20 | snapshot 09-15                       | taken
          | snapshot 09-30                       | taken
          | snapshot 10-10                       | taken
          | snapshot 11-19                       | taken
          | thin                                 | 2
          | thin                                 | 0
          | asof bolt 09-15                      | 10 = 50.00: B1 available 10
          | asof bolt 09-30                      | 9 = 45.00: B1 available 9
          | asof bolt 10-10                      | 7 = 35.00: B1 available 7
    """)


def test_lots_and_settled_values_are_seen_as_of_a_day_too(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item steel monthly lot               |
          | lot steel A B                        |
          | receive 10 steel/A @5.00             | 10 steel/A 50.00
          | issue 10 steel/A                     | 10 steel/A 50.00
    11-20 | receive 10 steel/B @7.00             | 10 steel/B 70.00
    12-01 | close 2026-11                        | 2026-11-30 settled
          | asof steel 11-29                     | 10 = 70.00: B1/B available 10
          | asof steel 11-30                     | 10 = 60.00: B1/B available 10
          | reopen 2026-11                       | open settled
          | asof steel 11-30                     | 10 = 70.00: B1/B available 10
          | asof steel 11-30 by 11-30            | 10 = 70.00: B1/B available 10
    """)
