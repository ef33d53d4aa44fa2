"""One operation: its parameters, its body, its answers, and every way in which it may be refused."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from zhangshi.definitions.catalog import Catalog, Entity
from zhangshi.http.bodies import JSON
from zhangshi.http.openapi.examples import content_example
from zhangshi.http.openapi.schemas import ref, schema_name
from zhangshi.http.parameters import ID_MAX, Parameter
from zhangshi.http.routing import Route

_PATH_NAME = re.compile(r"{(\w+)}")
_SHOWN = "^[^\\x00-\\x1f\\x7f]*$"  # what a log and a database can hold
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "pattern": _SHOWN, "maxLength": 2000},
    "int": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    "flag": {"type": "string", "enum": ["true", "false"]},
    "date": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "id": {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"},
    "words": {"type": "string", "pattern": _SHOWN, "maxLength": 2000},
}
_ALWAYS = (400, 401, 403, 404, 409, 422, 429, 500, 503)
_ABOUT = {
    400: "The request is not understood.",
    401: "Nobody is signed in, or the token is over.",
    403: "This person may not do it.",
    404: "There is no such thing, or this person may not see it.",
    409: "It cannot be done as things stand.",
    412: "Somebody changed it meanwhile.",
    413: "The body is too large.",
    415: "The body is not what its Content-Type should say.",
    422: "What was sent is wrong; `problems` says where.",
    428: "If-Match is missing.",
    429: "Too many requests.",
    500: "An error of the program; the log knows its number.",
    503: "Busy, or the database is away; try again.",
    507: "The disk is full.",
}

_PROBLEM = {"application/problem+json": {"schema": ref("Problem")}}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the description, and where it stands."""

    path: str
    method: str
    value: dict[str, Any]


def operation_of(route: Route, catalog: Catalog, entity: Entity | None) -> Operation:
    """Return the description of a route, of one entity where it is one of `/records/{entity}`."""
    path = route.path if entity is None else route.path.replace("{entity}", entity.key)
    value: dict[str, Any] = {
        "operationId": route.name if entity is None else f"{route.name}__{entity.key}",
        "summary": route.about if entity is None else f"{route.about} · {entity.label.zh} {entity.label.en}",
        "tags": [route.tag],
        "parameters": _parameters(route, path, entity),
        "responses": _responses(route, entity),
    }
    if not route.signed_in:
        value["security"] = []
    body = _body(route, catalog, entity)
    if body:
        value["requestBody"] = body
    return Operation(path, route.method.lower(), value)


def _parameters(route: Route, path: str, entity: Entity | None) -> list[dict[str, Any]]:
    found = [_path_parameter(name, entity) for name in _PATH_NAME.findall(path)]
    found += [_query_parameter(one) for one in route.query]
    if route.writes:
        optional = any(one.name == "dry_run" for one in route.query)
        found.append(_shared("KeyUnlessDryRun" if optional else "Key"))
    if route.versioned:
        found.append(_shared("Version"))
    return found


def _shared(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/parameters/{name}"}


def _header(name: str, about: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": about, "schema": schema}


def _path_parameter(name: str, entity: Entity | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "pattern": "^[a-z][a-z0-9_.]{0,60}$"}
    if name == "transition" and entity is not None and entity.lifecycle is not None:
        schema = {"type": "string", "enum": sorted(entity.lifecycle.transitions)}
    elif name == "fill" and entity is not None and entity.fills:
        schema = {"type": "string", "enum": sorted(one.key for one in entity.fills)}
    elif name.endswith("_id") and name != "session_id":
        schema = {"type": "string", "pattern": "^[1-9][0-9]{0,17}$", "description": f"1 … {ID_MAX}"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameter(one: Parameter) -> dict[str, Any]:
    schema = dict(_KINDS[one.kind])
    if one.choices:
        schema = {"type": "string", "enum": list(one.choices)}
    value = {"name": one.name, "in": "query", "required": one.required, "description": one.about, "schema": schema}
    return {**value, "example": one.example} if one.example else value


def _body(route: Route, catalog: Catalog, entity: Entity | None) -> dict[str, Any]:
    required = not route.body_optional
    if route.body == "json":
        assert route.body_type is not None
        return {"required": required, "content": {JSON: {"schema": ref(route.body_type.__name__)}}}
    if route.body == "content":
        if entity is None:
            return {"required": required, "content": {JSON: {"schema": {"type": "object"}}}}
        media: dict[str, Any] = {"schema": ref(schema_name(entity, "content" if route.status == 201 else "edit"))}  # noqa: PLR2004 - created
        example = content_example(catalog, entity)
        if example and route.status == HTTPStatus.CREATED:
            media["example"] = example
        return {"required": required, "content": {JSON: media}}
    if route.body == "form":
        properties: dict[str, Any] = {"file": {"type": "string", "format": "binary"}}
        properties |= {one: {"type": "string"} for one in route.form_fields}
        schema = {"type": "object", "properties": properties, "required": ["file"]}
        return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    return {}


def _responses(route: Route, entity: Entity | None) -> dict[str, Any]:
    found: dict[str, Any] = {str(route.status): _success(route, entity)}
    statuses = list(_ALWAYS)
    if route.body != "none":
        statuses += [413, 415]
    if route.versioned:
        statuses.append(428)
    if route.changes:
        statuses += [412, 507]
    for status in sorted(statuses):
        found[str(status)] = {"$ref": f"#/components/responses/{status}"}
    if not route.signed_in:  # the health of a company that is away is an answer, not a refusal
        found["503"] = {"description": _ABOUT[503], "content": {**_PROBLEM, JSON: {"schema": {"type": "object"}}}}
    return found


def shared_responses() -> dict[str, Any]:
    """Return the refusals that operations refer to, by status."""
    return {str(status): {"description": about, "content": _PROBLEM} for status, about in _ABOUT.items()}


def shared_parameters() -> dict[str, Any]:
    """Return the headers of writes."""
    key: dict[str, Any] = {"type": "string", "pattern": "^[!-~]{1,120}$", "examples": ["9b2f4c1e-0191"]}
    key_about = "Different for each operation, the same when it is sent again."
    version = {"type": "string", "pattern": '^"[0-9]{1,9}"$', "examples": ['"3"']}
    return {
        "Key": _header("Idempotency-Key", key_about, key, required=True),
        "KeyUnlessDryRun": _header("Idempotency-Key", f"{key_about} Not needed with dry_run.", key, required=False),
        "Version": _header("If-Match", "The ETag that was read.", version, required=True),
        "Company": _header(
            "X-Company",
            "The company's key, where the server has several.",
            {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,39}$"},
            required=False,
        ),
    }


def _success(route: Route, entity: Entity | None) -> dict[str, Any]:
    if route.status == HTTPStatus.NO_CONTENT:
        return {"description": "Done."}
    answer: dict[str, Any] = {"description": route.answer_about or route.about}
    schema: dict[str, Any] = {"type": "object"}
    if entity is not None and route.answer == "record":
        schema = ref(schema_name(entity, ""))
    elif entity is not None and route.answer == "page":
        schema = ref(schema_name(entity, "page"))
    elif route.answer == "saved":
        schema = ref("Saved")
    media = {"schema": schema} if route.answer_media == JSON else {}
    return {**answer, "content": {route.answer_media: media}}
