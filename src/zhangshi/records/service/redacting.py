"""Refusals of writes, without what the person who wrote may not see.

Problems of a document are redacted where they are raised, while the document is at hand. Everything else is redacted
here, after the transaction has ended, with the record as it is stored: an error is rare, so it may cost some
statements.
"""

from collections.abc import Iterable

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.access import MASK, RecordAccess, redact_error
from zhangshi.records.model import Invalid, Operation
from zhangshi.records.service import editing
from zhangshi.records.service.permitting import quantity_paths
from zhangshi.records.service.work import Work

_OF_QUANTITIES = frozenset({"records.over_converted", "records.below_converted"})
_QUANTITIES = frozenset({"open", "converted"})


def redacted(work: Work, operation: Operation, error: ZhangshiError) -> ZhangshiError:
    """Return the refusal of an operation as the person may read it; `work` only reads."""
    if isinstance(error, Invalid):
        return error
    for entity_key, record_id in _about(work, operation):
        entity = work.catalog.entities.get(entity_key)
        if entity is None:
            continue
        allowed = work.access(entity)
        if allowed.unconditional and allowed.everything.reads_everything:
            continue
        before = editing.read_record(work, entity, record_id, locking=False)
        if before is None:
            continue
        access = editing.access_before(work, entity, before)
        error = redact_error(access, error, before)
        if error.code in _OF_QUANTITIES and not _reads_quantities(work, entity_key, access):
            error = ZhangshiError(
                error.error_code, **{name: MASK if name in _QUANTITIES else fact for name, fact in error.facts.items()}
            )
    return error


def _about(work: Work, operation: Operation) -> Iterable[tuple[str, int]]:
    """Yield the records that the operation was about: its own, or the sources of a conversion."""
    if operation.record_id:
        yield operation.entity, operation.record_id
    conversion = work.catalog.conversions.get(operation.conversion)
    if conversion is not None:
        for source in operation.sources:
            yield conversion.source, source.record_id


def _reads_quantities(work: Work, entity: str, access: RecordAccess) -> bool:
    """Return whether every quantity that is converted from this entity may be read."""
    return not access.hidden(quantity_paths(work.catalog.conversions_from.get(entity, ())))
