"""What a write leaves behind besides the record: audit, search text, files, events."""

from collections.abc import Sequence

import msgspec

from zhangshi.records._store import facts
from zhangshi.records.model import CREATED, TRANSITIONED, RecordChanged
from zhangshi.records.searching import search_paths, search_text
from zhangshi.records.service import filing
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.differing import Changes, changes, paths_of
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.world import Pending

_encode = msgspec.json.Encoder().encode


def record_created(work: Work, documents: Sequence[Document], transition: str, topic: str = CREATED) -> None:
    """Note new records with all that belongs to them."""
    for one in documents:
        record = one.record()
        work.writes.create(one.entity, record)
        _audit(work, one, "create", {})
        initial = one.entity.lifecycle.initial.key if one.entity.lifecycle else ""
        _emit(work, one, topic, "", "", ())
        if transition:
            _audit(work, one, transition, {"state": [initial, one.state]})
            _emit(work, one, TRANSITIONED, initial, transition, ("state",))
        filing.note_files(work, one, record)
    save_search(work, documents)


def record_saved(work: Work, document: Document, action: str, topic: str, transition: str = "") -> None:
    """Note a changed record: what differs is written and kept in the audit; nothing at all if nothing differs."""
    before = document.before
    assert before is not None
    after = document.record()
    changed = changes(document.entity, before, after)
    if not changed and not transition:
        return
    document.version = after.version = before.version + 1
    after.values["updated_at"] = work.uow.now
    after.values["updated_by"] = work.caller.person.user_id or None
    work.writes.save(document.entity, before, after)
    _audit(work, document, action, changed)
    _emit(work, document, topic, before.state, transition, paths_of(changed))
    filing.note_files(work, document, after)
    save_search(work, [document])
    document.before = after


def save_search(work: Work, documents: Sequence[Document]) -> None:
    """Note the search texts of the documents, all of one entity."""
    paths = search_paths(documents[0].entity)
    texts: list[dict[str, str | None]] = [{"number": one.number} for one in documents]

    def step() -> None:
        for one, found in zip(documents, texts, strict=True):
            for path in paths:
                if path not in found:
                    try:
                        found[path] = _text(work, one, path)
                    except Pending:
                        continue

    work.settle(step)
    for one, found in zip(documents, texts, strict=True):
        text = search_text(one.entity, found)
        if text:
            work.writes.add(facts.SAVE_SEARCH, (one.entity.key, one.id, text))


def _text(work: Work, document: Document, path: str) -> str | None:
    field = document.entity.header.fields.get(path)
    value = document.header.get(path)
    if value is None:
        return None
    if field is None:
        return str(value)
    if field.is_link and isinstance(value, int):
        return _named(work, field.to, value)
    if field.options:
        labels = {one.value: one.label.zh or one.label.en for one in field.options}
        return " ".join(labels.get(str(one), str(one)) for one in (value if isinstance(value, tuple) else (value,)))
    return str(codecs(document.entity.header)[path].show(value))


def _named(work: Work, entity: str, record_id: int) -> str:
    linked = work.world.linked(entity, record_id)
    if linked is None:
        return ""
    title = linked.entity.title
    name = linked.get(title) if title else None
    return f"{linked.number} {name}" if name else linked.number


def _audit(work: Work, document: Document, action: str, found: Changes) -> None:
    audit(work, document.entity.key, document.id, action, found)


def audit(work: Work, entity: str, record_id: int, action: str, found: Changes) -> None:
    """Note one entry of the audit."""
    person = work.caller.person
    row = (
        work.uow.next_id(), entity, record_id, action, _encode(found).decode(), person.user_id, work.uow.actor,
        work.caller.door, work.uow.now_micros,
    )  # fmt: skip
    work.writes.add(facts.INSERT_AUDIT, row)


def _emit(
    work: Work, document: Document, topic: str, state_before: str, transition: str, changed: tuple[str, ...]
) -> None:
    payload = RecordChanged(
        document.entity.key, document.id, document.number, document.state, state_before, document.version, transition,
        changed, work.caller.door,
    )  # fmt: skip
    work.uow.emit(topic, str(document.id), payload)
