"""Tokens: narrowed to their scopes, shown once, dead when revoked, and no ladder to more."""

from datetime import timedelta

import pytest

from tests.integration.identity.office import Office
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import OWNER, Person, Profile
from zhangshi.identity.service import authority, sessions, tokens, users
from zhangshi.identity.service.keys import new_token_secret


def make(office: Office, by: Person | None, user_id: int, *scopes: str, **facts: object) -> tuple[int, str]:
    """Make a token; return its id and secret."""
    secret = new_token_secret(office.noise)
    made = office.write(
        lambda uow: tokens.make_token(
            uow,
            by=by,
            user_id=user_id,
            name="扫码枪",
            scopes=scopes,
            secret=secret,
            **facts,  # type: ignore[arg-type]
        )
    )
    return made.subject_id, secret.shown_for(made)


def test_a_token_acts_as_its_user_within_its_scopes(office: Office) -> None:
    owner = office.found()
    _, secret = make(office, owner, owner.user_id, "item:read", "sales_*:*")

    machine = office.machine(secret)

    assert (machine.login, machine.is_owner, machine.session_id) == ("owner", True, "")
    allowed = [("item", "read"), ("sales_order", "create")]
    refused = [("item", "edit"), ("purchase_order", "read"), ("items", "read"), ("item", "read ")]
    assert [machine.may_token(*one) for one in allowed] == [True, True]
    assert [machine.may_token(*one) for one in refused] == [False] * 4
    assert owner.may_token("anything", "at_all"), "a session has no scopes"
    with pytest.raises(ZhangshiError, match="token_scope"):
        authority.check_token(machine, entity="item", action="edit")
    authority.check_token(machine, entity="item", action="read")


def test_a_revoked_or_expired_token_or_one_of_a_disabled_user_is_refused(office: Office) -> None:
    owner = office.found()
    user_id = office.add("li")
    revoked_id, revoked = make(office, owner, user_id, "*:read")
    _, expiring = make(office, owner, user_id, "*:read", expires_at=office.clock.now() + timedelta(days=1))
    _, orphan = make(office, owner, user_id, "*:read")
    assert [office.machine(one).login for one in (revoked, expiring, orphan)] == ["li"] * 3

    office.write(lambda uow: tokens.revoke_token(uow, by=owner, token_id=revoked_id))
    assert office.machine(expiring).login == "li"
    office.clock.advance(timedelta(days=1))
    office.change(users.disable_user, user_id, by=owner)
    office.change(users.enable_user, user_id, by=owner)

    for secret in (revoked, expiring, orphan, "zst_made-up", ""):
        with pytest.raises(ZhangshiError, match="token_refused"):
            office.machine(secret)


def test_a_session_is_no_token_and_a_token_no_session(office: Office) -> None:
    owner = office.found()
    _, secret = make(office, owner, owner.user_id, "*:*")
    signed_in = office.sign_in("owner")
    with pytest.raises(ZhangshiError):
        office.who(secret)
    with pytest.raises(ZhangshiError):
        office.machine(signed_in.secret)


def test_a_token_manages_nobody(office: Office) -> None:
    owner = office.found()
    user_id = office.add("li")
    token_id, secret = make(office, owner, owner.user_id, "*:*")
    machine = office.machine(secret)
    hashed = office.passwords.made_up().hashed
    another = new_token_secret(office.noise)
    attempts = [
        lambda uow: users.create_user(uow, by=machine, login="x", profile=Profile("x"), password=hashed),
        lambda uow: users.edit_user(uow, by=machine, user_id=user_id, version=1, profile=Profile("x")),
        lambda uow: users.set_roles(uow, by=machine, user_id=user_id, version=1, roles=[OWNER]),
        lambda uow: users.reset_password(uow, by=machine, user_id=user_id, password=hashed),
        lambda uow: users.disable_user(uow, by=machine, user_id=user_id, version=1),
        lambda uow: users.enable_user(uow, by=machine, user_id=user_id, version=1),
        lambda uow: users.unlock_user(uow, by=machine, user_id=user_id),
        lambda uow: sessions.sign_out_everywhere(uow, by=machine, user_id=owner.user_id),
        lambda uow: sessions.sign_out(uow, person=machine),
        lambda uow: tokens.revoke_token(uow, by=machine, token_id=token_id),
        lambda uow: tokens.make_token(uow, by=machine, user_id=owner.user_id, name="n", scopes=["*:*"], secret=another),
    ]
    for attempt in attempts:
        with pytest.raises(ZhangshiError, match="session_only"):
            office.write(attempt)
    with pytest.raises(ZhangshiError, match="session_only"):
        office.gate.change_password(person=machine, old="a", new="b")


def test_a_secret_is_shown_to_who_made_it_and_to_no_repetition(office: Office) -> None:
    owner = office.found()
    first, second = new_token_secret(office.noise), new_token_secret(office.noise)
    made = office.write(
        lambda uow: tokens.make_token(uow, by=owner, user_id=owner.user_id, name="n", scopes=["*:read"], secret=first)
    )
    assert office.machine(first.shown_for(made)).token_id == made.subject_id
    with pytest.raises(ZhangshiError, match="secret_shown_before"):
        second.shown_for(made)  # the answer of the first sending, read by the second


@pytest.mark.parametrize("scopes", [(), ("item",), ("item:",), ("item:read", "单据:读"), ("a:b:c",), ("item :read",)])
def test_scopes_that_mean_nothing_are_refused(office: Office, scopes: tuple[str, ...]) -> None:
    owner = office.found()
    with pytest.raises(ZhangshiError, match="bad_scope"):
        make(office, owner, owner.user_id, *scopes)


def test_a_clerk_makes_no_token_of_an_owner(office: Office) -> None:
    owner = office.found()
    office.add("clerk", ["people"])
    clerk = office.sign_in("clerk").person
    with pytest.raises(ZhangshiError, match="owner_only"):
        make(office, clerk, owner.user_id, "*:*")


def test_the_last_use_is_noted_and_listed(office: Office) -> None:
    owner = office.found()
    token_id, secret = make(office, owner, owner.user_id, "*:read", "item:edit")
    office.authenticator.renew(office.company, office.machine(secret))
    with office.company.read() as session:
        (listed,) = tokens.list_tokens(session, user_id=owner.user_id)
    assert (listed.token_id, listed.scopes, listed.last_used_at) == (
        token_id, ("*:read", "item:edit"), office.clock.now(),
    )  # fmt: skip


def test_a_token_costs_one_statement(office: Office) -> None:
    owner = office.found()
    _, secret = make(office, owner, owner.user_id, "*:read")
    office.machine(secret)
    with office.company.read() as session:
        before = session.statement_count
        office.authenticator.authenticate_token(session, secret, office.clock.now())
        assert session.statement_count - before == 1
