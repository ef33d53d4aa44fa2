"""A candidate with new versions of packs in it: their layers replaced, the site's overrides carried along.

Pure. Only the site's overrides are touched, and none of them without being said: where pack and site both changed the
same thing, the conflict is listed, and nothing is published until somebody chose one of the two for each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from zhangshi.definitions.loading import SITE, SourceObject
from zhangshi.definitions.merging import Conflict, merge_upgrade
from zhangshi.definitions.model.packs import Migration, Override
from zhangshi.definitions.service.allotting import Replacement
from zhangshi.definitions.service.revisions import MemberKey, Objects, to_objects, to_sources
from zhangshi.packs.model import PackSource
from zhangshi.packs.versions import satisfies

Choice = Literal["pack", "site"]
Rename = tuple[str, str, str, str]
"""Entity, line table ("" = header), old key, new key."""


class OpenConflict(msgspec.Struct, frozen=True):
    """The pack and the site changed the same thing; somebody has to say which one counts."""

    name: str
    """What a choice is made for: kind/key:path."""
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Objects with a pack's new version in them, fields that it renames, and what has to be decided."""

    objects: Objects
    renames: tuple[Rename, ...]
    replacements: tuple[Replacement, ...]
    conflicts: tuple[OpenConflict, ...]


def with_pack(
    objects: Objects, pack: PackSource, *, installed: str, choices: Mapping[str, str], prefer: str = ""
) -> Merged:
    """Return `objects` with the pack's layer as this version has it.

    `choices` maps conflict names to "pack" or "site"; `prefer` decides those that are not named.
    """
    renames = tuple(rename for one in pack.migrations if _applies(one, installed) for rename in renames_of(one))
    old = [one for one in to_sources(objects) if one.layer == pack.key]
    patches = [
        renamed(one, renames)
        for one in to_sources({key: text for key, text in objects.items() if key.layer == SITE})
        if isinstance(one.data, Override)
    ]
    merged, found = merge_upgrade(_renamed_objects(old, renames), pack.objects, patches)
    kept = [one for one in merged if one.layer == SITE]
    decided, unresolved = _decide(kept, found, choices, prefer)
    untouched = {
        key: text
        for key, text in objects.items()
        if key.layer != pack.key and not (key.layer == SITE and key.kind == "override")
    }
    made = {**untouched, **to_objects(pack.objects), **to_objects(decided)}
    replacements = [each for one in pack.migrations if _applies(one, installed) for each in replacements_of(one)]
    return Merged(made, renames, tuple(replacements), unresolved)


def _decide(
    kept: Sequence[SourceObject], found: Sequence[Conflict], choices: Mapping[str, str], prefer: str
) -> tuple[list[SourceObject], tuple[OpenConflict, ...]]:
    unresolved: list[OpenConflict] = []
    dropped: dict[str, set[str]] = {}
    for one in found:
        name = f"{one.name}:{one.path}"
        choice = choices.get(name, prefer)
        if choice == "pack":
            dropped.setdefault(one.name, set()).add(one.path)
        elif choice != "site":
            unresolved.append(OpenConflict(name, one.message("zh"), one.message("en")))
    decided = [_without_paths(one, frozenset(dropped.get(one.key, ()))) for one in kept]
    return [one for one in decided if one is not None], tuple(unresolved)


def _without_paths(source: SourceObject, paths: frozenset[str]) -> SourceObject | None:
    """Return an override without some of its paths; None if none are left."""
    assert isinstance(source.data, Override)
    data = Override(
        override=source.data.override,
        set={path: value for path, value in source.data.set.items() if path not in paths},
        was={path: value for path, value in source.data.was.items() if path not in paths},
        retire=[path for path in source.data.retire if path not in paths],
    )
    return SourceObject(source.layer, source.kind, source.key, data) if data.set or data.retire else None


def without_pack(objects: Objects, key: str) -> dict[MemberKey, str]:
    """Return `objects` without a pack's layer, and without the overrides of what goes with it."""
    names = {f"{one.kind}/{one.key}" for one in objects if one.layer == key and one.kind != "override"}
    return {
        member: text
        for member, text in objects.items()
        if member.layer != key and not (member.kind == "override" and member.key in names)
    }


def _applies(migration: Migration, installed: str) -> bool:
    return bool(installed) and satisfies(installed, migration.source)


def renames_of(migration: Migration) -> list[Rename]:
    """Return what a migration renames: "entity.field" or "entity.table.field" -> new key."""
    found: list[Rename] = []
    for path, new in sorted(migration.rename.items()):
        entity, *tables, field = path.split(".")
        found.append((entity, tables[0] if tables else "", field, new))
    return found


def replacements_of(migration: Migration) -> list[Replacement]:
    """Return which values of selects get another name: "entity.field" -> {old: new}."""
    found: list[Replacement] = []
    for path, values in sorted(migration.values.items()):
        entity, *tables, field = path.split(".")
        table = tables[0] if tables else ""
        found += [Replacement(entity, table, field, old, new) for old, new in sorted(values.items())]
    return found


def _paths_of(rename: Rename) -> tuple[tuple[str, str], ...]:
    """Return where the field stands in its entity's object, before and after."""
    _, table, old, new = rename
    above = ("fields",) if not table else (f"tables.{table}.fields", *(("lines",) if table == "lines" else ()))
    return tuple((f"{one}.{old}", f"{one}.{new}") for one in above)


def renamed(source: SourceObject, renames: Sequence[Rename]) -> SourceObject:
    """Return an override whose paths follow the fields that a migration renames."""
    assert isinstance(source.data, Override)
    data = source.data
    for rename in renames:
        if data.override == f"entity/{rename[0]}":
            for old, new in _paths_of(rename):
                data = Override(
                    override=data.override,
                    set={_moved(path, old, new): value for path, value in data.set.items()},
                    was={_moved(path, old, new): value for path, value in data.was.items()},
                    retire=[_moved(path, old, new) for path in data.retire],
                )
    return replace(source, data=data)


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(f"{old}.") else path


def _renamed_objects(sources: Sequence[SourceObject], renames: Sequence[Rename]) -> list[SourceObject]:
    """Return the old version as it would have been with the new keys, so that the two can be compared."""
    made: list[SourceObject] = []
    for source in sources:
        mine = [one for one in renames if source.name == f"entity/{one[0]}"]
        made.append(_with_new_keys(source, mine) if mine else source)
    return made


def _with_new_keys(source: SourceObject, renames: Sequence[Rename]) -> SourceObject:
    data = source.plain()
    for rename in renames:
        for old, new in _paths_of(rename):
            *above, last = old.split(".")
            here = data
            for step in above:
                here = here.get(step, {})
            if last in here:
                here[new.rpartition(".")[2]] = here.pop(last)
    return replace(source, data=msgspec.convert(data, type(source.data)))
