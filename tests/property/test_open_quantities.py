"""Open quantities against a model that just adds up: converted, edited, cancelled and deleted in any order."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clocks import SettableClock
from tests.companies import CompanyAddress, copy_sqlite_template, make_sqlite_template
from tests.integration.records.shop import OWNER, Shop, line, open_shop, order
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.platform.unit_of_work import open_company
from zhangshi.records.model import Saved, Source

TO_DELIVERY = "order_to_delivery"
TOLERANCE = Decimal("1.05")
ORDERED = {"bolt": Decimal(100), "nut": Decimal("7.5")}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("open")
    address: CompanyAddress = copy_sqlite_template(make_sqlite_template(folder), folder)
    company = open_company(key="open", url=address.url, schema=address.schema, clock=SettableClock(), ids=CountingIds())
    yield open_shop(company)
    company.close()


@dataclass
class Model:
    """What deliveries hold, as a child would write it down."""

    held: dict[int, dict[str, Decimal]] = field(default_factory=dict)

    def taken(self, item: str) -> Decimal:
        return sum((held.get(item, Decimal(0)) for held in self.held.values()), Decimal(0))

    def fits(self, wanted: dict[int, dict[str, Decimal]]) -> bool:
        after = Model({**self.held, **wanted})
        return all(after.taken(item) <= ordered * TOLERANCE for item, ordered in ORDERED.items())

    def is_complete(self) -> bool:
        return all(self.taken(item) >= ordered for item, ordered in ORDERED.items())


QUANTITY = st.decimals(min_value="0.000001", max_value=110, places=6)
STEP = st.one_of(
    st.tuples(st.just("convert"), st.sampled_from(list(ORDERED)), QUANTITY),
    st.tuples(st.just("edit"), st.integers(0, 5), QUANTITY),
    st.tuples(st.just("cancel"), st.integers(0, 5), st.just(Decimal(0))),
    st.tuples(st.just("delete"), st.integers(0, 5), st.just(Decimal(0))),
)


class Clerk:
    """Does a step with the product and with the model."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        rows = [line(shop, item, str(quantity), "1") for item, quantity in ORDERED.items()]
        self.order = shop.create("sales_order", order(shop, *rows), "confirm")
        found = shop.get(self.order).tables["lines"]
        self.rows = dict(zip(ORDERED, (row.id for row in found), strict=True))
        self.model = Model()
        self.deliveries: list[Saved] = []

    def do(self, kind: str, what: Any, quantity: Decimal) -> None:
        if kind == "convert":
            self._convert(what, quantity)
            return
        living = [one for one in self.deliveries if one.record_id in self.model.held]
        if what >= len(living):
            return
        delivery = living[what]
        if kind == "edit":
            self._edit(delivery, quantity)
        elif kind == "cancel":
            self.shop.move(delivery, "cancel")
            del self.model.held[delivery.record_id]
        else:
            version = self.shop.get(delivery).version
            self.shop.records.delete(
                OWNER, key=self.shop.key(), entity="delivery", record_id=delivery.record_id, version=version
            )
            del self.model.held[delivery.record_id]

    def _convert(self, item: str, quantity: Decimal) -> None:
        allowed = self.shop.get(self.order).state == "confirmed" and self.model.fits({0: {item: quantity}})
        with suppress(ZhangshiError):
            made = self.shop.records.convert(
                OWNER, key=self.shop.key(), conversion=TO_DELIVERY,
                sources=[Source(self.order.record_id, {self.rows[item]: quantity})],
                content={"warehouse": str(self.shop.ids["warehouse"])},
            )  # fmt: skip
            assert allowed, "more than is open was taken"
            self.deliveries.append(made)
            self.model.held[made.record_id] = {item: quantity}
            return
        assert not allowed, "what is open was refused"

    def _edit(self, delivery: Saved, quantity: Decimal) -> None:
        record = self.shop.get(delivery)
        (item,) = self.model.held[delivery.record_id]
        before = self.model.held[delivery.record_id][item]
        allowed = quantity <= before or self.model.fits({delivery.record_id: {item: quantity}})
        rows = [{"id": str(record.tables["lines"][0].id), "quantity": str(quantity)}]
        with suppress(ZhangshiError):
            self.shop.edit(delivery, {"lines": rows}, version=record.version)
            assert allowed, "more than is open was taken"
            self.model.held[delivery.record_id] = {item: quantity}
            return
        assert not allowed, "what is open was refused"

    def agrees(self) -> None:
        found = self.shop.records.open_quantities(OWNER, conversion=TO_DELIVERY, record_id=self.order.record_id)
        for item, ordered in ORDERED.items():
            # so much as half a millionth for each link counts as nothing
            wanted = ordered - self.model.taken(item)
            assert abs(found[self.rows[item]] - wanted) <= Decimal(len(self.model.held)) / 2_000_000
        assert self.shop.get(self.order).state == ("closed" if self.model.is_complete() else "confirmed")


@settings(max_examples=25)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_open_is_ordered_less_what_living_deliveries_hold(shop: Shop, steps: list[tuple[str, Any, Decimal]]) -> None:
    clerk = Clerk(shop)
    for step in steps:
        clerk.do(*step)
        clerk.agrees()
