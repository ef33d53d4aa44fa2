"""Many writes in one call: each on its own, or all or none.

"each": every operation is a unit of work of its own under the key `<key>/<n>`, so a repeated batch repeats nothing and
one refusal leaves the others alone. "all": one unit of work; the first refusal undoes everything.
"""

from collections.abc import Callable, Sequence

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.model import BatchAnswer, Invalid, Operation, Refused, Saved
from zhangshi.records.service.permitting import deleted_shown, saved_shown
from zhangshi.records.service.work import Work
from zhangshi.records.writing.documents import Document

Result = tuple[Saved | None, Refused | None]


def refused(error: ZhangshiError) -> Refused:
    """Return an error as the result of one operation."""
    problems = error.problems if isinstance(error, Invalid) else ()
    return Refused(error.code, error.message("zh"), error.message("en"), problems)


def each(operations: Sequence[Operation], write: Callable[[int, Operation], Saved]) -> BatchAnswer:
    """Do the operations one by one; `write` opens a unit of work for the n-th (from 0)."""
    results: list[Result] = []
    for number, operation in enumerate(operations):
        try:
            results.append((write(number, operation), None))
        except ZhangshiError as error:
            results.append((None, refused(error)))
    return BatchAnswer(tuple(results))


def perform(work: Work, operation: Operation) -> Saved:
    """Do one operation inside a unit of work, all of it written when this returns."""
    document = _document(work, operation)
    saved = deleted_shown(work, document) if isinstance(document, Saved) else saved_shown(work, document)
    work.flush()
    return saved


def _document(work: Work, operation: Operation) -> Document | Saved:
    kind, content = operation.kind, operation.content or {}
    if kind == "create":
        return work.create(entity=operation.entity, content=content, transition=operation.transition)
    if kind == "delete":
        return work.delete(entity=operation.entity, record_id=operation.record_id, version=operation.version)
    if kind == "convert":
        chosen = [(one.record_id, None if one.lines is None else dict(one.lines)) for one in operation.sources]
        return work.convert(
            conversion=operation.conversion, sources=chosen, content=content, transition=operation.transition
        )
    return work.edit(
        entity=operation.entity,
        record_id=operation.record_id,
        version=operation.version,
        content=content,
        transition=operation.transition,
    )
