"""Nothing happens twice: every write of the API, sent twice under one key, is done once and answered the same."""

import httpx
import pytest

from tests.http_client import refused
from tests.integration.http.wishes import WISHES, Wish
from tests.integration.http.works import Works
from tests.integration.identity.office import PASSWORD
from zhangshi.http.routes.all import ROUTES

WRITES = sorted(route.name for route in ROUTES.routes if route.writes)
SIGNS_OUT = {"sign_out", "sign_out_everywhere"}


def send(works: Works, wish: Wish, key: str) -> httpx.Response:
    """Send a write; who was signed out by it has a second browser with the same person."""
    client = works.client(wish.login)
    return client.request(
        wish.method,
        wish.path,
        wish.body,
        key=key,
        version=wish.version,
        files=wish.files,
        params=wish.params,
        data=wish.form,
    )


def test_every_write_of_the_application_is_tried() -> None:
    assert set(WISHES) == set(WRITES)
    assert len(WRITES) > 30


def test_what_changes_something_without_a_key_says_why() -> None:
    without = {route.name for route in ROUTES.routes if route.changes and not route.writes}

    assert all(route.keyless_reason for route in ROUTES.routes if route.name in without)
    assert without == {
        "sign_in", "change_password",  # judged each time
        "preview_record", "fill_record", "choices_for", "propose_conversion",
        "plan_definitions", "plan_pack", "plan_removal",
    }  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_a_write_sent_twice_is_done_once(shop: Works, name: str) -> None:
    shop.client("owner")
    wish = WISHES[name](shop)
    before = shop.fingerprint()

    one = send(shop, wish, "the-same")
    assert one.status_code < 300, one.text
    after = shop.fingerprint()
    assert after != before
    if name in SIGNS_OUT:
        shop.client(wish.login).sign_in(wish.login, PASSWORD)
        after = shop.fingerprint()
    other = send(shop, wish, "the-same")

    if wish.secret:
        refused(other, 409, "identity.secret_shown_before")
    else:
        assert (other.status_code, other.content) == (one.status_code, one.content)
    assert shop.fingerprint() == after


@pytest.mark.parametrize("name", WRITES)
def test_a_write_without_a_key_is_not_done(shop: Works, name: str) -> None:
    shop.client("owner")
    wish = WISHES[name](shop)
    before = shop.fingerprint()

    refused(send(shop, wish, ""), 400, "http.key_missing")

    assert shop.fingerprint() == before
