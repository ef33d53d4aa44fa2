"""Stock below zero: forbidden by default; where it is allowed, shown and corrected by name."""

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.unit_of_work import Company


def test_no_place_goes_below_zero_unless_it_may(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | issue 11 bolt                        | ! insufficient_stock
          | issue 4 bolt at N1                   | 4 bolt 20.00
          | places bolt                          | B1 available 10, N1 available -4 negative
          | stock bolt                           | 6 = 30.00
          | move 4 bolt at B1 to N1              | 4 bolt 0.00
          | places bolt                          | B1 available 6
    """)


def test_goods_issued_before_they_came_are_corrected_by_name(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 1 bolt @5.00 at N1           | 1 bolt 5.00
          | issue 6 bolt at N1                   | 6 bolt 30.00
          | stock bolt                           | -5 = -25.00
          | receive 2 bolt @6.00 at N1           | 2 bolt 12.00, -2.00 negative_correction
          | stock bolt                           | -3 = -15.00
          | receive 10 bolt @7.00 at N1          | 10 bolt 70.00, -6.00 negative_correction
          | stock bolt                           | 7 = 49.00
    """)


def test_first_in_first_out_below_zero_opens_a_layer_of_what_is_left(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 2 bolt @5.00 at N1           | 2 bolt 10.00
          | issue 3 bolt at N1 as I1             | 3 bolt 15.00
          | receive 4 bolt @7.00 at N1 as R2     | 4 bolt 28.00, -2.00 negative_correction
          | stock bolt                           | 3 = 21.00
          | reverse R2                           | +2.00 negative_correction, 4 bolt 28.00
          | stock bolt                           | -1 = -5.00
          | reverse I1                           | 3 bolt 15.00
          | stock bolt                           | 2 = 10.00
    """)


def test_a_reversal_below_zero_prices_the_rest_as_it_was(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 1 bolt @3.00 at N1           | 1 bolt 3.00
          | receive 1 bolt @9.00 at N1           | 1 bolt 9.00
          | issue 1 bolt at N1                   | 1 bolt 3.00
          | issue 3 bolt at N1 as I2             | 3 bolt 27.00
          | reverse I2                           | 3 bolt 27.00
          | stock bolt                           | 1 = 9.00
    """)


def test_standard_cost_below_zero_needs_no_correction_but_the_variance(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt standard @5.00             |
          | issue 3 bolt at N1                   | 3 bolt 15.00
          | stock bolt                           | -3 = -15.00
          | receive 4 bolt @6.00 at N1           | 4 bolt 24.00, -4.00 purchase_price_variance
          | stock bolt                           | 1 = 5.00
    """)


def test_a_serial_number_is_never_below_zero(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item pump fifo serial                |
          | lot pump S1                          |
          | issue 1 pump/S1 at N1                | ! insufficient_stock
    """)
