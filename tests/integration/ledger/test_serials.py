"""Serial numbers: each is one piece, and in one place at most."""

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.unit_of_work import Company


def test_a_serial_number_is_in_one_place_at_most(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item pump average serial                  |
          | lot pump S1 S2                            |
          | receive 1 pump/S1 @100 at B1              | 1 pump/S1 100.00
          | receive 1 pump/S1 @100 at B2              | ! serial_in_stock
          | receive 1 pump/S2 @80 + 1 pump/S2 @80     | ! serial_in_stock
          | move 1 pump/S1 at B1 to B2                | 1 pump/S1 0.00
          | issue 1 pump/S1 at B1                     | ! insufficient_stock
          | issue 1 pump/S1 at B2 as I1               | 1 pump/S1 100.00
          | takeback 1 of I1 at B1 inspection         | 1 pump/S1 100.00
          | reverse I1                                | ! used_downstream
          | adjust 1 pump/S1 @1                       | ! serial_in_stock
          | places pump                               | B1/S1 inspection 1
    """)


def test_a_serial_number_on_the_road_is_still_in_stock(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item pump average serial                  |
          | lot pump S1                               |
          | receive 1 pump/S1 @100                    | 1 pump/S1 100.00
          | ship 1 pump/S1 to F1 as T1                | 1 pump/S1 0.00
          | receive 1 pump/S1 @100                    | ! serial_in_stock
          | sign 1 of T1 at F1                        | 1 pump/S1 0.00
          | places pump                               | F1/S1 available 1
    """)


def test_a_serial_number_is_one_piece_and_must_be_named(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item pump average serial                  |
          | item bolt average                         |
          | lot pump S1                               |
          | receive 1 pump @100                       | ! lot_required
          | receive 2 pump/S1 @100                    | ! serial_quantity
          | receive 0.5 pump/S1 @100                  | ! quantity_step
          | receive 1 pump/S1 @100                    | 1 pump/S1 100.00
          | issue 1 pump/S1                           | 1 pump/S1 100.00
          | receive 1 pump/S1 @70                     | 1 pump/S1 70.00
    """)


def test_a_reversal_cannot_bring_a_serial_number_back_twice(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item pump fifo serial                     |
          | lot pump S1                               |
          | receive 1 pump/S1 @100                    | 1 pump/S1 100.00
          | issue 1 pump/S1 as I1                     | 1 pump/S1 100.00
          | receive 1 pump/S1 @60                     | 1 pump/S1 60.00
          | reverse I1                                | ! serial_in_stock
    """)
