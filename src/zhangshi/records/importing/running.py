"""Writing planned records in one unit of work, and collecting everything that is wrong with any of them.

Problem. The service refuses the first thing it stumbles over: what is wrong with other records of the same call stays
unsaid. Rule. Records that are refused are left out and the others are tried again until nothing more is found; what
cannot be laid at one record's door is tried by halves. This is for dry runs: what was written is undone anyway.

Example. 500 records, 3 with a bad field and 1 with a number that exists: the first call names 3, the second, of 497,
names 1, the third, of 496, passes.
"""

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Entity, Field
from zhangshi.platform.unit_of_work import UnitOfWork
from zhangshi.records import errors
from zhangshi.records.access import FIELD_LOCKED
from zhangshi.records.importing.drafts import Draft
from zhangshi.records.importing.planning import Planned
from zhangshi.records.importing.problems import CellProblem, problem_at, problem_of
from zhangshi.records.importing.reading import Plan
from zhangshi.records.importing.titles import field_at
from zhangshi.records.model import Invalid, Problem
from zhangshi.records.service.creating import ManyInvalid
from zhangshi.records.service.work import Work
from zhangshi.records.writing.documents import Document

CHUNK = 500
_ROW = re.compile(r"\[\d+\]")
_OF_THE_VALUE_ITSELF = frozenset(
    one.code
    for one in (
        errors.TOO_SMALL, errors.TOO_LARGE, errors.TOO_LONG, errors.BAD_PATTERN, errors.NOT_AN_OPTION,
        errors.NOT_UNIQUE, errors.BAD_VALUE,
    )
)  # fmt: skip


class OpenWork(Protocol):
    """Begins writing records inside a unit of work, for one caller."""

    def __call__(self, uow: UnitOfWork) -> Work:
        """Return the work; `finish` writes what it collected."""
        ...


Found = tuple[str, CellProblem]
"""A problem with the path that the service named; the path may have no cell of its own."""


class Refused(Exception):
    """Some of the records cannot be written: for each its problems, or the refusal of the whole record.

    Problems are without what the person may not see; a refusal is not, see `Explain`.
    """

    def __init__(self, problems: Sequence[tuple[Planned, Sequence[Found] | ZhangshiError]]) -> None:
        super().__init__(f"{len(problems)} records")
        self.problems = problems

    def found(self, explain: "Explain") -> list[tuple[Planned, Sequence[Found]]]:
        """Return the cells that are wrong, record by record."""
        return [(one, [explain(one, why)] if isinstance(why, ZhangshiError) else why) for one, why in self.problems]


Wrote = Callable[[Planned, Document], None]
Explain = Callable[[Planned, ZhangshiError], Found]
"""Tells where and what a refusal is, without what the person may not see; not inside the transaction that failed."""


def write_chunk(
    work: Work, plan: Plan, chunk: Sequence[Planned], *, transition: str, wrote: Wrote | None = None
) -> None:
    """Write planned records, inserts before updates; send them.

    Raises: Refused; what is the matter with the whole (no permission, the database).
    """
    inserts = [one for one in chunk if one.is_new]
    updates = [one for one in chunk if not one.is_new and one.content]
    written = _insert(work, plan, inserts, transition) if inserts else []
    written += _update(work, plan, updates) if updates else []
    if wrote is not None:
        for planned, document in written:
            wrote(planned, document)


def _insert(work: Work, plan: Plan, inserts: Sequence[Planned], transition: str) -> list[tuple[Planned, Document]]:
    try:
        contents = [one.content for one in inserts]
        documents = work.create_many(entity=plan.entity.key, contents=contents, transition=transition)
        work.flush()
    except ManyInvalid as error:
        found = [(inserts[place], _cells(inserts[place], some)) for place, some in error.problems_by_place.items()]
        raise Refused(found) from error
    except ZhangshiError as error:
        raise _refused(inserts, error) from error
    return list(zip(inserts, documents, strict=True))


