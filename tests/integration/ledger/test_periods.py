"""Periods: what is closed stays closed, month after month, and one step back."""

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company

_BY_PERIOD = Statement("SELECT posting_id, command FROM posting WHERE source_type = 'period' ORDER BY posting_id")


def test_a_closed_month_takes_no_postings_until_it_is_reopened(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
    11-30 | close 2026-11                        | ! period_not_over
    12-01 | close 2026-11                        | 2026-11-30
          | issue 1 bolt on 11-30                | ! period_closed
          | reverse R1 on 11-02                  | ! period_closed
          | issue 1 bolt on 12-01 as I1          | 1 bolt 5.00
          | issue 1 bolt on 12-02                | ! date_in_future
          | reopen 2026-11                       | open
          | issue 1 bolt on 11-30                | 1 bolt 5.00
          | stock bolt                           | 8 = 40.00
    """)


def test_months_close_in_order_and_only_the_last_one_reopens(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    12-31 | close 2026-09                        | 2026-09-30
          | close 2026-11                        | ! period_order
          | close 2026-10                        | 2026-10-31
          | reopen 2026-09                       | ! period_order
          | close 2026-11                        | 2026-11-30
          | close 2026-11                        | ! period_order
          | reopen 2026-11                       | 2026-10-31
          | reopen 2026-10                       | 2026-09-30
    """)


def test_days_can_be_locked_without_closing_a_month(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-20 | item bolt average                    |
          | lock 11-15                           | 2026-11-15
          | receive 1 bolt @5.00 on 11-15        | ! period_closed
          | receive 1 bolt @5.00 on 11-16        | 1 bolt 5.00
          | lock 11-10                           | 2026-11-10
          | receive 1 bolt @5.00 on 11-15        | 1 bolt 5.00
    12-05 | close 2026-11                        | 2026-11-30
          | lock 11-20                           | ! period_order
          | lock 12-03                           | 2026-12-03
    """)


def test_reopening_takes_the_settlement_back_and_closing_settles_anew(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt monthly                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | issue 10 bolt                        | 10 bolt 50.00
          | receive 10 bolt @7.00                | 10 bolt 70.00
    12-01 | close 2026-11                        | 2026-11-30 settled
          | stock bolt                           | 10 = 60.00
          | reopen 2026-11                       | open settled
          | stock bolt                           | 10 = 70.00
          | receive 10 bolt @9.00 on 11-30       | 10 bolt 90.00
          | close 2026-11                        | 2026-11-30 settled
          | stock bolt                           | 20 = 140.00
          | reopen 2026-11                       | open settled
          | close 2026-11                        | 2026-11-30 settled
          | stock bolt                           | 20 = 140.00
    """)


def test_an_issue_reversed_after_the_close_goes_back_at_what_it_left_with(
    company: Company, clock: SettableClock
) -> None:
    Story(company, clock).run("""
    11-02 | item bolt monthly                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | issue 10 bolt as I1                  | 10 bolt 50.00
          | receive 10 bolt @7.00                | 10 bolt 70.00
    12-01 | close 2026-11                        | 2026-11-30 settled
          | reverse I1                           | 10 bolt 50.00
          | stock bolt                           | 20 = 110.00
    """)


def test_a_month_with_orders_and_returns_is_closed_reopened_and_closed_again(
    company: Company, clock: SettableClock
) -> None:
    Story(company, clock).run("""
    11-02 | item steel monthly                       |
          | item pump average                        |
          | receive 10 steel @5.00                   | 10 steel 50.00
          | consume 4 steel for W1                   | 4 steel 20.00
          | produce 2 pump @10.00 for W1             | 2 pump 20.00
          | orders                                   | nothing
          | consume 2 steel for W1 as C2             | 2 steel 10.00
          | receive 10 steel @7.00 as R2             | 10 steel 70.00
    12-01 | close 2026-11                            | 2026-11-30 settled
          | stock steel                              | 14 = 84.00
          | orders                                   | W1 36.00 - 20.00
          | asof steel 11-30                         | 14 = 84.00: B1 available 14
          | reopen 2026-11                           | open settled
          | stock steel                              | 14 = 90.00
          | orders                                   | W1 36.00 - 26.00
          | takeback 1 of C2 for W1 on 11-30         | 1 steel 5.00
          | sendback 5 of R2 on 11-30                | 5 steel 35.00
          | stock steel                              | 10 = 60.00
          | close 2026-11                            | 2026-11-30 settled
          | orders                                   | W1 39.33 - 31.00
          | stock steel                              | 10 = 56.67
          | issue 10 steel                           | 10 steel 56.67
    """)


def test_a_month_without_anything_to_settle_closes_without_a_posting(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt monthly                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | issue 4 bolt                         | 4 bolt 20.00
    12-01 | close 2026-11                        | 2026-11-30
          | postings                             | 2
          | reopen 2026-11                       | open
          | postings                             | 2
    """)


def test_neither_settlement_nor_its_opposite_can_be_reversed_by_hand(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run("""
    11-02 | item bolt monthly                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | issue 10 bolt                        | 10 bolt 50.00
          | receive 10 bolt @7.00                | 10 bolt 70.00
    12-01 | close 2026-11                        | 2026-11-30 settled
          | reopen 2026-11                       | open settled
    """)
    with company.read() as session:
        rows = session.query(_BY_PERIOD)
    assert [command for _, command in rows] == ["settle_period", "unsettle_period"]
    for posting_id, command in rows:
        story.named[command] = posting_id
        story.run(f"| reverse {command} | ! not_reversible")


def test_the_settlement_of_the_last_day_waits_for_its_business_date(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    10-20 | item bolt monthly                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | issue 4 bolt                         | 4 bolt 20.00
    11-02 | receive 10 bolt @9.00                | 10 bolt 90.00
          | receive 2 bolt @8.00 on 10-31        | 2 bolt 16.00
          | close 2026-10                        | 2026-10-31 settled
          | asof bolt 10-31                      | 8 = 44.00: B1 available 8
          | stock bolt                           | 18 = 134.00
    12-01 | close 2026-11                        | 2026-11-30
    """)
