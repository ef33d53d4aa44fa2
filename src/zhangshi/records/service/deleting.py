"""Delete a record that nothing stands on: no posting, no conversion, no link, no gapless number."""

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Entity
from zhangshi.records import errors
from zhangshi.records._store import facts, references
from zhangshi.records._store.layouts import layout
from zhangshi.records.access import NOT_FOUND
from zhangshi.records.model import DELETED, RecordChanged, Saved
from zhangshi.records.service import editing, linking, recording, taking_back, transitions
from zhangshi.records.service.players import Played
from zhangshi.records.service.work import Work
from zhangshi.records.writing.differing import everything
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.problems import word


def delete(work: Work, *, entity_key: str, record_id: int, version: int | None, internal: bool) -> Saved:
    """See `Work.delete`."""
    entity = work.entity(entity_key)
    document = editing.find(work, entity_key=entity_key, record_id=record_id)
    if document is None or document.before is None:
        raise ZhangshiError(NOT_FOUND, entity=entity.label.zh or entity.key, id=str(record_id))
    if not internal:
        access = editing.access_before(work, entity, document.before)
        if not access.readable:
            raise ZhangshiError(NOT_FOUND, entity=entity.label.zh or entity.key, id=str(record_id))
        access.refuse("delete")
    if version is not None and version != document.version:
        raise ZhangshiError(errors.CHANGED_MEANWHILE, number=document.number, version=version, current=document.version)
    _refuse_state(document)
    _refuse_used(work, document)
    remove(work, document)
    return document.saved()


def _refuse_state(document: Document) -> None:
    life = document.entity.lifecycle
    state = life.states.get(document.state) if life is not None else None
    if state is not None and state.editable is not None and not state.cancelled:
        label = word(document.entity.label)
        raise ZhangshiError(errors.LOCKED, label=label, state=word(state.label))


def _refuse_used(work: Work, document: Document) -> None:
    """Raises: records.gapless, records.has_postings, records.stands_on, records.in_use."""
    shown = document.number or str(document.id)
    rule = document.entity.number_rule
    if rule is not None and rule.gapless:
        raise ZhangshiError(errors.GAPLESS, number=shown)
    if work.session.query(facts.ANY_POSTING, document.id):
        raise ZhangshiError(errors.HAS_POSTINGS, number=shown)
    taking_back.refuse_if_stood_on(work, document)
    user = _user_of(work, document.entity, document.id)
    if user is not None:
        raise ZhangshiError(errors.IN_USE, number=shown, entity=word(user.label))


def _user_of(work: Work, entity: Entity, record_id: int) -> Entity | None:
    for statement, user in references.statements_to(work.catalog, entity.key):
        if work.session.query(statement, record_id, record_id):
            return user
    return None


def remove(work: Work, document: Document) -> None:
    """Delete a record with its rows and links; sources that were complete open again."""
    entity = document.entity
    assert document.before is not None
    for part in entity.parts:
        teller = work.desk.players.on_delete.get(part.role)
        if teller is not None:
            teller(work, Played(document, part, {}))
    document.sources.clear()
    touched = linking.write_links(work, document)
    for table in entity.tables.values():
        work.session.execute(layout(table).delete_of_record, document.id)
    work.session.execute(layout(entity.header).delete_of_record, document.id)
    work.session.execute(facts.DELETE_SEARCH, entity.key, document.id)
    recording.audit(work, entity.key, document.id, "delete", everything(entity, document.before))
    payload = RecordChanged(
        entity.key, document.id, document.number, document.state, document.state, document.version, "", (),
        work.caller.door,
    )  # fmt: skip
    work.uow.emit(DELETED, str(document.id), payload)
    work.flush()
    transitions.follow(work, [transitions.Later(sources=touched)])
