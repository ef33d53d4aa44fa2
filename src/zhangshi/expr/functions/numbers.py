"""Numbers."""

from collections.abc import Sequence

from zhangshi.expr.arithmetic import (
    CONTEXT,
    Number,
    away_from_zero,
    floor,
    half_up,
    modulo,
    multiple,
    power,
    towards_zero,
)
from zhangshi.expr.functions.capitals import rmb
from zhangshi.expr.functions.registry import Function, Parameter, Want
from zhangshi.expr.kinds import DECIMAL, INT, TEXT, Raw, Type

_NUMBER = Parameter("number", "数字", Want.NUMBER)
_DIGITS = Parameter("digits", "小数位", Want.INT, optional=True)
_STEP = Parameter("step", "倍数", Want.NUMBER, optional=True)


def _first(types: Sequence[Type]) -> Type:
    return types[0] if types[0].is_number else DECIMAL


def _abs(value: Number) -> Number:
    return abs(value) if isinstance(value, int) else CONTEXT.abs(value)


def _sign(value: Number) -> int:
    return (value > 0) - (value < 0)


def _ceiling(value: Number, step: Number = 1) -> Raw:
    return multiple(value, step, up=True)


def _floor(value: Number, step: Number = 1) -> Raw:
    return multiple(value, step, up=False)


NUMBERS = [
    Function(
        name="ABS", group="number", run=_abs, result=_first, parameters=(_NUMBER,),
        zh="绝对值。", en="The number without its sign.",
    ),
    Function(
        name="SIGN", group="number", run=_sign, result=INT, parameters=(_NUMBER,),
        zh="正数是 1，零是 0，负数是 -1。", en="1 above zero, 0 at zero, -1 below.",
    ),
    Function(
        name="ROUND", group="number", run=half_up, result=DECIMAL, parameters=(_NUMBER, _DIGITS),
        zh="四舍五入到几位小数，不写是 0 位；负的位数到十、百、千位。-2.5 得 -3。",
        en="Rounded half up (away from zero) to so many digits, 0 if left out; -1 rounds to tens.",
    ),
    Function(
        name="ROUNDUP", group="number", run=away_from_zero, result=DECIMAL, parameters=(_NUMBER, _DIGITS),
        zh="向远离零的方向进位到几位小数。", en="Rounded away from zero to so many digits.",
    ),
    Function(
        name="ROUNDDOWN", group="number", run=towards_zero, result=DECIMAL, parameters=(_NUMBER, _DIGITS),
        zh="截去多余的小数位。", en="Cut after so many digits.", aliases=("TRUNC",),
    ),
    Function(
        name="INT", group="number", run=floor, result=INT, parameters=(_NUMBER,),
        zh="不大于它的最大整数；-2.1 得 -3。", en="The largest whole number that is not above it; -2.1 gives -3.",
    ),
    Function(
        name="MOD", group="number", run=modulo, result=DECIMAL,
        parameters=(_NUMBER, Parameter("divisor", "除数", Want.NUMBER)),
        zh="余数，符号跟除数走。", en="What division leaves; its sign is the divisor's.",
    ),
    Function(
        name="CEILING", group="number", run=_ceiling, result=DECIMAL, parameters=(_NUMBER, _STEP),
        zh="向上取到倍数（不写是 1），如按整箱采购。",
        en="The next multiple of the step (1 if left out) that is not below: whole boxes.",
    ),
    Function(
        name="FLOOR", group="number", run=_floor, result=DECIMAL, parameters=(_NUMBER, _STEP),
        zh="向下取到倍数（不写是 1）。", en="The next multiple of the step (1 if left out) that is not above.",
    ),
    Function(
        name="POWER", group="number", run=power, result=DECIMAL,
        parameters=(_NUMBER, Parameter("exponent", "次数", Want.INT)),
        zh="乘方，次数是 -100 到 100 的整数。", en="The number to a whole power between -100 and 100.",
    ),
    Function(
        name="RMB", group="number", run=rmb, result=TEXT, parameters=(_NUMBER,),
        zh="人民币大写金额，先四舍五入到分。", en="The amount in Chinese capitals, rounded to fen first.",
    ),
]  # fmt: skip
