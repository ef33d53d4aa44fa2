"""Twelve months of the factory as plain plans: what was ordered, bought, made and shipped, and when.

Pure: days come in, plans come out; `history` carries them out through the services. Each month runs in the order of a
shop: goods arrive in the first days, parts are made, then assemblies level by level, then products, then lorries leave.
The plan keeps its own stock, so nothing is issued before it is there; where stock is short, a lot of two or three
months' need is bought or made at once. The month that is under way is only begun: its orders are open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal

from zhangshi.packs.demo.draw import Draw
from zhangshi.packs.demo.materials import Good
from zhangshi.packs.demo.people import Partner
from zhangshi.packs.demo.products import Goods, Line, levels

MONTHS = 12
_ARRIVAL_DAYS = (1, 3)
_FIRST_BATCH_DAY = 4
_LAST_BATCH_DAY = 15
_FIRST_SHIPPING_DAY = 16
_ORDERS_A_MONTH = 26
_LOT_MONTHS = {"CP": 1, "ZJ": 2, "LJ": 3}
_PURCHASE_MONTHS = Decimal("1.6")
_ORDER_SIZES = (20, 30, 40, 50, 60, 80, 100, 120)


@dataclass(frozen=True, slots=True)
class Wanted:
    """So much of an item at a price."""

    item: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """A customer's order; `shipped_on` None: still open."""

    customer: str
    ordered_on: date
    due_on: date
    shipped_on: date | None
    lines: tuple[Wanted, ...]
    ids: list[int] = field(default_factory=list)
    """The documents that it became."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order to a supplier; `arrives_on` None: still open."""

    supplier: str
    ordered_on: date
    arrives_on: date | None
    lines: tuple[Wanted, ...]
    ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Batch:
    """A work order; `finished_on` None: still on the floor."""

    item: str
    quantity: Decimal
    started_on: date
    finished_on: date | None
    ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Month:
    """All that happened in a month."""

    sales: list[Sale] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Year:
    """The opening stock (item -> quantity) and the months; the last one is under way."""

    opening: dict[str, Decimal]
    months: tuple[Month, ...]


def plan_year(
    goods: Goods,
    *,
    customers: Sequence[Partner],
    suppliers: Sequence[Partner],
    months: Sequence[Sequence[date]],
    draw: Draw,
) -> Year:
    """Plan the months, each given by its working days in order; the last one is the month under way."""
    planner = Planner(goods, customers, suppliers, draw)
    opening = planner.open()
    finished = [planner.month(days, under_way=False) for days in months[:-1]]
    return Year(opening, (*finished, planner.month(months[-1], under_way=True)))


