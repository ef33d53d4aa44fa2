"""Bills of materials from records: explosion by dates, where-used, cost from the ledger, rings refused by number."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.definitions import install
from zhangshi.base.errors import ZhangshiError
from zhangshi.bootstrap import open_shop
from zhangshi.identity.model import Person
from zhangshi.ledger.service.setup import open_ledger
from zhangshi.packs.model import folder_of
from zhangshi.packs.shop import Shop
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Company, Request, UnitOfWork
from zhangshi.records.model import Caller
from zhangshi.supply.service import explode, where_used

OWNER = Caller(Person(user_id=1, login="boss", name="老板", roles=frozenset({"owner"})))
SUMMER, AUTUMN = date(2026, 7, 1), date(2026, 10, 1)


@dataclass
class Works:
    """A company with the item masters, and bills by item number."""

    shop: Shop
    ids: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def create(self, entity: str, content: dict[str, Any], transition: str | None = None) -> int:
        self.count += 1
        saved = self.shop.records.create(
            OWNER, key=f"key-{self.count}", entity=entity, content=content, transition=transition
        )
        return saved.record_id

    def item(self, number: str, source: str = "made") -> None:
        content = {
            "number": number, "name": number, "category": {"number": "X"}, "unit": {"number": "pcs"}, "source": source,
        }  # fmt: skip
        self.ids[number] = self.create("item", content)

    def bill(self, item: str, *lines: tuple[str, str], revision: str = "A", **more: Any) -> int:
        rows = [{"component": {"number": one}, "quantity": quantity} for one, quantity in lines]
        content = {"item": {"number": item}, "revision": revision, "lines": rows, **more}
        return self.create("bom", content, "approve")

    def needs(self, item: str, quantity: str, day: date) -> dict[str, str]:
        numbers = {record_id: number for number, record_id in self.ids.items()}
        with self.shop.company.read() as session:
            catalog = self.shop.catalogs.current(session)
            found = explode(session, catalog, item_id=self.ids[item], quantity=Decimal(quantity), day=day)
        return {numbers[one]: needed for one, needed in found.totals.items()}


@pytest.fixture
def works(company: Company) -> Works:
    def opened(uow: UnitOfWork) -> None:
        open_ledger(uow, variance_location_id=uow.next_id())

    company.write(Request(SYSTEM_ACTOR, "open-books", None), opened, answer_type=type(None))
    install(company, [folder_of("core"), folder_of("manufacturing")])
    made = Works(open_shop(company))
    made.create("unit", {"number": "pcs", "name": "个", "quantity_step": "1"})
    made.create("item_category", {"number": "X", "name": "杂", "code_prefix": "X"})
    for number, source in (("TABLE", "made"), ("LEG", "made"), ("TOP", "purchased"), ("BAR", "purchased")):
        made.item(number, source)
    return made


def test_all_levels_are_summed_and_the_bill_of_the_day_counts(works: Works) -> None:
    works.bill("LEG", ("BAR", "2"))
    works.bill("TABLE", ("LEG", "4"), ("TOP", "1"), until_on="2026-09-01")
    works.bill("TABLE", ("LEG", "3"), ("TOP", "1"), revision="B", from_on="2026-09-01")

    assert works.needs("TABLE", "10", SUMMER) == {"LEG": "40", "TOP": "10", "BAR": "80"}
    assert works.needs("TABLE", "10", AUTUMN) == {"LEG": "30", "TOP": "10", "BAR": "60"}


def test_a_draft_does_not_count(works: Works) -> None:
    works.create("bom", {"item": {"number": "LEG"}, "lines": [{"component": {"number": "BAR"}, "quantity": "2"}]})
    assert works.needs("LEG", "1", SUMMER) == {}


def test_where_used_names_every_level_above(works: Works) -> None:
    works.bill("LEG", ("BAR", "2"))
    works.bill("TABLE", ("LEG", "4"), ("BAR", "1"))
    with works.shop.company.read() as session:
        catalog = works.shop.catalogs.current(session)
        found = where_used(session, catalog, item_id=works.ids["BAR"], day=SUMMER)
    assert found == {works.ids["LEG"]: "2", works.ids["TABLE"]: "9"}


def test_cost_rolls_up_from_what_the_ledger_says(works: Works) -> None:
    works.bill("LEG", ("BAR", "2"))
    works.bill("TABLE", ("LEG", "4"), ("TOP", "1"))
    works.create("location", {"number": "ADJ", "name": "差异", "kind": "adjustment"})
    works.create("location", {"number": "W", "name": "仓", "kind": "warehouse"})
    lines = [
        {"item": {"number": "BAR"}, "quantity": "10", "unit_cost": "1.5"},
        {"item": {"number": "TOP"}, "quantity": "2", "unit_cost": "30"},
    ]
    stock = {"date": "2026-06-01", "warehouse": {"number": "W"}, "lines": lines}
    works.create("opening_stock", stock, "post")
    with works.shop.company.read() as session:
        catalog = works.shop.catalogs.current(session)
        found = explode(session, catalog, item_id=works.ids["TABLE"], quantity=Decimal(1), day=SUMMER)
    assert found.unit_cost == "42"


def test_a_ring_is_refused_with_the_numbers_along_it_and_nothing_is_saved(works: Works) -> None:
    works.bill("LEG", ("BAR", "2"))
    works.bill("TABLE", ("LEG", "4"))
    works.item("BAR2")
    with pytest.raises(ZhangshiError) as refused:
        works.bill("LEG", ("TABLE", "1"), revision="B")
    assert refused.value.code == "planning.bom_ring"
    assert refused.value.facts["path"] == "LEG → TABLE → LEG"
    assert works.needs("TABLE", "1", SUMMER) == {"LEG": "4", "BAR": "8"}
