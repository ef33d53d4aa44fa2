"""Promises: goods promised to one cannot be given to another, and every promise ends."""

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.unit_of_work import Company


def test_what_expires_first_goes_first_and_what_has_expired_not_at_all(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item milk average lot                |
          | lot milk NEW expires 12-31           |
          | lot milk OLD expires 12-01           |
          | lot milk GONE expires 11-01          |
          | lot milk EVER                        |
          | receive 4 milk/NEW @1 at B1 + 10 milk/OLD @1 at B2 + 9 milk/GONE @1 at B2 + 5 milk/EVER @1 at B1 |
          | reserve 12 milk under W fefo as P1   | 10 B2/OLD, 2 B1/NEW
          | reserve 8 milk under W fefo          | ! insufficient_to_reserve
          | reserve 8 milk under W fefo part     | 2 B1/NEW, 5 B1/EVER
          | release P1                           | 2
          | reserve 3 milk under W fifo          | 2 B1/NEW, 1 B2/OLD
    """)


def test_a_chosen_lot_and_a_chosen_place_are_kept_to(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item milk average lot                |
          | lot milk A B                         |
          | receive 5 milk/A @1 at B1 + 5 milk/B @1 at Z1 + 5 milk/B @1 at F1 |
          | reserve 6 milk/B under W             | ! insufficient_to_reserve
          | reserve 4 milk/B under W             | 4 Z1/B
          | reserve 2 milk under Z               | ! insufficient_to_reserve
          | reserve 1 milk under Z               | 1 Z1/B
          | reserve 5 milk under FW              | 5 F1/B
          | reserve 5 milk under W               | 5 B1/A
    """)


def test_promised_goods_leave_only_through_their_promise(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | reserve 7 bolt under W as P1         | 7 B1
          | places bolt                          | B1 available 10 (7 reserved)
          | issue 4 bolt                         | ! reserved_for_others
          | move 4 bolt at B1 to B2              | ! reserved_for_others
          | status 4 bolt at B1 to hold          | ! reserved_for_others
          | scrap 4 bolt                         | ! reserved_for_others
          | adjust -4 bolt                       | ! reserved_for_others
          | issue 3 bolt                         | 3 bolt 15.00
          | issue 5 bolt from P1                 | 5 bolt 25.00
          | issue 3 bolt from P1                 | ! exceeds_reservation
          | issue 2 bolt from P1                 | 2 bolt 10.00
          | issue 1 bolt from P1                 | ! reservation_closed
          | release P1                           | ! reservation_closed
          | places bolt                          | nothing
    """)


def test_a_promise_ends_when_it_is_released_or_its_time_has_come(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                              |
          | receive 10 bolt @5.00                          | 10 bolt 50.00
          | reserve 4 bolt under W until 11-05 as P1       | 4 B1
          | reserve 3 bolt under W as P2                   | 3 B1
          | expire                                         | 0
          | release P2                                     | 1
          | release P2                                     | ! reservation_closed
    11-04 | expire                                         | 0
    11-05 | expire                                         | 1
          | expire                                         | 0
          | issue 1 bolt from P1                           | ! reservation_closed
          | places bolt                                    | B1 available 10
    """)


def test_a_reversed_issue_gives_its_promise_back_unless_that_has_ended(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | reserve 6 bolt under W as P1         | 6 B1
          | issue 6 bolt from P1 as I1           | 6 bolt 30.00
          | reverse I1                           | 6 bolt 30.00
          | places bolt                          | B1 available 10 (6 reserved)
          | issue 2 bolt from P1 as I2           | 2 bolt 10.00
          | release P1                           | 1
          | reverse I2                           | 2 bolt 10.00
          | places bolt                          | B1 available 10
    """)


def test_a_promise_serves_one_item_only(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | item nut average                     |
          | receive 10 bolt @5.00 + 10 nut @1.00 |
          | reserve 6 bolt under W as P1         | 6 B1
          | issue 1 nut from P1                  | ! reservation_mismatch
          | status 2 bolt at B1 to hold          | 2 bolt 0.00
          | reserve 3 bolt under W               | ! insufficient_to_reserve
          | consume 6 bolt from P1 for W1        | 6 bolt 30.00
    """)
