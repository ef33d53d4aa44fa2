"""Rows of a sheet to drafts of records, with the cell that each value came from.

A record with line tables spans several rows: its header is written once, or repeated; a row whose header cells are
empty or equal to the record above it belongs to that record. Records without line columns have a row each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER
from zhangshi.records.access import MASK
from zhangshi.records.importing.cells import wire_value
from zhangshi.records.importing.mapping import Column
from zhangshi.records.importing.problems import CellProblem, problem_of
from zhangshi.records.importing.sheet import Sheet
from zhangshi.records.importing.titles import NUMBER


@dataclass(frozen=True, slots=True)
class LinkText:
    """A cell that names another record: its path, the mapping that wants the id, and what was typed."""

    path: str
    into: dict[str, object]
    column: Column
    text: str


@dataclass(slots=True)
class Draft:
    """A record as the sheet says it. `cells` maps paths (`customer`, `lines[2].item`) to (row, column)."""

    row: int
    content: dict[str, object] = field(default_factory=dict)
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    links: list[LinkText] = field(default_factory=list)
    text: dict[str, str] = field(default_factory=dict)
    """The header as it was typed, by path."""

    def cell_of(self, path: str) -> tuple[int, int]:
        """Return the cell of a path, or of the nearest thing around it; the record's first cell at last."""
        while path:
            if path in self.cells:
                return self.cells[path]
            shorter = path.rpartition(".")[0]
            path = shorter or path.rpartition("[")[0]
        return self.cells.get(NUMBER, (self.row, 0))

    def rows(self, table: str) -> list[dict[str, object]]:
        """Return the rows of a table as the sheet says them."""
        found = self.content.get(table, [])
        assert isinstance(found, list)
        return found


class Drafting:
    """Reads the rows of one sheet into drafts, and notes the cells that cannot be what their field wants."""

    def __init__(self, columns: Sequence[Column], zone: tzinfo, masked: frozenset[str] = frozenset()) -> None:
        self._zone = zone
        self._masked = masked
        """Paths that were exported as `***`: such a cell says nothing."""
        self._header = [column for column in columns if column.table == HEADER]
        self._lines: dict[str, list[Column]] = {}
        for column in columns:
            if column.table != HEADER:
                self._lines.setdefault(column.table, []).append(column)
        self.drafts: list[Draft] = []
        self.problems: list[CellProblem] = []

    def add(self, number: int, cells: tuple[str, ...]) -> None:
        """Read row `number`."""
        typed = {column.path: cells[column.index] for column in self._header}
        if not (self._lines and self.drafts and _continues(self.drafts[-1], typed)):
            self.drafts.append(self._begun(number, cells))
        for table, columns in self._lines.items():
            if any(cells[column.index] for column in columns if not column.is_row_number):
                self._add_row(self.drafts[-1], table, columns, number, cells)

    def _begun(self, number: int, cells: tuple[str, ...]) -> Draft:
        draft = Draft(number)
        for column in self._header:
            draft.text[column.path] = cells[column.index]
            draft.cells[column.path] = (number, column.index)
            self._put(draft, draft.content, column.path, column, cells[column.index])
        return draft

    def _add_row(
        self, draft: Draft, table: str, columns: Sequence[Column], number: int, cells: tuple[str, ...]
    ) -> None:
        rows = draft.content.setdefault(table, [])
        assert isinstance(rows, list)
        row: dict[str, object] = {}
        rows.append(row)
        place = f"{table}[{len(rows)}]"
        draft.cells[place] = (number, columns[0].index)
        draft.cells.setdefault(table, (number, columns[0].index))
        for column in columns:
            path = f"{place}.{column.key}"
            draft.cells[path] = (number, column.index)
            self._put(draft, row, path, column, cells[column.index])

    def _put(self, draft: Draft, into: dict[str, object], path: str, column: Column, text: str) -> None:
        """An empty cell is empty: in an update it clears the field; a new record takes its default instead."""
        if column.path in self._masked and text.startswith(MASK):
            return
        if not text:
            if column.field is not None and not column.is_row_number:
                into[column.key] = None
        elif column.field is None:
            into[NUMBER] = text
        elif column.target:
            draft.links.append(LinkText(path, into, column, text))
        else:
            try:
                into[column.key] = wire_value(column.field, text, self._zone)
            except ZhangshiError as error:
                row, index = draft.cells[path]
                self.problems.append(problem_of(error, row=row, column=index))


def drafts_of(sheet: Sheet, columns: Sequence[Column], zone: tzinfo) -> tuple[list[Draft], list[CellProblem]]:
    """Return the drafts, and the cells that cannot be what their field wants."""
    drafting = Drafting(columns, zone)
    for number, cells in sheet.rows:
        drafting.add(number, cells)
    return drafting.drafts, drafting.problems


def _continues(draft: Draft, typed: dict[str, str]) -> bool:
    return all(text in {"", draft.text[path]} for path, text in typed.items())


def links_wanted(drafts: Sequence[Draft]) -> Iterator[tuple[str, str]]:
    """Yield (target, text) of every link that a sheet names; see `Column.target`."""
    for draft in drafts:
        for link in draft.links:
            yield link.column.target, link.text
