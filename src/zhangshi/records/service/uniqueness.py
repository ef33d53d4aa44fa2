"""Find repeated values before anything is written, so that they are named with all other problems.

Two people who choose the same value at the same moment are told by the unique index instead (`_store.violations`).
Cost: one statement for each unique field, or set of fields, that has a new value.
"""

from collections.abc import Sequence

from zhangshi.definitions.catalog import Table
from zhangshi.records import errors
from zhangshi.records._store.lookups import lookup_statement
from zhangshi.records.model import Value
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.problems import word

_NUMBER = "number"


def check(work: Work, documents: Sequence[Document]) -> None:
    """Note what repeats a value that must be unique, among the documents and against what is stored."""
    if not documents:
        return
    entity = documents[0].entity
    table = entity.header
    singles = [(one.key,) for one in table.fields.values() if one.unique and one.stored and not one.retired]
    for keys in [*singles, *entity.unique]:
        asked = [(one, values) for one in documents if (values := _new_values(one, keys)) is not None]
        _refuse(work, table, keys, asked)
    typed: list[tuple[Document, tuple[Value, ...]]] = [
        (one, (one.number,)) for one in documents if one.decoded.number and one.number and _is_new_number(one)
    ]
    _refuse(work, table, (_NUMBER,), typed)


def _is_new_number(document: Document) -> bool:
    return document.before is None or document.before.number != document.number


def _new_values(document: Document, keys: tuple[str, ...]) -> tuple[Value, ...] | None:
    values = tuple(document.header.get(key) for key in keys)
    before = document.before
    if None in values or (before is not None and values == tuple(before.values.get(key) for key in keys)):
        return None
    return values


def _refuse(work: Work, table: Table, keys: tuple[str, ...], asked: list[tuple[Document, tuple[Value, ...]]]) -> None:
    if not asked:
        return
    seen: dict[tuple[Value, ...], Document] = {}
    for document, values in asked:
        if seen.setdefault(values, document) is not document:
            _note(document, table, keys, values)
    statement, store = lookup_statement(table, keys)
    rows = [(place, *store(values)) for place, (_, values) in enumerate(asked)]
    for found in work.session.query_rows(statement, rows):
        document, values = asked[found[0]]
        if found[1] != document.id:
            _note(document, table, keys, values)


def _note(document: Document, table: Table, keys: tuple[str, ...], values: tuple[Value, ...]) -> None:
    kept = codecs(table)
    shown = ", ".join(str(kept[key].show(one) if key in kept else one) for key, one in zip(keys, values, strict=True))
    label = document.entity.number_label if keys[0] == _NUMBER else table.fields[keys[0]].label
    document.problems.add(errors.NOT_UNIQUE, keys[0], label=word(label), value=shown)
