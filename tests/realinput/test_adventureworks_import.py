"""AdventureWorks taken over by its import profile: every figure is compared with plain sums over the CSV files.

`make test` imports the masters and 60 orders of each kind; `make test-nightly` 500 of each, and 60 on PostgreSQL.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.clocks import SettableClock
from tests.companies import SCHEMA, CompanyAddress, copy_sqlite_template, new_database
from tests.conftest import _unique
from tests.realinput.independent_shop import Answers, Row, money, summed
from tests.realinput.source import folder
from zhangshi.base.ids import CountingIds
from zhangshi.bootstrap import open_shop
from zhangshi.ledger.service import setup
from zhangshi.ledger.service.audit import audit
from zhangshi.ledger.service.queries import on_hand
from zhangshi.packs.adventureworks.clerk import IMPORTER
from zhangshi.packs.adventureworks.profile import Imported, import_adventureworks
from zhangshi.packs.model import folder_of, read_pack
from zhangshi.packs.service.installing import install
from zhangshi.packs.shop import Shop
from zhangshi.platform.unit_of_work import Request, open_company
from zhangshi.records.query import ListQuery
from zhangshi.supply.service import explode, where_used

_DATA = folder()
_ORDERS = 60
_ALL_ORDERS = 500
_DAYS = ("2013-06-01", "2014-06-01", "2010-08-08")
"""On the third many lines are valid for the last time."""
_MILLION = 10**6

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(_DATA is None, reason="AdventureWorks is not there: set ZHANGSHI_ADVENTUREWORKS to its folder"),
]


@dataclass(frozen=True)
class Factory:
    """An imported factory and what must be in it."""

    shop: Shop
    done: Imported
    answers: Answers

    def records(self, entity: str, *tables: str) -> list[dict[str, Any]]:
        """Return all records of an entity as a person is shown them."""
        return list(self.shop.reader.stream(IMPORTER, entity, ListQuery(tables=tables)))

    def ids(self) -> dict[str, int]:
        """Return the ids of the items by their numbers."""
        return {one["number"]: int(one["id"]) for one in self.records("item")}


@contextmanager
def _shop(address: CompanyAddress) -> Iterator[Shop]:
    company = open_company(key="aw", url=address.url, schema=address.schema, clock=SettableClock(), ids=CountingIds())
    try:
        company.write(
            Request("test", "open", None),
            lambda uow: setup.open_ledger(uow, variance_location_id=uow.next_id()),
            answer_type=type(None),
        )
        yield open_shop(company)
    finally:
        company.close()


@contextmanager
def _imported(address: CompanyAddress, count: int) -> Iterator[Factory]:
    assert _DATA is not None
    with _shop(address) as shop:
        install(shop.company, shop.catalogs, [read_pack(folder_of("manufacturing"))], actor="test", seeds=shop.seeds)
        done = import_adventureworks(shop, folder=_DATA, year=2013, documents=count, told=lambda _done, _total: None)
        yield Factory(shop, done, Answers(_DATA, count))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("sqlite", _ORDERS), id="sqlite-60"),
        pytest.param(("sqlite", _ALL_ORDERS), id="sqlite-500", marks=pytest.mark.nightly),
        pytest.param(("postgresql", _ORDERS), id="postgresql-60", marks=pytest.mark.nightly),
    ],
)
def factory(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path
) -> Iterator[Factory]:
    database, count = request.param
    if database == "sqlite":
        with _imported(copy_sqlite_template(_sqlite_template, tmp_path_factory.mktemp("aw")), count) as found:
            yield found
        return
    server, template = request.getfixturevalue("pg_url"), request.getfixturevalue("_postgresql_template")
    with (
        new_database(server, _unique("adventureworks"), template=template) as url,
        _imported(CompanyAddress(url, SCHEMA), count) as found,
    ):
        yield found


def test_every_master_is_there(factory: Factory) -> None:
    answers = factory.answers
    rows = answers.rows
    customers = {row["CustomerID"] for row in answers.sales.values()}
    made = {
        "item": len(rows("product.csv")),
        "item_category": len(rows("product_subcategory.csv")) + 1,
        "partner": len(rows("vendor.csv")) + len(customers),
        "price_list": len({row["BusinessEntityID"] for row in rows("product_vendor.csv")}),
        "bom": len(answers.bill),
        "routing": len({row["ProductID"] for row in rows("work_order_routing.csv.gz")}),
        "reason_code": len(rows("scrap_reason.csv")),
    }

    assert {entity: factory.done.counts[entity] for entity in made} == made
    assert (made["item"], made["bom"], made["routing"]) == (504, 238, 149)
    zones = {one["name"] for one in factory.records("location") if one["kind"] == "zone"}
    assert zones == {row["Name"] for row in rows("location.csv")}
    assert len(zones) == 14
    active = {one["number"]: one["active"] for one in factory.records("partner") if one["is_supplier"]}
    assert active == {row["AccountNumber"]: row["ActiveFlag"] == "True" for row in rows("vendor.csv")}
    prices = {
        (one["partner"]["number"], line["item"]["number"]): Decimal(line["price"])
        for one in factory.records("price_list", "lines")
        for line in one["lines"]
    }
    assert prices == {
        (answers.vendor[row["BusinessEntityID"]], answers.code[row["ProductID"]]): Decimal(row["StandardPrice"])
        for row in rows("product_vendor.csv")
    }
    assert len(prices) == 460


def test_bills_hold_every_line_with_its_quantity_and_its_days(factory: Factory) -> None:
    answers = factory.answers
    held = Counter(
        (
            one["item"]["number"],
            line["component"]["number"],
            Decimal(line["quantity"]),
            line["from_on"],
            line["until_on"],
        )
        for one in factory.records("bom", "lines")
        for line in one["lines"]
    )

    assert held == Counter(
        (
            answers.code[product],
            answers.code[row["ComponentID"]],
            Decimal(row["PerAssemblyQty"]),
            row["StartDate"],
            (date.fromisoformat(row["EndDate"]) + timedelta(days=1)).isoformat() if row["EndDate"] else None,
        )
        for product, rows in answers.bill.items()
        for row in rows
    )
    assert sum(held.values()) == sum(1 for row in answers.rows("bill_of_materials.csv") if row["ProductAssemblyID"])


def test_documents_have_gone_their_whole_way(factory: Factory) -> None:
    answers, count = factory.answers, factory.answers.count
    rejected = {row["PurchaseOrderID"] for row in answers.purchase_lines if Decimal(row["RejectedQty"])}
    scrapped = sum(1 for row in answers.work_orders if int(row["ScrappedQty"]))
    worked = sum(1 for found in answers.operations.values() if found)
    expected = {
        "purchase_order": {"closed": count},
        "purchase_receipt": {"posted": count},
        "inspection": {"posted": count},
        "supplier_return": {"posted": len(rejected)},
        "purchase_invoice": {"posted": count + len(rejected)},
        "payment": {"posted": count},
        "work_order": {"closed": count - scrapped, "finished": scrapped},
        "material_issue": {"posted": count},
        "work_report": {"posted": worked},
        "finished_receipt": {"posted": count},
        "sales_order": {"closed": count},
        "delivery": {"posted": count},
        "sales_invoice": {"posted": count},
        "money_receipt": {"posted": count},
    }

    found = {entity: Counter(one["state"] for one in factory.records(entity)) for entity in expected}

    assert found == {entity: Counter(states) for entity, states in expected.items()}
    assert rejected
    assert worked
    if count == _ALL_ORDERS:
        assert scrapped
    numbers = {one["number"] for one in factory.records("purchase_order")}
    assert numbers == {f"PO{number}" for number in answers.purchases}


def _lines(factory: Factory, entity: str, partner: str, quantity: str) -> list[tuple[tuple[str, ...], Decimal]]:
    return [
        ((one[partner]["number"], line["item"]["number"]), Decimal(line[quantity]))
        for one in factory.records(entity, "lines")
        for line in one["lines"]
    ]


def test_what_was_bought_is_what_their_lines_add_up_to_by_vendor_and_product(factory: Factory) -> None:
    answers = factory.answers

    def theirs(column: str) -> dict[tuple[str, ...], Decimal]:
        return summed([(_vendor_and_product(answers, row), Decimal(row[column])) for row in answers.purchase_lines])

    ours = {
        "OrderQty": _lines(factory, "purchase_order", "supplier", "quantity"),
        "ReceivedQty": _lines(factory, "purchase_receipt", "supplier", "quantity"),
        "StockedQty": _lines(factory, "inspection", "supplier", "accepted"),
        "RejectedQty": _lines(factory, "supplier_return", "supplier", "quantity"),
    }

    for column, pairs in ours.items():
        assert summed(pairs) == theirs(column), column
        assert theirs(column), column
    assert summed(_lines(factory, "inspection", "supplier", "rejected")) == theirs("RejectedQty")


def _vendor_and_product(answers: Answers, row: Row) -> tuple[str, str]:
    vendor = answers.vendor[answers.purchases[row["PurchaseOrderID"]]["VendorID"]]
    return vendor, answers.code[row["ProductID"]]


def test_vendors_were_paid_for_what_they_sent_less_what_went_back(factory: Factory) -> None:
    answers = factory.answers
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for row in answers.purchase_lines:
        vendor, _ = _vendor_and_product(answers, row)
        owed[vendor] += money(row["ReceivedQty"], row["UnitPrice"]) - money(row["RejectedQty"], row["UnitPrice"])
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for one in factory.records("payment"):
        paid[one["supplier"]["number"]] += Decimal(one["amount"])

    assert paid == owed
    assert sum(owed.values()) > 0
    invoices = factory.records("purchase_invoice")
    assert {one["open_amount"] for one in invoices} == {"0"}
    assert {one["kind"] for one in invoices} == {"blue", "red"}
    for one in factory.records("purchase_order", "lines"):
        subtotal = Decimal(answers.purchases[one["number"].removeprefix("PO")]["SubTotal"])
        assert abs(Decimal(one["amount"]) - subtotal) <= Decimal("0.005") * len(one["lines"])


def test_what_was_sold_is_what_their_lines_add_up_to_by_customer_and_product(factory: Factory) -> None:
    answers = factory.answers
    account = {row["CustomerID"]: row["AccountNumber"] for row in answers.rows("customer.csv.gz")}

    def key(row: Row) -> tuple[str, str]:
        return account[answers.sales[row["ReferenceOrderID"]]["CustomerID"]], answers.code[row["ProductID"]]

    theirs = summed([(key(row), Decimal(row["Quantity"])) for row in answers.sale_lines])
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for row in answers.sale_lines:
        owed[key(row)[0]] += money(row["Quantity"], row["ActualCost"])

    for entity in ("sales_order", "delivery", "sales_invoice"):
        assert summed(_lines(factory, entity, "customer", "quantity")) == theirs, entity
    assert theirs
    received = {one["customer"]["number"]: Decimal(one["amount"]) for one in factory.records("money_receipt")}
    assert received == owed
    assert {one["open_amount"] for one in factory.records("sales_invoice")} == {"0"}


def test_work_orders_took_their_bills_and_gave_what_was_good(factory: Factory) -> None:
    answers = factory.answers
    orders = {one["number"]: one for one in factory.records("work_order", "materials", "operations")}
    reports = {one["work_order"]["number"]: one for one in factory.records("work_report", "lines")}

    assert len(orders) == answers.count
    for row in answers.work_orders:
        one = orders[f"WO{row['WorkOrderID']}"]
        took = summed([((line["item"]["number"],), Decimal(line["issued"])) for line in one["materials"]])
        needs = summed(
            [
                ((answers.code[line["ComponentID"]],), Decimal(line["PerAssemblyQty"]) * int(row["OrderQty"]))
                for line in answers.lines_on(row["ProductID"], row["StartDate"])
            ]
        )
        assert took == needs
        assert needs
        assert Decimal(one["received"]) == Decimal(row["StockedQty"])
        steps = answers.operations[row["WorkOrderID"]]
        assert [line["process"]["number"] for line in one["operations"]] == [
            f"AW{int(step['LocationID']):02}" for step in sorted(steps, key=lambda step: int(step["OperationSequence"]))
        ]
        if steps:
            report = reports[one["number"]]
            assert {Decimal(line["work_waste"]) for line in report["lines"]} == {Decimal(row["ScrappedQty"])}
            wages = sum(money(row["StockedQty"], str(_per_piece(row, step))) for step in steps)
            assert Decimal(one["labour"]) == Decimal(report["wage"]) == wages


def test_a_work_order_form_brings_the_lines_that_count_on_its_start_date(factory: Factory) -> None:
    answers = factory.answers
    product = next(row["ProductAssemblyID"] for row in answers.rows("bill_of_materials.csv") if _changes(answers, row))
    brought = {}
    for day in (_DAYS[2], _DAYS[0]):
        content = {
            "item": {"number": answers.code[product]}, "quantity": "10", "start_on": day, "date": day,
            "bom": {"number": f"AWB-{answers.code[product]}"},
        }  # fmt: skip
        rows = factory.shop.records.fill(IMPORTER, entity="work_order", content=content, fill="materials")
        items = {str(item_id): number for number, item_id in factory.ids().items()}
        brought[day] = {(items[str(row["item"])], Decimal(str(row["quantity"]))) for row in rows}
        assert brought[day] == {
            (answers.code[row["ComponentID"]], 10 * Decimal(row["PerAssemblyQty"]))
            for row in answers.lines_on(product, day)
        }

    assert brought[_DAYS[0]] != brought[_DAYS[2]]
    assert all(brought.values())


def _changes(answers: Answers, row: Row) -> bool:
    """Whether the bill of the row's assembly is another one on the first and on the third day."""
    product = row["ProductAssemblyID"]
    early, late = (
        {(one["ComponentID"], one["PerAssemblyQty"]) for one in answers.lines_on(product, day)}
        for day in (_DAYS[2], _DAYS[0])
    )
    return bool(product and early and late) and early != late


