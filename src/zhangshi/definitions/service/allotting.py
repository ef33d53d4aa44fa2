"""Which column each field of a candidate gets, and what has to be recoded for it.

Compiled twice at most: once with the columns as they are, and once more if a field needs another.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zhangshi.definitions.catalog import HEADER, Catalog, Field
from zhangshi.definitions.recoding import CHOICES, Shape, keeps_column
from zhangshi.definitions.service.columns import (
    ColumnRow,
    Columns,
    Place,
    fresh_column,
    shape_of,
    stored_fields,
)
from zhangshi.definitions.storage import Existing

Overrides = Mapping[tuple[str, str, str], str]
Compile = Callable[[Overrides], Catalog]
"""Compiles the candidate with these columns."""


class Replacement(NamedTuple):
    """A value of a select that gets another name."""

    entity: str
    table: str
    field: str
    before: str
    after: str


class Recoding(NamedTuple):
    """Values of one column that go into another, or (the same column twice) are only looked at."""

    place: Place
    table: str
    key: str
    before: Shape
    after: Shape
    source: str
    target: str
    options: frozenset[str]
    replaced: Mapping[str, str]  # values of a select that get another name on the way

    @property
    def copies(self) -> bool:
        """Whether values are written."""
        return self.source != self.target


@dataclass(frozen=True, slots=True)
class Allotment:
    """A compiled candidate whose every stored field has its column."""

    catalog: Catalog
    overrides: Overrides  # only what differs from the columns as they are
    recodings: tuple[Recoding, ...]


def allot(
    compile_with: Compile,
    *,
    before: Catalog,
    columns: Columns,
    existing: Existing,
    renames: Sequence[tuple[str, str, str, str]] = (),
    replacements: Sequence[Replacement] = (),
    allotted: Overrides | None = None,
) -> Allotment:
    """Return the candidate with its columns; those in `allotted` are given. Raises: definitions.invalid."""
    names = {**columns.names, **_renamed(columns, renames), **(allotted or {})}
    catalog = compile_with(names)
    overrides = {place: column for place, column in names.items() if columns.names.get(place) != column}
    moved = {(entity, table, new): Place(entity, table, old) for entity, table, old, new in renames}
    recodings: list[Recoding] = []
    for place, table, one in stored_fields(catalog):
        last = columns.last.get(moved.get(place, place))
        column = (allotted or {}).get(place) or _column_for(place, table, one, last, columns, existing)
        if column != one.column:
            overrides[place] = column
        replaced = {each[3]: each[4] for each in replacements if tuple(each[:3]) == place}
        if last is not None:
            made = _recoding(place, table, one, last, column, replaced)
            if made.copies or replaced or _chooses_from_less(one, _field_in(before, last.place)):
                recodings.append(made)
    if any(names.get(place) != column for place, column in overrides.items()):
        catalog = compile_with({**names, **overrides})
    return Allotment(catalog, overrides, tuple(recodings))


def _renamed(columns: Columns, renames: Sequence[tuple[str, str, str, str]]) -> dict[tuple[str, str, str], str]:
    """A renamed field keeps the column that the old key had."""
    kept: dict[tuple[str, str, str], str] = {}
    for entity, table, old, new in renames:
        row = columns.last.get(Place(entity, table, old))
        if row is not None:
            kept[entity, table, new] = row.column
    return kept


def _column_for(
    place: Place, table: str, one: Field, last: ColumnRow | None, columns: Columns, existing: Existing
) -> str:
    if last is not None and keeps_column(last.shape, shape_of(one)):
        return last.column
    return fresh_column(place, table, columns, existing)


def _recoding(
    place: Place, table: str, one: Field, last: ColumnRow, column: str, replaced: Mapping[str, str]
) -> Recoding:
    key = "record_id" if place.table == HEADER else "line_id"
    options = frozenset(option.value for option in one.options)
    return Recoding(place, table, key, last.shape, shape_of(one), last.column, column, options, replaced)


def _field_in(catalog: Catalog, place: Place) -> Field | None:
    entity = catalog.entities.get(place.entity)
    if entity is None:
        return None
    table = entity.header if place.table == HEADER else entity.tables.get(place.table)
    return table.fields.get(place.field) if table is not None else None


def _chooses_from_less(one: Field, was: Field | None) -> bool:
    """Whether values that were good may not be choices any more."""
    if one.type not in CHOICES:
        return False
    if was is None or was.type is not one.type:
        return True
    return not {option.value for option in was.options} <= {option.value for option in one.options}
