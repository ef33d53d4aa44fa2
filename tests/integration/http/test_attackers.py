"""What somebody tries who means harm, or whose program is broken: a named problem, and nothing changed."""

import json
from typing import Any

import pytest

from tests.http_client import Client, refused
from tests.integration.http.goods import add_item, first, made, order
from tests.integration.http.works import Works
from tests.integration.identity.office import PASSWORD
from zhangshi.http.limits import Limits, Rate

REASON = {"number": "EVIL", "name": "x", "usage": "reject"}


def test_a_person_without_roles_sees_and_writes_nothing(untouched: Works) -> None:
    clerk = untouched.client("clerk")

    refused(clerk.get("/records/item"), 403, "records.forbidden")
    refused(clerk.post("/records/reason_code", REASON), 403, "records.forbidden")
    refused(clerk.get("/meta/entities/item"), 403, "records.forbidden")
    refused(clerk.get("/stock/on-hand"), 403, "records.forbidden")
    refused(clerk.get("/definitions"), 403, "http.not_allowed")
    refused(clerk.get("/audit"), 403, "http.not_allowed")
    refused(clerk.post("/packs", {"pack": "core"}), 403, "http.not_allowed")
    refused(clerk.post("/people", {"login": "evil", "name": "x"}), 403, "http.not_allowed")
    refused(clerk.get("/jobs", params={"all": "true"}), 403, "http.not_allowed")
    assert clerk.get("/meta").json()["entities"] == []


def test_a_colleague_of_another_role_cannot_approve(shop: Works) -> None:
    shop.add("keeper", ["storekeeper"])
    draft = order(shop.client("owner"))
    path = f"/records/sales_order/{draft['id']}"
    keeper = shop.client("keeper")

    refused(keeper.post(f"{path}/transitions/approve", version=draft["version"]), 403, "records.forbidden")
    refused(keeper.patch(path, {"remark": "x"}, version=draft["version"]), 403, "records.forbidden")
    refused(keeper.delete(path, version=draft["version"]), 403, "records.forbidden")
    refused(keeper.get("/records/sales_order/export"), 403, "records.forbidden")

    assert shop.client("owner").get(path).json()["state"] == "draft"


def test_a_hidden_price_is_found_by_no_filter_sort_or_total(shop: Works) -> None:
    shop.add("keeper", ["storekeeper"])
    order(shop.client("owner"))
    keeper = shop.client("keeper")

    assert keeper.get("/records/sales_order").json()["rows"]
    assert "amount" not in keeper.get("/records/sales_order").text
    assert keeper.get("/records/sales_order", params={"filter": "amount > 0"}).json()["rows"] == []
    assert keeper.get("/records/sales_order", params={"sort": "amount"}).json()["rows"] == []
    totals = keeper.get("/records/sales_order", params={"totals": "amount"}).json()["totals"]
    assert "150" not in json.dumps(totals)


def test_without_the_word_of_the_page_no_write_passes(untouched: Works) -> None:
    owner = untouched.client("owner")
    for method, path in (("POST", "/records/reason_code"), ("PATCH", "/records/item/1"), ("DELETE", "/records/item/1")):
        answer = owner.request(method, path, REASON, version=1, headers={"X-CSRF-Token": "guessed"})
        refused(answer, 403, "http.csrf_refused")


def test_the_same_key_with_another_body_is_refused(shop: Works) -> None:
    owner = shop.client("owner")
    made(owner.post("/records/reason_code", {**REASON, "number": "K1"}, key="once"))

    refused(owner.post("/records/reason_code", {**REASON, "number": "K2"}, key="once"), 409, "platform.key_reused")
    refused(owner.post("/departments", {"code": "A", "name": "B"}, key="once"), 409, "platform.key_reused")

    found = owner.get("/records/reason_code", params={"filter": 'number = "K2"'}).json()["rows"]
    assert found == []


def test_two_people_may_by_chance_use_the_same_key(shop: Works) -> None:
    shop.add("other", ["owner"])
    for login, number in (("owner", "C1"), ("other", "C2")):
        made(shop.client(login).post("/records/reason_code", {**REASON, "number": number}, key="by-chance"))


