"""Writing records inside one unit of work: what every step of this folder is handed.

A door opens it through `Records`; imports, seeds and effects, which have a unit of work already, take it from there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.periods import business_date
from zhangshi.definitions.catalog import Catalog, Conversion, Entity, Transition
from zhangshi.ledger.service.post import StockLedger
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork
from zhangshi.records import errors
from zhangshi.records.access import EntityAccess, access_to
from zhangshi.records.host import FormulaHost
from zhangshi.records.model import Caller, Content, Saved
from zhangshi.records.service.players import Players
from zhangshi.records.service.writes import Writes
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.fetching import Fetcher
from zhangshi.records.writing.world import Pending, World

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """What one opened company has on its desk: shared by all units of work."""

    ledger: StockLedger
    players: Players
    zone: ZoneInfo


class Work:
    """One unit of work with a catalog and a caller."""

    __slots__ = ("caller", "catalog", "desk", "session", "today", "uow", "world", "writes")

    def __init__(self, *, uow: UnitOfWork, catalog: Catalog, caller: Caller, desk: Desk) -> None:
        self.uow = uow
        self.session: Session = uow.session
        self.catalog = catalog
        self.caller = caller
        self.desk = desk
        self.writes = Writes()
        self.world = World(catalog)
        self.world.host = FormulaHost(self.world, person=caller.person, now=uow.now, zone=desk.zone)
        self.today: date = business_date(uow.now, desk.zone)

    def entity(self, key: str) -> Entity:
        """Return an entity. Raises: records.unknown_entity."""
        found = self.catalog.entities.get(key)
        if found is None:
            raise ZhangshiError(errors.UNKNOWN_ENTITY, entity=key)
        return found

    def conversion(self, key: str) -> Conversion:
        """Return a conversion. Raises: records.unknown_conversion."""
        found = self.catalog.conversions.get(key)
        if found is None:
            raise ZhangshiError(errors.UNKNOWN_CONVERSION, conversion=key)
        return found

    def transition_of(self, entity: Entity, key: str) -> Transition:
        """Return a transition. Raises: records.unknown_transition."""
        found = entity.lifecycle.transitions.get(key) if entity.lifecycle else None
        if found is None:
            raise ZhangshiError(errors.UNKNOWN_TRANSITION, entity=entity.key, transition=key)
        return found

    def access(self, entity: Entity) -> EntityAccess:
        """Return what the caller may do with an entity."""
        return access_to(self.catalog, entity.key, self.caller.person)

    def settle(self, step: Callable[[], None]) -> None:
        """Run a step until nothing in it waits for the database."""
        self.world.settle(step, Fetcher(self.session))

    def settled(self, step: Callable[[], T]) -> T:
        """Run a step until nothing in it waits for the database; return what it returned."""
        answer: list[T] = []

        def once() -> None:
            answer.clear()
            try:
                answer.append(step())
            except Pending:
                return

        self.settle(once)
        return answer[0]

    def flush(self) -> None:
        """Write what was collected, so that it can be read; forget what was read before."""
        self.writes.flush(self.session)
        self.world.forget()

    # The steps live in modules of their own and hand each other work through these.

    def create(self, *, entity: str, content: Content, transition: str = "", internal: bool = False) -> Document:
        """Create one record; see `creating`."""
        return self.create_many(entity=entity, contents=[content], transition=transition, internal=internal)[0]

    def create_many(
        self, *, entity: str, contents: Sequence[Content], transition: str = "", internal: bool = False
    ) -> list[Document]:
        """Create records together, with one statement for all links, rows and so on.

        `internal`: the caller's permissions are not asked. Raises: records.invalid for a single document,
        `ManyInvalid` for several.
        """
        from zhangshi.records.service import creating  # noqa: PLC0415 - the steps know this class

        return creating.create_many(
            self, entity_key=entity, contents=contents, transition=transition, internal=internal
        )

    def edit(
        self,
        *,
        entity: str,
        record_id: int,
        version: int | None,
        content: Content,
        transition: str = "",
        internal: bool = False,
    ) -> Document:
        """Change a record; `version` None takes it as it is. See `editing`."""
        from zhangshi.records.service import editing  # noqa: PLC0415 - as above

        return editing.edit(
            self, entity_key=entity, record_id=record_id, version=version, content=content, transition=transition,
            internal=internal,
        )  # fmt: skip

    def delete(self, *, entity: str, record_id: int, version: int | None, internal: bool = False) -> Saved:
        """Delete a record; see `deleting`."""
        from zhangshi.records.service import deleting  # noqa: PLC0415 - as above

        return deleting.delete(self, entity_key=entity, record_id=record_id, version=version, internal=internal)

    def convert(
        self,
        *,
        conversion: str,
        sources: "Sequence[SourceRows]",
        content: Content | None = None,
        transition: str = "",
    ) -> Document:
        """Make the target of a conversion; see `converting`."""
        from zhangshi.records.service import converting  # noqa: PLC0415 - as above

        return converting.convert(self, key=conversion, chosen=sources, content=content, transition=transition)

    def finish(self) -> None:
        """Write all that is still to be written."""
        self.writes.flush(self.session)


SourceRows = tuple[int, dict[int, Decimal | None] | None]
"""(record, {row: wanted quantity or None for all that is open} or None for all open rows)"""
