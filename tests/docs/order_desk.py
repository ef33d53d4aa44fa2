"""The desk that docs/algorithms/records.md works at: orders, deliveries and receipts in a throw-away company."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.clocks import SettableClock
from tests.integration.records.shop import OWNER, Shop, line, open_shop, order, receipt
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.base.numbers import amount_text
from zhangshi.platform.migrate import migrate
from zhangshi.platform.unit_of_work import open_company
from zhangshi.records.entering import number_text
from zhangshi.records.model import Invalid, Saved, Source

TO_DELIVERY = "order_to_delivery"


class OrderDesk:
    """Says in a line what each step did; a refusal is a line too."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self._folder.name) / 'desk.db'}"
        migrate(url=url)
        company = open_company(key="desk", url=url, clock=SettableClock(), ids=CountingIds())
        self.shop: Shop = open_shop(company)
        self._saved: dict[str, Saved] = {}

    def close(self) -> None:
        """Throw the company away."""
        self.shop.company.close()
        self._folder.cleanup()

    def receive(self, item: str, quantity: str, price: str, unit: str = "pcs") -> None:
        """Post a receipt of one row."""
        row = line(self.shop, item, quantity, price, unit={"number": unit})
        self._tell(lambda: self.shop.create("goods_receipt", receipt(self.shop, row), "post"))

    def order(self, item: str, quantity: str, price: str = "5", unit: str = "pcs") -> None:
        """Confirm an order of one row."""
        row = line(self.shop, item, quantity, price, unit={"number": unit})
        self._tell(lambda: self.shop.create("sales_order", order(self.shop, row), "confirm"))

    def deliver(self, number: str, quantity: str = "", transition: str | None = None) -> None:
        """Convert an order, all that is open or `quantity`."""
        saved = self._saved[number]
        row = self.shop.get(saved).tables["lines"][0].id
        lines = {row: Decimal(quantity)} if quantity else None
        content = {"warehouse": str(self.shop.ids["warehouse"])}
        self._tell(
            lambda: self.shop.records.convert(
                OWNER, key=self.shop.key(), conversion=TO_DELIVERY, sources=[Source(saved.record_id, lines)],
                content=content, transition=transition,
            )
        )  # fmt: skip

    def move(self, number: str, transition: str) -> None:
        """Make a transition."""
        self._tell(lambda: self.shop.move(self._saved[number], transition))

    def open(self, number: str) -> None:
        """Print the state of an order and what it has open."""
        saved = self._saved[number]
        found = self.shop.records.open_quantities(OWNER, conversion=TO_DELIVERY, record_id=saved.record_id)
        print(number, self.shop.get(saved).state, *(number_text(one) for one in found.values()), "open")  # noqa: T201 - a doctest reads it

    def worth(self, item: str) -> None:
        """Print quantity and value of an item."""
        for item_id, quantity, amount in self.shop.worth():
            if item_id == self.shop.ids[item]:
                print(item, number_text(Decimal(quantity).scaleb(-6)), amount_text(amount))  # type: ignore[arg-type]  # noqa: T201 - a doctest reads it

    def _tell(self, write: Any) -> None:  # what writes
        try:
            saved: Saved = write()
        except Invalid as error:
            for problem in error.problems:
                print("refused:", problem.code, problem.path, problem.facts)  # noqa: T201 - a doctest reads it
            return
        except ZhangshiError as error:
            print("refused:", error.code)  # noqa: T201 - a doctest reads it
            return
        self._saved[saved.number] = saved
        print(saved.number, saved.state)  # noqa: T201 - a doctest reads it
