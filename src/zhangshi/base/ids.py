"""Identifiers: 63-bit integers made by the application, rising with time, unique across processes.

Layout, high bits first: microseconds since 2020 (51 bits, until 2091) and 12 bits of noise that keeps two
processes apart which ask in the same microsecond. Within one source ids strictly rise. Ids order rows for people
and for B-trees; no rule of the ledger depends on their order (value order is a counter per item).
"""

from threading import Lock
from typing import Protocol

_NOISE_BITS = 12
_EPOCH_2020_MICROS = 1_577_836_800_000_000


class IdSource(Protocol):
    """Makes ids."""

    def next_id(self) -> int:
        """Return an id that no other row has."""
        ...


class Noise(Protocol):
    """Random bits, handed in so that tests can repeat a run."""

    def __call__(self, bits: int, /) -> int:
        """Return `bits` random bits."""
        ...


class MicrosNow(Protocol):
    """Microseconds since 1970."""

    def __call__(self) -> int:
        """Return the present instant."""
        ...


class TimeOrderedIds:
    """The `IdSource` of production; both its clock and its noise are handed in."""

    def __init__(self, micros_now: MicrosNow, noise: Noise) -> None:
        self._micros_now = micros_now
        self._noise = noise
        self._last = 0
        self._turn = Lock()

    def next_id(self) -> int:
        """Return an id above every one returned before, whichever thread asked."""
        fresh = ((self._micros_now() - _EPOCH_2020_MICROS) << _NOISE_BITS) | self._noise(_NOISE_BITS)
        with self._turn:
            self._last = max(fresh, self._last + 1)
            return self._last


class CountingIds:
    """Ids 1, 2, 3…: for tests and for replays that must repeat exactly."""

    def __init__(self, start: int = 1) -> None:
        self._next = start

    def next_id(self) -> int:
        """Return the next integer."""
        self._next += 1
        return self._next - 1
