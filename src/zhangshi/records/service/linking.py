"""Links of a document to what it was converted from: found, checked against what is open, written.

Rule. open = source quantity - sum of active links, in the unit of the source's row. Whoever saves a target locks the
source headers in the order of their ids and sums again, so two clerks cannot both take the last ten. A rounding of the
conversion between units is at most half a millionth a link; so much less or more than open counts as nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from zhangshi.base.errors import ZhangshiError
from zhangshi.records._store import linking as store
from zhangshi.records.links import Link, link_of
from zhangshi.records.service import sources
from zhangshi.records.service.work import Work
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.world import Pending


def read_links(work: Work, document: Document) -> None:
    """Read what a stored document was converted from. Cost: one statement, none for entities that nothing leads to."""
    if document.entity.key not in work.catalog.conversions_to:
        return
    for row in work.session.query(store.LINKS_TO, document.id):
        link = link_of(row)
        document.links_before.append(link)
        document.sources[link.target_line_id or document.id] = link


def wanted_links(work: Work, document: Document) -> list[Link]:
    """Return the links that the document should have now, with their quantities. Raises: Pending."""
    found = []
    by_id = {cells.id: cells for cells in document.cells()}
    active = not _is_cancelled(document)
    for key, link in document.sources.items():
        cells = by_id.get(key)
        if cells is not None:
            unchanged = document.frozen and not link.is_new
            quantity = link.quantity if unchanged else sources.quantity_of(work, link, cells)
            found.append(replace(link, quantity=quantity, active=active))
    return found


def check_open(work: Work, documents: Sequence[Document]) -> None:
    """Note rows that take more than is open. Locks the sources whose links change."""
    changed = [one for one in documents if one.sources]
    wanted: dict[int, list[Link]] = {}

    def step() -> None:
        for one in changed:
            if one.id not in wanted:
                try:
                    wanted[one.id] = wanted_links(work, one)
                except Pending:
                    continue
                except ZhangshiError as error:
                    wanted[one.id] = []
                    one.problems.add_error(error, "_source")

    work.settle(step)
    growing = [one for one in changed if _grows(one, wanted[one.id])]
    if growing:
        sources.check(work, [(one, wanted[one.id]) for one in growing])


def _grows(document: Document, wanted: list[Link]) -> bool:
    before = {link.id: link.quantity if link.active else -1 for link in document.links_before}
    return any(link.active and (link.is_new or link.quantity > before[link.id]) for link in wanted)


def write_links(work: Work, document: Document) -> set[tuple[str, str, int]]:
    """Note links that came, changed or went; return (conversion, entity, record) of the sources they touch."""
    if not document.sources and not document.links_before:
        return set()
    wanted = work.settled(lambda: wanted_links(work, document))
    before = {link.id: link for link in document.links_before}
    touched: set[tuple[str, str, int]] = set()
    kept: list[Link] = []
    for link in wanted:
        known = before.pop(link.id, None) if not link.is_new else None
        if link.is_new:
            stored = replace(link, id=work.uow.next_id())
            kept.append(stored)
            row = (
                stored.id, stored.conversion, stored.source_entity, stored.source_id, stored.source_line_id,
                stored.target_entity, stored.target_id, stored.target_line_id, stored.quantity,
            )  # fmt: skip
            work.writes.add(store.INSERT_LINKS, row)
            document.sources[link.target_line_id or document.id] = stored
        else:
            kept.append(link)
            if known == link:
                continue
            work.writes.add(store.UPDATE_LINKS, (link.id, link.quantity, int(link.active)))
        touched.add((link.conversion, link.source_entity, link.source_id))
    for gone in before.values():
        work.writes.add(store.DELETE_LINKS, (gone.id,))
        touched.add((gone.conversion, gone.source_entity, gone.source_id))
    document.links_before = kept
    return touched


def _is_cancelled(document: Document) -> bool:
    life = document.entity.lifecycle
    return life is not None and document.state in life.states and life.states[document.state].cancelled
