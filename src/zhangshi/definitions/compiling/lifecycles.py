"""Lifecycles: states, transitions, and that every state can be reached and left."""

from zhangshi.definitions.catalog import Label, Lifecycle, State, Transition
from zhangshi.definitions.catalog.words import STATES, TRANSITIONS
from zhangshi.definitions.compiling.drafts import DraftEntity, Workshop
from zhangshi.definitions.compiling.effects import effects
from zhangshi.definitions.compiling.labels import label
from zhangshi.definitions.compiling.posting import postings
from zhangshi.definitions.compiling.rules import check_path, constraints
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.references import UNKNOWN_OBJECT, UNKNOWN_STATE
from zhangshi.definitions.errors.rules import (
    DEAD_END,
    FINAL_EXIT,
    REVERSES_NOTHING,
    TAKES_BACK_TARGET,
    UNREACHABLE,
)
from zhangshi.definitions.model import lifecycles as written
from zhangshi.definitions.postings import REVERSE

CANCELLED = "cancelled"


def lifecycle(workshop: Workshop, draft: DraftEntity) -> Lifecycle | None:
    """Return the lifecycle of an entity, or None when it has none."""
    data = draft.data.lifecycle
    if data is None:
        return None
    spot = draft.spot.at("lifecycle")
    states = _states(workshop, spot.at("states"), draft, data)
    transitions = {
        key: _transition(workshop, spot.at("transitions", key), draft, key, one, states)
        for key, one in data.transitions.items()
    }
    _check_ways(spot, states, transitions)
    for key, made in transitions.items():
        if made.takes_back:
            _check_take_back(spot.at("transitions", key), made, states, transitions)
            if _reverses(data.transitions[key]):
                _check_reverse(spot.at("transitions", key), made, transitions)
    return Lifecycle(states, transitions)


def _states(workshop: Workshop, spot: Spot, draft: DraftEntity, data: written.Lifecycle) -> dict[str, State]:
    made: dict[str, State] = {}
    listed = isinstance(data.states, list)
    for at, key in enumerate(data.states):
        one = data.states[key] if isinstance(data.states, dict) else written.State()
        here = spot.at(at) if listed else spot.at(key)
        made[key] = State(
            key=key,
            label=label(here, one.label, key, STATES.get(key)),
            editable=_editable(workshop, here.at("editable"), draft, one, first=at == 0),
            color=one.color,
            cancelled=key == CANCELLED if one.cancelled is None else one.cancelled,
            final=one.final,
        )
    return made


def _editable(
    workshop: Workshop, spot: Spot, draft: DraftEntity, one: written.State, *, first: bool
) -> frozenset[str] | None:
    """None = everything."""
    if isinstance(one.editable, list):
        for at, path in enumerate(one.editable):
            check_path(workshop, spot.at(at), draft, "", path)
        return frozenset(one.editable)
    everything = first if one.editable is None else one.editable
    return None if everything else frozenset()


def _transition(
    workshop: Workshop, spot: Spot, draft: DraftEntity, key: str, one: written.Transition, states: dict[str, State]
) -> Transition:
    sources = [one.sources] if isinstance(one.sources, str) else one.sources
    for name, here in [(name, spot.at("from")) for name in sources] + [(one.to, spot.at("to"))]:
        if name not in states:
            here.report(UNKNOWN_STATE, entity=draft.key, name=name, hint=hint(name, states))
    if one.approval and ("approval_flow", one.approval) not in workshop.sources:
        known = workshop.keys("approval_flow")
        spot.at("approval").report(
            UNKNOWN_OBJECT, kind="approval_flow", name=one.approval, hint=hint(one.approval, known)
        )
    reverses = _reverses(one)
    return Transition(
        key=key,
        label=_label(spot, one, key, reverses=reverses),
        sources=frozenset(sources),
        target=one.to,
        constraints=constraints(workshop, spot.at("constraints"), draft, one.constraints, f"{key}."),
        postings=postings(workshop, spot.at("posting"), draft, one.posting),
        effects=effects(workshop, spot.at("effects"), draft, one.effects),
        takes_back=one.takes_back or reverses,
        approval=one.approval,
        automatic=one.automatic,
        tone=one.tone,
    )


def _label(spot: Spot, one: written.Transition, key: str, *, reverses: bool) -> Label:
    known = TRANSITIONS.get(key)
    if known is None and reverses:
        known = TRANSITIONS["take_back"]
    return label(spot, one.label, key, known)


def _check_ways(spot: Spot, states: dict[str, State], transitions: dict[str, Transition]) -> None:
    reached = list(states)[:1]
    for name in reached:  # grows while it is walked
        for one in transitions.values():
            if name in one.sources and one.target not in reached:
                reached.append(one.target)
    for key, state in states.items():
        here = spot.at("states", key)
        if key not in reached:
            here.report(UNREACHABLE, name=key)
        exits = [one.key for one in transitions.values() if key in one.sources and one.target != key]
        if state.final and exits:
            here.report(FINAL_EXIT, name=key, transition=exits[0])
        if not exits and not state.final and not state.cancelled and len(states) > 1:
            here.report(DEAD_END, name=key)


def _check_take_back(
    spot: Spot, taking: Transition, states: dict[str, State], transitions: dict[str, Transition]
) -> None:
    """It must lead back to where the way to its states began.

    It need not find a posting or an effect: an order that only was approved is taken back as well, and refused by what
    stands on it. What was done may have been done several steps before, so the way back is looked for through all
    that leads here.
    """
    for state in sorted(taking.sources):
        done = _leading_to(state, transitions)
        origins = {source for one in done for source in one.sources}
        target = states.get(taking.target)
        if target is not None and not target.cancelled and taking.target not in origins:
            spot.at("to").report(TAKES_BACK_TARGET, name=taking.key, state=state, sources=", ".join(sorted(origins)))


def _reverses(one: written.Transition) -> bool:
    commands = [] if one.posting is None else one.posting if isinstance(one.posting, list) else [one.posting]
    return any(command.command == REVERSE for command in commands)


def _check_reverse(spot: Spot, taking: Transition, transitions: dict[str, Transition]) -> None:
    for state in sorted(taking.sources):
        if not any(one.postings for one in _leading_to(state, transitions)):
            spot.at("posting").report(REVERSES_NOTHING, name=taking.key, state=state)


def _leading_to(state: str, transitions: dict[str, Transition]) -> list[Transition]:
    """Return every transition on a way to `state` that does not itself take back."""
    wanted, found = [state], []
    for target in wanted:  # grows while it is walked
        for one in transitions.values():
            if one.target == target and not one.takes_back and one not in found:
                found.append(one)
                wanted += [source for source in one.sources if source not in wanted]
    return found
