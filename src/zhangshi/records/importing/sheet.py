"""Reading a table out of a file: Excel (.xlsx .xls .xlsb .ods) or CSV, as exact text.

Problem. A spreadsheet stores 12.3 as the nearest binary fraction, a date as a number, and a code such as 00123 as
whatever its writer's program thought. Rule. Every cell becomes the text that its reader sees: numbers by 15 significant
digits (what Excel keeps and shows), whole numbers without ".0", dates as ISO, true and false. What a text means is
decided later, by the field it goes to; so nothing is rounded and no code loses its zeros here.

CSV may be UTF-8 (with or without mark) or GB18030, separated by comma, semicolon or tab, as Excel and WPS write.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.importing import errors
from zhangshi.records.importing.guarding import refuse_bombs

ROWS_MAX = 50_000
_CSV_SNIFF_CHARACTERS = 4096
_ZIP_MARK = b"PK\x03\x04"
_EXCEL_MARKS = (_ZIP_MARK, b"\xd0\xcf\x11\xe0")
_DIGITS_SHOWN = 15
_DISARMED = re.compile(r"'+[=+\-@\t\r\n]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the column names, and the rows with their number in the file (the header is row 1)."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(data: bytes, *, name: str, rows_max: int = ROWS_MAX) -> Sheet:
    """Read the first sheet of a workbook, or a CSV file. Empty rows are left out, their numbers are kept.

    Raises: import.unreadable, import.no_header, import.too_many_rows, import.empty.
    """
    raw = _excel_rows(data, name) if data.startswith(_EXCEL_MARKS) else _csv_rows(data, name)
    header = tuple(text.strip() for text in next(raw, ()))
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise ZhangshiError(errors.NO_HEADER)
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in enumerate(raw, start=2):
        if any(text.strip() for text in cells):
            rows.append((number, _fitted(cells, len(header))))
        if len(rows) > rows_max:
            raise ZhangshiError(errors.TOO_MANY_ROWS, rows=number - 1, limit=rows_max)
    if not rows:
        raise ZhangshiError(errors.EMPTY)
    return Sheet(name, header, tuple(rows))


def _fitted(cells: Sequence[str], width: int) -> tuple[str, ...]:
    found = tuple(text.strip() for text in cells[:width])
    return found + ("",) * (width - len(found))


def _excel_rows(data: bytes, name: str) -> Iterator[Sequence[str]]:
    if data.startswith(_ZIP_MARK):
        refuse_bombs(data, name=name)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise ZhangshiError(errors.UNREADABLE, name=name, reason=str(error)) from error
    return ([cell_text(cell) for cell in row] for row in rows)


def cell_text(cell: object) -> str:
    """Return what the reader of a spreadsheet sees in a cell, as exact text."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float():
            return _number_text(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell)


def _number_text(number: float) -> str:
    shown = f"{number:.{_DIGITS_SHOWN}g}"
    if "e" not in shown:
        return shown
    return f"{number:.0f}" if number.is_integer() else shown


def _csv_rows(data: bytes, name: str) -> Iterator[Sequence[str]]:
    text = _decoded(data, name)
    first = text[:_CSV_SNIFF_CHARACTERS].partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return ([plain_cell(cell) for cell in row] for row in rows)


def plain_cell(text: str) -> str:
    """Return a cell of a CSV file without the apostrophe that an export put before what looks like a formula."""
    return text[1:] if _DISARMED.match(text) else text


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ZhangshiError(errors.UNREADABLE, name=name, reason="neither Excel nor text")
