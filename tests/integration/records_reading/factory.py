"""A small trading company for the read side: its definitions, and records written straight into the tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.definitions import install
from zhangshi.definitions.catalog import HEADER, Catalog
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.identity.model import Person
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records._store import facts, linking
from zhangshi.records.model import Caller, Record, Row, Value
from zhangshi.records.reader import RecordReader
from zhangshi.records.searching import search_paths, search_text
from zhangshi.records.service.writes import Writes

ZONE = ZoneInfo("Asia/Shanghai")

PARTNER = """
schema: 1
entity: partner
kind: master
label: {zh: 往来单位, en: Partner}
title: name
search: [number, name, phone]
number_rule: {parts: [{const: P}, {counter: {width: 4}}]}
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
  phone: {type: text, label: {zh: 电话, en: Phone}, mask: last4}
  credit: {type: money, label: {zh: 信用额度, en: Credit}}
"""
ITEM = """
schema: 1
entity: item
kind: master
label: {zh: 物料, en: Item}
title: name
search: [number, name, spec]
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
  spec: {type: text, label: {zh: 规格, en: Spec}}
  cost: {type: price, label: {zh: 成本, en: Cost}}
"""
ORDER = """
schema: 1
entity: sales_order
kind: document
label: {zh: 销售订单, en: Sales order}
number_rule: {parts: [{const: SO}, {counter: {width: 6}}]}
date_field: ordered_on
search: [number, remark, customer.name]
fields:
  customer: {type: link, to: partner, label: {zh: 客户, en: Customer}}
  customer_phone: {type: text, lookup: customer.phone, live: true, label: {zh: 客户电话, en: Customer phone}}
  ordered_on: {type: date, label: {zh: 日期, en: Date}}
  kind:
    type: select
    options: [{value: normal, label: {zh: 普通, en: Normal}}, {value: urgent, label: {zh: 加急, en: Urgent}}]
    label: {zh: 类型, en: Kind}
  rate: {type: decimal, scale: 4, label: {zh: 折扣, en: Rate}}
  amount: {type: money, label: {zh: 金额, en: Amount}}
  urgent_amount: {type: money, formula: "IF(kind = 'urgent', amount, 0)", max: "1", label: {zh: 加急金额, en: Urgent}}
  doubled: {type: money, formula: "amount * 2", stored: false, label: {zh: 两倍, en: Doubled}}
  paid: {type: bool, label: {zh: 已付, en: Paid}}
  seller: {type: user, label: {zh: 业务员, en: Seller}}
  remark: {type: text, label: {zh: 备注, en: Remark}}
  tags:
    type: multi_select
    options: [{value: a, label: {zh: 甲, en: A}}, {value: b, label: {zh: 乙, en: B}}]
    label: {zh: 标签, en: Tags}
  delivered:
    type: quantity
    rollup: {from: delivery, match: sales_order, of: total, states: [posted]}
    label: {zh: 已发, en: Delivered}
lines:
  item: {type: link, to: item, label: {zh: 物料, en: Item}}
  quantity: {type: quantity, label: {zh: 数量, en: Quantity}}
  price: {type: price, label: {zh: 单价, en: Price}}
  note: {type: text, label: {zh: 说明, en: Note}}
lifecycle:
  states: [draft, confirmed, cancelled]
  transitions:
    confirm: {from: draft, to: confirmed}
    cancel: {from: [draft, confirmed], to: cancelled}
"""
DELIVERY = """
schema: 1
entity: delivery
kind: document
label: {zh: 出库单, en: Delivery}
fields:
  sales_order: {type: link, to: sales_order, label: {zh: 订单, en: Order}}
  total: {type: quantity, label: {zh: 合计, en: Total}}
lines:
  item: {type: link, to: item, label: {zh: 物料, en: Item}}
  quantity: {type: quantity, label: {zh: 数量, en: Quantity}}
lifecycle:
  states: [draft, posted, cancelled]
  transitions:
    post: {from: draft, to: posted}
    unpost: {from: posted, to: draft}
    cancel: {from: draft, to: cancelled}