def _update(work: Work, plan: Plan, updates: Sequence[Planned]) -> list[tuple[Planned, Document]]:
    entity, written = plan.entity, []
    looks_at_its_like = any(field.to == entity.key for field in entity.header.fields.values())
    now: Sequence[Planned] = updates
    try:
        for one in updates:
            now = [one]
            content = one.content
            document = work.edit(entity=entity.key, record_id=one.record_id, version=one.version, content=content)
            written.append((one, document))
            if looks_at_its_like:  # the next one must see what this one changed
                work.flush()
        now = updates
        work.flush()
    except ZhangshiError as error:
        raise _refused(now, error) from error
    return written


def _refused(chunk: Sequence[Planned], error: ZhangshiError) -> Exception:
    """Return what to raise: with the record where one is to blame, else the error itself, for halving."""
    if len(chunk) != 1:
        return error
    planned = chunk[0]
    return Refused([(planned, _cells(planned, error.problems) if isinstance(error, Invalid) else error)])


def found_at(plan: Plan, planned: Planned, error: ZhangshiError) -> Found:
    """Return where the refusal of a record is shown: at the field that it names, else at its number."""
    path = str(error.facts.get("field", "")) if error.error_code is FIELD_LOCKED else ""
    row, column = _first_cell(plan, planned.draft, path)
    return path, problem_of(error, row=row, column=column)


def _first_cell(plan: Plan, draft: Draft, path: str) -> tuple[int, int]:
    """Return the cell of a definition's path ("lines.price") in a record: of its first row."""
    table, _, key = path.rpartition(".")
    return draft.cell_of(f"{table}[1].{key}" if table in plan.entity.tables else path)


def _cells(planned: Planned, problems: Sequence[Problem]) -> list[Found]:
    found = []
    for problem in problems:
        row, column = planned.draft.cell_of(problem.path)
        found.append((problem.path, problem_at(problem, row=row, column=column)))
    return found


def find_problems(
    write: Callable[[Sequence[Planned]], None], explain: Explain, plan: Plan, chunk: Sequence[Planned]
) -> list[CellProblem]:
    """Return everything that is wrong with the records of a chunk; `write` is a dry run of `write_chunk`.

    Raises: what has nothing to do with the records.
    """
    found: list[CellProblem] = []
    before = _Before(plan)
    waiting = [list(chunk)]
    while waiting:
        now = waiting.pop()
        if not now:
            continue
        try:
            write(now)
        except Refused as refused:
            for planned, problems in refused.found(explain):
                found += before.kept(planned, problems)
            bad = {id(planned) for planned, _ in refused.problems}
            waiting.append([one for one in now if id(one) not in bad])
        except ZhangshiError:
            if len(now) == 1:
                raise
            half = len(now) // 2
            waiting += [now[half:], now[:half]]
    return found


class _Before:
    """What was wrong before the check: where a value was left out, others are missing because of it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._cells = {(one.row, one.column) for one in plan.problems}
        self._rows = {row for row, _ in self._cells}
        self._columns = frozenset(column.path for column in plan.columns)

    def kept(self, planned: Planned, problems: Sequence[Found]) -> list[CellProblem]:
        """Leave out what only follows from a cell, or a column, that is wrong already."""
        is_bad = not self._rows.isdisjoint(row for row, _ in planned.draft.cells.values())
        return [one for path, one in problems if self._is_new(path, one, is_bad=is_bad)]

    def _is_new(self, path: str, problem: CellProblem, *, is_bad: bool) -> bool:
        is_missing = problem.code == errors.REQUIRED.code
        if is_missing and 1 in self._rows and _ROW.sub("", path) not in self._columns:
            return False  # perhaps that was the column
        if not is_bad:
            return True
        return (problem.row, problem.column) not in self._cells and _stands_alone(self._plan, path, problem.code)


def _stands_alone(plan: Plan, path: str, code: str) -> bool:
    if code in _OF_THE_VALUE_ITSELF or code.startswith(("value.", "number.")):
        return True
    field = _field_at(plan.entity, path) if code == errors.REQUIRED.code else None
    return field is not None and not field.lookup and field.default is None


def _field_at(entity: Entity, path: str) -> Field | None:
    found = field_at(entity, _ROW.sub("", path))
    return found[1] if found else None
