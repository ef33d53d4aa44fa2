"""Calls and aggregates as closures: arguments made ready, the host handed in, failures given their place."""

from collections.abc import Callable, Sequence
from decimal import Decimal, DecimalException

from zhangshi.base.errors import ZhangshiError
from zhangshi.expr.arithmetic import text_of
from zhangshi.expr.errors import (
    NOT_AVAILABLE_HERE,
    NOT_WHOLE,
    NUMBER_TOO_LARGE,
    TOO_MANY_STEPS,
    Failed,
    Place,
    Source,
)
from zhangshi.expr.functions.registry import Function, Run, Want
from zhangshi.expr.functions.texts import shown
from zhangshi.expr.host import Env
from zhangshi.expr.kinds import TEXT, Kind, Raw
from zhangshi.expr.limits import LETTERS_A_STEP, STEPS_MAX
from zhangshi.expr.nodes import Call, Each, Node

_EMPTY_AS: dict[Want, Raw] = {
    Want.NUMBER: 0,
    Want.INT: 0,
    Want.TEXT: "",
    Want.BOOL: False,
    Want.WRITTEN: "",
}
_EMPTY_GOES_ON = {Want.DATE, Want.DATETIME, Want.MOMENT, Want.RECORD}


def located(failure: Exception, source: Source, at: Place, function: str = "") -> ZhangshiError:
    """Return the error of a failure, with its place."""
    if isinstance(failure, Failed):
        facts = {"function": function, **failure.facts} if function else failure.facts
        return source.refusal(failure.code, at, **facts)
    assert isinstance(failure, DecimalException)
    return source.refusal(NUMBER_TOO_LARGE, at)


def whole(value: Decimal | int) -> int:
    """Return a whole number as such. Raises Failed not_whole."""
    if isinstance(value, int):
        return value
    number = int(value)
    if number != value:
        raise Failed(NOT_WHOLE, found=text_of(value)[:40])
    return number


def call_of(node: Call, parts: Sequence[Run], source: Source) -> Run:
    """Return what evaluates a call."""
    function = node.function
    if function.lazy is not None:
        return function.lazy(parts)
    assert function.run is not None
    aggregate = function.over is not None  # of values that are written out: empty ones are passed over
    wants = [Want.ANY if aggregate else function.parameter(position).want for position in range(len(parts))]
    ready = [_ready(part, want, of) for part, want, of in zip(parts, wants, node.parts, strict=True)]
    stops = any(want in _EMPTY_GOES_ON for want in wants)
    return _call(function, ready, source, node.at, stops=stops, wants=wants)


def _ready(part: Run, want: Want, of: Node) -> Run:
    """Return the part with an empty value turned into what the parameter takes for it."""
    if want is Want.INT and of.type.kind is Kind.DECIMAL:
        return lambda env: whole(part(env) or 0)
    if want is Want.SHOWN:
        return lambda env: shown(part(env))
    if want is Want.TEXTS:
        empty: Raw = () if of.type.kind is Kind.TEXTS else ""
        return lambda env: part(env) or empty
    if want in _EMPTY_AS:
        filler = _EMPTY_AS[want]
        return lambda env: part(env) or filler
    return part


def _call(
    function: Function, parts: Sequence[Run], source: Source, at: Place, *, stops: bool, wants: Sequence[Want]
) -> Run:
    compute, effort = function.run, function.effort
    assert compute is not None
    makes_text = function.result == TEXT
    needed = [position for position, want in enumerate(wants) if want in _EMPTY_GOES_ON]
    first = parts[0] if len(parts) == 1 else None

    def run(env: Env) -> Raw:
        try:
            values = [first(env)] if first is not None else [one(env) for one in parts]
            if stops and any(values[one] is None for one in needed):
                return None
            if effort is not None:
                _spend(env, effort(*values))
            value = compute(env.host, *values) if function.asks_host else compute(*values)
            if makes_text and value:
                _spend(env, len(value) // LETTERS_A_STEP)
        except (Failed, DecimalException) as failure:
            raise located(failure, source, at, function.name) from None
        except ZhangshiError as error:
            if error.error_code is not NOT_AVAILABLE_HERE or "position" in error.facts:
                raise
            raise source.refusal(NOT_AVAILABLE_HERE, at, **error.facts) from None
        return value

    return run


def _spend(env: Env, steps: int) -> None:
    env.steps += steps
    if env.steps > STEPS_MAX:
        raise Failed(TOO_MANY_STEPS, limit=STEPS_MAX)


def each_of(node: Each, parts: Sequence[Run], source: Source) -> Run:
    """Return what evaluates an aggregate over the rows of its table."""
    function, table, size, at = node.function, node.table, node.size, node.at
    assert function.over is not None
    wants = [Want.TEXT if one is Want.TEXT else Want.ANY for one in function.over_wants]  # empty values are passed over
    ready = [_ready(part, want, of) for part, want, of in zip(parts, wants, node.parts, strict=False)]
    over: Callable[..., Raw] = function.over(ready)

    def run(env: Env) -> Raw:
        rows = env.rows.get(table, ())
        try:
            _spend(env, len(rows) * size)
            return over(env, rows)
        except (Failed, DecimalException) as failure:
            raise located(failure, source, at, function.name) from None

    return run


def answer_as(run: Run, kind: Kind, of: Node, source: Source) -> Run:
    """Return the answer in the kind that is expected: a whole number as a decimal, a decimal as a whole number."""
    at = Place(0, len(source.text))
    if kind is Kind.DECIMAL and (of.type.kind is Kind.INT or isinstance(of, Call | Each)):

        def as_decimal(env: Env) -> Raw:
            value = run(env)
            return None if value is None else Decimal(value)

        return as_decimal
    if kind is Kind.INT and of.type.kind is Kind.DECIMAL:

        def as_whole(env: Env) -> Raw:
            value = run(env)
            try:
                return None if value is None else whole(value)
            except Failed as failure:
                raise located(failure, source, at) from None

        return as_whole
    return run
