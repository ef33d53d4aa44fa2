"""The feed: what changed since somebody looked, as far as they may know of it.

It reads the audit trail, which only grows, so that whoever was away goes on where they stopped. (The outbox is no such
place: its events go when they are delivered.) Ids rise with time, but two processes may commit out of order: whoever
follows the feed looks back a little and leaves out what they have had, see `LOOK_BACK`.
"""

import re
from dataclasses import dataclass

import msgspec

from zhangshi.platform.session import Session
from zhangshi.records._store import feed as store
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.encoding import instant_text
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.reading.visibility import changed_shown

LOOK_BACK = 5 * 1_000_000 << 12
"""Five seconds, in ids: longer than a transaction that writes one document stays open."""
PAGE_SIZE = 200
_ROW = re.compile(r"\[[^\]]*\]")
"""The trail names rows ("lines[17].price"), grants name fields ("lines.price")."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some changes, oldest first: (id, what is shown). `last_id`: of the last one that was read, shown or not."""

    shown: tuple[tuple[int, Shown], ...]
    last_id: int
    more: bool


def newest_change(session: Session) -> int:
    """Return the id of the newest change; 0 if there is none."""
    return int(session.query(store.NEWEST)[0][0])


def known_changes(session: Session, after: int) -> frozenset[int]:
    """Return the ids above `after`, of those who begin to look and have seen what there is."""
    return frozenset(row[0] for row in session.query(store.SINCE, after, PAGE_SIZE * PAGE_SIZE))


def changes_since(
    asking: Asking, after: int, *, known: frozenset[int] = frozenset(), size: int = PAGE_SIZE
) -> FeedPage:
    """Return changes with ids above `after`, without those that are `known` and those that may not be seen."""
    rows = asking.session.query(store.SINCE, after, size)
    shown: list[tuple[int, Shown]] = []
    for audit_id, entity, record_id, action, changes, actor, recorded_at in rows:
        if audit_id in known:
            continue
        told = msgspec.json.decode(changes, type=dict[str, object]) if changes else {}
        paths = sorted({_ROW.sub("", path) for path in told})
        seen = changed_shown(asking, {"entity": entity, "record_id": record_id, "changed": paths})
        if seen is not None:
            facts = {"action": action, "actor": actor, "recorded_at": instant_text(recorded_at)}
            shown.append((audit_id, {**seen, **facts}))
    return FeedPage(tuple(shown), rows[-1][0] if rows else after, len(rows) == size)
