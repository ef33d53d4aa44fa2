"""Genealogy: which lots went into which, in both directions, with quantities, over several levels."""

from tests.clocks import SettableClock
from tests.integration.ledger.story import Story
from zhangshi.base.numbers import Quantity, quantity_text
from zhangshi.ledger.service.genealogy import TraceEdge, trace_back, trace_forward
from zhangshi.platform.unit_of_work import Company

SHOP = """
    11-02 | item steel average lot                            |
          | item part average lot                             |
          | item pump average lot                             |
          | lot steel A B                                     |
          | lot part X Y                                      |
          | lot pump P Q                                      |
          | receive 20 steel/A @5.00 + 20 steel/B @6.00       |
"""


def _told(story: Story, edges: list[TraceEdge]) -> str:
    codes = {lot_id: code for (_, code), lot_id in story.lots.items() if code}
    items = {item_id: item for item, item_id in story.items.items()}
    return ", ".join(
        f"{e.level}: {codes.get(e.in_lot_id) or items[e.in_item_id]}>{codes.get(e.out_lot_id) or items[e.out_item_id]}"
        f" {quantity_text(Quantity(e.quantity))} ({quantity_text(Quantity(e.carried))})"
        for e in edges
    )


def _forward(story: Story, item: str, lot: str) -> str:
    with story.company.read() as session:
        return _told(story, trace_forward(session, lot_id=story.lots[(item, lot)]))


def _back(story: Story, item: str, lot: str) -> str:
    with story.company.read() as session:
        return _told(story, trace_back(session, lot_id=story.lots[(item, lot)]))


def test_outputs_of_one_posting_share_what_the_order_consumed(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | consume 10 steel/A for W1                                    | 10 steel/A 55.00
          | produce 60 part/X @0.50 for W1 + 40 part/Y @0.50 for W1      |
          | consume 3 steel/B for W1                                     | 3 steel/B 16.50
          | produce 7 pump/P @1 for W1                                   |
    """
    )
    assert _forward(story, "steel", "A") == "1: A>X 6 (6), 1: A>Y 4 (4)"
    assert _forward(story, "steel", "B") == "1: B>P 3 (3)"
    assert _back(story, "part", "Y") == "1: A>Y 4 (4)"


def test_a_recall_goes_through_every_level_and_carries_its_share(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | consume 6 steel/A for W1 + 2 steel/B for W1                  |
          | produce 10 part/X @4 for W1                                  |
          | consume 4 part/X for W2                                      |
          | produce 2 pump/P @8 for W2                                   |
          | consume 5 part/X for W3                                      |
          | produce 2 pump/Q @8 for W3                                   |
    """
    )
    assert _forward(story, "steel", "A") == "1: A>X 6 (6), 2: X>P 4 (2.4), 2: X>Q 5 (3)"
    assert _back(story, "pump", "P") == "1: X>P 4 (4), 2: A>X 6 (2.4), 2: B>X 2 (0.8)"


def test_a_reversal_takes_its_genealogy_back(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | consume 6 steel/A for W1                                     |
          | produce 3 part/X @4 for W1 as M1                             |
          | reverse M1                                                   |
          | consume 2 steel/B for W1                                     |
          | produce 8 part/Y @4 for W1                                   |
    """
    )
    assert _back(story, "part", "X") == ""
    assert _back(story, "part", "Y") == "1: A>Y 6 (6), 1: B>Y 2 (2)"


def test_material_that_came_back_is_in_no_output(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | consume 6 steel/A for W1 as C1                               |
          | takeback 2 of C1 at B1 available for W1                      | 2 steel/A 11.00
          | produce 3 part/X @4 for W1                                   |
          | takeback 1 of C1 at B1 available for W1                      | ! exceeds_consumed
    """
    )
    assert _forward(story, "steel", "A") == "1: A>X 4 (4)"


