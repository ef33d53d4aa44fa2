"""Users: nobody overwrites anybody, a company keeps an owner, and only owners touch owners."""

import threading
from functools import partial
from typing import Any

import pytest

from tests.integration.identity.office import PASSWORD, Office
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import OWNER, Profile, SecretMade
from zhangshi.identity.service import people, users
from zhangshi.identity.service.authentication import Authenticator
from zhangshi.identity.service.trace import list_trace
from zhangshi.platform.unit_of_work import Request, UnitOfWork


def test_the_first_owner_is_created_once(office: Office) -> None:
    owner = office.found()
    assert (owner.is_owner, owner.must_change_password) == (True, True)
    with pytest.raises(ZhangshiError, match="owner_exists"):
        office.found()


def test_two_clerks_do_not_overwrite_each_other(office: Office) -> None:
    owner = office.found()
    user_id = office.add("li")
    seen = office.user(user_id).version  # both clerks look

    def edit(name: str) -> int:
        return office.write(
            lambda uow: users.edit_user(uow, by=owner, user_id=user_id, version=seen, profile=Profile(name))
        )

    assert edit("李明") == seen + 1
    with pytest.raises(ZhangshiError, match="changed_meanwhile"):
        edit("李鸣")
    with pytest.raises(ZhangshiError, match="changed_meanwhile"):
        office.write(lambda uow: users.set_roles(uow, by=owner, user_id=user_id, version=seen, roles=["x"]))
    with pytest.raises(ZhangshiError, match="changed_meanwhile"):
        office.write(lambda uow: users.disable_user(uow, by=owner, user_id=user_id, version=seen))
    user = office.user(user_id)
    assert (user.name, user.roles, user.active) == ("李明", (), True)


@pytest.mark.parametrize("way", ["roles", "disable"])
def test_the_last_active_owner_stays(office: Office, way: str) -> None:
    owner = office.found()
    second = office.add_owner("second")

    def remove(user_id: int) -> Any:
        if way == "roles":
            return office.change(users.set_roles, user_id, by=owner, roles=["storekeeper"])
        return office.change(users.disable_user, user_id, by=owner)

    remove(second)
    with pytest.raises(ZhangshiError, match="last_owner"):
        remove(owner.user_id)
    assert OWNER in office.user(owner.user_id).roles
    assert office.user(owner.user_id).active


def test_two_owners_who_leave_at_once_do_not_both_leave(office: Office, other_office: Office) -> None:
    first = office.found().user_id
    second = office.add_owner("second")
    under_way = threading.Event()
    codes: list[str] = []

    def leave_slowly(uow: UnitOfWork) -> None:
        users.set_roles(uow, by=None, user_id=first, version=1, roles=[])
        under_way.set()
        threading.Event().wait(0.3)  # the other one decides now, before this is committed

    def leave_meanwhile() -> None:
        under_way.wait(10)
        try:
            other_office.change(users.set_roles, second, roles=[])
        except ZhangshiError as error:
            codes.append(error.code)

    other = threading.Thread(target=leave_meanwhile)
    other.start()
    office.write(leave_slowly)
    other.join()

    assert codes == ["identity.last_owner"]
    assert [OWNER in office.user(user_id).roles for user_id in (first, second)] == [False, True]


def test_only_an_owner_makes_owners_and_touches_them(office: Office) -> None:
    owner = office.found()
    li = office.add("li")
    office.add("clerk", ["people"])
    clerk = office.sign_in("clerk").person
    hashed = office.passwords.made_up().hashed
    attempts = [
        lambda uow: users.set_roles(uow, by=clerk, user_id=li, version=1, roles=[OWNER]),
        lambda uow: users.set_roles(uow, by=clerk, user_id=clerk.user_id, version=1, roles=["people", OWNER]),
        lambda uow: users.set_roles(uow, by=clerk, user_id=owner.user_id, version=1, roles=[OWNER, "x"]),
        lambda uow: users.reset_password(uow, by=clerk, user_id=owner.user_id, password=hashed),
        lambda uow: users.disable_user(uow, by=clerk, user_id=owner.user_id, version=1),
        lambda uow: users.edit_user(uow, by=clerk, user_id=owner.user_id, version=1, profile=Profile("x")),
        lambda uow: users.unlock_user(uow, by=clerk, user_id=owner.user_id),
        lambda uow: users.create_user(
            uow, by=clerk, login="mine", profile=Profile("x"), password=hashed, roles=[OWNER]
        ),
    ]
    for attempt in attempts:
        with pytest.raises(ZhangshiError, match="owner_only"):
            office.write(attempt)
    assert office.write(lambda uow: users.set_roles(uow, by=clerk, user_id=li, version=1, roles=["buyer"])) == 2
    assert office.write(lambda uow: users.set_roles(uow, by=owner, user_id=li, version=2, roles=[OWNER])) == 3


