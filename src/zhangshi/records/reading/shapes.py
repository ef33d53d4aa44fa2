"""Which columns of a record are shown, worked out once for a list of paths."""

from collections.abc import Sequence
from dataclasses import dataclass

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field
from zhangshi.records._store.layouts import layout
from zhangshi.records.access import SYSTEM_FIELDS
from zhangshi.records.paths import UNKNOWN_PATH, Path, resolve
from zhangshi.records.query import PATHS_MAX, TOO_MANY_PATHS
from zhangshi.records.reading.encoding import Encode, wire_of

_SHOWN_SYSTEM = ("number", "created_at", "created_by", "updated_at", "updated_by", "owner", "department")
_COMPUTED = -1


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the record where its path ends."""

    out: str
    """Its key in the answer: the path as it was asked for, the field's key in a row."""
    path: Path
    field: Field | None
    own: str
    """The path as a grant names it."""
    index: int
    """Where it is in a database row; -1 for a field that is computed."""
    encode: Encode
    first: int = _COMPUTED
    """Where the link is that the path begins with; -1 for a path without one."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is shown: columns of the header, and of the rows of some tables."""

    entity: Entity
    columns: tuple[Column, ...]
    tables: dict[str, tuple[Column, ...]]

    @property
    def counted(self) -> tuple[str, ...]:
        """Tables of which the number of rows is shown."""
        return tuple(one.path.table for one in self.columns if one.field is None)


def shape_of(catalog: Catalog, entity: Entity, fields: Sequence[str] | None, tables: Sequence[str] = ()) -> Shape:
    """Return the shape for paths (None: every field of the header) and the line tables that come along.

    Raises: records.unknown_path; records.too_many_paths.
    """
    paths = default_paths(entity) if fields is None else tuple(dict.fromkeys(fields))
    if fields is not None and len(paths) > PATHS_MAX:
        what = Word("columns", "列")
        raise ZhangshiError(TOO_MANY_PATHS, what=what, limit=PATHS_MAX, count=len(paths))
    columns = [header_column(path, resolve(catalog, entity, path)) for path in paths]
    for key in tables:
        if key not in entity.tables:
            raise ZhangshiError(UNKNOWN_PATH, entity=entity.key, path=key)
    return Shape(entity, tuple(columns), {key: _row_columns(catalog, entity, key) for key in dict.fromkeys(tables)})


def default_paths(entity: Entity) -> tuple[str, ...]:
    """Return the fields of a header in order, the system's behind them."""
    own = [key for key, one in entity.header.fields.items() if not one.retired]
    return (*own, *(key for key in _SHOWN_SYSTEM if key not in entity.header.fields))


def header_column(out: str, path: Path) -> Column:
    """Return the column of a header's path."""
    field = path.field
    if field is None or path.table != HEADER:
        return Column(out, path, None, path.own, _COMPUTED, str)
    first = _index(path.hops[0].entity, path.hops[0].link) if path.hops else _COMPUTED
    return Column(out, path, field, path.own, _index(path.entity, field), wire_of(field), first)


def _row_columns(catalog: Catalog, entity: Entity, table: str) -> tuple[Column, ...]:
    resolve(catalog, entity, table)
    columns = []
    for field in entity.tables[table].fields.values():
        if not field.retired:
            path = Path(f"{table}.{field.key}", (), entity, table, field)
            columns.append(Column(field.key, path, field, path.own, _index(entity, field), wire_of(field)))
    return tuple(columns)


def _index(entity: Entity, field: Field) -> int:
    if not field.stored:
        return _COMPUTED
    return list(layout(entity.table(field.table)).columns).index(field.column)


def is_system(column: Column) -> bool:
    """Return whether the column is one of the system's."""
    return column.field is not None and column.field.key in SYSTEM_FIELDS
