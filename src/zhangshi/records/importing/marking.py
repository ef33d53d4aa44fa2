"""The answer to an import as a workbook: the sheet as it came, each bad cell marked, with its reason as a comment."""

import io
from collections.abc import Sequence

import xlsxwriter

from zhangshi.base.errors import Language
from zhangshi.records.importing.problems import CellProblem
from zhangshi.records.importing.sheet import Sheet

_BAD = {"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "@"}
_HEADER = {"bold": True, "bg_color": "#F2F2F2", "num_format": "@"}
_TITLES: dict[Language, tuple[str, str, str]] = {
    "zh": ("问题", "行", "列"),
    "en": ("Problems", "Row", "Column"),
}
_COMMENT_CHARACTERS_MAX = 1000
_CELLS_WITH_COMMENTS_MAX = 300_000
"""Comments need the whole workbook in memory; a larger one has its reasons in the list alone."""


def marked_sheet(sheet: Sheet, problems: Sequence[CellProblem], *, language: Language = "zh") -> bytes:
    """Return the marked workbook (.xlsx): a sheet with marked cells, and a list of all problems.

    Rows stand where they stood in the file, so that row 17 is row 17.
    """
    output = io.BytesIO()
    is_large = len(sheet.rows) * len(sheet.header) > _CELLS_WITH_COMMENTS_MAX
    options = {"constant_memory": is_large, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(output, options)
    table = book.add_worksheet("Sheet1")
    plain, bad, bold = book.add_format({"num_format": "@"}), book.add_format(_BAD), book.add_format(_HEADER)
    at: dict[tuple[int, int], list[CellProblem]] = {}
    for problem in problems:
        at.setdefault((problem.row, problem.column), []).append(problem)
    for number, cells in ((1, sheet.header), *sheet.rows):
        for index, text in enumerate(cells):
            style = bad if (number, index) in at else bold if number == 1 else plain
            table.write_string(number - 1, index, text, style)
    for (row, column), found in () if is_large else at.items():
        reason = "\n".join(problem.message(language) for problem in found)[:_COMMENT_CHARACTERS_MAX]
        table.write_comment(row - 1, column, reason, {"x_scale": 2, "y_scale": 1.5})
    table.freeze_panes(1, 0)
    _list(book, sheet, problems, language)
    book.close()
    return output.getvalue()


def _list(book: xlsxwriter.Workbook, sheet: Sheet, problems: Sequence[CellProblem], language: Language) -> None:
    title, row_title, column_title = _TITLES[language]
    table = book.add_worksheet(title)
    for index, text in enumerate((row_title, column_title, title)):
        table.write_string(0, index, text)
    for place, problem in enumerate(sorted(problems), start=1):
        name = sheet.header[problem.column] if problem.column < len(sheet.header) else ""
        table.write_number(place, 0, problem.row)
        table.write_string(place, 1, name)
        table.write_string(place, 2, problem.message(language))


def column_name(index: int) -> str:
    """Return what Excel calls a column: A, B … Z, AA."""
    name = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
