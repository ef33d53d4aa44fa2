"""Sources of conversions: locked, summed, and how much of each row is still open."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial

from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import QUANTITY_DIGITS, Quantity, quantity_text, round_half_up_ratio
from zhangshi.definitions.catalog import HEADER, Conversion, Field
from zhangshi.records import errors
from zhangshi.records._store import linking as store
from zhangshi.records._store.layouts import layout
from zhangshi.records.links import Link
from zhangshi.records.numerals import minor, quantity_minor
from zhangshi.records.service.units import ratio
from zhangshi.records.service.work import Work
from zhangshi.records.writing.cells import Cells, Linked
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.evaluating import evaluate, holds
from zhangshi.records.writing.problems import Problems

Used = dict[tuple[str, int, int], tuple[int, int]]
"""(conversion, source, row) -> (quantity, links)"""
Taken = dict[tuple[str, int, int], int]
"""(conversion, source, row) -> millionths"""
_USED = "used"


def lock(work: Work, entity_key: str, ids: Iterable[int], *, locking: bool = True) -> None:
    """Lock records in the order of their ids and read them, their rows, and what is used of them."""
    entity = work.entity(entity_key)
    wanted = [(one,) for one in sorted(set(ids))]
    home = layout(entity.header)
    for (one,) in wanted:
        work.world.records[entity_key, one] = None
    for row in work.session.query_rows(home.lock if locking else home.of_ids, wanted):
        work.world.records[entity_key, row[0]] = Linked(work.world, entity, HEADER, row)
    tables = {one.each for one in work.catalog.conversions_from.get(entity_key, ()) if one.each != HEADER}
    with work.session.batch() as batch:
        results = {table: batch.query_rows(layout(entity.tables[table]).of_records, wanted) for table in tables}
        used = batch.query_rows(store.USED, wanted)
    for table, result in results.items():
        for (one,) in wanted:
            work.world.rows[entity_key, table, one] = []
        for row in result.rows:
            header = work.world.records[entity_key, row[1]]
            work.world.rows[entity_key, table, row[1]].append(Linked(work.world, entity, table, row, header))
    for (one,) in wanted:
        work.world.answers[_USED, one] = {
            (row[0], row[1], row[2]): (int(row[3]), int(row[4])) for row in used.rows if row[1] == one
        }


def refuse_unequal(conversion: Conversion, headers: Sequence[Linked], problems: Problems) -> None:
    """Note that several sources cannot make one target. Raises: Pending."""
    if len(headers) == 1:
        return
    if not conversion.combine:
        problems.add(errors.NOT_COMBINABLE, "_source", field="number")
    for path in conversion.combine:
        if len({one.get(path) for one in headers}) > 1:
            problems.add(errors.NOT_COMBINABLE, "_source", field=path)


def used_of(work: Work, key: tuple[str, int, int]) -> tuple[int, int]:
    """Return what is used up of a source's row that is locked: millionths, and by how many links."""
    known: Used = work.world.answers.get((_USED, key[1]), {})
    return known.get(key, (0, 0))


def source_minor(conversion: Conversion, row: Linked) -> int:
    """Return the quantity of a source's row in millionths of its unit. Raises: Pending."""
    if conversion.quantity is None:
        return 0
    return quantity_minor(row.get(conversion.quantity.source))


def open_of(work: Work, conversion: Conversion, row: Linked) -> Decimal:
    """Return what is open of a source's row, in its unit; of an untracked conversion 1 or 0. Raises: Pending."""
    record_id = row.id if conversion.each == HEADER else int(row.raw[1])
    used, links = used_of(work, (conversion.key, record_id, 0 if conversion.each == HEADER else row.id))
    if conversion.quantity is None:
        return Decimal(0 if links else 1)
    left = source_minor(conversion, row) - used
    return Decimal(left).scaleb(-QUANTITY_DIGITS) if abs(left) > links / 2 else Decimal(0)


