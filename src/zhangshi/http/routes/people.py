"""People, departments, tokens: who may come in and what they are."""

from zhangshi.http.answers import Answer, etag, json_answer, nothing
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routes.bodies import NewPerson, PersonEdit, PersonRoles
from zhangshi.http.routing import Route
from zhangshi.http.wire import colleague_value, trace_value, user_value
from zhangshi.identity.model import Profile, SecretMade
from zhangshi.identity.service import sessions, users
from zhangshi.identity.service.authority import check_token
from zhangshi.identity.service.people import get_user, list_users
from zhangshi.identity.service.trace import list_trace
from zhangshi.platform.unit_of_work import UnitOfWork

_PAGE_MAX = 200
_NEWEST = 2**63 - 1


def list_people(call: Call) -> Answer:
    """List people: everybody sees enough to choose somebody, who manages people sees accounts."""
    check_token(call.person, entity="people", action="read")
    query = call.query
    shown = user_value if call.allows("people", "read") else colleague_value
    with call.read() as session:
        found = list_users(
            session,
            search=query.text("search"),
            active_only=query.flag("active"),
            after=query.text("after"),
            size=query.number("limit", 100, at_most=_PAGE_MAX),
        )
    return json_answer({"people": [shown(one) for one in found]})


def get_person(call: Call) -> Answer:
    """Return one account."""
    call.require("people", "read")
    with call.read() as session:
        user = get_user(session, user_id=call.id("person_id"))
    return json_answer(user_value(user), headers={"ETag": etag(user.version)})


def create_person(call: Call) -> Answer:
    """Create an account; its password is made up and shown in this answer only."""
    call.require("people", "create")
    asked: NewPerson = call.body
    profile = Profile(asked.name, asked.mnemonic, int(asked.department), asked.language)
    made_up = call.opened.passwords.made_up()

    def work(uow: UnitOfWork) -> SecretMade:
        return users.create_user(
            uow, by=call.person, login=asked.login, profile=profile, password=made_up.hashed, roles=asked.roles,
            address=call.address,
        )  # fmt: skip

    made = call.write(work, answer_type=SecretMade)
    content = {"id": str(made.subject_id), "login": asked.login, "password": made_up.shown_for(made)}
    return json_answer(content, status=201)


def edit_person(call: Call) -> Answer:
    """Change what the list of people shows."""
    call.require("people", "edit")
    asked: PersonEdit = call.body
    profile = Profile(asked.name, asked.mnemonic, int(asked.department), asked.language)
    version = call.write(
        lambda uow: users.edit_user(
            uow, by=call.person, user_id=call.id("person_id"), version=call.if_match, profile=profile,
            address=call.address,
        ),
        answer_type=int,
    )  # fmt: skip
    return _version(version)


def set_roles(call: Call) -> Answer:
    """Give a person exactly these roles."""
    call.require("people", "roles")
    asked: PersonRoles = call.body
    version = call.write(
        lambda uow: users.set_roles(
            uow, by=call.person, user_id=call.id("person_id"), version=call.if_match, roles=asked.roles,
            address=call.address,
        ),
        answer_type=int,
    )  # fmt: skip
    return _version(version)


def disable(call: Call) -> Answer:
    """Keep a person out from now on."""
    call.require("people", "disable")
    version = call.write(
        lambda uow: users.disable_user(
            uow, by=call.person, user_id=call.id("person_id"), version=call.if_match, address=call.address
        ),
        answer_type=int,
    )
    return _version(version)


def enable(call: Call) -> Answer:
    """Let a person in again."""
    call.require("people", "disable")
    version = call.write(
        lambda uow: users.enable_user(
            uow, by=call.person, user_id=call.id("person_id"), version=call.if_match, address=call.address
        ),
        answer_type=int,
    )
    return _version(version)


def unlock(call: Call) -> Answer:
    """Forget the wrong passwords of a person."""
    call.require("people", "password")
    call.write(
        lambda uow: users.unlock_user(uow, by=call.person, user_id=call.id("person_id"), address=call.address),
        answer_type=type(None),
    )
    return nothing()


