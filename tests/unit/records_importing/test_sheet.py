"""A file becomes a table of exact text, whatever program wrote it."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.importing.marking import marked_sheet
from zhangshi.records.importing.problems import CellProblem
from zhangshi.records.importing.sheet import read_sheet


def workbook(rows: list[list[object]]) -> bytes:
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    table = book.add_worksheet()
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, (date, datetime)):
                table.write_datetime(row, column, cell, day)
            else:
                table.write(row, column, cell)
    book.close()
    return output.getvalue()


def test_excel_numbers_are_what_excel_shows() -> None:
    sheet = read_sheet(
        workbook([["编码", "数量", "价格", "日期"], ["00123", 2000, 0.1 + 0.2, date(2026, 1, 31)]]), name="a.xlsx"
    )
    assert sheet.header == ("编码", "数量", "价格", "日期")
    assert sheet.rows == ((2, ("00123", "2000", "0.3", "2026-01-31")),)


def test_big_whole_numbers_keep_their_digits_and_truth_is_a_word() -> None:
    sheet = read_sheet(workbook([["a", "b"], [6901234567892, True]]), name="a.xlsx")
    assert sheet.rows[0][1] == ("6901234567892", "true")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_chinese_programs_is_read(encoding: str, delimiter: str) -> None:
    text = delimiter.join(["物料编号", "名称"]) + "\r\n" + delimiter.join(["JX-001", '"六角螺栓, M8"']) + "\r\n"
    sheet = read_sheet(text.encode(encoding), name="a.csv")
    assert sheet.header == ("物料编号", "名称")
    assert sheet.rows == ((2, ("JX-001", "六角螺栓, M8")),)


def test_empty_rows_are_left_out_and_the_numbers_of_the_others_stay() -> None:
    sheet = read_sheet(b"a,b\n1,2\n,\n3,4\n", name="a.csv")
    assert [number for number, _ in sheet.rows] == [2, 4]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04broken", "import.unreadable"),
        (b"\x00\x01\x02", "import.unreadable"),
        (b"", "import.no_header"),
        (b"a,b\n", "import.empty"),
        (b"a\n" + b"1\n" * 12, "import.too_many_rows"),
    ],
)
def test_what_is_no_table_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        read_sheet(data, name="x", rows_max=10)
    assert refused.value.code == code


def test_a_stray_cell_far_away_does_not_fill_the_memory() -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        table = book.add_worksheet()
        table.write_string(0, 0, "a")
        table.write_string(1_048_575, 16_383, "x")
    with pytest.raises(ZhangshiError) as refused:
        read_sheet(output.getvalue(), name="wide.xlsx")
    assert refused.value.code == "import.unreadable"
    assert "16384 columns" in refused.value.message("en")


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhangshi.records.importing.guarding.UNPACKED_MAX", 8 * 1024 * 1024)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/huge.xml", "w") as entry:
        for _ in range(9):
            entry.write(b"0" * 1024 * 1024)
    assert len(output.getvalue()) < 1_000_000
    with pytest.raises(ZhangshiError) as refused:
        read_sheet(output.getvalue(), name="bomb.xlsx")
    assert refused.value.code == "import.unreadable"


def test_the_marked_sheet_is_the_same_table_with_a_second_list_of_problems() -> None:
    sheet = read_sheet(b"a,b\n1,=2+3\n,\n3,4\n", name="a.csv")
    marked = marked_sheet(sheet, [CellProblem(4, 1, "x.y", "数量不对", "wrong")])
    again = read_sheet(marked, name="b.xlsx")
    assert again.header == sheet.header
    assert again.rows == sheet.rows, "cells stand where they stood, and a formula stays text"
