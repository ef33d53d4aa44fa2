"""The clock port. Nothing below `bootstrap` asks the machine for the time; it is handed a `Clock`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


def instant_to_micros(instant: datetime) -> int:
    """Return microseconds since 1970 (UTC): how instants are stored on every database."""
    return (instant - _EPOCH) // _MICROSECOND


def micros_to_instant(micros: int) -> datetime:
    """Return the UTC instant of a stored value."""
    return _EPOCH + timedelta(microseconds=micros)