def reset_password(call: Call) -> Answer:
    """Set a made-up password, shown in this answer only; the person must change it."""
    call.require("people", "password")
    made_up = call.opened.passwords.made_up()
    made = call.write(
        lambda uow: users.reset_password(
            uow, by=call.person, user_id=call.id("person_id"), password=made_up.hashed, address=call.address
        ),
        answer_type=SecretMade,
    )
    return json_answer({"id": str(made.subject_id), "password": made_up.shown_for(made)})


def sign_out_person(call: Call) -> Answer:
    """End all sessions of a person."""
    call.require("people", "password")
    call.write(
        lambda uow: sessions.sign_out_everywhere(
            uow, by=call.person, user_id=call.id("person_id"), address=call.address
        ),
        answer_type=type(None),
    )
    return nothing()


def trace(call: Call) -> Answer:
    """What happened to accounts, newest first."""
    call.require("people", "trace")
    with call.read() as session:
        found = list_trace(
            session,
            user_id=call.query.id("person") or None,
            before=call.query.id("before") or _NEWEST,
            size=call.query.number("limit", 100, at_most=_PAGE_MAX),
        )
    return json_answer({"entries": [trace_value(one) for one in found]})


def _version(version: int) -> Answer:
    return json_answer({"version": version}, headers={"ETag": etag(version)})


_LIMIT = Parameter("limit", "int", f"At most this many, up to {_PAGE_MAX}.", example="50")

ROUTES = (
    Route(
        method="GET", path="/people", name="list_people", tag="people", run=list_people,
        about="People by login. Everybody sees names; who may read `people` sees accounts.",
        query=(
            Parameter("search", "text", "Part of login, name or initials."),
            Parameter("active", "flag", "Only people who are not disabled."),
            Parameter("after", "text", "The last login of the page before."),
            _LIMIT,
        ),
    ),
    Route(method="POST", path="/people", name="create_person", tag="people", run=create_person, lane="slow",
          writes=True, body="json", body_type=NewPerson, status=201,
          about="Create an account. Its password is made up and shown in this answer only."),
    Route(method="GET", path="/people/{person_id}", name="get_person", tag="people", run=get_person,
          about="One account; its ETag is the version for a change."),
    Route(method="PATCH", path="/people/{person_id}", name="edit_person", tag="people", run=edit_person, lane="write",
          writes=True, versioned=True, body="json", body_type=PersonEdit, about="Change name, department, language."),
    Route(method="PUT", path="/people/{person_id}/roles", name="set_roles", tag="people", run=set_roles, lane="write",
          writes=True, versioned=True, body="json", body_type=PersonRoles, about="Give exactly these roles."),
    Route(method="POST", path="/people/{person_id}/disable", name="disable_person", tag="people", run=disable,
          lane="write", writes=True, versioned=True, about="Keep a person out: sessions and tokens end at once."),
    Route(method="POST", path="/people/{person_id}/enable", name="enable_person", tag="people", run=enable,
          lane="write", writes=True, versioned=True, about="Let a disabled person in again."),
    Route(method="POST", path="/people/{person_id}/unlock", name="unlock_person", tag="people", run=unlock,
          lane="write", writes=True, status=204, about="Forget the wrong passwords that locked an account."),
    Route(method="POST", path="/people/{person_id}/password", name="reset_password", tag="people", run=reset_password,
          lane="slow", writes=True, about="Set a made-up password, shown in this answer only."),
    Route(method="POST", path="/people/{person_id}/sign-out", name="sign_out_person", tag="people",
          run=sign_out_person, lane="write", writes=True, status=204, about="End all sessions of a person."),
    Route(
        method="GET", path="/people-trace", name="people_trace", tag="people", run=trace,
        about="What happened to accounts, newest first.",
        query=(
            Parameter("person", "id", "Only this person's."),
            Parameter("before", "id", "Entries older than this one."),
            _LIMIT,
        ),
    ),
)  # fmt: skip
