"""A shop with its masters in place, to write documents in: what the tests of writing begin with."""

from dataclasses import dataclass, field
from typing import Any

from tests.definitions import install
from tests.integration.records import forms, forms_making
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.identity.model import Person
from zhangshi.ledger.service import queries, setup
from zhangshi.platform.unit_of_work import Company, Request
from zhangshi.records.model import Caller, Record, Saved
from zhangshi.records.service.editing import read_record
from zhangshi.records.service.records import Records

OWNER = Caller(Person(user_id=1, login="boss", name="老板", roles=frozenset({"owner"})))
KEEPER = Caller(Person(user_id=2, login="wang", name="王仓管", roles=frozenset({"storekeeper"})))


@dataclass
class Shop:
    """Records of a company, and the ids of its masters by name."""

    company: Company
    catalogs: Catalogs
    records: Records
    ids: dict[str, int] = field(default_factory=dict)
    _keys: int = 0

    def key(self) -> str:
        """Return an idempotency key that was not used."""
        self._keys += 1
        return f"key-{self._keys}"

    def create(self, entity: str, content: dict[str, Any], transition: str | None = None, **options: Any) -> Saved:
        """Create as the owner, under a new key."""
        caller = options.pop("caller", OWNER)
        key = options.pop("key", None) or self.key()
        return self.records.create(caller, key=key, entity=entity, content=content, transition=transition, **options)

    def edit(self, saved: Saved, content: dict[str, Any], **options: Any) -> Saved:
        """Edit what was saved."""
        caller = options.pop("caller", OWNER)
        version = options.pop("version", saved.version)
        return self.records.edit(
            caller, key=self.key(), entity=saved.entity, record_id=saved.record_id, version=version,
            content=content, **options,
        )  # fmt: skip

    def move(self, saved: Saved, transition: str, **options: Any) -> Saved:
        """Make a transition of the record as it is now."""
        caller = options.pop("caller", OWNER)
        version = options.pop("version", None) or self.get(saved).version
        return self.records.transition(
            caller, key=self.key(), entity=saved.entity, record_id=saved.record_id, version=version,
            transition=transition, **options,
        )  # fmt: skip

    def get(self, saved: Saved) -> Record:
        """Return the record as it is stored."""
        found = self.find(saved.entity, saved.record_id)
        assert found is not None
        return found

    def find(self, entity: str, record_id: int) -> Record | None:
        """Return a record, None if there is none."""
        with self.company.read() as session:
            work = self.records.reading_work(session, OWNER)
            return read_record(work, work.entity(entity), record_id, locking=False)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        with self.company.read() as session:
            return [tuple(row) for row in session.core.exec_driver_sql(statement)]

    def stock(self, name: str) -> int:
        """Return the quantity of an item, all statuses and places, in whole units."""
        with self.company.read() as session:
            return sum(row.quantity for row in queries.balances(session, item_id=self.ids[name])) // 1_000_000

    def worth(self) -> list[tuple[int, int, int]]:
        """Return (item, quantity, amount) of all that is owned."""
        with self.company.read() as session:
            return queries.valuation(session)

    def footprint(self) -> dict[str, int]:
        """Return how many rows every table of the books and records has."""
        tables = (
            "d_goods_receipt", "d_goods_receipt__lines", "d_sales_order", "d_delivery", "d_delivery__lines", "d_wage",
            "record_link", "record_posting", "record_move", "record_effect", "record_audit", "search_entry",
            "number_counter", "posting", "move", "lot", "stock_item", "outbox_event", "request",
        )  # fmt: skip
        return {table: self.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in tables}


def open_shop(company: Company, *more: str) -> Shop:
    """Publish the forms (and `more`), open the books and create the masters."""
    catalogs = install(company, (*forms.ALL, *forms_making.ALL, *more))
    company.write(
        Request("test", "open", None),
        lambda uow: setup.open_ledger(uow, variance_location_id=uow.next_id()),
        answer_type=type(None),
    )
    shop = Shop(company, catalogs, Records(company=company, catalogs=catalogs))
    for name in ("pcs", "box", "kg"):
        shop.ids[name] = shop.create("unit", {"name": name, "number": name}).record_id
    for kind in ("warehouse", "supplier", "customer", "production", "transit", "scrap"):
        shop.ids[kind] = shop.create("place", {"name": kind, "kind": kind, "number": kind}).record_id
    conversions = [{"unit": {"number": "box"}, "numerator": "144"}]
    for name in ("bolt", "nut", "pin"):
        content = {
            "name": name,
            "spec": f"{name}-8",
            "unit": {"number": "pcs"},
            "conversions": conversions,
            "price": "2",
        }
        shop.ids[name] = shop.create("item", content).record_id
    paint = {"name": "paint", "unit": {"number": "kg"}, "tracking": "lot"}
    shop.ids["paint"] = shop.create("item", paint).record_id
    shop.ids["acme"] = shop.create("partner", {"name": "Acme"}).record_id
    shop.ids["vendor"] = shop.create("partner", {"name": "Vendor", "is_customer": False}).record_id
    return shop


def receipt(shop: Shop, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Return the content of a goods receipt."""
    content: dict[str, Any] = {
        "supplier": str(shop.ids["vendor"]), "warehouse": str(shop.ids["warehouse"]), "lines": list(lines),
    }  # fmt: skip
    return {**content, **header}


def line(shop: Shop, item: str, quantity: str, price: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a row."""
    made: dict[str, Any] = {"item": str(shop.ids[item]), "quantity": quantity, **more}
    return made if price is None else {**made, "price": price}


def order(shop: Shop, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Return the content of a sales order."""
    return {"customer": str(shop.ids["acme"]), "lines": list(lines), **header}
