"""Change records: read under a lock, decode what was sent over what is stored, compute, check, write the difference."""

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity
from zhangshi.records import errors
from zhangshi.records._store.layouts import layout
from zhangshi.records.access import FORBIDDEN, NOT_FOUND, RecordAccess
from zhangshi.records.model import EDITED, TRANSITIONED, Content, Record
from zhangshi.records.service import (
    attaching,
    creating,
    filing,
    filled_rows,
    limits,
    linking,
    locking,
    permitting,
    recording,
    transitions,
    uniqueness,
)
from zhangshi.records.service.contents import copy_of
from zhangshi.records.service.players import tell_players
from zhangshi.records.service.references import resolve
from zhangshi.records.service.work import Work
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.decoding import Decoded, DecodedRow, decode
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.problems import Problems, word
from zhangshi.records.writing.world import Pending


def edit(
    work: Work,
    *,
    entity_key: str,
    record_id: int,
    version: int | None,
    content: Content,
    transition: str,
    internal: bool,
) -> Document:
    """See `Work.edit`. Without content it is the transition alone."""
    entity = work.entity(entity_key)
    before = read_record(work, entity, record_id)
    if before is None or (not internal and not access_before(work, entity, before).readable):
        raise ZhangshiError(NOT_FOUND, entity=entity.label.zh or entity.key, id=str(record_id))
    access = None if internal else access_before(work, entity, before)
    if access is not None:
        if content:
            access.refuse("edit")
        if transition and not access.may(transition):
            raise ZhangshiError(FORBIDDEN, entity=entity.key, action=transition)
    if version is not None and version != before.version:
        raise ZhangshiError(
            errors.CHANGED_MEANWHILE, number=before.number or str(before.id), version=version, current=before.version
        )
    if transition and not internal and work.transition_of(entity, transition).automatic:
        raise ZhangshiError(errors.AUTOMATIC, transition=word(work.transition_of(entity, transition).label))
    document = _changed(work, entity, before, content)
    document.access = access
    _check(work, document, transition, access)
    later = [transitions.make(work, document, transition)] if transition else []
    if not document.frozen:
        tell_players(work, [document])
    touched = linking.write_links(work, document)
    action, topic = (transition, TRANSITIONED) if transition else ("edit", EDITED)
    recording.record_saved(work, document, action, topic, transition)
    transitions.follow(work, [*later, transitions.Later(sources=touched)])
    return document


def read_record(work: Work, entity: Entity, record_id: int, *, locking: bool = True) -> Record | None:
    """Return a record as it is stored, locked until the end of the transaction; None if there is none."""
    own = layout(entity.header)
    rows = work.session.query(own.lock_one if locking else own.of_record, record_id)
    if not rows:
        return None
    record = own.record(entity.key, rows[0])
    with work.session.batch() as batch:
        results = {key: batch.query(layout(table).of_record, record_id) for key, table in entity.tables.items()}
    for key, result in results.items():
        home = layout(entity.tables[key])
        record.tables[key] = [home.row(row) for row in result.rows]
    return record


def access_before(work: Work, entity: Entity, record: Record) -> RecordAccess:
    """Return what the caller may do with a record as it is stored."""
    access = work.access(entity)
    if access.unconditional:
        return access.everything
    plain = _document(work, entity, record, _nothing())
    return permitting.access_to_record(work, plain, plain.header, record.state)


def _nothing() -> Decoded:
    return Decoded(DecodedRow(0, {}), None, None, None)


def find(work: Work, *, entity_key: str, record_id: int) -> Document | None:
    """Return a stored record as a document to work on, locked; None if there is none."""
    entity = work.entity(entity_key)
    work.writes.flush(work.session)
    before = read_record(work, entity, record_id)
    if before is None:
        return None
    document = _document(work, entity, before, _nothing())
    _freeze(document)
    linking.read_links(work, document)
    return document


def get(work: Work, *, entity_key: str, record_id: int) -> Document:
    """As `find`. Raises: records.not_found."""
    found = find(work, entity_key=entity_key, record_id=record_id)
    if found is None:
        raise ZhangshiError(NOT_FOUND, entity=entity_key, id=str(record_id))
    return found


def _freeze(document: Document) -> None:
    """Take every stored value as it is: nothing is computed again."""
    document.frozen = True
    for cells in document.cells():
        assert cells.before is not None
        cells.values = {key: cells.before.get(key) for key in (*cells.plan.plain, *cells.plan.forced)}
    document.is_computed = True


def recompute(work: Work, document: Document, changed: set[str]) -> None:
    """Compute the formulas of the header that read changed fields again; all others stay as they are."""
    header, fields = document.header, document.entity.header.fields
    stale: set[str] = set()
    while True:
        readers = {
            key
            for key in header.plan.forced
            if key not in stale
            and (formula := fields[key].formula) is not None
            and {path.partition(".")[0] for path in formula.reads} & (changed | stale)
        }
        if not readers:
            break
        stale |= readers
    for key in stale:
        del header.values[key]

    def step() -> None:
        for key in stale:
            try:
                header.get(key)
            except Pending:
                continue

    work.settle(step)


