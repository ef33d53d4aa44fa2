"""Who reads a field that a plan changes: formulas, rules, postings, conversions, grants, views, prints."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import NamedTuple

import msgspec

from zhangshi.definitions.catalog import HEADER, Catalog, Conversion, Entity, Field
from zhangshi.definitions.diffing import differences
from zhangshi.definitions.service.columns import Place
from zhangshi.expr import Formula

_COSMETIC = frozenset({"label", "help", "width", "widget", "search", "index"})


class Dependent(msgspec.Struct, frozen=True, order=True):
    """Something that reads a field that changes. `where` says which place of it."""

    path: str
    """The field: entity.field or entity.table.field."""
    kind: str
    name: str
    where: str


class _Here(NamedTuple):
    """What the names of a formula are looked up in."""

    entity: str
    table: str


def dependents(before: Catalog, after: Catalog) -> tuple[Dependent, ...]:
    """Return who, in the candidate, reads a field whose meaning the candidate changes."""
    changed = _changed(before, after)
    if not changed:
        return ()
    found = {
        Dependent(changed[place], kind, name, where)
        for kind, name, where, places in _readers(after)
        for place in places
        if place in changed and not (kind == "field" and name == changed[place])
    }
    return tuple(sorted(found))


def _changed(before: Catalog, after: Catalog) -> dict[Place, str]:
    found: dict[Place, str] = {}
    for one in differences(before, after):
        if one.kind != "field" or one.what == "added" or one.aspect in _COSMETIC:
            continue
        entity, *tables, key = one.path.split(".")
        found[Place(entity, tables[0] if tables else HEADER, key)] = one.path
    return found


Reader = tuple[str, str, str, set[Place]]
"""Kind, name, place inside it, and the fields that it reads."""


def _readers(catalog: Catalog) -> Iterator[Reader]:
    for entity in catalog.entities.values():
        yield from _readers_in_entity(catalog, entity)
    for conversion in catalog.conversions.values():
        yield from _readers_in_conversion(catalog, conversion)
    for role in catalog.roles.values():
        for grants in role.grants.values():
            for grant in grants:
                here = _Here(grant.entity, HEADER)
                yield "role", role.key, f"{grant.entity} rows", _formulas(catalog, here, grant.rows)
                named = {place for path in grant.fields for place in _walk(catalog, here, path)}
                yield "role", role.key, f"{grant.entity} fields", named
    for kind, objects in catalog.others.items():
        for key, data in objects.items():
            entity_key = data.get("entity")
            if isinstance(entity_key, str) and entity_key in catalog.entities:
                here = _Here(entity_key, HEADER)
                yield kind, key, "", {place for word in _words(data) for place in _walk(catalog, here, word)}


def _readers_in_entity(catalog: Catalog, entity: Entity) -> Iterator[Reader]:
    for table in (entity.header, *entity.tables.values()):
        here = _Here(entity.key, table.key)
        for one in table.fields.values():
            name = ".".join(part for part in (entity.key, table.key, one.key) if part)
            yield "field", name, "", _read_by_field(catalog, here, one)
    for kind in ("constraints", "rules", "fills", "parts", "lifecycle", "number_rule"):
        yield "entity", entity.key, kind, _formulas(catalog, _Here(entity.key, HEADER), getattr(entity, kind))


def _read_by_field(catalog: Catalog, here: _Here, one: Field) -> set[Place]:
    read = _formulas(catalog, here, (one.formula, one.default))
    for path in (one.lookup, one.unit, one.lot_of):
        read |= _walk(catalog, here, path)
    if one.filter is not None and one.to:
        read |= _formulas(catalog, _Here(one.to, HEADER), one.filter)
    if one.rollup is not None and one.rollup.entity in catalog.entities:
        there = _Here(one.rollup.entity, one.rollup.table)
        read |= _formulas(catalog, there, one.rollup.where)
        for path in (one.rollup.of, one.rollup.match):
            read |= _walk(catalog, there, path)
    return read


def _readers_in_conversion(catalog: Catalog, conversion: Conversion) -> Iterator[Reader]:
    source = _Here(conversion.source, HEADER)
    row = _Here(conversion.source, conversion.each)
    target = _Here(conversion.target, HEADER)
    yield "conversion", conversion.key, "header", _formulas(catalog, source, (conversion.when, conversion.header))
    yield "conversion", conversion.key, "lines", _formulas(catalog, row, (conversion.where, conversion.lines))
    written = {place for key in conversion.header for place in _walk(catalog, target, key)}
    into = _Here(conversion.target, conversion.into)
    yield (
        "conversion",
        conversion.key,
        "target",
        written | {place for key in conversion.lines for place in _walk(catalog, into, key)},
    )
    if conversion.quantity is not None:
        read = _walk(catalog, row, conversion.quantity.source) | _walk(catalog, into, conversion.quantity.target)
        yield "conversion", conversion.key, "quantity", read


def _formulas(catalog: Catalog, here: _Here, value: object) -> set[Place]:
    """Return what all formulas inside a part of the catalog read; a part with a `table` or `each` reads its rows."""
    if isinstance(value, Formula):
        return _read_by_formula(catalog, here, value)
    read: set[Place] = set()
    if isinstance(value, Mapping):
        for one in value.values():
            read |= _formulas(catalog, here, one)
    elif isinstance(value, tuple | list):
        for one in value:
            read |= _formulas(catalog, here, one)
    elif is_dataclass(value) and not isinstance(value, type):
        table = getattr(value, "table", None) or getattr(value, "each", None)
        rows = here
        if isinstance(table, str) and table in catalog.entities[here.entity].tables:
            rows = _Here(here.entity, table)
        for one in fields(value):
            read |= _formulas(catalog, rows, getattr(value, one.name))
    return read


def _read_by_formula(catalog: Catalog, here: _Here, formula: Formula) -> set[Place]:
    read = {place for path in formula.reads for place in _walk(catalog, here, path)}
    header = _Here(here.entity, HEADER)
    read |= {place for path in formula.parent_reads for place in _walk(catalog, header, path)}
    for table, paths in formula.row_reads.items():
        rows = _Here(here.entity, table)
        read |= {place for path in paths for place in _walk(catalog, rows, path)}
    return read


def _walk(catalog: Catalog, here: _Here, path: str) -> set[Place]:
    """Return the fields on the way of a path; nothing for what is no path."""
    entity = catalog.entities.get(here.entity)
    names = path.split(".") if path else []
    table = here.table
    if entity is not None and table == HEADER and len(names) > 1 and names[0] in entity.tables:
        table, names = names[0], names[1:]
    read: set[Place] = set()
    for name in names:
        if entity is None:
            break
        one = _find(entity, table, name)
        if one is None:
            break
        read.add(Place(entity.key, one.table, one.key))
        entity, table = catalog.entities.get(one.to) if one.is_link else None, HEADER
    return read


def _find(entity: Entity, table: str, name: str) -> Field | None:
    if table != HEADER and table in entity.tables and name in entity.tables[table].fields:
        return entity.tables[table].fields[name]
    return entity.header.fields.get(name)


def _words(data: object) -> Iterator[str]:
    """Yield every text and every key inside plain data; which of them are paths is seen when they are walked."""
    if isinstance(data, str):
        yield data.lstrip("-")
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield str(key)
            yield from _words(value)
    elif isinstance(data, list | tuple):
        for one in data:
            yield from _words(one)
