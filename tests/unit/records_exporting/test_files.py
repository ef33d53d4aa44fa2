"""Files: exact numbers, no formula that a reader did not write, and the way back through the import."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.records.exporting.columns import Cell
from zhangshi.records.exporting.csv_rows import csv_chunks, safe_cell
from zhangshi.records.exporting.xlsx_rows import exact_in_excel, write_xlsx
from zhangshi.records.importing.sheet import plain_cell, read_sheet

ROWS: list[list[Cell]] = [
    ["00123", Decimal("12.5"), date(2026, 1, 31), datetime(2026, 1, 31, 8, 30)],  # noqa: DTZ001 - as Excel keeps it
    ["=1+2", Decimal(-5), date(1899, 12, 31), None],
    ['六角,\n螺栓 "M8"', Decimal("1234567890123456.789"), None, None],
    ["@x", Decimal("0.1"), None, None],
]
TEXTS = (
    ("00123", "12.5", "2026-01-31", "2026-01-31 08:30:00"),
    ("=1+2", "-5", "1899-12-31", ""),
    ('六角,\n螺栓 "M8"', "1234567890123456.789", "", ""),
    ("@x", "0.1", "", ""),
)


def test_a_workbook_comes_back_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    assert write_xlsx(file, sheet="样品/单", titles=["编码", "数量", "日期", "时间"], rows=ROWS) == len(ROWS)
    sheet = read_sheet(file.read_bytes(), name="a.xlsx")
    assert sheet.header == ("编码", "数量", "日期", "时间")
    assert tuple(row for _, row in sheet.rows) == TEXTS


def test_a_csv_file_comes_back_as_it_was_written() -> None:
    data = b"".join(csv_chunks(["编码", "数量", "日期", "时间"], ROWS))
    assert data.startswith(b"\xef\xbb\xbf"), "Excel would read it as GBK"
    assert "\r\n'=1+2,-5," in data.decode(), "a text is disarmed, a number is not"
    sheet = read_sheet(data, name="a.csv")
    assert tuple(row for _, row in sheet.rows) == TEXTS


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+SUM(A1)", "-2+3", "@x", "\t=1", "\r=1", "'=1", "+86 138"])
def test_what_a_program_would_run_is_disarmed(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5.25", "abc", "'abc", "1-2", ""])
def test_numbers_and_plain_texts_stay(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(alphabet="'=+-@a1.\t"))
def test_disarming_is_undone_exactly(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_no_number_changes_in_a_workbook(number: Decimal) -> None:
    if exact_in_excel(number):
        assert Decimal(f"{float(number):.15g}") == number


def test_a_long_csv_comes_in_pieces() -> None:
    rows: Iterator[list[Cell]] = ([f"I{index}", Decimal(index)] for index in range(20_000))
    sizes = [len(chunk) for chunk in csv_chunks(["a", "b"], rows)]
    assert len(sizes) > 3
    assert max(sizes) < 100_000


def test_a_sheet_name_is_one_that_excel_takes(tmp_path: Path) -> None:
    import python_calamine  # noqa: PLC0415 - only this test

    file = tmp_path / "a.xlsx"
    write_xlsx(file, sheet="a/b:c*d?" + "长" * 40, titles=["a"], rows=[["x"]])
    (name,) = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes())).sheet_names
    assert len(name) <= 31
