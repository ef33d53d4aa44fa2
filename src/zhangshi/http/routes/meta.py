"""What there is: the entities and menus that a person may see, and each entity for the renderer."""

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.model import KINDS
from zhangshi.definitions.schema import schema_of
from zhangshi.definitions.service.errors import NO_SUCH_OBJECT
from zhangshi.http.answers import Answer, etag, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.openapi.document import document
from zhangshi.http.rendering.entity import ACTIONS, entity_value
from zhangshi.http.rendering.menu import meta_value
from zhangshi.http.routing import Route
from zhangshi.records.access import access_to
from zhangshi.records.errors import UNKNOWN_ENTITY


def meta(call: Call) -> Answer:
    """List the entities with labels, and the menu."""
    catalog = call.catalog()
    return json_answer(meta_value(catalog, call.person), headers={"ETag": _tag(call, catalog.revision)})


def entity(call: Call) -> Answer:
    """Return one entity for the renderer, without what the person may not see."""
    catalog, key = call.catalog(), call.path["entity"]
    found = catalog.entities.get(key)
    if found is None:
        raise ZhangshiError(UNKNOWN_ENTITY, entity=key[:80])
    access = access_to(catalog, key, call.person)
    if not any(access.may(action) for action in ACTIONS):
        access.refuse("read")
    return json_answer(entity_value(catalog, found, call.person), headers={"ETag": _tag(call, catalog.revision)})


def _tag(call: Call, revision: int) -> str:
    """The answer depends on the revision and on what the person may do."""
    about = "+".join((*sorted(call.person.roles), "|", *(call.person.scopes or ("*",))))
    return etag(f"{revision}-{about}")


def openapi(call: Call) -> Answer:
    """Return the description of this API, with a schema for each published entity."""
    catalog = call.catalog()
    return Answer(document(catalog, call.routes), headers={"ETag": etag(catalog.revision)})


def schema(call: Call) -> Answer:
    """Return the JSON Schema of a kind of definitions."""
    kind = call.path["kind"]
    if kind not in KINDS:
        raise ZhangshiError(NO_SUCH_OBJECT, name=kind[:80])
    return json_answer(schema_of(kind))


ROUTES = (
    Route(method="GET", path="/meta", name="meta", tag="meta", run=meta,
          about="The entities and menus that the person may see."),
    Route(method="GET", path="/meta/entities/{entity}", name="meta_entity", tag="meta", run=entity,
          about="One entity for a renderer: fields, tables, rules, lifecycle, views, as far as one may see them."),
    Route(method="GET", path="/definitions/schema/{kind}", name="definition_schema", tag="definitions", run=schema,
          about="The JSON Schema of a kind of definitions."),
    Route(method="GET", path="/openapi.json", name="openapi", tag="meta", run=openapi,
          about="This description, generated from the published definitions."),
)  # fmt: skip
