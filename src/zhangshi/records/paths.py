"""What a path means: which links it walks, which field it ends at, and where the value is stored.

`customer` is a field, `customer.name` a field of the record behind a link, `lines` a table (in a list: how many
rows), `lines.quantity` a field of its rows. A live lookup is the path that it shows. System fields are fields like
others here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field
from zhangshi.definitions.catalog.system_fields import system_fields
from zhangshi.records.access import SYSTEM_FIELDS

UNKNOWN_PATH = ErrorCode(
    "records.unknown_path",
    "“{entity}”没有“{path}”这个字段。请核对写法,例如 customer、customer.name、lines.quantity。",
    '"{entity}" has no field "{path}". Check how it is written, for example customer, customer.name, lines.quantity.',
)
LINKS_MAX = 3


NEVER_EMPTY = SYSTEM_FIELDS - {"owner", "department", "row"}
"""System fields whose columns are NOT NULL."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A link that is walked: from `entity`, through its field `link`, to `target`."""

    entity: Entity
    link: Field
    target: Entity


@dataclass(frozen=True, slots=True)
class Path:
    """A resolved path. `field` None: the table itself, how many rows it has."""

    text: str
    hops: tuple[Hop, ...]
    entity: Entity
    """Where it ends."""
    table: str
    field: Field | None

    @property
    def own(self) -> str:
        """The path as a grant on the last entity names it."""
        if self.field is None:
            return self.table
        return f"{self.table}.{self.field.key}" if self.table else self.field.key

    def readings(self) -> Iterator[tuple[int, Entity, str]]:
        """Yield what must be readable for the value to be: (how many links away, entity, path there)."""
        for away, hop in enumerate(self.hops):
            yield away, hop.entity, hop.link.key
        yield len(self.hops), self.entity, self.own


def header_field(entity: Entity, key: str) -> Field | None:
    """Return a field of a header, the system's too; retired ones are gone."""
    found = entity.header.fields.get(key) or system_fields(entity.key).get(key)
    return None if found is None or found.retired else found


def row_field(entity: Entity, table: str, key: str) -> Field | None:
    """Return a field of a line table."""
    found = entity.tables[table].fields.get(key) or system_fields(entity.key, table).get(key)
    return None if found is None or found.retired else found


def resolve(catalog: Catalog, entity: Entity, text: str) -> Path:
    """Return what `text` means from `entity`'s header.

    Raises: records.unknown_path.
    """
    parts = text.split(".")
    start = entity
    hops: list[Hop] = []
    for index, key in enumerate(parts):
        last = index == len(parts) - 1
        if key in entity.tables and not hops:
            return _table_path(start, text, parts)
        field = header_field(entity, key)
        if field is None:
            break
        if last:
            return Path(text, tuple(hops), entity, HEADER, field)
        if not field.is_link or len(hops) == LINKS_MAX:
            break
        target = catalog.entities[field.to]
        hops.append(Hop(entity, field, target))
        entity = target
    raise ZhangshiError(UNKNOWN_PATH, entity=start.key, path=text)


def _table_path(entity: Entity, text: str, parts: list[str]) -> Path:
    if len(parts) == 1:
        return Path(text, (), entity, parts[0], None)
    field = row_field(entity, parts[0], parts[1])
    if len(parts) == 2 and field is not None:  # noqa: PLR2004 - table.field
        return Path(text, (), entity, parts[0], field)
    raise ZhangshiError(UNKNOWN_PATH, entity=entity.key, path=text)


def lookup_path(catalog: Catalog, entity: Entity, field: Field) -> Path:
    """Return the path that a live lookup of a header shows."""
    return resolve(catalog, entity, field.lookup)
