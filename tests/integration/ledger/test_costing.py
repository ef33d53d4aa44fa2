"""The four costing methods in numbers that an accountant can check by hand."""

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.unit_of_work import Company


def test_moving_average_mixes_prices_and_the_last_unit_takes_the_remainder(
    company: Company, clock: SettableClock
) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | receive 10 bolt @7.00                | 10 bolt 70.00
          | issue 5 bolt                         | 5 bolt 30.00
          | stock bolt                           | 15 = 90.00
          | issue 15 bolt                        | 15 bolt 90.00
          | stock bolt                           | 0 = 0.00
          | item wire average                    |
          | receive 3 wire @3.333333             | 3 wire 10.00
          | issue 1 wire                         | 1 wire 3.33
          | issue 1 wire                         | 1 wire 3.34
          | issue 1 wire                         | 1 wire 3.33
          | stock wire                           | 0 = 0.00
    """)


def test_first_in_first_out_takes_the_oldest_price(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
          | receive 10 bolt @7.00 at B2          | 10 bolt 70.00
          | issue 4 bolt at B2                   | 4 bolt 20.00
          | issue 8 bolt at B1                   | 8 bolt 44.00
          | stock bolt                           | 8 = 56.00
          | adjust 2 bolt at B1                  | 2 bolt 14.00
          | issue 6 bolt at B2                   | 6 bolt 42.00
          | receive 1 bolt @9.99 at B2           | 1 bolt 9.99
          | issue 4 bolt at B1                   | 4 bolt 28.00
          | stock bolt                           | 1 = 9.99
    """)


def test_first_in_first_out_divides_a_layer_without_losing_a_fen(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item wire fifo                       |
          | receive 3 wire @3.333333             | 3 wire 10.00
          | receive 7 wire @1.00                 | 7 wire 7.00
          | issue 1 wire                         | 1 wire 3.33
          | issue 1 wire                         | 1 wire 3.34
          | issue 2 wire                         | 2 wire 4.33
          | stock wire                           | 6 = 6.00
    """)


def test_standard_cost_names_what_was_paid_beyond_it(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt standard @5.00             |
          | receive 10 bolt @5.30                | 10 bolt 53.00, -3.00 purchase_price_variance
          | receive 10 bolt @4.90                | 10 bolt 49.00, +1.00 purchase_price_variance
          | receive 1 bolt @5.00                 | 1 bolt 5.00
          | issue 6 bolt                         | 6 bolt 30.00
          | stock bolt                           | 15 = 75.00
          | standard bolt @5.50                  | +7.50 revaluation
          | standard bolt @5.50                  | ! nothing_to_revalue
          | issue 15 bolt                        | 15 bolt 82.50
          | stock bolt                           | 0 = 0.00
    """)


def test_standard_cost_in_parts_of_a_fen_keeps_quantity_times_standard(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item wire standard @0.333333         |
          | receive 1 wire @0.333333             | 1 wire 0.33
          | receive 1 wire @0.333333             | 1 wire 0.33, +0.01 purchase_price_variance
          | issue 1 wire                         | 1 wire 0.34
          | stock wire                           | 1 = 0.33
    """)


def test_the_month_end_average_corrects_what_was_issued(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt monthly                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
    11-05 | issue 10 bolt as I1                  | 10 bolt 50.00
    11-20 | receive 10 bolt @7.00                | 10 bolt 70.00
          | stock bolt                           | 10 = 70.00
    12-01 | close 2026-11                        | 2026-11-30 settled
          | stock bolt                           | 10 = 60.00
          | issue 10 bolt                        | 10 bolt 60.00
          | stock bolt                           | 0 = 0.00
    """)


def test_the_month_end_average_is_shared_to_the_last_fen(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item wire monthly                    |
          | receive 3 wire @3.333333             | 3 wire 10.00
          | issue 1 wire                         | 1 wire 3.33
          | consume 1 wire at B1 for W1          | 1 wire 3.34
          | receive 4 wire @0.10                 | 4 wire 0.40
          | scrap 1 wire                         | 1 wire 0.75
    12-01 | close 2026-11                        | 2026-11-30 settled
          | stock wire                           | 4 = 5.94
    """)


def test_the_average_of_a_month_counts_returns_against_issues(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt monthly                        |
          | receive 10 bolt @5.00                    | 10 bolt 50.00
          | issue 6 bolt as I1                       | 6 bolt 30.00
          | takeback 2 of I1 at B1 inspection        | 2 bolt 10.00
          | receive 10 bolt @7.00                    | 10 bolt 70.00
    12-01 | close 2026-11                            | 2026-11-30 settled
          | stock bolt                               | 16 = 96.00
    """)


