"""Totals and groups of a list: counts and sums in the database, each over the records whose field may be read."""

from collections.abc import Sequence
from datetime import date

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Field, FieldType
from zhangshi.records._store.reading_headers import HeaderQuery
from zhangshi.records._store.reading_pages import Sum, totals
from zhangshi.records._store.reading_sql import Sql, all_of, ask
from zhangshi.records.paths import Path
from zhangshi.records.query import (
    GROUP_ROWS_MAX,
    GROUPS_MAX,
    NOT_SORTABLE,
    PATHS_MAX,
    TOO_MANY_PATHS,
    ListQuery,
)
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.encoding import scaled_text
from zhangshi.records.writing.world import Pending

_NUMBERS = frozenset({FieldType.INT, FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE})
_GROUPED = frozenset(
    {
        FieldType.SELECT, FieldType.LINK, FieldType.LOCATION, FieldType.USER, FieldType.DEPARTMENT, FieldType.BOOL,
        FieldType.DATE, FieldType.TEXT, FieldType.BARCODE, FieldType.LOT,
    }
)  # fmt: skip
_STEPS = {"day": 10, "month": 7, "year": 4}


def total_row(
    asking: Asking, query: HeaderQuery, where: Sql, paths: Sequence[str]
) -> tuple[int, dict[str, object] | None]:
    """Return how many records there are, and the sum of each path over those where it may be read.

    Raises: records.unknown_path, records.not_sortable for what is no number.
    """
    fields, sums = _sums(query, paths)
    row = ask(asking.session, totals(query, where, sums, (), limit=1))[0]
    return int(row[0]), _written(fields, row[1:]) if paths else None


def group_rows(asking: Asking, wanted: ListQuery, narrowed: tuple[HeaderQuery, Sql]) -> list[dict[str, object]]:
    """Return the groups in order of their keys, at most `GROUP_ROWS_MAX`: {"keys", "count", "totals"}.

    Records whose group field may not be read are left out, as if they were not there.
    """
    query, where = narrowed
    if len(wanted.group) > GROUPS_MAX:
        what = Word("groups", "分组字段")
        raise ZhangshiError(TOO_MANY_PATHS, what=what, limit=GROUPS_MAX, count=len(wanted.group))
    grouped = [_group(query, text) for text in wanted.group]
    where = all_of([where, query.readable([path for path, _ in grouped])])
    fields, sums = _sums(query, wanted.totals)
    question = totals(query, where, sums, [value for _, value in grouped], limit=GROUP_ROWS_MAX)
    rows = ask(asking.session, question)
    shown: list[dict[str, object]] = []

    def work() -> None:
        shown.clear()
        for row in rows:
            keys: dict[str, object] = {}
            for text, (path, _), raw in zip(wanted.group, grouped, row, strict=False):
                try:
                    keys[text] = _shown_key(asking, path, raw)
                except Pending:
                    continue
            count = row[len(grouped)]
            shown.append({"keys": keys, "count": count, "totals": _written(fields, row[len(grouped) + 1 :])})

    asking.projector.settle(work)
    return shown


def _sums(query: HeaderQuery, paths: Sequence[str]) -> tuple[dict[str, Field], list[Sum]]:
    if len(paths) > PATHS_MAX:
        what = Word("totals", "合计字段")
        raise ZhangshiError(TOO_MANY_PATHS, what=what, limit=PATHS_MAX, count=len(paths))
    fields: dict[str, Field] = {}
    sums: list[Sum] = []
    for text in dict.fromkeys(paths):
        path = query.path(text)
        if path.field is None or path.field.type not in _NUMBERS or path.field.key in {"id", "row"}:
            raise ZhangshiError(NOT_SORTABLE, path=text)
        fields[text] = path.field
        sums.append(Sum(_summed(query, path), query.readable([path])))
    return fields, sums


def _summed(query: HeaderQuery, path: Path) -> Sql:
    if path.table == HEADER:
        return query.value(path)
    field = path.field
    assert field is not None
    if not field.stored:
        raise ZhangshiError(NOT_SORTABLE, path=path.text)
    return query.sum_of_rows(path.entity.tables[path.table], field)


def _written(fields: dict[str, Field], sums: Sequence[int | None]) -> dict[str, object]:
    """Return sums as they are shown; None where no record has a value that may be read."""
    written: dict[str, object] = {}
    for (text, field), found in zip(fields.items(), sums, strict=False):
        written[text] = None if found is None else scaled_text(int(found), field.digits)
    return written


def _group(query: HeaderQuery, text: str) -> tuple[Path, Sql]:
    """Return the path and the value that records are grouped by.

    Raises: records.not_sortable, records.unknown_path.
    """
    name, _, step = text.partition(":")
    path = query.path(name)
    field = path.field
    if field is None or path.table != HEADER or field.type not in _GROUPED or (step and step not in _STEPS):
        raise ZhangshiError(NOT_SORTABLE, path=text)
    value = query.value(path)
    if field.type is FieldType.DATE:
        return path, value.within("SUBSTR(", f", 1, {_STEPS[step or 'day']})")
    if step:
        raise ZhangshiError(NOT_SORTABLE, path=text)
    return path, value


def _shown_key(asking: Asking, path: Path, raw: object) -> object:
    """Return a group's key as it is shown. Raises: Pending."""
    field = path.field
    if raw is None or field is None:
        return None
    if field.type is FieldType.BOOL:
        return bool(raw)
    if not isinstance(raw, int):
        return raw.isoformat() if isinstance(raw, date) else raw
    if field.type is FieldType.USER:
        return asking.projector.names.user(raw)
    if field.type is FieldType.DEPARTMENT:
        return asking.projector.names.department(raw)
    return asking.projector.link(field.to, raw) if field.is_link and field.key != "id" else str(raw)
