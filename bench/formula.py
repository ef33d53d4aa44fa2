"""Formulas: compiled conditions a second, a sum over a hundred lines, and what compiling costs. No database."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from bench.company import Place
from bench.measuring import Measurement, figure, medians
from zhangshi.expr import DECIMAL, TEXT, Env, Name, RowsName, Scope, compile_formula

_CONDITIONS_MIN = 200_000
_SUMS_MIN = 5_000
_LINES = 100
_ROUNDS = 15


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield the figures; they are of the language, so one database stands for both."""
    if place.name != "sqlite":
        return
    conditions, sums, texts = (2_000, 50, 20) if quick else (50_000, 1_000, 300)
    scope = _scope()
    condition = compile_formula('amount > 5000 and state = "posted"', scope)
    total = compile_formula("SUM(lines.quantity * lines.price)", scope)
    env = Env({"amount": Decimal("6000.50"), "state": "posted"})
    rows = [{"quantity": Decimal(number) + Decimal("0.5"), "price": Decimal("12.345678")} for number in range(_LINES)]
    lines = Env(rows={"lines": rows})
    works = [
        _repeated(lambda: condition.evaluate(env), conditions),
        _repeated(lambda: total.evaluate(lines), sums),
        _repeated(lambda: compile_formula('IF(amount > 5000, ROUND(amount * 5%, 2), 0) & "元"', scope), texts),
    ]
    times = medians(works, rounds=_ROUNDS, warm_up=1)
    per_second = [count / seconds for count, seconds in zip((conditions, sums, texts), times, strict=True)]
    yield figure(
        "formula: condition of 2 comparisons", place.name, per_second[0], "/s", floor=_CONDITIONS_MIN, ratio_min=1
    )
    yield figure(f"formula: SUM over {_LINES} lines", place.name, per_second[1], "/s", floor=_SUMS_MIN, ratio_min=1)
    yield figure("formula: compile", place.name, 1e6 / per_second[2], "us")


def _repeated(work: Callable[[], object], count: int) -> Callable[[], object]:
    def run() -> None:
        for _ in range(count):
            work()

    return run


def _scope() -> Scope:
    line = Scope({"quantity": Name("quantity", DECIMAL, ("数量",)), "price": Name("price", DECIMAL, ("单价",))})
    names = {"amount": Name("amount", DECIMAL, ("金额",)), "state": Name("state", TEXT, ("状态",))}
    return Scope(names, rows={"lines": RowsName("lines", ("明细",), line)})
