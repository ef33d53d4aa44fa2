"""Which goods to promise: first expired first out, first in first out, or a chosen lot.

Problem. A storekeeper walks past the lot that expires first; a system that promises "10 somewhere" promises the same
10 twice. Rule: a reservation names bin and lot; goods are taken in one fixed order, and only what is available, not
reserved and not expired. Order FEFO: expiry date, then arrival of the lot, then lot, then bin; lots without an expiry
date come last. FIFO: arrival of the lot, lot, bin.

Example. Bin 1 has 4 of lot A (expires 12-31), bin 2 has 10 of lot B (expires 12-01): 12 by FEFO -> 10 of B, 2 of A.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from zhangshi.base.numbers import Quantity


class Strategy(StrEnum):
    """In which order goods are promised."""

    FEFO = "fefo"
    """先到期先出"""
    FIFO = "fifo"
    """先进先出"""


class Candidate(NamedTuple):
    """Free goods at one balance key; `expires_on` is "" where the lot has no expiry date."""

    location_id: int
    lot_id: int
    free: Quantity
    expires_on: str
    registered_at: int


class Pick(NamedTuple):
    """So much from one balance key."""

    location_id: int
    lot_id: int
    quantity: Quantity


_NEVER = "9999-12-31"


def choose(candidates: Iterable[Candidate], wanted: Quantity, strategy: Strategy, on: str) -> list[Pick]:
    """Return picks that sum to `wanted`, or to everything free where that is less.

    `on` is the business date (ISO); lots that expired before it are passed over.
    """
    usable = [c for c in candidates if int(c.free) > 0 and (not c.expires_on or c.expires_on >= on)]
    if strategy is Strategy.FEFO:
        usable.sort(key=lambda c: (c.expires_on or _NEVER, c.registered_at, c.lot_id, c.location_id))
    else:
        usable.sort(key=lambda c: (c.registered_at, c.lot_id, c.location_id))
    picks: list[Pick] = []
    missing = wanted
    for candidate in usable:
        if not int(missing):
            break
        part = min(candidate.free, missing, key=int)
        picks.append(Pick(candidate.location_id, candidate.lot_id, part))
        missing = missing - part
    return picks
