"""Stock below zero: forbidden by default; where it is allowed, shown and corrected by name."""

import pytest

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


def test_goods_promised_to_others_are_no_credit(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 5 bolt @2.00 at N1           | 5 bolt 10.00
          | reserve 3 bolt under W as P1         | 3 N1
          | issue 4 bolt at N1                   | ! reserved_for_others
          | issue 2 bolt at N1                   | 2 bolt 4.00
          | issue 3 bolt from P1                 | 3 bolt 6.00
          | issue 4 bolt at N1                   | 4 bolt 8.00
          | reserve 1 bolt under W               | ! insufficient_to_reserve
          | places bolt                          | N1 available -4 negative
          | free bolt                            | -4 of -4
    """)


@pytest.mark.parametrize("method", ["average", "fifo", "monthly"])
def test_a_deficit_is_covered_in_parts_and_the_last_part_takes_the_remainder(
    method: str, company: Company, clock: SettableClock
) -> None:
    Story(company, clock).run(f"""
    11-02 | item wire {method}                   |
          | receive 1 wire @3.333333 at N1       | 1 wire 3.33
          | issue 4 wire at N1                   | 4 wire 13.33
          | stock wire                           | -3 = -10.00
          | receive 1 wire @4.00 at N1           | 1 wire 4.00, -0.67 negative_correction
          | stock wire                           | -2 = -6.67
          | receive 1 wire @3.00 at N1           | 1 wire 3.00, +0.34 negative_correction
          | stock wire                           | -1 = -3.33
          | receive 2 wire @3.50 at N1           | 2 wire 7.00, -0.17 negative_correction
          | stock wire                           | 1 = 3.50
    """)


def test_only_the_place_that_may_goes_below_zero_and_never_in_another_status(
    company: Company, clock: SettableClock
) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | item steel average lot               |
          | lot steel A                          |
          | receive 1 bolt @2.00                 | 1 bolt 2.00
          | issue 2 bolt                         | ! insufficient_stock
          | issue 2 steel/A at N1                | 2 steel/A 0.00
          | receive 2 steel/A @3.00 at N1        | 2 steel/A 6.00, -6.00 negative_correction
          | stock steel                          | 0 = 0.00
          | places steel                         | nothing
    """)
