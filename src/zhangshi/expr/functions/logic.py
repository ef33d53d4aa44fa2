"""Logic: what is evaluated depends on conditions."""

from collections.abc import Sequence

from zhangshi.base.errors import ZhangshiError
from zhangshi.expr.errors import CATCHABLE
from zhangshi.expr.functions.registry import Function, Parameter, Run, Want, common_result
from zhangshi.expr.host import Env
from zhangshi.expr.kinds import BOOL, EMPTY, Raw, Type

_ANY = Want.ANY


def is_blank(value: Raw) -> bool:
    """Whether a value is empty: nothing, a text without characters, no choice. A zero is not empty."""
    return value is None or value in ("", ())


def _if(parts: Sequence[Run]) -> Run:
    condition, then = parts[0], parts[1]
    otherwise = parts[2] if len(parts) > 2 else _empty  # noqa: PLR2004  # IF(condition, then, otherwise)

    def run(env: Env) -> Raw:
        return then(env) if condition(env) else otherwise(env)

    return run


def _empty(_env: Env) -> Raw:
    return None


def _ifs(parts: Sequence[Run]) -> Run:
    branches = list(zip(parts[::2], parts[1::2], strict=False))
    otherwise = parts[-1] if len(parts) % 2 else _empty

    def run(env: Env) -> Raw:
        for condition, then in branches:
            if condition(env):
                return then(env)
        return otherwise(env)

    return run


def _switch(parts: Sequence[Run]) -> Run:
    subject, *rest = parts
    branches = list(zip(rest[::2], rest[1::2], strict=False))
    otherwise = rest[-1] if len(rest) % 2 else _empty

    def run(env: Env) -> Raw:
        value = subject(env) or None
        for match, then in branches:
            if (match(env) or None) == value:
                return then(env)
        return otherwise(env)

    return run


def _iferror(parts: Sequence[Run]) -> Run:
    tried, otherwise = parts

    def run(env: Env) -> Raw:
        try:
            return tried(env)
        except ZhangshiError as error:
            if error.code not in CATCHABLE:
                raise
            return otherwise(env)

    return run


def _coalesce(parts: Sequence[Run]) -> Run:
    def run(env: Env) -> Raw:
        for part in parts:
            value = part(env)
            if not is_blank(value):
                return value
        return None

    return run


def _if_result(types: Sequence[Type]) -> Type | None:
    return common_result([*types[1:], EMPTY])


def _ifs_result(types: Sequence[Type]) -> Type | None:
    return common_result([*types[1::2], types[-1] if len(types) % 2 else EMPTY])


def _switch_result(types: Sequence[Type]) -> Type | None:
    return _ifs_result(types[1:])


def _p(name: str, zh: str, want: Want = _ANY, *, optional: bool = False) -> Parameter:
    return Parameter(name, zh, want, optional)


LOGIC = [
    Function(
        name="IF", group="logic", lazy=_if, result=_if_result,
        zh="条件成立取第二个值，否则取第三个；不写第三个就是空。只计算选中的那个。",
        en="The second value if the condition is true, else the third, or empty. Only that one is evaluated.",
        parameters=(_p("condition", "条件", Want.BOOL), _p("then", "成立时"), _p("otherwise", "否则", optional=True)),
    ),
    Function(
        name="IFS", group="logic", lazy=_ifs, result=_ifs_result, repeats=2,
        zh="依次看条件，取第一个成立的条件后面的值；最后可再写一个值，都不成立时用它，不写就是空。",
        en="The value behind the first condition that is true; a last value alone is for none of them, else empty.",
        parameters=(_p("condition", "条件", Want.BOOL), _p("then", "成立时")),
    ),
    Function(
        name="SWITCH", group="logic", lazy=_switch, result=_switch_result, repeats=2,
        zh="把第一个值与各选项比较，取相等的选项后面的值；最后可再写一个值，都不等时用它，不写就是空。",
        en="The value behind the first choice that equals the first argument; a last value alone is for none of them.",
        parameters=(_p("value", "值"), _p("match", "选项"), _p("then", "相等时")),
    ),
    Function(
        name="AND", group="logic", result=BOOL, repeats=1,
        zh="全部条件成立才成立。也可以写 条件1 and 条件2。",
        en="Whether all conditions are true. `a and b` says the same.",
        parameters=(_p("condition", "条件", Want.BOOL),),
    ),
    Function(
        name="OR", group="logic", result=BOOL, repeats=1,
        zh="有一个条件成立就成立。也可以写 条件1 or 条件2。",
        en="Whether any condition is true. `a or b` says the same.",
        parameters=(_p("condition", "条件", Want.BOOL),),
    ),
    Function(
        name="NOT", group="logic", result=BOOL,
        zh="条件不成立时成立。也可以写 not 条件。",
        en="Whether the condition is not true. `not a` says the same.",
        parameters=(_p("condition", "条件", Want.BOOL),),
    ),
    Function(
        name="IFERROR", group="logic", lazy=_iferror, result=common_result,
        zh="第一个值算得出就取它，出错（如除数是零、不是数字）取第二个。",
        en="The first value, or the second where the first cannot be computed (division by zero, not a number …).",
        parameters=(_p("value", "值"), _p("otherwise", "出错时")),
    ),
    Function(
        name="COALESCE", group="logic", lazy=_coalesce, result=common_result, repeats=1,
        zh="取第一个不为空的值；都空就是空。",
        en="The first value that is not empty; empty if all are.",
        parameters=(_p("value", "值"),),
    ),
    Function(
        name="ISBLANK", group="logic", run=is_blank, result=BOOL, aliases=("ISEMPTY",),
        zh="是否为空：没有值、没有字的文本、没有选项。零不是空。也可以写 字段 = 空。",
        en="Whether a value is empty: nothing, no characters, no choice. A zero is not. `a = empty` says the same.",
        parameters=(_p("value", "值"),),
    ),
]  # fmt: skip
