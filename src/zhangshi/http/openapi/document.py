"""The whole description, made once for a revision.

Routes with fixed bodies are described as they stand in the table; a route of `/records/{entity}` is described once for
each entity, with the fields of its definition. Equal definitions make equal bytes.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from zhangshi.definitions.catalog import Catalog
from zhangshi.http.openapi.operations import Operation, operation_of, shared_parameters, shared_responses
from zhangshi.http.openapi.schemas import entity_schemas, fixed_schemas, shared_schemas
from zhangshi.http.routing import PREFIX, RouteTable

_KEPT = "_openapi_kept"
_ENTITY = "{entity}"
_SECURITY_SCHEMES: Mapping[str, object] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "zs_session",
        "description": "Set by POST /sign-in. Writes also need its word in X-CSRF-Token.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "A token made under POST /tokens."},
}


def document(catalog: Catalog, routes: RouteTable) -> bytes:
    """Return the description as JSON; the second time for a revision it costs nothing."""
    kept: dict[int, bytes] = catalog.__dict__.setdefault(_KEPT, {})  # it goes when the catalog goes
    found = kept.get(id(routes))
    if found is None:
        found = kept[id(routes)] = msgspec.json.encode(describe(catalog, routes))
    return found


def describe(catalog: Catalog, routes: RouteTable) -> dict[str, Any]:
    """Return the description as plain values."""
    paths: dict[str, dict[str, Any]] = {}
    for one in _operations(catalog, routes):
        paths.setdefault(one.path, {})[one.method] = one.value
    schemas = {**shared_schemas(), **fixed_schemas(routes)}
    for entity in catalog.entities.values():
        schemas.update(entity_schemas(entity))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zhangshi 账实",
            "version": str(catalog.revision),
            "description": (
                "Purchase, sales, stock and production. Decimals and ids are texts. Every write takes an "
                "Idempotency-Key: sent again with the same key it is done once and answered as the first time."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": PREFIX}],
        "tags": [{"name": name} for name in dict.fromkeys(route.tag for route in routes.routes)],
        "security": [{"session": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": shared_responses(),
            "parameters": shared_parameters(),
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def _operations(catalog: Catalog, routes: RouteTable) -> list[Operation]:
    found: list[Operation] = []
    for route in routes.routes:
        if _ENTITY not in route.path:
            found.append(operation_of(route, catalog, None))
        else:
            found.extend(operation_of(route, catalog, entity) for entity in catalog.entities.values())
    return found
