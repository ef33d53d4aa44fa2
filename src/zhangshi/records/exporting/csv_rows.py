"""Rows as CSV: UTF-8 with its mark, CRLF, as Excel and WPS open it with a double click.

A program that opens a CSV file takes a cell that begins with = + - @ for a formula, and a formula may call out (CSV
injection). Such a cell gets an apostrophe in front unless it is a number; so does one that begins with apostrophes and
then one of these, so that the way back is exact. `importing.sheet.plain_cell` is that way back.

Example. "=1+2" is written '=1+2, "-5" stays -5, "'=x" is written ''=x.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from zhangshi.records.exporting.columns import Cell

MEDIA_TYPE = "text/csv; charset=utf-8"
_MARK = "\ufeff".encode()
_RISKY = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_CHUNK_CHARACTERS = 65_536


def csv_chunks(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the file in pieces of about 64 KB; memory does not grow with the rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield _MARK
    writer.writerow([safe_cell(title) for title in titles])
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
        if buffer.tell() >= _CHUNK_CHARACTERS:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def safe_cell(text: str) -> str:
    """Return a text that no program takes for a formula."""
    if _RISKY.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe_cell(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat()
