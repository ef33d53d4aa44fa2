"""Rows that formulas read: cells of the document at hand, and records behind links.

Both are read by `get(key)` with a key or a dotted path, and compute a value when it is first asked for; definitions are
acyclic, so the order takes care of itself. What waits for the database raises Pending and is asked again.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity
from zhangshi.records.columns import Columns, columns_of, system_values
from zhangshi.records.model import NEW, Value
from zhangshi.records.writing.evaluating import NOTHING
from zhangshi.records.writing.plans import Plan, plan
from zhangshi.records.writing.world import World


class _Readable:
    """What the two kinds share: dotted paths."""

    __slots__ = ()

    world: World
    plan: Plan
    header: Any

    def get(self, key: str, default: Value = None) -> Value:
        raise NotImplementedError

    def __getitem__(self, key: str) -> Value:
        return self.get(key)

    def __contains__(self, key: object) -> bool:
        return True  # a missing key is empty

    def behind(self, path: str) -> Value:
        """Return what lies behind a link: "item.spec"."""
        key, _, rest = path.partition(".")
        target = self.plan.targets.get(key)
        if target is None:
            return None if self.header is None else self.header.get(path)
        record_id = self.get(key)
        if not isinstance(record_id, int):
            return None
        linked = self.world.linked(target, record_id)
        return None if linked is None else linked.get(rest)


class Cells(_Readable):
    """The header or a row of a document that is being written."""

    __slots__ = (
        "before", "entered", "failed", "header", "id", "mapped", "plan", "position", "rows", "source", "system",
        "values", "world",
    )  # fmt: skip

    def __init__(
        self,
        world: World,
        entity: Entity,
        table: str,
        *,
        entered: dict[str, Value],
        before: Mapping[str, Value] | None = None,
        header: "Cells | None" = None,
        row_id: int = NEW,
    ) -> None:
        self.world = world
        self.plan = plan(world.catalog, entity, table)
        self.id = row_id
        self.entered = entered
        self.before = before
        """The stored values, None when it is new."""
        self.mapped: Mapping[str, Value] = NOTHING
        """What a conversion fills in where nothing was entered."""
        self.header = header
        self.rows: dict[str, list[Cells]] = {}
        self.system: dict[str, Value] = {}
        self.source: tuple[int, int] | None = None
        """(record, row) it is converted from."""
        self.failed: dict[str, ZhangshiError] = {}
        self.position = 0
        self.values: dict[str, Value] = {}
        self.begin()

    def begin(self) -> None:
        """Fill in what needs no computing."""
        values: dict[str, Value] = dict.fromkeys(self.plan.plain)
        for known in (self.before, self.mapped, self.entered):
            if known:
                for key in values:
                    if key in known:
                        values[key] = known[key]
        self.values = values

    @property
    def is_new(self) -> bool:
        """Whether it is not stored yet."""
        return self.before is None

    def get(self, key: str, default: Value = None) -> Value:
        """Return a field, a system field or what is behind a link. Raises Pending."""
        values = self.values
        if key in values:
            return values[key]
        step = self.plan.steps.get(key)
        if step is not None:
            value = values[key] = step(self)
            return value
        if "." in key:
            return self.behind(key)
        return self._system(key, default)

    def _system(self, key: str, default: Value) -> Value:
        """A row sees what it does not have itself in its header."""
        if self.header is None:
            return self.system.get(key, default)
        if key == "row":
            return self.position
        return (self.id or None) if key == "id" else self.header.get(key, default)

    def changed(self, key: str) -> bool:
        """Return whether a field differs from what is stored; True when new."""
        return self.before is None or self.before.get(key) != self.get(key)


class Linked(_Readable):
    """A stored record or row, read as far as somebody asks; fields that are not stored are computed."""

    __slots__ = ("entity", "header", "id", "layout", "plan", "raw", "values", "world")

    def __init__(
        self, world: World, entity: Entity, table: str, raw: Sequence[Any], header: "Linked | None" = None
    ) -> None:
        self.world = world
        self.entity = entity
        self.plan = plan(world.catalog, entity, table)
        self.layout: Columns = columns_of(entity.table(table))
        self.raw = raw
        self.id: int = raw[0]
        self.header = header
        self.values: dict[str, Value] = {}

    def get(self, key: str, default: Value = None) -> Value:
        """Return a field, a system field or what is behind a link. Raises Pending."""
        values = self.values
        if key in values:
            return values[key]
        if key in self.layout.position:
            value = values[key] = self.layout.value(self.raw, key)
            return value
        step = self.plan.steps.get(key)
        if step is not None:
            value = values[key] = step(self)
            return value
        return self.behind(key) if "." in key else self._system(key, default)

    def _system(self, key: str, default: Value) -> Value:
        raw = self.raw
        if self.plan.table != HEADER:
            if key in {"id", "row"}:
                return int(raw[0] if key == "id" else raw[2])
            return default if self.header is None else self.header.get(key, default)
        if key in {"id", "number", "state", "version"}:
            found: Value = raw[("id", "number", "state", "version").index(key)]
            return found or None
        return system_values(raw).get(key, default)

    @property
    def number(self) -> str:
        """The record's number."""
        return str(self.raw[1] or "")

    @property
    def state(self) -> str:
        """The record's state."""
        return str(self.raw[2] or "")

    @property
    def rows(self) -> "LinkedRows":
        """The record's line tables, read when they are asked for."""
        return LinkedRows(self)


class LinkedRows(Mapping[str, Sequence[Any]]):
    """The line tables of a linked record."""

    __slots__ = ("_record",)

    def __init__(self, record: Linked) -> None:
        self._record = record

    def __getitem__(self, key: str) -> Sequence[Any]:
        if key not in self._record.entity.tables:
            raise KeyError(key)
        return self._record.world.rows_of(self._record.entity.key, key, self._record.id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._record.entity.tables)

    def __len__(self) -> int:
        return len(self._record.entity.tables)
