"""Document numbers: the parts before and after the counter, and the counter's scope.

Rule. A counter counts separately for every text of the parts that stand before it, and begins again with each period of
its reset. The scope is that text and the period, so MO2611-0001 and MO2612-0001 come from two rows. A number that is
wider than the rule says grows by a digit: nothing is cut off.

Example. parts SO, yyMM, counter(4, month) on 2026-11-02: scope "SO2611|2026-11", value 7 -> SO26110007.
"""

from dataclasses import dataclass
from datetime import date

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import NumberPart, NumberRule
from zhangshi.records.errors import NUMBER_NO_CODE
from zhangshi.records.writing.evaluating import Readable, evaluate

_PERIODS = {"never": "", "year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """A number but for its counter. `scope` None: there is no counter."""

    before: str
    after: str
    scope: str | None
    width: int
    first: int

    def text(self, value: int) -> str:
        """Return the number whose counter stands at `value`."""
        return f"{self.before}{value:0{self.width}d}{self.after}" if self.scope is not None else self.before


def plan_number(rule: NumberRule, cells: Readable, day: date) -> NumberPlan:
    """Return the number of a document of `day`, but for its counter.

    Raises: records.number_no_code, formula.*; Pending.
    """
    before, after = "", ""
    counter: NumberPart | None = None
    for part in rule.parts:
        if part.kind == "counter" and counter is None:
            counter = part
            continue
        text = _text(part, cells, day)
        if counter is None:
            before += text
        else:
            after += text
    if counter is None:
        return NumberPlan(before, "", None, 0, 0)
    period = day.strftime(_PERIODS[counter.reset]) if counter.reset != "never" else ""
    return NumberPlan(before, after, f"{before}|{period}", counter.width, counter.start)


def _text(part: NumberPart, cells: Readable, day: date) -> str:
    if part.kind == "const":
        return part.text
    if part.kind == "date":
        return date_text(part.text, day)
    value = evaluate(part.formula, cells) if part.formula is not None else None
    code = "" if value is None else str(value)
    if not part.map and code:
        return code
    if code not in part.map:
        raise ZhangshiError(NUMBER_NO_CODE, code=code)
    return part.map[code]


def date_text(pattern: str, day: date) -> str:
    """Return `day` by a pattern of yyyy, yy, MM, dd and separators: yyMM of 2026-11-02 is 2611."""
    year = f"{day.year:04d}"
    text = pattern.replace("yyyy", year).replace("yy", year[-2:])
    return text.replace("MM", f"{day.month:02d}").replace("dd", f"{day.day:02d}")
