"""A new version of a pack under the patches of a site: three values meet at every patched path."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from zhangshi.base.errors import Language
from zhangshi.definitions.loading.source import SourceObject
from zhangshi.definitions.merging.paths import NOTHING, read, write
from zhangshi.definitions.model.packs import Override


@dataclass(frozen=True, slots=True)
class Conflict:
    """The pack and the site changed the same path to different values; the site's stands until somebody decides."""

    name: str
    """kind/key of the object."""
    path: str
    was: object
    """What both started from; None = it was not there."""
    theirs: object
    """The new version's value; None = it is not there any more."""
    ours: object
    """The site's value; None = retired by the site."""
    lost: bool = False
    """The place itself is gone: the site's change cannot be applied any more."""

    def message(self, language: Language = "zh") -> str:
        """Return the conflict as a sentence that says what stands now and what to do."""
        was, theirs, ours = (_shown(one) for one in (self.was, self.theirs, self.ours))
        if self.lost:
            if language == "zh":
                return f"{self.name} 的 {self.path}:新版本已取消,您的修改({ours})用不上了。请删除这个修改。"
            return (
                f"{self.name} {self.path}: the new version took it away; your change ({ours}) no longer applies. "
                "Remove it."
            )
        if language == "zh":
            return (
                f"{self.name} 的 {self.path}:原来是 {was},新版本改为 {theirs},您改为 {ours}。"
                "现在按您的;要用新版本的,请删除这个修改。"
            )
        return (
            f"{self.name} {self.path}: it was {was}, the new version says {theirs}, you said {ours}. "
            "Yours stands; to take the new one, remove your change."
        )


def _shown(value: object) -> str:
    return "—" if value is None else msgspec.json.encode(value).decode()


def merge_upgrade(
    old_pack_objects: Sequence[SourceObject],
    new_pack_objects: Sequence[SourceObject],
    site_overrides: Sequence[SourceObject],
) -> tuple[list[SourceObject], list[Conflict]]:
    """Merge a new version of a pack with the site's patches of the old one.

    Returns the new objects followed by the patches that still say something, each with `was` brought up to the new
    version; and the conflicts, in which the site's value stands. Patches of other packs' objects are handed through.
    """
    old = {one.name: one.plain() for one in old_pack_objects}
    new = {one.name: one.plain() for one in new_pack_objects}
    conflicts: list[Conflict] = []
    kept: list[SourceObject] = []
    for patch in site_overrides:
        assert isinstance(patch.data, Override)
        name = patch.data.override
        if name not in old and name not in new:
            kept.append(patch)
            continue
        merged = _merged_patch(patch.data, old.get(name), new.get(name), conflicts)
        if merged.set or merged.retire:
            kept.append(replace(patch, data=merged))
    return [*new_pack_objects, *kept], conflicts


def _merged_patch(
    patch: Override, old: dict[str, Any] | None, new: dict[str, Any] | None, conflicts: list[Conflict]
) -> Override:
    values: dict[str, Any] = {}
    was: dict[str, Any] = {}
    for path, ours in patch.set.items():
        before = patch.was.get(path, _at(old, path))
        theirs = _at(new, path)
        if new is None or not _can_write(new, path, ours):
            conflicts.append(Conflict(patch.override, path, before, None, ours, lost=True))
            continue
        if theirs == ours:
            continue  # the pack came to the same value: the patch has done its work
        if theirs != before:
            conflicts.append(Conflict(patch.override, path, before, theirs, ours))
        values[path] = ours
        if theirs is not None:
            was[path] = theirs
    retired = [path for path in patch.retire if _still_there(patch, new, path, conflicts)]
    return Override(override=patch.override, set=values, was=was, retire=retired)


def _still_there(patch: Override, new: dict[str, Any] | None, path: str, conflicts: list[Conflict]) -> bool:
    found = _at(new, path)
    if found is None:
        return False  # the pack took it away itself
    before = patch.was.get(path)
    if before is not None and before != found:
        conflicts.append(Conflict(patch.override, path, before, found, None))
    return True


def _at(data: dict[str, Any] | None, path: str) -> Any:  # noqa: ANN401
    found = NOTHING if data is None else read(data, path)
    return None if found is NOTHING else found


def _can_write(new: dict[str, Any], path: str, value: object) -> bool:
    """A patch needs the thing that it changes: the field of fields.price.label must still be there."""
    above = path.rpartition(".")[0]
    if above and read(new, above) is NOTHING and above.count(".") > 0:
        return False
    return write(copy.deepcopy(new), path, value)
