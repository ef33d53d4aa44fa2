"""Looking at a workbook before it is opened: what would fill the memory is refused by name.

Problem. A workbook is a zip: a few kilobytes may unpack to gigabytes. And a reader holds the rectangle of all cells:
one stray cell in XFD1048576 asks for seventeen thousand million of them. Rule. Sizes and the outermost cell are looked
up in the zip itself, without unpacking it as a whole.
"""

import io
import re
import zipfile
from typing import IO

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.importing import errors

UNPACKED_MAX = 512 * 1024 * 1024
CELLS_MAX = 20_000_000
_CHUNK = 1024 * 1024
_OVERLAP = 32
_CELL = re.compile(rb'r="([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def refuse_bombs(data: bytes, *, name: str) -> None:
    """Refuse a zip that unpacks to more than `UNPACKED_MAX` bytes, or whose sheets span more than `CELLS_MAX` cells.

    Raises: import.unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > UNPACKED_MAX:
                raise ZhangshiError(errors.UNREADABLE, name=name, reason="unpacks to more than 512 MB")
            for entry in entries:
                if _SHEET.fullmatch(entry.filename):
                    with archive.open(entry) as sheet:
                        _refuse_wide(sheet, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ZhangshiError(errors.UNREADABLE, name=name, reason=str(error)) from error


def _refuse_wide(sheet: IO[bytes], name: str) -> None:
    rows = columns = 0
    rest = b""
    while chunk := sheet.read(_CHUNK):
        text = rest + chunk
        for letters, digits in _CELL.findall(text):
            rows = max(rows, int(digits))
            columns = max(columns, _column_number(letters))
        if rows * columns > CELLS_MAX:
            raise ZhangshiError(errors.UNREADABLE, name=name, reason=f"spans {rows} rows and {columns} columns")
        rest = text[-_OVERLAP:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
