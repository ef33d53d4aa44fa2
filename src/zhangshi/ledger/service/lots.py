"""Lots of a whole document at once: found by their codes, or registered, in two or three statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhangshi.base.errors import ZhangshiError
from zhangshi.ledger import refusals
from zhangshi.ledger._store import asked as store
from zhangshi.ledger._store import reading as read
from zhangshi.ledger.model import Lot, Tracking
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork

LotKey = tuple[int, str]
"""(item, code)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLot:
    """A lot as a document states it; facts that it leaves out (None, "") may be known already."""

    item_id: int
    code: str
    produced_on: date | None = None
    expires_on: date | None = None
    supplier_lot: str = ""

    @property
    def key(self) -> LotKey:
        """How it is found."""
        return self.item_id, self.code


def find_lots(session: Session, *, keys: Iterable[LotKey]) -> dict[LotKey, Lot]:
    """Return the lots that are known, by item and code."""
    found = read.lots_of(session.query_rows(store.LOTS_BY_CODE, sorted(set(keys))))
    return {(lot.item_id, lot.code): lot for lot in found.values()}


def register_lots(uow: UnitOfWork, *, lots: Iterable[NewLot]) -> dict[LotKey, Lot]:
    """Return the lots, registered now or before; facts that a document leaves out are taken from the register.

    Raises: ledger.unknown_item, ledger.lot_not_tracked, ledger.lot_code_taken where a stated fact differs.
    """
    wanted: dict[LotKey, NewLot] = {}
    for lot in lots:
        known = wanted.setdefault(lot.key, lot)
        if known != lot and not _agree(known, lot):
            raise ZhangshiError(refusals.LOT_CODE_TAKEN, item=lot.item_id, code=lot.code)
    found = find_lots(uow.session, keys=wanted)
    fresh = [lot for key, lot in wanted.items() if key not in found]
    if fresh:
        _refuse_untracked(uow, fresh)
        rows = [
            (
                uow.next_id(), lot.item_id, lot.code, _iso(lot.produced_on), _iso(lot.expires_on), lot.supplier_lot,
                uow.now_micros,
            )
            for lot in sorted(fresh, key=lambda lot: lot.key)
        ]  # fmt: skip
        if uow.session.execute_rows(store.INSERT_LOTS, rows) == len(rows):
            found.update({(r[1], r[2]): _lot(r) for r in rows})
        else:  # somebody registered one of them meanwhile
            found = find_lots(uow.session, keys=wanted)
    for key, lot in wanted.items():
        if not _agree(lot, found[key]):
            raise ZhangshiError(refusals.LOT_CODE_TAKEN, item=lot.item_id, code=lot.code)
    return found


def _refuse_untracked(uow: UnitOfWork, lots: list[NewLot]) -> None:
    items = sorted({(lot.item_id,) for lot in lots})
    tracking: dict[int, str] = {row[0]: row[1] for row in uow.session.query_rows(store.TRACKING_OF, items)}
    for lot in lots:
        if lot.item_id not in tracking:
            raise ZhangshiError(refusals.UNKNOWN_ITEM, item=lot.item_id)
        if tracking[lot.item_id] == Tracking.NONE.value:
            raise ZhangshiError(refusals.LOT_NOT_TRACKED, item=lot.item_id, lot=lot.code)


def _agree(stated: NewLot, known: NewLot | Lot) -> bool:
    return (
        stated.produced_on in (None, known.produced_on)
        and stated.expires_on in (None, known.expires_on)
        and stated.supplier_lot in ("", known.supplier_lot)
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _lot(row: tuple[int, int, str, str, str, str, int]) -> Lot:
    days = [date.fromisoformat(day) if day else None for day in row[3:5]]
    return Lot(row[0], row[1], row[2], days[0], days[1], row[5], row[6])
