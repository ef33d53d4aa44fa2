"""AdventureWorks' orders as we play them, and what must be on hand before the first. Pure: rows in, orders out.

Dates are theirs: a purchase arrives on its due date, a work order takes its material on its start date and is received
on its end date, a sale leaves on its ship date. They say nothing of money, so it moves when the usual terms are over.

Opening stock. Orders of one slice use what other orders of the time brought, which the slice does not hold. Whatever an
item would lack at its lowest point is there on the day before: with accepted and made as +, used and sold as -, in the
order in which the days are played, opening = max(0, -lowest running sum). For example +10, -25, +30, -5: lowest -15, so
15 are opened and 25 are left at the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhangshi.packs.adventureworks import masters
from zhangshi.packs.adventureworks.source import Row, Slice, Source

TERMS = timedelta(days=30)
"""When bills are paid, on both sides: our partners' usual terms."""
_MINUTES_PER_HOUR = 60
_PRICE_STEP = Decimal("0.000001")
_MINUTE_STEP = Decimal("0.0001")
Uses = Mapping[str, Sequence[tuple[str, Decimal]]]
"""What a work order takes: (item, quantity), by the order's number."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of a purchase order; prices before tax, in their dollars, quantities in the item's unit."""

    item: str
    place: str
    ordered: Decimal
    price: Decimal
    received: Decimal
    accepted: Decimal
    rejected: Decimal


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase order."""

    number: str
    supplier: str
    ordered_on: date
    received_on: date
    lines: tuple[Bought, ...]

    @property
    def paid_on(self) -> date:
        """When its invoices are settled."""
        return self.received_on + TERMS


@dataclass(frozen=True, slots=True)
class Operation:
    """A step of a work order; `price` and `minutes` of one piece: theirs are of the whole order."""

    sequence: int
    place: str
    price: Decimal
    minutes: Decimal


@dataclass(frozen=True, slots=True)
class Batch:
    """A work order. `reason`: why something was scrapped, "" for nothing."""

    number: str
    item: str
    place: str
    quantity: Decimal
    good: Decimal
    scrapped: Decimal
    reason: str
    started_on: date
    due_on: date
    finished_on: date
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Sold:
    """A line of a sales order."""

    item: str
    place: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """A sales order."""

    number: str
    customer: str
    customer_po: str
    ordered_on: date
    due_on: date
    shipped_on: date
    lines: tuple[Sold, ...]

    @property
    def paid_on(self) -> date:
        """When its invoice is settled."""
        return self.shipped_on + TERMS


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of a slice."""

    purchases: tuple[Purchase, ...]
    batches: tuple[Batch, ...]
    sales: tuple[Sale, ...]

    def days(self) -> list[date]:
        """Every day on which something happens."""
        found = {day for one in self.purchases for day in (one.ordered_on, one.received_on, one.paid_on)}
        found |= {day for one in self.batches for day in (one.started_on, one.finished_on)}
        found |= {day for one in self.sales for day in (one.ordered_on, one.shipped_on, one.paid_on)}
        return sorted(found)


def orders_of(source: Source, found: Slice) -> Orders:
    """Return the orders of a slice, with our numbers and places."""
    codes, places = masters.product_codes(source), masters.places(source)
    accounts = {row["BusinessEntityID"]: row["AccountNumber"] for row in source.rows("vendor.csv")}
    wanted = {header["CustomerID"] for header, _ in found.sales_orders}
    customers = {
        row["CustomerID"]: row["AccountNumber"] for row in source.rows("customer.csv.gz") if row["CustomerID"] in wanted
    }
    return Orders(
        tuple(_purchase(header, rows, accounts, codes, places) for header, rows in found.purchase_orders),
        tuple(_batch(row, steps, codes, places) for row, steps in found.work_orders),
        tuple(_sale(header, rows, customers, codes, places) for header, rows in found.sales_orders),
    )


