"""Comments on a record. Who may read the record may read them; @login calls somebody, who is told by an event."""

import re
from dataclasses import dataclass

import msgspec

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.catalog import Entity
from zhangshi.identity.service.people import get_user_by_login
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork
from zhangshi.records._store import reading_trail
from zhangshi.records.model import Caller
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.encoding import instant_text
from zhangshi.records.reading.projecting import Shown

TEXT_MAX = 4000
PAGE_MAX = 200
MENTIONS_MAX = 20
COMMENTED = "record.commented"
"""Topic of `Commented`; ordering key: the record's id."""

BAD_COMMENT = ErrorCode(
    "records.bad_comment",
    "评论要有 1 到 {limit} 个字。请修改后再发。",
    "A comment has 1 to {limit} characters. Change it and send it again.",
)
# A login stands behind @ until the first character that no login has; an address in the text (a@b.cn) calls nobody.
_MENTION = re.compile(r"(?<![\w.])@([A-Za-z0-9][A-Za-z0-9._-]{0,63})")


@dataclass(frozen=True, slots=True)
class Commented:
    """What the outbox says of a comment: whom it calls, and not what it says."""

    entity: str
    record_id: int
    comment_id: int
    user_id: int
    mentions: tuple[int, ...]


def comments(asking: Asking, entity: Entity, record_id: int, *, after: int = 0) -> list[Shown]:
    """Return a page of comments, the oldest first. Raises: records.forbidden, records.not_found."""
    asking.record(entity, record_id)
    rows = asking.session.query(reading_trail.COMMENTS, record_id, entity.key, after, PAGE_MAX)
    return [
        {
            "id": str(comment_id),
            "text": text,
            "mentions": msgspec.json.decode(mentions, type=list[str]),
            "user": str(user_id),
            "actor": actor,
            "recorded_at": instant_text(recorded_at),
        }
        for comment_id, text, mentions, user_id, actor, recorded_at in rows
    ]


def add_comment(asking: Asking, uow: UnitOfWork, caller: Caller, *, entity: Entity, record_id: int, text: str) -> str:
    """Add a comment and emit `record.commented`; return its id.

    A name behind @ that nobody has stays plain text. Raises: records.bad_comment, records.forbidden without the action
    `comment`, records.not_found.
    """
    written = text.strip()
    if not 0 < len(written) <= TEXT_MAX or "\x00" in written:
        raise ZhangshiError(BAD_COMMENT, limit=TEXT_MAX)
    asking.record(entity, record_id, "comment")
    mentions = _mentioned(uow.session, written)
    comment_id = uow.next_id()
    uow.session.execute(
        reading_trail.INSERT_COMMENT,
        comment_id,
        entity.key,
        record_id,
        written,
        msgspec.json.encode([str(one) for one in mentions]).decode(),
        caller.person.user_id,
        uow.actor,
        uow.now_micros,
    )
    uow.emit(COMMENTED, str(record_id), Commented(entity.key, record_id, comment_id, caller.person.user_id, mentions))
    return str(comment_id)


def _mentioned(session: Session, text: str) -> tuple[int, ...]:
    found: list[int] = []
    for login in list(dict.fromkeys(_MENTION.findall(text)))[:MENTIONS_MAX]:
        try:
            found.append(get_user_by_login(session, login=login.rstrip(".-_")).user_id)
        except ZhangshiError:
            continue
    return tuple(dict.fromkeys(found))
