"""Records that an effect made: they go with the transition that made them, unless they have moved on since.

A piece wage that was paid meanwhile must not vanish because somebody takes its work report back.
"""

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Entity, State
from zhangshi.records import errors
from zhangshi.records._store import references
from zhangshi.records.service import permitting, taking_back
from zhangshi.records.service.work import Work
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.fetching import fetch_once


def is_cancelled(document: Document) -> bool:
    """Return whether a record was cancelled: then there is nothing left to take back."""
    state = _state(document.entity, document.state)
    return state is not None and state.cancelled


def refuse_if_moved_on(work: Work, document: Document, made: Document, state: str) -> None:
    """Refuse to take back what made a record that has moved on from `state`, or that something stands on.

    Cost: one statement for each field that links to its entity. Raises: records.stands_on.
    """
    if made.state != state:
        raise _stands_on(work, document, made)
    taking_back.refuse_if_stood_on(work, made)
    for statement, user in references.statements_to(work.catalog, made.entity.key):
        if user.key != document.entity.key and work.session.query(statement, made.id, made.id):
            raise ZhangshiError(
                errors.STANDS_ON, number=_shown(work, made), documents_zh=user.label.zh, documents_en=user.label.en,
                count=1,
            )  # fmt: skip


def _stands_on(work: Work, document: Document, made: Document) -> ZhangshiError:
    entity, name = made.entity, _shown(work, made)
    state = _state(entity, made.state)
    return ZhangshiError(
        errors.STANDS_ON, number=document.number or str(document.id), count=1,
        documents_zh=f"{entity.label.zh}{name}" + (f"({state.label.zh})" if state else ""),
        documents_en=f"{entity.label.en} {name}" + (f" ({state.label.en})" if state else ""),
    )  # fmt: skip


def _shown(work: Work, made: Document) -> str:
    """Return the number of a made record, hidden where the caller may not read it."""
    found = fetch_once(work.session, work.world, made.entity.key, [made.id])
    return permitting.shown_number(work, found[0]) if found else str(made.id)


def _state(entity: Entity, key: str) -> State | None:
    return entity.lifecycle.states.get(key) if entity.lifecycle is not None else None
