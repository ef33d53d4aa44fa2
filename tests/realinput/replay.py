"""Post AdventureWorks through the ledger's service, one request per document, and report what came out.

Run as a program, so that its memory is its own: python -m tests.realinput.replay URL SCHEMA [--rows N] [--fifo].
It prints one JSON object. Work orders state no cost; their goods come in at the product's standard cost.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.clocks import SettableClock
from tests.realinput.source import Document, Product, documents, folder, location_ids, products
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.base.numbers import Quantity, UnitCost
from zhangshi.ledger import refusals
from zhangshi.ledger.commands import Adjust, AdjustLine, Command, InLine, Issue, OutLine, Produce, ProduceLine, Receive
from zhangshi.ledger.model import CostingMethod, Location, LocationKind
from zhangshi.ledger.service import PostingAnswer, StockLedger
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.queries import on_hand, valuation
from zhangshi.ledger.service.setup import open_ledger, register_item, save_location
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork, open_company

SUPPLIER, CUSTOMER, PRODUCTION, COUNT, VARIANCE, WAREHOUSE = 901, 902, 903, 904, 905, 900
AFTERWARDS = datetime(2015, 1, 5, 1, 0, tzinfo=UTC)
"""When the history is entered: later than its last day."""

_PIECE = Quantity(1_000_000)
_COUNTERPARTIES = {
    SUPPLIER: LocationKind.SUPPLIER,
    CUSTOMER: LocationKind.CUSTOMER,
    PRODUCTION: LocationKind.PRODUCTION,
    COUNT: LocationKind.ADJUSTMENT,
    WAREHOUSE: LocationKind.WAREHOUSE,
}


class Replay:
    """Posts documents. `openings`: (kind, order, product) -> quantity and amount that a sale lacked."""

    def __init__(self, company: Company, known: Iterable[Product]) -> None:
        self._company = company
        self._ledger = StockLedger()
        self._products = {product.product_id: product for product in known}
        self._held = dict.fromkeys(self._products, 0)
        self.documents = 0
        self.moves = 0
        self.openings: dict[tuple[str, int, int], tuple[int, int]] = {}

    def set_up(self, places: list[int], method: CostingMethod) -> None:
        """Open the ledger with the factory's places as zones of one warehouse."""

        def work(uow: UnitOfWork) -> int:
            open_ledger(uow, variance_location_id=VARIANCE)
            for location_id, kind in _COUNTERPARTIES.items():
                save_location(uow, Location(location_id, 0, kind))
            for location_id in places:
                save_location(uow, Location(location_id, WAREHOUSE, LocationKind.ZONE))
            for product in self._products.values():
                register_item(uow, item_id=product.product_id, method=method, quantity_step=_PIECE)
            return len(places)

        self._company.write(Request("loader", "set up", places), work, answer_type=int)

    def post(self, document: Document) -> None:
        """Post one document; a sale that finds no stock is met by an opening adjustment, then posted again."""
        command = self._command(document)
        key = f"{document.kind}-{document.order_id}-{document.on}"
        try:
            self._write(key, command)
        except ZhangshiError as error:
            if error.code != refusals.INSUFFICIENT_STOCK.code:
                raise
            self._open(document, key)
            self._write(key, command)
        self.documents += 1
        sign = -1 if document.kind == "S" else 1
        for row in document.rows:
            self._held[row.product_id] += sign * row.quantity

    def _write(self, key: str, command: Command) -> PostingAnswer:
        answer = self._company.write(
            Request("loader", key, command), lambda uow: self._ledger.post(uow, command), answer_type=PostingAnswer
        )
        self.moves += len(answer.lines)
        return answer

    def _open(self, document: Document, key: str) -> None:
        lacking: dict[int, int] = {}
        for row in document.rows:
            lacking[row.product_id] = lacking.get(row.product_id, -self._held[row.product_id]) + row.quantity
        lines = tuple(
            AdjustLine(
                item_id=item, quantity=Quantity(quantity), location_id=self._products[item].location_id,
                unit_cost=UnitCost(self._products[item].standard_cost),
            )
            for item, quantity in lacking.items()
            if quantity > 0
        )  # fmt: skip
        command = Adjust(
            effective_on=document.on, source_type="opening", source_id=document.order_id,
            adjustment_location_id=COUNT, lines=lines,
        )  # fmt: skip
        for line in self._write(f"opening-{key}", command).lines:
            self._held[line.item_id] += line.quantity
            self.openings[document.kind, document.order_id, line.item_id] = (line.quantity, line.amount)

    def _command(self, document: Document) -> Command:
        lines = [(row, self._products[row.product_id]) for row in document.rows]
        on, order_id = document.on, document.order_id
        if document.kind == "P":
            received = tuple(
                InLine(
                    item_id=row.product_id, quantity=Quantity(row.quantity), location_id=product.location_id,
                    unit_cost=UnitCost(row.unit_cost), source_line_id=row.transaction_id,
                )
                for row, product in lines
            )  # fmt: skip
            return Receive(
                effective_on=on,
                source_type="purchase",
                source_id=order_id,
                supplier_location_id=SUPPLIER,
                lines=received,
            )
        if document.kind == "W":
            made = tuple(
                ProduceLine(
                    item_id=row.product_id, quantity=Quantity(row.quantity), location_id=product.location_id,
                    unit_cost=UnitCost(product.standard_cost), source_line_id=row.transaction_id,
                )
                for row, product in lines
            )  # fmt: skip
            return Produce(
                effective_on=on, source_type="work_order", source_id=order_id, order_id=order_id,
                production_location_id=PRODUCTION, lines=made,
            )  # fmt: skip
        sold = tuple(
            OutLine(
                item_id=row.product_id, quantity=Quantity(row.quantity), location_id=product.location_id,
                source_line_id=row.transaction_id,
            )
            for row, product in lines
        )  # fmt: skip
        return Issue(effective_on=on, source_type="sale", source_id=order_id, customer_location_id=CUSTOMER, lines=sold)


