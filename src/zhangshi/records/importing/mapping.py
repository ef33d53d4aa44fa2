"""Columns of a sheet to fields of an entity: by what the user chose, else by label or key.

A field of a line table is called "明细.数量" or "lines.quantity"; its bare label is enough where no header field and no
other table has that label. What the system computes is left out, so that an exported sheet can come back as it is; who
maps a column to such a field by hand is told that it cannot be. "ignore" leaves a column out.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, Field, FieldType
from zhangshi.records.importing import errors
from zhangshi.records.importing.problems import CellProblem, problem_of
from zhangshi.records.importing.titles import NUMBER, ROW, field_at, folded, names_of, shows_a_name

IGNORE = "ignore"
USERS, DEPARTMENTS = "user:", "department:"
"""What a cell of a person or a department names; every other link names records of an entity."""
_FILES = frozenset({FieldType.ATTACHMENT, FieldType.IMAGE, FieldType.SIGNATURE})
_SYSTEM_WRITABLE = frozenset({"owner", "department"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is imported: its place in the sheet, its title, and the field (None: the record's number)."""

    index: int
    title: str
    table: str
    key: str
    field: Field | None

    @property
    def path(self) -> str:
        """The field's path: `price`, or `lines.price`."""
        return f"{self.table}.{self.key}" if self.table else self.key

    @property
    def target(self) -> str:
        """What its cells name: an entity, `USERS`, `DEPARTMENTS`, or "" for a value."""
        field = self.field
        if field is None or self.is_row_number:
            return ""
        if field.type is FieldType.USER:
            return USERS
        return DEPARTMENTS if field.type is FieldType.DEPARTMENT else field.to if field.is_link else ""

    @property
    def is_row_number(self) -> bool:
        """Whether it says which of the rows that are there a row of the sheet is."""
        return bool(self.table) and self.key == ROW


@dataclass(frozen=True, slots=True)
class Mapped:
    """The columns that are imported, what is wrong with the others (in row 1), and which are left out on purpose."""

    columns: tuple[Column, ...]
    problems: tuple[CellProblem, ...]
    left_out: tuple[str, ...]


def map_columns(entity: Entity, header: Sequence[str], chosen: Mapping[str, str] | None = None) -> Mapped:
    """Return what each column is. `chosen` maps titles to paths or `ignore`."""
    columns: list[Column] = []
    problems: list[CellProblem] = []
    left_out: list[str] = []
    by_hand = {folded(title): path for title, path in (chosen or {}).items()}
    for index, title in enumerate(header):
        path = by_hand.get(folded(title), "")
        if not title:
            continue
        if path == IGNORE or (not path and _shown_only(entity, title)):
            left_out.append(title)
            continue
        try:
            column = _column(entity, index, title, path or names_of(entity).get(folded(title), ""))
            _refuse_twice(columns, column)
        except ZhangshiError as error:
            problems.append(problem_of(error, row=1, column=index))
        else:
            columns.append(column)
    return Mapped(tuple(columns), tuple(problems), tuple(left_out))


def importable(table: str, field: Field) -> bool:
    """Return whether a cell can be entered into a field: it is stored, not computed, and not a file."""
    if table == HEADER and field.key in {NUMBER, *_SYSTEM_WRITABLE}:
        return True
    if table != HEADER and field.key == ROW:
        return True
    computed = not field.stored or field.formula is not None or field.rollup is not None
    return not (computed or field.read_only or field.retired or field.type in _FILES)


def _shown_only(entity: Entity, title: str) -> bool:
    path = names_of(entity).get(folded(title))
    if path is None:
        return shows_a_name(entity, title)
    found = field_at(entity, path)
    return found is not None and not importable(*found)


def _column(entity: Entity, index: int, title: str, path: str) -> Column:
    if path == NUMBER:
        return Column(index, title, HEADER, NUMBER, None)
    found = field_at(entity, path)
    if found is None:
        near = difflib.get_close_matches(folded(title), list(names_of(entity)), n=1)
        raise ZhangshiError(
            errors.COLUMN_UNKNOWN,
            column=title,
            entity=Word(entity.label.en, entity.label.zh),
            nearest=f" (≈ {near[0]})" if near else "",
        )
    table, field = found
    if not importable(table, field):
        raise ZhangshiError(errors.NOT_WRITABLE, column=title)
    return Column(index, title, table, field.key, field)


def _refuse_twice(columns: Sequence[Column], new: Column) -> None:
    for column in columns:
        if column.path == new.path:
            raise ZhangshiError(errors.COLUMN_TWICE, field=new.path, first=column.title, second=new.title)
