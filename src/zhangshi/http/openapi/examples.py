"""Examples that are real: what the packs' own stories and seeds enter; else one made from the definition."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from zhangshi.definitions.catalog import Catalog, Entity, Field, FieldType, Table
from zhangshi.http.openapi.schemas import written

_ROWS_MAX = 3
_BY_TYPE: Mapping[FieldType, object] = {
    FieldType.INT: 1,
    FieldType.DECIMAL: "1",
    FieldType.QUANTITY: "10",
    FieldType.MONEY: "100",
    FieldType.PRICE: "12.5",
    FieldType.DATE: "2026-11-02",
    FieldType.DATETIME: "2026-11-02T01:00:00Z",
    FieldType.BOOL: True,
}


def content_example(catalog: Catalog, entity: Entity) -> dict[str, Any]:
    """Return the content of a new record of this entity."""
    for example in (*_of_stories(catalog, entity), *_of_seeds(catalog, entity)):
        return example
    made = _made(entity.header)
    for key, table in entity.tables.items():
        made[key] = [_made(table)]
    return _sendable(entity, made)


def _of_stories(catalog: Catalog, entity: Entity) -> Iterator[dict[str, Any]]:
    for story in catalog.others.get("story", {}).values():
        steps = story.get("steps")
        for step in steps if isinstance(steps, list) else ():
            if isinstance(step, Mapping) and step.get("create") == entity.key:
                yield _joined(entity, step)


def _of_seeds(catalog: Catalog, entity: Entity) -> Iterator[dict[str, Any]]:
    for seed in catalog.others.get("seed", {}).values():
        rows = seed.get("rows")
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, Mapping) and row.get("entity") == entity.key:
                yield _joined(entity, row)


def _sendable(entity: Entity, content: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a story's own door may set and a person may not."""
    own = {key for key, _ in written(entity.header)} | set(entity.tables)
    if entity.number_rule is None or entity.number_rule.manual:
        own.add("number")
    kept = {key: one for key, one in content.items() if key in own}
    for key, table in entity.tables.items():
        fields = {name for name, _ in written(table)}
        if isinstance(kept.get(key), list):
            kept[key] = [{name: one for name, one in row.items() if name in fields} for row in kept[key]]
    return kept


def _joined(entity: Entity, source: Mapping[str, object]) -> dict[str, Any]:
    """Return values, lines and tables of a seed or a story's step as one content."""
    content: dict[str, Any] = dict(_mapping(source.get("values")))
    tables = {**_mapping(source.get("tables"))}
    if source.get("lines"):
        tables.setdefault("lines", source["lines"])
    for key, rows in tables.items():
        if key in entity.tables and isinstance(rows, list):
            content[key] = rows[:_ROWS_MAX]
    return _sendable(entity, {key: _plain(one) for key, one in content.items()})


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        if set(value) == {"ref"}:
            return {"number": str(value["ref"]).rpartition("/")[2]}
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _made(table: Table) -> dict[str, Any]:
    fields = [one for one in table.fields.values() if one.required and one.default is None and not one.lookup]
    return {one.key: _value(one) for one in fields if one.stored and one.formula is None}


def _value(one: Field) -> Any:  # noqa: ANN401 - JSON
    if one.options:
        value = one.options[0].value
        return [value] if one.type is FieldType.MULTI_SELECT else value
    if one.to or one.type in {FieldType.USER, FieldType.DEPARTMENT}:
        return {"number": f"{(one.to or one.type.value).upper()}-1"}
    if one.min and one.type in _BY_TYPE:
        return str(max(Decimal(one.min), Decimal(1)))
    return _BY_TYPE.get(one.type, one.label.zh)
