"""The page `docs/how-to/add-a-document.md` is enough: its file becomes a form that posts, prints and exports.

Nothing here knows more than the page says: the YAML is cut out of it, published over HTTP while the shop is open, and
used by people whose rights it grants.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.http_client import Client, refused
from tests.integration.http.shop import copy_shop, opened
from tests.integration.http.works import Works

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-document.md"
YAML = next(
    block
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    if "entity: sample_issue" in block
)


@pytest.fixture
def shop(shop_template: Path, tmp_path: Path) -> Iterator[Works]:
    with opened(copy_shop(shop_template, tmp_path)) as made:
        for login, role in (("wang", "sales"), ("zhao", "manager"), ("lin", "storekeeper"), ("sun", "accountant")):
            made.add(login, [role])
        yield made


def publish(owner: Client) -> None:
    assert owner.put("/definitions/entity/sample_issue", {"text": YAML}, version=0).status_code == 200
    plan = owner.post("/definitions/plan", {}).json()
    assert any("d_sample_issue" in str(step) for step in plan["steps"]), "the plan shows the tables"
    answer = owner.post("/definitions/publish", {"plan": plan["digest"], "note": "样品出库单"})
    assert answer.status_code in {200, 202}, answer.text


def masters(owner: Client) -> None:
    for entity, content in (
        ("partner", {"number": "K-001", "name": "安居门业", "is_customer": True}),
        ("item", {"number": "WG-0001", "name": "把手", "category": {"number": "WG"}, "unit": {"number": "pcs"}}),
    ):
        answer = owner.post(f"/records/{entity}", content)
        assert answer.status_code == 201, answer.text
    lines = [{"item": {"number": "WG-0001"}, "quantity": "10", "unit_cost": "8"}]
    stock = owner.post(
        "/records/opening_stock", {"warehouse": {"number": "CP"}, "lines": lines}, params={"transition": "post"}
    )
    assert stock.status_code == 201, stock.text


def on_hand(owner: Client) -> Decimal:
    rows = owner.get("/stock/on-hand").json()["rows"]
    return sum((Decimal(row["quantity"]) for row in rows), Decimal(0))


def move(client: Client, saved: dict[str, str], transition: str) -> dict[str, str]:
    path = f"/records/sample_issue/{saved['id']}"
    version = client.get(path).json()["version"]
    answer = client.post(f"{path}/transitions/{transition}", {}, version=version)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


def test_a_document_written_from_the_page_works_without_a_restart(shop: Works) -> None:
    owner, wang, zhao, lin, sun = (shop.client(login) for login in ("owner", "wang", "zhao", "lin", "sun"))
    masters(owner)
    refused(wang.get("/records/sample_issue"), 404, "records.unknown_entity")

    publish(owner)

    content = {
        "customer": {"number": "K-001"},
        "warehouse": {"number": "CP"},
        "lines": [{"item": {"number": "WG-0001"}, "quantity": "2"}],
    }
    answer = wang.post("/records/sample_issue", content)
    assert answer.status_code == 201, answer.text
    saved = answer.json()
    assert re.fullmatch(r"YP\d{4}0001", saved["number"])
    move(wang, saved, "submit")
    path = f"/records/sample_issue/{saved['id']}"
    version = zhao.get(path).json()["version"]
    refused(wang.post(f"{path}/transitions/approve", {}, version=version), 403, "records.forbidden")
    assert on_hand(owner) == 10
    move(zhao, saved, "approve")
    move(lin, saved, "issue")
    assert on_hand(owner) == 8

    printed = lin.get(f"{path}/print")
    assert printed.status_code == 200, printed.text
    assert printed.headers["content-type"].startswith("text/html")
    for text in ("样品出库单", saved["number"], "安居门业", "把手"):
        assert text in printed.text

    exported = zhao.get("/records/sample_issue/export", params={"format": "csv"})
    assert exported.status_code == 200, exported.text
    assert saved["number"] in exported.content.decode("utf-8-sig")

    refused(sun.get("/records/sample_issue"), 403, "records.forbidden")
    refused(sun.get(f"{path}/print"), 403, "records.forbidden")
    move(lin, saved, "unissue")
    assert on_hand(owner) == 10
