"""What the audit says."""

from dataclasses import dataclass, field

DIFFERENCES_MAX = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not what the moves say; ids are 0 where they do not apply.

    `posting_id` is the posting that is wrong, or the last that touched what is wrong. `expected` is what follows from
    the moves, `found` what stands in the table: minor units, or counts.
    """

    code: str
    posting_id: int = 0
    item_id: int = 0
    expected: int = 0
    found: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The outcome; `differences` holds the first 100, `difference_count` counts all."""

    differences: tuple[Difference, ...]
    postings: int
    moves: int
    items: int
    sealed: int
    difference_count: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether the books are what the moves say."""
        return self.difference_count == 0


@dataclass(slots=True)
class Findings:
    """Collects differences in the order in which they are found."""

    differences: list[Difference] = field(default_factory=list)
    count: int = 0

    def add(  # the fields of a difference
        self, code: str, *, posting_id: int = 0, item_id: int = 0, expected: int = 0, found: int = 0, note: str = ""
    ) -> None:
        """Note a difference."""
        self.count += 1
        if len(self.differences) < DIFFERENCES_MAX:
            self.differences.append(Difference(code, posting_id, item_id, expected, found, note))

    def take(self, others: "Findings") -> None:
        """Add what was collected elsewhere."""
        self.count += others.count
        self.differences.extend(others.differences[: max(0, DIFFERENCES_MAX - len(self.differences))])
