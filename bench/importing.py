# ruff: noqa: E501  YAML reads best a field a line
"""Import of 10,000 items from Excel, the same file again as an upsert, and the export of 100,000 items."""

import io
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Self
from zoneinfo import ZoneInfo

import xlsxwriter

from bench.company import Place, make_company, opened
from bench.measuring import Measurement, figure
from zhangshi.definitions.loading import load_text
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.plan import Candidate
from zhangshi.definitions.service.publish import publish_now
from zhangshi.definitions.service.revisions import current_revision, read_objects, to_objects
from zhangshi.identity.model import Person
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records.exporting.service import Exporter, ExportRequest, Format
from zhangshi.records.importing.model import ImportAnswer, ImportRequest, Mode
from zhangshi.records.importing.service import Importer
from zhangshi.records.importing.sheet import read_sheet
from zhangshi.records.model import Caller, Record, Value
from zhangshi.records.reader import RecordReader
from zhangshi.records.service.records import Records
from zhangshi.records.service.writes import Writes

_DEFINITIONS = (
    """
schema: 1
entity: unit
kind: master
label: {zh: 单位, en: Unit}
title: name
fields: {name: {type: text, required: true}}
""",
    """
schema: 1
entity: category
kind: master
label: {zh: 类别, en: Category}
title: name
fields: {name: {type: text, required: true}}
""",
    """
schema: 1
entity: item
kind: master
label: {zh: 物料, en: Item}
title: name
number_rule: {parts: [{const: I}, {counter: {width: 6}}], manual: true}
search: [number, name, spec]
fields:
  name: {type: text, required: true, label: {zh: 名称, en: Name}}
  spec: {type: text, label: {zh: 规格, en: Spec}}
  category: {type: link, to: category, required: true, label: {zh: 类别, en: Category}}
  unit: {type: link, to: unit, required: true, label: {zh: 单位, en: Unit}}
  barcode: {type: barcode, unique: true, label: {zh: 条码, en: Barcode}}
  source: {type: select, options: [{value: make, label: {zh: 自制, en: Made}}, {value: buy, label: {zh: 外购, en: Bought}}], default: buy, label: {zh: 来源, en: Source}}
  safety: {type: quantity, min: 0, label: {zh: 安全库存, en: Safety stock}}
  price: {type: price, min: 0, label: {zh: 参考价, en: Price}}
  lead_days: {type: int, label: {zh: 提前期, en: Lead days}}
  since: {type: date, label: {zh: 启用日, en: Since}}
  active: {type: bool, default: true, label: {zh: 在用, en: Active}}
  worth: {type: money, formula: "ROUND(safety * price, 2)", label: {zh: 备货金额, en: Worth}}
constraints:
  - {when: "source = 'buy' and lead_days > 300", field: lead_days, message: {zh: 太久, en: Too long}}
plays: [{role: ledger_item, map: {unit: unit}}]
""",
)
_TITLES = ("编号", "名称*", "规格", "类别*", "单位*", "条码", "来源", "安全库存", "参考价", "提前期", "启用日", "在用")
_OWNER = Caller(Person(user_id=1, login="bench", name="Bench", roles=frozenset({"owner"})))
_MODES: tuple[Mode, ...] = ("insert", "upsert")
_SECONDS_MAX = 30.0
_MEMORY_MAX_MB = 60.0


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield the figures of one database."""
    imported, exported = (1_000, 3_000) if quick else (10_000, 100_000)
    with opened(make_company(place, "importing")) as company:
        catalogs = _published(company)
        records = Records(company=company, catalogs=catalogs)
        _linked(records)
        importer = Importer(records=records)
        data = _workbook(imported)
        promise = None if quick else _SECONDS_MAX
        for number, mode in enumerate(_MODES, start=1):
            seconds, answer = _import(importer, data, mode, number)
            what = f"import {imported:,} items" if mode == "insert" else f"the same {imported:,} again, nothing changed"
            assert answer.inserted + answer.unchanged == imported
            yield figure(what, place.name, seconds, "s", value_max=promise)
        seconds, answer = _import(importer, _workbook(imported, price="7.77"), "update", 3)
        assert answer.updated == imported
        yield figure(f"update {imported:,} items", place.name, seconds, "s")
        _fill(company, catalogs, exported - imported)
        reader = RecordReader(company=company, catalogs=catalogs, zone=ZoneInfo("Asia/Shanghai"))
        exporter = Exporter(company=company, reader=reader, zone=ZoneInfo("Asia/Shanghai"))
        for form in ("csv", "xlsx"):
            yield from _exports(place, exporter, form, exported, quick=quick)


def _published(company: Company) -> Catalogs:
    catalogs = Catalogs()
    objects = to_objects([load_text(text) for text in _DEFINITIONS])

    def work(uow: UnitOfWork) -> int:
        base = current_revision(uow.session)
        candidate = Candidate(base=base, objects={**read_objects(uow.session, base), **objects}, note="bench")
        return publish_now(uow, catalogs, candidate).revision

    company.write(Request("bench", "publish", None), work, answer_type=int)
    return catalogs


def _linked(records: Records) -> None:
    for number in range(40):
        content = {"number": f"C{number:02d}", "name": f"类别{number}"}
        records.create(_OWNER, key=f"c{number}", entity="category", content=content)
    for unit, name in (("PCS", "个"), ("KG", "公斤"), ("M", "米")):
        records.create(_OWNER, key=f"u{unit}", entity="unit", content={"number": unit, "name": name})


def _workbook(count: int, price: str = "") -> bytes:
    noise = Random(1)
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"constant_memory": True}) as book:
        table = book.add_worksheet()
        table.write_row(0, 0, _TITLES)
        for row in range(1, count + 1):
            number = f"JX-{row:06d}"
            cells: list[object] = [
                number, f"六角螺栓 M{noise.randint(3, 30)}×{row}", f"GB/T 5782 {noise.choice('ABC')}级", f"C{row % 40:02d}",
                noise.choice(("PCS", "公斤", "M")), f"69{row:011d}", noise.choice(("自制", "外购")), noise.randint(0, 5000),
                float(price) if price else noise.randint(1, 9999) / 100, noise.randint(1, 90), "2026-01-31", "是",
            ]  # fmt: skip
            table.write_row(row, 0, cells)
    return output.getvalue()


def _import(importer: Importer, data: bytes, mode: Mode, import_id: int) -> tuple[float, ImportAnswer]:
    began = time.perf_counter()
    sheet = read_sheet(data, name="items.xlsx")
    outcome = importer.run(_OWNER, ImportRequest(entity="item", mode=mode), sheet, import_id=import_id)
    seconds = time.perf_counter() - began
    assert outcome.answer.written, outcome.answer.problems[:3]
    return seconds, outcome.answer


def _fill(company: Company, catalogs: Catalogs, count: int) -> None:
    """Put further items straight into the table: only the export is measured with them."""
    for start in range(0, count, 5_000):

        def work(uow: UnitOfWork, start: int = start) -> None:
            entity = catalogs.current(uow.session).entities["item"]
            writes = Writes()
            links = {key: _first(uow, key) for key in ("category", "unit")}
            for number in range(start, min(start + 5_000, count)):
                values: dict[str, Value] = {
                    "created_at": uow.now, "created_by": 1, "updated_at": uow.now, "updated_by": 1, "owner": 1,
                    "department": None, "name": f"螺母 {number}", "spec": "GB/T 6170", "source": "buy", "active": True, **links,
                }  # fmt: skip
                writes.create(entity, Record("item", uow.next_id(), 1, f"X-{number:06d}", "", values))
            writes.flush(uow.session)

        company.write(Request("bench", f"fill-{start}", None), work, answer_type=type(None))


def _first(uow: UnitOfWork, entity: str) -> int:
    return int(uow.session.core.exec_driver_sql(f"SELECT MIN(record_id) FROM d_{entity}").scalar_one())


def _exports(place: Place, exporter: Exporter, form: Format, count: int, *, quick: bool) -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        before = _resident_mb()
        with _Peak() as peak:
            began = time.perf_counter()
            answer = exporter.to_file(_OWNER, ExportRequest(entity="item", format=form), Path(folder, "export"))
            seconds = time.perf_counter() - began
        assert answer.records == count
    yield figure(f"export {count:,} items as {form}", place.name, seconds, "s")
    promise = None if quick else _MEMORY_MAX_MB
    yield figure(f"memory added by the export as {form}", place.name, max(peak.mb - before, 0), "MB", value_max=promise)


class _Peak:
    """Watches how much memory the process holds while the block runs."""

    def __init__(self) -> None:
        self.mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.mb = max(self.mb, _resident_mb())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6
