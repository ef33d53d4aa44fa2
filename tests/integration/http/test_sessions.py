"""Signing in over HTTP: the cookie, the word, who is told what."""

from datetime import timedelta

from tests.clocks import SettableClock
from tests.http_client import refused
from tests.integration.http.works import Works
from tests.integration.identity.office import PASSWORD


def test_a_session_is_a_cookie_that_no_script_reads_and_a_word_that_no_other_site_knows(works: Works) -> None:
    client = works.stranger()

    answer = client.post("/sign-in", {"login": "clerk", "password": PASSWORD}, key="")

    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("zs_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie  # this test speaks plain HTTP
    secret = cookie.split("=", 1)[1].split(";")[0]
    assert secret not in answer.text
    me = client.get("/me").json()
    assert me["person"]["login"] == "clerk"
    assert me["csrf"] == answer.json()["csrf"]


def test_under_tls_the_cookie_never_travels_in_the_clear(works: Works) -> None:
    answer = works.stranger().http.post(
        "https://zhangshi.test/api/v1/sign-in", json={"login": "clerk", "password": PASSWORD}
    )

    assert "; Secure" in answer.headers["set-cookie"]


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(works: Works) -> None:
    client = works.stranger()

    answers = [
        client.post("/sign-in", {"login": login, "password": password}, key="", headers={"Accept-Language": "en"})
        for login, password in (("clerk", "not the password"), ("nobody", PASSWORD))
    ]

    one, other = (refused(answer, 401, "identity.sign_in_refused") for answer in answers)
    assert {**one, "instance": ""} == {**other, "instance": ""}
    assert one["detail"].startswith("You are not signed in")
    assert "set-cookie" not in answers[0].headers


def test_without_a_session_nothing_is_shown(works: Works) -> None:
    refused(works.stranger().get("/people"), 401, "identity.session_over")


def test_a_forged_cookie_and_a_forged_token_open_nothing(works: Works) -> None:
    client = works.stranger()
    refused(client.get("/me", headers={"Cookie": "zs_session=" + "A" * 43}), 401, "identity.session_over")
    refused(client.get("/me", headers={"Authorization": "Bearer zst_forged"}), 401, "identity.token_refused")


def test_a_write_without_the_word_is_refused_and_does_nothing(works: Works) -> None:
    client = works.client("owner")
    department = {"code": "CK", "name": "仓库"}

    refused(client.post("/departments", department, headers={"X-CSRF-Token": ""}), 403, "http.csrf_refused")
    refused(client.post("/departments", department, headers={"X-CSRF-Token": "guess"}), 403, "http.csrf_refused")

    assert client.get("/departments").json() == {"departments": []}


def test_signing_out_ends_the_session_here_and_everywhere(works: Works) -> None:
    here, there = (works.stranger().sign_in("clerk", PASSWORD) for _ in range(2))
    cookie = {"Cookie": f"zs_session={here.http.cookies['zs_session']}"}

    assert here.post("/sign-out").status_code == 204
    refused(works.stranger().get("/me", headers=cookie), 401, "identity.session_over")
    assert there.get("/me").status_code == 200
    assert there.post("/sign-out-everywhere").status_code == 204
    refused(there.get("/me"), 401, "identity.session_over")


def test_a_session_ends_after_a_shift_without_use(works: Works, clock: SettableClock) -> None:
    client = works.stranger().sign_in("clerk", PASSWORD)
    assert client.get("/me").status_code == 200

    clock.advance(timedelta(hours=13))

    refused(client.get("/me"), 401, "identity.session_over")


def test_whoever_got_a_password_from_somebody_changes_it_first(works: Works) -> None:
    owner = works.client("owner")
    made = owner.post("/people", {"login": "new", "name": "新来的"}).json()
    client = works.stranger().sign_in("new", made["password"])

    refused(client.get("/people"), 403, "identity.must_change_password")
    changed = client.post("/me/password", {"old": made["password"], "new": "seven copper washers"}, key="")
    assert changed.status_code == 204
    assert client.get("/people").status_code == 200


def test_errors_are_told_in_the_persons_language(works: Works) -> None:
    works.add("john", language="en")

    zh = refused(works.client("clerk").get("/people/1"), 403, "http.not_allowed")
    en = refused(works.client("john").get("/people/1", headers={"Accept-Language": "zh"}), 403, "http.not_allowed")

    assert "权限" in zh["detail"]
    assert "You may not" in en["detail"]
