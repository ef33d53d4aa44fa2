"""The chain of a record (单据链): what it came from, what came of it, who has it and since when.

Up through every source to where it began, then down everything that came of that, so that the same order shows the same
chain from each of its documents. Rings end; a chain of more than `EDGES_MAX` rows is cut and says so.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from zhangshi.definitions.catalog import HEADER, Catalog, Conversion, Entity
from zhangshi.records._store import reading_trail
from zhangshi.records.access import RecordAccess
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.encoding import instant_text, scaled_text
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.reading.shapes import shape_of
from zhangshi.records.writing.cells import Linked

EDGES_MAX = 5000
_QUANTITY_DIGITS = 6
_NODE_PATHS = ("number", "owner")


@dataclass(slots=True)
class _Edge:
    """All rows that one document handed to another by one conversion."""

    conversion: str
    source: int
    target: int
    active: bool = False
    lines: list[Shown] = field(default_factory=list)
    quantity: int = 0


def chain(asking: Asking, entity: Entity, record_id: int) -> Shown:
    """Return {"nodes", "edges", "truncated"}; a node that may not be read has only its id and entity.

    Cost: four statements and one for each entity in the chain. Raises: records.forbidden, records.not_found.
    """
    asking.record(entity, record_id)
    rows = asking.session.query(reading_trail.CHAIN, record_id, EDGES_MAX + 1)
    entities = {record_id: entity.key}
    edges: dict[tuple[str, int, int], _Edge] = {}
    for conversion, source_entity, source, source_line, target_entity, target, target_line, quantity, active in rows[
        :EDGES_MAX
    ]:
        entities[source], entities[target] = source_entity, target_entity
        edge = edges.setdefault((conversion, source, target), _Edge(conversion, source, target))
        edge.active = edge.active or bool(active)
        edge.quantity += quantity if active else 0
        edge.lines.append(_line(source_line, target_line, quantity, active))
    known = {one: key for one, key in entities.items() if key in asking.catalog.entities}
    records = _records(asking, known)
    accesses = dict(zip(records, asking.projector.accesses(records.values()), strict=True))
    readable = {one: access for one, access in accesses.items() if access.readable}
    return {
        "nodes": _nodes(asking, known, records, readable, start=record_id, edges=list(edges.values())),
        "edges": [_shown_edge(asking.catalog, edge, readable) for edge in edges.values()],
        "truncated": len(rows) > EDGES_MAX,
    }


def _line(source_line: int, target_line: int, quantity: int, active: int) -> Shown:
    return {
        "source_line": str(source_line) if source_line else "",
        "target_line": str(target_line) if target_line else "",
        "quantity": scaled_text(quantity, _QUANTITY_DIGITS),
        "active": bool(active),
    }


def _records(asking: Asking, entities: dict[int, str]) -> dict[int, Linked]:
    """Return the records of the chain that still exist, one statement an entity."""
    by_entity: dict[str, list[int]] = defaultdict(list)
    for record_id, key in entities.items():
        by_entity[key].append(record_id)
    for key, ids in by_entity.items():
        asking.world.want(key, ids)
    asking.projector.settle(lambda: None)
    found: dict[int, Linked] = {}
    for record_id, key in entities.items():
        record = asking.world.records.get((key, record_id))
        if record is not None:
            found[record_id] = record
    return found


def _nodes(
    asking: Asking,
    entities: dict[int, str],
    records: dict[int, Linked],
    readable: dict[int, RecordAccess],
    *,
    start: int,
    edges: list[_Edge],
) -> list[Shown]:
    moved: dict[int, int] = dict(
        asking.session.query_rows(reading_trail.LAST_MOVES, [(one,) for one in sorted(readable)])
    )
    above, below = _reached(start, edges, up=True), _reached(start, edges, up=False)
    by_entity: dict[str, list[Linked]] = defaultdict(list)
    for one in readable:
        by_entity[entities[one]].append(records[one])
    shown: dict[str, Shown] = {}
    for key, some in by_entity.items():
        entity = asking.catalog.entities[key]
        paths = (*_NODE_PATHS, entity.title) if entity.title else _NODE_PATHS
        for row in asking.projector.show_all(some, shape_of(asking.catalog, entity, paths)):
            shown[str(row["id"])] = row
    nodes: list[Shown] = []
    for record_id, key in entities.items():
        label = asking.catalog.entities[key].label.text(asking.person.language)
        node: Shown = {"id": str(record_id), "entity": key, "label": label}
        node["place"] = (
            "self" if record_id == start else "up" if record_id in above else "down" if record_id in below else "beside"
        )
        if record_id in readable:
            node |= shown[str(record_id)]
            if readable[record_id].read("updated_at") == "read":
                node["since"] = instant_text(moved.get(record_id) or records[record_id].raw[6])
        nodes.append(node)
    return nodes


def _reached(start: int, edges: list[_Edge], *, up: bool) -> set[int]:
    """Return the records above (or below) `start`."""
    next_of: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        if up:
            next_of[edge.target].append(edge.source)
        else:
            next_of[edge.source].append(edge.target)
    found: set[int] = set()
    waiting = [start]
    while waiting:
        for one in next_of[waiting.pop()]:
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found - {start}


def _shown_edge(catalog: Catalog, edge: _Edge, readable: dict[int, RecordAccess]) -> Shown:
    """Return an edge; its quantities only where both ends may be read, and the quantity at the source."""
    shown: Shown = {
        "conversion": edge.conversion,
        "source": str(edge.source),
        "target": str(edge.target),
        "active": edge.active,
    }
    conversion = catalog.conversions.get(edge.conversion)
    source, target = readable.get(edge.source), readable.get(edge.target)
    if conversion is None or source is None or target is None:
        return shown
    if conversion.quantity is None:
        shown["lines"] = [{key: one[key] for key in ("source_line", "target_line", "active")} for one in edge.lines]
    elif _reads_quantity(conversion, source):
        shown["quantity"] = scaled_text(edge.quantity, _QUANTITY_DIGITS)
        shown["lines"] = edge.lines
    return shown


def _reads_quantity(conversion: Conversion, source: RecordAccess) -> bool:
    """What was taken from a row belongs to that row: whoever may read its quantity knows what is open."""
    quantity = conversion.quantity
    assert quantity is not None
    path = f"{conversion.each}.{quantity.source}" if conversion.each != HEADER else quantity.source
    return source.read(path) == "read"
