"""Goods on the road: shipped, signed for in parts, lost, and never counted twice."""

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.platform.unit_of_work import Company


def test_goods_on_the_road_are_ours_and_nobody_can_issue_them(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | ship 6 bolt to F1 as S1              | 6 bolt 0.00
          | stock bolt                           | 10 = 50.00
          | places bolt                          | T available 6, B1 available 4
          | road                                 | 6 of 6 to F1 by wu
          | issue 5 bolt                         | ! insufficient_stock
          | issue 1 bolt at T                    | ! wrong_location
          | reserve 5 bolt under W               | ! insufficient_to_reserve
    """)


def test_a_shipment_is_signed_for_in_parts_and_the_rest_is_lost(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | ship 6 bolt to F1 as S1              | 6 bolt 0.00
    11-03 | sign 2 of S1 at F1                   | 2 bolt 0.00
          | sign 3 of S1 at F1 as G2             | 3 bolt 0.00
          | sign 2 of S1 at F1                   | ! exceeds_origin
          | lose 1 of S1                         | 1 bolt 5.00
          | road                                 | nothing
          | places bolt                          | B1 available 4, F1 available 5
          | stock bolt                           | 9 = 45.00
          | reverse S1                           | ! used_downstream
          | reverse G2                           | 3 bolt 0.00
          | road                                 | 3 of 6 to F1 by wu
          | sign 3 of S1 at B2                   | 3 bolt 0.00
    """)


def test_a_shipment_that_nobody_signed_for_comes_back_by_reversal(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt fifo                       |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | ship 6 bolt to F1 as S1              | 6 bolt 0.00
          | reverse S1                           | 6 bolt 0.00
          | sign 1 of S1 at F1                   | ! exceeds_origin
          | places bolt                          | B1 available 10
    """)


def test_another_warehouse_is_reached_only_by_the_road(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | move 2 bolt at B1 to F1              | ! other_warehouse
          | move 2 bolt at B1 to B1              | ! same_place
          | move 2 bolt at B1 to Z1              | 2 bolt 0.00
          | move 3 bolt at Z1 to B2              | ! insufficient_stock
    """)


def test_only_a_shipment_can_be_signed_for(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00 as R1          | 10 bolt 50.00
          | sign 1 of R1 at F1                   | ! wrong_location
          | lose 1 of R1                         | ! wrong_location
          | issue 2 bolt as I1                   | 2 bolt 10.00
          | sign 1 of I1 at F1                   | ! wrong_location
    """)


def test_what_is_overdue_shows_with_the_one_who_answers_for_it(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | ship 2 bolt to F1 until 11-09 as S2  | 2 bolt 0.00
          | ship 6 bolt to F1 until 11-04 as S1  | 6 bolt 0.00
    11-03 | road                                 | 6 of 6 to F1 by wu, 2 of 2 to F1 by wu
    11-05 | sign 4 of S1 at F1                   | 4 bolt 0.00
          | road                                 | 2 of 6 to F1 by wu overdue, 2 of 2 to F1 by wu
          | sign 2 of S2 at F1                   | 2 bolt 0.00
          | road                                 | 2 of 6 to F1 by wu overdue
          | lose 2 of S1 as L1                   | 2 bolt 10.00
          | road                                 | nothing
          | reverse L1                           | 2 bolt 10.00
          | road                                 | 2 of 6 to F1 by wu overdue
          | sign 2 of S1 at F1                   | 2 bolt 0.00
          | free bolt                            | 10 of 10
    """)


def test_goods_are_signed_for_where_somebody_may_put_them(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                    |
          | receive 10 bolt @5.00                | 10 bolt 50.00
          | ship 6 bolt to F1 as S1              | 6 bolt 0.00
          | sign 1 of S1 at T                    | ! wrong_location
          | sign 2 of S1 at F1 + 3 of S1 at B2   | 2 bolt 0.00, 3 bolt 0.00
          | sign 1 of S1 at F1 + 1 of S1 at B2   | ! exceeds_origin
          | places bolt                          | T available 1, B1 available 4, B2 available 3, F1 available 2
    """)