def _changed(work: Work, entity: Entity, before: Record, content: Content, *, locking: bool = True) -> Document:
    """Return the document with what was sent, its links found, not computed yet."""
    problems = Problems(entity)
    decoded = decode(entity, content, problems)
    resolve(work.session, work.world, entity, [(decoded, problems)])
    document = _document(work, entity, before, decoded, problems)
    document.decoding = len(problems.blocking)
    linking.read_links(work, document)
    attaching.attach_sources(work, [document], locking=locking)
    filled_rows.fill_rows(work, [document])
    if not content and not _editable(document):
        _freeze(document)
    return document


def computed(work: Work, entity: Entity, record_id: int, content: Content) -> Document:
    """Return a stored record with a change, computed and checked but not written: for previews. Nothing is locked.

    Raises: records.not_found.
    """
    before = read_record(work, entity, record_id, locking=False)
    if before is None:
        raise ZhangshiError(NOT_FOUND, entity=entity.label.zh or entity.key, id=str(record_id))
    document = _changed(work, entity, before, content, locking=False)
    document.access = access_before(work, entity, before)
    if not document.frozen:
        creating.compute(work, [document], "")
    return document


def _editable(document: Document) -> bool:
    life = document.entity.lifecycle
    return life is None or document.state not in life.states or life.states[document.state].editable is None


def _document(
    work: Work, entity: Entity, before: Record, decoded: Decoded, problems: Problems | None = None
) -> Document:
    header = Cells(
        work.world,
        entity,
        HEADER,
        entered=decoded.header.values,
        before=before.values,
        row_id=before.id,
    )
    document = Document(
        entity, decoded, header, problems or Problems(entity), before, before.id, before.number, before.state,
        before.version,
    )  # fmt: skip
    header.system = {
        "id": before.id, "number": before.number or None, "state": before.state or None, "version": before.version,
        "created_at": before.values["created_at"], "created_by": before.values["created_by"],
        "updated_at": before.values["updated_at"], "updated_by": before.values["updated_by"],
        "owner": creating.found_id(decoded.owner) or before.values["owner"],
        "department": creating.found_id(decoded.department) or before.values["department"],
    }  # fmt: skip
    for key in entity.tables:
        header.rows[key] = _rows(work, document, before, key)
    if decoded.number and decoded.number != before.number:
        rule = entity.number_rule
        if rule is None or rule.manual:
            document.number = decoded.number
            header.system["number"] = decoded.number
        else:
            document.problems.add(errors.NUMBER_NOT_MANUAL, "number", entity=entity.label.zh or entity.key)
    return document


def _rows(work: Work, document: Document, before: Record, key: str) -> list[Cells]:
    """Return the rows of a table: as they stood where the table was not sent, else as sent."""
    stored = {row.id: row for row in before.tables.get(key, [])}
    sent = document.decoded.tables.get(key)
    if sent is None:
        sent = [DecodedRow(row_id, {}) for row_id in stored]
    rows: list[Cells] = []
    for position, one in enumerate(sent, 1):
        known = stored.pop(one.id, None)
        if one.id and known is None:
            table = document.entity.tables[key]
            path = f"{key}[{position}]"
            document.problems.add(errors.UNKNOWN_ROW, path, row=position, label=word(table.label), id=str(one.id))
            continue
        if known is None:
            rows.append(creating.new_row(work, document, key, one, position))
            continue
        cells = Cells(
            work.world, document.entity, key, entered=one.values, before=known.values, header=document.header,
            row_id=known.id,
        )  # fmt: skip
        cells.position = position
        rows.append(cells)
    return rows


def _check(work: Work, document: Document, transition: str, access: RecordAccess | None) -> None:
    """Compute and check a changed document. Raises: records.invalid, records.field_locked."""
    if not document.frozen:
        limits.lock_limits(work, [document], transition)
        creating.compute(work, [document], transition)
        changed = locking.changed_paths(document)
        if access is not None:
            access.refuse_locked(changed, "edit")
        locking.check(work, document, changed)
        linking.check_open(work, [document])
        locking.check_converted(work, document)
        uniqueness.check(work, [document])
    creating.refuse_invalid(work, [document])
    if access is not None and not document.frozen:
        filing.refuse_foreign_files(work, [document])


def copy_content(work: Work, entity_key: str, record_id: int) -> dict[str, object]:
    """Return the content of a new record like a stored one. Raises: records.not_found, records.forbidden."""
    entity = work.entity(entity_key)
    work.access(entity).refuse("create")
    record = read_record(work, entity, record_id, locking=False)
    access = None if record is None else access_before(work, entity, record)
    if record is None or access is None or not access.readable:
        raise ZhangshiError(NOT_FOUND, entity=entity.label.zh or entity.key, id=str(record_id))
    return copy_of(entity, record, access)
