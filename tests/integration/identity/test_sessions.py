"""Sessions: dead at once when they should be, alive while they are used, one statement each."""

from datetime import timedelta
from functools import partial

import pytest

from tests.integration.identity.office import PASSWORD, WRONG, Office
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import Person, SignedIn
from zhangshi.identity.service import sessions, users
from zhangshi.identity.service.authentication import Authenticator
from zhangshi.identity.service.departments import create_department

OVER = "identity.session_over"


def is_over(office: Office, signed_in: SignedIn) -> bool:
    try:
        office.who(signed_in.secret)
    except ZhangshiError as error:
        if error.code == OVER:
            return True
        raise
    return False


def test_a_session_of_a_disabled_user_is_dead_at_once_and_stays_dead(office: Office) -> None:
    owner = office.found()
    user_id = office.add("li")
    signed_in = office.sign_in("li")

    office.change(users.disable_user, user_id, by=owner)
    assert is_over(office, signed_in)
    office.change(users.enable_user, user_id, by=owner)

    assert is_over(office, signed_in)
    assert office.sign_in("li").person.user_id == user_id


def test_signing_out_ends_this_session_only(office: Office) -> None:
    office.found()
    office.add("li")
    desk, phone = office.sign_in("li"), office.sign_in("li")

    office.write(lambda uow: sessions.sign_out(uow, person=desk.person))

    assert (is_over(office, desk), is_over(office, phone)) == (True, False)


def test_signing_out_everywhere_ends_all_of_ones_own(office: Office) -> None:
    office.found()
    user_id, _ = office.add("li"), office.add("wang")
    mine, other = [office.sign_in("li") for _ in range(3)], office.sign_in("wang")

    office.write(lambda uow: sessions.sign_out_everywhere(uow, by=mine[0].person, user_id=user_id))

    assert [is_over(office, one) for one in [*mine, other]] == [True, True, True, False]
    assert not is_over(office, office.sign_in("li"))


def test_one_session_may_be_ended_from_another_but_not_somebody_elses(office: Office) -> None:
    office.found()
    office.add("li")
    office.add("wang")
    desk, phone, other = office.sign_in("li"), office.sign_in("li"), office.sign_in("wang")

    for target in (phone, other):
        session_id = target.person.session_id
        office.write(partial(sessions.end_session, person=desk.person, session_id=session_id))

    assert [is_over(office, one) for one in (desk, phone, other)] == [False, True, False]


def test_a_changed_password_ends_the_other_sessions(office: Office) -> None:
    office.found()
    office.add("li")
    desk, phone = office.sign_in("li"), office.sign_in("li")

    office.gate.change_password(person=desk.person, old=PASSWORD, new="four iron washers")

    assert (is_over(office, desk), is_over(office, phone)) == (False, True)
    assert not office.who(desk.secret).must_change_password


def test_a_reset_password_ends_all_sessions_and_must_be_changed(office: Office) -> None:
    owner = office.found()
    user_id = office.add("li")
    desk = office.sign_in("li")
    office.gate.change_password(person=desk.person, old=PASSWORD, new="four iron washers")
    made_up = office.passwords.made_up()

    made = office.write(lambda uow: users.reset_password(uow, by=owner, user_id=user_id, password=made_up.hashed))

    assert is_over(office, desk)
    assert office.sign_in("li", made_up.shown_for(made)).person.must_change_password


def test_the_old_password_is_wanted_and_guessing_it_locks(office: Office) -> None:
    office.found()
    user_id = office.add("li")
    person = office.sign_in("li").person
    for _ in range(5):
        with pytest.raises(ZhangshiError, match="wrong_password"):
            office.gate.change_password(person=person, old=WRONG, new="four iron washers")

    with pytest.raises(ZhangshiError, match="wrong_password"):
        office.gate.change_password(person=person, old=PASSWORD, new="four iron washers")
    assert office.user(user_id).locked_until_at is not None


def test_an_idle_session_ends_and_a_used_one_goes_on(office: Office) -> None:
    office.found()
    used, idle = office.sign_in("owner"), office.sign_in("owner")
    for _ in range(5):
        office.clock.advance(timedelta(hours=3))
        if not is_over(office, used):
            office.authenticator.renew(office.company, office.who(used.secret))

    assert (is_over(office, used), is_over(office, idle)) == (False, True)


