"""Cursors: where a page ended, as the values of its sort keys.

Opaque and bound to the question: it carries a digest of entity, filter and sort, so that the mark of one list does not
move another. It holds only values that its owner has just read, and a forged one shows nothing that a filter would not.
"""

import base64
import hashlib
from collections.abc import Sequence

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.query import BAD_CURSOR

_DIGEST_LENGTH = 8


class _Mark(msgspec.Struct, array_like=True):
    digest: str
    values: list[int | str | None]


def question_digest(*parts: object) -> str:
    """Return a short digest of what makes a question."""
    text = msgspec.json.encode([repr(part) for part in parts])
    return hashlib.blake2b(text, digest_size=_DIGEST_LENGTH).hexdigest()


def cursor_of(digest: str, values: Sequence[object]) -> str:
    """Return the mark behind the record with these sort values, its id last."""
    raw = msgspec.json.encode([digest, list(values)])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def values_of(digest: str, cursor: str, count: int) -> list[int | str | None] | None:
    """Return the sort values of a mark, None for no mark.

    Raises: records.bad_cursor.
    """
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark = msgspec.json.decode(raw, type=_Mark)
    except (ValueError, msgspec.MsgspecError):
        raise ZhangshiError(BAD_CURSOR) from None
    if mark.digest != digest or len(mark.values) != count or not isinstance(mark.values[-1], int):
        raise ZhangshiError(BAD_CURSOR)
    return mark.values
