"""A company in which every value is a mark of its own, so that one that gets out is recognised wherever it turns up."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.integration.records_reading.factory import Shop, open_shop
from zhangshi.platform.unit_of_work import Company

ORDERS, PARTNERS, ITEMS = 7, 3, 3
_FIRST_DAY = date(1951, 1, 1)


@dataclass
class Known:
    """A record as the test wrote it: the naive side of every comparison."""

    entity: str
    id: int
    state: str
    owner: int
    values: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)

    def value(self, path: str) -> Any:
        """Return a field of the header; `owner`, `state`, `id` and `number` too."""
        if path in {"state", "owner", "id"}:
            return getattr(self, path)
        return self.values.get(path)


@dataclass
class World:
    """All records, by entity and id."""

    shop: Shop
    records: dict[str, dict[int, Known]]
    links: list[tuple[int, int, int, int, Decimal]]
    """(order, its row, delivery, its row, quantity)"""

    def all(self) -> Iterator[Known]:
        """Yield every record."""
        for of_entity in self.records.values():
            yield from of_entity.values()


class _Marks:
    """Values that occur once; no sum of a few numbers is another one."""

    def __init__(self) -> None:
        self._counter = itertools.count(1)
        self._chance = Random(20261122)

    def _number(self, millions: int, fraction: str) -> Decimal:
        return millions * 1_000_000 + self._chance.randrange(1_000_000) + Decimal(fraction)

    def text(self) -> str:
        return f"zq{next(self._counter):05d}x"

    def money(self) -> Decimal:
        return self._number(71, "0.37")

    def quantity(self) -> Decimal:
        return self._number(33, "0.5")

    def price(self) -> Decimal:
        return self._number(55, "0.1234")

    def day(self) -> date:
        return _FIRST_DAY + timedelta(days=next(self._counter))


def written(value: Any) -> str:
    """Return a mark as it is written on the wire."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def make_world(company: Company) -> World:
    """Write the records: orders of partners with rows of items, deliveries made from them, a trail of old values."""
    shop = open_shop(company)
    marks = _Marks()
    world = World(shop, {}, [])
    _masters(world, marks)
    _orders(world, marks)
    _deliveries(world, marks)
    for known in world.all():
        _trail(world, known)
    return world


def _put(world: World, entity: str, known: list[dict[str, Any]]) -> list[int]:
    ids = world.shop.put(entity, known)
    for record_id, one in zip(ids, known, strict=True):
        values = {key: value for key, value in one.items() if key not in {"lines", "owner", "state"}}
        kept = Known(entity, record_id, one.get("state", ""), one["owner"], values, one.get("lines", []))
        world.records.setdefault(entity, {})[record_id] = kept
    return ids


def _masters(world: World, marks: _Marks) -> None:
    _put(world, "partner", [
        {"number": marks.text(), "name": marks.text(), "phone": f"{marks.text()}{4000 + n}", "credit": marks.money(),
         "owner": 7 + n % 2} for n in range(PARTNERS)
    ])  # fmt: skip
    _put(world, "item", [
        {"number": marks.text(), "name": marks.text(), "spec": marks.text(), "cost": marks.price(), "owner": 7 + n % 2}
        for n in range(ITEMS)
    ])  # fmt: skip


def _orders(world: World, marks: _Marks) -> None:
    partners, items = list(world.records["partner"]), list(world.records["item"])
    _put(world, "sales_order", [
        {
            "number": marks.text(), "customer": None if n == ORDERS - 1 else partners[n % PARTNERS],
            "ordered_on": None if n == 2 else marks.day(), "kind": ["normal", "urgent"][n % 2],
            "amount": None if n == 4 else marks.money(), "remark": marks.text(), "owner": 7 + n % 2, "paid": n % 3 == 0,
            "state": ["draft", "confirmed", "cancelled"][n % 3],
            "lines": [
                {"id": 900_000 + 10 * n + row, "item": items[(n + row) % ITEMS], "quantity": marks.quantity(),
                 "price": marks.price(), "note": marks.text()} for row in range(n % 3)
            ],
        } for n in range(ORDERS)
    ])  # fmt: skip


def _deliveries(world: World, marks: _Marks) -> None:
    orders = [one for one in world.records["sales_order"].values() if one.lines]
    made: list[dict[str, Any]] = []
    for n, order in enumerate(orders):
        row = {"id": 990_000 + n, "item": order.lines[0]["item"], "quantity": marks.quantity()}
        made.append({"number": marks.text(), "sales_order": order.id, "total": marks.quantity(), "owner": 7 + n % 2,
                     "state": ["posted", "draft"][n % 2], "lines": [row]})  # fmt: skip
    ids = _put(world, "delivery", made)
    for order, delivery_id, one in zip(orders, ids, made, strict=True):
        quantity = marks.quantity()
        source, target = (order.id, order.lines[0]["id"]), (delivery_id, one["lines"][0]["id"])
        world.shop.link("order_to_delivery", ("sales_order", *source), ("delivery", *target), int(quantity * 1_000_000))
        world.links.append((*source, *target, quantity))


def _trail(world: World, known: Known) -> None:
    """Every value was entered once; a row came, and its note changed."""
    import json  # noqa: PLC0415

    changes: dict[str, list[object]] = {
        key: [None, written(value)] for key, value in known.values.items() if value is not None and key != "paid"
    }
    for row in known.lines:
        shown = {key: written(value) for key, value in row.items() if key != "id"}
        changes[f"lines[{row['id']}]"] = [None, shown]
        for key, value in shown.items():
            changes[f"lines[{row['id']}].{key}"] = [value, value]
    world.shop.audit(known.entity, known.id, "edited", json.dumps(changes))
