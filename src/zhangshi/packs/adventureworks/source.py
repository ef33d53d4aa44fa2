"""AdventureWorks as it lies in its CSV files, row by row, nothing computed.

Columns keep their own names. `EndDate` of a bill is its last day; the product's first invalid day is the day after.
Sales lines are in the transaction history (type S), whose `ReferenceOrderID` is the order.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from zhangshi.base.errors import ErrorCode, ZhangshiError

Row = dict[str, str]

NOT_THERE = ErrorCode(
    "adventureworks.not_there",
    "文件夹“{folder}”里没有 AdventureWorks 的 {file}。请指定解压后的数据文件夹。",
    'The folder "{folder}" has no AdventureWorks file {file}. Name the folder with the extracted data.',
)
_FILES = (
    "product.csv", "product_subcategory.csv", "bill_of_materials.csv", "location.csv", "vendor.csv",
    "product_vendor.csv", "product_inventory.csv", "scrap_reason.csv", "store.csv", "customer.csv.gz",
    "purchase_order_header.csv.gz", "purchase_order_detail.csv.gz", "work_order.csv.gz",
    "work_order_routing.csv.gz", "sales_order_header.csv.gz", "transaction_history.csv.gz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """The folder with the files."""

    folder: Path

    def check(self) -> None:
        """Refuse a folder that lacks a file. Raises: adventureworks.not_there."""
        for name in _FILES:
            if not (self.folder / name).is_file():
                raise ZhangshiError(NOT_THERE, folder=str(self.folder), file=name)

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of a file."""
        file = self.folder / name
        opener = gzip.open if file.suffix == ".gz" else open
        with opener(file, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)

    def list(self, name: str) -> list[Row]:
        """Return the rows of a file."""
        return list(self.rows(name))


@dataclass(frozen=True, slots=True)
class Slice:
    """Consecutive documents of one year, each with its lines."""

    purchase_orders: tuple[tuple[Row, tuple[Row, ...]], ...]
    work_orders: tuple[tuple[Row, tuple[Row, ...]], ...]
    """Each with its operations; two in five have none."""
    sales_orders: tuple[tuple[Row, tuple[Row, ...]], ...]


def documents_of(source: Source, *, year: int, count: int) -> Slice:
    """Return the first `count` purchase, work and sales orders of a year, in the order of their numbers."""
    begin = f"{year}-"
    purchases = _first(source.rows("purchase_order_header.csv.gz"), "OrderDate", begin, count)
    works = _first(source.rows("work_order.csv.gz"), "StartDate", begin, count)
    sales = _first(source.rows("sales_order_header.csv.gz"), "OrderDate", begin, count)
    bought = _grouped(source.rows("purchase_order_detail.csv.gz"), "PurchaseOrderID", purchases)
    worked = _grouped(source.rows("work_order_routing.csv.gz"), "WorkOrderID", works)
    history = (row for row in source.rows("transaction_history.csv.gz") if row["TransactionType"] == "S")
    sold = _grouped(({**row, "SalesOrderID": row["ReferenceOrderID"]} for row in history), "SalesOrderID", sales)
    return Slice(
        tuple((row, tuple(bought[row["PurchaseOrderID"]])) for row in purchases),
        tuple((row, tuple(worked[row["WorkOrderID"]])) for row in works),
        tuple((row, tuple(sold[row["SalesOrderID"]])) for row in sales),
    )


def _first(rows: Iterator[Row], column: str, begin: str, count: int) -> list[Row]:
    return list(islice((row for row in rows if row[column].startswith(begin)), count))


def _grouped(rows: Iterator[Row], key: str, headers: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {row[key]: [] for row in headers}
    for row in rows:
        if row[key] in found:
            found[row[key]].append(row)
    return found
