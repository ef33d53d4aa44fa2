"""The rows that make a write happen once: requests with their answers, and the events of the outbox."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform.session import Row
from zhangshi.platform.statements import RowsStatement, Statement

T = TypeVar("T")

FIND_REQUEST = Statement("SELECT fingerprint, answer FROM request WHERE request_key = ?")
INSERT_REQUEST = Statement(
    "INSERT INTO request (request_key, actor, fingerprint, answer, recorded_at) VALUES (?, ?, ?, ?, ?)"
)
INSERT_EVENTS = RowsStatement(
    "WITH input(event_id, topic, ordering_key, payload, actor, recorded_at) AS ({input}) "
    "INSERT INTO outbox_event (event_id, topic, ordering_key, payload, actor, recorded_at) "
    "SELECT event_id, topic, ordering_key, payload, actor, recorded_at FROM input",
    columns={
        "event_id": "bigint",
        "topic": "text",
        "ordering_key": "text",
        "payload": "text",
        "actor": "text",
        "recorded_at": "bigint",
    },
)

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to change something: who asks, the idempotency key, and what is asked.

    `content` is anything msgspec can encode; it is remembered as a fingerprint only.
    """

    actor: str
    key: str
    content: object


def fingerprint(request: Request) -> str:
    """Return the sha256 of who asks for what. Two kinds of content with equal fields differ."""
    kind = type(request.content).__qualname__
    return hashlib.sha256(_encode((request.actor, kind, request.content))).hexdigest()


def answer_text(answer: object) -> str:
    """Return the answer as it is kept: JSON."""
    return msgspec.json.encode(answer).decode()


def first_answer(found: list[Row], *, request: Request, wanted: Callable[[], str], answer_type: type[T]) -> T:
    """Return the answer that was given to the same request before.

    Raises: platform.key_reused if the key was used for other content.
    """
    kept_fingerprint, kept_answer = found[0]
    if kept_fingerprint != wanted():
        raise ZhangshiError(errors.KEY_REUSED, key=request.key)
    return msgspec.json.decode(kept_answer, type=answer_type)
