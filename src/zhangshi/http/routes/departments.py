"""Departments, tokens, roles."""

from zhangshi.http.answers import Answer, etag, json_answer, nothing
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routes.bodies import DepartmentEdit, NewDepartment, NewToken
from zhangshi.http.routing import Route
from zhangshi.http.wire import department_value, token_value
from zhangshi.identity.model import Department, SecretMade
from zhangshi.identity.service import departments, tokens
from zhangshi.identity.service.authority import check_signed_in, check_token
from zhangshi.identity.service.keys import new_token_secret
from zhangshi.platform.unit_of_work import UnitOfWork


def list_all(call: Call) -> Answer:
    """List the tree of departments."""
    check_token(call.person, entity="departments", action="read")
    with call.read() as session:
        found = departments.list_departments(session)
    return json_answer({"departments": [department_value(one) for one in found]})


def create(call: Call) -> Answer:
    """Create a department."""
    call.require("departments", "create")
    asked: NewDepartment = call.body
    department_id = call.write(
        lambda uow: departments.create_department(
            uow, by=call.person, code=asked.code, name=asked.name, parent_id=int(asked.parent),
            head_user_id=int(asked.head),
        ),
        answer_type=int,
    )  # fmt: skip
    return json_answer({"id": str(department_id)}, status=201)


def edit(call: Call) -> Answer:
    """Change a department, or close it."""
    call.require("departments", "edit")
    asked: DepartmentEdit = call.body
    wanted = Department(
        department_id=call.id("department_id"),
        code=asked.code,
        name=asked.name,
        parent_id=int(asked.parent),
        head_user_id=int(asked.head),
        active=asked.active,
        version=call.if_match,
    )
    version = call.write(
        lambda uow: departments.edit_department(uow, by=call.person, department=wanted), answer_type=int
    )
    return json_answer({"version": version}, headers={"ETag": etag(version)})


def list_roles(call: Call) -> Answer:
    """List the roles of the published definitions."""
    roles = call.catalog().roles
    named = [
        {"key": key, "label": role.label.text(call.language), "entities": sorted(role.grants)}
        for key, role in sorted(roles.items())
    ]
    return json_answer({"roles": named})


def list_tokens(call: Call) -> Answer:
    """List one's own tokens, or those of somebody whose account one manages."""
    check_signed_in(call.person)
    user_id = call.query.id("person") or call.person.user_id
    if user_id != call.person.user_id:
        call.require("people", "tokens")
    with call.read() as session:
        found = tokens.list_tokens(session, user_id=user_id)
    return json_answer({"tokens": [token_value(one) for one in found]})


def make_token(call: Call) -> Answer:
    """Make a token; its secret is shown in this answer only."""
    asked: NewToken = call.body
    user_id = int(asked.user) or call.person.user_id
    if user_id != call.person.user_id:
        call.require("people", "tokens")
    secret = new_token_secret(call.opened.noise)

    def work(uow: UnitOfWork) -> SecretMade:
        return tokens.make_token(
            uow, by=call.person, user_id=user_id, name=asked.name, scopes=asked.scopes, secret=secret,
            expires_at=asked.expires_at, address=call.address,
        )  # fmt: skip

    made = call.write(work, answer_type=SecretMade)
    return json_answer({"id": str(made.subject_id), "token": secret.shown_for(made)}, status=201)


def revoke_token(call: Call) -> Answer:
    """End a token at once."""
    call.write(
        lambda uow: tokens.revoke_token(uow, by=call.person, token_id=call.id("token_id"), address=call.address),
        answer_type=type(None),
    )
    return nothing()


ROUTES = (
    Route(method="GET", path="/departments", name="list_departments", tag="people", run=list_all,
          about="All departments by code; `parent` makes the tree."),
    Route(method="POST", path="/departments", name="create_department", tag="people", run=create, lane="write",
          writes=True, body="json", body_type=NewDepartment, status=201, about="Create a department."),
    Route(method="PATCH", path="/departments/{department_id}", name="edit_department", tag="people", run=edit,
          lane="write", writes=True, versioned=True, body="json", body_type=DepartmentEdit,
          about="Change a department, or close it."),
    Route(method="GET", path="/roles", name="list_roles", tag="people", run=list_roles,
          about="The roles of the published definitions."),
    Route(method="GET", path="/tokens", name="list_tokens", tag="people", run=list_tokens,
          query=(Parameter("person", "id", "Somebody else's tokens."),), about="Tokens without their secrets."),
    Route(method="POST", path="/tokens", name="make_token", tag="people", run=make_token, lane="write", writes=True,
          body="json", body_type=NewToken, status=201, about="Make a token; its secret is in this answer only."),
    Route(method="DELETE", path="/tokens/{token_id}", name="revoke_token", tag="people", run=revoke_token,
          lane="write", writes=True, status=204, about="End a token at once."),
)  # fmt: skip
