"""What one person may do with the records of a snapshot, and what a link shows of the record behind it.

The ground on which the `Projector` stands: the access to each record, asked once; the rounds in which everything that
is not at hand is fetched for all records at once.
"""

from collections.abc import Callable, Iterable
from typing import Any

from zhangshi.identity.model import Person
from zhangshi.records.access import EntityAccess, RecordAccess, access_to, masked
from zhangshi.records.reading.names import Names
from zhangshi.records.values import codec_of
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.evaluating import holds
from zhangshi.records.writing.world import ROUNDS_MAX, Pending, World

Shown = dict[str, object]
Fetch = Callable[[World], None]


class Beholder:
    """One person before one snapshot. One thread."""

    def __init__(self, world: World, fetch: Fetch, names: Names, person: Person) -> None:
        self.world = world
        self.names = names
        self.person = person
        self._fetch = fetch
        self._entities: dict[str, EntityAccess] = {}
        self._accesses: dict[int, RecordAccess] = {}
        self._links: dict[tuple[str, int], Shown] = {}

    def forget(self, *, links: bool = False) -> None:
        """Let go of what is known of records; of what they link to only with `links`."""
        self._accesses.clear()
        if links:
            self._links.clear()

    def settle(self, work: Callable[[], None]) -> None:
        """Run `work` until nothing in it waits for the database; it swallows Pending and may be run again."""
        for _ in range(ROUNDS_MAX):
            work()
            if not self.world.asks and not self.names.asks:
                return
            if self.world.asks:
                self._fetch(self.world)
            self.names.fetch()
        raise RuntimeError("What is shown asks for more and more.")

    def access_of(self, record: Linked) -> RecordAccess:
        """Return what the person may do with a record. Raises: Pending."""
        key = record.entity.key
        access = self._entities.get(key)
        if access is None:
            access = self._entities[key] = access_to(self.world.catalog, key, self.person)
        if access.unconditional:
            return access.everything
        found = self._accesses.get(record.id)
        if found is None:
            found = access.of_record(record.state, lambda formula: holds(formula, record))
            self._accesses[record.id] = found
        return found

    def accesses(self, records: Iterable[Linked]) -> list[RecordAccess]:
        """Return the access to each record, fetched for all at once."""
        found: list[RecordAccess] = []
        wanted = list(records)

        def work() -> None:
            found.clear()
            for record in wanted:
                try:
                    found.append(self.access_of(record))
                except Pending:
                    continue

        self.settle(work)
        return found

    def looks_at(self, record: Linked, path: str) -> bool:
        """Return whether everything on the way of a live lookup may be read. Raises: Pending."""
        header = record.header or record
        first, _, rest = path.partition(".")
        own_link = record.header is not None and first in record.plan.targets
        key = f"{record.plan.table}.{first}" if own_link else first
        if self.access_of(header).read(key) != "read":
            return False
        start = record if own_link else header
        behind, target = start.get(first), start.plan.targets.get(first)
        if target is None or not isinstance(behind, int):
            return True
        return self.reads_behind(target, behind, rest)

    def reads_behind(self, entity: str, record_id: int, path: str) -> bool:
        """Return whether `path` of a linked record may be read, link by link. Raises: Pending."""
        record = self.world.linked(entity, record_id)
        if record is None:
            return True
        access = self.access_of(record)
        key, _, rest = path.partition(".")
        if not access.readable or access.read(key) != "read":
            return False
        behind, target = record.get(key), record.plan.targets.get(key)
        if not rest or target is None or not isinstance(behind, int):
            return True
        return self.reads_behind(target, behind, rest)

    def link(self, entity: str, record_id: int) -> Shown:
        """Return what is shown of a linked record: id, number and title as far as they may be read. Raises: Pending."""
        found = self._links.get((entity, record_id))
        if found is None:
            found = self._links[entity, record_id] = self._linked(entity, record_id)
        return found

    def _linked(self, entity: str, record_id: int) -> Shown:
        shown: Shown = {"id": str(record_id)}
        target = self.world.linked(entity, record_id)
        if target is None:
            return shown
        access = self.access_of(target)
        if not access.readable:
            return shown
        number, title = access.read("number"), target.entity.title
        if number != "none":
            shown["number"] = target.number if number == "read" else masked(None, target.number)
        if title and title in target.entity.header.fields and (how := access.read(title)) != "none":
            field = target.entity.header.fields[title]
            value: Any = target.get(title)
            text = None if value is None else codec_of(field).show(value)
            shown["title"] = text if how == "read" else masked(field, text)
        return shown
