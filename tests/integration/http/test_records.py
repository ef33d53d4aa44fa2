"""Records over HTTP: written, read, moved on, found; stock follows."""

from tests.http_client import refused
from tests.integration.http.goods import add_item, first, made, order, posted_receipt, receipt, warehouse
from tests.integration.http.works import Works


def test_a_record_is_created_read_changed_and_deleted(shop: Works) -> None:
    client = shop.client("owner")
    item = add_item(client, "六角螺母")
    path = f"/records/item/{item['id']}"

    shown = client.get(path)
    assert shown.headers["etag"] == f'"{item["version"]}"'
    assert shown.json()["name"] == "六角螺母"
    changed = made(client.patch(path, {"spec": "M8×20"}, version=item["version"]))
    assert client.get(path).json()["spec"] == "M8×20"
    assert made(client.delete(path, version=changed["version"]))["id"] == item["id"]
    refused(client.get(path), 404, "records.not_found")


def test_an_answer_to_a_creation_says_where_the_record_is(shop: Works) -> None:
    client = shop.client("owner")

    answer = client.post("/records/reason_code", {"number": "X1", "name": "测试", "usage": "reject"})

    assert answer.status_code == 201
    assert client.http.get(answer.headers["location"].removeprefix("/api/v1")).json()["number"] == "X1"


def test_create_and_approve_is_one_call(shop: Works) -> None:
    saved = order(shop.client("owner"), transition="approve")

    assert saved["state"] == "approved"


def test_everything_that_is_wrong_is_named_with_its_place(shop: Works) -> None:
    client = shop.client("owner")
    content = {"due_on": "2026-01-01", "lines": [{"item": "999999", "quantity": "-1"}, {"quantity": "1.23456789"}]}

    problem = refused(client.post("/records/sales_order", content), 422, "records.invalid")

    paths = {one["path"] for one in problem["problems"]}
    assert {"customer", "lines[1].item", "lines[2].item", "lines[2].quantity"} <= paths
    assert all(one["message"] and one["code"] for one in problem["problems"])


def test_a_stale_version_changes_nothing(shop: Works) -> None:
    client = shop.client("owner")
    item = add_item(client)
    path = f"/records/item/{item['id']}"
    made(client.patch(path, {"spec": "one"}, version=item["version"]))

    refused(client.patch(path, {"spec": "two"}, version=item["version"]), 412, "records.changed_meanwhile")
    refused(client.patch(path, {"spec": "two"}), 428, "http.version_missing")
    refused(client.delete(path, version=item["version"]), 412, "records.changed_meanwhile")

    assert client.get(path).json()["spec"] == "one"


def test_a_dry_run_answers_and_leaves_nothing(shop: Works) -> None:
    client = shop.client("owner")
    content = {"number": "X9", "name": "只是试试", "usage": "reject"}

    answer = client.post("/records/reason_code", content, params={"dry_run": "true"}, key="")

    assert answer.status_code == 201, answer.text
    assert client.get("/records/reason_code", params={"filter": 'number = "X9"'}).json()["rows"] == []


def test_posting_moves_stock_and_taking_back_returns_it(shop: Works) -> None:
    client = shop.client("owner")
    posted = posted_receipt(client, quantity="500")
    item = client.get(f"/records/other_receipt/{posted['id']}").json()["lines"][0]["item"]
    assert len(posted["postings"]) == 1

    rows = client.get("/stock/on-hand", params={"items": item["id"]}).json()["rows"]
    assert [(row["item"]["number"], row["quantity"], row["available"]) for row in rows] == [
        (item["number"], "500", "500")
    ]
    back = client.post(f"/records/other_receipt/{posted['id']}/transitions/unpost", version=posted["version"])
    assert made(back)["state"] == "draft"
    assert client.get("/stock/on-hand", params={"items": item["id"]}).json()["rows"] == []


def test_the_ledger_card_and_the_day_agree(shop: Works) -> None:
    client = shop.client("owner")
    posted = posted_receipt(client, quantity="10", unit_cost="0.8")
    item = client.get(f"/records/other_receipt/{posted['id']}").json()["lines"][0]["item"]["id"]

    card = client.get("/stock/card", params={"item": item}).json()
    day = client.get("/stock/as-of", params={"item": item}).json()

    assert [(row["quantity"], row["amount"], row["balance_amount"]) for row in card["rows"]] == [("10", "8", "8")]
    assert card["rows"][0]["source"] == {"entity": "other_receipt", "id": posted["id"]}
    assert [(one["quantity"], one["amount"]) for one in day["values"]] == [("10", "8")]
    assert [one["quantity"] for one in day["balances"]] == ["10"]
    assert client.get("/audit").json()["clean"] is True


def test_what_it_is_worth_is_seen_by_whom_it_concerns(shop: Works) -> None:
    shop.add("keeper", ["storekeeper"])
    posted = posted_receipt(shop.client("owner"), quantity="10")
    keeper = shop.client("keeper")
    item = keeper.get(f"/records/other_receipt/{posted['id']}").json()["lines"][0]["item"]["id"]

    card = keeper.get("/stock/card", params={"item": item}).json()
    day = keeper.get("/stock/as-of", params={"item": item}).json()

    assert [row["quantity"] for row in card["rows"]] == ["10"]
    assert "amount" not in card["rows"][0]
    assert day["values"] == []
    assert keeper.get("/stock/work-in-progress").json()["rows"] == []


