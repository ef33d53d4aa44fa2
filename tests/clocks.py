"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

MONDAY_MORNING = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
"""08:00 in the factory (Asia/Shanghai) on Monday 2 November 2026: where every test begins."""


class SettableClock:
    """The `Clock` port as a test wants it: the time is what the test says."""

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant that was set last."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Let time pass; return the new instant."""
        self._now += by
        return self._now

    def set(self, instant: datetime) -> None:
        """Jump to `instant`, which must be aware."""
        if instant.tzinfo is None:
            message = "A clock of this product shows aware instants only."
            raise ValueError(message)
        self._now = instant.astimezone(UTC)
