"""What a broken program sends, or one that was made to break ours: a named problem, and nothing changed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.http_client import refused
from tests.integration.http.works import Works
from zhangshi.http.limits import MEGABYTE

REASON = {"number": "EVIL", "name": "x", "usage": "reject"}


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
