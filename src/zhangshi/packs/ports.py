"""What packs ask of the outside."""

from collections.abc import Sequence
from typing import Protocol

from zhangshi.definitions.model.packs import Seed


class SeedPlayer(Protocol):
    """Makes the records of seeds, each once."""

    def play(self, *, pack: str, seeds: Sequence[Seed]) -> int:
        """Make the rows that are not there yet, in order; return how many that were. Raises: packs.seed_failed."""
        ...
