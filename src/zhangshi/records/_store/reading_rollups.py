"""A rollup as a value of SQL, for filters, sorts and totals: a sum over rows that link back, for each record by itself.

Lists show rollups through the evaluator; this is for comparing them in the database. A rollup with a condition of its
own is not said here.
"""

from typing import TYPE_CHECKING

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, Field, Rollup
from zhangshi.records._store.reading_sql import Sql
from zhangshi.records.query import NOT_SORTABLE

if TYPE_CHECKING:
    from zhangshi.records._store.reading_headers import HeaderQuery


def rollup_sql(query: "HeaderQuery", entity: Entity, field: Field, record: str) -> Sql:
    """Return the rollup of a header's field; `record` is the expression of its id.

    Raises: records.not_sortable for a rollup with a condition, or over what is not stored.
    """
    rollup = field.rollup
    if rollup is None or rollup.where is not None or (rollup.of and not _stored(query, rollup)):
        raise ZhangshiError(NOT_SORTABLE, path=f"{entity.key}.{field.key}")
    target = query.catalog.entities[rollup.entity]
    rows = target.table(rollup.table)
    of_header = rollup.table == HEADER
    sources = (
        f"{rows.name} x" if of_header else f"{rows.name} x JOIN {target.header.name} y ON y.record_id = x.record_id"
    )
    state = "x.state" if of_header else "y.state"
    if rollup.conversion:
        key = "x.record_id" if of_header else "x.line_id"
        sources += f" JOIN record_link l ON l.target_{'id' if of_header else 'line_id'} = {key} AND l.active = 1"
        matched = f"l.conversion = '{rollup.conversion}' AND l.source_id = {record}"
    else:
        matched = f"x.{rows.fields[rollup.match].column} = {record}"
    states = _states(target, rollup, state)
    return Sql(f"(SELECT {_aggregate(query, rollup)} FROM {sources} WHERE {matched}{states})")


def _stored(query: "HeaderQuery", rollup: Rollup) -> bool:
    found = query.catalog.entities[rollup.entity].table(rollup.table).fields.get(rollup.of)
    return found is not None and found.stored


def _aggregate(query: "HeaderQuery", rollup: Rollup) -> str:
    if rollup.function == "count":
        return "COUNT(*)"
    column = query.catalog.entities[rollup.entity].table(rollup.table).fields[rollup.of].column
    if rollup.function == "sum":
        return f"CAST(COALESCE(SUM(x.{column}), 0) AS BIGINT)"
    return f"{rollup.function.upper()}(x.{column})"


def _states(target: Entity, rollup: Rollup, state: str) -> str:
    """Keys of states are checked words, so they may stand in the text."""
    if rollup.states:
        return f" AND {state} IN ({', '.join(_quoted(sorted(rollup.states)))})"
    life = target.lifecycle
    cancelled = [one.key for one in life.states.values() if one.cancelled] if life else []
    return f" AND {state} NOT IN ({', '.join(_quoted(cancelled))})" if cancelled else ""


def _quoted(keys: list[str]) -> list[str]:
    return [f"'{key}'" for key in keys]
