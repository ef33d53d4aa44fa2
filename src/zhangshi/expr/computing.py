"""Arithmetic, joining and reckoning with dates as closures; what fails points at its operator."""

import operator as op
from collections.abc import Callable, Sequence
from decimal import DecimalException

from zhangshi.expr.arithmetic import CONTEXT, add, checked, divide, multiply, subtract
from zhangshi.expr.compiled_calls import located, whole
from zhangshi.expr.errors import Failed, Place, Source
from zhangshi.expr.functions.reckoning import shifted
from zhangshi.expr.functions.registry import Run
from zhangshi.expr.functions.texts import joined
from zhangshi.expr.host import Env
from zhangshi.expr.kinds import INT, Raw
from zhangshi.expr.nodes import Get, Operation

_DECIMAL = {"+": add, "-": subtract, "*": multiply, "/": divide}
_WHOLE = {"+": op.add, "-": op.sub, "*": op.mul}


def computed(node: Operation, parts: Sequence[Run], source: Source) -> Run:
    """Return what evaluates an operator whose answer is a number, a text or a date."""
    match node.operator:
        case "&":
            return _guarded(node, source, lambda *values: joined(values), parts, fill=False)
        case "later" | "earlier" | "days":
            return _on_dates(node, parts, source)
        case _:
            return _arithmetic(node, parts, source)


def _arithmetic(node: Operation, parts: Sequence[Run], source: Source) -> Run:
    if node.operator == "neg":
        return _guarded(node, source, op.neg if node.type == INT else CONTEXT.minus, parts)
    if node.type == INT:
        whole = _WHOLE[node.operator]
        return _guarded(node, source, lambda left, right: checked(whole(left, right)), parts)
    return _guarded(node, source, _DECIMAL[node.operator], parts)


def _guarded(
    node: Operation, source: Source, compute: Callable[..., Raw], parts: Sequence[Run], *, fill: bool = True
) -> Run:
    """Compute with the values of the parts, empty as 0 if `fill`; a failure points at the operator."""
    at = node.at
    if fill and len(parts) == 2:  # noqa: PLR2004  # what SUM spends its time on
        first, second = node.parts
        if isinstance(first, Get) and isinstance(second, Get) and first.level == second.level == "row":
            return _of_row(compute, first.path, second.path, source, at)
        left, right = parts

        def run_two(env: Env) -> Raw:
            try:
                return compute(left(env) or 0, right(env) or 0)
            except (Failed, DecimalException) as failure:
                raise located(failure, source, at) from None

        return run_two

    def run(env: Env) -> Raw:
        try:
            return compute(*[one(env) or 0 if fill else one(env) for one in parts])
        except (Failed, DecimalException) as failure:
            raise located(failure, source, at) from None

    return run


def _of_row(compute: Callable[..., Raw], left: str, right: str, source: Source, at: Place) -> Run:
    """Compute with two fields of a row: what most sums are made of, without a call for each field."""

    def run(env: Env) -> Raw:
        row = env.row
        try:
            return compute(row.get(left) or 0, row.get(right) or 0)
        except (Failed, DecimalException) as failure:
            raise located(failure, source, at) from None

    return run


def _on_dates(node: Operation, parts: Sequence[Run], source: Source) -> Run:
    left, right = parts
    at, operator = node.at, node.operator

    def run(env: Env) -> Raw:
        day, other = left(env), right(env)
        if day is None:
            return None
        if operator == "days":
            return None if other is None else (day - other).days
        try:
            days = whole(other or 0)
            return shifted(day, days if operator == "later" else -days)
        except Failed as failure:
            raise located(failure, source, at) from None

    return run
