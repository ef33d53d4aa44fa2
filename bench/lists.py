"""What a list, a search and an export cost at 100,000 documents and 100,000 items."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from bench.company import Place, open_at
from bench.measuring import Measurement, figure, medians
from tests.definitions import install
from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.identity.model import Person
from zhangshi.platform.migrate import migrate
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records._store import facts
from zhangshi.records.model import Caller, Record, Row
from zhangshi.records.query import ListQuery
from zhangshi.records.reader import RecordReader
from zhangshi.records.searching import search_text
from zhangshi.records.service.writes import Writes

SIZE = 100_000
QUICK_SIZE = 2_000
PARTNERS = 100
_CHUNK = 5_000
_FIRST_DAY = date(2024, 1, 1)
_NAMES = [
    "不锈钢",
    "六角",
    "螺栓",
    "弹簧",
    "垫圈",
    "铝合金",
    "外壳",
    "轴承",
    "齿轮",
    "法兰",
    "密封圈",
    "电机",
    "支架",
    "销钉",
]
_DEFINITIONS = (
    """
schema: 1
entity: partner
kind: master
label: {zh: 往来单位, en: Partner}
title: name
fields: {name: {type: text, label: {zh: 名称, en: Name}}, phone: {type: text, label: {zh: 电话, en: Phone}}}
""",
    """
schema: 1
entity: item
kind: master
label: {zh: 物料, en: Item}
title: name
search: [number, name, spec]
fields: {name: {type: text, label: {zh: 名称, en: Name}}, spec: {type: text, label: {zh: 规格, en: Spec}}}
""",
    """
schema: 1
entity: sales_order
kind: document
label: {zh: 销售订单, en: Sales order}
date_field: ordered_on
search: [number]
fields:
  customer: {type: link, to: partner, label: {zh: 客户, en: Customer}}
  ordered_on: {type: date, label: {zh: 日期, en: Date}}
  due_on: {type: date, label: {zh: 交期, en: Due}}
  kind:
    type: select
    label: {zh: 类型, en: Kind}
    options: [{value: normal, label: {zh: 普通, en: Normal}}, {value: urgent, label: {zh: 加急, en: Urgent}}]
  amount: {type: money, label: {zh: 金额, en: Amount}}
  tax: {type: money, label: {zh: 税额, en: Tax}}
  remark: {type: text, label: {zh: 备注, en: Remark}}
  seller: {type: user, label: {zh: 业务员, en: Seller}}
lines:
  item: {type: link, to: item, label: {zh: 物料, en: Item}}
  quantity: {type: quantity, label: {zh: 数量, en: Quantity}}
lifecycle:
  states: [draft, confirmed, cancelled]
  transitions: {confirm: {from: draft, to: confirmed}, cancel: {from: [draft, confirmed], to: cancelled}}
""",
    """
schema: 1
role: seller
label: {zh: 销售, en: Seller}
grants:
  sales_order: {actions: [read, export], rows: "owner = USER()", fields: {tax: none}}
  partner: {actions: [read], fields: {phone: mask}}
  item: {actions: [read], rows: "spec <> ''"}
