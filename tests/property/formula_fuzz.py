"""Inputs for the formula language that nobody would write: each must be answered or refused, quickly, and never crash.

Four kinds: formulas grown from the grammar with and without regard to types, texts of the vectors with pieces cut,
doubled or swapped, and noise. What compiles is evaluated on several records, stored, read back, written out, and put
into SQL. `python -m tests.property.formula_fuzz 1000000` runs so many and prints what it found; a failure prints its
text.
"""

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.property.formula_inputs import changed_tree, inputs
from tests.unit.expr.tables import Fields, places
from zhangshi.base.errors import ZhangshiError
from zhangshi.expr import Env, Formula, compile_formula, to_sql
from zhangshi.expr.arithmetic import INT_MAX
from zhangshi.expr.functions.pinyin import initials
from zhangshi.expr.limits import RESULT_LENGTH_MAX
from zhangshi.expr.vectors import SCOPES, VectorHost, sample, scope_of

SECONDS_MAX = 2.0
HOST = VectorHost()
VALUES: dict[str, list[Any]] = {
    "decimal": [None, Decimal(0), Decimal("-12.34"), Decimal("9223372036854.775807"), Decimal("0.000001")],
    "int": [None, 0, -1, 7, 2**63 - 1],
    "text": [None, "", "draft", "12,5", "x" * 500, "中\u3000 文", "2026-01-31", "é😀"],
    "bool": [None, True, False],
    "date": [None, date(2026, 3, 2), date(1000, 1, 1), date(9999, 12, 31)],
    "datetime": [None, datetime(2026, 3, 1, 23, 30, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)],
    "texts": [None, (), ("A", '"')],
    "record": [None, 7, 101],
}


@dataclass
class Tally:
    """What came out."""

    inputs: int = 0
    compiled: int = 0
    answers: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


def environments(scope: str, choose: random.Random) -> list[Env]:
    """Return the sample, nothing, and a record of extremes."""
    parent = SCOPES[scope].get("parent", "")
    values, rows = sample(scope)
    above, rows_above = sample(parent)
    odd = {
        path: choose.choice(VALUES[SCOPES[scope]["names"][path][0].partition(":")[0]])
        for path in SCOPES[scope]["names"]
    }
    odd_rows = [
        {
            key: choose.choice(VALUES[SCOPES["lines"]["names"][key][0].partition(":")[0]])
            for key in SCOPES["lines"]["names"]
        }
        for _ in range(5)
    ]
    return [
        Env(values, above, rows or rows_above, HOST), Env(host=HOST), Env(odd, odd, {"lines": odd_rows}, HOST),
    ]  # fmt: skip


def try_one(scope_key: str, given: Any, choose: random.Random, tally: Tally) -> None:
    """Compile, evaluate, store, read, write out and translate one input."""
    scope = scope_of(scope_key)
    tally.inputs += 1
    try:
        formula = compile_formula(given, scope) if isinstance(given, str) else Formula.from_json(given, scope)
    except ZhangshiError as error:
        checked_refusal(error, tally)
        return
    tally.compiled += 1
    for env in environments(scope_key, choose):
        try:
            checked_answer(formula.evaluate(env))
            tally.answers += 1
        except ZhangshiError as error:
            checked_refusal(error, tally)
    if choose.random() < 0.2:
        tree = formula.to_json()
        json.dumps(tree)
        assert Formula.from_json(tree, scope).to_json() == tree
        assert compile_formula(formula.text(scope, "zh"), scope, expects=formula.type).to_json() == tree
    try:
        to_sql(formula, Fields(places(scope_key)), dialect="sqlite", host=HOST)
    except ZhangshiError as error:
        checked_refusal(error, tally)


def checked_refusal(error: ZhangshiError, tally: Tally) -> None:
    tally.codes[error.code] += 1
    assert error.code.startswith("formula."), error.code
    position = error.facts["position"]
    assert isinstance(position, int)
    assert position >= 1
    assert error.message("zh")
    assert error.message("en")


def checked_answer(value: Any) -> None:
    assert not isinstance(value, float)
    if isinstance(value, str):
        assert len(value) <= RESULT_LENGTH_MAX
    elif isinstance(value, int | Decimal):
        assert -INT_MAX - 1 < value < INT_MAX + 1


def run(count: int, seed: int) -> Tally:
    """Try so many inputs; failures are collected, not raised."""
    tally = Tally()
    choose = random.Random(seed + 1)
    given = inputs(seed)
    initials("拼音")  # its tables load once
    for number in range(count):
        scope, text = next(given)
        one: Any = changed_tree(choose) if number % 20 == 19 else text
        began = time.thread_time()  # what others do on this machine is not the formula's doing
        try:
            try_one(scope, one, choose, tally)
        except Exception as error:  # noqa: BLE001  # any exception at all is what is looked for
            tally.failures.append((f"{scope}: {one!r}", f"{type(error).__name__}: {error}"))
        took = time.thread_time() - began
        if took > tally.slowest[0]:
            tally.slowest = (took, str(one)[:200])
            if took > SECONDS_MAX:
                tally.failures.append((f"{scope}: {one!r}", f"took {took:.1f} s"))
    return tally


def main() -> int:
    """Run as many as the command line says; 1 if anything failed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    began = time.perf_counter()
    tally = run(count, int(sys.argv[2]) if len(sys.argv) > 2 else 20260315)
    took = time.perf_counter() - began
    said = [
        f"{tally.inputs} inputs, {tally.compiled} compiled, {tally.answers} answers in {took:.0f} s",
        f"slowest {tally.slowest[0] * 1000:.0f} ms: {tally.slowest[1]}",
        str(dict(tally.codes.most_common())),
        *(f"FAILED {what}\n    {text[:500]}" for text, what in tally.failures[:20]),
    ]
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
