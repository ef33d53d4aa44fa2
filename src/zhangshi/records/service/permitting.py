"""What the caller may do with one document: the grants whose row scopes and states hold for it."""

from collections.abc import Callable, Iterable

import msgspec

from zhangshi.definitions.catalog import HEADER, Conversion
from zhangshi.records.access import MASK, RecordAccess, access_to, hidden_problem, redacted_problems
from zhangshi.records.errors import BELOW_CONVERTED, OVER_CONVERTED
from zhangshi.records.model import Problem, Saved
from zhangshi.records.service.work import Work
from zhangshi.records.writing.cells import Cells, Linked
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.evaluating import holds
from zhangshi.records.writing.world import Pending


def access_to_record(work: Work, document: Document, header: Cells, state: str) -> RecordAccess:
    """Return what the caller may do with a record whose header is `header`."""
    access = work.access(document.entity)
    if access.unconditional:
        return access.everything
    found: list[RecordAccess] = []

    def step() -> None:
        truths = [holds(condition, header) for condition in access.conditions]
        found[:] = [access.of(state, truths)]

    work.settle(lambda: _quietly(step))
    return found[0]


def _quietly(step: Callable[[], None]) -> None:
    try:
        step()
    except Pending:
        return


def access_of_writer(work: Work, document: Document) -> RecordAccess:
    """Return what the writer of a document may see of it: of a stored one, what he might see before he changed it.

    Otherwise a preview could turn the very field that a grant asks about, and show what the grant hides.
    """
    return document.access or access_to_record(work, document, document.header, document.state)


def problems_of(work: Work, document: Document) -> tuple[Problem, ...]:
    """Return what is wrong with a document, as far as its writer may know its values."""
    access = access_of_writer(work, document)
    problems = redacted_problems(access, document.problems.blocking, document.record())
    return tuple(hidden_problem(one) if _tells_quantity(work, document, access, one) else one for one in problems)


def saved_shown(work: Work, document: Document) -> Saved:
    """Return the answer to a write: number and warnings as far as the caller may read them."""
    saved = document.saved()
    access = access_of_writer(work, document)
    if access.reads_everything:
        return saved
    number = saved.number if access.read("number") == "read" else ""
    warnings = redacted_problems(access, saved.warnings, document.record()) if saved.warnings else ()
    return msgspec.structs.replace(saved, number=number, warnings=warnings)


def deleted_shown(work: Work, saved: Saved) -> Saved:
    """Return the answer to a deletion; the record is gone, so its number shows only where every record's does."""
    access = work.access(work.entity(saved.entity))
    if access.unconditional and access.everything.read("number") == "read":
        return saved
    return msgspec.structs.replace(saved, number="")


def _tells_quantity(work: Work, document: Document, access: RecordAccess, problem: Problem) -> bool:
    """Return whether a problem tells what is open of a quantity that the caller may not read at its source."""
    if problem.code == BELOW_CONVERTED.code:
        return bool(access.hidden(quantity_paths(work.catalog.conversions_from.get(document.entity.key, ()))))
    if problem.code != OVER_CONVERTED.code:
        return False
    for one in work.catalog.conversions_to.get(document.entity.key, ()):
        source = access_to(work.catalog, one.source, work.caller.person)
        if not source.unconditional or source.everything.hidden(["number", *quantity_paths([one])]):
            return True  # which record it is about is not told here: what depends on it counts as hidden
    return False


def quantity_paths(conversions: Iterable[Conversion]) -> list[str]:
    """Return the paths of the quantities that conversions take from."""
    return [
        f"{one.each}.{one.quantity.source}" if one.each != HEADER else one.quantity.source
        for one in conversions
        if one.quantity is not None
    ]


def shown_number(work: Work, linked: Linked) -> str:
    """Return the number of another record for a refusal, `***` where the caller may not read it."""
    access = access_to(work.catalog, linked.entity.key, work.caller.person)
    found: list[RecordAccess] = []

    def step() -> None:
        found[:] = [access.of_record(linked.state, lambda condition: holds(condition, linked))]

    work.settle(lambda: _quietly(step))
    return (linked.number or str(linked.id)) if found[0].read("number") == "read" else MASK
