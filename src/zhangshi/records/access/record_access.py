"""What a person may see and do with the records for which the same grants hold."""

from collections.abc import Callable, Iterable
from typing import Literal

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Entity, FieldAccess
from zhangshi.records.access.errors import FIELD_LOCKED, FORBIDDEN
from zhangshi.records.access.grants import READ, WIDTH, Held

ReadAccess = Literal["none", "mask", "read"]


class RecordAccess:
    """The union of the grants that hold: shared by all records for which the same ones do. Immutable but for memory."""

    __slots__ = ("_held", "_read", "_readable_all", "_write", "entity", "readable")

    def __init__(self, entity: Entity, held: tuple[Held, ...]) -> None:
        self.entity = entity
        self._held = held
        self._read: dict[str, ReadAccess] = {}
        self._write: dict[tuple[str, str], bool] = {}
        self._readable_all: bool | None = None
        self.readable = self.may(READ)
        """Whether the record may be read at all."""

    def may(self, action: str) -> bool:
        """Return whether a grant that holds gives `action` (and the token lets it through)."""
        return any(held.allows(action) for held in self._held)

    def refuse(self, action: str) -> None:
        """Raises: records.forbidden unless the action is granted for this record."""
        if not self.may(action):
            raise ZhangshiError(FORBIDDEN, entity=self.entity.key, action=action)

    @property
    def reads_everything(self) -> bool:
        """Whether no field is hidden or masked: then nothing needs to be taken out."""
        if self._readable_all is None:
            self._readable_all = any(
                held.allows(READ) and held.grant.default_access in {"read", "write"} and not held.grant.fields
                for held in self._held
            )
        return self._readable_all

    def read(self, path: str) -> ReadAccess:
        """Return how the field at `path` ("price", "lines.price", "lines") may be read: the widest of the grants."""
        found = self._read.get(path)
        if found is None:
            found = self._read[path] = _readable(_widest(self._held, path, READ))
        return found

    def may_write(self, path: str, action: str = "edit") -> bool:
        """Return whether a grant that holds gives both `action` and writing the field at `path`."""
        found = self._write.get((path, action))
        if found is None:
            found = self._write[path, action] = _widest(self._held, path, action) == "write"
        return found

    def refuse_locked(self, paths: Iterable[str], action: str = "edit") -> None:
        """Raises: records.field_locked for the first path that may not be written; no value is told."""
        for path in paths:
            if not self.may_write(path, action):
                raise ZhangshiError(FIELD_LOCKED, entity=self.entity.key, field=path)

    def hidden(self, paths: Iterable[str]) -> list[str]:
        """Return those of `paths` whose value may not be read in full."""
        read: Callable[[str], ReadAccess] = self.read
        return [path for path in paths if read(path) != "read"]


def _widest(held: tuple[Held, ...], path: str, action: str) -> FieldAccess:
    widest: FieldAccess = "none"
    for one in held:
        if one.allows(action):
            given = one.field(path)
            if WIDTH[given] > WIDTH[widest]:
                widest = given
    return widest


def _readable(access: FieldAccess) -> ReadAccess:
    return "read" if access == "write" else access
