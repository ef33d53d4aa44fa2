"""Compiling and evaluating a vector."""

from typing import Any

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.expr import NO_HOST, Env, Formula, compile_formula, errors
from zhangshi.expr.vectors import Vector, VectorHost, scope_of

FORMULA_CODES = sorted(one.code for one in vars(errors).values() if isinstance(one, ErrorCode))


def formula_of(vector: Vector) -> Formula:
    scope = scope_of(vector.scope)
    if "stored" in vector.data:
        return Formula.from_json(vector.data["stored"], scope)
    return compile_formula(vector.text, scope, expects=vector.expects)


def answer_of(vector: Vector) -> tuple[Any, ...]:
    try:
        formula = formula_of(vector)
        host = VectorHost() if vector.data.get("host", True) else NO_HOST
        value = formula.evaluate(Env(*vector.record(), host))
    except ZhangshiError as error:
        return error.code, error.facts["position"]
    return formula.type.kind.value, value, type(value)


def wanted_of(vector: Vector) -> tuple[Any, ...]:
    if vector.error:
        return vector.error, vector.data["position"]
    return vector.data["type"], vector.value, type(vector.value)
