"""From a document back to the wire: what a form is filled with (proposals, copies, previews).

A field that the caller may not read in full is left out; the server fills it in again when the document is saved.
"""

from zhangshi.definitions.catalog import HEADER, Entity, Field, Table
from zhangshi.records.access import RecordAccess
from zhangshi.records.model import Record, Value
from zhangshi.records.service.documents import Document
from zhangshi.records.service.permitting import access_to_record
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.decoding import SOURCE
from zhangshi.records.writing.world import Pending


def content_of(work: Work, document: Document) -> dict[str, object]:
    """Return the content of a computed document, virtual fields and the names of links included."""
    found: dict[str, object] = {}
    access = access_to_record(work, document, document.header, document.state)

    def step() -> None:
        try:
            found.clear()
            found.update(_cells(work, access, document.entity.header, document.header))
            for key, table in document.entity.tables.items():
                found[key] = [_row(work, access, document, table, cells) for cells in document.header.rows.get(key, [])]
        except Pending:
            return

    work.settle(step)
    if document.decoded.conversion:
        source: dict[str, object] = {
            "conversion": document.decoded.conversion, "records": [str(one) for one in document.decoded.source_ids],
        }  # fmt: skip
        if document.decoded.source_line:
            source["line"] = str(document.decoded.source_line)
        found[SOURCE] = source
    return found


def _row(work: Work, access: RecordAccess, document: Document, table: Table, cells: Cells) -> dict[str, object]:
    row = _cells(work, access, table, cells)
    link = document.sources.get(cells.id)
    if link is not None:
        row[SOURCE] = str(link.source_line_id or link.source_id)
    return row


def _cells(work: Work, access: RecordAccess, table: Table, cells: Cells) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, field in table.fields.items():
        path = key if table.key == HEADER else f"{table.key}.{key}"
        if not field.retired and access.read(path) == "read":
            value = cells.get(key)
            found[key] = None if value is None else _shown(work, table, field, cells, value)
    return found


def _shown(work: Work, table: Table, field: Field, cells: Cells, value: Value) -> object:
    shown = codecs(table)[field.key].show(value)
    if not field.is_link or not isinstance(value, int):
        return shown
    if not work.access(work.entity(field.to)).may("read"):
        return {"id": shown}
    linked = cells.world.linked(field.to, value)
    title = linked.get(linked.entity.title) if linked is not None and linked.entity.title else None
    number = linked.number if linked is not None else ""
    return {"id": shown, "number": number, "title": str(title) if title else number}


def copy_of(entity: Entity, record: Record, access: RecordAccess) -> dict[str, object]:
    """Return the content of a new record like this one.

    What belongs to the one record stays behind: numbers, unique and system-filled fields, the business date, formulas.
    """
    content = _copied(entity, entity.header, record.values, access)
    for key, table in entity.tables.items():
        content[key] = [_copied(entity, table, row.values, access) for row in record.tables.get(key, [])]
    return content


def _copied(entity: Entity, table: Table, values: dict[str, Value], access: RecordAccess) -> dict[str, object]:
    kept = codecs(table)
    prefix = f"{table.key}." if table.key else ""
    left_out = {entity.date_field} if table.key == HEADER else set()
    return {
        one.key: kept[one.key].show(value)
        for one in table.stored_fields
        if (value := values.get(one.key)) is not None
        and access.read(f"{prefix}{one.key}") == "read"
        and not (one.unique or one.read_only or one.formula is not None or one.key in left_out)
    }