def test_a_list_is_filtered_sorted_and_paged(shop: Works) -> None:
    client = shop.client("owner")
    for name in ("乙", "甲", "丙"):
        add_item(client, f"垫片{name}", drawing_no=f"D-{name}")
    params = {"filter": 'drawing_no <> ""', "sort": "-id", "limit": 2, "fields": "number,name", "count": "true"}

    page = client.get("/records/item", params=params).json()
    rest = client.get("/records/item", params={**params, "cursor": page["next_cursor"]}).json()

    assert [row["name"] for row in (*page["rows"], *rest["rows"])] == ["垫片丙", "垫片甲", "垫片乙"]
    assert (page["count"], rest["next_cursor"]) == (3, None)


def test_a_conversion_is_proposed_made_and_seen_in_the_chain(shop: Works) -> None:
    client = shop.client("owner")
    source = order(client, quantity="100", transition="approve")
    sources = [{"record": source["id"]}]
    offered = client.get(f"/records/sales_order/{source['id']}/conversions").json()["conversions"]
    assert "sales_order_to_delivery" in {one["conversion"] for one in offered}

    proposal = made(client.post("/conversions/sales_order_to_delivery/propose", {"sources": sources}, key=""))
    assert [row["quantity"] for row in proposal["content"]["lines"]] == ["100"]
    target = made(client.post("/conversions/sales_order_to_delivery", {"sources": sources}))

    chain = client.get(f"/records/delivery/{target['id']}/chain").json()
    assert {(node["entity"], node["id"]) for node in chain["nodes"]} == {
        ("sales_order", source["id"]),
        ("delivery", target["id"]),
    }


def test_a_batch_does_what_it_can_or_all_or_nothing(shop: Works) -> None:
    client = shop.client("owner")
    good = {"kind": "create", "content": {"number": "B1", "name": "好", "usage": "reject"}}
    bad = {"kind": "create", "content": {"number": "B2", "usage": "reject"}}

    each = made(client.post("/records/reason_code/batch", {"operations": [good, bad]}))
    refused(
        client.post("/records/reason_code/batch", {"operations": [good, bad], "mode": "all"}), 422, "records.invalid"
    )

    assert ["saved" in one for one in each["results"]] == [True, False]
    assert each["results"][1]["refused"]["code"] == "records.invalid"


def test_a_preview_computes_and_writes_nothing(shop: Works) -> None:
    client = shop.client("owner")
    item = add_item(client)
    content = {"lines": [{"item": item["id"], "quantity": "3", "price": "1.5"}]}

    found = made(client.post("/records/sales_order/preview", content, key=""))

    assert (found["content"]["amount"], found["content"]["lines"][0]["amount"]) == ("4.5", "4.5")
    assert "customer" in {one["path"] for one in found["problems"]}
    assert client.get("/records/sales_order").json()["rows"] == []


def test_choices_comments_audit_copy_and_search(shop: Works) -> None:
    client = shop.client("owner")
    draft = receipt(client)
    path = f"/records/other_receipt/{draft['id']}"

    assert made(client.post(f"{path}/comments", {"text": "请核对 @clerk"}))["id"]
    assert [one["text"] for one in client.get(f"{path}/comments").json()["comments"]] == ["请核对 @clerk"]
    assert client.get(f"{path}/audit").json()["entries"]
    assert client.get(f"{path}/copy").json()["content"]["reason"] == "盘盈"
    found = client.get("/records/other_receipt/choices", params={"field": "lines.item", "text": "铜"}).json()
    assert [one["name"] for one in found["choices"]] == ["铜垫圈"]
    hits = client.get("/search", params={"text": "td"}).json()["hits"]  # the initials of 铜垫
    assert "item" in {one["entity"] for one in hits}


def test_the_renderer_gets_an_entity_without_what_its_person_may_not_see(shop: Works) -> None:
    shop.add("keeper", ["storekeeper"])
    seen = {}
    for login in ("owner", "keeper"):
        entity = shop.client(login).get("/meta/entities/sales_order").json()
        seen[login] = {one["key"] for table in (entity["header"], *entity["tables"]) for one in table["fields"]}
        assert "price" not in str(entity["constraints"]) or login == "owner"

    assert seen["owner"] - seen["keeper"] >= {"price", "amount", "untaxed", "tax"}
    assert {"customer", "quantity"} <= seen["keeper"]


def test_an_export_is_a_sheet_of_what_the_list_shows(shop: Works) -> None:
    client = shop.client("owner")
    add_item(client, "销钉")

    answer = client.get("/records/item/export", params={"format": "csv", "columns": "number,name"})

    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    assert "销钉" in answer.content.decode("utf-8-sig")


def test_a_warehouse_is_a_place_of_the_ledger(shop: Works) -> None:
    client = shop.client("owner")
    place = warehouse(client)
    posted_receipt(client, quantity="7")

    rows = client.get("/stock/balances", params={"location": place["id"]}).json()["rows"]

    assert [(row["location"]["number"], row["quantity"], row["status"]) for row in rows] == [
        (first(client, "location", ids=place["id"])["number"], "7", "available")
    ]
