"""Aggregates: over the rows of a line table, or over the values that are written out.

Empty values are passed over. The sum and the count of nothing are 0; the largest, smallest and average of nothing are
empty. A number of conditions is fixed by name: SUMIF(条件, 值).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce

from zhangshi.expr.arithmetic import Number, add, checked, divide
from zhangshi.expr.functions.logic import is_blank
from zhangshi.expr.functions.registry import Function, Parameter, Run, Want, common_result
from zhangshi.expr.functions.texts import between, shown
from zhangshi.expr.host import Env
from zhangshi.expr.kinds import BOOL, DECIMAL, INT, TEXT, Kind, Raw, Type

Over = Callable[[Env, Sequence[Mapping[str, Raw]]], Raw]


def _sum(values: Sequence[Raw]) -> Number:
    if all(isinstance(one, int) for one in values):
        return checked(sum(values))
    total: Number = reduce(add, values)
    return total


def _avg(values: Sequence[Raw]) -> Raw:
    return divide(_sum(values), len(values)) if values else None


def _max(values: Sequence[Raw]) -> Raw:
    return max(values, default=None)


def _min(values: Sequence[Raw]) -> Raw:
    return min(values, default=None)


def _distinct(values: Sequence[Raw]) -> int:
    return len(set(values))


def _filled(*values: Raw) -> list[Raw]:
    return [one for one in values if not is_blank(one)]


def _of_values(answer: Callable[[list[Raw]], Raw]) -> Callable[..., Raw]:
    return lambda *values: answer(_filled(*values))


def _over_values(answer: Callable[[list[Raw]], Raw], parts: Sequence[Run]) -> Over:
    """Evaluate the last part on every row for which the first, if there are two, is true."""
    value = parts[-1]
    condition = parts[0] if len(parts) > 1 else None

    def run(env: Env, rows: Sequence[Mapping[str, Raw]]) -> Raw:
        found = []
        for row in rows:
            env.row = row
            if condition is None or condition(env):
                one = value(env)
                if one or not is_blank(one):  # what is true is not blank: most are decided without comparing
                    found.append(one)
        return answer(found)

    return run


def _over_join(parts: Sequence[Run]) -> Over:
    values = _over_values(list, parts[:1])
    separator = parts[1] if len(parts) > 1 else None

    def run(env: Env, rows: Sequence[Mapping[str, Raw]]) -> Raw:
        found = [shown(one) for one in values(env, rows)]
        return between(separator(env) if separator else "、", found)

    return run


def _over_countif(parts: Sequence[Run]) -> Over:
    condition = parts[0]

    def run(env: Env, rows: Sequence[Mapping[str, Raw]]) -> int:
        count = 0
        for env.row in rows:
            if condition(env):
                count += 1
        return count

    return run


def _over_quantifier(parts: Sequence[Run], *, sought: bool) -> Over:
    condition = parts[0]

    def run(env: Env, rows: Sequence[Mapping[str, Raw]]) -> bool:
        for env.row in rows:
            if bool(condition(env)) is sought:
                return sought
        return not sought

    return run


def _over_edge(parts: Sequence[Run], *, last: bool) -> Over:
    value = parts[0]

    def run(env: Env, rows: Sequence[Mapping[str, Raw]]) -> Raw:
        for env.row in reversed(rows) if last else rows:
            found = value(env)
            if not is_blank(found):
                return found
        return None

    return run


def _numbers(types: Sequence[Type]) -> Type | None:
    return INT if types[-1].kind is Kind.INT and all(one.kind is Kind.INT for one in types) else DECIMAL


def _last(types: Sequence[Type]) -> Type:
    return types[-1]


def _last_number(types: Sequence[Type]) -> Type | None:
    return _numbers(types[-1:])


_ANY = Parameter("value", "值", Want.ANY)
_NUMBER = Parameter("number", "数字", Want.NUMBER)
_ORDERED = Parameter("value", "值", Want.ORDERED)
_IF = Parameter("condition", "条件", Want.BOOL)


def _if(name: str, answer: Callable[[list[Raw]], Raw], want: Want, result: Raw, zh: str, en: str) -> Function:
    value = Parameter("value", "值", want)
    return Function(
        name=name, group="rows", over=partial(_over_values, answer), over_wants=(Want.BOOL, want), result=result,
        parameters=(_IF, value), zh=zh, en=en,
    )  # fmt: skip


ROWS = [
    Function(
        name="SUM", group="rows", run=_of_values(_sum), over=partial(_over_values, _sum), over_wants=(Want.NUMBER,),
        result=_numbers, parameters=(_NUMBER,), repeats=1,
        zh="明细各行的合计，如 SUM(明细.数量 * 明细.单价)；也可以写几个数字。没有行是 0。",
        en="The sum over the lines, such as SUM(lines.quantity * lines.price), or of the numbers given; 0 of none.",
    ),
    Function(
        name="AVG", group="rows", run=_of_values(_avg), over=partial(_over_values, _avg), over_wants=(Want.NUMBER,),
        result=DECIMAL, parameters=(_NUMBER,), repeats=1, aliases=("AVERAGE",),
        zh="平均值，空值不算；没有值是空。", en="The average; empty values do not count, the average of none is empty.",
    ),
    Function(
        name="COUNT", group="rows", run=_of_values(len), over=partial(_over_values, len), over_wants=(Want.ANY,),
        result=INT, parameters=(_ANY,), repeats=1,
        zh="COUNT(明细) 是行数；COUNT(明细.批号) 是填了批号的行数。",
        en="COUNT(lines) counts lines, COUNT(lines.lot) those that have a lot.",
    ),
    Function(
        name="COUNTDISTINCT", group="rows", run=_of_values(_distinct), over=partial(_over_values, _distinct),
        over_wants=(Want.ANY,), result=INT, parameters=(_ANY,), repeats=1,
        zh="有几个不同的值，空值不算。", en="How many different values there are, empty ones left out.",
    ),
    Function(
        name="MAX", group="rows", run=_of_values(_max), over=partial(_over_values, _max), over_wants=(Want.ORDERED,),
        result=common_result, parameters=(_ORDERED,), repeats=1,
        zh="最大的数字、最晚的日期；没有值是空。", en="The largest number, the latest date; of none, empty.",
    ),
    Function(
        name="MIN", group="rows", run=_of_values(_min), over=partial(_over_values, _min), over_wants=(Want.ORDERED,),
        result=common_result, parameters=(_ORDERED,), repeats=1,
        zh="最小的数字、最早的日期；没有值是空。", en="The smallest number, the earliest date; of none, empty.",
    ),
    _if(
        "SUMIF", _sum, Want.NUMBER, _last_number,
        "条件成立的行的合计。",
        "The sum over the lines for which the condition is true.",
    ),
    _if(
        "AVGIF", _avg, Want.NUMBER, DECIMAL,
        "条件成立的行的平均值。",
        "The average over the lines for which the condition is true.",
    ),
    _if(
        "MAXIF", _max, Want.ORDERED, _last,
        "条件成立的行里最大的。",
        "The largest over the lines for which the condition is true.",
    ),
    _if(
        "MINIF", _min, Want.ORDERED, _last,
        "条件成立的行里最小的。",
        "The smallest over the lines for which the condition is true.",
    ),
    Function(
        name="COUNTIF", group="rows", over=_over_countif, over_wants=(Want.BOOL,), result=INT, parameters=(_IF,),
        zh="条件成立的行数。", en="How many lines the condition is true for.",
    ),
    Function(
        name="ANY", group="rows", over=partial(_over_quantifier, sought=True), over_wants=(Want.BOOL,), result=BOOL,
        parameters=(_IF,), zh="是否有一行成立；没有行是否。",
        en="Whether the condition is true for any line; of none, no.",
    ),
    Function(
        name="ALL", group="rows", over=partial(_over_quantifier, sought=False), over_wants=(Want.BOOL,), result=BOOL,
        parameters=(_IF,), zh="是否每一行都成立；没有行是是。",
        en="Whether the condition is true for every line; of none, yes.",
    ),
    Function(
        name="FIRST", group="rows", over=partial(_over_edge, last=False), over_wants=(Want.ANY,), result=_last,
        parameters=(_ANY,), zh="第一个不为空的值。", en="The first value that is not empty.",
    ),
    Function(
        name="LAST", group="rows", over=partial(_over_edge, last=True), over_wants=(Want.ANY,), result=_last,
        parameters=(_ANY,), zh="最后一个不为空的值。", en="The last value that is not empty.",
    ),
    Function(
        name="JOIN", group="rows", run=None, over=_over_join, over_wants=(Want.SHOWN, Want.TEXT), result=TEXT,
        parameters=(Parameter("value", "值", Want.SHOWN), Parameter("separator", "分隔符", Want.TEXT, optional=True)),
        zh="把各行的值连成一个文本，空的跳过，不写分隔符用顿号。",
        en="The values of all lines as one text, empty ones left out; 、 between if left out.",
    ),
]  # fmt: skip
