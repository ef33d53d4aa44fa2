"""No secret is stored in the clear: the whole database is searched for each of them."""

import base64
import hashlib
from pathlib import Path

import pytest

from tests.companies import CompanyAddress
from tests.integration.identity.office import PASSWORD, WRONG, Office
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import Profile, SecretMade
from zhangshi.identity.service import sessions, tokens, users
from zhangshi.identity.service.keys import new_token_secret
from zhangshi.platform._copying import reflect_tables
from zhangshi.platform.unit_of_work import Request

CHOSEN = "four iron washers"
TYPED_INTO_THE_WRONG_FIELD = "my-other-secret-99"


def live(office: Office) -> list[str]:
    """Do everything that has a secret in it, through requests whose answers are kept; return the secrets."""
    owner = office.found()
    made_up, again = office.passwords.made_up(), office.passwords.made_up()
    made = office.company.write(
        Request("owner", "create", None),
        lambda uow: users.create_user(uow, by=owner, login="li", profile=Profile("Li"), password=made_up.hashed),
        answer_type=SecretMade,
    )
    reset = office.company.write(
        Request("owner", "reset", None),
        lambda uow: users.reset_password(uow, by=owner, user_id=made.subject_id, password=again.hashed),
        answer_type=SecretMade,
    )
    signed_in = office.sign_in("li", again.shown_for(reset))
    office.gate.change_password(person=signed_in.person, old=again.shown_for(reset), new=CHOSEN)
    phone = office.sign_in("li", CHOSEN)
    for login in ("li", TYPED_INTO_THE_WRONG_FIELD):
        with pytest.raises(ZhangshiError):
            office.sign_in(login, WRONG)
    token = new_token_secret(office.noise)
    token_made = office.company.write(
        Request("li", "token", None),
        lambda uow: tokens.make_token(
            uow, by=phone.person, user_id=made.subject_id, name="gun", scopes=["*:read"], secret=token
        ),
        answer_type=SecretMade,
    )
    office.write(lambda uow: sessions.sign_out(uow, person=phone.person))
    return [
        PASSWORD, CHOSEN, WRONG, TYPED_INTO_THE_WRONG_FIELD, made_up.shown_for(made), again.shown_for(reset),
        signed_in.secret, signed_in.csrf, phone.secret, phone.csrf, token.shown_for(token_made),
    ]  # fmt: skip


def test_the_file_of_a_company_holds_no_secret(sqlite_office: Office, sqlite_address: CompanyAddress) -> None:
    secrets = live(sqlite_office)
    digest = hashlib.sha256(secrets[6].encode()).hexdigest()
    file = Path(sqlite_address.url.removeprefix("sqlite:///"))

    stored = b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))

    assert digest.encode() in stored, "the search finds what is there"
    for secret in secrets:
        for form in (secret.encode(), base64.b64encode(secret.encode()), secret.encode().hex().encode()):
            assert form not in stored, secret


def test_no_row_of_any_table_holds_a_secret(office: Office) -> None:
    secrets = live(office)
    with office.company.read() as session:
        rows = [
            str(tuple(row))
            for table in reflect_tables(session).sorted_tables
            for row in session.core.execute(table.select())
        ]
    assert any("argon2id" in row for row in rows)
    quick = [hashlib.sha256(password.encode()).hexdigest() for password in secrets[:6]]
    assert [secret for secret in [*secrets, *quick] if any(secret in row for row in rows)] == []


def test_secrets_do_not_show_when_a_value_is_printed(office: Office) -> None:
    made_up, token = office.passwords.made_up(), new_token_secret(office.noise)
    clear = [made_up.shown_for(SecretMade(1, made_up.hashed.mark)), token.shown_for(SecretMade(1, token.mark))]
    office.found()
    signed_in = office.sign_in("owner")
    clear += [signed_in.secret, signed_in.csrf]
    for shown in (repr(made_up), repr(made_up.hashed), repr(token), repr(signed_in)):
        assert all(secret not in shown for secret in clear)
        assert "argon2id" not in shown
