"""Drafts: what somebody is about to change, one object each, seen by everybody, counting for nobody yet.

A draft holds the whole object as it shall be. When it is published the site's layer gets it: as the site's own object,
or, where a pack brought the object, as an override with nothing but the paths that differ. Saving compares the version
that was loaded, so two people do not overwrite each other; whether it all fits together is asked of the plan.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions._store import drafts as store
from zhangshi.definitions.errors import Problem, raise_if_any
from zhangshi.definitions.loading import SITE, SourceObject, dump_json, load_text
from zhangshi.definitions.merging import apply_overrides, override_for
from zhangshi.definitions.service.errors import DRAFT_CHANGED, NO_SUCH_DRAFT, NO_SUCH_OBJECT, NOT_IN_SITE
from zhangshi.definitions.service.plan import Candidate
from zhangshi.definitions.service.revisions import (
    MemberKey,
    Objects,
    current_revision,
    read_objects,
    to_sources,
)
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork

NEW = 0
"""The version of a draft that is not there yet."""


class Draft(NamedTuple):
    """A draft. `content` is canonical JSON; "" deletes the object."""

    kind: str
    key: str
    base_revision: int
    version: int
    content: str
    actor: str
    recorded_at: int


def list_drafts(session: Session) -> list[Draft]:
    """Return all drafts, by kind and key."""
    return [Draft(*row) for row in session.query(store.LIST)]


def find_draft(session: Session, *, kind: str, key: str) -> Draft | None:
    """Return the draft of an object, if there is one."""
    rows = session.query(store.FIND, kind, key)
    return Draft(*rows[0]) if rows else None


def save_draft(uow: UnitOfWork, *, text: str, version: int) -> Draft:
    """Write a draft from YAML or JSON; `version` is that of the draft that was loaded, NEW if there was none.

    Raises: definitions.invalid if it is no definition; definitions.draft_changed.
    """
    source = load_text(text)
    return _write(uow, source.kind, source.key, dump_json(source), version)


def draft_deletion(uow: UnitOfWork, *, kind: str, key: str, version: int) -> Draft:
    """Write down that an object of the site shall go. Raises: definitions.draft_changed, definitions.not_in_site."""
    objects = read_objects(uow.session, current_revision(uow.session))
    for member in objects:
        if (member.kind, member.key) == (kind, key) and member.layer != SITE:
            raise ZhangshiError(NOT_IN_SITE, name=f"{kind}/{key}", layer=member.layer)
    return _write(uow, kind, key, "", version)


def _write(uow: UnitOfWork, kind: str, key: str, content: str, version: int) -> Draft:
    known = find_draft(uow.session, kind=kind, key=key)
    if (known.version if known else NEW) != version:
        raise ZhangshiError(DRAFT_CHANGED, name=f"{kind}/{key}", actor=known.actor if known else "?")
    base = known.base_revision if known else current_revision(uow.session)
    draft = Draft(kind, key, base, version + 1, content, uow.actor, uow.now_micros)
    uow.session.execute(store.UPSERT, *draft)
    return draft


def discard_draft(uow: UnitOfWork, *, kind: str, key: str) -> None:
    """Forget a draft. Raises: definitions.no_such_draft."""
    if not uow.session.execute(store.DELETE, kind, key):
        raise ZhangshiError(NO_SUCH_DRAFT, name=f"{kind}/{key}")


def candidate_from_drafts(session: Session, *, note: str = "") -> Candidate:
    """Return what the definitions become with all drafts."""
    base = current_revision(session)
    objects, drafts = read_objects(session, base), list_drafts(session)
    for draft in drafts:
        objects = with_object(objects, draft.kind, draft.key, draft.content)
    used = tuple((draft.kind, draft.key, draft.version) for draft in drafts)
    return Candidate(base=base, objects=objects, note=note, drafts=used)


def with_object(objects: Objects, kind: str, key: str, content: str) -> dict[MemberKey, str]:
    """Return `objects` with one object of the site as wanted: its own, or an override of what packs say."""
    own = MemberKey(SITE, kind, key)
    override = MemberKey(SITE, "override", f"{kind}/{key}")
    made = {member: text for member, text in objects.items() if member not in {own, override}}
    if not content:
        return made
    wanted = load_text(content)
    below = _as_it_counts({member: text for member, text in objects.items() if member.layer != SITE}, kind, key)
    if below is None:
        return {**made, own: dump_json(wanted)}
    patch = override_for(below, wanted)
    return made if patch is None else {**made, override: dump_json(patch)}


def _as_it_counts(objects: Objects, kind: str, key: str) -> SourceObject | None:
    """Return the object with all overrides of these layers applied."""
    name = f"{kind}/{key}"
    concerned = {
        member: text
        for member, text in objects.items()
        if (member.kind, member.key) in {(kind, key), ("override", name)}
    }
    problems: list[Problem] = []
    found = [one for one in apply_overrides(to_sources(concerned), problems) if one.name == name]
    raise_if_any(problems)
    return found[0] if found else None


def effective_object(session: Session, *, kind: str, key: str) -> str:
    """Return an object as it counts, overrides applied, as canonical JSON. Raises: definitions.no_such_object."""
    found = _as_it_counts(read_objects(session, current_revision(session)), kind, key)
    if found is None:
        raise ZhangshiError(NO_SUCH_OBJECT, name=f"{kind}/{key}")
    return dump_json(found)


def changed_content(content: str, changes: Mapping[str, object]) -> str:
    """Return an object's JSON with paths set to new values (None takes a path away), for small edits by program."""
    data = msgspec.json.decode(content)
    for path, value in changes.items():
        *parents, last = path.split(".")
        here = data
        for parent in parents:
            here = here.setdefault(parent, {})
        if value is None:
            here.pop(last, None)
        else:
            here[last] = value
    return msgspec.json.encode(data).decode()
