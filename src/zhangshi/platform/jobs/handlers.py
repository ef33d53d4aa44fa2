"""The register of handlers: which code runs a job of a given name, and which events it wants to see."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhangshi.platform.jobs.model import DEFAULT_POLICY, RetryPolicy
from zhangshi.platform.jobs.ports import DatabaseHandler, OutsideHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """One entry of the register; exactly one of `database` and `outside` is set."""

    name: str
    database: DatabaseHandler | None = None
    outside: OutsideHandler | None = None
    topics: tuple[str, ...] = ()
    in_order: bool = True
    policy: RetryPolicy = field(default=DEFAULT_POLICY)

    def wants(self, topic: str) -> bool:
        """Tell whether events of `topic` are delivered to this handler."""
        return any(topic.startswith(wanted[:-1]) if wanted.endswith("*") else topic == wanted for wanted in self.topics)


class Handlers:
    """All handlers of this program, filled once by `bootstrap`.

    `topics` name the events to deliver: whole ("ledger.posted") or by their beginning ("ledger.*", "*").
    `in_order` keeps the events of one ordering key one after the other; then a dead one holds up the later ones of its
    key. Switch it off where each event stands alone.
    """

    def __init__(self) -> None:
        self._by_name: dict[str, Handler] = {}
        self._by_topic: dict[str, list[Handler]] = {}

    def add_database(
        self,
        name: str,
        handler: DatabaseHandler,
        *,
        topics: Sequence[str] = (),
        in_order: bool = True,
        policy: RetryPolicy = DEFAULT_POLICY,
    ) -> None:
        """Register work on our own database: its effect happens once."""
        self._add(Handler(name=name, database=handler, topics=tuple(topics), in_order=in_order, policy=policy))

    def add_outside(
        self,
        name: str,
        handler: OutsideHandler,
        *,
        topics: Sequence[str] = (),
        in_order: bool = True,
        policy: RetryPolicy = DEFAULT_POLICY,
    ) -> None:
        """Register work outside the database: its effect happens at least once."""
        self._add(Handler(name=name, outside=handler, topics=tuple(topics), in_order=in_order, policy=policy))

    def _add(self, handler: Handler) -> None:
        if handler.name in self._by_name:
            message = f"There is a handler {handler.name!r} already; jobs find their handler by its name."
            raise ValueError(message)
        self._by_name[handler.name] = handler
        self._by_topic.clear()

    def __getitem__(self, name: str) -> Handler:
        return self._by_name[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all handlers, sorted."""
        return tuple(sorted(self._by_name))

    def subscribed_to(self, topic: str) -> list[Handler]:
        """Return the handlers that want events of `topic`, by name."""
        found = self._by_topic.get(topic)
        if found is None:
            found = [self._by_name[name] for name in self.names if self._by_name[name].wants(topic)]
            self._by_topic[topic] = found
        return found
