"""Undo what a transition did: its effects by their payloads, or the whole transition of another record.

A value that somebody has changed since stays as it is now; a record that has moved on is named in the refusal.
"""

from decimal import Decimal

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Table, Transition
from zhangshi.records import errors
from zhangshi.records._store import facts
from zhangshi.records.model import EDITED, TRANSITIONED, Value
from zhangshi.records.service import editing, effects, made_records, recording, taking_back
from zhangshi.records.service.effects import Payload, Standing
from zhangshi.records.service.work import Work
from zhangshi.records.values import Reference, codecs
from zhangshi.records.writing.documents import Document

_TAKE_BACK = "take_back"


def undo(work: Work, document: Document, standing: Standing) -> None:
    """Undo one effect of a document. Raises: records.cannot_undo; what taking another record back raises."""
    payload = standing.payload
    kind = payload["kind"]
    work.writes.add(facts.MARK_UNDONE, (standing.effect_id,))
    if kind == "set":
        _restore(document, payload)
    elif kind == "update":
        _undo_update(work, payload)
    elif kind == "create":
        _undo_create(work, document, payload)
    elif kind == "transition":
        other = _found(work, payload)
        _refuse_if_moved(other, work.transition_of(other.entity, payload["transition"]))
        undo_transition(work, other, work.transition_of(other.entity, payload["transition"]), payload["state"])
    # "completed" is undone by what opens the source again, not by taking the source back: it then stands elsewhere


def undo_transition(work: Work, document: Document, transition: Transition, state: str) -> None:
    """Put a record back to where it stood before a transition: postings reversed, effects undone, state restored."""
    taking_back.refuse_if_stood_on(work, document) if transition.postings else None
    taking_back.reverse_postings(work, document, transition.key)
    for one in effects.standing(work, document.id):
        if one.transition == transition.key:
            undo(work, document, one)
    document.state = state
    document.header.system["state"] = state
    recording.record_saved(work, document, _TAKE_BACK, TRANSITIONED, transition.key)
    work.flush()


def value_of(table: Table, key: str, kept: object) -> Value:
    """Return a value that a payload kept."""
    if kept is None:
        return None
    found = codecs(table)[key].enter(kept)
    return found.id if isinstance(found, Reference) else found


def _restore(document: Document, payload: Payload) -> None:
    table, header = document.entity.header, document.header
    for key, before in payload["before"].items():
        if key in table.fields and header.get(key) == value_of(table, key, payload["after"].get(key)):
            header.values[key] = value_of(table, key, before)


def _undo_update(work: Work, payload: Payload) -> None:
    other = _found(work, payload)
    table, header = other.entity.header, other.header
    _restore(other, payload)
    for key, amount in payload["add"].items():
        if key in table.fields:
            known = header.get(key) or 0
            header.values[key] = codecs(table)[key].settle(known - Decimal(amount))  # type: ignore[operator]  # a number
    editing.recompute(work, other, {*payload["before"], *payload["add"]})
    recording.record_saved(work, other, f"effect:{_TAKE_BACK}", EDITED)
    work.flush()


def _undo_create(work: Work, document: Document, payload: Payload) -> None:
    """Take the made record back and delete it, or cancel it where its number may leave no gap or the books keep it.

    Raises: records.stands_on when it is in another state than the effect left it in, or something stands on it.
    """
    entity = work.entity(payload["entity"])
    record_id = int(payload["id"])
    other = editing.find(work, entity_key=entity.key, record_id=record_id)
    if other is None or made_records.is_cancelled(other):
        return
    made_records.refuse_if_moved_on(work, document, other, payload.get("state", other.state))
    taking_back.take_back(work, other)
    posted = bool(other.postings) or bool(work.session.query(facts.ANY_POSTING, record_id))
    gapless = entity.number_rule is not None and entity.number_rule.gapless
    if not posted and not gapless:
        from zhangshi.records.service import deleting  # noqa: PLC0415 - deleting undoes links, which may come here

        deleting.remove(work, other)
        return
    life = entity.lifecycle
    cancelled = next((key for key, one in life.states.items() if one.cancelled), "") if life is not None else ""
    if not cancelled:
        raise ZhangshiError(errors.CANNOT_UNDO, entity=entity.label.zh or entity.key, number=other.number)
    other.state = cancelled
    other.header.system["state"] = cancelled
    recording.record_saved(work, other, _TAKE_BACK, TRANSITIONED, _TAKE_BACK)
    work.flush()


def _found(work: Work, payload: Payload) -> Document:
    return editing.get(work, entity_key=payload["entity"], record_id=int(payload["id"]))


def _refuse_if_moved(other: Document, transition: Transition) -> None:
    if other.state != transition.target:
        raise ZhangshiError(
            errors.CANNOT_UNDO, entity=other.entity.label.zh or other.entity.key, number=other.number or str(other.id)
        )
