"""How logins and role keys are written; what a token's scopes allow."""

import pytest

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.identity import errors
from zhangshi.identity.model import OWNER, Person
from zhangshi.identity.service.keys import csrf_fits, csrf_of, digest_of
from zhangshi.identity.service.words import checked_login, checked_name, checked_roles


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Li.Ming", "li.ming"),
        (" LI ", "li"),
        ("ＬＩ", "li"),
        ("李明", "李明"),
        ("a@b-c_d", "a@b-c_d"),
        ("Straße", "strasse"),
    ],
)
def test_a_login_is_stored_in_one_way(written: str, stored: str) -> None:
    assert checked_login(written) == stored
    assert checked_login(stored) == stored


@pytest.mark.parametrize("login", ["", "  ", "li ming", "li\nming", "a/b", "x" * 65, "zhangshi", "CLI", "<b>", "a'--"])
def test_a_login_that_would_confuse_is_refused(login: str) -> None:
    with pytest.raises(ZhangshiError, match="bad_login"):
        checked_login(login)


def test_names_lose_blanks_and_may_not_be_empty() -> None:
    assert checked_name(" 李明 ") == "李明"
    with pytest.raises(ZhangshiError, match="name_missing"):
        checked_name(" \n")


@pytest.mark.parametrize("role", ["", "Owner", "1a", "a b", "仓管", "a" * 65, "a-b"])
def test_a_role_is_a_key(role: str) -> None:
    with pytest.raises(ZhangshiError, match="bad_role"):
        checked_roles(["fine", role])
    assert checked_roles(["buyer", "buyer"]) == {"buyer"}


@pytest.mark.parametrize(
    ("scopes", "entity", "action", "allowed"),
    [
        (None, "item", "delete", True),
        ((), "item", "read", False),
        (("item:read",), "item", "read", True),
        (("item:read",), "item", "edit", False),
        (("item:read",), "item.line", "read", False),
        (("*:read",), "sales_order", "read", True),
        (("*:read",), "sales_order", "reads", False),
        (("*:*",), "anything", "at_all", True),
        (("sales_*:*",), "sales_order", "approve", True),
        (("sales_*:*",), "presales_order", "approve", False),
    ],
)
def test_scopes_narrow(scopes: tuple[str, ...] | None, entity: str, action: str, allowed: bool) -> None:
    person = Person(1, "li", "李", roles=frozenset({OWNER}), scopes=scopes)
    assert person.may_token(entity, action) is allowed


def test_the_word_of_a_page_fits_its_own_session_only() -> None:
    assert csrf_fits("secret", csrf_of("secret"))
    for given in ("", csrf_of("other"), digest_of("secret"), "secret", "é"):
        assert not csrf_fits("secret", given)


def test_every_refusal_says_in_both_languages_what_to_do() -> None:
    codes = [value for value in vars(errors).values() if isinstance(value, ErrorCode)]
    assert len(codes) > 20
    for code in codes:
        assert code.code.startswith("identity.")
        assert "请" in code.zh, code.code
        assert len(code.en.replace(": ", ". ").split(". ")) > 1, code.code
