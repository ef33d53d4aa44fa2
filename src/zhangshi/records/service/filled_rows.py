"""明细带出: rows of a document that come from the rows of a record behind one of its links.

Problem. A work order's materials stand in the BOM already; nobody should type them again, nor may a screen compute
them. Rule. A new document whose content does not name the table at all gets its rows from the source, once the links
are found and before anything is computed; `_fill` names fills that replace the rows of their table, of a stored
document too. An empty source leaves the table as it is. What is brought in counts like what a conversion fills in:
lookups, defaults and formulas run over it, and the grants for single fields are not asked.
Cost: one statement for the rows of all sources of all documents, none for entities without fills.
"""

from collections.abc import Iterator, Sequence

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Fill
from zhangshi.records import errors
from zhangshi.records.model import NEW, Value
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.cells import Cells, Linked
from zhangshi.records.writing.decoding import FILL, DecodedRow
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.evaluating import evaluate, holds
from zhangshi.records.writing.problems import word
from zhangshi.records.writing.world import Pending

Rows = list[dict[str, Value]]


def fill_rows(work: Work, documents: Sequence[Document]) -> None:
    """Give documents whose links are found the rows that their fills bring; what goes wrong is a problem of theirs."""
    wanted = [(document, one) for document in documents for one in _wanted(document)]
    if not wanted:
        return
    found: dict[int, Rows | None] = {}

    def step() -> None:
        for place, (document, one) in enumerate(wanted):
            if place in found:
                continue
            try:
                found[place] = rows_of(work, document, one)
            except Pending:
                continue
            except ZhangshiError as error:
                found[place] = None
                document.problems.add_error(error, one.into)

    work.settle(step)
    brought: dict[int, dict[str, Rows]] = {}
    for place, (document, one) in enumerate(wanted):
        rows = found[place]
        if rows is not None:
            brought.setdefault(document.id, {}).setdefault(one.into, []).extend(rows)
    for document, _ in wanted:
        _put(work, document, brought.pop(document.id, {}))
        document.decoding = len(document.problems.blocking)


def _wanted(document: Document) -> Iterator[Fill]:
    """Yield the fills that are asked for, and those of a new document whose table was not sent."""
    fills = {one.key: one for one in document.entity.fills}
    asked = document.decoded.fills
    for key in asked:
        if key not in fills:
            label = word(document.entity.label)
            document.problems.add(errors.UNKNOWN_FILL, FILL, entity=label, fill=key)
            document.decoding = len(document.problems.blocking)
    for key, one in fills.items():
        missing = document.before is None and one.into not in document.decoded.tables
        if key in asked or (missing and not document.header.rows.get(one.into)):
            yield one


def rows_of(work: Work, document: Document, one: Fill) -> Rows | None:
    """Return the values of the rows that a fill brings into a document, None while its source is empty.

    Raises: Pending; formula.* where a value has no answer.
    """
    source = source_of(work, document, one)
    if source is None:
        return None
    table, header = document.entity.tables[one.into], document.header
    kept = codecs(table)
    made: Rows = []
    waiting = False
    for row in work.world.rows_of(source.entity.key, one.table, source.id):
        try:
            if holds(one.where, row, header):
                made.append({key: kept[key].settle(evaluate(said, row, header)) for key, said in one.values.items()})
        except Pending:
            waiting = True  # the other rows ask their questions in the same round
        if len(made) > table.rows_max:
            break  # the check of the number of rows says so
    if waiting:
        raise Pending
    return made


def source_of(work: Work, document: Document, one: Fill) -> Linked | None:
    """Return the record whose rows a fill brings, None while the link is empty. Raises: Pending."""
    record_id = document.header.get(one.source)
    if not isinstance(record_id, int):
        return None
    entity = document.entity
    for key in one.source.split("."):
        entity = work.catalog.entities[entity.header.fields[key].to]
    return work.world.linked(entity.key, record_id)


def _put(work: Work, document: Document, brought: dict[str, Rows]) -> None:
    """Put the rows into the document, as if its content had said so; what was computed meanwhile is forgotten."""
    if not brought:
        return
    for key, rows in brought.items():
        document.decoded.tables[key] = [DecodedRow(NEW, {}) for _ in rows]
        document.header.rows[key] = []
        for position, values in enumerate(rows, 1):
            cells = Cells(
                work.world, document.entity, key, entered={}, header=document.header, row_id=work.uow.next_id()
            )
            cells.position = position
            cells.mapped = values
            cells.begin()
            document.header.rows[key].append(cells)
    for cells in document.cells():
        cells.begin()
        cells.failed.clear()
