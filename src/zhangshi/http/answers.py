"""What a route answers, and how an error becomes application/problem+json."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol, cast

import msgspec

from zhangshi.base.errors import FactValue, Language, ZhangshiError
from zhangshi.http import errors
from zhangshi.http.bodies import JSON
from zhangshi.http.lanes import SECONDS_RETRY
from zhangshi.http.statuses import status_of

PROBLEM_JSON = "application/problem+json"
SAFE_INTEGER_MAX = 2**53 - 1
_encode = msgspec.json.Encoder(decimal_format="string").encode


@dataclass(slots=True)
class Answer:
    """A whole answer: bytes, or `chunks` that come from disk, or a `stream` that goes on."""

    body: bytes = b""
    status: int = 200
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    stream: AsyncIterator[bytes] | None = None
    chunks: Iterator[bytes] | None = None


def json_answer(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a value as JSON; whoever calls has made texts of its ids."""
    return Answer(_encode(value), status, headers=dict(headers or {}))


def nothing() -> Answer:
    """Return 204."""
    return Answer(status=int(HTTPStatus.NO_CONTENT), media_type="")


def etag(version: int | str) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


class Wrong(Protocol):
    """One thing that is wrong, as the services of definitions and records tell it."""

    @property
    def code(self) -> str:
        """The stable code."""
        ...

    @property
    def path(self) -> str:
        """Where it is wrong."""
        ...

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        ...

    @property
    def en(self) -> str:
        """The sentence in English."""
        ...


def problem(error: ZhangshiError, *, language: Language, request_id: str = "", status: int = 0) -> Answer:
    """Return an error as problem+json, in the reader's language."""
    status = status or status_of(error.code)
    content: dict[str, object] = {
        "type": f"urn:zhangshi:error:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": error.message(language),
        "facts": {name: plain(value) for name, value in error.facts.items()},
    }
    problems = cast("Sequence[Wrong]", getattr(error, "problems", ()))
    if problems:
        content["problems"] = [problem_value(one, language) for one in problems]
    if request_id:
        content["instance"] = f"urn:zhangshi:request:{request_id}"
    headers: dict[str, str] = {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(error.facts.get("seconds", SECONDS_RETRY))
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(SECONDS_RETRY)
    elif status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="zhangshi"'
    elif error.error_code is errors.METHOD_NOT_ALLOWED:
        headers["Allow"] = str(error.facts["allowed"])
    return Answer(_encode(content), status, PROBLEM_JSON, headers)


def problem_value(one: Wrong, language: Language) -> dict[str, object]:
    """Return one problem of a document as it goes out."""
    value: dict[str, object] = {"path": one.path, "code": one.code, "message": one.zh if language == "zh" else one.en}
    level = getattr(one, "level", "block")
    if level != "block":
        value["level"] = level
    facts = cast("Mapping[str, FactValue]", getattr(one, "facts", {}))
    if facts:
        value["facts"] = {name: plain(fact) for name, fact in facts.items()}
    return value


def plain(value: FactValue) -> FactValue:
    """Return a fact as JSON can carry it without loss to a browser: a large integer is an id, and becomes text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > SAFE_INTEGER_MAX:
        return str(value)
    return value
