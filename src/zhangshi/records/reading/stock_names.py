"""Numbers and titles beside the ids that the ledger knows: of items, places and lots, a statement for each kind."""

from collections.abc import Iterable

from zhangshi.definitions.catalog import Entity
from zhangshi.ledger.service import listing
from zhangshi.ledger.service.listing import LotCode
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.writing.world import Pending

ITEM, LOCATION = "ledger_item", "ledger_location"
"""The parts that the entities of items and places play."""

_ITEMS = ("item", "in_item", "out_item")
_PLACES = ("location", "counterparty")
_LOTS = ("lot", "in_lot", "out_lot")


def named(asking: Asking, rows: list[Shown]) -> list[Shown]:
    """Replace ids by what may be shown of the items, places and lots behind them."""
    lot_ids = {one for row in rows for key in _LOTS if isinstance(one := row.get(key), int)}
    lots = listing.lot_codes(asking.session, lot_ids=lot_ids)
    item, place = _entity_playing(asking, ITEM), _entity_playing(asking, LOCATION)
    wanted = {
        (entity.key, one)
        for keys, entity in ((_ITEMS, item), (_PLACES, place))
        if entity is not None
        for row in rows
        for key in keys
        if isinstance(one := row.get(key), int)
    }
    links = _links(asking, wanted)
    for row in rows:
        for keys, entity in ((_ITEMS, item), (_PLACES, place)):
            for key in keys:
                if isinstance(one := row.get(key), int):
                    row[key] = links.get((entity.key, one), {"id": str(one)}) if entity else {"id": str(one)}
        for key in _LOTS:
            if isinstance(one := row.get(key), int):
                row[key] = _lot(lots.get(one))
    return rows


def _links(asking: Asking, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Shown]:
    found: dict[tuple[str, int], Shown] = {}
    asked = sorted(wanted)

    def work() -> None:
        for key in asked:
            try:
                found[key] = asking.projector.link(*key)
            except Pending:
                continue

    asking.projector.settle(work)
    return found


def _lot(lot: LotCode | None) -> Shown | None:
    if lot is None:
        return None
    return {"id": str(lot.lot_id), "code": lot.code, "expires_on": lot.expires_on or None}


def _entity_playing(asking: Asking, role: str) -> Entity | None:
    found = asking.catalog.playing(role)
    return found[0] if found else None
