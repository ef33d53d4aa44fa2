"""The read side of one opened company: what every door calls to see records.

Each call is one snapshot of the database and one revision of the definitions. Answers are plain dictionaries in wire
form: decimals and ids are texts, days and instants ISO, empty is None, what is hidden is not there.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records import choices
from zhangshi.records.access import redacted_problems
from zhangshi.records.model import Caller, Content, Problem
from zhangshi.records.query import ListQuery, Page
from zhangshi.records.reading import chain, comments, details, lists, search, trail
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.forms import form_shown
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.reading.visibility import changed_shown
from zhangshi.records.service import creating, editing, permitting
from zhangshi.records.service.records import Records
from zhangshi.records.service.work import Work


class RecordReader:
    """Reads records for people. Safe to share between threads."""

    def __init__(self, *, company: Company, catalogs: Catalogs, zone: ZoneInfo, records: Records | None = None) -> None:
        self._company = company
        self._catalogs = catalogs
        self._zone = zone
        self._records = records or Records(company=company, catalogs=catalogs)

    @contextmanager
    def _asking(self, caller: Caller) -> Iterator[Asking]:
        with self._company.read() as session:
            yield self.asking(session, caller)

    @contextmanager
    def open(self, caller: Caller) -> Iterator[Asking]:
        """Have one person's questions in one snapshot, for doors that ask several (printing)."""
        with self._asking(caller) as asking:
            yield asking

    def asking(self, session: Session, caller: Caller) -> Asking:
        """Begin one person's questions in a transaction that is open already (an export, a job, a unit of work)."""
        catalog = self._catalogs.current(session)
        return Asking(session, catalog, caller, now=self._company.clock.now(), zone=self._zone)

    def get(self, caller: Caller, entity: str, record_id: int) -> Shown:
        """Return a record with its rows, and `_access`: what may be done with it.

        Raises: records.unknown_entity, records.forbidden, records.not_found (also where it may not be read).
        """
        with self._asking(caller) as asking:
            return details.detail(asking, asking.entity(entity), record_id)

    def list(self, caller: Caller, entity: str, query: ListQuery) -> Page:
        """Return a page of records; see `lists.list_page`."""
        with self._asking(caller) as asking:
            return lists.list_page(asking, asking.entity(entity), query)

    def stream(
        self, caller: Caller, entity: str, query: ListQuery, *, action: str = "export"
    ) -> Generator[Shown, None, None]:
        """Yield every record of a list in constant memory, as one snapshot; `action` must be granted for each.

        The generator holds a connection until it ends or is closed.
        """
        with self._asking(caller) as asking:
            for _, shown in lists.stream(asking, asking.entity(entity), query, action=action):
                yield shown

    def search(
        self, caller: Caller, text: str, *, entities: Sequence[str] | None = None, limit: int = search.LIMIT_DEFAULT
    ) -> "list_of_shown":
        """Return the best hits among what the person may read; see `search.search`."""
        with self._asking(caller) as asking:
            return search.search(asking, text, entities=entities, limit=limit)

    def chain(self, caller: Caller, entity: str, record_id: int) -> Shown:
        """Return the documents that a record came from and that came of it; see `chain.chain`."""
        with self._asking(caller) as asking:
            return chain.chain(asking, asking.entity(entity), record_id)

    def audit(self, caller: Caller, entity: str, record_id: int, *, before: int = 0) -> "list_of_shown":
        """Return a page of the audit trail, the newest entries first."""
        with self._asking(caller) as asking:
            return trail.audit(asking, asking.entity(entity), record_id, before=before)

    def comments(self, caller: Caller, entity: str, record_id: int, *, after: int = 0) -> "list_of_shown":
        """Return a page of comments, the oldest first."""
        with self._asking(caller) as asking:
            return comments.comments(asking, asking.entity(entity), record_id, after=after)

    def comment(self, caller: Caller, *, key: str, entity: str, record_id: int, text: str) -> str:
        """Add a comment; return its id. See `comments.add_comment`."""

        def work(uow: UnitOfWork) -> str:
            asking = self.asking(uow.session, caller)
            return comments.add_comment(
                asking, uow, caller, entity=asking.entity(entity), record_id=record_id, text=text
            )

        content = {"comment": text, "entity": entity, "record": record_id}
        return self._company.write(Request(caller.person.actor, key, content), work, answer_type=str)

    def choices(
        self,
        caller: Caller,
        entity: str,
        path: str,
        *,
        text: str = "",
        content: Content | None = None,
        row: int = 0,
        limit: int = choices.LIMIT_DEFAULT,
    ) -> "list_of_shown":
        """Return what may be chosen in a link of a document that stands in a form as `content`.

        `row`: which row of the content, from 1, the link belongs to; 0 for the header, or a row that is still empty.
        """
        with self._company.read() as session:
            work = self._records.reading_work(session, caller)
            asking = self._asking_in(work)
            wanted = choices.choosing(asking, asking.entity(entity), path)
            fits = choices.filter_of(work, wanted, content or {}, row)
            return choices.choices(asking, wanted, fits, text=text, limit=limit)

    def preview(
        self, caller: Caller, entity: str, content: Content, *, record_id: int = 0
    ) -> tuple[Shown, tuple[Problem, ...]]:
        """Return a document as it would be computed, and what is wrong with it so far; nothing is written.

        `record_id`: over a stored record, as an edit of it. What the person could not read is left out, also of the
        problems. Raises: records.unknown_entity, records.forbidden, records.not_found.
        """
        with self._company.read() as session:
            work = self._records.reading_work(session, caller)
            asking = self._asking_in(work)
            found = asking.entity(entity)
            if record_id:
                asking.record(found, record_id, "edit")
                document = editing.computed(work, found, record_id, content)
            else:
                asking.access(found).refuse("create")
                document = creating.computed(work, entity, content)
            access = permitting.access_of_writer(work, document)
            shown = form_shown(asking, document, access)
            problems = (*document.problems.blocking, *document.problems.warnings)
            return shown, redacted_problems(access, problems, document.record())

    def _asking_in(self, work: Work) -> Asking:
        now = self._company.clock.now()
        return Asking(work.session, work.catalog, work.caller, now=now, zone=self._zone, world=work.world)

    def event(self, caller: Caller, payload: dict[str, Any]) -> Shown | None:
        """Return what a person may learn of a `record.*` event, None where the record may not be read."""
        with self._asking(caller) as asking:
            return changed_shown(asking, payload)


list_of_shown = list[Shown]
