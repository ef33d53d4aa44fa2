"""The ledger's own master data: the head, places, items as the ledger knows them, lots.

An item here is not the item that people see: it is how the ledger values and tracks an id. Method, tracking and step
are fixed once the item has moved, because every later posting stands on them.
"""

from datetime import date

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import Quantity, UnitCost, quantity_text
from zhangshi.ledger import refusals
from zhangshi.ledger._store import reading as read
from zhangshi.ledger._store import setup as store
from zhangshi.ledger.model import (
    REAL_KINDS,
    CostingMethod,
    Head,
    ItemState,
    Location,
    LocationKind,
    Lot,
    Tracking,
)
from zhangshi.platform.unit_of_work import UnitOfWork

_PARENTS: dict[LocationKind, frozenset[LocationKind]] = {
    LocationKind.ZONE: frozenset({LocationKind.WAREHOUSE}),
    LocationKind.BIN: frozenset({LocationKind.WAREHOUSE, LocationKind.ZONE}),
}


def open_ledger(uow: UnitOfWork, *, variance_location_id: int, time_zone: str = "Asia/Shanghai") -> None:
    """Open the stock ledger of a company once: its head, and the place that takes value variances.

    `time_zone` decides which business date it is today. Opening it again changes nothing.
    """
    if uow.session.query(read.HEAD_FOR_UPDATE):
        return
    uow.session.execute(store.INSERT_HEAD, variance_location_id, time_zone, uow.next_id())
    save_location(uow, Location(variance_location_id, 0, LocationKind.ADJUSTMENT))


def lock_head(uow: UnitOfWork) -> Head:
    """Lock the head against every posting and return it.

    Raises: ledger.not_open.
    """
    head = read.head_of(uow.session.query(read.HEAD_FOR_UPDATE))
    if head is None:
        raise ZhangshiError(refusals.NOT_OPEN)
    return head


def save_location(uow: UnitOfWork, location: Location) -> None:
    """Create or change a place.

    Raises: ledger.bad_tree; ledger.location_in_use where stock (or negative stock) forbids the change.
    """
    lock_head(uow)
    places = read.locations_of(uow.session)
    _check_tree(location, places)
    before = places.get(location.location_id)
    if before is not None and before != location:
        _check_in_use(uow, before, location, places)
        if before.allows_negative != location.allows_negative:
            uow.session.execute(store.FLAG_NEGATIVE, int(location.allows_negative), location.location_id)
    uow.session.execute(
        store.UPSERT_LOCATION, location.location_id, location.parent_id, location.kind.value,
        int(location.allows_negative), int(location.active),
    )  # fmt: skip
    uow.session.execute(store.BUMP_LOCATIONS, uow.next_id())


def _check_tree(location: Location, places: dict[int, Location]) -> None:
    allowed = _PARENTS.get(location.kind)
    parent = places.get(location.parent_id)
    fits = location.parent_id == 0 if allowed is None else parent is not None and parent.kind in allowed
    for child in places.values():  # what stands in it must still be allowed to: no rings, no bins in a customer
        if child.parent_id == location.location_id:
            fits = fits and location.kind in _PARENTS[child.kind]
    if not fits:
        raise ZhangshiError(refusals.BAD_TREE, location=location.location_id, parent=location.parent_id)


def _check_in_use(uow: UnitOfWork, before: Location, after: Location, places: dict[int, Location]) -> None:
    ((count, lowest),) = uow.session.query(store.STOCK_AT, before.location_id)
    moved = before.kind is not after.kind or before.parent_id != after.parent_id or not after.active
    in_use = (count and moved) or (lowest < 0 and not after.allows_negative)
    # The value of every past move stands on whether its places held stock, and on which side they were.
    in_use = in_use or (before.kind is not after.kind and not {before.kind, after.kind} <= REAL_KINDS)
    if before.parent_id != after.parent_id:  # goods must not change warehouse with their bin: that is a transfer
        below = [place.location_id for place in places.values() if _is_below(place, before.location_id, places)]
        in_use = in_use or any(uow.session.query(store.STOCK_AT, location_id)[0][0] for location_id in below)
    if in_use:
        raise ZhangshiError(refusals.LOCATION_IN_USE, location=before.location_id)


