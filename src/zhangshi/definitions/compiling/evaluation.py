"""The order in which the computed fields of an entity are evaluated; rings and stale copies are refused."""

from collections.abc import Iterator

from zhangshi.base.errors import Word
from zhangshi.definitions.catalog import HEADER, Field
from zhangshi.definitions.compiling.drafts import DraftEntity, Workshop
from zhangshi.definitions.compiling.ordering import ordered
from zhangshi.definitions.errors.fields import RING, STALE
from zhangshi.expr import Formula

Node = tuple[str, str, str]
"""(entity, table, field)."""


def evaluation_order(workshop: Workshop) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return (table, key) of the computed fields of each entity, each after those that it reads.

    Fields of different entities meet only where one reads another that is never stored; rings are refused there too.
    """
    nodes = {
        (draft.key, table.key, key): field
        for draft in workshop.entities.values()
        for table in draft.tables.values()
        for key, field in table.fields.items()
    }
    reads = {node: list(_reads(workshop, node, field)) for node, field in nodes.items() if _is_computed(field)}
    order, rings = ordered(reads)
    for ring in rings:
        _report_ring(workshop, ring, nodes)
    for node, others in reads.items():
        _check_fresh(workshop, node, nodes, others)
    return {
        draft.key: tuple((table, key) for entity, table, key in order if entity == draft.key)
        for draft in workshop.entities.values()
    }


def _is_computed(field: Field) -> bool:
    return bool(field.formula or field.lookup or field.default)


def _reads(workshop: Workshop, node: Node, field: Field) -> Iterator[Node]:
    entity, table, _ = node
    draft = workshop.entities[entity]
    if field.lookup:
        yield from _walked(workshop, draft, table, field.lookup)
    for formula in (field.formula, field.default):
        if formula is not None:
            yield from _formula_reads(workshop, draft, table, formula)


def _formula_reads(workshop: Workshop, draft: DraftEntity, table: str, formula: Formula) -> Iterator[Node]:
    for path in formula.reads:
        yield from _walked(workshop, draft, table, path)
    for path in formula.parent_reads:
        yield from _walked(workshop, draft, HEADER, path)
    for rows, paths in formula.row_reads.items():
        for path in paths:
            yield from _walked(workshop, draft, rows, path)


def _walked(workshop: Workshop, draft: DraftEntity, table: str, path: str) -> Iterator[Node]:
    """Yield the field that the path begins with, and those behind links on it that are never stored."""
    first, _, rest = path.partition(".")
    here = table if draft.tables[table].find(first) is not None else HEADER
    field = draft.tables[here].find(first)
    if field is None:
        return
    yield (draft.key, here, first)
    if rest and (following := workshop.entities.get(field.to)) is not None:
        for node in _walked(workshop, following, HEADER, rest):
            found = workshop.entities[node[0]].tables[node[1]].find(node[2])
            if found is not None and not found.stored:
                yield node


def _report_ring(workshop: Workshop, ring: list[Node], nodes: dict[Node, Field]) -> None:
    draft = workshop.entities[ring[0][0]]
    spot = draft.tables[ring[0][1]].spot.at(ring[0][2])
    way = [*ring, ring[0]]
    zh = " → ".join(nodes[node].label.zh for node in way)
    en = " → ".join(".".join(filter(None, node[1:] if node[0] == draft.key else node)) for node in way)
    spot.report(RING, ring=Word(en, zh))


def _check_fresh(workshop: Workshop, node: Node, nodes: dict[Node, Field], reads: list[Node]) -> None:
    """A stored formula must not read a field that changes behind its back."""
    field = nodes[node]
    if not field.stored or field.formula is None:
        return
    for one in reads:
        other = nodes.get(one)
        if other is not None and not other.stored:
            spot = workshop.entities[node[0]].tables[node[1]].spot.at(node[2])
            spot.report(STALE, name=node[2], other=one[2])
            return
