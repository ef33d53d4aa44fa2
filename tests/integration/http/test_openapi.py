"""The description says what the server does: valid, whole, the same for equal definitions, with real examples."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from tests.integration.http.shop import copy_shop, opened
from tests.integration.http.works import Works
from zhangshi.http.routes.all import ROUTES

OPENAPI_VALIDATOR = jsonschema_rs.validator_for(OPENAPI_31)


@pytest.fixture(scope="session")
def description(shop_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with opened(copy_shop(shop_template, tmp_path_factory.mktemp("described"))) as works:
        found: dict[str, Any] = works.client("owner").get("/openapi.json").json()
        return found


def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    """As the standard's own schema says; each schema in it as JSON Schema says."""
    errors = [f"{one.instance_path}: {one.message}" for one in OPENAPI_VALIDATOR.iter_errors(description)]

    assert errors == []
    for name, schema in description["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(schema), name


def test_the_check_of_the_description_notices_what_is_wrong(description: dict[str, Any]) -> None:
    broken = {**description, "paths": {"/records": {"get": {"responses": [], "parameters": "none"}}}}

    assert not OPENAPI_VALIDATOR.is_valid(broken)


def test_every_reference_leads_somewhere_and_every_path_declares_its_parameters(description: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref":"#/([^"]+)"', json.dumps(description, separators=(",", ":"))))
    assert len(references) > 100
    for reference in references:
        found: Any = description
        for step in reference.split("/"):
            found = found[step]
    for path, operations_of_path in description["paths"].items():
        for operation in operations_of_path.values():
            declared = {one["name"] for one in operation["parameters"] if one.get("in") == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path)), path


def test_every_route_is_described_and_nothing_else(description: dict[str, Any]) -> None:
    described = {operation["operationId"].partition("__")[0] for operation in operations(description)}

    assert described == {route.name for route in ROUTES.routes}


def test_every_entity_has_its_own_paths(description: dict[str, Any], shop: Works) -> None:
    entities = [one["key"] for one in shop.client("owner").get("/meta").json()["entities"]]

    assert {"item", "sales_order"} <= set(entities)
    for entity in entities:
        assert {"get", "post"} <= set(description["paths"][f"/records/{entity}"])
        assert {"get", "patch", "delete"} <= set(description["paths"][f"/records/{entity}/{{record_id}}"])


def test_equal_definitions_make_equal_bytes(shop_template: Path, tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        with opened(copy_shop(shop_template, tmp_path / name)) as works:
            found.append(works.client("owner").get("/openapi.json").content)

    assert found[0] == found[1]


def test_examples_are_what_their_schemas_say(description: dict[str, Any]) -> None:
    checked = 0
    for operation in operations(description):
        media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        if "example" in media:
            schema = {**media["schema"], "components": description["components"]}
            errors = [str(one.message) for one in jsonschema_rs.validator_for(schema).iter_errors(media["example"])]
            assert errors == [], operation["operationId"]
            checked += 1

    assert checked > 30


def test_a_schema_names_what_must_be_sent_and_what_is_computed(description: dict[str, Any]) -> None:
    content = description["components"]["schemas"]["sales_order.content"]

    assert "customer" in content["required"]
    assert "amount" not in content["properties"]  # a formula
    assert "amount" in description["components"]["schemas"]["sales_order"]["properties"]


def test_whoever_has_the_description_need_not_load_it_again(shop: Works) -> None:
    client = shop.client("owner")
    tag = client.get("/openapi.json").headers["etag"]

    again = client.get("/openapi.json", headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


def operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in description["paths"].values() for operation in path.values()]
