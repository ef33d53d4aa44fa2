"""Files that a record holds in its fields: only those that its writer may use, and a trace of where each one is."""

from collections.abc import Iterator, Sequence

from zhangshi.definitions.catalog import FieldType, Table
from zhangshi.records._store import facts
from zhangshi.records.files.linking import refuse_foreign
from zhangshi.records.model import Record
from zhangshi.records.service.work import Work
from zhangshi.records.writing.documents import Document

_FILES = frozenset({FieldType.ATTACHMENT, FieldType.IMAGE, FieldType.SIGNATURE})
_KEPT = "_records_files"


def refuse_foreign_files(work: Work, documents: Sequence[Document]) -> None:
    """Raises: records.foreign_file for a file that the caller did not upload and the record does not hold."""
    for one in documents:
        if _file_fields(one):
            held = {file_id for _, file_id in _held(one, one.record())}
            if held:
                refuse_foreign(work.session, work.caller.person, one.id if one.before is not None else 0, held)


def note_files(work: Work, document: Document, record: Record) -> None:
    """Note which field holds which file."""
    for path, file_id in _held(document, record):
        row = (document.id, file_id, document.entity.key, path, work.caller.person.user_id, work.uow.now_micros)
        work.writes.add(facts.SAVE_FILES, row)


def _held(document: Document, record: Record) -> Iterator[tuple[str, int]]:
    for key, path, table in _file_fields(document):
        rows = [row.values for row in record.tables.get(table, [])] if table else [record.values]
        for values in rows:
            held = values.get(key)
            for file_id in held if isinstance(held, tuple) else ():
                yield path, int(file_id)


def _file_fields(document: Document) -> tuple[tuple[str, str, str], ...]:
    """Return (field, path, table) of the fields that hold files; kept with the entity's header."""
    home = document.entity.header.__dict__
    found: tuple[tuple[str, str, str], ...] | None = home.get(_KEPT)
    if found is None:
        tables: list[Table] = [document.entity.header, *document.entity.tables.values()]
        found = home[_KEPT] = tuple(
            (one.key, f"{table.key}.{one.key}" if table.key else one.key, table.key)
            for table in tables
            for one in table.stored_fields
            if one.type in _FILES
        )
    return found
