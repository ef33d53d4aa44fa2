"""Accounting periods: calendar months, and business dates in the company's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from zhangshi.base.errors import ErrorCode, ZhangshiError

BAD_PERIOD = ErrorCode(
    "period.bad_key",
    "“{text}”不是会计期间。请写成 2026-11 这样的年月。",
    '"{text}" is not an accounting period. Write year and month like 2026-11.',
)
_MONTHS = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One calendar month, the accounting period of the product."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Period":
        """Return the period that holds `day`."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read "2026-11".

        Raises: period.bad_key.
        """
        try:
            return cls.of(date.fromisoformat(f"{text}-01"))
        except ValueError:
            raise ZhangshiError(BAD_PERIOD, text=text) from None

    @property
    def starts_on(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def ends_on(self) -> date:
        """The last day, inclusive."""
        return self.next().starts_on - timedelta(days=1)

    def next(self) -> "Period":
        """The month after."""
        return Period(self.year + self.month // _MONTHS, self.month % _MONTHS + 1)

    def previous(self) -> "Period":
        """The month before."""
        return Period.of(self.starts_on - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def business_date(instant: datetime, time_zone: ZoneInfo) -> date:
    """Return the date that a wall calendar in the company shows at `instant`."""
    return instant.astimezone(time_zone).date()
