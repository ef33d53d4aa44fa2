"""Schemas: of each entity as it is read, created and edited; of fixed bodies; of what all answers share."""

from collections.abc import Iterable
from typing import Any

import msgspec

from zhangshi.definitions.catalog import Entity, Field, FieldType, Table
from zhangshi.definitions.catalog.system_fields import system_fields
from zhangshi.http.routing import RouteTable

_TEXT_MAX = 1000
_FILES = frozenset({FieldType.ATTACHMENT, FieldType.IMAGE, FieldType.SIGNATURE})
_LINKS = frozenset({FieldType.LINK, FieldType.LOCATION, FieldType.USER, FieldType.DEPARTMENT})
_SCALED = frozenset({FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE})
_ID = {"type": "string", "pattern": "^[1-9][0-9]{0,18}$"}
Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """Return a reference to a schema of this description."""
    return {"$ref": f"#/components/schemas/{name}"}


def schema_name(entity: Entity, form: str) -> str:
    """Return the name of a schema of an entity: as it is read (""), or its "content", "edit", "page"."""
    return f"{entity.key}.{form}" if form else entity.key


def shared_schemas() -> dict[str, Schema]:
    """Return the schemas of errors, of answers to writes, and of references."""
    wrong = {
        "type": "object",
        "required": ["path", "code", "message"],
        "properties": {
            "path": {"type": "string", "examples": ["lines[2].quantity"]},
            "code": {"type": "string", "examples": ["records.required"]},
            "message": {"type": "string"},
            "level": {"type": "string", "enum": ["block", "warn"]},
            "facts": {"type": "object"},
        },
    }
    problem = {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "facts"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string", "examples": ["records.invalid"]},
            "detail": {
                "type": "string",
                "description": "A sentence in the person's language: what is wrong, what to do.",
            },
            "facts": {"type": "object"},
            "problems": {"type": "array", "items": ref("Wrong")},
            "instance": {"type": "string"},
        },
    }
    saved = {
        "type": "object",
        "required": ["entity", "id", "number", "state", "version", "warnings", "postings"],
        "properties": {
            "entity": {"type": "string"},
            "id": _ID,
            "number": {"type": "string"},
            "state": {"type": "string"},
            "version": {"type": "integer"},
            "warnings": {"type": "array", "items": ref("Wrong")},
            "postings": {"type": "array", "items": _ID},
        },
    }
    reference = {
        "description": "A record: its id, or its number.",
        "anyOf": [
            _ID,
            {"type": "object", "required": ["id"], "properties": {"id": _ID}},
            {"type": "object", "required": ["number"], "properties": {"number": {"type": "string", "maxLength": 200}}},
        ],
    }
    shown = {
        "type": "object",
        "description": "A record as far as it may be read: number and title may be missing.",
        "properties": {"id": {"type": "string"}, "number": {"type": ["string", "null"]}},
    }
    return {"Problem": problem, "Wrong": wrong, "Saved": saved, "Reference": reference, "ShownReference": shown}


def fixed_schemas(routes: RouteTable) -> dict[str, Schema]:
    """Return the schemas of all bodies whose fields are fixed."""
    types = sorted({one.body_type for one in routes.routes if one.body_type is not None}, key=lambda one: one.__name__)
    _, found = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return {name: dict(schema) for name, schema in sorted(found.items())}


def entity_schemas(entity: Entity) -> dict[str, Schema]:
    """Return the schemas of one entity by name."""
    read = {
        "type": "object",
        "title": entity.label.zh,
        "description": entity.label.en,
        "required": ["id", "state", "version"],
        "properties": {
            **{key: _read(one) for key, one in system_fields(entity.key).items()},
            **{key: _read(one) for key, one in _live(entity.header.fields.values())},
            **{key: {"type": "array", "items": _read_row(table)} for key, table in entity.tables.items()},
        },
    }
    page = {
        "type": "object",
        "required": ["rows", "next_cursor"],
        "properties": {
            "rows": {"type": "array", "items": {"type": "object"}},
            "next_cursor": {"type": ["string", "null"]},
            "count": {"type": "integer"},
            "totals": {"type": "object"},
            "groups": {"type": "array", "items": {"type": "object"}},
        },
    }
    return {
        schema_name(entity, ""): read,
        schema_name(entity, "page"): page,
        schema_name(entity, "content"): _content(entity, required=True),
        schema_name(entity, "edit"): _content(entity, required=False),
    }


