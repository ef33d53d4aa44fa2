"""A definition that was read: its struct, and where each of its keys stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from zhangshi.definitions.model import Definition

SITE = "site"
"""The layer of what a company changed itself; every other layer is a pack's key."""


class Mark(NamedTuple):
    """Where a key stands."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class SourceObject:
    """One object of one layer. `marks` maps key paths (`fields.amount.formula`, `constraints[0].when`) to places."""

    layer: str
    kind: str
    key: str
    data: Definition
    file: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """kind/key."""
        return f"{self.kind}/{self.key}"

    def place(self, path: str) -> Mark:
        """Return where `path` stands, or the nearest key above it that stands anywhere."""
        while path:
            if (mark := self.marks.get(path)) is not None:
                return mark
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.marks.get("", Mark(self.file, 1 if self.file else 0))

    def plain(self) -> dict[str, Any]:
        """Return the content as plain data, without what is left at its default."""
        made: dict[str, Any] = msgspec.to_builtins(self.data)
        return {"schema": 1, self.kind: self.key, **made}
