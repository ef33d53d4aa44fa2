"""A source whose rows are all converted moves on by itself, and moves back when something opens again."""

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Conversion
from zhangshi.records import errors
from zhangshi.records.model import TRANSITIONED
from zhangshi.records.service import effects, recording, sources, transitions
from zhangshi.records.service.work import Work
from zhangshi.records.writing.world import Pending


def settle_source(work: Work, conversion: Conversion, entity: str, record_id: int) -> None:
    """Make the conversion's `complete` transition of a source, or undo it, as its rows now say."""
    from zhangshi.records.service import editing  # noqa: PLC0415 - editing makes transitions, which come here

    if conversion.source != entity:
        return
    document = editing.find(work, entity_key=entity, record_id=record_id)
    if document is None:
        return
    sources.lock(work, entity, [record_id])
    done: list[bool] = []

    def step() -> None:
        try:
            done[:] = [sources.is_converted(work, conversion, record_id)]
        except Pending:
            return

    work.settle(step)
    transition = work.transition_of(document.entity, conversion.complete)
    if done[0] and document.state in transition.sources:
        before = document.state
        later = transitions.make(work, document, transition.key)
        effects.remember(
            work, document, transition.key, {"kind": "completed", "conversion": conversion.key, "state": before}
        )
        recording.record_saved(work, document, transition.key, TRANSITIONED, transition.key)
        transitions.follow(work, [later])
    elif not done[0] and document.state == transition.target:
        reopen(work, document.entity.key, record_id, conversion.key)


def reopen(work: Work, entity: str, record_id: int, conversion: str) -> None:
    """Undo the completion of a source, if this conversion made it."""
    from zhangshi.records.service import editing, undoing  # noqa: PLC0415 - as above

    document = editing.find(work, entity_key=entity, record_id=record_id)
    if document is None:
        return
    standing = effects.standing(work, record_id)
    made = next((one for one in standing if one.payload.get("conversion") == conversion), None)
    if made is None:
        return
    transition = work.transition_of(document.entity, made.transition)
    if document.state != transition.target:
        raise ZhangshiError(errors.CANNOT_UNDO, entity=document.entity.label.zh, number=document.number)
    undoing.undo_transition(work, document, transition, str(made.payload["state"]))
