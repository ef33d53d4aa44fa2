"""The one way to write: what every door calls.

`Records` opens a unit of work for one request and hands over to the steps in this folder. Who already has a unit of
work (an import, seeds, an effect) takes `Records.work` and calls the same steps inside it.

Example:
    saved = records.create(caller, key="scan-0191", entity="goods_receipt", content={...}, transition="post")
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.ledger.service import asked
from zhangshi.ledger.service.post import StockLedger
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records.model import BatchAnswer, Caller, Content, Operation, Problem, Saved, Source
from zhangshi.records.service import batches, contents, converting, creating, editing, filling
from zhangshi.records.service.batches import perform
from zhangshi.records.service.players import Players, standard_players
from zhangshi.records.service.redacting import redacted
from zhangshi.records.service.work import Desk, SourceRows, Work

_ZONE = "Asia/Shanghai"
T = TypeVar("T")


class Records:
    """The records of one opened company; safe to share between threads."""

    def __init__(
        self,
        *,
        company: Company,
        catalogs: Catalogs,
        ledger: StockLedger | None = None,
        players: Players | None = None,
    ) -> None:
        self.company = company
        self.catalogs = catalogs
        self._ledger = ledger or StockLedger()
        self.players = players or standard_players()
        self._desk: Desk | None = None

    def work(self, uow: UnitOfWork, caller: Caller) -> Work:
        """Return the steps for a unit of work that is open; the caller calls `finish` on it at the end."""
        return Work(
            uow=uow, catalog=self.catalogs.for_writing(uow.session), caller=caller, desk=self._desk_of(uow.session)
        )

    def reading_work(self, session: Session, caller: Caller) -> Work:
        """Return the steps over a session that only reads: for previews and proposals; nothing may be written."""
        request = Request(caller.person.actor, "", None)
        company = self.company
        uow = UnitOfWork(session=session, request=request, now=company.clock.now(), ids=company.ids, dry_run=True)
        return Work(uow=uow, catalog=self.catalogs.current(session), caller=caller, desk=self._desk_of(session))

    def _desk_of(self, session: Session) -> Desk:
        if self._desk is None:
            zone = ZoneInfo(asked.time_zone(session) or _ZONE)
            self._desk = Desk(ledger=self._ledger, players=self.players, zone=zone)
        return self._desk

    def create(
        self,
        caller: Caller,
        *,
        key: str,
        entity: str,
        content: Content,
        transition: str | None = None,
        dry_run: bool = False,
    ) -> Saved:
        """Create a record, and make `transition` in the same call where one is named.

        Raises: records.invalid with every problem; records.forbidden, records.field_locked; what `Company.write` and a
            posting raise. Nothing is written then.
        """
        operation = Operation(kind="create", entity=entity, content=content, transition=transition or "")
        return self._one(caller, key, operation, dry_run=dry_run)

    def edit(
        self,
        caller: Caller,
        *,
        key: str,
        entity: str,
        record_id: int,
        version: int,
        content: Content,
        transition: str | None = None,
        dry_run: bool = False,
    ) -> Saved:
        """Change a record whose version is still `version`.

        Raises: records.changed_meanwhile, records.not_found, and what `create` raises.
        """
        operation = Operation(
            kind="edit", entity=entity, record_id=record_id, version=version, content=content,
            transition=transition or "",
        )  # fmt: skip
        return self._one(caller, key, operation, dry_run=dry_run)

    def transition(
        self,
        caller: Caller,
        *,
        key: str,
        entity: str,
        record_id: int,
        version: int,
        transition: str,
        content: Content | None = None,
        dry_run: bool = False,
    ) -> Saved:
        """Move a record to another state; `content` is saved first, in the same step.

        Raises: records.not_in_state, records.stands_on, and what `edit` raises.
        """
        operation = Operation(
            kind="transition", entity=entity, record_id=record_id, version=version, content=content,
            transition=transition,
        )  # fmt: skip
        return self._one(caller, key, operation, dry_run=dry_run)

    def delete(
        self, caller: Caller, *, key: str, entity: str, record_id: int, version: int, dry_run: bool = False
    ) -> Saved:
        """Delete a record that nothing stands on.

        Raises: records.gapless, records.has_postings, records.stands_on, records.in_use, and what `edit` raises.
        """
        operation = Operation(kind="delete", entity=entity, record_id=record_id, version=version)
        return self._one(caller, key, operation, dry_run=dry_run)

    def convert(
        self,
        caller: Caller,
        *,
        key: str,
        conversion: str,
        sources: Sequence[Source],
        content: Content | None = None,
        transition: str | None = None,
        dry_run: bool = False,
    ) -> Saved:
        """Make the target of a conversion; `content` overrides fields of its header, or its rows.

        Raises: records.over_converted (as a problem), records.nothing_open, and what `create` raises.
        """
        operation = Operation(
            kind="convert", conversion=conversion, sources=tuple(sources), content=content, transition=transition or ""
        )
        return self._one(caller, key, operation, dry_run=dry_run)

    def batch(
        self,
        caller: Caller,
        *,
        key: str,
        operations: Sequence[Operation],
        mode: Literal["each", "all"] = "each",
        dry_run: bool = False,
    ) -> BatchAnswer:
        """Do many writes: each on its own ("each", keys `<key>/<n>`), or all or none ("all").

        "all" raises the first refusal; "each" answers a refusal in its place.
        """
        if mode == "each":
            return batches.each(
                operations, lambda number, one: self._one(caller, f"{key}/{number}", one, dry_run=dry_run)
            )

        done: list[Saved] = []

        def all_of_them(uow: UnitOfWork) -> BatchAnswer:
            work = self.work(uow, caller)
            done.clear()
            for one in operations:
                done.append(perform(work, one))  # noqa: PERF401 - how many were done tells which one was refused
            return BatchAnswer(tuple((one, None) for one in done))

        request = Request(caller.person.actor, key, [_asked(one) for one in operations])
        try:
            return self.company.write(request, all_of_them, answer_type=BatchAnswer, dry_run=dry_run)
        except ZhangshiError as error:
            if len(done) == len(operations):
                raise
            raise self._redacted(caller, operations[len(done)], error) from error

    def _one(self, caller: Caller, key: str, operation: Operation, *, dry_run: bool) -> Saved:
        request = Request(caller.person.actor, key, _asked(operation))
        try:
            return self.company.write(
                request, lambda uow: perform(self.work(uow, caller), operation), answer_type=Saved, dry_run=dry_run
            )
        except ZhangshiError as error:
            raise self._redacted(caller, operation, error) from error

    def _redacted(self, caller: Caller, operation: Operation, error: ZhangshiError) -> ZhangshiError:
        return self._reading(caller, lambda work: redacted(work, operation, error))

    def propose(self, caller: Caller, *, conversion: str, sources: Sequence[Source]) -> dict[str, object]:
        """Return the content of a target with all that is open; nothing is written.

        Raises: records.not_found, records.nothing_open, records.one_row_only, records.forbidden.
        """

        def computed(work: Work) -> dict[str, object]:
            document = converting.propose(work, key=conversion, chosen=chosen_rows(sources))
            return contents.content_of(work, document)

        try:
            return self._reading(caller, computed)
        except ZhangshiError as error:
            operation = Operation(kind="convert", conversion=conversion, sources=tuple(sources))
            raise self._redacted(caller, operation, error) from error

    def open_quantities(self, caller: Caller, *, conversion: str, record_id: int) -> dict[int, Decimal]:
        """Return what each row of a source still has open, by row id (the record's id where headers convert)."""
        return self._reading(caller, lambda work: converting.open_quantities(work, key=conversion, record_id=record_id))

    def preview(
        self, caller: Caller, *, entity: str, content: Content
    ) -> tuple[dict[str, object], tuple[Problem, ...]]:
        """Return a new document as it would be computed, and what is wrong with it so far; nothing is written."""

        def compute(work: Work) -> tuple[dict[str, object], tuple[Problem, ...]]:
            work.access(work.entity(entity)).refuse("create")
            document = creating.computed(work, entity, content)
            problems = (*document.problems.blocking, *document.problems.warnings)
            return contents.content_of(work, document), problems

        return self._reading(caller, compute)

    def fill(self, caller: Caller, *, entity: str, content: Content, fill: str) -> list[dict[str, object]]:
        """Return the rows that a fill (明细带出) brings into a document with this content; nothing is written.

        Raises: records.unknown_fill, records.not_found.
        """
        return self._reading(caller, lambda work: filling.fill(work, entity_key=entity, content=content, key=fill))

    def copy_of(self, caller: Caller, *, entity: str, record_id: int) -> dict[str, object]:
        """Return the content of a new record like this one. Raises: records.not_found."""
        return self._reading(caller, lambda work: editing.copy_content(work, entity, record_id))

    def _reading(self, caller: Caller, ask: Callable[[Work], T]) -> T:
        with self.company.read() as session:
            return ask(self.reading_work(session, caller))


def chosen_rows(sources: Sequence[Source]) -> list[SourceRows]:
    """Return sources as the steps take them."""
    return [(one.record_id, None if one.lines is None else dict(one.lines)) for one in sources]


def _asked(operation: Operation) -> tuple[object, ...]:
    """Return an operation as the fingerprint of its request wants it: only what counts."""
    sources = [
        (one.record_id, None if one.lines is None else sorted((row, str(q)) for row, q in one.lines.items()))
        for one in operation.sources
    ]
    return (
        operation.kind, operation.entity, operation.record_id, operation.version, operation.content,
        operation.transition, operation.conversion, sources,
    )  # fmt: skip