class Planner:
    """Plans month after month, and keeps the plan's own stock."""

    def __init__(self, goods: Goods, customers: Sequence[Partner], suppliers: Sequence[Partner], draw: Draw) -> None:
        self._goods = {item.code: item for item in goods.items}
        self._bills = {bill.item: bill for bill in goods.bills}
        self._levels = levels(goods)
        self._customers = customers
        self._suppliers = suppliers
        self._draw = draw
        self._stock: dict[str, Decimal] = dict.fromkeys(self._goods, Decimal(0))
        self._sold = [item for item in goods.items if item.category == "CP"]

    def open(self) -> dict[str, Decimal]:
        """Stock everything to its safety stock."""
        for code, item in self._goods.items():
            self._stock[code] = Decimal(item.safety_stock)
        return {code: quantity for code, quantity in self._stock.items() if quantity}

    def month(self, days: Sequence[date], *, under_way: bool) -> Month:
        """Plan one month and move the plan's own stock along."""
        month = Month(sales=self._sales(days, under_way=under_way))
        needs: dict[str, Decimal] = {}
        for sale in month.sales:
            for line in sale.lines:
                needs[line.item] = needs.get(line.item, Decimal(0)) + line.quantity
        self._make(month, needs, days, under_way=under_way)
        self._buy(month, needs, days, under_way=under_way)
        if not under_way:
            self._settle(month)
        return month

    def _sales(self, days: Sequence[date], *, under_way: bool) -> list[Sale]:
        found = []
        for _ in range(_ORDERS_A_MONTH):
            lines = tuple(
                Wanted(item.code, Decimal(self._draw.one_of(_ORDER_SIZES)), item.price)
                for item in self._draw.some_of(self._sold, self._draw.between(1, 3))
            )
            ordered = days[self._draw.below(min(8, len(days)))]
            shipped = (
                None if under_way else days[self._draw.between(min(_FIRST_SHIPPING_DAY, len(days) - 1), len(days) - 1)]
            )
            due = shipped or days[-1]
            if shipped and self._draw.happens(8):  # promised earlier than it left
                due = days[max(_FIRST_SHIPPING_DAY - 3, 0)]
            found.append(Sale(self._draw.one_of(self._customers).code, ordered, max(due, ordered), shipped, lines))
        return sorted(found, key=lambda sale: sale.ordered_on)

    def _make(self, month: Month, needs: dict[str, Decimal], days: Sequence[date], *, under_way: bool) -> None:
        made = sorted(self._bills, key=lambda code: -self._levels[code])
        for code in made:
            short = needs.get(code, Decimal(0)) - self._stock[code]
            if short <= 0:
                continue
            months = _LOT_MONTHS[self._goods[code].category]
            quantity = _ceiling(short * months + Decimal(self._goods[code].safety_stock) / 2, Decimal(10))
            start, end = self._batch_days(code, days)
            month.batches.append(Batch(code, quantity, start, None if under_way else end))
            for line in self._bills[code].lines:
                needs[line.component] = needs.get(line.component, Decimal(0)) + self.needed(line, quantity)
        month.batches.reverse()  # parts first

    def needed(self, line: Line, quantity: Decimal) -> Decimal:
        """What a batch takes of a component, scrap included, in steps of its unit."""
        return needed(self._goods[line.component], line, quantity)

    def _batch_days(self, code: str, days: Sequence[date]) -> tuple[date, date]:
        level, last = self._levels[code], min(_LAST_BATCH_DAY, len(days) - 1)
        first = _FIRST_BATCH_DAY + (level - 1) * 3
        start = min(first + self._draw.below(2), last)
        return days[start], days[min(start + 1, last)]

    def _buy(self, month: Month, needs: Mapping[str, Decimal], days: Sequence[date], *, under_way: bool) -> None:
        by_supplier: dict[str, list[Wanted]] = {}
        for code, need in needs.items():
            item = self._goods[code]
            short = need - self._stock[code]
            if item.source != "purchased" or short <= 0:
                continue
            lot = Decimal(10) if item.unit == "kg" else Decimal(100)
            wanted = Wanted(code, _ceiling(short * _PURCHASE_MONTHS, lot), item.price)
            by_supplier.setdefault(self.supplier_of(item), []).append(wanted)
        for supplier, lines in sorted(by_supplier.items()):
            arrives = None if under_way else days[self._draw.between(*_ARRIVAL_DAYS)]
            month.purchases.append(Purchase(supplier, days[0], arrives, tuple(lines)))

    def supplier_of(self, item: Good) -> str:
        """The supplier from whom an item is always bought."""
        offering = [one.code for one in self._suppliers if item.category in one.supplies]
        return offering[sum(map(ord, item.code)) % len(offering)]

    def _settle(self, month: Month) -> None:
        for purchase in month.purchases:
            for bought in purchase.lines:
                self._stock[bought.item] += bought.quantity
        for batch in month.batches:
            self._stock[batch.item] += batch.quantity
            for line in self._bills[batch.item].lines:
                self._stock[line.component] -= self.needed(line, batch.quantity)
        for sale in month.sales:
            for wanted in sale.lines:
                self._stock[wanted.item] -= wanted.quantity
        assert min(self._stock.values()) >= 0, "the plan ships what is not there"


def step_of(item: Good) -> Decimal:
    """The smallest quantity of an item's unit."""
    return Decimal("0.001") if item.unit == "kg" else Decimal(1)


def _ceiling(quantity: Decimal, step: Decimal) -> Decimal:
    return (quantity / step).to_integral_value(ROUND_CEILING) * step


def needed(component: Good, line: Line, quantity: Decimal) -> Decimal:
    """Return what a batch of `quantity` takes of a component, scrap included, in steps of its unit."""
    return _ceiling(line.quantity * (1 + line.scrap) * quantity, step_of(component))
