"""Exports show what a person may see, stream from one snapshot, and leave nothing behind."""

import io
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.integration.records_importing.warehouse import (
    CLERK_PERSON,
    OWNER,
    Warehouse,
    marked_cells,
    open_warehouse,
    workbook,
)
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import Person
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.exporting.service import ExportRequest
from zhangshi.records.importing.model import ImportRequest
from zhangshi.records.importing.sheet import Sheet, read_sheet
from zhangshi.records.importing.template import template
from zhangshi.records.model import Caller

ITEMS = [
    ["物料编码", "名称", "规格", "类别", "单位", "安全库存", "参考价", "启用日", "核对时间", "保管员"],
    ["A", "=1+2", "-", "C1", "PCS", "1.5", "3.25", "2026-01-31", "2026-01-31 08:30", "li"],
    ["B", "乙", "", "C2", "公斤", "", "99999.123456", "", "", ""],
]


@pytest.fixture
def warehouse(company: Company) -> Warehouse:
    found = open_warehouse(company)
    assert found.run(workbook(ITEMS), ImportRequest(entity="item")).answer.written
    return found


def exported(warehouse: Warehouse, person: Person = OWNER, **asked: Any) -> Sheet:
    answer, chunks = warehouse.exporter.chunks(Caller(person), ExportRequest(**{"entity": "item", **asked}))
    data = b"".join(chunks)
    assert answer.size == len(data)
    return read_sheet(data, name=answer.name)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_file_holds_what_the_records_hold(warehouse: Warehouse, form: str) -> None:
    columns = (
        "number",
        "name",
        "spec",
        "category",
        "safety",
        "price",
        "since",
        "checked_at",
        "keeper",
        "active",
        "worth",
    )
    sheet = exported(warehouse, format=form, columns=columns, sort=("number",))
    assert sheet.header[:5] == ("物料编码", "名称", "规格", "类别", "类别·名称")
    assert [cells for _, cells in sheet.rows] == [
        (
            "A",
            "=1+2",
            "-",
            "C1",
            "标准件",
            "1.5",
            "3.25",
            "2026-01-31",
            "2026-01-31 08:30:00",
            "li",
            "李明",
            "是",
            "4.88",
        ),
        ("B", "乙", "", "C2", "型材", "", "99999.123456", "", "", "", "", "是", "0"),
    ]


def test_titles_and_labels_speak_the_reader_s_language(warehouse: Warehouse) -> None:
    person = replace(OWNER, language="en")
    sheet = exported(warehouse, person, columns=("number", "source", "active"), filter="number = 'A'")
    assert sheet.header == ("Item code", "Source", "Active")
    assert [cells for _, cells in sheet.rows] == [("A", "Bought", "yes")]


def test_what_is_hidden_is_empty_and_what_may_not_be_exported_is_refused(warehouse: Warehouse) -> None:
    sheet = exported(warehouse, CLERK_PERSON, columns=("number", "price", "safety", "category"))
    assert [cells[:3] for _, cells in sheet.rows] == [("A", "", "1.5"), ("B", "", "")]
    with pytest.raises(ZhangshiError) as refused:
        exported(warehouse, CLERK_PERSON, entity="category")
    assert refused.value.code == "records.forbidden"
    with pytest.raises(ZhangshiError) as unknown:
        exported(warehouse, entity="colour")
    assert unknown.value.code == "records.unknown_entity"


def test_a_hidden_price_cannot_be_found_by_filtering_or_sorting(warehouse: Warehouse) -> None:
    for asked in ({"filter": "price > 5"}, {"sort": ("price",)}):
        with pytest.raises(ZhangshiError):
            exported(warehouse, CLERK_PERSON, columns=("number",), **asked)


def test_the_file_behind_an_answer_goes_with_it(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    _, chunks = warehouse.exporter.chunks(Caller(OWNER), ExportRequest(entity="item"))
    next(chunks)
    assert list(folder.iterdir())
    chunks.close()  # type: ignore[attr-defined]  # a generator: the reader went away
    with pytest.raises(ZhangshiError):
        warehouse.exporter.chunks(Caller(OWNER), ExportRequest(entity="item", columns=("colour",)))
    assert list(folder.iterdir()) == []


def test_a_template_asks_for_what_the_person_may_write_and_comes_in_when_filled(warehouse: Warehouse) -> None:
    with warehouse.company.read() as session:
        catalog = warehouse.catalogs.current(session)
        content = template(catalog, Caller(CLERK_PERSON), "item")
        with pytest.raises(ZhangshiError):
            template(catalog, Caller(CLERK_PERSON), "category")
        titles = _titles(content)
        assert len(_titles(template(catalog, Caller(OWNER), "item"))) == len(titles) + 2
    assert {"名称*", "类别*", "物料编码"} <= set(titles)
    assert not {"参考价", "安全库存", "备货金额"} & set(titles)
    filled = [titles, ["Z" if title == "物料编码" else _filled(title) for title in titles]]
    outcome = warehouse.run(workbook(filled), ImportRequest(entity="item"), person=CLERK_PERSON)
    assert outcome.answer.problems == ()
    assert outcome.answer.inserted == 1


def _titles(content: bytes) -> list[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first, second = (book.get_sheet_by_index(number).to_python() for number in (0, 1))
    assert [row[0] for row in second[1:]] == first[0], "every column is explained"
    return [str(one) for one in first[0]]


def _filled(title: str) -> str:
    return {"名称*": "新", "类别*": "C1", "单位*": "个"}.get(title, "")


def test_a_large_sheet_is_marked_without_comments(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhangshi.records.importing.marking._CELLS_WITH_COMMENTS_MAX", 3)
    bad = [ITEMS[0], ["C", "丙", "", "C7", "PCS", "x", "", "", "", ""]]
    outcome = warehouse.run(workbook(bad), ImportRequest(entity="item"))
    assert outcome.marked is not None
    assert marked_cells(outcome.marked, comments=False) == {"D2", "F2"}