"""
CONVERSION = """
schema: 1
conversion: order_to_delivery
label: {zh: 出库, en: Deliver}
from: sales_order
to: delivery
header: {sales_order: id}
each: lines
into: lines
lines: {item: item}
quantity: {source: quantity, target: quantity}
"""
SHOP = (PARTNER, ITEM, ORDER, DELIVERY, CONVERSION)
OWNER = Person(user_id=1, login="boss", name="Boss", roles=frozenset({"owner"}))


def role(key: str, grants: str) -> str:
    """Return the definition of a role; `grants` is YAML in flow style."""
    return f"schema: 1\nrole: {key}\nlabel: {{zh: {key}, en: {key}}}\ngrants: {grants}\n"


def person(*roles: str, user_id: int = 7, scopes: tuple[str, ...] | None = None) -> Person:
    """Return somebody with these roles."""
    return Person(user_id=user_id, login=f"user{user_id}", name="Somebody", roles=frozenset(roles), scopes=scopes)


@dataclass
class Shop:
    """A company with definitions, a reader, and short ways to put records into it."""

    company: Company
    catalogs: Catalogs
    reader: RecordReader
    _count: int = field(default=0)

    def catalog(self) -> Catalog:
        """Return the definitions that count."""
        with self.company.read() as session:
            return self.catalogs.current(session)

    def write(self, work: Any) -> Any:
        """Run `work` in a unit of work of its own."""
        self._count += 1
        return self.company.write(Request("test", f"w{self._count}", None), work, answer_type=type(None))

    def put(self, entity: str, records: Iterable[Mapping[str, Any]]) -> list[int]:
        """Write records as they are: fields by key, `lines` as lists of rows, `number`, `state`, `owner`, `id`."""
        catalog = self.catalog()
        ids: list[int] = []

        def work(uow: UnitOfWork) -> None:
            ids.clear()
            writes = Writes()
            for one in records:
                made = _record(uow, catalog, entity, dict(one))
                ids.append(made.id)
                writes.create(catalog.entities[entity], made)
                writes.add(facts.SAVE_SEARCH, (entity, made.id, _text(catalog, made)))
            writes.flush(uow.session)

        self.write(work)
        return ids

    def link(self, conversion: str, source: tuple[str, int, int], target: tuple[str, int, int], quantity: int) -> None:
        """Note that a row became a row; `quantity` in millionths."""

        def work(uow: UnitOfWork) -> None:
            row = (uow.next_id(), conversion, *source, *target, quantity)
            uow.session.execute_rows(linking.INSERT_LINKS, [row])

        self.write(work)

    def audit(self, entity: str, record_id: int, action: str, changes: str) -> None:
        """Note an entry of the audit trail; `changes` is JSON."""

        def work(uow: UnitOfWork) -> None:
            row = (uow.next_id(), entity, record_id, action, changes, 1, "boss", "http", uow.now_micros)
            uow.session.execute_rows(facts.INSERT_AUDIT, [row])

        self.write(work)


def open_shop(company: Company, *definitions: str) -> Shop:
    """Publish the shop's definitions and others."""
    catalogs = install(company, [*SHOP, *definitions])
    return Shop(company, catalogs, RecordReader(company=company, catalogs=catalogs, zone=ZONE))


def caller(who: Person) -> Caller:
    """Return the person at the door."""
    return Caller(who)


def _record(uow: UnitOfWork, catalog: Catalog, key: str, given: dict[str, Any]) -> Record:
    entity = catalog.entities[key]
    initial = entity.lifecycle.initial.key if entity.lifecycle else ""
    tables = {
        name: [
            Row(row.get("id") or uow.next_id(), {k: v for k, v in row.items() if k != "id"}) for row in given.pop(name)
        ]
        for name in entity.tables
        if name in given
    }
    record_id = given.pop("id", None) or uow.next_id()
    values: dict[str, Value] = {
        "created_at": uow.now, "created_by": 1, "updated_at": uow.now, "updated_by": 1,
        "owner": given.pop("owner", 1), "department": given.pop("department", None),
    }  # fmt: skip
    number = given.pop("number", f"{key.upper()}-{record_id}")
    state = given.pop("state", initial)
    values.update(given)
    return Record(key, record_id, 1, number, state, values, tables)


def _text(catalog: Catalog, record: Record) -> str:
    entity = catalog.entities[record.entity]
    texts = {"number": record.number}
    for path in search_paths(entity):
        value = record.values.get(path)
        if path in entity.header.fields and value is not None:
            texts[path] = str(value)
    return search_text(entity, texts)


HEADER_TABLE = HEADER
D = Decimal
