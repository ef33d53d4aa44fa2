"""A catalog -> the tables, columns and indexes it wants; and the steps from what exists to that.

Pure. Rules: a header table `d_<entity>`, a line table `d_<entity>__<table>`, one nullable column for each stored
field. Steps only add; what nobody wants any more stays where it is with its data. The one exception are unique
indexes, which refuse data: they go when their rule goes, and come in the last transaction of a publication.

Example. An entity `note` with a text field `body` and nothing else wants d_note(record_id, number, state, version,
created_at, created_by, updated_at, updated_by, owner_id, department_id, f_body), unique by number where it is not ''.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field, FieldType, Table

ColumnType = Literal["bigint", "text"]
"""Two are enough, and the same two come back from a backup, which knows whole numbers and texts."""

NAME_LENGTH_MAX = 63
"""PostgreSQL cuts longer names off in silence."""
_HASH_LENGTH = 8

_BIGINTS = frozenset(
    {
        FieldType.INT, FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE, FieldType.DATETIME,
        FieldType.LINK, FieldType.USER, FieldType.DEPARTMENT, FieldType.LOCATION, FieldType.BOOL,
    }
)  # fmt: skip


def column_type(field_type: FieldType) -> ColumnType:
    """Return the type of the column that stores values of `field_type`."""
    return "bigint" if field_type in _BIGINTS else "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; those of fields are nullable and without default."""

    name: str
    type: ColumnType
    required: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """An index. `but_empty` leaves rows out whose first column is ''."""

    name: str
    table: str
    columns: tuple[str, ...]
    unique: bool = False
    but_empty: bool = False


@dataclass(frozen=True, slots=True)
class WantedTable:
    """A table as a catalog wants it; the first column is the key."""

    name: str
    entity: str
    columns: tuple[Column, ...]
    indexes: tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class Existing:
    """What there is: columns with their types by table, and unique indexes and others by name."""

    tables: Mapping[str, Mapping[str, ColumnType]] = field(default_factory=dict)
    indexes: Mapping[str, str] = field(default_factory=dict)  # name -> table


@dataclass(frozen=True, slots=True)
class CreateTable:
    """Make a table without its indexes."""

    table: WantedTable


@dataclass(frozen=True, slots=True)
class AddColumn:
    """Add an empty column."""

    table: str
    column: Column


@dataclass(frozen=True, slots=True)
class CreateIndex:
    """Make an index."""

    index: Index


@dataclass(frozen=True, slots=True)
class DropIndex:
    """Let go of a unique index whose rule is gone."""

    name: str
    table: str


Step = CreateTable | AddColumn | CreateIndex | DropIndex

_HEADER_COLUMNS = (
    Column("record_id", "bigint", required=True),
    Column("number", "text", required=True),
    Column("state", "text", required=True),
    Column("version", "bigint", required=True),
    Column("created_at", "bigint", required=True),
    Column("created_by", "bigint", required=True),
    Column("updated_at", "bigint", required=True),
    Column("updated_by", "bigint", required=True),
    Column("owner_id", "bigint"),
    Column("department_id", "bigint"),
)
_LINE_COLUMNS = (
    Column("line_id", "bigint", required=True),
    Column("record_id", "bigint", required=True),
    Column("position", "bigint", required=True),
)
FIXED_COLUMNS: Mapping[bool, tuple[str, ...]] = {
    True: tuple(column.name for column in _HEADER_COLUMNS),
    False: tuple(column.name for column in _LINE_COLUMNS),
}
"""Names of the columns that every header (True) or line table (False) has."""


def short_name(name: str) -> str:
    """Return `name`, or a shorter one that is as unique, if PostgreSQL would cut it off."""
    if len(name) <= NAME_LENGTH_MAX:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{name[: NAME_LENGTH_MAX - _HASH_LENGTH - 1]}_{digest}"


def wanted_tables(catalog: Catalog) -> list[WantedTable]:
    """Return every table that the catalog's entities live in, headers before their lines."""
    return [
        _wanted(entity, table)
        for entity in catalog.entities.values()
        for table in (entity.header, *entity.tables.values())
    ]


def _wanted(entity: Entity, table: Table) -> WantedTable:
    fixed = _HEADER_COLUMNS if table.key == HEADER else _LINE_COLUMNS
    own = [Column(one.column, column_type(one.type)) for one in table.fields.values() if one.stored]
    indexes = _header_indexes(entity) if table.key == HEADER else _line_indexes(table)
    return WantedTable(table.name, entity.key, (*fixed, *own), tuple(_unique_names(indexes)))


def _header_indexes(entity: Entity) -> Iterator[Index]:
    table = entity.header
    yield Index(short_name(f"{table.name}_number_key"), table.name, ("number",), unique=True, but_empty=True)
    yield _plain(table, "created_at", "record_id")
    if entity.lifecycle is not None:
        yield _plain(table, "state", "record_id")
    business_date = table.fields.get(entity.date_field)
    if business_date is not None and business_date.stored:
        yield _plain(table, business_date.column, "record_id")
    yield from _field_indexes(table)
    for group in entity.unique:
        columns = tuple(table.fields[key].column for key in group)
        if all(columns):
            yield Index(short_name(f"{table.name}_{'_'.join(columns)}_key"), table.name, columns, unique=True)


def _line_indexes(table: Table) -> Iterator[Index]:
    yield _plain(table, "record_id", "position")
    yield from _field_indexes(table)


def _field_indexes(table: Table) -> Iterator[Index]:
    for one in table.stored_fields:
        if one.unique and table.key == HEADER:
            yield Index(short_name(f"{table.name}_{one.column}_key"), table.name, (one.column,), unique=True)
        elif one.index or _is_reference(one):
            yield _plain(table, one.column)


def _is_reference(one: Field) -> bool:
    return one.is_link or one.type in {FieldType.USER, FieldType.DEPARTMENT}


def _plain(table: Table, *columns: str) -> Index:
    return Index(short_name(f"{table.name}_{'_'.join(columns)}_idx"), table.name, columns)


def _unique_names(indexes: Iterable[Index]) -> Iterator[Index]:
    seen: set[str] = set()
    for index in indexes:
        if index.name not in seen:
            seen.add(index.name)
            yield index


def difference(wanted: Iterable[WantedTable], existing: Existing) -> list[Step]:
    """Return the steps from `existing` to `wanted`: tables, columns, indexes; unique indexes last.

    A column that exists with another type is a mistake of whoever allotted it: ValueError.
    """
    tables = list(wanted)
    steps: list[Step] = []
    for table in tables:
        columns = existing.tables.get(table.name)
        if columns is None:
            steps.append(CreateTable(table))
            continue
        for column in table.columns:
            if column.name not in columns:
                steps.append(AddColumn(table.name, column))
            elif columns[column.name] != column.type:
                raise ValueError(f"{table.name}.{column.name} is {columns[column.name]}, not {column.type}.")
    return steps + _index_steps(tables, existing)


def _index_steps(tables: list[WantedTable], existing: Existing) -> list[Step]:
    wanted = {index.name: index for table in tables for index in table.indexes}
    names = {table.name for table in tables}
    missing = [CreateIndex(index) for name, index in wanted.items() if name not in existing.indexes]
    gone = [
        DropIndex(name, table)
        for name, table in existing.indexes.items()
        if table in names and name.endswith("_key") and name not in wanted
    ]
    missing.sort(key=lambda step: step.index.unique)
    return [*missing, *gone]
