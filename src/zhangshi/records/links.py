"""A link: so much of a source's row is in a target's row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhangshi.records.model import NEW


@dataclass(frozen=True, slots=True)
class Link:
    """See `record_link`. `quantity` is in millionths of the unit of the source's row; row 0 is the header."""

    id: int
    conversion: str
    source_entity: str
    source_id: int
    source_line_id: int
    target_entity: str
    target_id: int
    target_line_id: int
    quantity: int
    active: bool = True

    @property
    def is_new(self) -> bool:
        """Whether it is not stored yet."""
        return self.id == NEW

    @property
    def source_key(self) -> tuple[str, int, int]:
        """What it uses up: (conversion, source, row)."""
        return self.conversion, self.source_id, self.source_line_id


def link_of(row: Sequence[Any]) -> Link:
    """Return the link of a database row."""
    return Link(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], bool(row[9])
    )  # fmt: skip
