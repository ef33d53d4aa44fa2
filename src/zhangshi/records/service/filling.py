"""明细带出: rows of a document from the rows of another record, when somebody asks for them.

Nothing is written: the rows come back as content and are checked like any others when the document is saved.
"""

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Fill
from zhangshi.records import errors
from zhangshi.records.access import NOT_FOUND
from zhangshi.records.model import Content
from zhangshi.records.service import creating
from zhangshi.records.service.documents import Document
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.evaluating import evaluate, holds

ROWS_MAX = 2000


def fill(work: Work, *, entity_key: str, content: Content, key: str) -> list[dict[str, object]]:
    """Return the rows that a fill brings into a document with this content; [] while its source is empty.

    Raises: records.unknown_fill, records.not_found for a source that the caller may not read.
    """
    entity = work.entity(entity_key)
    access = work.access(entity)
    access.refuse("read")
    found = next((one for one in entity.fills if one.key == key), None)
    if found is None:
        raise ZhangshiError(errors.UNKNOWN_FILL, entity=entity.label.zh or entity.key, fill=key)
    document = creating.computed(work, entity_key, content)
    source = work.settled(lambda: _source(work, document, found))
    if source is None:
        return []
    _refuse_unreadable(work, source)
    rows = work.settled(lambda: _rows(work, document, found, source))
    hidden = {name for name in found.values if access.everything.read(f"{found.into}.{name}") != "read"}
    return [{name: value for name, value in row.items() if name not in hidden} for row in rows[:ROWS_MAX]]


def _source(work: Work, document: Document, one: Fill) -> Linked | None:
    record_id = document.header.get(one.source)
    if not isinstance(record_id, int):
        return None
    return work.world.linked(_target(work, document, one.source), record_id)


def _target(work: Work, document: Document, path: str) -> str:
    """Return the entity at the end of a path of links."""
    entity = document.entity
    for key in path.split("."):
        entity = work.catalog.entities[entity.header.fields[key].to]
    return entity.key


def _refuse_unreadable(work: Work, source: Linked) -> None:
    access = work.access(source.entity)
    truths = work.settled(lambda: [holds(condition, source) for condition in access.conditions])
    if not access.of(source.state, truths).readable:
        label = source.entity.label
        raise ZhangshiError(NOT_FOUND, entity=label.zh or source.entity.key, id=str(source.id))


def _rows(work: Work, document: Document, one: Fill, source: Linked) -> list[dict[str, object]]:
    """Return the rows in wire form. Raises: Pending."""
    kept = codecs(document.entity.tables[one.into])
    made = []
    for row in work.world.rows_of(source.entity.key, one.table, source.id):
        if not holds(one.where, row, document.header):
            continue
        values = {name: kept[name].settle(evaluate(said, row, document.header)) for name, said in one.values.items()}
        made.append({name: None if value is None else kept[name].show(value) for name, value in values.items()})
    return made
