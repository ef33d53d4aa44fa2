"""Rows as an Excel workbook, row by row onto the disk: memory does not grow with the rows.

Excel keeps 15 significant digits. A number that has more would change silently, so it is written as text; text is
always text, so no code loses its zeros and nothing is taken for a formula or a link.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.exporting.columns import Cell
from zhangshi.records.exporting.errors import TOO_MANY_ROWS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX = 1_048_575
_DIGITS_EXACT = 15
_CELL_CHARACTERS_MAX = 32_767
_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel counts a day that never was."""
_WIDTH_MIN, _WIDTH_MAX = 8, 40


def write_xlsx(file: Path, *, sheet: str, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the workbook to `file`; return how many rows it has.

    Raises: export.too_many_rows.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": file.parent}
    with xlsxwriter.Workbook(str(file), options) as book:
        table = book.add_worksheet(_sheet_name(sheet))
        writer = _RowWriter(book, table)
        bold = book.add_format({"bold": True, "bg_color": "#F2F2F2"})
        for index, title in enumerate(titles):
            table.set_column(
                index, index, min(_WIDTH_MAX, max(_WIDTH_MIN, len(title.encode("gb18030", "replace")) + 4))
            )
            table.write_string(0, index, title, bold)
        table.freeze_panes(1, 0)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > ROWS_MAX:
                raise ZhangshiError(TOO_MANY_ROWS, limit=ROWS_MAX)
            writer.write(count, row)
        if count:
            table.autofilter(0, 0, count, len(titles) - 1)
    return count


class _RowWriter:
    def __init__(self, book: Any, table: Any) -> None:  # noqa: ANN401 - xlsxwriter carries no types
        self._table = table
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, number: int, row: Sequence[Cell]) -> None:
        table = self._table
        for index, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell, str):
                table.write_string(number, index, cell[:_CELL_CHARACTERS_MAX])
            elif isinstance(cell, Decimal):
                if exact_in_excel(cell):
                    table.write_number(number, index, float(cell))
                else:
                    table.write_string(number, index, f"{cell:f}")
            elif (cell.date() if isinstance(cell, datetime) else cell) < _FIRST_DAY:
                table.write_string(number, index, cell.isoformat())
            elif isinstance(cell, datetime):
                table.write_datetime(number, index, cell, self._time)
            else:
                table.write_datetime(number, index, cell, self._day)


def exact_in_excel(number: Decimal) -> bool:
    """Return whether Excel shows a number with all its digits."""
    return len(number.normalize().as_tuple().digits) <= _DIGITS_EXACT and abs(number.adjusted()) < _DIGITS_EXACT


def _sheet_name(text: str) -> str:
    kept = "".join("_" if one in "[]:*?/\\" else one for one in text).strip("'")[:31]
    return kept or "Sheet1"
