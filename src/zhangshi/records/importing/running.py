"""Writing planned records in one unit of work, and collecting everything that is wrong with any of them.

Problem. The service refuses the first thing it stumbles over: what is wrong with other records of the same call stays
unsaid. Rule. Records that are refused are left out and the others are tried again until nothing more is found; what
cannot be laid at one record's door is tried by halves. This is for dry runs: what was written is undone anyway.

Example. 500 records, 3 with a bad field and 1 with a number that exists: the first call names 3, the second, of 497,
names 1, the third, of 496, passes.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, Field
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
from zhangshi.records.service.documents import Document
from zhangshi.records.service.work import Work

CHUNK = 500
_OF_THE_VALUE_ITSELF = frozenset(
    one.code
    for one in (
        errors.TOO_SMALL, errors.TOO_LARGE, errors.TOO_LONG, errors.BAD_PATTERN, errors.NOT_AN_OPTION, errors.NOT_UNIQUE,
        errors.BAD_VALUE,
    )
)  # fmt: skip


class OpenWork(Protocol):
    """Begins writing records inside a unit of work, for one caller."""

    def __call__(self, uow: UnitOfWork) -> Work:
        """Return the work; `finish` writes what it collected."""
        ...


class Refused(Exception):  # noqa: N818 - it says what happened
    """Some of the records cannot be written."""

    def __init__(self, problems: Sequence[tuple[Planned, Sequence[CellProblem]]]) -> None:
        super().__init__(f"{len(problems)} records")
        self.problems = problems


Wrote = Callable[[Planned, Document], None]


def write_chunk(work: Work, plan: Plan, chunk: Sequence[Planned], *, transition: str, wrote: Wrote | None = None) -> None:
    """Write planned records, inserts before updates; send them.

    Raises: Refused; what is the matter with the whole (no permission, the database).
    """
    inserts = [one for one in chunk if one.is_new]
    if inserts:
        contents = [one.content for one in inserts]
        try:
            documents = work.create_many(entity=plan.entity.key, contents=contents, transition=transition)
            work.flush()
        except ManyInvalid as error:
            found = [(inserts[place], _cells(inserts[place], some)) for place, some in error.problems_by_place.items()]
            raise Refused(found) from error
        except ZhangshiError as error:
            raise _refused(plan, inserts, error) from error
        if wrote is not None:
            for planned, document in zip(inserts, documents, strict=True):
                wrote(planned, document)
    updates = [one for one in chunk if not one.is_new and one.content]
    alone = any(field.to == plan.entity.key for field in plan.entity.header.fields.values())
    for planned in updates:
        try:
            document = work.edit(
                entity=plan.entity.key, record_id=planned.record_id, version=planned.version, content=planned.content
            )
            if alone:  # the next one may look at what this one changed
                work.flush()
        except ZhangshiError as error:
            raise _refused(plan, [planned], error) from error
        if wrote is not None:
            wrote(planned, document)
    try:
        work.flush()
    except ZhangshiError as error:
        raise _refused(plan, updates, error) from error


def _refused(plan: Plan, chunk: Sequence[Planned], error: ZhangshiError) -> Exception:
    """Return what to raise: with the cell where one record is to blame, else the error itself, for halving."""
    if len(chunk) != 1:
        return error
    planned = chunk[0]
    if isinstance(error, Invalid):
        return Refused([(planned, _cells(planned, error.problems))])
    path = str(error.facts.get("field", "")) if error.error_code is FIELD_LOCKED else ""
    row, column = _first_cell(plan, planned.draft, path)
    return Refused([(planned, [problem_of(error, row=row, column=column)])])


def _first_cell(plan: Plan, draft: Draft, path: str) -> tuple[int, int]:
    """Return the cell of a definition's path ("lines.price") in a record: of its first row."""
    table, _, key = path.rpartition(".")
    return draft.cell_of(f"{table}[1].{key}" if table in plan.entity.tables else path)


def _cells(planned: Planned, problems: Sequence[Problem]) -> list[CellProblem]:
    found = []
    for problem in problems:
        row, column = planned.draft.cell_of(problem.path)
        found.append(problem_at(problem, row=row, column=column))
    return found


def find_problems(
    write: Callable[[Sequence[Planned]], None], plan: Plan, chunk: Sequence[Planned]
) -> list[CellProblem]:
    """Return everything that is wrong with the records of a chunk; `write` is a dry run of `write_chunk`.

    Raises: what has nothing to do with the records.
    """
    found: list[CellProblem] = []
    waiting = [list(chunk)]
    while waiting:
        now = waiting.pop()
        if not now:
            continue
        try:
            write(now)
        except Refused as refused:
            for planned, problems in refused.problems:
                found += _kept(plan, planned, problems)
            bad = {id(planned) for planned, _ in refused.problems}
            waiting.append([one for one in now if id(one) not in bad])
        except ZhangshiError:
            if len(now) == 1:
                raise
            half = len(now) // 2
            waiting += [now[half:], now[:half]]
    return found


def _kept(plan: Plan, planned: Planned, problems: Sequence[CellProblem]) -> list[CellProblem]:
    """Leave out what only follows from a cell that is wrong already: the value was left out, so others are missing."""
    wrong = {(one.row, one.column) for one in plan.problems}
    rows = {row for row, _ in planned.draft.cells.values()}
    if not rows & {row for row, _ in wrong}:
        return list(problems)
    return [one for one in problems if (one.row, one.column) not in wrong and _stands_alone(plan, planned, one)]


def _stands_alone(plan: Plan, planned: Planned, problem: CellProblem) -> bool:
    if problem.code in _OF_THE_VALUE_ITSELF or problem.code.startswith(("value.", "number.")):
        return True
    if problem.code != errors.REQUIRED.code:
        return False
    places = {place: path for path, place in planned.draft.cells.items()}
    path = places.get((problem.row, problem.column), "")
    field = _field_at(plan.entity, path)
    return field is not None and not field.lookup and field.default is None


def _field_at(entity: Entity, path: str) -> Field | None:
    table, _, rest = path.partition("[")
    if not rest:
        table, key = HEADER, path
    else:
        key = rest.partition("].")[2]
    found = field_at(entity, f"{table}.{key}" if table else key)
    return found[1] if found else None