def test_a_login_is_taken_for_ever_however_it_is_written(office: Office) -> None:
    owner = office.found()
    office.change(users.disable_user, office.add("li"), by=owner)
    for login in ("li", "LI", " Li", "ｌｉ"):
        with pytest.raises(ZhangshiError, match="login_taken"):
            office.add(login)


def test_a_refused_change_leaves_nothing(office: Office) -> None:
    office.found()
    user_id = office.add("li", ["buyer"])
    before, traced = office.user(user_id), office.trace()
    with pytest.raises(ZhangshiError, match="bad_role"):
        office.change(users.set_roles, user_id, roles=["buyer", "Not A Key"])
    with pytest.raises(ZhangshiError, match="unknown_department"):
        office.change(users.edit_user, user_id, profile=Profile("Li", department_id=404))
    assert (office.user(user_id), office.trace()) == (before, traced)


def test_the_same_request_again_creates_nobody_and_shows_nothing(office: Office) -> None:
    office.found()
    shown = []
    for _ in range(2):
        made_up = office.passwords.made_up()
        made = office.company.write(
            Request("owner", "create-li", {"login": "li"}),
            partial(users.create_user, by=None, login="li", profile=Profile("Li"), password=made_up.hashed),
            answer_type=SecretMade,
        )
        try:
            shown.append(made_up.shown_for(made))
        except ZhangshiError as error:
            shown.append(error.code)
    assert shown[1] == "identity.secret_shown_before"
    assert office.sign_in("li", shown[0]).person.login == "li"


def test_people_are_found_by_login_name_and_initials_page_by_page(office: Office) -> None:
    office.found()
    for login, name, initials in (("a_li", "李明", "LM"), ("b_wang", "王小明", "wxm"), ("c", "Lu 100%", "lu")):
        user_id = office.add(login, ["buyer", "inspector"])
        office.change(users.edit_user, user_id, profile=Profile(name, initials, language="en"))

    def logins(**asked: Any) -> list[str]:
        with office.company.read() as session:
            return [user.login for user in people.list_users(session, **asked)]

    assert logins() == ["a_li", "b_wang", "c", "owner"]
    assert logins(search="明") == ["a_li", "b_wang"]
    assert logins(search="LM") == ["a_li"]
    assert logins(search="_") == ["a_li", "b_wang"]
    assert logins(search="%") == ["c"]
    assert logins(after="a_li", size=2) == ["b_wang", "c"]
    with office.company.read() as session:
        before = session.statement_count
        page = people.list_users(session)
        assert session.statement_count - before == 2, "the roles of a page come together"
        assert people.get_user_by_login(session, login="A_LI") == page[0]
        with pytest.raises(ZhangshiError, match="unknown_user"):
            people.get_user_by_login(session, login="nobody")
        names = people.names_of_users(session, [page[0].user_id, 404, page[2].user_id, page[0].user_id])
    assert names == {page[0].user_id: "李明", page[2].user_id: "Lu 100%"}
    assert (page[0].roles, page[0].language, page[0].mnemonic) == (("buyer", "inspector"), "en", "lm")


def test_everything_that_happens_leaves_a_trace_with_who_and_from_where(office: Office) -> None:
    owner = office.found()
    user_id = office.add("li", by=owner)
    signed_in = office.sign_in("li")
    office.gate.change_password(person=signed_in.person, old=PASSWORD, new="four iron washers", address="10.0.0.7")
    office.change(users.edit_user, user_id, by=owner, profile=Profile("李明"))
    office.change(users.set_roles, user_id, by=owner, roles=["buyer"])
    office.change(users.disable_user, user_id, by=owner)

    assert office.trace(user_id) == [
        "created", "signed_in", "password_changed", "edited", "roles_changed", "disabled",
    ]  # fmt: skip
    with office.company.read() as session:
        newest = list_trace(session, user_id=user_id)
    assert (newest[3].actor, newest[3].address) == ("li", "10.0.0.7")
    assert newest[2].detail == '{"name":["Li","李明"]}'
    assert newest[1].detail == '{"before":[],"after":["buyer"]}'
    assert newest[0].actor == "owner"


def test_authenticators_of_two_processes_agree(office: Office) -> None:
    office.found()
    secret = office.sign_in("owner").secret
    with office.company.read() as session:
        assert Authenticator().authenticate_session(session, secret, office.clock.now()) == office.who(secret)
