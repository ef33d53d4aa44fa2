"""Stock as one person may see it: the ledger's figures beside the records that play its items and places.

Rule. Stock of an item is seen by who may read that item's record; what it is worth by who may read the field that the
item's definition hands to the ledger as its standard cost (nobody but the owner where there is none). Items that may
not be read are left out, and no sum is made over them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Entity
from zhangshi.ledger.service import genealogy, listing, queries
from zhangshi.records.access import NOT_FOUND
from zhangshi.records.errors import NO_PLAYER
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.encoding import instant_text, scaled_text
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.reading.stock_names import ITEM, named
from zhangshi.records.writing.fetching import fetch_once

ROWS_MAX = 20_000
_QUANTITY_DIGITS, _MONEY_DIGITS = 6, 2


def quantity(millionths: int) -> str:
    """Return a quantity as it is written on the wire."""
    return scaled_text(millionths, _QUANTITY_DIGITS)


def money(minor: int) -> str:
    """Return an amount as it is written on the wire."""
    return scaled_text(minor, _MONEY_DIGITS)


@dataclass(slots=True)
class Sight:
    """Which of some items a person sees, and of which they see the value."""

    items: frozenset[int]
    worth: frozenset[int]


class StockView:
    """Stock for one person in one snapshot."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._item, self._cost_path = _player(asking)
        asking.access(self._item).refuse("read")

    def on_hand(self, item_ids: Sequence[int] = ()) -> list[Shown]:
        """Return quantities over all places; of items that are nowhere, nothing."""
        rows = queries.on_hand(self._asking.session, item_ids=item_ids or None)[:ROWS_MAX]
        sight = self._sight(row.item_id for row in rows)
        return self._named(
            [
                {
                    "item": row.item_id,
                    "quantity": quantity(row.quantity),
                    "available": quantity(row.available),
                    "reserved": quantity(row.reserved),
                    "in_transit": quantity(row.in_transit),
                }
                for row in rows
                if row.item_id in sight.items
            ]
        )

    def balances(self, *, item_id: int | None, location_id: int | None) -> list[Shown]:
        """Return goods by place, lot and status."""
        rows = queries.balances(self._asking.session, item_id=item_id, location_id=location_id)[:ROWS_MAX]
        sight = self._sight(row.item_id for row in rows)
        return self._named(
            [
                {
                    "item": row.item_id,
                    "location": row.location_id,
                    "lot": row.lot_id,
                    "status": row.status,
                    "quantity": quantity(row.quantity),
                    "reserved": quantity(row.reserved),
                    "negative": row.is_negative,
                }
                for row in rows
                if row.item_id in sight.items
            ]
        )

    def card(self, *, item_id: int, from_day: date, to_day: date) -> Shown:
        """Return the ledger card of an item (收发存明细). Raises: records.not_found."""
        worth = self._one(item_id)
        card = queries.ledger_card(self._asking.session, item_id=item_id, from_day=from_day, to_day=to_day)
        rows = self._named(
            [
                {
                    "effective_on": row.effective_on,
                    "recorded_at": instant_text(row.recorded_at),
                    "posting": str(row.posting_id),
                    "command": row.command,
                    "source": {"entity": row.source_type, "id": str(row.source_id)},
                    "lot": row.lot_id,
                    "counterparty": row.counterparty_location_id,
                    "quantity": quantity(row.quantity),
                    "balance_quantity": quantity(row.balance_quantity),
                    "reason": row.reason,
                    **({"amount": money(row.amount), "balance_amount": money(row.balance_amount)} if worth else {}),
                }
                for row in card.rows
            ]
        )
        opening: Shown = {"quantity": quantity(card.opening_quantity)}
        if worth:
            opening["amount"] = money(card.opening_amount)
        return {"opening": opening, "rows": rows}

    def as_of(self, *, day: date, item_id: int | None, recorded_by: datetime | None) -> Shown:
        """Return stock at the end of a business day; with `recorded_by`, as the books said then."""
        found = queries.as_of(self._asking.session, day=day, item_id=item_id, recorded_by=recorded_by)
        sight = self._sight({key[0] for key in found.balances} | set(found.values))
        rows = [
            {"item": item, "location": place, "lot": lot, "status": status, "quantity": quantity(count)}
            for (item, place, lot, status), count in sorted(found.balances.items())
            if item in sight.items
        ]
        values = [
            {"item": item, "quantity": quantity(count), "amount": money(amount)}
            for item, (count, amount) in sorted(found.values.items())
            if item in sight.worth
        ]
        return {"on": day.isoformat(), "balances": self._named(rows[:ROWS_MAX]), "values": self._named(values)}

    def in_transit(self) -> list[Shown]:
        """Return goods on the road, the earliest due first."""
        rows = queries.in_transit(self._asking.session)[:ROWS_MAX]
        sight = self._sight(row.item_id for row in rows)
        return self._named(
            [
                {
                    "posting": str(row.posting_id),
                    "item": row.item_id,
                    "lot": row.lot_id,
                    "location": row.to_location_id,
                    "quantity": quantity(row.quantity),
                    "open_quantity": quantity(row.open_quantity),
                    "shipped_on": row.shipped_on,
                    "owner": row.owner,
                    "due_at": instant_text(row.due_at) if row.due_at else None,
                }
                for row in rows
                if row.item_id in sight.items
            ]
        )

    def reservations(self, item_id: int | None) -> list[Shown]:
        """Return what is promised to whom."""
        rows = listing.open_reservations(self._asking.session, item_id=item_id)
        sight = self._sight(row.item_id for row in rows)
        return self._named(
            [
                {
                    "id": str(row.reservation_id),
                    "item": row.item_id,
                    "location": row.location_id,
                    "lot": row.lot_id,
                    "quantity": quantity(row.quantity),
                    "open_quantity": quantity(row.open_quantity),
                    "source": {"entity": row.source_type, "id": str(row.source_id)},
                    "expires_at": instant_text(row.expires_at) if row.expires_at else None,
                    "created_at": instant_text(row.created_at),
                }
                for row in rows
                if row.item_id in sight.items
            ]
        )

    def lots(self, item_id: int) -> list[Shown]:
        """Return the lots of an item. Raises: records.not_found."""
        self._one(item_id)
        found = listing.lots_of_item(self._asking.session, item_id=item_id)
        return [{"id": str(one.lot_id), "code": one.code, "expires_on": one.expires_on or None} for one in found]

    def genealogy(self, *, lot_id: int, back: bool) -> list[Shown]:
        """Return what a lot went into, or what is in it, level by level."""
        root = listing.lot_codes(self._asking.session, lot_ids=[lot_id]).get(lot_id)
        if root is None:
            raise ZhangshiError(NOT_FOUND, entity="lot", id=str(lot_id))
        self._one(root.item_id)
        trace = genealogy.trace_back if back else genealogy.trace_forward
        edges = trace(self._asking.session, lot_id=lot_id)
        sight = self._sight(one for edge in edges for one in (edge.in_item_id, edge.out_item_id))
        return self._named(
            [
                {
                    "level": edge.level,
                    "order": str(edge.order_id),
                    "in_item": edge.in_item_id,
                    "in_lot": edge.in_lot_id,
                    "out_item": edge.out_item_id,
                    "out_lot": edge.out_lot_id,
                    "quantity": quantity(edge.quantity),
                    "carried": quantity(edge.carried),
                }
                for edge in edges
                if {edge.in_item_id, edge.out_item_id} <= sight.items
            ]
        )

    def work_in_progress(self) -> list[Shown]:
        """Return the value that orders hold, for who sees the value of every item."""
        access = self._asking.access(self._item).everything
        if not self._asking.access(self._item).unconditional or access.read(self._cost_path) != "read":
            return []
        return [
            {"order": str(one.order_id), "amount_in": money(one.amount_in), "amount_out": money(one.amount_out)}
            for one in queries.work_in_progress(self._asking.session)
        ]

    def sees_cost(self, item_id: int) -> bool:
        """Return whether the value of an item may be seen. Raises: records.not_found, also where it may not be read."""
        return self._one(item_id)

    def seen(self, rows: list[Shown]) -> list[Shown]:
        """Return the rows whose "item" may be read, with numbers and titles."""
        sight = self._sight(one for row in rows if isinstance(one := row["item"], int))
        return self._named([row for row in rows if row["item"] in sight.items])

    def _one(self, item_id: int) -> bool:
        """Return whether the value of an item may be seen. Raises: records.not_found, also where it may not be read."""
        record = self._asking.record(self._item, item_id)
        return self._asking.projector.access_of(record).read(self._cost_path) == "read"

    def _sight(self, item_ids: Iterable[int]) -> Sight:
        ids = sorted(set(item_ids))
        access = self._asking.access(self._item)
        if access.unconditional:
            worth = access.everything.read(self._cost_path) == "read"
            return Sight(frozenset(ids), frozenset(ids) if worth else frozenset())
        records = fetch_once(self._asking.session, self._asking.world, self._item.key, ids)
        pairs = list(zip(records, self._asking.projector.accesses(records), strict=True))
        return Sight(
            frozenset(record.id for record, own in pairs if own.readable),
            frozenset(record.id for record, own in pairs if own.readable and own.read(self._cost_path) == "read"),
        )

    def _named(self, rows: list[Shown]) -> list[Shown]:
        """Put numbers and titles beside the ids of items, places and lots; all of a kind in one statement."""
        return named(self._asking, rows)


def _player(asking: Asking) -> tuple[Entity, str]:
    """Return the entity of items, and the path of its cost; a path that no field has is read by the owner alone."""
    found = asking.catalog.playing(ITEM)
    if found is None:
        raise ZhangshiError(NO_PLAYER, role=ITEM)
    entity, part = found
    formula = part.map.get("standard_cost")
    reads: frozenset[str] = getattr(formula, "reads", frozenset())
    path = next(iter(sorted(reads)), "standard_cost")
    return entity, path.partition(".")[0]
