"""Lots and statuses: what may be done with goods, and what may become of them."""

import pytest

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.ledger.model import ALLOWED_STATUS_CHANGES, Status
from zhangshi.platform.unit_of_work import Company

STOCKED = [status for status in Status if status is not Status.OUTSIDE]
_INTO = {  # by which lawful steps goods of the status come about
    Status.AVAILABLE: "",
    Status.INSPECTION: "| status 1 bolt available to inspection | 1 bolt 0.00\n",
    Status.HOLD: "| status 1 bolt available to hold | 1 bolt 0.00\n",
    Status.REJECTED: "| status 1 bolt available to rejected | 1 bolt 0.00\n",
}


@pytest.mark.parametrize("before", STOCKED)
@pytest.mark.parametrize("after", list(Status))
def test_goods_change_status_along_the_allowed_ways_only(
    before: Status, after: Status, sqlite_company: Company, clock: SettableClock
) -> None:
    if after is before:
        answer = "! same_place"
    elif after in ALLOWED_STATUS_CHANGES[before]:
        answer = "1 bolt 0.00"
    else:
        answer = "! status_change_not_allowed"
    story = Story(sqlite_company, clock).run(f"""
    11-02 | item bolt average                       |
          | receive 1 bolt @5.00                    | 1 bolt 5.00
          {_INTO[before]}
          | status 1 bolt {before} to {after}       | {answer}
          | stock bolt                              | 1 = 5.00
    """)
    held = after if answer == "1 bolt 0.00" else before
    story.run(f"| places bolt | B1 {held} 1")