def test_a_token_does_what_its_scopes_say_and_no_more(shop: Works) -> None:
    owner = shop.client("owner")
    item = add_item(owner)
    token = made(owner.post("/tokens", {"name": "gun", "scopes": ["item:read"]}))["token"]
    machine = Client(shop.transport(), token=token)

    assert machine.get(f"/records/item/{item['id']}").status_code == 200
    refused(machine.patch(f"/records/item/{item['id']}", {"spec": "x"}, version=1), 403, "records.forbidden")
    refused(machine.get("/records/partner"), 403, "records.forbidden")
    refused(machine.get("/definitions"), 403, "http.not_allowed")
    for path, code in (("/people", "token_scope"), ("/departments", "token_scope"), ("/tokens", "session_only")):
        refused(machine.get(path), 403, f"identity.{code}")
    refused(machine.get("/me/sessions"), 403, "identity.session_only")
    refused(machine.post("/people", {"login": "evil", "name": "x"}), 403, "http.not_allowed")
    refused(machine.post("/tokens", {"name": "more", "scopes": ["*:*"]}), 403, "identity.session_only")
    assert made(owner.get(f"/records/item/{item['id']}")).get("spec") is None

    token_id = owner.get("/tokens").json()["tokens"][0]["id"]
    assert owner.delete(f"/tokens/{token_id}").status_code == 204
    refused(machine.get("/records/item"), 401, "identity.token_refused")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "..\\..\\x.txt", 'a"; filename="b.txt', "a\r\nSet-Cookie: x.txt"]
)
def test_a_file_name_stays_a_name(shop: Works, name: str) -> None:
    owner = shop.client("owner")
    sent = owner.request("POST", "/files", files={"file": (name, b"hello", "text/plain")})
    assert sent.status_code == 201, sent.text

    answer = owner.get(f"/files/{sent.json()['id']}")

    assert answer.content == b"hello"
    assert not {"/", "\\"} & set(sent.json()["name"])
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert answer.headers["content-disposition"].count('"') == 2


def test_a_page_in_disguise_is_not_served_as_one(shop: Works) -> None:
    owner = shop.client("owner")

    for name, content in (("a.html", b"<script>1</script>"), ("a.png", b"<script>1</script>"), ("a.svg", b"<svg/>")):
        sent = owner.request("POST", "/files", files={"file": (name, content, "image/png")})
        if sent.status_code == 201:
            answer = owner.get(f"/files/{sent.json()['id']}")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]
            assert answer.headers["content-disposition"].startswith("attachment")
        else:
            refused(sent, 415, sent.json()["code"])


def test_somebody_elses_upload_is_not_there(shop: Works) -> None:
    sent = made(shop.client("owner").request("POST", "/files", files={"file": ("a.txt", b"secret", "text/plain")}))

    refused(shop.client("clerk").get(f"/files/{sent['id']}"), 404, "records.unknown_file")
    refused(shop.client("clerk").get(f"/files/{sent['id']}/about"), 404, "records.unknown_file")


def test_every_answer_carries_safe_headers(untouched: Works) -> None:
    owner = untouched.client("owner")
    for answer in (owner.get("/me"), owner.get("/nowhere"), owner.get("/records/item/0"), owner.post("/me")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-request-id"]


def test_guessing_passwords_from_one_address_is_slowed_down(shop_template: Any, tmp_path: Any) -> None:
    from tests.integration.http.shop import copy_shop, opened  # noqa: PLC0415 - only here

    limits = Limits(sign_in=Rate(burst=3, per_minute=6), write=Rate(burst=2, per_minute=60))
    with opened(copy_shop(shop_template, tmp_path), limits=limits) as works:
        stranger = works.stranger("10.0.0.9")
        answers = [stranger.post("/sign-in", {"login": f"u{n}", "password": "guess"}, key="") for n in range(4)]
        assert [one.status_code for one in answers] == [401, 401, 401, 429]
        assert answers[3].headers["retry-after"] == "10"
        assert works.stranger("10.0.0.10").sign_in("clerk", PASSWORD).get("/me").status_code == 200

        owner = Client(works.transport("10.0.0.11")).sign_in("owner", PASSWORD)
        first(owner, "unit")
        found = [owner.post("/records/reason_code", {**REASON, "number": f"R{n}"}).status_code for n in range(3)]
        assert found == [201, 201, 429]


def test_a_full_queue_says_when_to_come_again(shop_template: Any, tmp_path: Any) -> None:
    from tests.integration.http.shop import copy_shop, opened  # noqa: PLC0415 - only here

    with opened(copy_shop(shop_template, tmp_path), waiting_max=0) as works:
        owner = works.client("owner")
        before = works.fingerprint()
        for name in ("write", "read"):
            works.lanes._lanes[name]._places = 0  # as if all threads were busy

        answer = owner.post("/records/reason_code", REASON)

        refused(answer, 503, "http.busy")
        assert answer.headers["retry-after"] == "2"
        assert works.fingerprint() == before