def quantity_of(work: Work, link: Link, cells: Cells) -> int:
    """Return what a target's row takes from its source, in millionths of the source's unit.

    Raises: Pending; unit.no_conversion.
    """
    conversion = work.catalog.conversions.get(link.conversion)
    if conversion is None or conversion.quantity is None:
        return 0
    taken = quantity_minor(cells.get(conversion.quantity.target))
    row = _row(work, conversion, link)
    target_field = work.catalog.entities[conversion.target].table(conversion.into).fields[conversion.quantity.target]
    source_field = work.catalog.entities[conversion.source].table(conversion.each).fields[conversion.quantity.source]
    if not target_field.unit or not source_field.unit:
        return taken
    unit = cells.get(target_field.unit)
    from_unit = None if row is None else row.get(source_field.unit)
    if row is None or unit == from_unit or not isinstance(unit, int) or not isinstance(from_unit, int):
        return taken
    item = _item(work, conversion, source_field, row)
    if item is None:
        return taken
    exact = Fraction(taken) * ratio(work, item, unit) / ratio(work, item, from_unit)
    return round_half_up_ratio(exact.numerator, exact.denominator)


def _row(work: Work, conversion: Conversion, link: Link) -> Linked | None:
    header = work.world.linked(conversion.source, link.source_id)
    if header is None or conversion.each == HEADER:
        return header
    rows = work.world.rows_of(conversion.source, conversion.each, link.source_id)
    return next((one for one in rows if one.id == link.source_line_id), None)


def _item(work: Work, conversion: Conversion, quantity: Field, row: Linked) -> int | None:
    """Return the item whose units count: the row's link to the entity that plays `ledger_item`."""
    del quantity
    played = work.catalog.playing("ledger_item")
    if played is None:
        return None
    table = work.catalog.entities[conversion.source].table(conversion.each)
    for key, field in table.fields.items():
        if field.is_link and field.to == played[0].key and isinstance(found := row.get(key), int):
            return found
    return None


def check(work: Work, documents: Sequence[tuple[Document, list[Link]]]) -> None:
    """Note rows that take more than is open. Locks the sources that are not locked yet."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for link in (link for _, links in documents for link in links):
        if (_USED, link.source_id) not in work.world.answers:
            wanted[link.source_entity].add(link.source_id)
    for entity, ids in sorted(wanted.items()):
        lock(work, entity, ids)
    taken = _taken(documents)
    for document, links in documents:
        for found in work.settled(partial(_overs, work, document, links, taken)):
            path, facts = found
            document.problems.add_error(ZhangshiError(errors.OVER_CONVERTED, **facts), path)


def _taken(documents: Sequence[tuple[Document, list[Link]]]) -> Taken:
    """Return how much more the documents together take of each source's row than before."""
    taken: Taken = defaultdict(int)
    for document, links in documents:
        for link in links:
            taken[link.source_key] += link.quantity if link.active else 0
        for link in document.links_before:
            taken[link.source_key] -= link.quantity if link.active else 0
    return taken


def _overs(work: Work, document: Document, links: list[Link], taken: Taken) -> list[tuple[str, dict[str, str | int]]]:
    return [found for link in links if (found := _over(work, document, link, taken)) is not None]


def _over(work: Work, document: Document, link: Link, taken: Taken) -> tuple[str, dict[str, str | int]] | None:
    conversion = work.conversion(link.conversion)
    row = _row(work, conversion, link)
    if row is None or not link.active:
        return None
    used, links = used_of(work, link.source_key)
    own = sum(1 for one in document.links_before if one.active and one.source_key == link.source_key)
    position = next((cells.position for cells in document.cells() if cells.id == link.target_line_id), 0)
    path = f"{conversion.into}[{position}]" if position else ""
    number = (row.header or row).number
    place = row.raw[2] if conversion.each != HEADER else 0
    if conversion.quantity is None:
        if links > own or (link.is_new and links):
            return path, {"number": number, "place": place, "open": "0", "wanted": "1"}
        return None
    quantity = source_minor(conversion, row)
    tolerance = evaluate(conversion.over, row) if conversion.over is not None else None
    limit = quantity + (minor(Decimal(tolerance) * quantity, 0) if tolerance else 0)
    left = limit - used
    if taken[link.source_key] <= left + (links + 1) / 2:
        return None
    mine = sum(one.quantity for one in document.links_before if one.active and one.source_key == link.source_key)
    shown = {"open": quantity_text(Quantity(max(left + mine, 0))), "wanted": quantity_text(Quantity(link.quantity))}
    return path, {"number": number, "place": place, **shown}


def is_converted(work: Work, conversion: Conversion, record_id: int) -> bool:
    """Return whether every row of a locked source that the conversion takes is used up. Raises: Pending."""
    header = work.world.linked(conversion.source, record_id)
    if header is None:
        return False
    rows = [header] if conversion.each == HEADER else work.world.rows_of(conversion.source, conversion.each, record_id)
    return all(open_of(work, conversion, row) <= 0 for row in rows if holds(conversion.where, row))
