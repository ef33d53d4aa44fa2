"""Lists: filter, sort, page, total and group the records that a person may read.

A list may only use what its reader may see. What it filters, sorts and groups by narrows the list to the records where
those fields are readable; a total counts only the records where its field is. Cost of a page: one statement for the
records, one for each entity that links lead to, one for each rollup, however many records there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, FieldType
from zhangshi.records._store.reading_formulas import filter_formula, formula_paths
from zhangshi.records._store.reading_headers import HeaderQuery
from zhangshi.records._store.reading_pages import SortKey, page
from zhangshi.records._store.reading_sql import Sql, all_of, ask
from zhangshi.records.paths import NEVER_EMPTY, Path
from zhangshi.records.query import (
    BAD_LIMIT,
    LIMIT_MAX,
    NOT_SORTABLE,
    SORTS_MAX,
    TOO_MANY_PATHS,
    ListQuery,
    Page,
)
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.cursors import cursor_of, question_digest, values_of
from zhangshi.records.reading.shapes import shape_of
from zhangshi.records.reading.totals import group_rows, total_row
from zhangshi.records.writing.cells import Linked

STREAM_SIZE = 500
_UNSORTABLE = frozenset(
    {FieldType.MULTI_SELECT, FieldType.ATTACHMENT, FieldType.IMAGE, FieldType.SIGNATURE, FieldType.LONG_TEXT}
)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A list that is ready to be asked page by page."""

    query: HeaderQuery
    where: Sql
    keys: tuple[SortKey, ...]
    digest: str


def list_page(asking: Asking, entity: Entity, wanted: ListQuery) -> Page:
    """Return a page, and totals and groups where they are asked for.

    Raises: records.forbidden, records.bad_limit, records.unknown_path, records.not_sortable, records.bad_cursor;
        formula.* for the filter.
    """
    if not 1 <= wanted.limit <= LIMIT_MAX:
        raise ZhangshiError(BAD_LIMIT, limit=LIMIT_MAX, wanted=wanted.limit)
    asking.access(entity).refuse("read")
    shape = shape_of(asking.catalog, entity, wanted.fields, wanted.tables)
    prepared = _prepare(asking, entity, wanted)
    mark = values_of(prepared.digest, wanted.cursor, len(prepared.keys))
    records, last = _records(asking, prepared, wanted.limit, mark)
    rows = asking.projector.show_all(records, shape)
    count, totals = None, None
    if wanted.count or wanted.totals:
        count, totals = total_row(asking, prepared.query, prepared.where, wanted.totals)
    groups = None
    if wanted.group:
        groups = group_rows(asking, wanted, _narrowed(asking, entity, wanted))
    return Page(rows, cursor_of(prepared.digest, last) if last else "", count, totals, groups)


def stream(
    asking: Asking, entity: Entity, wanted: ListQuery, *, action: str = "read"
) -> Iterator[tuple[Linked, dict[str, object]]]:
    """Yield every record of a list in constant memory, as it is and as it is shown; `limit` and `cursor` do not count.

    `action` ("export", "print") must be granted for each record besides reading. One snapshot: the session stays open.
    """
    asking.access(entity).refuse(action)
    shape = shape_of(asking.catalog, entity, wanted.fields, wanted.tables)
    prepared = _prepare(asking, entity, wanted, action=action)
    mark: Sequence[int | str | None] | None = None
    while True:
        records, mark = _records(asking, prepared, STREAM_SIZE, mark)
        yield from zip(records, asking.projector.show_all(records, shape), strict=True)
        if mark is None:
            return
        asking.forget(entity, records)


def _narrowed(asking: Asking, entity: Entity, wanted: ListQuery) -> tuple[HeaderQuery, Sql]:
    """Return the same records without a sort, for groups: what groups use narrows further."""
    prepared = _prepare(asking, entity, replace(wanted, sort=("id",)))
    return prepared.query, prepared.where


def _prepare(asking: Asking, entity: Entity, wanted: ListQuery, *, action: str = "read") -> _Prepared:
    query = asking.query(entity)
    used: list[Path] = []
    conditions: list[Sql] = []
    if wanted.filter is not None and wanted.filter != "":
        formula = filter_formula(entity.header.scope, wanted.filter)
        used += [query.path(one) for one in formula_paths(formula)]
        conditions.append(query.formula(formula))
    if wanted.ids:
        marks = ", ".join("?" * len(wanted.ids))
        conditions.append(Sql(f"h.record_id IN ({marks})", tuple(sorted(wanted.ids))))
    keys = _sort_keys(query, entity, wanted, used)
    readable = query.readable(used)
    if action != "read":
        conditions.append(query.readable((), action=action))
    where = all_of([one for one in (readable, *conditions) if one.text != "1 = 1"])
    digest = question_digest(entity.key, wanted.sort, wanted.filter, wanted.ids, asking.catalog.revision)
    return _Prepared(query, where, keys, digest)


def _sort_keys(query: HeaderQuery, entity: Entity, wanted: ListQuery, used: list[Path]) -> tuple[SortKey, ...]:
    """Return the keys, the record's id last; the paths that they use are added to `used`."""
    texts = tuple(dict.fromkeys(wanted.sort)) or ("-id" if entity.kind == "document" else "number",)
    if len(texts) > SORTS_MAX:
        raise ZhangshiError(TOO_MANY_PATHS, what=Word("sort keys", "排序字段"), limit=SORTS_MAX, count=len(texts))
    keys: list[SortKey] = []
    falls = False
    for text in texts:
        falls = text.startswith("-")
        path = sort_path(query, text.removeprefix("-"))
        used.append(path)
        field = path.field
        never_empty = not path.hops and field is not None and field.key in NEVER_EMPTY
        if never_empty and field is not None and field.key == "id":
            break
        keys.append(SortKey(query.value(path), falls, not never_empty))
    keys.append(SortKey(Sql("h.record_id"), falls, empty=False))
    return tuple(keys)


def sort_path(query: HeaderQuery, text: str) -> Path:
    """Return the path that a list is sorted by: behind a link, the name of what it links to.

    Raises: records.not_sortable.
    """
    path = query.path(text)
    field = path.field
    if field is None or path.table != HEADER or field.type in _UNSORTABLE:
        raise ZhangshiError(NOT_SORTABLE, path=text)
    if field.is_link and field.key != "id":
        target = query.catalog.entities[field.to]
        return query.path(f"{text}.{target.title or 'number'}")
    return path


def _records(
    asking: Asking, prepared: _Prepared, limit: int, mark: Sequence[int | str | None] | None
) -> tuple[list[Linked], list[int | str | None] | None]:
    """Return the records of a page, and the mark behind the last one if there are more."""
    keys = prepared.keys
    rows = []
    in_full_part = mark is None or mark[0] is not None or not keys[0].empty
    if in_full_part:
        question = page(prepared.query, prepared.where, keys, limit=limit + 1, has_first=True, mark=mark)
        rows = ask(asking.session, question)
        mark = None
    if keys[0].empty and len(rows) <= limit:
        left = limit + 1 - len(rows)
        question = page(prepared.query, prepared.where, keys, limit=left, has_first=False, mark=mark)
        rows += ask(asking.session, question)
    records = asking.adopt(prepared.query.entity, rows[:limit])
    return records, list(rows[limit - 1][-len(keys) :]) if len(rows) > limit else None
