"""SQL of a page: which records, in which order, behind which mark; and of totals and groups over all of them.

Paging is by the values of the sort keys, the record's id last, so page 1,000 costs what page 1 costs. Empty values
come last, rising or falling. So that an index can give the order on both databases, which disagree about NULL, the
first key's empty values are a page of their own: `has_first` True asks for records that have one, False for those
that have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zhangshi.records._store.layouts import layout
from zhangshi.records._store.reading_headers import HeaderQuery
from zhangshi.records._store.reading_sql import Sql, all_of, any_of, joined

Mark = Sequence[int | str | None]


@dataclass(frozen=True, slots=True)
class SortKey:
    """A value to sort by. `empty` says whether there may be none."""

    value: Sql
    falls: bool
    empty: bool


def page(
    query: HeaderQuery, where: Sql, keys: Sequence[SortKey], *, limit: int, has_first: bool, mark: Mark | None
) -> Sql:
    """Return the question for a page: the columns of the layout, then the sort values; the last key is the id."""
    conditions = [where]
    first = keys[0]
    if first.empty:
        conditions.append(first.value + (" IS NOT NULL" if has_first else " IS NULL"))
    keys_left = keys if has_first else keys[1:]
    if mark is not None:
        conditions.append(_behind(keys_left, mark if has_first else mark[1:], first_is_full=has_first))
    columns = ", ".join(f"h.{column}" for column in layout(query.entity.header).columns)
    values = joined([key.value for key in keys], ", ")
    order = joined([_ordered(key, full=has_first and key is first) for key in keys_left], ", ")
    condition = all_of([one for one in conditions if one.text != "1 = 1"])
    question = (
        Sql(f"SELECT {columns}, ") + values + f" FROM {query.sources()} WHERE " + condition + " ORDER BY " + order
    )
    return question + Sql(" LIMIT ?", (limit,))


def _ordered(key: SortKey, *, full: bool) -> Sql:
    value = key.value + (" DESC" if key.falls else "")
    if not key.empty or full:
        return value
    return key.value.within("CASE WHEN ", " IS NULL THEN 1 ELSE 0 END, ") + value


def _behind(keys: Sequence[SortKey], mark: Mark, *, first_is_full: bool) -> Sql:
    """Return the condition of records behind a mark, in the order of the keys."""
    same_way = len({key.falls for key in keys}) == 1
    full = all(not key.empty or (first_is_full and index == 0) for index, key in enumerate(keys))
    if same_way and full:
        values = joined([key.value for key in keys], ", ")
        marks = Sql(", ".join("?" * len(mark)), tuple(mark))
        compare = ") < (" if keys[0].falls else ") > ("
        return values.within("(", compare) + marks + ")"
    found = _behind_each(keys, mark)
    bound = mark[0]
    if first_is_full and bound is not None:  # said again in a form that an index understands
        found = all_of([keys[0].value + Sql(" <= ?" if keys[0].falls else " >= ?", (bound,)), found])
    return found


def _behind_each(keys: Sequence[SortKey], mark: Mark) -> Sql:
    key, value = keys[0], mark[0]
    if value is None:
        same = key.value + " IS NULL"
        return all_of([same, _behind_each(keys[1:], mark[1:])]) if len(keys) > 1 else Sql("1 = 0")
    beyond = [key.value + Sql(" < ?" if key.falls else " > ?", (value,))]
    if key.empty:
        beyond.append(key.value + " IS NULL")
    if len(keys) > 1:
        beyond.append(all_of([key.value + Sql(" = ?", (value,)), _behind_each(keys[1:], mark[1:])]))
    return any_of(beyond)


@dataclass(frozen=True, slots=True)
class Sum:
    """A value to sum, only of records for which `readable` holds."""

    value: Sql
    readable: Sql


def totals(query: HeaderQuery, where: Sql, sums: Sequence[Sum], groups: Sequence[Sql], *, limit: int) -> Sql:
    """Return the question for how many records there are and the sums, for each group; groups in order."""
    summed = [_sum(one) for one in sums]
    columns = joined([*groups, Sql("COUNT(*)"), *summed], ", ")
    question = Sql("SELECT ") + columns + f" FROM {query.sources()} WHERE " + where
    if groups:
        places = ", ".join(str(place) for place in range(1, len(groups) + 1))
        question = question + f" GROUP BY {places} ORDER BY {places}" + Sql(" LIMIT ?", (limit,))
    return question


def _sum(one: Sum) -> Sql:
    # PostgreSQL sums 64-bit integers into a NUMERIC, which would come back as a slow Decimal.
    if one.readable.text == "1 = 1":
        return one.value.within("CAST(SUM(", ") AS BIGINT)")
    chosen = one.readable.within("CASE WHEN ", " THEN ") + one.value + " END"
    return chosen.within("CAST(SUM(", ") AS BIGINT)")
