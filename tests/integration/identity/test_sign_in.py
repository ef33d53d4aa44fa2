"""Signing in: five wrong ones lock, nobody learns what was wrong, and the hash is of today's cost."""

import threading
from datetime import timedelta

import pytest

from tests.integration.identity.office import CHEAP, PASSWORD, WRONG, Office
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.policy import HashingCost
from zhangshi.identity.service.keys import csrf_fits
from zhangshi.identity.service.users import disable_user, unlock_user

REFUSED = "identity.sign_in_refused"


def refused(office: Office, login: str, password: str) -> ZhangshiError:
    with pytest.raises(ZhangshiError) as caught:
        office.sign_in(login, password)
    assert caught.value.code == REFUSED
    return caught.value


def test_the_right_password_opens_a_session(office: Office) -> None:
    office.found()
    user_id = office.add("li", ["storekeeper", "inspector"])

    signed_in = office.sign_in("LI ")

    assert signed_in.person == office.who(signed_in.secret)
    assert (signed_in.person.user_id, signed_in.person.roles) == (user_id, {"storekeeper", "inspector"})
    assert signed_in.person.scopes is None
    assert signed_in.person.must_change_password, "somebody else set it"
    assert csrf_fits(signed_in.secret, signed_in.csrf)
    assert signed_in.expires_at == office.clock.now() + timedelta(hours=12)


def test_five_wrong_passwords_lock_even_against_the_right_one(office: Office) -> None:
    office.found()
    user_id = office.add("li")
    for _ in range(4):
        refused(office, "li", WRONG)
    office.sign_in("li")  # in a row: this begins anew
    for _ in range(5):
        refused(office, "li", WRONG)
    assert office.user(user_id).locked_until_at == office.clock.now() + timedelta(minutes=15)

    refused(office, "li", PASSWORD)
    office.clock.advance(timedelta(minutes=14, seconds=59))
    refused(office, "li", PASSWORD)
    office.clock.advance(timedelta(seconds=1))

    assert office.sign_in("li").person.user_id == user_id
    assert office.trace(user_id).count("locked") == 1


def test_each_further_lock_is_twice_as_long_up_to_a_day(office: Office) -> None:
    office.found()
    user_id = office.add("li")
    minutes = []
    for _ in range(9):
        for _ in range(5):
            refused(office, "li", WRONG)
        until = office.user(user_id).locked_until_at
        assert until is not None
        minutes.append((until - office.clock.now()) // timedelta(minutes=1))
        office.clock.set(until)

    assert minutes == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


def test_attempts_during_a_lock_do_not_make_it_longer(office: Office) -> None:
    office.found()
    user_id = office.add("li")
    for _ in range(12):
        refused(office, "li", WRONG)

    assert office.user(user_id).locked_until_at == office.clock.now() + timedelta(minutes=15)


def test_an_owner_opens_the_lock(office: Office) -> None:
    owner = office.found()
    user_id = office.add("li")
    for _ in range(5):
        refused(office, "li", WRONG)

    office.write(lambda uow: unlock_user(uow, by=owner, user_id=user_id))

    assert office.sign_in("li").person.login == "li"


def test_nobody_learns_what_was_wrong(office: Office) -> None:
    office.found()
    for login in ("li", "locked", "gone"):
        office.add(login)
    office.change(disable_user, office.sign_in("gone").person.user_id)
    for _ in range(5):
        refused(office, "locked", WRONG)

    cases = [("nobody", PASSWORD), ("li", WRONG), ("locked", PASSWORD), ("gone", PASSWORD), ("", ""), ("li", "")]
    errors, looks = [], []
    for login, password in cases:
        before = office.passwords.looks
        errors.append(refused(office, login, password))
        looks.append(office.passwords.looks - before)

    assert looks == [1] * len(cases), "each costs one comparison"
    assert {(error.code, error.message("zh"), str(error.facts)) for error in errors} == {
        (REFUSED, errors[0].message("zh"), "{}")
    }


def test_many_guesses_at_once_are_counted_one_by_one(office: Office, other_office: Office) -> None:
    office.found()
    user_id = office.add("li")
    failures: list[str] = []

    def guess(place: Office) -> None:
        try:
            place.sign_in("li", WRONG)
        except ZhangshiError as error:
            failures.append(error.code)

    threads = [threading.Thread(target=guess, args=(place,)) for place in (office, other_office) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == [REFUSED] * 8
    assert office.user(user_id).locked_until_at == office.clock.now() + timedelta(minutes=15)
    refused(office, "li", PASSWORD)


def test_a_password_set_anew_between_looking_and_writing_is_not_passed(office: Office) -> None:
    """The old password was compared, then changed, then the session would be opened."""
    owner = office.found()
    fits = office.passwords.fits

    def meanwhile(stored: str | None, password: str) -> bool:
        office.passwords.fits = fits  # type: ignore[method-assign]
        right = fits(stored, password)
        office.gate.change_password(person=owner, old=PASSWORD, new="four iron washers")
        return right

    office.passwords.fits = meanwhile  # type: ignore[method-assign]
    refused(office, "owner", PASSWORD)
    assert office.sign_in("owner", "four iron washers").person.login == "owner"


def test_a_raised_cost_hashes_again_at_the_next_sign_in(office: Office) -> None:
    office.found()
    dearer = HashingCost(memory_kib=CHEAP.memory_kib * 2, passes=2, lanes=1)
    office.gate = office.another_gate(dearer)

    def stored() -> str:
        with office.company.read() as session:
            return str(session.core.exec_driver_sql("SELECT password_hash FROM user_account").scalar_one())

    assert "m=8,t=1" in stored()
    office.sign_in("owner")
    assert "m=16,t=2" in stored()
    assert office.sign_in("owner").person.login == "owner"
