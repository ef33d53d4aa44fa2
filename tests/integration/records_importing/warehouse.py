# ruff: noqa: E501  YAML reads best a field a line
"""A small company to import into: units, categories, items with every kind of check, orders with lines."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from tests.definitions import install
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.identity.model import Person, Profile
from zhangshi.identity.service.departments import create_department
from zhangshi.identity.service.passwords import HashedPassword
from zhangshi.identity.service.users import create_user
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records.exporting.service import Exporter
from zhangshi.records.importing.model import ImportOutcome, ImportRequest
from zhangshi.records.importing.service import Importer
from zhangshi.records.importing.sheet import read_sheet
from zhangshi.records.model import Caller
from zhangshi.records.reader import RecordReader
from zhangshi.records.service.records import Records

UNIT = """
schema: 1
entity: unit
kind: master
label: {zh: 单位, en: Unit}
title: name
fields:
  name: {type: text, required: true}
"""
CATEGORY = """
schema: 1
entity: category
kind: master
label: {zh: 类别, en: Category}
title: name
fields:
  name: {type: text, required: true}
  usable: {type: bool, default: true, label: {zh: 可选, en: Usable}}
"""
ITEM = """
schema: 1
entity: item
kind: master
label: {zh: 物料, en: Item}
title: name
number_rule: {parts: [{const: AUTO}, {counter: {width: 5}}], manual: true}
number_label: {zh: 物料编码, en: Item code}
search: [number, name, spec]
unique: [[name, spec]]
fields:
  name: {type: text, required: true, length: 40, label: {zh: 名称, en: Name}}
  spec: {type: text, label: {zh: 规格, en: Spec}}
  category: {type: link, to: category, required: true, filter: usable, label: {zh: 类别, en: Category}}
  unit: {type: link, to: unit, required: true, label: {zh: 单位, en: Unit}}
  barcode: {type: barcode, unique: true, pattern: "[0-9]{8,14}", label: {zh: 条码, en: Barcode}}
  source: {type: select, options: [{value: make, label: {zh: 自制, en: Made}}, {value: buy, label: {zh: 外购, en: Bought}}, {value: old, label: {zh: 停用的, en: Old}, retired: true}], default: buy, label: {zh: 来源, en: Source}}
  colours: {type: multi_select, options: [{value: red, label: {zh: 红, en: Red}}, {value: blue, label: {zh: 蓝, en: Blue}}], label: {zh: 颜色, en: Colours}}
  safety: {type: quantity, min: 0, label: {zh: 安全库存, en: Safety stock}}
  price: {type: price, min: 0, max: 100000, label: {zh: 参考价, en: Price}}
  rate: {type: decimal, scale: 4, max: 1, label: {zh: 税率, en: Rate}}
  lead_days: {type: int, min: 0, max: 365, label: {zh: 提前期, en: Lead days}}
  since: {type: date, label: {zh: 启用日, en: Since}}
  checked_at: {type: datetime, label: {zh: 核对时间, en: Checked at}}
  active: {type: bool, default: true, label: {zh: 在用, en: Active}}
  keeper: {type: user, label: {zh: 保管员, en: Keeper}}
  shop: {type: department, label: {zh: 车间, en: Shop}}
  worth: {type: money, formula: "ROUND(safety * price, 2)", label: {zh: 备货金额, en: Worth}}
constraints:
  - {when: "source = 'make' and lead_days > 100", field: lead_days, message: {zh: 自制件的提前期不能超过 100 天, en: Made items take at most 100 days}}
"""
ORDER = """
schema: 1
entity: sales_order
kind: document
label: {zh: 销售订单, en: Sales order}
number_rule: {parts: [{const: SO}, {counter: {width: 5}}], manual: true}
fields:
  customer_name: {type: text, required: true, label: {zh: 客户, en: Customer}}
  ordered_on: {type: date, required: true, default: {formula: TODAY()}, label: {zh: 日期, en: Date}}
  amount: {type: money, formula: SUM(lines.amount), label: {zh: 金额, en: Amount}}
lines:
  item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
  unit: {type: link, to: unit, lookup: item.unit, required: true, label: {zh: 单位, en: Unit}}
  quantity: {type: quantity, required: true, label: {zh: 数量, en: Quantity}}
  price: {type: price, label: {zh: 单价, en: Price}}
  amount: {type: money, formula: "ROUND(quantity * price, 2)", label: {zh: 金额, en: Amount}}
constraints:
  - {when: quantity <= 0, field: quantity, message: {zh: 数量必须大于零, en: Quantity must be above zero}}
lifecycle:
  states: [draft, confirmed]
  transitions:
    confirm: {from: draft, to: confirmed}
    unconfirm: {from: confirmed, to: draft}
