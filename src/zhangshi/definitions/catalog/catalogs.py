"""Conversions, roles, and the catalog of everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from zhangshi.definitions.catalog.entities import Entity, Part
from zhangshi.definitions.catalog.fields import Label, Option
from zhangshi.expr import Formula


@dataclass(frozen=True, slots=True)
class ConversionQuantity:
    """Which quantity is used up: `source` of the source row, by `target` of the target row."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """下推 / 选单: rows of a source become rows of a target; the open quantity is tracked row by row."""

    key: str
    label: Label
    source: str
    target: str
    each: str  # source table, or HEADER
    into: str  # target table, or HEADER
    when: Formula | None  # over the source header
    where: Formula | None  # over the source row
    header: Mapping[str, Formula]  # target header field -> formula over the source header
    lines: Mapping[str, Formula]  # target field -> formula over the source row, parent = its header
    quantity: ConversionQuantity | None  # None = each source row converts once
    over: Formula | None  # tolerance as a ratio (0.05 = 5 %), over the source row
    combine: tuple[str, ...]  # source header fields that must be equal when several sources make one target
    complete: str = ""  # transition of the source when all is converted (undone when something opens again)


FieldAccess = Literal["none", "mask", "read", "write"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role may do with an entity. Grants add up; the widest access to a field wins."""

    role: str
    entity: str
    actions: frozenset[str]  # read create edit delete export import print comment attach + transition keys; "*" = all
    rows: Formula | None  # over the header; None = every record
    fields: Mapping[str, FieldAccess]  # path ("price", "lines.price") -> access
    default_access: FieldAccess
    states: frozenset[str]  # only in these states; empty = all


@dataclass(frozen=True, slots=True)
class Role:
    """A role that people have."""

    key: str
    label: Label
    grants: Mapping[str, tuple[Grant, ...]]  # by entity


@dataclass(frozen=True)
class Catalog:
    """All definitions of one revision."""

    revision: int
    entities: Mapping[str, Entity]
    conversions: Mapping[str, Conversion]
    roles: Mapping[str, Role]
    option_sets: Mapping[str, tuple[Option, ...]]
    others: Mapping[str, Mapping[str, Mapping[str, object]]]
    """Kinds that are carried out by others, as checked plain data: others["view"]["item.all"] = {...}."""
    packs: Mapping[str, str]  # key -> version

    @cached_property
    def conversions_from(self) -> Mapping[str, Sequence[Conversion]]:
        """Conversions by source entity."""
        found: dict[str, list[Conversion]] = {}
        for one in self.conversions.values():
            found.setdefault(one.source, []).append(one)
        return found

    @cached_property
    def conversions_to(self) -> Mapping[str, Sequence[Conversion]]:
        """Conversions by target entity."""
        found: dict[str, list[Conversion]] = {}
        for one in self.conversions.values():
            found.setdefault(one.target, []).append(one)
        return found

    def playing(self, role: str) -> tuple[Entity, Part] | None:
        """Return the entity that plays `role`, if any does."""
        return self._players.get(role)

    @cached_property
    def _players(self) -> Mapping[str, tuple[Entity, Part]]:
        return {part.role: (entity, part) for entity in self.entities.values() for part in entity.parts}
