"""Move a document to another state: its rules, its postings, its own fields; then what follows in other records.

`make` does what belongs to the document and runs before it is written; `follow` does the rest after that: effects on
other records, sources that are complete now (or no longer are).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Transition
from zhangshi.records import errors
from zhangshi.records.service import completing, effects, limits, posting, taking_back
from zhangshi.records.service.players import tell_players
from zhangshi.records.service.work import Work
from zhangshi.records.writing.checking import check_constraints
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.problems import Problems, state_word, word


@dataclass(slots=True)
class Later:
    """What is still to be done after a document was written."""

    document: Document | None = None
    transition: Transition | None = None
    sources: set[tuple[str, str, int]] = field(default_factory=set)
    """(conversion, entity, record) whose use has changed."""


def make(work: Work, document: Document, key: str) -> Later:
    """Make a transition of a document that is computed and checked.

    Raises: records.unknown_transition, records.not_in_state, records.invalid, records.stands_on; what the ledger
        refuses.
    """
    transition = work.transition_of(document.entity, key)
    if document.state not in transition.sources:
        raise ZhangshiError(
            errors.NOT_IN_STATE, number=document.number or str(document.id),
            state=state_word(document.entity, document.state), transition=word(transition.label),
        )  # fmt: skip
    _check(work, document, transition)
    life = document.entity.lifecycle
    assert life is not None
    if transition.takes_back or life.states[transition.target].cancelled:
        taking_back.refuse_if_stood_on(work, document)
    if transition.takes_back:
        taking_back.take_back(work, document)
    document.state = transition.target
    document.header.system["state"] = document.state
    for one in transition.postings:
        posting.post(work, document, transition, one)
    effects.set_own(work, document, transition)
    tell_players(work, [document])  # a bill counts from the state in which it is valid
    return Later(document, transition)


def _check(work: Work, document: Document, transition: Transition) -> None:
    """The transition's own constraints; of a frozen document also the entity's that name this transition."""
    named = [one for one in document.entity.constraints if transition.key in one.transitions]
    wanted = [*transition.constraints, *(named if document.frozen else ())]
    if not wanted:
        return
    if document.frozen:
        limits.lock_limits(work, [document], transition.key)
    problems = Problems(document.entity)

    def step() -> None:
        problems.blocking.clear()
        problems.warnings.clear()
        check_constraints(wanted, document.header, problems, transition.key)

    work.settle(step)
    document.problems.warnings.extend(problems.warnings)
    problems.refuse()


def follow(work: Work, later: Sequence[Later]) -> None:
    """Carry out what follows in other records; writes first what was collected, where somebody will read it."""
    touched = {source for one in later for source in one.sources}
    waiting = [one for one in later if one.transition is not None and effects.reach_out(one.transition)]
    completing_sources = [one for one in touched if work.conversion(one[0]).complete]
    if not waiting and not completing_sources:
        return
    work.flush()
    for one in waiting:
        assert one.document is not None
        assert one.transition is not None
        effects.carry_out(work, one.document, one.transition)
    for conversion, entity, record_id in sorted(completing_sources):
        work.flush()
        completing.settle_source(work, work.conversion(conversion), entity, record_id)
