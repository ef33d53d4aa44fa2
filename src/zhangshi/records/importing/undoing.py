"""Undoing a whole import: what it inserted is deleted, what it changed is put back, newest first, all or nothing.

It goes through the service like any other write, so it is refused with the documents that stand on a record, and a
record that somebody changed after the import is left to people.
"""

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.session import Row
from zhangshi.platform.unit_of_work import Request, UnitOfWork
from zhangshi.records._store import importing as store
from zhangshi.records._store.layouts import layout
from zhangshi.records.importing import errors
from zhangshi.records.importing.model import UndoAnswer
from zhangshi.records.importing.reading import entity_to_import
from zhangshi.records.model import Caller
from zhangshi.records.service.records import Records
from zhangshi.records.service.work import Work


def undo_import(records: Records, caller: Caller, *, key: str, import_id: int) -> UndoAnswer:
    """Undo an import.

    Raises: import.no_such_import, import.undone_before, records.forbidden (`import`, `delete` and `edit` are needed);
        import.cannot_undo, which says which record stays, and why.
    """
    caller = Caller(caller.person, "import")

    def work(uow: UnitOfWork) -> UndoAnswer:
        found = uow.session.query(store.LOCK_RUN, import_id)
        if not found:
            raise ZhangshiError(errors.NO_SUCH_IMPORT, import_id=str(import_id))
        _, _, entity, undone_by = found[0]
        steps = records.work(uow, caller)
        entity_to_import(steps.catalog, caller, entity)
        if undone_by:
            raise ZhangshiError(errors.UNDONE_BEFORE)
        rows = uow.session.query(store.ROWS_NEWEST_FIRST, import_id)
        for row in rows:
            _undo(steps, entity, row)
        steps.finish()
        uow.session.execute(store.MARK_UNDONE, caller.person.user_id or -1, uow.now_micros, import_id)
        deleted = sum(row[1] == "insert" for row in rows)
        return UndoAnswer(import_id=str(import_id), entity=entity, deleted=deleted, restored=len(rows) - deleted)

    request = Request(caller.person.actor, key, {"undo_import": import_id})
    return records.company.write(request, work, answer_type=UndoAnswer)


def _undo(work: Work, entity: str, row: Row) -> None:
    record_id, action, version, before = row
    stored = work.session.query(layout(work.entity(entity).header).lock_one, record_id)
    if not stored:
        return  # somebody deleted it already
    reads_number = work.access(work.entity(entity)).everything.read("number") == "read"
    number, current = (stored[0][1] if reads_number else "") or str(record_id), stored[0][3]
    if current != version:
        raise _stays(number, ZhangshiError(errors.CHANGED_SINCE, version=version, current=current))
    try:
        if action == "insert":
            work.delete(entity=entity, record_id=record_id, version=version)
        else:
            content = msgspec.json.decode(before)
            work.edit(entity=entity, record_id=record_id, version=version, content=content)
        work.flush()
    except ZhangshiError as error:
        raise _stays(number, error) from error


def _stays(number: str, error: ZhangshiError) -> ZhangshiError:
    facts = {"zh": error.message("zh"), "en": error.message("en"), "reason": error.code}
    return ZhangshiError(errors.CANNOT_UNDO, number=number, **facts)
