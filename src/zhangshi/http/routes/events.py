"""Live screens: server-sent events."""

from zhangshi.http.answers import Answer
from zhangshi.http.calls import Call
from zhangshi.http.live import Follower
from zhangshi.http.parameters import ID_MAX, Parameter
from zhangshi.http.routing import Route
from zhangshi.records.reading.feed import newest_change


def events(call: Call) -> Answer:
    """Follow what changes, from now on or from behind Last-Event-ID."""
    call.live.refuse_if_full()
    last = call.last_event_id or call.query.text("after")
    if last.isascii() and last.isdigit() and int(last) <= ID_MAX:
        position = int(last)
    else:
        with call.read() as session:
            position = newest_change(session)
    follower = Follower(call.opened, call.authenticate, position)
    if not last:
        follower.skip_known()
    return Answer(stream=call.live.follow(follower), media_type="text/event-stream")


ROUTES = (
    Route(
        method="GET", path="/events", name="events", tag="events", run=events, answer_media="text/event-stream",
        query=(Parameter("after", "text", "As the header Last-Event-ID, for clients that cannot set it."),),
        about="Server-sent events: `record` with entity, id, action and the paths that changed, as far as the person "
        "may read them; `reset` when too much was missed; `signed_out` at the end of the session.",
    ),
)  # fmt: skip
