"""On hand: the question about all items and the question about some are two statements; they must agree."""

from datetime import date

from tests import builders as b
from zhangshi.base.numbers import quantity_from_text, unit_cost_from_text
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import Status
from zhangshi.ledger.service.queries import OnHand, on_hand
from zhangshi.ledger.service.setup import register_item
from zhangshi.platform.unit_of_work import Company, UnitOfWork

TODAY = date(2026, 11, 2)
PLAIN, HELD, ROAD, ALL_ON_ROAD, OFFSET, OWED, GONE = ITEMS = range(5001, 5008)
TEN, FOUR = quantity_from_text("10"), quantity_from_text("4")


def _out(item_id: int, location_id: int = b.BIN) -> c.OutLine:
    return c.OutLine(item_id=item_id, quantity=TEN, location_id=location_id)


def test_all_items_and_named_items_get_the_same_answer_for_every_exception(company: Company) -> None:
    factory = b.open_factory(company)

    def register(uow: UnitOfWork) -> int:
        for item_id in ITEMS:
            register_item(uow, item_id=item_id)
        return 0

    factory.write(register)
    received = tuple(
        c.InLine(item_id=item, quantity=TEN, location_id=b.BIN, unit_cost=unit_cost_from_text("5"))
        for item in ITEMS
        if item != OWED
    )
    held = c.StatusLine(
        item_id=HELD, quantity=FOUR, location_id=b.BIN, from_status=Status.AVAILABLE, to_status=Status.HOLD
    )
    shipped = tuple(
        c.ShipLine(item_id=item, quantity=quantity, location_id=b.BIN, to_location_id=b.FAR_BIN)
        for item, quantity in ((ROAD, FOUR), (ALL_ON_ROAD, TEN))
    )
    sold = (_out(OFFSET, b.NEGATIVE_BIN), _out(OWED, b.NEGATIVE_BIN), _out(GONE))
    factory.post(c.Receive(effective_on=TODAY, supplier_location_id=b.SUPPLIER, lines=received))
    factory.post(c.ChangeStatus(effective_on=TODAY, lines=(held,)))
    factory.post(c.TransferShip(effective_on=TODAY, transit_location_id=b.TRANSIT, lines=shipped))
    factory.post(c.Issue(effective_on=TODAY, customer_location_id=b.CUSTOMER, lines=sold))

    with company.read() as session:
        every, named = on_hand(session), on_hand(session, item_ids=ITEMS)

    ten, four = int(TEN), int(FOUR)
    assert every == named == [
        OnHand(PLAIN, ten, ten, 0, 0),
        OnHand(HELD, ten, ten - four, 0, 0),
        OnHand(ROAD, ten - four, ten - four, 0, four),
        OnHand(ALL_ON_ROAD, 0, 0, 0, ten),
        OnHand(OFFSET, 0, 0, 0, 0),
        OnHand(OWED, -ten, -ten, 0, 0),
    ]  # fmt: skip
