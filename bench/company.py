"""A factory for the bench: 2,000 items, lots of receipts, on either database."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from zhangshi.base.ids import TimeOrderedIds
from zhangshi.base.numbers import Quantity, UnitCost
from zhangshi.ledger.commands import Command, InLine, Receive
from zhangshi.ledger.model import CostingMethod, Location, LocationKind, Tracking
from zhangshi.ledger.service import PostingAnswer, StockLedger
from zhangshi.ledger.service.setup import open_ledger, register_item, save_location
from zhangshi.platform.migrate import migrate
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork, open_company

SCHEMA = "bench"
SUPPLIER, CUSTOMER, PRODUCTION, COUNT, VARIANCE, WAREHOUSE = 1, 2, 3, 4, 5, 10
BINS = (11, 12, 13)
FIRST_ITEM = 1000
ITEMS = 2000
METHOD_ITEMS = 500
"""Items of each costing method, for the cost of a long history."""
TRACED_ITEMS = (90_001, 90_002)
TEN_PIECES = Quantity(10_000_000)
FIVE_YUAN = UnitCost(5_000_000)


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Place:
    """Where a bench keeps its companies: a folder of files, or a server."""

    name: str
    """sqlite or postgresql."""
    folder: Path
    cache: Path
    """Where ledgers that take long to build are kept between runs."""
    server_url: str = ""

    def address(self, company: str) -> tuple[str, str]:
        """Return URL and schema of a company."""
        if self.server_url:
            return self.server_url, company
        return f"sqlite:///{self.folder / company}.db", SCHEMA


def first_item_of(method: CostingMethod) -> int:
    """Return the first of the `METHOD_ITEMS` items with this method."""
    return 10_000 + METHOD_ITEMS * list(CostingMethod).index(method)


def open_at(url: str, schema: str, *, seed: int = 1) -> Company:
    """Open a company; two processes need two seeds."""
    noise = Random(seed)
    ids = TimeOrderedIds(lambda: time.time_ns() // 1000, noise.getrandbits)
    return open_company(key="bench", url=url, schema=schema, clock=RealClock(), ids=ids)


def make_company(place: Place, name: str) -> Company:
    """Make a company with places and items, and open it."""
    url, schema = place.address(name)
    migrate(url=url, schema=schema)
    company = open_at(url, schema)
    company.write(Request("bench", "set up", 0), _set_up, answer_type=int)
    return company


def _set_up(uow: UnitOfWork) -> int:
    open_ledger(uow, variance_location_id=VARIANCE)
    kinds = ("supplier", "customer", "production", "adjustment")
    for location_id, kind in zip((SUPPLIER, CUSTOMER, PRODUCTION, COUNT), kinds, strict=True):
        save_location(uow, Location(location_id, 0, LocationKind(kind)))
    save_location(uow, Location(WAREHOUSE, 0, LocationKind.WAREHOUSE))
    for location_id in BINS:
        save_location(uow, Location(location_id, WAREHOUSE, LocationKind.BIN))
    for item_id in range(FIRST_ITEM, FIRST_ITEM + ITEMS):
        register_item(uow, item_id=item_id)
    for method in CostingMethod:
        for item_id in range(first_item_of(method), first_item_of(method) + METHOD_ITEMS):
            register_item(uow, item_id=item_id, method=method, standard_cost=FIVE_YUAN)
    for item_id in TRACED_ITEMS:
        register_item(uow, item_id=item_id, tracking=Tracking.LOT)
    return ITEMS


def receipt(items: list[int], number: int, *, on: date, bin_id: int = BINS[0]) -> Receive:
    """Return a receipt of ten pieces of each item at 5.00."""
    return Receive(
        effective_on=on,
        source_type="receipt",
        source_id=number,
        supplier_location_id=SUPPLIER,
        lines=tuple(
            InLine(item_id=item, quantity=TEN_PIECES, location_id=bin_id, unit_cost=FIVE_YUAN) for item in items
        ),
    )


def items_of(number: int, lines: int, *, among: int = 1000) -> list[int]:
    """Return the items of the receipt `number`: the same choice that the floor makes."""
    return [FIRST_ITEM + (number * lines + line) % among for line in range(lines)]


class Poster:
    """Posts commands as a user would: one request each."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.ledger = StockLedger()

    def post(self, command: Command, key: str) -> PostingAnswer:
        return self.company.write(
            Request("bench", key, command), lambda uow: self.ledger.post(uow, command), answer_type=PostingAnswer
        )

    def post_many(self, commands: Iterable[Command], key: str) -> int:
        """Post commands in one unit of work; return how many moves they made."""

        def work(uow: UnitOfWork) -> int:
            return sum(len(self.ledger.post(uow, command).lines) for command in commands)

        return self.company.write(Request("bench", key, 0), work, answer_type=int)


@contextmanager
def opened(company: Company) -> Iterator[Company]:
    """Close the company at the end of the block."""
    try:
        yield company
    finally:
        company.close()
