"""反审核: reverse every posting of a document that stands and undo every effect that stands, newest first.

Refused while something stands on the document: a target of a conversion that is not cancelled. What the ledger refuses
(goods that went on, a closed period) passes through.
"""

from zhangshi.base.errors import ZhangshiError
from zhangshi.ledger.commands import Reverse
from zhangshi.records import errors
from zhangshi.records._store import facts
from zhangshi.records._store import linking as store
from zhangshi.records.links import link_of
from zhangshi.records.service import effects, permitting, undoing
from zhangshi.records.service.numbers import business_day
from zhangshi.records.service.work import Work
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.fetching import fetch_once

_NAMED_MAX = 5


def refuse_if_stood_on(work: Work, document: Document) -> None:
    """Raises: records.stands_on, naming the documents with their states."""
    if document.entity.key not in work.catalog.conversions_from:
        return
    links = [link_of(row) for row in work.session.query(store.LINKS_FROM, document.id)]
    if not links:
        return
    zh, en = [], []
    targets = list(dict.fromkeys((link.target_entity, link.target_id) for link in links))
    for entity_key, record_id in targets[:_NAMED_MAX]:
        entity = work.catalog.entities.get(entity_key)
        found = fetch_once(work.session, work.world, entity_key, [record_id]) if entity is not None else []
        for one in found:
            life = one.entity.lifecycle
            state = life.states.get(one.state) if life is not None else None
            name = permitting.shown_number(work, one)
            zh.append(f"{one.entity.label.zh}{name}" + (f"({state.label.zh})" if state else ""))
            en.append(f"{one.entity.label.en} {name}" + (f" ({state.label.en})" if state else ""))
    more = len(targets) - _NAMED_MAX
    if more > 0:
        zh.append(f"等 {len(targets)} 张")
        en.append(f"{more} more")
    raise ZhangshiError(
        errors.STANDS_ON, number=document.number or str(document.id), documents_zh="、".join(zh),
        documents_en=", ".join(en), count=len(targets),
    )  # fmt: skip


def take_back(work: Work, document: Document) -> None:
    """Reverse the postings and undo the effects of a document."""
    reverse_postings(work, document, None)
    for one in effects.standing(work, document.id):
        undoing.undo(work, document, one)


def reverse_postings(work: Work, document: Document, transition: str | None) -> None:
    """Reverse the postings that stand, the newest first; only those of one transition where it is named."""
    for posting_id, made_by in work.session.query(facts.STANDING_POSTINGS, document.id):
        if transition is not None and made_by != transition:
            continue
        command = Reverse(
            effective_on=business_day(work, document), source_type=document.entity.key, source_id=document.id,
            posting_id=posting_id,
        )  # fmt: skip
        answer = work.desk.ledger.post(work.uow, command)
        work.writes.add(facts.MARK_REVERSED, (posting_id, answer.posting_id))
        work.writes.add(facts.INSERT_POSTINGS, (answer.posting_id, document.id, document.entity.key, "reverse"))
        work.writes.add(facts.MARK_REVERSED, (answer.posting_id, posting_id))
        document.postings.append(answer.posting_id)
