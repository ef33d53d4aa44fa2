"""How much one caller may ask for: sizes of bodies, and rates by token bucket.

A bucket holds `burst` tokens and gains `per_second`; a request takes one. Buckets live in the process's memory: behind
several worker processes each counts for itself. Who has been quiet long enough to be full again is forgotten.
"""

import math
from dataclasses import dataclass
from typing import Final

from zhangshi.base.clock import Clock, instant_to_micros
from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors

MEGABYTE: Final = 1024 * 1024
_SECOND = 1_000_000
_KEPT_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once, then `per_minute` a minute."""

    burst: int
    per_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one server; a rate of None does not limit."""

    json_bytes: int = 5 * MEGABYTE
    file_bytes: int = 50 * MEGABYTE
    sign_in: Rate | None = Rate(burst=20, per_minute=20)
    """By address. Guessing one person's password is stopped by the lock on the account, wherever it comes from."""
    write: Rate | None = Rate(burst=200, per_minute=3000)
    """By person: a scanner gun makes 60 a minute, an importing machine should use an import."""
    streams_max: int = 200
    """Live event streams at once."""


NO_RATES = Limits(sign_in=None, write=None)
"""For tests that make thousands of requests on purpose."""


class Buckets:
    """One bucket for each caller, by one rate."""

    def __init__(self, rate: Rate | None, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._levels: dict[str, tuple[int, int]] = {}  # microtokens, instant in microseconds

    def take(self, who: str) -> None:
        """Take a token of `who`. Raises: http.too_many_requests."""
        if self._rate is None:
            return
        now = instant_to_micros(self._clock.now())
        full = self._rate.burst * _SECOND
        level, since = self._levels.get(who, (full, now))
        level = min(full, level + max(0, now - since) * self._rate.per_minute // 60)
        if level < _SECOND:
            missing = (_SECOND - level) * 60 / self._rate.per_minute
            raise ZhangshiError(errors.TOO_MANY_REQUESTS, seconds=max(1, math.ceil(missing / _SECOND)))
        self._levels[who] = (level - _SECOND, now)
        if len(self._levels) > _KEPT_MAX:
            self._forget_full(now)

    def _forget_full(self, now: int) -> None:
        assert self._rate is not None
        full = self._rate.burst * _SECOND
        kept = {
            who: (level, since)
            for who, (level, since) in self._levels.items()
            if level + (now - since) * self._rate.per_minute // 60 < full
        }
        self._levels = dict(list(kept.items())[-_KEPT_MAX // 2 :])