def _live(fields: Iterable[Field]) -> list[tuple[str, Field]]:
    return [(one.key, one) for one in fields if not one.retired]


def _read_row(table: Table) -> Schema:
    properties = {key: _read(one) for key, one in _live(table.fields.values())}
    return {"type": "object", "properties": {"id": {"type": "string"}, "row": {"type": "integer"}, **properties}}


def _content(entity: Entity, *, required: bool) -> Schema:
    properties: Schema = {key: _write(one) for key, one in written(entity.header)}
    if entity.number_rule is None or entity.number_rule.manual:
        properties["number"] = {"type": ["string", "null"], "maxLength": 60}
    for key, table in entity.tables.items():
        rows = {"type": "array", "items": _write_row(table), "maxItems": table.rows_max}
        properties[key] = {**rows, "minItems": table.rows_min} if table.rows_min else rows
    schema: Schema = {
        "type": "object",
        "title": entity.label.zh,
        "properties": properties,
        "additionalProperties": False,
    }
    wanted = [key for key, one in written(entity.header) if required and _must_be_sent(one)]
    return {**schema, "required": wanted} if wanted else schema


def _write_row(table: Table) -> Schema:
    properties = {"id": _ID, **{key: _write(one) for key, one in written(table)}}
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    wanted = [key for key, one in written(table) if _must_be_sent(one)]
    return {**schema, "required": wanted} if wanted else schema


def written(table: Table) -> list[tuple[str, Field]]:
    """Return the fields that somebody may send: what the server computes is read only."""
    return [
        (key, one)
        for key, one in _live(table.fields.values())
        if not (one.formula is not None or one.rollup is not None or one.live or one.read_only or not one.stored)
    ]


def _must_be_sent(one: Field) -> bool:
    return one.required and one.default is None and not one.lookup


def _titled(one: Field, schema: Schema) -> Schema:
    titled = {**schema, "title": one.label.zh}
    if one.label.en:
        titled["description"] = one.label.en
    return titled


def _read(one: Field) -> Schema:
    schema: Schema
    if one.type in _LINKS:
        schema = {"anyOf": [ref("ShownReference"), {"type": ["string", "null"]}]}
    elif one.type in _FILES:
        schema = {"type": ["array", "null"]}
    elif one.type is FieldType.BOOL:
        schema = {"type": ["boolean", "null"]}
    elif one.type is FieldType.INT:
        schema = {"type": ["integer", "string", "null"]}
    elif one.type is FieldType.MULTI_SELECT:
        schema = {"type": ["array", "string", "null"], "items": {"type": "string"}}
    else:
        schema = {"type": ["string", "null"]}
    return _titled(one, schema)


def _write(one: Field) -> Schema:
    schema = _written_type(one)
    if _must_be_sent(one):
        return _titled(one, schema)
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        schema = {**schema, "type": [schema["type"], "null"]}
    else:
        schema = {"anyOf": [schema, {"type": "null"}]}
    return _titled(one, schema)


def _written_type(one: Field) -> Schema:
    values = [option.value for option in one.options if not option.retired]
    if one.type in _SCALED:
        fraction = f"(\\.[0-9]{{1,{one.digits}}})?" if one.digits else ""
        return {"type": "string", "pattern": f"^-?[0-9]{{1,9}}{fraction}$"}
    if one.type in _LINKS:
        return ref("Reference")
    if one.type in _FILES:
        return {"type": "array", "items": _ID, "maxItems": 50}
    if one.type is FieldType.SELECT:
        return {"type": "string", "enum": values} if values else {"type": "string"}
    if one.type is FieldType.MULTI_SELECT:
        return {"type": "array", "items": {"type": "string", "enum": values} if values else {"type": "string"}}
    simple: dict[FieldType, Schema] = {
        FieldType.INT: {"type": "integer", "minimum": -(10**9), "maximum": 10**9},
        FieldType.BOOL: {"type": "boolean"},
        FieldType.DATE: {"type": "string", "format": "date"},
        FieldType.DATETIME: {"type": "string", "format": "date-time"},
        FieldType.LONG_TEXT: {"type": "string", "maxLength": 20_000},
    }
    return simple.get(one.type, {"type": "string", "maxLength": min(one.length_max or _TEXT_MAX, _TEXT_MAX)})
