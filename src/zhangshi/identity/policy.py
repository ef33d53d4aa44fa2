"""The numbers of the sign-in, in one place, with their reasons.

Argon2id: OWASP's Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane): 20 ms of one core, so that a guesser needs
months where a clerk waits a blink. Raising them re-hashes each password at its owner's next sign-in.

Lock: the fifth wrong password in a row locks for 15 minutes, each further five double that, up to a day: 65 guesses in
the first week, five a day from then on. Sessions: twelve hours idle cover a shift with its break, thirty days
are the most whatever happens.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class HashingCost:
    """What one look at a password costs."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 128
LOGIN_LENGTH_MAX = 64

FAILURES_PER_LOCK = 5
LOCK_FIRST = timedelta(minutes=15)
LOCK_MAX = timedelta(hours=24)
_DOUBLINGS_MAX = 10  # beyond the longest lock; without a limit the product would overflow

SESSION_IDLE_MAX = timedelta(hours=12)
SESSION_LIFE_MAX = timedelta(days=30)
RENEW_AFTER = timedelta(minutes=5)
"""The time of the last use is not written more often than this, for each session and token."""

SECRET_BYTES = 32
SALT_BYTES = 16
RANDOM_PASSWORD_LETTERS = 16


def lock_after(failed_count: int) -> timedelta | None:
    """Return how long the `failed_count`-th wrong password in a row locks; None: it does not."""
    if failed_count < FAILURES_PER_LOCK or failed_count % FAILURES_PER_LOCK:
        return None
    doublings = min(failed_count // FAILURES_PER_LOCK - 1, _DOUBLINGS_MAX)
    return min(LOCK_FIRST * (1 << doublings), LOCK_MAX)
