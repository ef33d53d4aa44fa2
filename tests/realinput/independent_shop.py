"""What the imported slice of AdventureWorks must look like, from its CSV files, without a line of the product.

Quantities and money are decimals; a day is text, as in the files, so that `<=` compares days.
"""

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import islice
from pathlib import Path

Row = dict[str, str]
_FEN = Decimal("0.01")


def money(quantity: str, price: str) -> Decimal:
    """Return what a line costs, in cents."""
    return (Decimal(quantity) * Decimal(price)).quantize(_FEN, ROUND_HALF_UP)


@dataclass(frozen=True)
class Answers:
    """The answers for the first `count` orders of 2013."""

    data: Path
    count: int

    def rows(self, name: str) -> list[Row]:
        """Return a file."""
        file = self.data / name
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rt", encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def _first(self, name: str, column: str) -> list[Row]:
        return list(islice((row for row in self.rows(name) if row[column][:4] == "2013"), self.count))

    @cached_property
    def code(self) -> dict[str, str]:
        return {row["ProductID"]: row["ProductNumber"] for row in self.rows("product.csv")}

    @cached_property
    def vendor(self) -> dict[str, str]:
        return {row["BusinessEntityID"]: row["AccountNumber"] for row in self.rows("vendor.csv")}

    @cached_property
    def purchases(self) -> dict[str, Row]:
        return {row["PurchaseOrderID"]: row for row in self._first("purchase_order_header.csv.gz", "OrderDate")}

    @cached_property
    def purchase_lines(self) -> list[Row]:
        return [row for row in self.rows("purchase_order_detail.csv.gz") if row["PurchaseOrderID"] in self.purchases]

    @cached_property
    def work_orders(self) -> list[Row]:
        return self._first("work_order.csv.gz", "StartDate")

    @cached_property
    def operations(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {row["WorkOrderID"]: [] for row in self.work_orders}
        for row in self.rows("work_order_routing.csv.gz"):
            if row["WorkOrderID"] in found:
                found[row["WorkOrderID"]].append(row)
        return found

    @cached_property
    def sales(self) -> dict[str, Row]:
        return {row["SalesOrderID"]: row for row in self._first("sales_order_header.csv.gz", "OrderDate")}

    @cached_property
    def sale_lines(self) -> list[Row]:
        return [
            row
            for row in self.rows("transaction_history.csv.gz")
            if row["TransactionType"] == "S" and row["ReferenceOrderID"] in self.sales
        ]

    @cached_property
    def bill(self) -> dict[str, list[Row]]:
        """Lines by the product that is made; tops of the tree, which are in nothing, left out."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("bill_of_materials.csv"):
            if row["ProductAssemblyID"]:
                found[row["ProductAssemblyID"]].append(row)
        return found

    def lines_on(self, product: str, day: str) -> list[Row]:
        """Return the lines that count on a day; theirs count on their last day, too."""
        return [
            row
            for row in self.bill.get(product, ())
            if row["StartDate"] <= day and (row["EndDate"] == "" or day <= row["EndDate"])
        ]

    def explosion(self, product: str, day: str) -> dict[str, Fraction]:
        """Return what one piece needs of everything below it, on all levels, by product number."""
        needed: dict[str, Fraction] = defaultdict(Fraction)
        for row in self.lines_on(product, day):
            quantity = Fraction(row["PerAssemblyQty"])
            needed[self.code[row["ComponentID"]]] += quantity
            for below, each in self.explosion(row["ComponentID"], day).items():
                needed[below] += quantity * each
        return dict(needed)

    @cached_property
    def consumed(self) -> list[tuple[str, str, Decimal]]:
        """(day, product number, quantity) of every material of every work order, one level deep."""
        return [
            (row["StartDate"], self.code[line["ComponentID"]], Decimal(line["PerAssemblyQty"]) * int(row["OrderQty"]))
            for row in self.work_orders
            for line in self.lines_on(row["ProductID"], row["StartDate"])
        ]

    @cached_property
    def stock(self) -> "Stock":
        """Let every movement happen in the order of its day, what comes in before what goes out."""
        code = self.code
        moves = [
            *((row["DueDate"], 0, code[row["ProductID"]], Decimal(row["StockedQty"])) for row in self.purchase_lines),
            *((row["EndDate"], 0, code[row["ProductID"]], Decimal(row["StockedQty"])) for row in self.work_orders),
            *((day, 1, item, -quantity) for day, item, quantity in self.consumed),
            *(
                (
                    self.sales[row["ReferenceOrderID"]]["ShipDate"],
                    1,
                    code[row["ProductID"]],
                    -Decimal(row["Quantity"]),
                )
                for row in self.sale_lines
            ),
        ]
        found = Stock()
        for _, _, item, change in sorted(moves):
            found.move(item, change)
        return found


@dataclass
class Stock:
    """A shelf that is filled up whenever something is lacking."""

    lacked: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    left: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def move(self, item: str, change: Decimal) -> None:
        """Put something on the shelf or take it off."""
        self.left[item] += change
        if self.left[item] < 0:
            self.lacked[item] -= self.left[item]
            self.left[item] = Decimal(0)


def summed(pairs: "list[tuple[tuple[str, ...], Decimal]]") -> dict[tuple[str, ...], Decimal]:
    """Add up by key; what adds up to nothing is left out."""
    found: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for key, quantity in pairs:
        found[key] += quantity
    return {key: quantity for key, quantity in found.items() if quantity}