""",
)
_OWNER = Caller(Person(user_id=1, login="boss", name="Boss", roles=frozenset({"owner"})))
_SELLER = Caller(Person(user_id=2, login="li", name="Li", roles=frozenset({"seller"})))
_FIELDS = ("number", "ordered_on", "due_on", "customer", "kind", "amount", "tax", "remark", "seller", "created_at")


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield the figures of one database."""
    size = QUICK_SIZE if quick else SIZE
    url, schema = place.address("lists")
    migrate(url=url, schema=schema)
    with closing(open_at(url, schema)) as company:
        catalogs = install(company, _DEFINITIONS)
        _fill(company, catalogs, size)
        if place.server_url:
            with psycopg.connect(place.server_url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        reader = RecordReader(company=company, catalogs=catalogs, zone=ZoneInfo("Asia/Shanghai"))
        yield from _lists(place, reader, size)
        yield from _searches(place, reader, size)


def _fill(company: Company, catalogs: Catalogs, size: int) -> None:
    chance = Random(1)
    with company.read() as session:
        catalog = catalogs.current(session)
    partners = [
        _record(catalog, "partner", n + 1, {"name": f"温州{n}机械", "phone": "1380000"}) for n in range(PARTNERS)
    ]
    _write(company, catalog, partners)
    for first in range(0, size, _CHUNK):
        some = range(first, min(first + _CHUNK, size))
        _write(company, catalog, [_item(catalog, chance, n) for n in some])
    for first in range(0, size, _CHUNK):
        some = range(first, min(first + _CHUNK, size))
        _write(company, catalog, [_order(catalog, chance, n) for n in some])


def _item(catalog: Catalog, chance: Random, n: int) -> Record:
    name = "".join(chance.choices(_NAMES, k=3))
    return _record(catalog, "item", 1_000_000 + n, {"name": name, "spec": f"M{n % 40}×{n % 200} 304"})


def _order(catalog: Catalog, chance: Random, n: int) -> Record:
    record = _record(catalog, "sales_order", 2_000_000 + 2 * n, {
        "customer": 1 + n % PARTNERS, "ordered_on": _FIRST_DAY + timedelta(days=n * 900 // SIZE),
        "due_on": None if n % 7 == 0 else _FIRST_DAY + timedelta(days=chance.randrange(900)),
        "kind": chance.choice(["normal", "urgent"]), "amount": Decimal(chance.randrange(10**8)) / 100,
        "tax": Decimal("1.25"), "remark": "按图加工", "seller": None,
    })  # fmt: skip
    record.state = chance.choice(["draft", "confirmed", "confirmed"])
    record.values["owner"] = 1 + n % 3
    record.tables["lines"] = [Row(2_000_001 + 2 * n, {"item": 1_000_000 + n, "quantity": Decimal(n % 100)})]
    return record


def _record(catalog: Catalog, entity: str, record_id: int, values: dict[str, Any]) -> Record:
    now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=record_id)
    system: dict[str, Any] = {
        "created_at": now,
        "created_by": 1,
        "updated_at": now,
        "updated_by": 1,
        "owner": 1,
        "department": None,
    }
    state = "draft" if catalog.entities[entity].lifecycle else ""
    number = f"{entity[:2].upper()}-{record_id % 1_000_000:06d}"
    return Record(entity, record_id, 1, number, state, {**values, **system}, {})


def _write(company: Company, catalog: Catalog, records: Sequence[Record]) -> None:
    def work(uow: UnitOfWork) -> int:
        writes = Writes()
        for record in records:
            entity = catalog.entities[record.entity]
            writes.create(entity, record)
            texts = {"number": record.number} | {key: str(record.values.get(key) or "") for key in ("name", "spec")}
            writes.add(facts.SAVE_SEARCH, (record.entity, record.id, search_text(entity, texts)))
        writes.flush(uow.session)
        return len(records)

    company.write(Request("bench", f"fill-{records[0].entity}-{records[0].id}", 0), work, answer_type=int)


def _lists(place: Place, reader: RecordReader, size: int) -> Iterator[Measurement]:
    page = partial(ListQuery, limit=100, fields=_FIELDS)
    deep = _cursor(
        reader, ListQuery(limit=500, fields=("number",), sort=("-ordered_on",)), pages=20 if size == SIZE else 2
    )
    asked: dict[str, tuple[Caller, ListQuery]] = {
        "newest": (_OWNER, page()),
        "by date": (_OWNER, page(sort=("-ordered_on",))),
        "by date, far behind": (_OWNER, page(sort=("-ordered_on",), cursor=deep)),
        "by state and date": (_OWNER, page(filter="state = 'draft'", sort=("-ordered_on",))),
        "of a customer": (_OWNER, page(filter="customer.number = 'PA-000007'", sort=("-ordered_on",))),
        "a seller's own": (_SELLER, page(sort=("-ordered_on",))),
        "by a date that may be empty": (_OWNER, page(sort=("due_on",))),
    }
    for name, (caller, query) in asked.items():
        work = partial(reader.list, caller, "sales_order", query)
        assert len(reader.list(caller, "sales_order", query).rows) == min(
            100, size // PARTNERS if "customer" in name else 100
        )
        promise = 5.0 if name in {"newest", "by date", "by date, far behind", "a seller's own"} else None
        yield figure(f"list page of 100: {name}", place.name, _milliseconds(work), "ms", value_max=promise)
    totals = ListQuery(limit=1, fields=("number",), totals=("amount",), count=True)
    yield figure(
        "list with totals", place.name, _milliseconds(partial(reader.list, _OWNER, "sales_order", totals)), "ms"
    )
    groups = ListQuery(limit=1, fields=("number",), totals=("amount",), group=("ordered_on:month", "kind"))
    yield figure(
        "list with groups", place.name, _milliseconds(partial(reader.list, _OWNER, "sales_order", groups)), "ms"
    )

    def export() -> None:
        assert sum(1 for _ in reader.stream(_OWNER, "sales_order", ListQuery(fields=_FIELDS))) == size

    yield figure(f"stream of {size:,} documents", place.name, medians([export], rounds=1)[0], "s")


def _cursor(reader: RecordReader, query: ListQuery, *, pages: int) -> str:
    cursor = ""
    for _ in range(pages):
        cursor = reader.list(_OWNER, "sales_order", ListQuery(
            limit=query.limit, fields=query.fields, sort=query.sort, cursor=cursor
        )).next_cursor  # fmt: skip
    return cursor


def _searches(place: Place, reader: RecordReader, size: int) -> Iterator[Measurement]:
    for name, text in (
        ("by number", f"it-{size // 2:06d}"), ("by name and spec", "六角螺栓 m8"), ("by initials", "ljls m8"),
        ("of what all have", "it 304"), ("of what none has", "zzzz"),
    ):  # fmt: skip
        work = partial(reader.search, _OWNER, text, entities=["item"])
        assert bool(work()) == (name != "of what none has")
        promise = None if name == "of what all have" else 60.0
        yield figure(f"search of {size:,} items {name}", place.name, _milliseconds(work), "ms", value_max=promise)
    work = partial(reader.search, _SELLER, "六角螺栓 m8", entities=["item"])
    assert work()
    yield figure("the same by somebody with a row scope", place.name, _milliseconds(work), "ms")


def _milliseconds(work: Callable[[], object]) -> float:
    return medians([work], rounds=15, warm_up=3)[0] * 1e3
