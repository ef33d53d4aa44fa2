"""Roles and grants: what they name exists, and every action belongs to somebody."""

from dataclasses import replace

from zhangshi.definitions.catalog import HEADER, Entity, Grant, Role
from zhangshi.definitions.catalog.words import STANDARD_ACTIONS, SYSTEM_HEADER
from zhangshi.definitions.compiling.drafts import DraftEntity, Workshop
from zhangshi.definitions.compiling.formulas import condition
from zhangshi.definitions.compiling.labels import label
from zhangshi.definitions.compiling.rules import check_path
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.compiling.states import check_states, transition_keys
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.references import UNKNOWN_ACTION, UNKNOWN_ENTITY, UNKNOWN_ROLE
from zhangshi.definitions.errors.rules import UNGRANTED
from zhangshi.definitions.loading.source import SourceObject
from zhangshi.definitions.model.conversions import Grant as WrittenGrant
from zhangshi.definitions.model.conversions import Role as WrittenRole

ALL = "*"
OWNER = "owner"
_WRITING = frozenset({"create", "edit", ALL})


def roles(workshop: Workshop) -> dict[str, Role]:
    """Return every role with its grants: its own, and those that entities give it."""
    made = {source.key: _role(workshop, source, written) for source, written in workshop.roles()}
    for draft in workshop.entities.values():
        for key, given in draft.data.grants.items():
            spot = draft.spot.at("grants", key)
            if key not in made:
                spot.report(UNKNOWN_ROLE, name=key, hint=hint(key, made))
                continue
            known = made[key].grants
            added = (*known.get(draft.key, ()), *_grants(workshop, spot, key, draft, given))
            made[key] = replace(made[key], grants={**known, draft.key: added})
    return made


def _role(workshop: Workshop, source: SourceObject, written: WrittenRole) -> Role:
    spot = workshop.spot(source)
    grants: dict[str, tuple[Grant, ...]] = {}
    for key, given in written.grants.items():
        here = spot.at("grants", key)
        draft = workshop.entities.get(key)
        if draft is None:
            here.report(UNKNOWN_ENTITY, name=key, hint=hint(key, workshop.entities))
        else:
            grants[key] = _grants(workshop, here, source.key, draft, given)
    return Role(source.key, label(spot, written.label, source.key), grants)


def _grants(
    workshop: Workshop, spot: Spot, role_key: str, draft: DraftEntity, given: WrittenGrant | list[WrittenGrant]
) -> tuple[Grant, ...]:
    if isinstance(given, list):
        return tuple(_grant(workshop, spot.at(at), role_key, draft, one) for at, one in enumerate(given))
    return (_grant(workshop, spot, role_key, draft, given),)


def _grant(workshop: Workshop, spot: Spot, role_key: str, draft: DraftEntity, one: WrittenGrant) -> Grant:
    actions = frozenset([ALL] if isinstance(one.actions, str) else one.actions)
    known = [*STANDARD_ACTIONS, *transition_keys(draft), ALL]
    for at, action in enumerate([] if isinstance(one.actions, str) else one.actions):
        if action not in known:
            spot.at("actions", at).report(UNKNOWN_ACTION, entity=draft.key, name=action, hint=hint(action, known))
    for path in one.fields:
        if path not in SYSTEM_HEADER:
            check_path(workshop, spot.at("fields", path), draft, HEADER, path)
    check_states(spot.at("states"), draft, one.states)
    return Grant(
        role=role_key,
        entity=draft.key,
        actions=actions,
        rows=condition(workshop, spot.at("rows"), one.rows, (draft.key, HEADER), in_sql=True),
        fields=dict(one.fields),
        default_access=one.default or ("write" if actions & _WRITING else "read"),
        states=frozenset(one.states),
    )


def check_granted(workshop: Workshop, entities: dict[str, Entity], roles: dict[str, Role]) -> None:
    """Point at reading and at transitions that nobody but the owner may do."""
    given: dict[str, set[str]] = {}
    for one in roles.values():
        if one.key != OWNER:
            for key, grants in one.grants.items():
                given.setdefault(key, set()).update(action for grant in grants for action in grant.actions)
    for key, entity in entities.items():
        granted = given.get(key, set())
        if ALL in granted:
            continue
        transitions = entity.lifecycle.transitions.values() if entity.lifecycle is not None else ()
        wanted = ["read", *(one.key for one in transitions if not one.automatic)]
        for action in wanted:
            if action not in granted:
                where = ("lifecycle", "transitions", action) if action != "read" else ()
                workshop.entities[key].spot.at(*where).warn(UNGRANTED, entity=key, name=action)
