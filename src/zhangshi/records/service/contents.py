"""From a document back to the wire: what a form is filled with (proposals, copies, previews).

A field that the caller may not read in full is left out; the server fills it in again when the document is saved.
"""

from zhangshi.definitions.catalog import HEADER, Entity, Table
from zhangshi.records.access import RecordAccess
from zhangshi.records.model import Record, Value
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.forms import form_shown
from zhangshi.records.service.permitting import access_of_writer
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.decoding import SOURCE
from zhangshi.records.writing.documents import Document


def content_of(work: Work, document: Document) -> dict[str, object]:
    """Return the content of a computed document as its caller may see it: virtual fields and names of links too."""
    asking = Asking(work.session, work.catalog, work.caller, now=work.uow.now, zone=work.desk.zone, world=work.world)
    found = form_shown(asking, document, access_of_writer(work, document))
    if document.decoded.conversion:
        source: dict[str, object] = {
            "conversion": document.decoded.conversion, "records": [str(one) for one in document.decoded.source_ids],
        }  # fmt: skip
        if document.decoded.source_line:
            source["line"] = str(document.decoded.source_line)
        found[SOURCE] = source
    return found


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