def test_only_available_goods_leave_for_customers_orders_and_other_warehouses(
    company: Company, clock: SettableClock
) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average                       |
          | receive 4 bolt @5.00 inspection         | 4 bolt 20.00
          | free bolt                               | 0 of 4
          | issue 1 bolt                            | ! insufficient_stock
          | consume 1 bolt for W1                   | ! insufficient_stock
          | ship 1 bolt to F1                       | ! insufficient_stock
          | reserve 1 bolt under W                  | ! insufficient_to_reserve
          | status 3 bolt inspection to available   | 3 bolt 0.00
          | free bolt                               | 3 of 4
          | issue 1 bolt                            | 1 bolt 5.00
          | reserve 1 bolt under W                  | 1 B1
          | free bolt                               | 1 of 3
          | places bolt                             | B1 available 2 (1 reserved), B1 inspection 1
          | stock bolt                              | 3 = 15.00
    """)


@pytest.mark.parametrize(
    ("request_text", "statuses"),
    [
        ("receive 1 bolt @1.00 {status}", "available inspection hold"),
        ("produce 1 bolt @1.00 for W1 {status}", "available inspection"),
        ("takeback 1 bolt {status}", "inspection rejected hold"),
        ("takeback 1 of C1 for W1 {status}", "available inspection rejected hold"),
        ("sendback 1 bolt {status}", "available rejected hold"),
        ("scrap 1 bolt {status}", "available rejected hold"),
        ("adjust 1 bolt {status}", "available inspection rejected hold"),
        ("adjust -1 bolt {status}", "available inspection rejected hold"),
        ("move 1 bolt at B1 to B2 {status}", "available inspection rejected hold"),
    ],
)
def test_each_command_takes_its_own_statuses(
    request_text: str, statuses: str, sqlite_company: Company, clock: SettableClock
) -> None:
    story = Story(sqlite_company, clock).run("""
    11-02 | item bolt average                          |
          | receive 20 bolt @1.00                      | 20 bolt 20.00
          | consume 5 bolt for W1 as C1                | 5 bolt 5.00
          | status 5 bolt available to inspection      | 5 bolt 0.00
          | status 5 bolt available to hold            | 5 bolt 0.00
          | status 5 bolt available to rejected        | 5 bolt 0.00
          | receive 5 bolt @1.00                       | 5 bolt 5.00
    """)
    taken = []
    for status in Status:
        said = story.tell(request_text.format(status=status))
        if said.startswith("1 bolt"):
            taken.append(status.value)
        else:
            assert said == "! status_not_allowed", f"{request_text} {status}: {said}"
    assert taken == [status.value for status in Status if status.value in statuses.split()]
    story.run("| stock bolt |")


def test_rejected_goods_go_back_to_the_supplier_or_through_a_new_inspection(
    company: Company, clock: SettableClock
) -> None:
    Story(company, clock).run("""
    11-02 | item steel average lot                          |
          | lot steel A                                     |
          | receive 10 steel/A @6.00 inspection as R1       | 10 steel/A 60.00
          | status 4 steel/A inspection to rejected         | 4 steel/A 0.00
          | status 6 steel/A inspection to available        | 6 steel/A 0.00
          | status 1 steel/A rejected to available          | ! status_change_not_allowed
          | sendback 3 of R1 rejected                       | 3 steel/A 18.00
          | status 1 steel/A rejected to inspection         | 1 steel/A 0.00
          | status 1 steel/A inspection to available        | 1 steel/A 0.00
          | places steel                                    | B1/A available 7
    """)


def test_a_lot_is_named_belongs_to_its_item_and_is_kept_apart(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run("""
    11-02 | item steel average lot                          |
          | item bolt average                               |
          | lot steel A B                                   |
          | receive 5 steel @6.00                           | ! lot_required
          | receive 5 steel/A @6.00 + 5 steel/B @8.00       | 5 steel/A 30.00, 5 steel/B 40.00
          | issue 6 steel/A                                 | ! insufficient_stock
          | issue 5 steel/A                                 | 5 steel/A 35.00
          | receive 1 bolt @1.00                            | 1 bolt 1.00
          | places steel                                    | B1/B available 5
    """)
    story.lots[("bolt", "A")] = story.lots[("steel", "A")]
    story.run("| issue 1 bolt/A | ! lot_not_tracked")
    story.run("""
          | item wire average lot                           |
          | lot wire W                                      |
    """)
    story.lots[("wire", "A")] = story.lots[("steel", "A")]
    story.run("| receive 1 wire/A @1.00 | ! unknown_lot")


def test_an_expired_lot_stays_unless_somebody_lets_it_go(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item glue average lot                           |
          | lot glue A expires 11-10                        |
          | receive 10 glue/A @5.00                         | 10 glue/A 50.00
          | reserve 2 glue under W as P1                    | 2 B1/A
    11-10 | issue 1 glue/A                                  | 1 glue/A 5.00
    11-11 | issue 1 glue/A                                  | ! lot_expired
          | issue 1 glue/A on 11-10                         | 1 glue/A 5.00
          | issue 1 glue from P1                            | ! lot_expired
          | consume 1 glue/A for W1                         | ! lot_expired
          | ship 1 glue/A to F1                             | ! lot_expired
          | reserve 1 glue under W                          | ! insufficient_to_reserve
          | issue 1 glue/A expired                          | 1 glue/A 5.00
          | move 1 glue/A to B2                             | 1 glue/A 0.00
          | status 1 glue/A to rejected                     | 1 glue/A 0.00
          | scrap 1 glue/A rejected                         | 1 glue/A 5.00
          | adjust -1 glue/A                                | 1 glue/A 5.00
    """)


def test_whole_pieces_come_in_whole(company: Company, clock: SettableClock) -> None:
    Story(company, clock).run("""
    11-02 | item bolt average step 1                        |
          | item wire average step 0.005                    |
          | receive 1.5 bolt @1.00                          | ! quantity_step
          | receive 2 bolt @1.00                            | 2 bolt 2.00
          | issue 0.000001 bolt                             | ! quantity_step
          | receive 0.015 wire @100.00                      | 0.015 wire 1.50
          | issue 0.003 wire                                | ! quantity_step
          | issue 0.01 wire                                 | 0.01 wire 1.00
    """)
