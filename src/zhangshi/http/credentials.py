"""Who knocks: the session's cookie or a token, and the proof that the page itself sent a write."""

from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Literal

from starlette.datastructures import Headers

from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.http import errors
from zhangshi.http.companies import Opened
from zhangshi.identity import errors as refusals
from zhangshi.identity.model import Person
from zhangshi.identity.policy import SESSION_LIFE_MAX
from zhangshi.identity.service.keys import csrf_fits

COOKIE = "zs_session"
CSRF_HEADER = "x-csrf-token"
KEY_HEADER = "idempotency-key"
KEY_LENGTH_MAX = 120
_SECRET_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Credentials:
    """What came with the request; not looked at yet."""

    kind: Literal["none", "session", "token"]
    secret: str = field(default="", repr=False)

    def person(self, opened: Opened) -> Person:
        """Return who this is; one statement. Raises: identity.session_over, identity.token_refused."""
        if self.kind == "none":
            raise ZhangshiError(refusals.SESSION_OVER)
        now = opened.company.clock.now()
        with opened.company.read() as session:
            if self.kind == "token":
                person = opened.authenticator.authenticate_token(session, self.secret, now)
            else:
                person = opened.authenticator.authenticate_session(session, self.secret, now)
        opened.authenticator.renew(opened.company, person)
        return person


def credentials_of(headers: Headers) -> Credentials:
    """Read the request's credentials; a token goes before a cookie."""
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret.strip():
        return Credentials("token", secret.strip()[:_SECRET_LENGTH_MAX])
    secret = _cookie(headers.get("cookie", ""))
    return Credentials("session", secret) if secret else Credentials("none")


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value[:_SECRET_LENGTH_MAX] if found else ""


def check_csrf(credentials: Credentials, headers: Headers) -> None:
    """Do nothing if the request is the page's own: another site can send the cookie, not the word.

    Raises: http.csrf_refused.
    """
    given = headers.get(CSRF_HEADER, "")
    if credentials.kind == "session" and not csrf_fits(credentials.secret, given):
        raise ZhangshiError(errors.CSRF_REFUSED)


def client_key(headers: Headers, *, required: bool) -> str:
    """Return the idempotency key. Raises: http.key_missing, http.bad_key."""
    key = headers.get(KEY_HEADER, "").strip()
    if not key:
        if required:
            raise ZhangshiError(errors.KEY_MISSING)
        return ""
    if len(key) > KEY_LENGTH_MAX or not all("!" <= letter <= "~" for letter in key):
        raise ZhangshiError(errors.BAD_KEY, length_max=KEY_LENGTH_MAX)
    return key


def version_of(headers: Headers, *, required: bool) -> int:
    """Return the version in If-Match; 0 if there is none. Raises: http.version_missing, http.bad_parameter."""
    given = headers.get("if-match", "").strip()
    if not given:
        if required:
            raise ZhangshiError(errors.VERSION_MISSING)
        return 0
    number = given.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit()) or len(number) > len("999999999"):
        raise ZhangshiError(errors.BAD_PARAMETER, name="If-Match", expected='"3"')
    return int(number)


def language_of(headers: Headers, default: Language) -> Language:
    """Return the language of somebody whom we do not know: the first of ours in Accept-Language."""
    for one in headers.get("accept-language", "").split(","):
        tag = one.partition(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return default


def session_cookie(secret: str, *, secure: bool) -> str:
    """Return the Set-Cookie header that opens a session in a browser; "" for the secret closes it."""
    age = int(SESSION_LIFE_MAX.total_seconds()) if secret else 0
    return f"{COOKIE}={secret}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