def test_no_session_outlives_thirty_days(office: Office) -> None:
    office.found()
    began = office.clock.now()
    signed_in = office.sign_in("owner")
    while not is_over(office, signed_in):
        office.authenticator.renew(office.company, office.who(signed_in.secret))
        office.clock.advance(timedelta(hours=11))

    assert timedelta(days=29) < office.clock.now() - began <= timedelta(days=30, hours=11)


def test_use_is_written_once_in_five_minutes_and_for_all_together(office: Office) -> None:
    user_id = office.found().user_id
    signed_in = [office.sign_in("owner") for _ in range(3)]

    def written() -> int:
        with office.company.read() as session:
            rows = session.core.exec_driver_sql(
                "SELECT request_key FROM request WHERE request_key LIKE 'identity/seen%%'"
            )
            return len(rows.fetchall())

    for _ in range(60):  # ten minutes, a request of each every ten seconds
        office.clock.advance(timedelta(seconds=10))
        for one in signed_in:
            office.authenticator.renew(office.company, office.who(one.secret))

    assert 2 <= written() <= 4
    with office.company.read() as session:
        listed = sessions.list_sessions(session, user_id=user_id, now=office.clock.now())
    seen = {one.session_id: office.clock.now() - one.seen_at for one in listed}
    assert max(seen[one.person.session_id] for one in signed_in) <= timedelta(minutes=6)


def test_the_list_shows_where_one_is_signed_in(office: Office) -> None:
    person = office.found()
    with office.company.read() as session:
        (one,) = sessions.list_sessions(session, user_id=person.user_id, now=office.clock.now())
    assert (one.session_id, one.address, one.agent) == (person.session_id, "192.168.1.20", "Firefox")


def tree(office: Office) -> dict[str, int]:
    """Plant 车间 over 一组 and 二组, and 一组 over 夜班; return the ids by code."""
    made: dict[str, int] = {}
    for code, parent in (("shop", ""), ("team1", "shop"), ("team2", "shop"), ("night", "team1"), ("sales", "")):
        parent_id = made.get(parent, 0)
        made[code] = office.write(partial(create_department, by=None, code=code, name=code, parent_id=parent_id))
    return made


def test_a_person_knows_the_departments_below(office: Office) -> None:
    office.found()
    made = tree(office)
    office.add("li", department_id=made["team1"])
    office.add("boss", department_id=made["shop"])

    assert office.sign_in("li").person.departments_below == {made["team1"], made["night"]}
    assert office.sign_in("boss").person.departments_below == {made[c] for c in ("shop", "team1", "team2", "night")}
    assert office.sign_in("owner").person.departments_below == frozenset()


def test_a_reorganisation_and_a_role_taken_away_count_from_the_next_request_on(office: Office) -> None:
    office.found()
    made = tree(office)
    user_id = office.add("li", ["storekeeper"], department_id=made["shop"])
    signed_in = office.sign_in("li")
    later = office.write(
        lambda uow: create_department(uow, by=None, code="team3", name="三组", parent_id=made["team2"])
    )
    office.change(users.set_roles, user_id, roles=["inspector"])

    person = office.who(signed_in.secret)

    assert later in person.departments_below
    assert person.roles == {"inspector"}


@pytest.mark.parametrize("roles", [[], ["a"], ["a", "b", "c", "d", "e"]])
def test_authentication_costs_one_statement_however_many_roles(office: Office, roles: list[str]) -> None:
    office.found()
    made = tree(office)
    office.add("li", roles, department_id=made["team1"])
    signed_in = office.sign_in("li")
    authenticator = Authenticator()

    def asked() -> tuple[int, Person]:
        with office.company.read() as session:
            before = session.statement_count
            person = authenticator.authenticate_session(session, signed_in.secret, office.clock.now())
            return session.statement_count - before, person

    first, person = asked()
    assert first == 2, "a new process reads the departments once"
    assert [asked() for _ in range(3)] == [(1, person)] * 3
    assert person.roles == frozenset(roles)
