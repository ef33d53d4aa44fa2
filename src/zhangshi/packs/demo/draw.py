"""Seeded choice: the same seed builds the same factory on every machine and every Python."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MULTIPLIER, _INCREMENT, _MODULUS = 6364136223846793005, 1442695040888963407, 2**64
"""Knuth's MMIX generator (The Art of Computer Programming, vol. 2, 3.3.4)."""


class Draw:
    """A stream of choices."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * 2 + 1) % _MODULUS

    def below(self, limit: int) -> int:
        """Return a number of 0 … limit - 1."""
        self._state = (self._state * _MULTIPLIER + _INCREMENT) % _MODULUS
        return (self._state >> 33) % limit

    def between(self, low: int, high: int) -> int:
        """Return a number of low … high, both possible."""
        return low + self.below(high - low + 1)

    def one_of(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.below(len(choices))]

    def some_of(self, choices: Sequence[T], count: int) -> list[T]:
        """Return `count` different choices, in their order."""
        left = list(range(len(choices)))
        taken = sorted(left.pop(self.below(len(left))) for _ in range(min(count, len(choices))))
        return [choices[index] for index in taken]

    def happens(self, percent: int) -> bool:
        """Return True in `percent` of 100 cases."""
        return self.below(100) < percent
