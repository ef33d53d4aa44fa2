"""From the checked tree to closures: what can be decided before the values are known is decided once.

Types are proved, so no closure asks for them. Empty is 0 in arithmetic, "" in text, false as a condition, and before
every date; two sides that are empty are equal. A part that reads nothing is computed here.
"""

import operator as op
from collections.abc import Sequence
from datetime import UTC, date, datetime

from zhangshi.base.errors import ZhangshiError
from zhangshi.expr.compiled_calls import call_of, each_of
from zhangshi.expr.computing import computed
from zhangshi.expr.errors import Source
from zhangshi.expr.functions.registry import Run
from zhangshi.expr.host import Env
from zhangshi.expr.kinds import Kind, Raw
from zhangshi.expr.nodes import Call, Constant, Each, Get, Node, Operation

_FOLDED_LENGTH_MAX = 200
_DATE_MIN = date.min
_INSTANT_MIN = datetime.min.replace(tzinfo=UTC)
_FIRST: dict[Kind, Raw] = {Kind.TEXT: "", Kind.DATE: _DATE_MIN, Kind.DATETIME: _INSTANT_MIN}
_COMPARE = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}


def compiled(node: Node, source: Source) -> Run:
    """Return what evaluates the tree."""
    return _build(node, source)[0]


def _build(node: Node, source: Source) -> tuple[Run, bool]:
    """Return the closure, and whether it always gives the same."""
    match node:
        case Constant(value=value):
            return _always(value), True
        case Get(level=level, path=path):
            return _get(level, path), False
        case Each(parts=parts):
            return each_of(node, [_build(one, source)[0] for one in parts], source), False
        case Call(function=function, parts=parts):
            built = [_build(one, source) for one in parts]
            run = call_of(node, [one for one, _ in built], source)
            return _folded(run, function.is_pure and all(constant for _, constant in built))
        case Operation(parts=parts):
            built = [_build(one, source) for one in parts]
            run = _operation(node, [one for one, _ in built], source)
            host = {one.type.kind for one in parts} == {Kind.DATE, Kind.DATETIME}
            return _folded(run, not host and all(constant for _, constant in built))


def _folded(run: Run, constant: bool) -> tuple[Run, bool]:  # noqa: FBT001  # one of two answers of the caller
    if not constant:
        return run, False
    try:
        value = run(Env())
    except ZhangshiError:
        return run, False  # it is refused when, and only if, it is reached
    if isinstance(value, str) and len(value) > _FOLDED_LENGTH_MAX:
        return run, False
    return _always(value), True


def _always(value: Raw) -> Run:
    return lambda _env: value


def _get(level: str, path: str) -> Run:
    if level == "here":
        return lambda env: env.values.get(path)
    if level == "parent":
        return lambda env: env.parent.get(path)
    return lambda env: env.row.get(path)


def _operation(node: Operation, parts: Sequence[Run], source: Source) -> Run:
    match node.operator:
        case "and" | "or":
            return _and(parts) if node.operator == "and" else _or(parts)
        case "not":
            return _not(parts[0])
        case "=" | "<>":
            return _equal(node, parts)
        case "<" | "<=" | ">" | ">=":
            return _ordered(node, parts)
        case "in":
            return _in(node, parts)
        case "has":
            return _has(parts)
        case _:
            return computed(node, parts, source)


def _and(parts: Sequence[Run]) -> Run:
    if len(parts) == 2:  # noqa: PLR2004  # most have two
        first, second = parts
        return lambda env: bool(first(env) and second(env))

    def run(env: Env) -> bool:
        for one in parts:  # noqa: SIM110  # a generator costs more than the loop
            if not one(env):
                return False
        return True

    return run


def _or(parts: Sequence[Run]) -> Run:
    def run(env: Env) -> bool:
        for one in parts:  # noqa: SIM110  # a generator costs more than the loop
            if one(env):
                return True
        return False

    return run


def _not(part: Run) -> Run:
    return lambda env: not part(env)


def _sides(node: Operation, parts: Sequence[Run]) -> list[Run]:
    """A date that stands against instants is the start of its day by the company's clock."""
    kinds = [one.type.kind for one in node.parts]
    if Kind.DATETIME not in kinds or Kind.DATE not in kinds:
        return list(parts)
    return [_start_of_day(one) if kind is Kind.DATE else one for one, kind in zip(parts, kinds, strict=True)]


def _start_of_day(part: Run) -> Run:
    def run(env: Env) -> datetime | None:
        day = part(env)
        return None if day is None else env.host.instant_of(datetime(day.year, day.month, day.day))  # noqa: DTZ001

    return run


def _equal(node: Operation, parts: Sequence[Run]) -> Run:
    left, right = _sides(node, parts)
    if node.operator == "=":
        return lambda env: (left(env) or None) == (right(env) or None)
    return lambda env: (left(env) or None) != (right(env) or None)


def _ordered(node: Operation, parts: Sequence[Run]) -> Run:
    left, right = _sides(node, parts)
    kinds = {one.type.kind for one in node.parts} - {Kind.EMPTY}
    kind = Kind.DATETIME if Kind.DATETIME in kinds else next(iter(kinds), Kind.INT)
    first, compare = _FIRST.get(kind, 0), _COMPARE[node.operator]
    return lambda env: compare(left(env) or first, right(env) or first)


def _in(node: Operation, parts: Sequence[Run]) -> Run:
    wanted, *choices = _sides(node, parts)

    def run(env: Env) -> bool:
        value = wanted(env) or None
        for one in choices:  # noqa: SIM110  # a generator costs more than the loop
            if (one(env) or None) == value:
                return True
        return False

    return run


def _has(parts: Sequence[Run]) -> Run:
    several, wanted = parts
    return lambda env: wanted(env) in (several(env) or ())
