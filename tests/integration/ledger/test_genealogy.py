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
    return ", ".join(
        f"{e.level}: {codes[e.in_lot_id]}>{codes[e.out_lot_id]} {quantity_text(Quantity(e.quantity))}"
        f" ({quantity_text(Quantity(e.carried))})"
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
