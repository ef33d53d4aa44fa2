"""明细带出: rows of a document from the rows of another record, when somebody asks for them.

Nothing is written: the rows come back as content and are checked like any others when the document is saved. What the
server brings in by itself is in `filled_rows`.
"""

from zhangshi.base.errors import ZhangshiError
from zhangshi.records import errors
from zhangshi.records.access import NOT_FOUND
from zhangshi.records.model import Content
from zhangshi.records.service import creating, filled_rows
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.evaluating import holds

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
    source = work.settled(lambda: filled_rows.source_of(work, document, found))
    if source is None:
        return []
    _refuse_unreadable(work, source)
    rows = work.settled(lambda: filled_rows.rows_of(work, document, found)) or []
    kept = codecs(entity.tables[found.into])
    visible = [name for name in found.values if access.everything.read(f"{found.into}.{name}") == "read"]
    return [
        {name: None if (value := row[name]) is None else kept[name].show(value) for name in visible}
        for row in rows[:ROWS_MAX]
    ]


def _refuse_unreadable(work: Work, source: Linked) -> None:
    access = work.access(source.entity)
    truths = work.settled(lambda: [holds(condition, source) for condition in access.conditions])
    if not access.of(source.state, truths).readable:
        label = source.entity.label
        raise ZhangshiError(NOT_FOUND, entity=label.zh or source.entity.key, id=str(source.id))
