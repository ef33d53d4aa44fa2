"""Search over all that a person may read: words in numbers, names, specs and their initials, the best first.

Whoever may read every search field of every record of an entity is answered by one scan. For everybody else the scan
only proposes: each record must lie in the person's scope, and each word must stand in a field that he may read of that
very record, or the record is left out and its rank tells nothing.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.catalog import Entity
from zhangshi.records._store import reading_search
from zhangshi.records._store.reading_pages import SortKey, page
from zhangshi.records._store.reading_sql import Sql, ask
from zhangshi.records.access import RecordAccess, access_to
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.reading.shapes import shape_of
from zhangshi.records.searching import matches, rank, search_paths, words_of

LIMIT_MAX = 100
LIMIT_DEFAULT = 20
CANDIDATES_MAX = 20_000

BAD_SEARCH = ErrorCode(
    "records.bad_search",
    "请输入要找的编号、名称、规格或拼音首字母。",
    "Enter a number, a name, a specification or pinyin initials to look for.",
)
Hit = tuple[int, int, str]
"""(rank, record, entity)"""


def search(
    asking: Asking, text: str, *, entities: Sequence[str] | None = None, limit: int = LIMIT_DEFAULT
) -> list[Shown]:
    """Return the best hits: {"entity", "id", "state", "version", "number", title field}.

    `entities` None: all that the person may read. Raises: records.bad_search; records.unknown_entity, records.forbidden
    for an entity that was named.
    """
    words = words_of(text)
    if not words:
        raise ZhangshiError(BAD_SEARCH)
    limit = max(1, min(limit, LIMIT_MAX))
    open_to, others = _asked(asking, entities)
    rows = reading_search.found(asking.session, [one.key for one in open_to], words, limit)
    hits: list[Hit] = [(found_rank, record_id, key) for key, record_id, found_rank in rows]
    for entity in others:
        hits += heapq.nsmallest(limit, _verified(asking, entity, words), key=_order)
    return _shown(asking, heapq.nsmallest(limit, hits, key=_order))


def candidate_ids(asking: Asking, entity: Entity, text: str, limit: int) -> list[int]:
    """Return ids of records that may be read: the best hits of `text`, or by number without one."""
    words = words_of(text)
    if not words:
        return _first_ids(asking, entity, limit)
    if _reads_all(asking, entity):
        return [row[1] for row in reading_search.found(asking.session, [entity.key], words, limit)]
    return [hit[1] for hit in heapq.nsmallest(limit, _verified(asking, entity, words), key=_order)]


def _first_ids(asking: Asking, entity: Entity, limit: int) -> list[int]:
    query = asking.query(entity)
    where = query.readable([query.path("number")])
    key = SortKey(Sql("h.number"), falls=False, empty=False)
    last = SortKey(Sql("h.record_id"), falls=False, empty=False)
    question = page(query, where, (key, last), limit=limit, has_first=True, mark=None)
    return [record.id for record in asking.adopt(entity, ask(asking.session, question))]


def _order(hit: Hit) -> tuple[int, int]:
    return hit[0], -hit[1]


def _asked(asking: Asking, wanted: Sequence[str] | None) -> tuple[list[Entity], list[Entity]]:
    """Return the entities that are searched: those of which everything may be read, and the others."""
    open_to: list[Entity] = []
    others: list[Entity] = []
    for key in asking.catalog.entities if wanted is None else dict.fromkeys(wanted):
        entity = asking.entity(key)
        access = asking.access(entity)
        if wanted is not None:
            access.refuse("read")
        elif not access.may("read"):
            continue
        (open_to if _reads_all(asking, entity) else others).append(entity)
    return open_to, others


def _reads_all(asking: Asking, entity: Entity) -> bool:
    """Return whether every search field of every record may be read."""
    access = asking.access(entity)
    return access.unconditional and all(
        _readable(asking, entity, access.everything, path) for path in search_paths(entity)
    )


def _readable(asking: Asking, entity: Entity, access: RecordAccess, path: str) -> bool:
    """Return whether `path` may be read whatever lies behind its links; what depends on that counts as hidden."""
    catalog = asking.catalog
    key, _, rest = path.partition(".")
    if access.read(key) != "read":
        return False
    field = entity.header.fields.get(key)
    if field is not None and field.lookup and not field.stored:
        return _readable(asking, entity, access, field.lookup)
    if not rest:
        return field is None or not field.is_link or _title_readable(asking, field.to)
    if field is None or not field.is_link:
        return False
    target = access_to(catalog, field.to, asking.person)
    return target.unconditional and _readable(asking, catalog.entities[field.to], target.everything, rest)


def _title_readable(asking: Asking, entity: str) -> bool:
    target = access_to(asking.catalog, entity, asking.person)
    title = asking.catalog.entities[entity].title or "number"
    return target.unconditional and all(target.everything.read(one) == "read" for one in {"number", title})


def _verified(asking: Asking, entity: Entity, words: tuple[str, ...]) -> Iterator[Hit]:
    """Yield the records in the person's scope whose readable fields hold every word."""
    query = asking.query(entity)
    rows = list(reading_search.candidates(asking.session, query, query.readable(()), words))[:CANDIDATES_MAX]
    asking.world.want(entity.key, [record_id for record_id, _ in rows])
    asking.projector.settle(lambda: None)
    records = [asking.world.records.get((entity.key, record_id)) for record_id, _ in rows]
    known = [(text, record) for (_, text), record in zip(rows, records, strict=True) if record is not None]
    accesses = asking.projector.accesses([record for _, record in known])
    for (text, record), access in zip(known, accesses, strict=True):
        seen = {path for path in search_paths(entity) if _readable(asking, entity, access, path)}
        if access.readable and matches(text, words, seen.__contains__):
            yield rank(text, words[0], seen.__contains__), record.id, entity.key


def _shown(asking: Asking, hits: Iterable[Hit]) -> list[Shown]:
    """Return hits as they are shown, in their order."""
    by_entity: dict[str, list[int]] = defaultdict(list)
    ordered = list(hits)
    for _, record_id, key in ordered:
        by_entity[key].append(record_id)
    for key, ids in by_entity.items():
        asking.world.want(key, ids)
    asking.projector.settle(lambda: None)
    shown: dict[int, Shown] = {}
    for key, ids in by_entity.items():
        entity = asking.catalog.entities[key]
        records = [record for one in ids if (record := asking.world.records.get((key, one))) is not None]
        paths = ("number", entity.title) if entity.title else ("number",)
        for row in asking.projector.show_all(records, shape_of(asking.catalog, entity, paths)):
            shown[int(str(row["id"]))] = {"entity": key, **row}
    return [shown[record_id] for _, record_id, _ in ordered if record_id in shown]
