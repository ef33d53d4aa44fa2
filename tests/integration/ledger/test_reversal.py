"""A reversal is the exact opposite: of quantities, of values, and of what stood on the posting."""

import pytest

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.unit_of_work import Company


@pytest.mark.parametrize(
    ("method", "worth"),
    [("average", "69.09"), ("fifo", "69.09"), ("monthly", "69.09"), ("standard @5.00", "50.00")],
)
def test_a_reversal_restores_quantity_and_value(
    method: str, worth: str, company: Company, clock: SettableClock
) -> None:
    Story(company, clock).run(f"""
    11-02 | item bolt {method}                   |
          | receive 3 bolt @4.90                 |
          | receive 7 bolt @7.77 at B2           |
          | stock bolt                           | 10 = {worth}
          | issue 2 bolt as I1                   |
          | reverse I1                           |
          | stock bolt                           | 10 = {worth}
          | receive 1 bolt @99.99 as R1          |
          | reverse R1                           |
          | stock bolt                           | 10 = {worth}
          | places bolt                          | B1 available 3, B2 available 7
    """)


def test_a_posting_is_reversed_once_and_a_reversal_never(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
          | reverse R1 as X1                     | 10 bolt 50.00
          | reverse R1                           | ! already_reversed
          | reverse X1                           | ! not_reversible
          | stock bolt                           | 0 = 0.00
    """)


def test_goods_that_have_gone_cannot_be_unreceived(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
          | issue 1 bolt as I1                   | 1 bolt 5.00
          | reverse R1                           | ! insufficient_stock
          | reverse I1                           | 1 bolt 5.00
          | reverse R1                           | 10 bolt 50.00
    """)


def test_the_difference_to_the_average_has_a_name(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
          | receive 10 bolt @9.00                | 10 bolt 90.00
          | issue 10 bolt                        | 10 bolt 70.00
          | reverse R1                           | 10 bolt 50.00, -20.00 return_difference
          | stock bolt                           | 0 = 0.00
    """)


def test_a_reversal_takes_its_own_layer_first(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
          | receive 10 bolt @9.00 as R2          | 10 bolt 90.00
          | reverse R2                           | 10 bolt 90.00
          | issue 10 bolt as I1                  | 10 bolt 50.00
          | reverse I1                           | 10 bolt 50.00
          | issue 10 bolt                        | 10 bolt 50.00
    """)


def test_what_stands_on_a_posting_is_reversed_first(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                        |
          | receive 10 bolt @5.00                    | 10 bolt 50.00
          | issue 4 bolt as I1                       | 4 bolt 20.00
          | takeback 1 of I1 at B1 inspection as T1  | 1 bolt 5.00
          | reverse I1                               | ! used_downstream
          | reverse T1                               | 1 bolt 5.00
          | reverse I1                               | 4 bolt 20.00
          | takeback 1 of I1 at B1 inspection        | ! exceeds_origin
          | stock bolt                               | 10 = 50.00
    """)


def test_material_cannot_be_taken_from_under_its_output(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item steel average lot               |
          | item pump average lot                |
          | lot steel A                          |
          | lot pump P                           |
          | receive 10 steel/A @5.00             |
          | consume 6 steel/A for W1 as C1       | 6 steel/A 30.00
          | produce 1 pump/P @40.00 for W1 as M1 | 1 pump/P 40.00
          | reverse C1                           | ! used_downstream
          | reverse C1 on 12-24                  | ! used_downstream
          | takeback 1 of C1 at B1 for W1        | ! exceeds_consumed
          | reverse M1                           | 1 pump/P 40.00
          | reverse C1                           | 6 steel/A 30.00
          | stock steel                          | 10 = 50.00
    """)


def test_a_lot_that_expired_meanwhile_can_still_be_taken_back(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item glue average lot                |
          | lot glue A expires 11-10             |
          | receive 10 glue/A @5.00              | 10 glue/A 50.00
          | issue 2 glue/A as I1                 | 2 glue/A 10.00
    11-20 | issue 2 glue/A                       | ! lot_expired
          | issue 2 glue/A expired               | 2 glue/A 10.00
          | reverse I1                           | 2 glue/A 10.00
          | stock glue                           | 8 = 40.00
    """)
