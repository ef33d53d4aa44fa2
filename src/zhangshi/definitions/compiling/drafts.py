"""Entities while they are being compiled: their fields are known, their formulas are not yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zhangshi.definitions.catalog import HEADER, Field, FieldType, Label, Option
from zhangshi.definitions.catalog.system_fields import system_fields
from zhangshi.definitions.compiling.spots import Findings, Spot
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.fields import NOT_A_LINK
from zhangshi.definitions.errors.references import UNKNOWN_ENTITY, UNKNOWN_FIELD, UNKNOWN_TABLE
from zhangshi.definitions.loading.source import SourceObject
from zhangshi.definitions.model.conversions import Conversion, Role
from zhangshi.definitions.model.entities import Entity, NumberRule
from zhangshi.definitions.model.fields import Field as WrittenField
from zhangshi.expr import Scope

Columns = Mapping[tuple[str, str, str], str]
"""(entity, table, field) -> the physical column, where it is not `f_<field>`."""


@dataclass(slots=True)
class DraftTable:
    """A header or line table. `fields` are without formulas until `formulas` puts them in."""

    entity: str
    key: str
    label: Label
    spot: Spot  # of the map of its fields
    written: Mapping[str, WrittenField]
    fields: dict[str, Field] = field(default_factory=dict)
    scope: Scope | None = None

    def find(self, key: str) -> Field | None:
        """Return the field or system field `key`."""
        return self.fields.get(key) or system_fields(self.entity, self.key).get(key)

    def known(self) -> list[str]:
        """Return every name, the system's last."""
        return [*self.fields, *system_fields(self.entity, self.key)]


@dataclass(slots=True)
class DraftEntity:
    """An entity that is being compiled."""

    key: str
    source: SourceObject
    data: Entity
    spot: Spot
    label: Label
    tables: dict[str, DraftTable] = field(default_factory=dict)

    @property
    def header(self) -> DraftTable:
        """The header."""
        return self.tables[HEADER]

    @property
    def line_tables(self) -> list[str]:
        """Keys of the line tables."""
        return [key for key in self.tables if key != HEADER]

    def find(self, table: str, key: str) -> Field | None:
        """Return the field that a formula of `table` means by `key`: the field at hand first, then the header."""
        found = self.tables[table].find(key)
        return found if found is not None or table == HEADER else self.header.find(key)


@dataclass(slots=True)
class Workshop:
    """Everything that is being compiled together."""

    findings: Findings
    columns: Columns
    sources: Mapping[tuple[str, str], SourceObject]
    option_sets: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    entities: dict[str, DraftEntity] = field(default_factory=dict)
    scopes: dict[tuple[str, str], Scope] = field(default_factory=dict)

    def spot(self, source: SourceObject) -> Spot:
        """Return the spot of the whole object."""
        return Spot(self.findings, source)

    def of_kind(self, kind: str) -> Iterator[SourceObject]:
        """Yield the objects of a kind, in order."""
        return (source for (one, _), source in self.sources.items() if one == kind)

    def conversion(self, key: str) -> Conversion | None:
        """Return what was written of a conversion."""
        source = self.sources.get(("conversion", key))
        return source.data if source is not None and isinstance(source.data, Conversion) else None

    def number_rule(self, key: str) -> SourceObject | None:
        """Return a shared number rule."""
        source = self.sources.get(("number_rule", key))
        return source if source is not None and isinstance(source.data, NumberRule) else None

    def roles(self) -> Iterator[tuple[SourceObject, Role]]:
        """Yield every role."""
        for source in self.of_kind("role"):
            assert isinstance(source.data, Role)
            yield source, source.data

    def keys(self, kind: str) -> list[str]:
        """Return the keys of a kind."""
        return [key for one, key in self.sources if one == kind]

    def entity(self, spot: Spot, key: str) -> DraftEntity | None:
        """Return the entity, or report that there is none."""
        found = self.entities.get(key)
        if found is None:
            spot.report(UNKNOWN_ENTITY, name=key, hint=hint(key, self.entities))
        return found

    def table(self, spot: Spot, entity: DraftEntity, key: str) -> DraftTable | None:
        """Return the line table (or the header for ""), or report that there is none."""
        found = entity.tables.get(key)
        if found is None:
            spot.report(UNKNOWN_TABLE, entity=entity.key, name=key, hint=hint(key, entity.line_tables))
        return found

    def field(self, spot: Spot, table: DraftTable, key: str) -> Field | None:
        """Return a field of exactly this table (no path), or report that there is none."""
        found = table.find(key)
        if found is None:
            where = f"{table.entity}.{table.key}" if table.key else table.entity
            spot.report(UNKNOWN_FIELD, where=where, name=key, hint=hint(key, table.known()))
        return found

    def resolve(self, spot: Spot, entity: DraftEntity, table: str, path: str) -> Field | None:
        """Return the field at the end of `path`, walked from `table` through links; report where it breaks off."""
        here, at, names = entity, table, path.split(".")
        if at == HEADER and len(names) > 1 and names[0] in entity.tables:
            at, names = names[0], names[1:]
        found: Field | None = None
        for position, name in enumerate(names):
            found = here.find(at, name)
            if found is None:
                where = f"{here.key}.{at}" if at else here.key
                known = here.tables[at].known() + ([] if at == HEADER else here.header.known())
                spot.report(UNKNOWN_FIELD, where=where, name=name, hint=hint(name, known))
                return None
            if position == len(names) - 1:
                break
            following = self.entities.get(found.to) if found.is_link else None
            if following is None:
                if not found.is_link:
                    spot.report(NOT_A_LINK, text=path, name=name)
                return None
            here, at = following, HEADER
        return found

    def player(self, role: str) -> DraftEntity | None:
        """Return the entity that plays `role`."""
        for one in self.entities.values():
            if any(play.role == role for play in one.data.plays):
                return one
        return None


NUMBERS = frozenset({FieldType.INT, FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE})
