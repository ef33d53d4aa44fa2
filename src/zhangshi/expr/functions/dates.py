"""Dates and times. An empty date makes the answer empty. Instants are shown as the company's clock does."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from zhangshi.expr.arithmetic import Number, divide, multiply, text_of
from zhangshi.expr.errors import BAD_DATE, OUT_OF_RANGE, Failed
from zhangshi.expr.functions.reckoning import (
    YEAR_MAX,
    date_of,
    date_of_text,
    days_between,
    difference,
    end_of_month,
    months_later,
    shifted,
)
from zhangshi.expr.functions.registry import Function, Parameter, Want
from zhangshi.expr.host import Host
from zhangshi.expr.kinds import BOOL, DATE, DATETIME, DECIMAL, INT, Raw
from zhangshi.expr.limits import DAYS_MAX, YEAR_MIN

_MICROS_AN_HOUR = 3_600_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


_MICROS_MIN = (datetime(YEAR_MIN, 1, 2, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
# A year short of the calendar's end: no clock on earth turns such an instant into a date that does not exist.
_MICROS_MAX = (datetime(YEAR_MAX, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def _datetime(host: Host, year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    start = date_of(year, month, day)
    if start.year == YEAR_MAX:
        raise Failed(BAD_DATE, text=str(start))
    for value, most, name in ((hour, 23, "hour"), (minute, 59, "minute"), (second, 59, "second")):
        if not 0 <= value <= most:
            raise Failed(OUT_OF_RANGE, function="DATETIME", parameter=name, found=str(value), least="0", most=str(most))
    return host.instant_of(datetime(start.year, start.month, start.day, hour, minute, second))  # noqa: DTZ001


def _local(host: Host, moment: date) -> date:
    return host.local_time(moment) if isinstance(moment, datetime) else moment


def _dateof(host: Host, moment: datetime) -> date:
    return host.local_time(moment).date()


def _weekday(host: Host, moment: date, first: int = 1) -> int:
    if first not in {1, 2, 3}:
        raise Failed(OUT_OF_RANGE, function="WEEKDAY", parameter="type", found=str(first), least="1", most="3")
    number = _local(host, moment).weekday()
    return {1: (number + 1) % 7 + 1, 2: number + 1, 3: number}[first]


def _workday(host: Host, start: date, days: int) -> date:
    if abs(days) > DAYS_MAX:
        raise Failed(
            OUT_OF_RANGE,
            function="WORKDAY",
            parameter="days",
            found=str(days),
            least=f"-{DAYS_MAX}",
            most=str(DAYS_MAX),
        )
    step, left, day = (1 if days > 0 else -1), abs(days), start
    for _ in range(DAYS_MAX):
        if not left:
            return day
        day = shifted(day, step)
        left -= host.is_working_day(day)
    raise Failed(OUT_OF_RANGE, function="WORKDAY", parameter="days", found=str(days), least="", most=str(DAYS_MAX))


def _networkdays(host: Host, start: date, end: date) -> int:
    if start > end:
        return -_networkdays(host, end, start)
    span = (end - start).days + 1
    if span > DAYS_MAX:
        raise Failed(
            OUT_OF_RANGE,
            function="NETWORKDAYS",
            parameter="end",
            found=str(end),
            least=str(start),
            most=f"+{DAYS_MAX} d",
        )
    return sum(host.is_working_day(shifted(start, one)) for one in range(span))


def _later(micros_a_unit: int) -> Raw:
    def run(moment: datetime, count: Number) -> datetime:
        micros = (moment - _EPOCH) // timedelta(microseconds=1) + int(multiply(count, micros_a_unit))
        if not _MICROS_MIN <= micros <= _MICROS_MAX:
            raise Failed(BAD_DATE, text=f"{moment:%Y-%m-%d %H:%M} {text_of(count)}")
        return _EPOCH + timedelta(microseconds=micros)

    return run


def _hours(end: datetime, start: datetime) -> Decimal:
    return divide((end - start) // timedelta(microseconds=1), _MICROS_AN_HOUR)


def _days_looked_at(day: date, other: date | int) -> int:
    return 2 * abs(other if isinstance(other, int) else (other - day).days)


def _p(name: str, zh: str, want: Want, *, optional: bool = False) -> Parameter:
    return Parameter(name, zh, want, optional)


_DAY = _p("date", "日期", Want.DATE)
_MOMENT = _p("date", "日期或时间", Want.MOMENT)
_TIME = _p("time", "日期时间", Want.DATETIME)
_START, _END = _p("start", "开始", Want.DATE), _p("end", "结束", Want.DATE)
_COUNT = _p("days", "天数", Want.INT)
_N_MONTHS = _p("months", "月数", Want.INT)
_YMD = (_p("year", "年", Want.INT), _p("month", "月", Want.INT), _p("day", "日", Want.INT))


def _part(name: str, zh: str, en: str, parameter: Parameter) -> Function:
    attribute = name.lower()
    return Function(
        name=name, group="date", result=INT, parameters=(parameter,), asks_host=True, zh=zh, en=en,
        run=lambda host, moment: getattr(_local(host, moment), attribute),
    )  # fmt: skip


DATES = [
    Function(
        name="TODAY", group="date", run=lambda host: host.today(), result=DATE, parameters=(), asks_host=True,
        zh="今天（公司的业务日期）。", en="Today, the company's business date.",
    ),
    Function(
        name="NOW", group="date", run=lambda host: host.now(), result=DATETIME, parameters=(), asks_host=True,
        zh="现在的日期时间。", en="The present date and time.",
    ),
    Function(
        name="DATE", group="date", run=date_of, result=DATE, parameters=_YMD,
        zh="由年、月、日组成日期；月、日可以超出，会顺延。", en="A date; months and days may run over into the next.",
    ),
    Function(
        name="DATETIME", group="date", run=_datetime, result=DATETIME, asks_host=True,
        parameters=(
            *_YMD, _p("hour", "时", Want.INT, optional=True), _p("minute", "分", Want.INT, optional=True),
            _p("second", "秒", Want.INT, optional=True),
        ),
        zh="由年、月、日、时、分、秒组成日期时间（公司所在时区）。", en="A date and time by the company's clock.",
    ),
    Function(
        name="DATEVALUE", group="date", run=date_of_text, result=DATE, parameters=(_p("text", "文本", Want.TEXT),),
        zh="把文本读成日期，如 2026-01-31、2026/1/31、2026年1月31日。",
        en="The date that a text says: 2026-01-31, 2026/1/31.",
    ),
    Function(
        name="DATEOF", group="date", run=_dateof, result=DATE, parameters=(_TIME,), asks_host=True,
        zh="日期时间在公司所在时区的日期。", en="The day of a date and time by the company's clock.",
    ),
    _part("YEAR", "年份。", "The year.", _MOMENT),
    _part("MONTH", "月份，1 到 12。", "The month, 1 to 12.", _MOMENT),
    _part("DAY", "几号，1 到 31。", "The day of the month, 1 to 31.", _MOMENT),
    _part("HOUR", "几点，0 到 23。", "The hour, 0 to 23.", _TIME),
    _part("MINUTE", "几分，0 到 59。", "The minute, 0 to 59.", _TIME),
    Function(
        name="WEEKDAY", group="date", run=_weekday, result=INT, asks_host=True,
        parameters=(_MOMENT, _p("type", "类型", Want.INT, optional=True)),
        zh="星期几：类型 1（不写）星期日是 1，类型 2 星期一是 1，类型 3 星期一是 0。",
        en="The day of the week: type 1 (if left out) Sunday is 1, type 2 Monday is 1, type 3 Monday is 0.",
    ),
    Function(
        name="EDATE", group="date", run=months_later, result=DATE, parameters=(_DAY, _N_MONTHS),
        zh="几个月后的同一天，没有那天就是月底。", en="The same day so many months later, or the last of that month.",
    ),
    Function(
        name="EOMONTH", group="date", run=end_of_month, result=DATE, parameters=(_DAY, _N_MONTHS),
        zh="几个月后的月底，0 是本月底。", en="The last day of the month so many months later; 0 is this month.",
    ),
    Function(
        name="DAYS", group="date", run=days_between, result=INT, parameters=(_END, _START),
        zh="两个日期相差几天。也可以写 结束 - 开始。", en="How many days lie between. `end - start` says the same.",
    ),
    Function(
        name="DATEDIF", group="date", run=difference, result=INT,
        parameters=(_START, _END, _p("unit", "单位", Want.TEXT)),
        zh='相差多少："D" 天，"M" 整月，"Y" 整年，"YM" 整年之外的整月。',
        en='The difference: "D" days, "M" whole months, "Y" whole years, "YM" whole months beyond the years.',
    ),
    Function(
        name="WORKDAY", group="date", run=_workday, result=DATE, effort=_days_looked_at,
        parameters=(_DAY, _COUNT), asks_host=True, browser=False,
        zh="几个工作日之后（负数是之前），按公司日历。",
        en="So many working days later (before, if negative), by the company's calendar.",
    ),
    Function(
        name="NETWORKDAYS", group="date", run=_networkdays, result=INT, effort=_days_looked_at,
        parameters=(_START, _END), asks_host=True, browser=False,
        zh="两个日期之间有几个工作日，首尾都算。", en="How many working days from one date to another, both counted.",
    ),
    Function(
        name="ISWORKDAY", group="date", run=lambda host, day: host.is_working_day(day), result=BOOL, parameters=(_DAY,),
        asks_host=True, browser=False,
        zh="这天是不是工作日，按公司日历。", en="Whether the company works on that day.",
    ),
    Function(
        name="ADDHOURS", group="date", run=_later(_MICROS_AN_HOUR), result=DATETIME,
        parameters=(_TIME, _p("hours", "小时数", Want.NUMBER)),
        zh="几小时之后，可以有小数。", en="So many hours later; a fraction is allowed.",
    ),
    Function(
        name="ADDMINUTES", group="date", run=_later(_MICROS_AN_HOUR // 60), result=DATETIME,
        parameters=(_TIME, _p("minutes", "分钟数", Want.NUMBER)),
        zh="几分钟之后。", en="So many minutes later.",
    ),
    Function(
        name="HOURS", group="date", run=_hours, result=DECIMAL,
        parameters=(_p("end", "结束", Want.DATETIME), _p("start", "开始", Want.DATETIME)),
        zh="两个时间相差几小时，可以有小数。", en="How many hours lie between, with a fraction.",
    ),
]  # fmt: skip
