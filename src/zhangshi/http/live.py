"""Live streams: server-sent events, a line when a record changes that the person may read.

Problem. A screen wants to know at once that somebody else posted the document it shows. Rule. A stream keeps nothing
but a position in the feed: what is new is read when the client is ready for it, so a slow one costs no memory and
falls behind by itself. The question "is there anything new" is asked once a second for a company, however many look.
With each page the person is asked for anew: a stream ends with its session, and shows what roles of this moment allow.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors
from zhangshi.http.companies import Opened
from zhangshi.http.lanes import SECONDS_RETRY, Lanes
from zhangshi.identity.model import Person
from zhangshi.records.model import Caller
from zhangshi.records.reading.feed import LOOK_BACK, FeedPage, changes_since, known_changes, newest_change

_POLL_SECONDS = 1.0
_BEATS_EVERY = 15
_PAGES_MAX = 20
RESET = b"event: reset\ndata: {}\n\n"
"""So much was missed that the client had better load its screen again."""
SIGNED_OUT = b"event: signed_out\ndata: {}\n\n"


@dataclass(slots=True)
class Follower:
    """One stream: who looks, and how far they are."""

    opened: Opened
    authenticate: Callable[[], Person]
    position: int
    known: frozenset[int] = frozenset()

    def skip_known(self) -> None:
        """Take everything up to now as known: somebody who begins to look has the present state on the screen."""
        with self.opened.company.read() as session:
            self.known = known_changes(session, max(0, self.position - LOOK_BACK))

    def next_page(self) -> FeedPage:
        """Read what is new and move on; in a lane. Raises: identity.session_over, identity.token_refused."""
        caller = Caller(self.authenticate(), "http")
        start = max(0, self.position - LOOK_BACK)
        collected: list[tuple[int, dict[str, object]]] = []
        with self.opened.company.read() as session:
            asking = self.opened.services.reader.asking(session, caller)
            more = True
            for _ in range(_PAGES_MAX):
                page = changes_since(asking, start, known=self.known)
                collected += page.shown
                start, more = page.last_id, page.more
                if not more:
                    break
            newest = newest_change(session) if more else start
        self.position = max(self.position, newest)
        edge = self.position - LOOK_BACK
        self.known = frozenset(one for one in self.known | {one for one, _ in collected} if one > edge)
        return FeedPage(tuple(collected), self.position, more)


class Live:
    """All streams of a process."""

    def __init__(self, lanes: Lanes, *, streams_max: int) -> None:
        self._lanes = lanes
        self._streams_max = streams_max
        self._newest: dict[str, tuple[float, int]] = {}  # company -> when it was asked, what it was
        self.open_count = 0
        self.stopping = False

    def refuse_if_full(self) -> None:
        """Raises: http.busy when there are as many streams as there may be."""
        if self.open_count >= self._streams_max:
            raise ZhangshiError(errors.BUSY, seconds=SECONDS_RETRY)

    async def follow(self, follower: Follower) -> AsyncIterator[bytes]:
        """Yield events until the client goes, the session ends or the server stops."""
        self.open_count += 1
        try:
            yield b"retry: 3000\n: connected\n\n"
            seen, beats = -1, 0
            while not self.stopping:
                newest = await self._newest_of(follower.opened)
                if newest != seen:
                    seen = newest
                    page = await self._lanes.run("read", follower.next_page)
                    for change_id, shown in page.shown:
                        yield event(change_id, shown)
                    if page.more:
                        yield RESET
                    beats = 0
                elif beats >= _BEATS_EVERY:
                    yield b": beat\n\n"
                    beats = 0
                beats += 1
                await asyncio.sleep(_POLL_SECONDS)
        except ZhangshiError:
            yield SIGNED_OUT
        finally:
            self.open_count -= 1

    async def _newest_of(self, opened: Opened) -> int:
        key, now = opened.company.key, asyncio.get_running_loop().time()
        asked_at, newest = self._newest.get(key, (now - _POLL_SECONDS, -1))
        if now - asked_at >= _POLL_SECONDS * 0.9:
            newest = await self._lanes.run("read", lambda: _newest(opened))
            self._newest[key] = (now, newest)
        return newest


def _newest(opened: Opened) -> int:
    with opened.company.read() as session:
        return newest_change(session)


def event(change_id: int, shown: dict[str, object]) -> bytes:
    """Return one server-sent event."""
    return b"id: %d\nevent: record\ndata: %s\n\n" % (change_id, msgspec.json.encode(shown))