def _is_below(place: Location, root_id: int, places: dict[int, Location]) -> bool:
    while place.parent_id:
        if place.parent_id == root_id:
            return True
        place = places[place.parent_id]
    return False


def register_item(
    uow: UnitOfWork,
    *,
    item_id: int,
    method: CostingMethod = CostingMethod.MOVING_AVERAGE,
    tracking: Tracking = Tracking.NONE,
    quantity_step: Quantity = Quantity(1),  # an integer
    standard_cost: UnitCost = UnitCost(0),  # an integer
) -> None:
    """Tell the ledger how to value and track an item; the same again changes nothing.

    `quantity_step` is the smallest quantity in millionths: 1_000_000 for whole pieces. Serial items step by one.

    Raises: ledger.quantity_not_positive, ledger.cost_negative for a step or a standard cost that makes no sense;
        ledger.item_in_use when the item has moves and would change.
    """
    step = Quantity(1_000_000) if tracking is Tracking.SERIAL else quantity_step
    if int(step) <= 0:
        raise ZhangshiError(refusals.QUANTITY_NOT_POSITIVE, item=item_id, quantity=quantity_text(step))
    if int(standard_cost) < 0:
        raise ZhangshiError(refusals.COST_NEGATIVE, item=item_id)
    values = (method.value, tracking.value, int(step), int(standard_cost), int(standard_cost))
    if uow.session.execute(store.INSERT_ITEM, item_id, *values):
        return
    item = _locked_item(uow, item_id)
    if item.sequence == 0:
        uow.session.execute(store.UPDATE_UNUSED_ITEM, *values, item_id)
        return
    same_standard = method is not CostingMethod.STANDARD or item.standard_cost == standard_cost
    if (item.method, item.tracking, item.quantity_step) != (method, tracking, step) or not same_standard:
        raise ZhangshiError(refusals.ITEM_IN_USE, item=item_id)


def _locked_item(uow: UnitOfWork, item_id: int) -> ItemState:
    items = read.items_of(uow.session.query_rows(read.ITEMS, [(item_id,)]))
    if item_id not in items:
        raise ZhangshiError(refusals.UNKNOWN_ITEM, item=item_id)
    return items[item_id]


def register_lot(  # a lot has these facts
    uow: UnitOfWork,
    *,
    item_id: int,
    code: str,
    produced_on: date | None = None,
    expires_on: date | None = None,
    supplier_lot: str = "",
) -> Lot:
    """Return the lot `code` of an item, registered now or before with the same facts.

    Raises: ledger.unknown_item, ledger.lot_not_tracked, ledger.lot_code_taken.
    """
    item = _locked_item(uow, item_id)
    if item.tracking is Tracking.NONE:
        raise ZhangshiError(refusals.LOT_NOT_TRACKED, item=item_id, lot=code)
    found = read.lots_of(uow.session.query(store.FIND_LOT, item_id, code))
    wanted = Lot(uow.next_id(), item_id, code, produced_on, expires_on, supplier_lot, uow.now_micros)
    for lot in found.values():
        if (lot.produced_on, lot.expires_on, lot.supplier_lot) != (produced_on, expires_on, supplier_lot):
            raise ZhangshiError(refusals.LOT_CODE_TAKEN, item=item_id, code=code)
        return lot
    uow.session.execute(
        store.INSERT_LOT, wanted.lot_id, item_id, code, produced_on.isoformat() if produced_on else "",
        expires_on.isoformat() if expires_on else "", supplier_lot, wanted.registered_at,
    )  # fmt: skip
    return wanted
