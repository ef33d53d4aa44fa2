"""Imports: a sheet becomes records, all of them or none.

    outcome = importer.run(caller, request, read_sheet(data, name=name), import_id=task_id, progress=run)

Problem. Ten thousand rows take seconds to write, and a person wants every mistake named, not the first. Rule. First the
sheet is read and planned; then everything is checked in dry runs of 500 records, between which others write; then, if
nothing is wrong, all is written in one transaction. A file of at most 500 records is written at once and checked only
when that is refused. Its request key is made of `import_id`, and its last row is the
note that it was done: whoever runs it again, after a crash or a kill at any moment, gets the first answer.

What changed between check and writing (another person's edit, a new record of the same number) is found by the versions
and the match columns, and refuses the whole.
"""

import hashlib
from collections.abc import Sequence
from typing import Literal

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.errors import BUSY, KEY_REUSED
from zhangshi.platform.tasks.model import CANCELLED
from zhangshi.platform.unit_of_work import Request, UnitOfWork
from zhangshi.records._store import importing as store
from zhangshi.records.importing import errors
from zhangshi.records.importing.marking import column_name, marked_sheet
from zhangshi.records.importing.matching import find_existing
from zhangshi.records.importing.model import (
    PROBLEMS_SHOWN_MAX,
    ImportAnswer,
    ImportOutcome,
    ImportRequest,
    ProblemShown,
    Progress,
)
from zhangshi.records.importing.planning import Planned
from zhangshi.records.importing.problems import CellProblem, problem_of
from zhangshi.records.importing.reading import Plan, read_plan
from zhangshi.records.importing.running import CHUNK, Found, Refused, find_problems, found_at, write_chunk
from zhangshi.records.importing.sheet import Sheet
from zhangshi.records.model import Caller, Operation
from zhangshi.records.service.records import Records
from zhangshi.records.service.redacting import redacted
from zhangshi.records.service.work import Work
from zhangshi.records.writing.documents import Document

_CHECKING = ("检查", "Checking")
_OF_NO_RECORD = frozenset({errors.DEFINITIONS_CHANGED, KEY_REUSED, BUSY, CANCELLED})
_WRITING = ("写入", "Writing")
_encode = msgspec.json.Encoder(order="deterministic").encode


class Importer:
    """Imports into one opened company. Safe to share between threads."""

    def __init__(self, *, records: Records) -> None:
        self._records = records

    def run(
        self,
        caller: Caller,
        request: ImportRequest,
        sheet: Sheet,
        *,
        import_id: int,
        name: str = "",
        progress: Progress | None = None,
    ) -> ImportOutcome:
        """Import a sheet; with problems, or as a dry run, nothing is written.

        Raises: records.unknown_entity, records.forbidden, import.definitions_changed, platform.key_reused if this id
            was used for another file; what `progress` raises to stop it.
        """
        digest = _digest(request, sheet)
        done = self._done_before(import_id, digest)
        if done is not None:
            return ImportOutcome(done)
        run = _Run(self._records, caller, request, import_id, progress)
        run.read(sheet)
        written = None
        if run.is_small and not request.dry_run:
            written = run.try_to_write(sheet, name=name, digest=digest)
        if written is None:
            run.check()
        if written is None and not run.plan.problems and not request.dry_run:
            try:
                written = run.write(sheet, name=name, digest=digest)
            except Refused as refused:
                run.plan.problems += [one for _, found in refused.found(run.explain) for _, one in found]
        if written is not None:
            return ImportOutcome(written)
        answer = run.answer(sheet, written=False)
        if not run.plan.problems:
            return ImportOutcome(answer)
        return ImportOutcome(answer, marked_sheet(sheet, run.plan.problems, language=caller.language))

    def _done_before(self, import_id: int, digest: str) -> ImportAnswer | None:
        with self._records.company.read() as session:
            found = session.query(store.FIND_RUN, import_id)
        if not found or found[0][0] != digest:
            return None  # another file under this id is refused by its request key
        return msgspec.json.decode(found[0][1], type=ImportAnswer)


