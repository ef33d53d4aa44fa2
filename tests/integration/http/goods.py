"""Goods and papers made over HTTP, for tests that need something to work on."""

import itertools
from typing import Any

import httpx

from tests.http_client import Client

_customers = itertools.count(1)


def made(answer: httpx.Response) -> dict[str, Any]:
    """Assert that a write was done; return its answer."""
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


def first(client: Client, entity: str, **params: Any) -> dict[str, Any]:
    """Return the first record of a list."""
    answer = client.get(f"/records/{entity}", params={"limit": 1, **params})
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    assert rows, f"the shop has no {entity}"
    found: dict[str, Any] = rows[0]
    return found


def add_item(client: Client, name: str = "不锈钢螺栓", **fields: Any) -> dict[str, Any]:
    """Make an item that is counted in pieces."""
    category = first(client, "item_category", filter='tracking = "none"')
    unit = first(client, "unit", filter="quantity_step = 1")
    content = {"name": name, "category": category["id"], "unit": unit["id"], **fields}
    return made(client.post("/records/item", content))


def add_customer(client: Client) -> dict[str, Any]:
    """Make a customer of a name that no other has."""
    return made(client.post("/records/partner", {"name": f"温州永固紧固件{next(_customers)}厂", "is_customer": True}))


def warehouse(client: Client) -> dict[str, Any]:
    """Return a warehouse of the shop."""
    return first(client, "location", filter='kind = "warehouse"')


def order(client: Client, *, quantity: str = "100", transition: str = "") -> dict[str, Any]:
    """Make a sales order of one line."""
    content = {
        "customer": add_customer(client)["id"],
        "due_on": "2026-12-01",
        "warehouse": warehouse(client)["id"],
        "lines": [{"item": add_item(client)["id"], "quantity": quantity, "price": "1.5"}],
    }
    params = {"transition": transition} if transition else None
    return made(client.post("/records/sales_order", content, params=params))


def receipt(client: Client, *, quantity: str = "500", unit_cost: str = "0.8") -> dict[str, Any]:
    """Make an other receipt (其他入库单) of one line, a draft."""
    line = {"item": add_item(client, "铜垫圈")["id"], "quantity": quantity, "unit_cost": unit_cost}
    content = {"warehouse": warehouse(client)["id"], "reason": "盘盈", "lines": [line]}
    return made(client.post("/records/other_receipt", content))


def posted_receipt(client: Client, **facts: str) -> dict[str, Any]:
    """Make an other receipt and post it."""
    draft = receipt(client, **facts)
    path = f"/records/other_receipt/{draft['id']}/transitions"
    submitted = made(client.post(f"{path}/submit", version=draft["version"]))
    return made(client.post(f"{path}/post", version=submitted["version"]))
