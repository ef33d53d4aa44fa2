"""A document while it is worked on: what was entered, what is computed, what is wrong, what it will be."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from zhangshi.definitions.catalog import Entity
from zhangshi.records.access import RecordAccess
from zhangshi.records.links import Link
from zhangshi.records.model import NEW, Record, Row, Saved, Value
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.checking import check
from zhangshi.records.writing.decoding import Decoded
from zhangshi.records.writing.problems import Problems
from zhangshi.records.writing.world import Pending

_SYSTEM = ("created_at", "created_by", "updated_at", "updated_by", "owner", "department")


@dataclass(slots=True)
class Document:
    """One record under way. `before` is what is stored, None for a new one."""

    entity: Entity
    decoded: Decoded
    header: Cells
    problems: Problems
    before: Record | None = None
    id: int = NEW
    number: str = ""
    state: str = ""
    version: int = 0
    postings: list[int] = field(default_factory=list)
    is_computed: bool = False
    internal: bool = False
    """Made by the system (an effect, a seed): it may fill in what people may not."""
    frozen: bool = False
    """Nothing may be changed in its state: stored formulas stay, and only a transition's own rules count."""
    sources: dict[int, Link] = field(default_factory=dict)
    """What it is converted from: by row id, or by its own id for the header."""
    links_before: list[Link] = field(default_factory=list)
    access: RecordAccess | None = None
    """What its writer might do with it before he changed it: an edit shows nobody more, until it is kept."""
    decoding: int = 0
    """How many of the problems come from decoding; the others are found anew when the document is checked again."""

    def cells(self) -> Iterator[Cells]:
        """Yield the header and every row."""
        yield self.header
        for rows in self.header.rows.values():
            yield from rows

    def compute(self, transition: str = "") -> None:
        """Compute and check as far as the world knows enough; done when `is_computed`."""
        if self.is_computed:
            return
        waiting = False
        for cells in self.cells():
            values = cells.values
            for key in cells.plan.forced:
                if key not in values:
                    try:
                        cells.get(key)
                    except Pending:
                        waiting = True
        del self.problems.blocking[self.decoding :]
        self.problems.warnings.clear()
        if not waiting and not self.frozen:
            waiting = not check(self.entity, self.header, self.problems, transition=transition)
            self._leave_out_what_follows()
        self.is_computed = not waiting

    def _leave_out_what_follows(self) -> None:
        """A field that could not be read is empty now; that it is required need not be said as well."""
        found = self.problems.blocking
        unread = {one.path for one in found[: self.decoding]}
        if unread:
            found[self.decoding :] = [one for one in found[self.decoding :] if one.path not in unread]

    def record(self) -> Record:
        """Return the record as it stands now."""
        system = self.header.system
        values: dict[str, Value] = {key: system.get(key) for key in _SYSTEM}
        values.update(self.header.values)
        tables = {key: [Row(cells.id, dict(cells.values)) for cells in rows] for key, rows in self.header.rows.items()}
        return Record(self.entity.key, self.id, self.version, self.number, self.state, values, tables)

    def saved(self) -> Saved:
        """Return the answer to whoever asked."""
        return Saved(
            self.entity.key, self.id, self.number, self.state, self.version, tuple(self.problems.warnings),
            tuple(self.postings),
        )  # fmt: skip