def test_a_consumption_may_name_its_output_at_once(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | consume 6 steel/A for W1 into part/X + 1 steel/B for W1      |
          | produce 3 part/Y @4 for W1                                   |
          | produce 3 part/X @4 for W1                                   |
    """
    )
    assert _forward(story, "steel", "A") == "1: A>X 6 (6)"
    assert _forward(story, "steel", "B") == "1: B>Y 1 (1)"


def test_material_without_lots_shows_under_its_item_and_leads_no_further(
    company: Company, clock: SettableClock
) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | item screw average                                           |
          | receive 100 screw @0.10                                      |
          | consume 6 steel/A for W1 + 8 screw for W1                    |
          | produce 2 part/X @4 for W1                                   |
          | consume 1 part/X for W2 + 12 screw for W2                    |
          | produce 3 pump/P @4 for W2                                   |
    """
    )
    assert _back(story, "pump", "P") == "1: screw>P 12 (12), 1: X>P 1 (1), 2: screw>X 8 (4), 2: A>X 6 (3)"
    assert _forward(story, "steel", "A") == "1: A>X 6 (6), 2: X>P 1 (3)"


def test_an_output_without_lots_ends_the_trace(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | item scrapbox average                                        |
          | consume 6 steel/A for W1                                     |
          | produce 4 part/X @1 for W1 + 2 scrapbox @0 for W1            |
    """
    )
    assert _forward(story, "steel", "A") == "1: A>scrapbox 2 (2), 1: A>X 4 (4)"


def test_rework_leads_back_to_its_own_lot_and_ends(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | consume 6 steel/A for W1                                     |
          | produce 3 part/X @10 for W1                                  |
          | consume 3 part/X for W2                                      |
          | produce 3 part/Y @10 for W2                                  |
          | consume 2 part/Y for W3                                      |
          | produce 2 part/X @10 for W3                                  |
          | consume 1 part/X for W4                                      |
          | produce 1 pump/P @10 for W4                                  |
    """
    )
    forward = _forward(story, "steel", "A").split(", ")
    assert [edge.split(" (")[0] for edge in forward] == ["1: A>X 6", "2: X>Y 3", "2: X>P 1", "3: Y>X 2"]
    back = _back(story, "pump", "P").split(", ")
    assert [edge.split(" (")[0] for edge in back] == ["1: X>P 1", "2: A>X 6", "2: Y>X 2", "3: X>Y 3"]


def test_what_was_made_is_unmade_only_while_it_is_there(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | consume 6 steel/A for W1                                     | 6 steel/A 33.00
          | produce 3 part/X @10 for W1 as M1                            | 3 part/X 30.00
          | consume 1 part/X for W2 as C2                                | 1 part/X 10.00
          | reverse M1                                                   | ! insufficient_stock
          | reverse C2                                                   | 1 part/X 10.00
          | reverse M1                                                   | 3 part/X 30.00
          | orders                                                       | W1 63.00 - 30.00
          | produce 3 part/Y @11 for W1                                  | 3 part/Y 33.00
          | orders                                                       | nothing
    """
    )
    assert _forward(story, "steel", "A") == "1: A>Y 6 (6)"
    assert _back(story, "part", "X") == ""


def test_an_order_cannot_use_more_than_it_consumed(company: Company, clock: SettableClock) -> None:
    story = Story(company, clock).run(
        SHOP
        + """
          | consume 6 steel/A for W1 as C1                               |
          | consume 6 steel/B for W2                                     |
          | takeback 7 of C1 for W1                                      | ! exceeds_origin
          | takeback 2 of C1 for W2                                      | ! origin_mismatch
          | takeback 2 of C1 for W1                                      |
          | produce 1 part/X @4 for W1 + 1 part/Y @4 for W1              |
          | takeback 1 of C1 for W1                                      | ! exceeds_consumed
    """
    )
    assert _forward(story, "steel", "A") == "1: A>X 2 (2), 1: A>Y 2 (2)"
    assert _forward(story, "steel", "B") == ""