def _purchase(
    header: Row, rows: Sequence[Row], accounts: Mapping[str, str], codes: Mapping[str, str], places: Mapping[str, str]
) -> Purchase:
    lines = tuple(
        Bought(
            codes[row["ProductID"]], places[row["ProductID"]], Decimal(row["OrderQty"]), Decimal(row["UnitPrice"]),
            Decimal(row["ReceivedQty"]), Decimal(row["StockedQty"]), Decimal(row["RejectedQty"]),
        )
        for row in rows
    )  # fmt: skip
    received_on = max(date.fromisoformat(row["DueDate"]) for row in rows)
    return Purchase(
        f"PO{header['PurchaseOrderID']}",
        accounts[header["VendorID"]],
        date.fromisoformat(header["OrderDate"]),
        received_on,
        lines,
    )


def _batch(row: Row, steps: Sequence[Row], codes: Mapping[str, str], places: Mapping[str, str]) -> Batch:
    quantity = Decimal(row["OrderQty"])
    operations = tuple(
        Operation(
            int(step["OperationSequence"]),
            masters.place_number(step["LocationID"]),
            (Decimal(step["ActualCost"]) / quantity).quantize(_PRICE_STEP),
            (Decimal(step["ActualResourceHrs"]) * _MINUTES_PER_HOUR / quantity).quantize(_MINUTE_STEP),
        )
        for step in sorted(steps, key=lambda step: int(step["OperationSequence"]))
    )
    reason = masters.scrap_number(row["ScrapReasonID"]) if row["ScrapReasonID"] else ""
    begin, due, end = (date.fromisoformat(row[name]) for name in ("StartDate", "DueDate", "EndDate"))
    return Batch(
        f"WO{row['WorkOrderID']}", codes[row["ProductID"]], places[row["ProductID"]], quantity,
        Decimal(row["StockedQty"]), Decimal(row["ScrappedQty"]), reason, begin, due, end, operations,
    )  # fmt: skip


def _sale(
    header: Row, rows: Sequence[Row], customers: Mapping[str, str], codes: Mapping[str, str], places: Mapping[str, str]
) -> Sale:
    lines = tuple(
        Sold(
            codes[row["ProductID"]], places[row["ProductID"]], Decimal(row["Quantity"]), Decimal(row["ActualCost"])
        )
        for row in rows
    )  # fmt: skip
    ordered, due, shipped = (date.fromisoformat(header[name]) for name in ("OrderDate", "DueDate", "ShipDate"))
    return Sale(
        header["SalesOrderNumber"],
        customers[header["CustomerID"]],
        header["PurchaseOrderNumber"],
        ordered,
        due,
        shipped,
        lines,
    )


def opening(orders: Orders, uses: Uses) -> dict[str, Decimal]:
    """Return what must be on hand of each item on the day before the first; items that need nothing are left out."""
    running: dict[str, Decimal] = {}
    lowest: dict[str, Decimal] = {}
    for _, _, item, change in sorted(_changes(orders, uses), key=lambda one: one[:2]):
        running[item] = running.get(item, Decimal(0)) + change
        lowest[item] = min(lowest.get(item, Decimal(0)), running[item])
    return {item: -low for item, low in sorted(lowest.items()) if low < 0}


def _changes(orders: Orders, uses: Uses) -> Iterator[tuple[date, int, str, Decimal]]:
    """Yield (day, turn within the day, item, change): on each day what comes in is played before what goes out."""
    for purchase in orders.purchases:
        for bought in purchase.lines:
            yield purchase.received_on, 0, bought.item, bought.accepted
    for batch in orders.batches:
        yield batch.finished_on, 0, batch.item, batch.good
        for item, quantity in uses[batch.number]:
            yield batch.started_on, 1, item, -quantity
    for sale in orders.sales:
        for sold in sale.lines:
            yield sale.shipped_on, 1, sold.item, -sold.quantity
