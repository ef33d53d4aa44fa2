"""Entities with their tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from zhangshi.definitions.catalog.fields import HEADER, NO_TEXT, Field, Label
from zhangshi.definitions.catalog.rules import Constraint, Fill, FormRule, Lifecycle, NumberRule
from zhangshi.expr import Formula, Scope


@dataclass(frozen=True)
class Table:
    """The header (key HEADER) or a line table of an entity."""

    key: str
    label: Label
    name: str  # physical table
    fields: Mapping[str, Field]  # in order; retired ones too
    scope: Scope  # what formulas of this table see
    order: tuple[str, ...] = ()  # keys in order of evaluation: lookups, formulas, defaults (acyclic)
    rows_min: int = 0
    rows_max: int = 2000
    unique: tuple[
        tuple[str, ...], ...
    ] = ()  # sets of fields that are unique together (in a line table: within the record)

    @cached_property
    def stored_fields(self) -> tuple[Field, ...]:
        """Fields with a column, retired ones left out."""
        return tuple(one for one in self.fields.values() if one.stored and not one.retired)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that an entity plays for the program: `ledger_item`, `bom`, `calendar` and others."""

    role: str
    map: Mapping[str, Formula | str]


@dataclass(frozen=True, slots=True)
class Entity:
    """A master or a document."""

    key: str
    kind: Literal["master", "document"]
    label: Label
    pack: str
    header: Table
    tables: Mapping[str, Table]  # line tables, in order
    title: str  # field shown as the record's name ("" = the number)
    number_rule: NumberRule | None
    number_label: Label
    date_field: str  # business date of a document; "" = today
    constraints: tuple[Constraint, ...]
    rules: tuple[FormRule, ...]
    fills: tuple[Fill, ...]
    lifecycle: Lifecycle | None
    parts: tuple[Part, ...]
    search: tuple[str, ...]  # header paths that go into the search text
    unique: tuple[tuple[str, ...], ...]
    area: str = ""
    help: Label = NO_TEXT
    order: tuple[tuple[str, str], ...] = ()
    """(table, key) of every computed field of all tables in one order: a sum over lines stands after the lines' fields
    that it adds up and before a line's field that reads the sum. `Table.order` is the same, table by table."""

    def table(self, key: str) -> Table:
        """Return the header for HEADER, else the line table."""
        return self.header if key == HEADER else self.tables[key]
