"""One person's questions to one snapshot: the session, the definitions, what was read so far, and the projection."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Catalog, Entity
from zhangshi.expr import Host
from zhangshi.identity.model import Person
from zhangshi.platform.session import Session
from zhangshi.records._store.reading_headers import HeaderQuery
from zhangshi.records.access import NOT_FOUND, EntityAccess, access_to
from zhangshi.records.errors import UNKNOWN_ENTITY
from zhangshi.records.host import FormulaHost
from zhangshi.records.model import Caller
from zhangshi.records.reading.names import Names
from zhangshi.records.reading.projecting import Projector
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.fetching import Fetcher, fetch_once
from zhangshi.records.writing.world import World

_KEPT_LINKS_MAX = 20_000


class Asking:
    """What the reading doors share. One thread, one transaction."""

    def __init__(
        self,
        session: Session,
        catalog: Catalog,
        caller: Caller,
        *,
        now: datetime,
        zone: ZoneInfo,
        world: World | None = None,
    ) -> None:
        self.session = session
        self.catalog = catalog
        self.person: Person = caller.person
        self.world = world or World(catalog)
        if world is None:
            self.world.host = FormulaHost(self.world, person=caller.person, now=now, zone=zone)
        self.host: Host = self.world.host
        self.projector = Projector(self.world, Fetcher(session), Names(session), caller.person)

    def entity(self, key: str) -> Entity:
        """Return an entity. Raises: records.unknown_entity."""
        found = self.catalog.entities.get(key)
        if found is None:
            raise ZhangshiError(UNKNOWN_ENTITY, entity=key[:80])
        return found

    def access(self, entity: Entity) -> EntityAccess:
        """Return what the person may do with an entity."""
        return access_to(self.catalog, entity.key, self.person)

    def query(self, entity: Entity) -> HeaderQuery:
        """Begin a question about an entity's headers."""
        return HeaderQuery(
            self.catalog,
            entity,
            person=self.person,
            host=self.host,
            dialect=self.session.dialect.name,
            fetch=lambda: Fetcher(self.session)(self.world),
        )

    def adopt(self, entity: Entity, rows: Iterable[Sequence[Any]]) -> list[Linked]:
        """Return database rows (the columns of the layout, then others) as records that links find too."""
        records = []
        for row in rows:
            record = Linked(self.world, entity, HEADER, row)
            self.world.records[entity.key, record.id] = record
            records.append(record)
        return records

    def record(self, entity: Entity, record_id: int, action: str = "read") -> Linked:
        """Return a record that may be read and for which `action` is granted.

        Raises: records.forbidden if nobody with these roles may; records.not_found if there is none, or it may not be
            read: which of the two is not told.
        """
        access = self.access(entity)
        access.refuse("read")
        access.refuse(action)
        found = fetch_once(self.session, self.world, entity.key, [record_id])
        allowed = self.projector.accesses(found)
        if not allowed or not allowed[0].readable:
            raise ZhangshiError(NOT_FOUND, entity=entity.key, id=str(record_id))
        allowed[0].refuse(action)
        return found[0]

    def forget(self, entity: Entity, records: Iterable[Linked]) -> None:
        """Let go of records that were shown: a long stream stays small. What they link to is kept, up to a limit."""
        self.world.rows.clear()
        self.world.answers.clear()
        if len(self.world.records) > _KEPT_LINKS_MAX:
            self.world.records.clear()
            self.projector.forget(links=True)
        for record in records:
            self.world.records.pop((entity.key, record.id), None)
        self.projector.forget()
