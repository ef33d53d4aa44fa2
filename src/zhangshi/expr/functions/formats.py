"""TEXT(value, format): how numbers, dates and instants are written out.

A number's format is a picture: `0` a digit that always shows, `#` one that shows where there is one, `,` thousands, `.`
the point, `%` per cent; words may stand around it. A date's format has y M d H m s, repeated for leading zeros; `m` is
minutes behind hours or before seconds, otherwise months, as in a spreadsheet.
"""

import re
from datetime import date, datetime

from zhangshi.expr.arithmetic import Number, half_up, multiply
from zhangshi.expr.errors import BAD_FORMAT, Failed

_PICTURE = re.compile(r"([^0#,.%]*)((?:#,)?[0#]+)(?:\.([0#]+))?(%?)([^0#,.%]*)")
_FIELD = re.compile(r"[yY]+|M+|m+|[dD]+|[hH]+|[sS]+|[^yYMmdDhHsS]+")
_DIGITS_MAX = 20


def number_as(number: Number, picture: str) -> str:
    """Return the number in the shape of `picture`, rounded half up. Raises Failed bad_format."""
    shape = _PICTURE.fullmatch(picture)
    if shape is None or len(picture) > 2 * _DIGITS_MAX:
        raise Failed(BAD_FORMAT, text=picture)
    before, whole, fraction, per_cent, after = shape.groups(default="")
    value = half_up(multiply(number, 100) if per_cent else number, min(len(fraction), _DIGITS_MAX))
    digits, _, decimals = format(value.copy_abs(), "f").partition(".")
    digits = digits.lstrip("0").rjust(whole.count("0"), "0")
    if whole.startswith("#,"):
        digits = f"{int(digits):,}".rjust(whole.count("0"), "0") if digits else ""
    kept = fraction.rindex("0") + 1 if "0" in fraction else 0
    decimals = decimals.ljust(len(fraction), "0")
    decimals = decimals[:kept] + decimals[kept:].rstrip("0")
    shown = digits + (f".{decimals}" if decimals else "")
    return f"{'-' if value < 0 else ''}{before}{shown}{per_cent}{after}"


def moment_as(moment: date, pattern: str) -> str:
    """Return a date, or what the company's clock shows, in the shape of `pattern`. Raises Failed bad_format."""
    fields = _FIELD.findall(pattern)
    has_time = isinstance(moment, datetime)
    texts: list[str] = []
    for position, one in enumerate(fields):
        letter = "M" if one[0] == "m" and not _is_minute(fields, position) else one[0].lower() if one[0] != "M" else "M"
        if letter in "yMdhms" and one[0].isalpha():
            if letter in "hms" and not has_time:
                raise Failed(BAD_FORMAT, text=pattern)
            texts.append(_field(moment, letter, len(one), pattern))
        else:
            texts.append(one)
    return "".join(texts)


def _field(moment: date, letter: str, width: int, pattern: str) -> str:
    if letter == "y":
        if width not in {2, 4}:
            raise Failed(BAD_FORMAT, text=pattern)
        return f"{moment.year:04d}"[-width:]
    if width > 2:  # noqa: PLR2004  # dd, not ddd: names of days differ by language
        raise Failed(BAD_FORMAT, text=pattern)
    attribute = {"M": "month", "d": "day", "h": "hour", "m": "minute", "s": "second"}[letter]
    return f"{getattr(moment, attribute):0{width}d}"


def _is_minute(fields: list[str], position: int) -> bool:
    letters = [one[0].lower() for one in fields]
    named = [index for index, letter in enumerate(letters) if letter in "ymdhs"]
    at = named.index(position)
    behind_hours = at > 0 and letters[named[at - 1]] == "h"
    before_seconds = at + 1 < len(named) and letters[named[at + 1]] == "s"
    return behind_hours or before_seconds
