"""Histories that the random commands of tests/property found, told as stories so that they stay found."""

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.unit_of_work import Company


def test_an_issue_below_zero_goes_back_to_layers_worth_what_they_were(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 10 bolt @3.00 at N1          | 10 bolt 30.00
          | receive 10 bolt @9.00 at N1          | 10 bolt 90.00
          | issue 21 bolt at N1 as I1            | 21 bolt 129.00
          | reverse I1                           | 21 bolt 129.00
          | stock bolt                           | 20 = 120.00
    """)


def test_a_return_is_taken_back_with_the_difference_it_made(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
          | receive 10 bolt @7.00                | 10 bolt 70.00
          | issue 10 bolt                        | 10 bolt 50.00
          | sendback 4 of R1 at B1 as X1         | 4 bolt 20.00, -8.00 return_difference
          | stock bolt                           | 6 = 42.00
          | reverse X1                           | +8.00 return_difference, 4 bolt 20.00
          | stock bolt                           | 10 = 70.00
          | issue 4 bolt                         | 4 bolt 28.00
    """)


def test_the_last_thousandth_of_material_is_traced_too(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item steel average lot               |
          | item pump average lot                |
          | lot steel A                          |
          | lot pump P                           |
          | receive 10 steel/A @5.00             |
          | consume 0.001 steel/A for W1 as C1   | 0.001 steel/A 0.01
          | produce 1 pump/P @1.00 for W1        | 1 pump/P 1.00
          | reverse C1                           | ! used_downstream
    """)
