"""When a cron expression is due next, in the company's time zone. Pure: the present instant is handed in.

Five fields: minute, hour, day of month, month, day of week. `0 8 * * 1-5` in Asia/Shanghai is 08:00 on working
days, that is 00:00 UTC.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterError, croniter

from zhangshi.base.errors import ErrorCode, ZhangshiError

COMPANY_TIME_ZONE = "Asia/Shanghai"
BAD_CRON = ErrorCode(
    "jobs.bad_cron",
    "“{text}”（时区 {time_zone}）不是有效的定时规则。请写五段：分 时 日 月 周，例如 0 8 * * 1-5 表示工作日八点。",
    '"{text}" (time zone {time_zone}) is not a schedule that ever comes due. Write five fields: minute, hour, day, '
    "month, weekday; 0 8 * * 1-5 is eight o'clock on working days.",
)
_FIELDS = 5
_OF_CRON = frozenset("0123456789*/,-# ABCDEFGHIJLMNOPRSTUVWY")


def next_due(*, cron: str, time_zone: str, after: datetime) -> datetime:
    """Return the first instant strictly after `after` (aware) that matches, in UTC.

    However many matches lie between the last run and `after`, only the next one counts: missed runs are made up for
    by one run, not by many.

    Raises: jobs.bad_cron.
    """
    fields = cron.split()
    # A field "R" asks croniter for a random moment and "H" for a hashed one: a schedule must mean the same everywhere.
    if len(fields) != _FIELDS or not set(cron.upper()) <= _OF_CRON or any(one.upper() in {"R", "H"} for one in fields):
        raise ZhangshiError(BAD_CRON, text=cron, time_zone=time_zone)
    try:
        local = after.astimezone(ZoneInfo(time_zone))
        found: datetime = croniter(cron, local).get_next(datetime)
    except (CroniterError, ZoneInfoNotFoundError, ValueError, KeyError):
        raise ZhangshiError(BAD_CRON, text=cron, time_zone=time_zone) from None
    return found.astimezone(UTC)
