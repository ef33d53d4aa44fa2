"""The patch that makes one object of another: only the paths that differ, with what stood there before.

A designer hands in the whole object as it shall be; the site keeps only what differs from the packs, so that an upgrade
can still change everything else.
"""

import re
from typing import Any

from zhangshi.definitions.loading.source import SITE, SourceObject
from zhangshi.definitions.model.packs import Override

_PLAIN_KEY = re.compile(r"^[^.\[\]]+$")
_IDENTITIES = ("value", "key")


def override_for(known: SourceObject, wanted: SourceObject) -> SourceObject | None:
    """Return the site's override that makes `wanted` of `known`, or None when nothing differs.

    Raises: ValueError when they are not the same object.
    """
    if known.name != wanted.name:
        raise ValueError(f"{wanted.name} is no version of {known.name}.")
    found = _Difference()
    found.maps("", known.plain(), wanted.plain())
    if not found.set and not found.retire:
        return None
    data = Override(override=known.name, set=found.set, was=found.was, retire=found.retire)
    return SourceObject(SITE, "override", known.name, data, wanted.file)


class _Difference:
    def __init__(self) -> None:
        self.set: dict[str, Any] = {}
        self.was: dict[str, Any] = {}
        self.retire: list[str] = []

    def maps(self, path: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Compare two maps key by key; one with keys that no path can name is replaced whole."""
        if path and not all(_PLAIN_KEY.match(key) for key in (*before, *after)):
            self._replace(path, before, after)
            return
        for key, value in after.items():
            here = f"{path}.{key}" if path else key
            if key not in before:
                self.set[here] = value
            else:
                self._values(here, before[key], value)
        for key, value in before.items():
            if key not in after:
                self._gone(f"{path}.{key}" if path else key, value)

    def _values(self, path: str, before: object, after: object) -> None:
        if before == after:
            return
        if isinstance(before, dict) and isinstance(after, dict):
            self.maps(path, before, after)
        elif isinstance(before, list) and isinstance(after, list):
            self._lists(path, before, after)
        else:
            self._replace(path, before, after)

    def _lists(self, path: str, before: list[Any], after: list[Any]) -> None:
        """Elements that have a value or a key of their own are compared one by one, if none changed its place."""
        old, new = _by_identity(before), _by_identity(after)
        if (
            old is None
            or new is None
            or [key for key in old if key in new] != list(new)[: len(old.keys() & new.keys())]
        ):
            self._replace(path, before, after)
            return
        self.maps(path, old, new)

    def _gone(self, path: str, before: object) -> None:
        self.retire.append(path)
        self.was[path] = before

    def _replace(self, path: str, before: object, after: object) -> None:
        self.set[path] = after
        self.was[path] = before


def _grew_at_the_end(old: list[str], new: list[str]) -> bool:
    stayed = [key for key in old if key in new]
    return stayed == new[: len(stayed)]


def _by_identity(items: list[Any]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for one in items:
        name = next((str(one[key]) for key in _IDENTITIES if one.get(key)), "") if isinstance(one, dict) else ""
        if not name or name in found:
            return None
        found[name] = one
    return found
