"""Signing in and out, and oneself."""

from zhangshi.http.answers import Answer, json_answer, nothing
from zhangshi.http.calls import Call
from zhangshi.http.credentials import session_cookie
from zhangshi.http.routes.bodies import MyPassword, MyProfile, SignIn
from zhangshi.http.routing import Route
from zhangshi.http.wire import person_value, session_value
from zhangshi.identity.model import Profile
from zhangshi.identity.service import sessions
from zhangshi.identity.service.authority import check_signed_in
from zhangshi.identity.service.keys import csrf_of
from zhangshi.identity.service.people import get_user
from zhangshi.identity.service.users import edit_user


def sign_in(call: Call) -> Answer:
    """Open a session: its secret goes into a cookie that scripts cannot read."""
    asked: SignIn = call.body
    made = call.opened.gate.sign_in(login=asked.login, password=asked.password, address=call.address, agent=call.agent)
    content = {"csrf": made.csrf, "expires_at": made.expires_at, "person": person_value(made.person)}
    answer = json_answer(content)
    answer.cookies.append(session_cookie(made.secret, secure=call.secure))
    return answer


def sign_out(call: Call) -> Answer:
    """End this session."""
    call.write(lambda uow: sessions.sign_out(uow, person=call.person, address=call.address), answer_type=type(None))
    return _signed_out(call)


def sign_out_everywhere(call: Call) -> Answer:
    """End all sessions of the person."""
    user_id = call.person.user_id
    call.write(
        lambda uow: sessions.sign_out_everywhere(uow, by=call.person, user_id=user_id, address=call.address),
        answer_type=type(None),
    )
    return _signed_out(call)


def _signed_out(call: Call) -> Answer:
    answer = nothing()
    answer.cookies.append(session_cookie("", secure=call.secure))
    return answer


def me(call: Call) -> Answer:
    """Tell who this is, and the word for X-CSRF-Token."""
    csrf = csrf_of(call.secret) if call.secret else ""
    with call.read() as session:
        version = get_user(session, user_id=call.person.user_id).version
    content = {"company": call.company.key, "csrf": csrf, "person": person_value(call.person), "version": version}
    return json_answer(content)


def edit_me(call: Call) -> Answer:
    """Change one's own name for others, initials and language."""
    asked: MyProfile = call.body
    person = call.person
    profile = Profile(asked.name, asked.mnemonic, person.department_id, asked.language)
    version = call.write(
        lambda uow: edit_user(
            uow, by=person, user_id=person.user_id, version=asked.version, profile=profile, address=call.address
        ),
        answer_type=int,
    )
    return json_answer({"version": version})


def change_password(call: Call) -> Answer:
    """Change one's own password; all other sessions end."""
    asked: MyPassword = call.body
    call.opened.gate.change_password(person=call.person, old=asked.old, new=asked.new, address=call.address)
    return nothing()


def my_sessions(call: Call) -> Answer:
    """List where the person is signed in."""
    check_signed_in(call.person)
    with call.read() as session:
        found = sessions.list_sessions(session, user_id=call.person.user_id, now=call.clock.now())
    return json_answer({"sessions": [session_value(one, current=call.person.session_id) for one in found]})


def end_session(call: Call) -> Answer:
    """End one of one's own sessions."""
    session_id = call.path["session_id"]
    call.write(
        lambda uow: sessions.end_session(uow, person=call.person, session_id=session_id, address=call.address),
        answer_type=type(None),
    )
    return nothing()


_JUDGED_EACH_TIME = "a password is judged each time it is sent, and no request may be remembered with one"

ROUTES = (
    Route(
        method="POST", path="/sign-in", name="sign_in", tag="session", run=sign_in, lane="slow",
        about="Open a session. The answer sets the cookie zs_session and gives the word for X-CSRF-Token.",
        signed_in=False, body="json", body_type=SignIn, keyless_reason=_JUDGED_EACH_TIME,
    ),
    Route(
        method="POST", path="/sign-out", name="sign_out", tag="session", run=sign_out, lane="write", writes=True,
        about="End this session.", before_password=True, status=204,
    ),
    Route(
        method="POST", path="/sign-out-everywhere", name="sign_out_everywhere", tag="session", lane="write",
        run=sign_out_everywhere, writes=True, about="End all sessions of the person.", before_password=True, status=204,
    ),
    Route(
        method="GET", path="/me", name="me", tag="session", run=me, before_password=True,
        about="Who this is: the person, their roles, and the word for X-CSRF-Token.",
    ),
    Route(
        method="PATCH", path="/me", name="edit_me", tag="session", run=edit_me, lane="write", writes=True, body="json",
        body_type=MyProfile, about="Change one's own name, initials and language.",
    ),
    Route(
        method="POST", path="/me/password", name="change_password", tag="session", run=change_password, lane="slow",
        body="json", body_type=MyPassword, before_password=True, status=204, keyless_reason=_JUDGED_EACH_TIME,
        about="Change one's own password; all other sessions of the person end.",
    ),
    Route(
        method="GET", path="/me/sessions", name="my_sessions", tag="session", run=my_sessions,
        about="Where the person is signed in.",
    ),
    Route(
        method="DELETE", path="/me/sessions/{session_id}", name="end_session", tag="session", run=end_session,
        lane="write", writes=True, about="End one of one's own sessions; one that is over is fine.", status=204,
    ),
)  # fmt: skip
