"""The cases of refusals that no posting meets: reservations, master data, periods."""

from datetime import date

from tests import builders as b
from tests.integration.ledger.refusal_cases import LOTTED, PLAIN, Refused, World, case
from zhangshi.base.periods import Period
from zhangshi.ledger import refusals as r
from zhangshi.ledger.model import Location, LocationKind, Tracking

LAST_MONTH, THIS_MONTH = Period(2026, 10), Period(2026, 11)


@case(r.INSUFFICIENT_TO_RESERVE)
def _insufficient_to_reserve(w: World) -> Refused:
    w.reserve(quantity=4)
    facts = {"item": PLAIN, "location": b.WAREHOUSE, "available": "6", "wanted": "7", "missing": "1"}
    return Refused(lambda: w.reserve(quantity=7), facts)


@case(r.ITEM_IN_USE)
def _item_in_use(w: World) -> Refused:
    return Refused(lambda: w.factory.item(PLAIN, tracking=Tracking.LOT), {"item": PLAIN})


@case(r.LOCATION_IN_USE)
def _location_in_use(w: World) -> Refused:
    closed = Location(b.BIN, b.WAREHOUSE, LocationKind.BIN, active=False)
    return Refused(lambda: w.save(closed), {"location": b.BIN})


@case(r.BAD_TREE)
def _bad_tree(w: World) -> Refused:
    bin_in_bin = Location(30, b.BIN, LocationKind.BIN)
    return Refused(lambda: w.save(bin_in_bin), {"location": 30, "parent": b.BIN})


@case(r.LOT_CODE_TAKEN)
def _lot_code_taken(w: World) -> Refused:
    w.factory.lot(LOTTED, "A")
    other = date(2027, 1, 31)
    return Refused(lambda: w.factory.lot(LOTTED, "A", expires_on=other), {"item": LOTTED, "code": "A"})


@case(r.PERIOD_ORDER)
def _period_order(w: World) -> Refused:
    w.close(LAST_MONTH)
    facts = {"period": "2026-10", "action": "close", "last_closed": "2026-10"}
    return Refused(lambda: w.close(LAST_MONTH), facts)


@case(r.PERIOD_NOT_OVER)
def _period_not_over(w: World) -> Refused:
    facts = {"period": "2026-11", "ends_on": "2026-11-30", "today": w.today.isoformat()}
    return Refused(lambda: w.close(THIS_MONTH), facts)
