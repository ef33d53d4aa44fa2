"""Read AdventureWorks: products, places, and three years of stock transactions as documents.

The data lies beside the repository (see its own README for origin and licence); `ZHANGSHI_ADVENTUREWORKS` names
another folder. Rows of one order and day are one document, in the order of their first row.
"""

import csv
import gzip
import itertools
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

_REPOSITORY = Path(__file__).resolve().parents[2]
_MINOR_PER_UNIT = 1_000_000
DEFAULT_LOCATION = 6
"""Miscellaneous Storage: where products lie that the stock snapshot does not name."""


class Product(NamedTuple):
    """`standard_cost` in millionths of the currency unit; `location_id` is the first place of the stock snapshot."""

    product_id: int
    standard_cost: int
    location_id: int


class Row(NamedTuple):
    """One transaction: quantity in millionths of a piece, cost in millionths of the currency unit."""

    transaction_id: int
    product_id: int
    quantity: int
    unit_cost: int


class Document(NamedTuple):
    """`kind`: P purchase receipt, W work-order receipt, S sale."""

    kind: str
    order_id: int
    on: date
    rows: tuple[Row, ...]


def folder() -> Path | None:
    """Return where the data lies, or None."""
    named = os.environ.get("ZHANGSHI_ADVENTUREWORKS")
    found = Path(named) if named else _REPOSITORY.parent / "shared" / "data" / "adventureworks"
    return found if (found / "transaction_history.csv.gz").exists() else None


def _rows(file: Path) -> Iterator[dict[str, str]]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _minor(text: str) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole) * _MINOR_PER_UNIT + int(fraction.ljust(6, "0"))


def products(data: Path) -> list[Product]:
    """Return all products by id."""
    places: dict[int, int] = {}
    for row in _rows(data / "product_inventory.csv"):
        places.setdefault(int(row["ProductID"]), int(row["LocationID"]))
    found = [(int(row["ProductID"]), _minor(row["StandardCost"])) for row in _rows(data / "product.csv")]
    return [Product(number, cost, places.get(number, DEFAULT_LOCATION)) for number, cost in sorted(found)]


def location_ids(data: Path) -> list[int]:
    """Return the places of the factory."""
    return [int(row["LocationID"]) for row in _rows(data / "location.csv")]


def documents(data: Path, rows_max: int | None = None) -> Iterator[Document]:
    """Yield the documents of the first `rows_max` transactions by date, one day in memory at a time."""
    transactions = itertools.islice(_rows(data / "transaction_history.csv.gz"), rows_max)
    for day, rows_of_day in itertools.groupby(transactions, key=lambda row: row["TransactionDate"]):
        grouped: dict[tuple[str, int], list[Row]] = {}
        for row in rows_of_day:
            key = (row["TransactionType"], int(row["ReferenceOrderID"]))
            grouped.setdefault(key, []).append(
                Row(
                    int(row["TransactionID"]),
                    int(row["ProductID"]),
                    int(row["Quantity"]) * _MINOR_PER_UNIT,
                    _minor(row["ActualCost"]),
                )
            )
        for (kind, order_id), rows in grouped.items():
            yield Document(kind, order_id, date.fromisoformat(day), tuple(rows))
