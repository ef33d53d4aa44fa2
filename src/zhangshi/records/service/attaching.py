"""Sources of a new document: found, locked, and what their conversion maps filled in.

What a conversion maps is evaluated here, from the source as it is stored; what a client sent for the same field wins
where people may fill it in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from zhangshi.definitions.catalog import HEADER, Conversion, Table
from zhangshi.expr import Formula
from zhangshi.records import errors
from zhangshi.records.links import Link
from zhangshi.records.model import NEW, Value
from zhangshi.records.numerals import rounded
from zhangshi.records.service import sources
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.cells import Cells, Linked
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.evaluating import evaluate, holds
from zhangshi.records.writing.problems import Problems
from zhangshi.records.writing.world import Pending


def attach_sources(work: Work, documents: Sequence[Document], *, locking: bool = True) -> None:
    """Find the sources that new rows name, lock them, and fill in what the conversion maps.

    What is wrong (an unknown row, a condition that does not hold) becomes a problem of the document.
    """
    for one in documents:
        _refuse_orphans(one)
    named = [one for one in documents if one.decoded.conversion and (one.before is None or _new_rows(one))]
    for one in named:
        conversion = work.conversion(one.decoded.conversion)
        if conversion.target != one.entity.key:
            one.problems.add(errors.BAD_SOURCE, "_source", id=conversion.key)
            one.decoded.conversion = ""
            one.decoding += 1
    named = [one for one in named if one.decoded.conversion]
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in named:
        wanted[work.conversion(one.decoded.conversion).source].update(one.decoded.source_ids)
    for entity, ids in sorted(wanted.items()):
        sources.lock(work, entity, ids, locking=locking)
    for one in named:
        work.settle(partial(_attached, work, one))
        one.decoding = len(one.problems.blocking)


def _new_rows(document: Document) -> list[tuple[str, int, int]]:
    """Return (table, place, source row) of the new rows that say what they are made from."""
    return [
        (table, place, row.source_id)
        for table, rows in document.decoded.tables.items()
        for place, row in enumerate(rows)
        if row.source_id and not row.id
    ]


def _refuse_orphans(document: Document) -> None:
    """A row that names its source in a document that names no conversion would never be counted."""
    if not document.decoded.conversion:
        for table, place, source_id in _new_rows(document):
            document.problems.add(errors.BAD_SOURCE, f"{table}[{place + 1}]", row=place + 1, id=str(source_id))
            document.decoding += 1


def _attached(work: Work, document: Document) -> None:
    conversion = work.conversion(document.decoded.conversion)
    problems = Problems(document.entity)
    found: dict[int, Link] = {}
    try:
        headers = _headers(work, conversion, document, problems)
        if headers and document.before is None:
            _attach_header(work, conversion, document, headers, found, problems)
        if headers and conversion.into != HEADER:
            for cells in document.header.rows[conversion.into]:
                if cells.is_new:
                    _attach_row(work, conversion, document, cells, headers, found, problems)
    except Pending:  # from the start, when the answers are here: nothing was kept
        return
    document.sources.update(found)
    document.problems.blocking.extend(problems.blocking)


def _headers(work: Work, conversion: Conversion, document: Document, problems: Problems) -> list[Linked]:
    """Return the sources that are there; what is wrong with them is noted."""
    headers = [work.world.linked(conversion.source, one) for one in document.decoded.source_ids]
    for one, record_id in zip(headers, document.decoded.source_ids, strict=True):
        if one is None:
            problems.add(errors.BAD_SOURCE, "_source", id=str(record_id))
        elif not holds(conversion.when, one):
            label = conversion.label.zh or conversion.key
            problems.add(errors.NOT_CONVERTIBLE, "_source", number=one.number, conversion=label)
    found = [one for one in headers if one is not None]
    if found:
        sources.refuse_unequal(conversion, found, problems)
    return found


def _attach_header(
    work: Work,
    conversion: Conversion,
    document: Document,
    headers: list[Linked],
    found: dict[int, Link],
    problems: Problems,
) -> None:
    mapped = _values(document.entity.header, conversion.header, headers[0])
    if conversion.into == HEADER:
        row = _source_row(work, conversion, headers, document.decoded.source_line, problems)
        if row is None:
            return
        mapped.update(_mapped(work, conversion, document.header, row))
        found[document.id] = _new_link(conversion, document, row, NEW)
    document.header.mapped = mapped
    document.header.begin()


def _source_row(
    work: Work, conversion: Conversion, headers: list[Linked], row_id: int, problems: Problems
) -> Linked | None:
    """Return what one target (or target row) is made from, None with a problem."""
    if conversion.each == HEADER:
        wanted = row_id or headers[0].id
        row = next((one for one in headers if one.id == wanted), None)
    else:
        rows = [one for header in headers for one in work.world.rows_of(conversion.source, conversion.each, header.id)]
        row = next((one for one in rows if one.id == row_id), None)
    if row is None:
        problems.add(errors.BAD_SOURCE, "_source", id=str(row_id))
        return None
    if not holds(conversion.where, row):
        number = (row.header or row).number
        problems.add(errors.NOT_CONVERTIBLE, "_source", number=number, conversion=conversion.label.zh or conversion.key)
    return row


def _attach_row(
    work: Work,
    conversion: Conversion,
    document: Document,
    cells: Cells,
    headers: list[Linked],
    found: dict[int, Link],
    problems: Problems,
) -> None:
    source_id = document.decoded.tables[conversion.into][cells.position - 1].source_id
    if not source_id:
        return
    row = _source_row(work, conversion, headers, source_id, problems)
    if row is not None:
        cells.mapped = _mapped(work, conversion, cells, row)
        cells.begin()
        found[cells.id] = _new_link(conversion, document, row, cells.id)


def _mapped(work: Work, conversion: Conversion, cells: Cells, row: Linked) -> dict[str, Value]:
    table = work.catalog.entities[conversion.target].table(conversion.into)
    mapped = _values(table, conversion.lines, row)
    tracked = conversion.quantity
    if tracked is None:
        return mapped
    origin = work.catalog.entities[conversion.source].table(conversion.each)
    unit, from_unit = table.fields[tracked.target].unit, origin.fields[tracked.source].unit
    if unit and from_unit and unit in table.fields and unit not in mapped:
        mapped[unit] = row.get(from_unit)  # the same goods in the same unit, where nothing else is said
    if tracked.target not in mapped and tracked.target not in cells.entered:
        open_now = sources.open_of(work, conversion, row)
        digits = table.fields[tracked.target].digits
        mapped[tracked.target] = rounded(max(open_now, Decimal(0)), digits)
    return mapped


def _values(table: Table, formulas: Mapping[str, Formula], row: Linked) -> dict[str, Value]:
    kept = codecs(table)
    return {key: kept[key].settle(evaluate(formula, row)) for key, formula in formulas.items()}


def _new_link(conversion: Conversion, document: Document, row: Linked, target_row: int) -> Link:
    record_id = row.id if conversion.each == HEADER else int(row.raw[1])
    line_id = 0 if conversion.each == HEADER else row.id
    return Link(
        NEW, conversion.key, conversion.source, record_id, line_id, conversion.target, document.id,
        0 if conversion.into == HEADER else target_row, 0,
    )  # fmt: skip