def replay(company: Company, data: Path, *, rows_max: int | None = None, fifo: bool = False) -> dict[str, Any]:
    """Load everything into an empty company, audit it, and return the report."""
    known = products(data)
    run = Replay(company, known)
    began = time.monotonic()
    run.set_up(location_ids(data), CostingMethod.FIFO if fifo else CostingMethod.MOVING_AVERAGE)
    for document in documents(data, rows_max):
        run.post(document)
    posted = time.monotonic()
    with company.read() as session:
        report = audit(session)
        held = {row.item_id: int(row.quantity) for row in on_hand(session)}
        values = {item_id: (int(quantity), int(amount)) for item_id, quantity, amount in valuation(session)}
    return {
        "documents": run.documents,
        "moves": run.moves,
        "posting_seconds": round(posted - began, 1),
        "audit_seconds": round(time.monotonic() - posted, 1),
        "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "openings": [[*key, *value] for key, value in run.openings.items()],
        "opening_lines": len(run.openings),
        "opening_amount": sum(amount for _, amount in run.openings.values()),
        "on_hand": sorted(held.items()),
        "values": sorted((item, *value) for item, value in values.items()),
        "audited_moves": report.moves,
        "audited_postings": report.postings,
        "differences": [repr(difference) for difference in report.differences],
    }


def main(arguments: list[str]) -> int:
    """Replay into the company at the address given."""
    parser = argparse.ArgumentParser(prog="python -m tests.realinput.replay")
    parser.add_argument("url")
    parser.add_argument("schema")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--fifo", action="store_true")
    wanted = parser.parse_args(arguments)
    data = folder()
    if data is None:
        print("AdventureWorks is not there: set ZHANGSHI_ADVENTUREWORKS to its folder.", file=sys.stderr)  # noqa: T201
        return 1
    company = open_company(
        key="adventureworks", url=wanted.url, schema=wanted.schema, clock=SettableClock(AFTERWARDS), ids=CountingIds()
    )
    try:
        report = replay(company, data, rows_max=wanted.rows, fifo=wanted.fifo)
    finally:
        company.close()
    print(json.dumps(report))  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