def _per_piece(row: Row, step: Row) -> Decimal:
    return (Decimal(step["ActualCost"]) / int(row["OrderQty"])).quantize(Decimal("0.000001"))


def test_stock_is_what_was_there_and_came_in_less_what_went_out(factory: Factory) -> None:
    stock = factory.answers.stock
    numbers = {item_id: number for number, item_id in factory.ids().items()}
    with factory.shop.company.read() as session:
        held = {numbers[one.item_id]: Decimal(int(one.quantity)) / _MILLION for one in on_hand(session)}
        report = audit(session)

    assert report.differences == ()
    assert report.moves > 10 * factory.answers.count
    assert factory.done.opening == dict(stock.lacked)
    assert {item: left for item, left in held.items() if left} == {
        item: left for item, left in stock.left.items() if left
    }
    assert held
    opened = [line for one in factory.records("opening_stock", "lines") for line in one["lines"]]
    assert {line["item"]["number"]: Decimal(line["quantity"]) for line in opened} == dict(stock.lacked)


@pytest.mark.parametrize("day", _DAYS)
def test_explosions_of_every_assembly_are_those_of_a_plain_recursion(factory: Factory, day: str) -> None:
    answers, ids = factory.answers, factory.ids()
    numbers = {item_id: number for number, item_id in ids.items()}
    sizes = []
    with factory.shop.company.read() as session:
        catalog = factory.shop.catalogs.current(session)
        for product in answers.bill:
            found = explode(
                session, catalog, item_id=ids[answers.code[product]], quantity=Decimal(1), day=date.fromisoformat(day)
            )
            theirs = answers.explosion(product, day)
            assert {numbers[item]: Decimal(total) for item, total in found.totals.items()} == theirs
            sizes.append(len(theirs))

    assert len(sizes) == 238
    assert max(sizes) > 40
    last = [row for rows in answers.bill.values() for row in rows if row["EndDate"] == day]
    assert bool(last) is (day == _DAYS[2])


def test_where_used_of_fifty_components_is_that_of_a_plain_recursion(factory: Factory) -> None:
    answers, ids, day = factory.answers, factory.ids(), _DAYS[0]
    numbers = {item_id: number for number, item_id in ids.items()}
    above: dict[str, dict[str, Any]] = defaultdict(dict)
    for product in answers.bill:
        for component, needed in answers.explosion(product, day).items():
            above[component][answers.code[product]] = needed
    wanted = sorted(above, key=lambda one: (-len(above[one]), one))[:25] + sorted(above)[:25]

    with factory.shop.company.read() as session:
        catalog = factory.shop.catalogs.current(session)
        for component in wanted:
            found = where_used(session, catalog, item_id=ids[component], day=date.fromisoformat(day))
            assert {numbers[item]: Decimal(needed) for item, needed in found.items()} == above[component], component
    assert len(set(wanted)) >= 45