class _Run:
    """One import under way."""

    def __init__(
        self,
        records: Records,
        caller: Caller,
        request: ImportRequest,
        import_id: int,
        progress: Progress | None,
    ) -> None:
        self._records = records
        self._company = records.company
        self._caller = Caller(caller.person, "import")
        self._request = request
        self._import_id = import_id
        self._progress = progress
        self._revision = 0
        self.plan: Plan

    def read(self, sheet: Sheet) -> None:
        """Plan the import in one snapshot."""
        self._tell(0, len(sheet.rows) * 2, _CHECKING)
        with self._company.read() as session:
            work = self._records.reading_work(session, self._caller)
            self._revision = work.catalog.revision
            self.plan = read_plan(session, work.catalog, self._caller, self._request, sheet, work.desk.zone)

    @property
    def is_small(self) -> bool:
        """Whether nobody waits long while all is written, so that a check beforehand is not worth its time."""
        return not self.plan.problems and sum(bool(one.content) for one in self.plan.planned) <= CHUNK

    def try_to_write(self, sheet: Sheet, *, name: str, digest: str) -> ImportAnswer | None:
        """Write without a check; None if something is wrong, which `check` then finds out."""
        try:
            return self.write(sheet, name=name, digest=digest)
        except (Refused, ZhangshiError) as error:
            if isinstance(error, ZhangshiError) and error.error_code in _OF_NO_RECORD:
                raise
            return None

    def check(self) -> None:
        """Find everything that the service would refuse, in dry runs; those of others get their turn between two."""
        planned = [one for one in self.plan.planned if one.content]
        for start in range(0, len(planned), CHUNK):
            chunk = planned[start : start + CHUNK]
            self.plan.problems += find_problems(self._write_dry, self.explain, self.plan, chunk)
            self._tell(start + len(chunk), len(planned) * 2, _CHECKING)
        self.plan.problems = list(dict.fromkeys(self.plan.problems))

    def explain(self, planned: Planned, error: ZhangshiError) -> Found:
        """Return where a record's refusal is shown, and what of it this person may know."""
        kind: Literal["create", "edit"] = "create" if planned.is_new else "edit"
        operation = Operation(kind=kind, entity=self.plan.entity.key, record_id=planned.record_id)
        with self._company.read() as session:
            shown = redacted(self._records.reading_work(session, self._caller), operation, error)
        return found_at(self.plan, planned, shown)

    def _write_dry(self, chunk: Sequence[Planned]) -> None:
        def work(uow: UnitOfWork) -> int:
            write_chunk(self._work(uow), self.plan, chunk, transition=self._request.transition)
            return len(chunk)

        key = f"import-{self._import_id}/check"
        self._company.write(self._asked(key, ""), work, answer_type=int, dry_run=True)

    def write(self, sheet: Sheet, *, name: str, digest: str) -> ImportAnswer:
        """Write everything in one transaction. Raises: Refused."""
        planned = [one for one in self.plan.planned if one.content]
        self._tell(len(planned), len(planned) * 2, _WRITING)
        answer = self.answer(sheet, written=True)

        def work(uow: UnitOfWork) -> ImportAnswer:
            self._refuse_new_matches(uow)
            rows: list[tuple[object, ...]] = []

            def wrote(one: Planned, document: Document) -> None:
                action = "insert" if one.is_new else "update"
                before = "" if one.is_new else _encode(one.before).decode()
                rows.append((self._import_id, document.id, len(rows), action, document.version, before))

            for start in range(0, len(planned), CHUNK):
                chunk = planned[start : start + CHUNK]
                write_chunk(self._work(uow), self.plan, chunk, transition=self._request.transition, wrote=wrote)
            uow.session.execute_rows(store.INSERT_ROWS, rows)
            person, text = self._caller.person, _encode(answer).decode()
            uow.session.execute(
                store.INSERT_RUN, self._import_id, self.plan.entity.key, name, digest, text, person.user_id,
                uow.now_micros,
            )  # fmt: skip
            return answer

        request = self._asked(f"import-{self._import_id}", digest)
        written = self._company.write(request, work, answer_type=ImportAnswer)
        self._tell(len(planned) * 2, len(planned) * 2, _WRITING)
        return written

    def _work(self, uow: UnitOfWork) -> Work:
        work = self._records.work(uow, self._caller)
        if work.catalog.revision != self._revision:
            raise ZhangshiError(errors.DEFINITIONS_CHANGED)
        return work

    def _asked(self, key: str, digest: str) -> Request:
        return Request(self._caller.person.actor, key, {"import": digest})

    def _refuse_new_matches(self, uow: UnitOfWork) -> None:
        """Refuse records that somebody else made since the sheet was planned."""
        plan = self.plan
        if not plan.new_keys:
            return
        found = find_existing(uow.session, plan.entity, plan.match_keys, plan.new_keys)
        bad = []
        for one in plan.planned:
            if one.draft.row in found:
                row, column = one.draft.cell_of(plan.match_keys[0])
                text = one.draft.text.get(plan.match_keys[0], "")
                problem = problem_of(ZhangshiError(errors.ALREADY_THERE, text=text), row=row, column=column)
                bad.append((one, [(plan.match_keys[0], problem)]))
        if bad:
            raise Refused(bad)

    def answer(self, sheet: Sheet, *, written: bool) -> ImportAnswer:
        """Return the answer with what is known now."""
        plan = self.plan
        inserted = sum(one.is_new for one in plan.planned)
        updated = sum(bool(one.content) for one in plan.planned if not one.is_new)
        problems = sorted(plan.problems)
        return ImportAnswer(
            import_id=str(self._import_id),
            entity=plan.entity.key,
            mode=self._request.mode,
            dry_run=self._request.dry_run,
            written=written,
            rows=len(sheet.rows),
            records=len(plan.drafts),
            inserted=inserted,
            updated=updated,
            unchanged=len(plan.planned) - inserted - updated,
            left_out=plan.left_out,
            problem_count=len(problems),
            problems=tuple(_shown(sheet, one) for one in problems[:PROBLEMS_SHOWN_MAX]),
        )

    def _tell(self, done: int, total: int, words: tuple[str, str]) -> None:
        if self._progress is not None:
            self._progress.advance(done, total, words[self._caller.language == "en"])


def _shown(sheet: Sheet, problem: CellProblem) -> ProblemShown:
    title = sheet.header[problem.column] if problem.column < len(sheet.header) else ""
    return ProblemShown(problem.row, column_name(problem.column), title, problem.code, problem.zh, problem.en)


def _digest(request: ImportRequest, sheet: Sheet) -> str:
    content = _encode((request, sheet.header, sheet.rows))
    return hashlib.sha256(content).hexdigest()