"""
CLERK = """
schema: 1
role: clerk
label: {zh: 文员, en: Clerk}
grants:
  unit: {}
  category: {}
  item: {actions: [read, create, edit, import, export], fields: {price: none, safety: read}}
"""
PORTER = """
schema: 1
role: porter
label: {zh: 搬运, en: Porter}
grants:
  unit: {}
  category: {fields: {name: none}}
  item: {actions: [read, create, edit, import], rows: "owner = USER()"}
"""
DEFINITIONS = (PORTER, UNIT, CATEGORY, ITEM, ORDER, CLERK)
ZONE = ZoneInfo("Asia/Shanghai")
OWNER = Person(user_id=1, login="boss", name="Boss", roles=frozenset({"owner"}))
PORTER_PERSON = Person(user_id=3, login="porter", name="Porter", roles=frozenset({"porter"}))
CLERK_PERSON = Person(user_id=2, login="clerk", name="Clerk", roles=frozenset({"clerk"}))


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook with these cells, as Excel would keep them."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        table = book.add_worksheet()
        for number, cells in enumerate(rows):
            for index, cell in enumerate(cells):
                if isinstance(cell, str):
                    table.write_string(number, index, cell)
                elif cell is not None:
                    table.write_number(number, index, cell)
    return output.getvalue()


def marked_cells(data: bytes, *, comments: bool = True) -> set[str]:
    """Return the cells of the first sheet that are coloured as wrong, which must be those with a comment."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
        notes = archive.read("xl/comments1.xml").decode() if comments else ""
    fills = re.findall(r"<fill>(.*?)</fill>", styles)
    formats = re.findall(r"<xf [^>]*fillId=\"(\d+)\"", styles.partition("<cellXfs")[2])
    bad = {str(index) for index, fill in enumerate(formats) if "FFC7CE" in fills[int(fill)]}
    coloured = {cell for cell, style in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', sheet) if style in bad}
    assert not comments or coloured == set(re.findall(r'<comment ref="([A-Z]+\d+)"', notes))
    return coloured


@dataclass
class Warehouse:
    """The company with its services."""

    company: Company
    catalogs: Catalogs
    records: Records
    importer: Importer
    exporter: Exporter
    reader: RecordReader
    ids: dict[str, int] = field(default_factory=dict)

    def create(self, entity: str, **content: object) -> int:
        """Create a record as the owner; return its id."""
        key = f"create-{self.company.ids.next_id()}"
        return self.records.create(Caller(OWNER), key=key, entity=entity, content=content).record_id

    def write(self, work: Any, answer_type: Any) -> Any:
        """Run `work` in a unit of work."""
        return self.company.write(
            Request("test", f"w{self.company.ids.next_id()}", None), work, answer_type=answer_type
        )

    def run(self, data: bytes, request: ImportRequest, *, person: Person = OWNER, import_id: int = 0) -> ImportOutcome:
        """Import a file."""
        sheet = read_sheet(data, name="a.xlsx")
        return self.importer.run(
            Caller(person), request, sheet, import_id=import_id or self.company.ids.next_id(), name="a.xlsx"
        )

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with self.company.read() as session:
            return session.query(Statement(text))

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self.rows(f"SELECT COUNT(*) FROM {table}")[0][0])

    def item(self, number: str) -> Mapping[str, Any]:
        """Return an item as its owner sees it."""
        (found,) = self.rows(f"SELECT record_id FROM d_item WHERE number = '{number}'")
        return self.reader.get(Caller(OWNER), "item", found[0])


def open_warehouse(company: Company) -> Warehouse:
    """Publish the definitions and put in what items link to."""
    catalogs = install(company, DEFINITIONS)
    records = Records(company=company, catalogs=catalogs)
    reader = RecordReader(company=company, catalogs=catalogs, zone=ZONE)
    exporter = Exporter(company=company, reader=reader, zone=ZONE)
    found = Warehouse(company, catalogs, records, Importer(records=records), exporter, reader)
    for number, name in (("PCS", "个"), ("KG", "公斤")):
        found.ids[number] = found.create("unit", number=number, name=name)
    for number, name, usable in (
        ("C1", "标准件", True),
        ("C2", "型材", True),
        ("C3", "双名", True),
        ("C4", "双名", True),
        ("C9", "封存", False),
    ):
        found.ids[number] = found.create("category", number=number, name=name, usable=usable)
    found.write(partial(_person, login="li", name="李明"), int)
    found.write(partial(_department, code="D01", name="机加工"), int)
    return found


def _person(uow: UnitOfWork, *, login: str, name: str) -> int:
    made = create_user(uow, by=None, login=login, profile=Profile(name), password=HashedPassword("x"), roles=())
    return made.subject_id


def _department(uow: UnitOfWork, *, code: str, name: str) -> int:
    return create_department(uow, by=None, code=code, name=name)
