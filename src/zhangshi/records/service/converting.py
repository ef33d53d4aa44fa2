"""下推 / 选单: what a target would look like (`propose`), and making it (`convert`).

The content of a target carries `_source`: on the header {"conversion", "records", "line"?}, on each row the id of the
row it is made from. Whatever is not sent is filled in from the source when the target is saved, so that a clerk who may
not see a price still hands it on.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Conversion
from zhangshi.records import errors
from zhangshi.records.access import NOT_FOUND, RecordAccess
from zhangshi.records.model import Content
from zhangshi.records.service import creating, sources
from zhangshi.records.service.permitting import quantity_paths
from zhangshi.records.service.work import SourceRows, Work
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.decoding import SOURCE
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.evaluating import holds
from zhangshi.records.writing.world import Pending


def convert(
    work: Work, *, key: str, chosen: Sequence[SourceRows], content: Content | None, transition: str
) -> Document:
    """See `Work.convert`."""
    conversion = work.conversion(key)
    made = target_content(work, conversion, chosen, content or {})
    return work.create(entity=conversion.target, content=made, transition=transition)


def target_content(
    work: Work, conversion: Conversion, chosen: Sequence[SourceRows], overrides: Content, *, locking: bool = True
) -> dict[str, object]:
    """Return the content of the target: its sources, the wanted quantities, and what is overridden.

    Raises: records.not_found, records.forbidden for a source; records.nothing_open, records.one_row_only,
        records.bad_source.
    """
    ids = [record_id for record_id, _ in chosen]
    sources.lock(work, conversion.source, ids, locking=locking)
    for record_id in ids:
        _refuse_unreadable(work, conversion, record_id)
    rows = _chosen_rows(work, conversion, chosen)
    header: dict[str, object] = {"conversion": conversion.key, "records": [str(one) for one in ids]}
    content: dict[str, object] = {SOURCE: header}
    if conversion.into == HEADER:
        if len(rows) > 1:
            label = conversion.label.zh or conversion.key
            raise ZhangshiError(errors.ONE_ROW_ONLY, conversion=label, count=len(rows))
        row, wanted = rows[0]
        header["line"] = str(row.id)
        content.update(_quantity(conversion, wanted))
    else:
        content[conversion.into] = [{SOURCE: str(row.id), **_quantity(conversion, wanted)} for row, wanted in rows]
    content.update({name: value for name, value in overrides.items() if name != SOURCE})
    return content


def _quantity(conversion: Conversion, wanted: Decimal | None) -> dict[str, object]:
    return {conversion.quantity.target: str(wanted)} if conversion.quantity is not None and wanted is not None else {}


def _refuse_unreadable(work: Work, conversion: Conversion, record_id: int) -> RecordAccess:
    """Return what the caller may do with a source. Raises: records.not_found unless it may be read."""
    entity = work.entity(conversion.source)
    source = work.world.linked(conversion.source, record_id)
    access = work.access(entity)
    allowed = access.everything
    if source is not None and not access.unconditional:
        truths: list[bool] = []

        def step() -> None:
            try:
                truths[:] = [holds(condition, source) for condition in access.conditions]
            except Pending:
                return

        work.settle(step)
        allowed = access.of(source.state, truths)
    if source is None or not allowed.readable:
        raise ZhangshiError(NOT_FOUND, entity=entity.label.zh or entity.key, id=str(record_id))
    return allowed


def _chosen_rows(
    work: Work, conversion: Conversion, chosen: Sequence[SourceRows]
) -> list[tuple[Linked, Decimal | None]]:
    """Return the source rows to convert with the wanted quantity (None: all that is open)."""

    def step() -> list[tuple[Linked, Decimal | None]]:
        return [row for record_id, lines in chosen for row in _rows_of(work, conversion, record_id, lines)]

    found = work.settled(step)
    if not found:
        header = work.world.linked(conversion.source, chosen[0][0]) if chosen else None
        raise ZhangshiError(errors.NOTHING_OPEN, number=header.number if header is not None else "?")
    return found


def _rows_of(
    work: Work, conversion: Conversion, record_id: int, lines: Mapping[int, Decimal | None] | None
) -> list[tuple[Linked, Decimal | None]]:
    header = work.world.linked(conversion.source, record_id)
    if header is None:
        return []
    rows = [header] if conversion.each == HEADER else work.world.rows_of(conversion.source, conversion.each, record_id)
    if lines is None:
        usable = [row for row in rows if holds(conversion.where, row) and sources.open_of(work, conversion, row) > 0]
        return [(row, None) for row in usable] if holds(conversion.when, header) else []
    known = {row.id: row for row in rows}
    for row_id in lines:
        if row_id not in known:
            raise ZhangshiError(errors.BAD_SOURCE, id=str(row_id))
    return [(known[row_id], wanted) for row_id, wanted in lines.items()]


def propose(work: Work, *, key: str, chosen: Sequence[SourceRows]) -> Document:
    """Return the target as it would be, computed but not checked for what people still have to fill in."""
    conversion = work.conversion(key)
    work.access(work.entity(conversion.target)).refuse("create")
    content = target_content(work, conversion, chosen, {}, locking=False)
    return creating.computed(work, conversion.target, content, locking=False)


def open_quantities(work: Work, *, key: str, record_id: int) -> dict[int, Decimal]:
    """Return what each row of a source still has open; nothing where its quantity may not be read."""
    conversion = work.conversion(key)
    sources.lock(work, conversion.source, [record_id], locking=False)
    access = _refuse_unreadable(work, conversion, record_id)
    found: dict[int, Decimal] = {}
    if access.hidden(quantity_paths([conversion])):
        return found

    def step() -> None:
        header = work.world.linked(conversion.source, record_id)
        if header is None:
            return
        each = conversion.each
        rows = [header] if each == HEADER else work.world.rows_of(conversion.source, each, record_id)
        try:
            found.update(
                {row.id: sources.open_of(work, conversion, row) for row in rows if holds(conversion.where, row)}
            )
        except Pending:
            return

    work.settle(step)
    return found