def test_a_change_of_value_is_spread_over_the_layers(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | receive 10 bolt @15.00               | 10 bolt 150.00
          | revalue bolt by -20.00               | -20.00 revaluation
          | issue 10 bolt                        | 10 bolt 45.00
          | issue 10 bolt                        | 10 bolt 135.00
          | revalue bolt by 1.00                 | ! nothing_to_revalue
    """)


def test_no_change_of_value_goes_below_zero_however_many_lines_it_has(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                           |
          | receive 10 bolt @5.00                       | 10 bolt 50.00
          | revalue bolt by -30.00 + bolt by -30.00     | ! nothing_to_revalue
          | revalue bolt by -30.00 + bolt by -20.00     | -30.00 revaluation, -20.00 revaluation
          | stock bolt                                  | 10 = 0.00
    """)


def test_goods_found_without_a_price_come_in_at_the_average(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | adjust 2 bolt                        | 2 bolt 0.00
          | adjust -2 bolt                       | 2 bolt 0.00
          | receive 4 bolt @2.50                 | 4 bolt 10.00
          | adjust 2 bolt                        | 2 bolt 5.00
          | adjust 2 bolt @9.00                  | 2 bolt 18.00
          | stock bolt                           | 8 = 33.00
    """)


def test_goods_put_back_are_the_first_to_leave_again(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 3 bolt @1.00                 | 3 bolt 3.00
          | receive 3 bolt @2.00                 | 3 bolt 6.00
          | receive 3 bolt @9.00                 | 3 bolt 27.00
          | issue 5 bolt as I1                   | 5 bolt 7.00
          | issue 1 bolt as I2                   | 1 bolt 2.00
          | reverse I1                           | 5 bolt 7.00
          | issue 1 bolt                         | 1 bolt 1.40
          | reverse I2                           | 1 bolt 2.00
          | issue 2 bolt                         | 2 bolt 3.40
          | issue 3 bolt                         | 3 bolt 4.20
          | stock bolt                           | 3 = 27.00
    """)


def test_goods_go_back_to_the_supplier_at_the_price_that_was_paid(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
          | receive 10 bolt @9.00                | 10 bolt 90.00
          | issue 12 bolt                        | 12 bolt 84.00
          | sendback 4 of R1                     | 4 bolt 20.00
          | stock bolt                           | 4 = 36.00
          | sendback 7 of R1                     | ! exceeds_origin
          | sendback 4 of R1                     | 4 bolt 20.00, -16.00 return_difference
          | stock bolt                           | 0 = 0.00
          | item pin fifo                        |
          | receive 10 pin @5.00 as R2           | 10 pin 50.00
          | receive 10 pin @9.00 as R3           | 10 pin 90.00
          | sendback 2 of R3                     | 2 pin 18.00
          | issue 12 pin                         | 12 pin 68.00
          | sendback 4 of R2                     | 4 pin 20.00, -16.00 return_difference
          | stock pin                            | 2 = 18.00
          | item nut standard @5.00              |
          | receive 10 nut @6.00 as R4           | 10 nut 60.00, -10.00 purchase_price_variance
          | sendback 4 of R4                     | 4 nut 24.00, +4.00 return_difference
          | stock nut                            | 6 = 30.00
          | sendback 6 nut                       | 6 nut 30.00
    """)


def test_what_is_returned_in_parts_sums_to_what_was_paid(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item wire average                    |
          | receive 3 wire @3.333333 as R1       | 3 wire 10.00
          | sendback 1 of R1                     | 1 wire 3.33
          | sendback 1 of R1                     | 1 wire 3.34
          | sendback 1 of R1                     | 1 wire 3.33
          | stock wire                           | 0 = 0.00
          | receive 3 wire @3.333333             | 3 wire 10.00
          | issue 3 wire as I1                   | 3 wire 10.00
          | takeback 2 of I1 hold                | 2 wire 6.67
          | takeback 2 of I1 hold                | ! exceeds_origin
          | takeback 1 of I1 hold                | 1 wire 3.33
          | stock wire                           | 3 = 10.00
    """)
