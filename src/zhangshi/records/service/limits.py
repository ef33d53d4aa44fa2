"""Records whose rollups limit a document are locked before it is checked.

Problem. "No more is settled than the invoice has open" reads a sum over the settlements of others. Two accountants who
post at once both see the invoice open, and together settle it twice. Rule: before a document is checked, the records
behind the links through which its constraints read a rollup are locked in the order of their ids and read again;
whoever comes second waits, and sums what the first has posted.

Only what stands behind a link counts: a document's own rollups are those of a record that is locked already. Which
links these are is worked out once a revision. Cost: one statement for each entity that such links lead to, else none.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhangshi.definitions.catalog import HEADER, Catalog, Constraint, Entity
from zhangshi.expr import Formula
from zhangshi.records._store.layouts import layout
from zhangshi.records.service.work import Work
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.world import Pending

_KEPT = "_records_limits"
_ROLLUP = "rollup"


@dataclass(frozen=True, slots=True)
class Limit:
    """A link through which a constraint reads a rollup."""

    table: str
    """Whose rows have the link."""
    path: str
    entity: str
    transitions: frozenset[str]
    """Only then; empty = on every save."""


def lock_limits(work: Work, documents: Sequence[Document], transition: str) -> None:
    """Lock what limits the documents, all of one entity, and forget the sums that were read before."""
    if not documents:
        return
    limits = [
        one
        for one in limits_of(work.catalog, documents[0].entity)
        if not one.transitions or transition in one.transitions
    ]
    if not limits:
        return
    work.writes.flush(work.session)  # what this unit of work has written before counts too
    wanted: dict[str, set[int]] = defaultdict(set)
    work.settle(lambda: _collect(documents, limits, wanted))
    for key, ids in sorted(wanted.items()):
        entity = work.entity(key)
        for row in work.session.query_rows(layout(entity.header).lock, [(one,) for one in sorted(ids)]):
            work.world.records[key, row[0]] = Linked(work.world, entity, HEADER, row)
    answers = work.world.answers
    for question in [one for one in answers if isinstance(one, tuple) and one[0] == _ROLLUP]:
        del answers[question]
    for place in [one for one in work.world.rows if one[2] in wanted.get(one[0], ())]:
        del work.world.rows[place]


def _collect(documents: Sequence[Document], limits: Sequence[Limit], wanted: dict[str, set[int]]) -> None:
    for document in documents:
        for limit in limits:
            rows = [document.header] if limit.table == HEADER else document.header.rows.get(limit.table, [])
            for cells in rows:
                try:
                    found = cells.get(limit.path)
                except Pending:
                    continue
                if isinstance(found, int):
                    wanted[limit.entity].add(found)


def limits_of(catalog: Catalog, entity: Entity) -> Sequence[Limit]:
    """Return the links of an entity through which its constraints read rollups."""
    kept: dict[str, Sequence[Limit]] = catalog.__dict__.setdefault(_KEPT, {})
    found = kept.get(entity.key)
    if found is None:
        found = kept[entity.key] = tuple(dict.fromkeys(_limits(catalog, entity)))
    return found


def _limits(catalog: Catalog, entity: Entity) -> Iterator[Limit]:
    for constraint, transitions in _constraints(entity):
        reader = _Reader(catalog)
        reader.formula(entity, constraint.table, constraint.when, "", "")
        for table, path, target in reader.found:
            yield Limit(table, path, target, transitions)


def _constraints(entity: Entity) -> Iterator[tuple[Constraint, frozenset[str]]]:
    for one in entity.constraints:
        yield one, one.transitions
    for key, transition in entity.lifecycle.transitions.items() if entity.lifecycle is not None else ():
        for one in transition.constraints:
            yield one, frozenset({key})


class _Reader:
    """Follows what a formula reads, through fields that are not stored, until it meets rollups behind links."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._seen: set[tuple[str, str, str, str, str]] = set()
        self.found: list[tuple[str, str, str]] = []
        """(table of the document, path of links, entity at its end)"""

    def formula(self, entity: Entity, table: str, formula: Formula, start: str, links: str) -> None:
        """Follow a formula of `table` of the record at the end of `links`, which begin in table `start`."""
        for path in sorted(formula.reads):
            self._path(entity, table, path, start, links)
        for path in sorted(formula.parent_reads):
            self._path(entity, HEADER, path, start, links)
        for rows, paths in formula.row_reads.items():
            for path in sorted(paths):
                self._path(entity, rows, path, start, links)

    def _path(self, entity: Entity, table: str, path: str, start: str, links: str) -> None:
        if (entity.key, table, path, start, links) in self._seen:
            return
        self._seen.add((entity.key, table, path, start, links))
        first, _, rest = path.partition(".")
        here = table if first in entity.table(table).fields else HEADER
        field = entity.table(here).fields.get(first)
        if field is None:
            return
        if rest:
            target = self._catalog.entities.get(field.to)
            if target is not None and (not links or here == HEADER):  # rows of a linked record: their own links stay
                self._path(target, HEADER, rest, start if links else here, f"{links}.{first}" if links else first)
        elif field.rollup is not None:
            if links:
                self.found.append((start, links, entity.key))
        elif not field.stored:
            if field.lookup:
                self._path(entity, here, field.lookup, start, links)
            if field.formula is not None:
                self.formula(entity, here, field.formula, start, links)
