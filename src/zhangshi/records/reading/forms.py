"""A document that stands in a form, as the person who fills it in may see it: previews, proposals and copies.

Nothing is stored yet, so the access is that to the document as it stands: what the person could read of it if it were
saved now. What a lookup brought in and may not be read is not sent to the browser; the server looks it up again on
saving.
"""

from typing import Any

from zhangshi.definitions.catalog import Field, Table
from zhangshi.records.access import RecordAccess, masked
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.encoding import FILES
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.values import codecs
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.decoding import SOURCE
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.world import Pending

_NOTHING = object()


def form_shown(asking: Asking, document: Document, access: RecordAccess) -> Shown:
    """Return a computed document in wire form, without what `access` hides; `asking` shares the document's world.

    Cost: what links and virtual fields ask, one statement a kind.
    """
    shown: Shown = {}

    def work() -> None:
        shown.clear()
        _put(asking, shown, document.entity.header, document.header, access)
        for key, table in document.entity.tables.items():
            shown[key] = rows = []
            for cells in document.header.rows.get(key, []):
                row: Shown = {}
                _put(asking, row, table, cells, access)
                link = document.sources.get(cells.id)
                if link is not None:
                    row[SOURCE] = str(link.source_line_id or link.source_id)
                if cells.before is not None:
                    row["id"] = str(cells.id)
                rows.append(row)

    asking.projector.settle(work)
    return shown


def _put(asking: Asking, shown: Shown, table: Table, cells: Cells, access: RecordAccess) -> None:
    for key, field in table.fields.items():
        path = f"{table.key}.{key}" if table.key else key
        how = access.read(path)
        if field.retired or how == "none":
            continue
        try:
            value = _value(asking, table, field, cells, access)
        except Pending:
            continue
        if value is not _NOTHING:
            shown[key] = masked(field, value) if how == "mask" else value


def _value(asking: Asking, table: Table, field: Field, cells: Cells, access: RecordAccess) -> object:
    if field.lookup and not field.stored and not looks_at(asking, table, cells, access, field.lookup):
        return _NOTHING
    value: Any = cells.get(field.key)
    if value is None:
        return None
    if field.is_link:
        return asking.projector.link(field.to, value)
    shown = codecs(table)[field.key].show(value)
    return asking.projector.names.files(shown) if field.type in FILES else shown


def looks_at(asking: Asking, table: Table, cells: Cells, access: RecordAccess, path: str) -> bool:
    """Return whether everything on the way of a live lookup may be read. Raises: Pending."""
    first, _, rest = path.partition(".")
    own = first in cells.plan.targets or cells.header is None
    start = cells if own else cells.header
    key = f"{table.key}.{first}" if own and table.key else first
    if access.read(key) != "read":
        return False
    behind, target = start.get(first), start.plan.targets.get(first)
    if target is None or not isinstance(behind, int):
        return True
    return asking.projector.reads_behind(target, behind, rest)
