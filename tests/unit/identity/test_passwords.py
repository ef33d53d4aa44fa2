"""Passwords: argon2id, easy ones refused, the same text from every keyboard."""

import threading

import pytest

from tests.integration.identity.office import CHEAP, RepeatableNoise
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import SecretMade
from zhangshi.identity.policy import HashingCost
from zhangshi.identity.service import passwords as module
from zhangshi.identity.service.passwords import Passwords


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(RepeatableNoise(), CHEAP)


def test_only_the_password_itself_fits(passwords: Passwords) -> None:
    stored = passwords.chosen("three brass screws").text
    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert passwords.fits(stored, "three brass screws")
    for other in ("three brass screw", "Three brass screws", "three brass screws ", "", "\0"):
        assert not passwords.fits(stored, other)


def test_two_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert passwords.chosen("three brass screws") != passwords.chosen("three brass screws")


def test_what_is_no_hash_fits_nothing(passwords: Passwords) -> None:
    for broken in ("", "x", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$"):
        assert not passwords.fits(broken, "three brass screws")


def test_nobodys_hash_is_of_todays_cost_and_is_really_computed() -> None:
    passwords = Passwords(RepeatableNoise(), HashingCost(memory_kib=64, passes=3, lanes=1))
    stored = passwords.chosen("three brass screws").text
    compared: list[str] = []
    verify = passwords._argon2.verify

    class Overheard:
        def verify(self, stored: str, password: str) -> bool:
            compared.append(stored.rpartition("$")[0].rpartition("$")[0])
            return verify(stored, password)

    passwords._argon2 = Overheard()  # type: ignore[assignment]
    assert not passwords.fits(None, "three brass screws")
    assert passwords.fits(stored, "three brass screws")
    assert compared == ["$argon2id$v=19$m=64,t=3,p=1"] * 2


def test_full_width_digits_and_composed_accents_are_the_same_password(passwords: Passwords) -> None:
    stored = passwords.chosen("zhàng實12345x").text
    assert passwords.fits(stored, "zha\u0300ng實１２３４５x")


@pytest.mark.parametrize("password", ["", "1234567", "短密码七个字吧", "x" * 129, "ab" * 65])
def test_too_short_or_too_long_is_refused(passwords: Passwords, password: str) -> None:
    with pytest.raises(ZhangshiError) as refused:
        passwords.chosen(password)
    assert refused.value.code == "identity.password_too_short"
    assert refused.value.facts == {"length_min": 8, "length_max": 128}


@pytest.mark.parametrize(
    "password",
    ["12345678", "87654321", "abcdefgh", "aaaaaaaa", "abababab", "Password", "PASSWORD123", "woaini1314",
     "１２３４５６７８", "wangjianguo", "wangjianguo88", "88WangJianGuo", "王建国王建国88", "wangjianguo王建国"],
)  # fmt: skip
def test_easy_ones_are_refused(passwords: Passwords, password: str) -> None:
    with pytest.raises(ZhangshiError, match="password_too_easy"):
        passwords.chosen(password, login="wangjianguo", name="王建国")


@pytest.mark.parametrize("password", ["three brass screws", "账实相符很要紧", "wangjianguo and 3 more", "7f$kk2!x"])
def test_decent_ones_pass(passwords: Passwords, password: str) -> None:
    chosen = passwords.chosen(password + "吗", login="wangjianguo", name="王建国")
    assert passwords.fits(chosen.text, password + "吗")


def test_a_made_up_password_is_long_readable_and_passes_its_own_rules(passwords: Passwords) -> None:
    made_up = [passwords.made_up() for _ in range(50)]
    clear = [one.shown_for(SecretMade(1, one.hashed.mark)) for one in made_up]
    assert len(set(clear)) == 50
    for one in clear:
        assert len(one) == 19
        assert not set(one) & set("0o1lIO")
        passwords.chosen(one)


def test_few_are_computed_at_once(passwords: Passwords) -> None:
    """Each takes 19 MiB in production: a crowd must queue."""
    at_once, most, turn = 0, 0, threading.Lock()
    verify = passwords._argon2.verify

    class Watched:
        def verify(self, stored: str, password: str) -> bool:
            nonlocal at_once, most
            with turn:
                at_once += 1
                most = max(most, at_once)
            threading.Event().wait(0.01)
            with turn:
                at_once -= 1
            return verify(stored, password)

    passwords._argon2 = Watched()  # type: ignore[assignment]
    threads = [threading.Thread(target=passwords.fits, args=(None, "x")) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == module.AT_ONCE
