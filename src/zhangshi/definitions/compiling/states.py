"""States that a definition names, checked against what an entity's lifecycle has."""

from collections.abc import Sequence

from zhangshi.definitions.compiling.drafts import DraftEntity
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.references import UNKNOWN_STATE, UNKNOWN_TRANSITION


def state_keys(draft: DraftEntity) -> list[str]:
    """Return the keys of an entity's states, the first one first."""
    return list(draft.data.lifecycle.states) if draft.data.lifecycle is not None else []


def transition_keys(draft: DraftEntity) -> list[str]:
    """Return the keys of an entity's transitions."""
    return list(draft.data.lifecycle.transitions) if draft.data.lifecycle is not None else []


def check_states(spot: Spot, draft: DraftEntity, names: Sequence[str]) -> None:
    """Report names that are no states of the entity."""
    known = state_keys(draft)
    for at, name in enumerate(names):
        if name not in known:
            spot.at(at).report(UNKNOWN_STATE, entity=draft.key, name=name, hint=hint(name, known))


def check_transitions(spot: Spot, draft: DraftEntity, names: Sequence[str]) -> None:
    """Report names that are no transitions of the entity."""
    known = transition_keys(draft)
    for at, name in enumerate(names):
        if name not in known:
            spot.at(at).report(UNKNOWN_TRANSITION, entity=draft.key, name=name, hint=hint(name, known))
