"""From a violated unique index to the field that is not unique.

Most repetitions are found before anything is written. This is for two people who choose the same code at once.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping

import psycopg

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions.catalog import Entity
from zhangshi.platform.faults import driver_error
from zhangshi.records.errors import NOT_UNIQUE

_SQLITE = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")
_POSTGRESQL = re.compile(r"\((?P<columns>[^)]*)\)=\((?P<values>.*)\)")
_UNIQUE = "23505"


@contextlib.contextmanager
def named_violations(entities: Mapping[str, Entity]) -> Iterator[None]:
    """Turn a violated unique index of these tables into an error that names the field. Raises: records.not_unique."""
    try:
        yield
    except Exception as error:
        named = _named(driver_error(error), entities)
        if named is None:
            raise
        raise named from error


def _named(error: BaseException, entities: Mapping[str, Entity]) -> ZhangshiError | None:
    table, columns, value = "", [""], "?"
    if isinstance(error, psycopg.Error):
        if error.sqlstate != _UNIQUE:
            return None
        table = error.diag.table_name or ""
        detail = _POSTGRESQL.search(error.diag.message_detail or "")
        if detail is not None:
            columns, value = detail["columns"].split(", "), detail["values"]
    else:
        message = _SQLITE.search(str(error))
        if message is None:
            return None
        table = message["columns"].partition(".")[0]
        columns = [one.partition(".")[2] for one in message["columns"].split(", ")]
    entity = entities.get(table)
    if entity is None or columns[0] in {"record_id", "line_id"}:
        return None
    return ZhangshiError(NOT_UNIQUE, label=_label(entity, table, columns[0]), value=value)


def _label(entity: Entity, table: str, column: str) -> Word:
    if column == "number":
        return Word(entity.number_label.en, entity.number_label.zh)
    for home in (entity.header, *entity.tables.values()):
        for field in home.fields.values():
            if home.name == table and field.column == column:
                return Word(field.label.en, field.label.zh)
    return Word(column, column)
