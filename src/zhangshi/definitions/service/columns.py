"""Which column a field lives in: since which revision, until which.

A field that was retired, or left out for a while, finds its column and its data again. One that changes its type
gets a new column, and the old one stays as it was.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from zhangshi.definitions._store import revisions as store
from zhangshi.definitions.catalog import Catalog, Field, FieldType
from zhangshi.definitions.recoding import Shape
from zhangshi.definitions.storage import Existing, short_name
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork

OPEN = 0
"""`to_revision` of a column that is in use."""


class Place(NamedTuple):
    """A field: its entity, its line table (HEADER for the header), its key."""

    entity: str
    table: str
    field: str


class ColumnRow(NamedTuple):
    """A row of definition_column."""

    entity: str
    table: str
    field: str
    column: str
    field_type: str
    digits: int
    target: str
    from_revision: int
    to_revision: int

    @property
    def place(self) -> Place:
        """The field."""
        return Place(self.entity, self.table, self.field)

    @property
    def shape(self) -> Shape:
        """What is stored in the column."""
        return Shape(FieldType(self.field_type), self.digits, self.target)


@dataclass(frozen=True)
class Columns:
    """The columns of every field up to a revision."""

    rows: tuple[ColumnRow, ...]

    @cached_property
    def last(self) -> Mapping[Place, ColumnRow]:
        """The last column of every field that ever had one."""
        return {row.place: row for row in self.rows}

    @cached_property
    def names(self) -> dict[tuple[str, str, str], str]:
        """As the compiler takes them: (entity, table, field) -> column."""
        return {(place.entity, place.table, place.field): row.column for place, row in self.last.items()}

    @cached_property
    def taken(self) -> Mapping[tuple[str, str], set[str]]:
        """By (entity, line table): every column that some field ever had."""
        found: dict[tuple[str, str], set[str]] = {}
        for row in self.rows:
            found.setdefault((row.entity, row.table), set()).add(row.column)
        return found


def read_columns(session: Session, revision: int) -> Columns:
    """Return the columns as they were at a revision."""
    return Columns(tuple(ColumnRow(*row) for row in session.query(store.COLUMNS_AT, revision)))


def stored_fields(catalog: Catalog) -> Iterator[tuple[Place, str, Field]]:
    """Yield every field that has a column, with the name of its physical table."""
    for entity in catalog.entities.values():
        for table in (entity.header, *entity.tables.values()):
            for one in table.fields.values():
                if one.stored:
                    yield Place(entity.key, table.key, one.key), table.name, one


def shape_of(one: Field) -> Shape:
    """Return what a field stores."""
    return Shape(one.type, one.digits, one.to)


def fresh_column(place: Place, table: str, columns: Columns, existing: Existing) -> str:
    """Return a name that no column of the table has or had: f_price, f_price_2 and so on."""
    taken, there = columns.taken.get((place.entity, place.table), ()), existing.tables.get(table, ())
    for number in itertools.count(1):
        name = short_name(f"f_{place.field}" if number == 1 else f"f_{place.field}_{number}")
        if name not in taken and name not in there:
            return name
    raise AssertionError("counting ended")


def write_columns(uow: UnitOfWork, *, columns: Columns, catalog: Catalog, revision: int) -> None:
    """Note what changed: columns that came into use with this revision, and those that went out of it."""
    wanted = {place: (one.column, shape_of(one)) for place, _, one in stored_fields(catalog)}
    ended = [row for row in columns.last.values() if row.to_revision == OPEN and not _goes_on(row, wanted)]
    going_on = {row.place for row in columns.last.values() if row.to_revision == OPEN and _goes_on(row, wanted)}
    uow.session.execute_rows(store.END_COLUMN, [(*row.place, row.from_revision, revision) for row in ended])
    begun = [
        (*place, revision, OPEN, column, shape.type.value, shape.digits, shape.target)
        for place, (column, shape) in wanted.items()
        if place not in going_on
    ]
    uow.session.execute_rows(store.BEGIN_COLUMN, begun)


def _goes_on(row: ColumnRow, wanted: Mapping[Place, tuple[str, Shape]]) -> bool:
    return wanted.get(row.place) == (row.column, row.shape)
