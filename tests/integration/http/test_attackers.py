"""What somebody tries who means harm, or whose program is broken: a named problem, and nothing changed."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.http_client import Client, refused
from tests.integration.http.goods import add_item, first, made, order
from tests.integration.http.works import Works
from tests.integration.identity.office import PASSWORD
from zhangshi.http.limits import MEGABYTE, Limits, Rate


@pytest.fixture
def untouched(shop: Works) -> Iterator[Works]:
    """A shop of which not one row changes while the test runs."""
    shop.client("owner"), shop.client("clerk")
    before = fingerprint(shop)
    yield shop
    assert fingerprint(shop) == before


def fingerprint(works: Works) -> dict[str, str]:
    """Return a digest of every table."""
    with works.company.read() as session:
        ask = session.core.exec_driver_sql
        tables = [row[0] for row in ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {
            table: hashlib.sha256(
                repr(sorted(map(repr, ask(f"SELECT * FROM {table}").fetchall()))).encode()
            ).hexdigest()
            for table in tables
        }


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


@pytest.mark.parametrize("key", ["", " ", "x" * 121, "schlüssel".encode(), b"a\tb", "a b"])
def test_a_write_needs_a_proper_key(untouched: Works, key: Any) -> None:
    answer = untouched.client("owner").post("/records/reason_code", REASON, key="", headers={"Idempotency-Key": key})

    refused(answer, 400, "http.key_missing" if not key.strip() else "http.bad_key")


def test_a_huge_body_is_refused_before_it_is_read_or_decoded(untouched: Works) -> None:
    owner = untouched.client("owner")
    huge = {**REASON, "name": "x" * (6 * MEGABYTE)}
    refused(owner.post("/records/reason_code", huge), 413, "http.body_too_large")

    def endless() -> Iterator[bytes]:
        for _ in range(80):
            yield b" " * (MEGABYTE // 10)

    headers = {"Content-Type": "application/json"}
    answer = owner.request("POST", "/records/reason_code", headers=headers, content=endless())
    refused(answer, 413, "http.body_too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 50_000,
        b'{"name":' * 3000 + b"1" + b"}" * 3000,
        b'{"name": ' + b"[" * 60 + b"]" * 60 + b"}",
        b'{"name": "\\u0000"}',
        b'{"name": "\\udc00"}',
        b'{"name": 1e99999}',
        b"\x00",
        b"not json",
        b"[]",
        b"null",
    ],
)
def test_a_body_made_to_break_the_reader_breaks_nothing(untouched: Works, body: bytes) -> None:
    owner = untouched.client("owner")
    for path in ("/records/reason_code", "/departments"):
        answer = owner.request("POST", path, headers={"Content-Type": "application/json"}, content=body)
        refused(answer, 400, "http.bad_json")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_of_another_site_is_no_json(untouched: Works, media_type: str) -> None:
    owner = untouched.client("owner")
    content = json.dumps(REASON).encode()

    answer = owner.request("POST", "/records/reason_code", headers={"Content-Type": media_type}, content=content)

    refused(answer, 415, "http.not_json")
    signed_in = untouched.stranger().http.post("/sign-in", headers={"Content-Type": media_type}, content=content)
    refused(signed_in, 415, "http.not_json")


@pytest.mark.parametrize(
    "path",
    [
        "/records/..%2F..%2Fetc%2Fpasswd",
        "/records/item%00",
        "/records/item/..%5C..%5Cx",
        "/records/item/1%0d%0aSet-Cookie:%20a=b",
        "/records/item/-1",
        "/records/item/99999999999999999999",
        "/records/item/1e3",
        "/records/item/1'%20OR%20'1'='1",
        "/records/item;DROP TABLE item",
        "/meta/entities/__class__",
        "/definitions/schema/..%2Fpack",
        "/files/..%2F..%2Fcompanies.toml",
        "/packs/..%2F..%2Ftmp/plan-removal",
        "/nowhere",
    ],
)
def test_a_path_made_up_leads_nowhere(untouched: Works, path: str) -> None:
    answer = untouched.client("owner").get(path)

    assert answer.status_code in (400, 404, 405), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "-1"}, "http.bad_parameter"),
        ({"limit": "1e9"}, "http.bad_parameter"),
        ({"limit": "100000"}, "records.bad_limit"),
        ({"nonsense": "1"}, "http.unknown_parameter"),
        ({"filter": "__import__('os')"}, None),
        ({"filter": "1; DROP TABLE item"}, None),
        ({"filter": "x" * 9000}, "http.bad_parameter"),
        ({"sort": "name;--"}, None),
        ({"fields": "password"}, None),
        ({"cursor": "AAAA"}, "records.bad_cursor"),
        ({"filter": "\x00"}, "http.bad_parameter"),
        ({"ids": "1,x"}, "http.bad_parameter"),
    ],
)
def test_a_question_made_up_is_refused_by_name(untouched: Works, query: dict[str, str], code: str | None) -> None:
    answer = untouched.client("owner").get("/records/item", params=query)

    assert 400 <= answer.status_code < 500, answer.text
    assert code in (None, answer.json()["code"])


def test_a_parameter_said_twice_is_not_guessed_at(untouched: Works) -> None:
    refused(untouched.client("owner").get("/records/item?limit=1&limit=2"), 400, "http.bad_parameter")


@pytest.mark.parametrize(("method", "path"), [("PUT", "/records/item"), ("DELETE", "/me"), ("PATCH", "/sign-in")])
def test_a_method_that_is_not_taken_says_which_are(untouched: Works, method: str, path: str) -> None:
    answer = untouched.client("owner").request(method, path)

    problem = refused(answer, 405, "http.method_not_allowed")
    assert answer.headers["allow"] == problem["facts"]["allowed"]
    assert method not in answer.headers["allow"].split(", ")


def test_a_company_that_is_not_there_is_not_opened(untouched: Works) -> None:
    for key in ("other", "../test", "a" * 500):
        answer = untouched.client("owner").get("/me", headers={"X-Company": key})
        refused(answer, 404, "platform.unknown_company")


def test_a_token_does_what_its_scopes_say_and_no_more(shop: Works) -> None:
    owner = shop.client("owner")
    item = add_item(owner)
    token = made(owner.post("/tokens", {"name": "gun", "scopes": ["item:read"]}))["token"]
    machine = Client(shop.transport(), token=token)

    assert machine.get(f"/records/item/{item['id']}").status_code == 200
    refused(machine.patch(f"/records/item/{item['id']}", {"spec": "x"}, version=1), 403, "records.forbidden")
    refused(machine.get("/records/partner"), 403, "records.forbidden")
    refused(machine.get("/definitions"), 403, "http.not_allowed")
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
    assert "/" not in sent.json()["name"] and "\\" not in sent.json()["name"]
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
        before = fingerprint(works)
        for name in ("write", "read"):
            works.lanes._lanes[name]._places = 0  # as if all threads were busy

        answer = owner.post("/records/reason_code", REASON)

        refused(answer, 503, "http.busy")
        assert answer.headers["retry-after"] == "2"
        assert fingerprint(works) == before
