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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.unit.expr.tables import Fields, places
from zhangshi.base.errors import ZhangshiError
from zhangshi.expr import FUNCTIONS, Env, Formula, Kind, Type, compile_formula, to_sql
from zhangshi.expr.arithmetic import INT_MAX
from zhangshi.expr.functions.registry import Want
from zhangshi.expr.limits import RESULT_LENGTH_MAX
from zhangshi.expr.vectors import SCOPES, VectorHost, sample, scope_of, vectors

SECONDS_MAX = 2.0
HOST = VectorHost()
SCOPE_KEYS = ("order", "lines")
TEXTS = sorted({one.text for one in vectors() if one.text and len(one.text) < 400})
TREES = [one.data["stored"] for one in vectors() if "stored" in one.data]
TOKENS = sorted({piece for text in TEXTS for piece in text.replace("(", " ( ").replace(")", " ) ").split()})
WORDS = [
    *(name for key in SCOPE_KEYS for name in SCOPES[key]["names"] if name != "in"), "lines.quantity", "lines.item.spec",
    "明细.数量", "fees.amount", "客户.名称", "parent.amount", "item.spec", "lines", "金额", "[单价(元)]", "nothing",
]  # fmt: skip
LITERALS = [
    "0", "1", "-1", "2.5", "5%", "99999999999999999999999999999999999999999", "0.00000000000000000001", "100000", '""',
    '"a"', '"2026-03-02"', '"中文"', "“x”", "true", "false", "empty", "空", '"yyyy-MM-dd"', '"0.00"', '"price_list"',
    '"item"', '"price"', "9999", "-100", "1e5", "40000", '"2026-03-01T23:30:00Z"',
]  # fmt: skip
OPERATORS = ["+", "-", "*", "/", "&", "=", "<>", "<", "<=", ">", ">=", "and", "or", "in"]
NOISE = "()[]“”\"'.,，。%&<>=!≠≤≥+-*/×÷\\{}#@~`^|:;?_ \t\n\u3000\u200b\x00\ud800aZ0९一ｆ＊😀é\u0301ß"
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


def grown(choose: random.Random, depth: int = 0) -> str:
    """Return a formula by the grammar; types are left to chance."""
    kind = choose.random()
    if depth > 4 or kind < 0.3:
        return choose.choice(WORDS) if choose.random() < 0.6 else choose.choice(LITERALS)
    if kind < 0.6:
        return f"{grown(choose, depth + 1)} {choose.choice(OPERATORS)} {grown(choose, depth + 1)}"
    if kind < 0.68:
        return f"({grown(choose, depth + 1)})"
    if kind < 0.74:
        return choose.choice(["not ", "-", "+"]) + grown(choose, depth + 1)
    function = choose.choice(list(FUNCTIONS.functions.values()))
    count = choose.choice([function.least, function.least + 1, len(function.parameters), choose.randint(0, 5)])
    return f"{function.name}({', '.join(grown(choose, depth + 1) for _ in range(count))})"


LEAVES = {
    "number": [
        "amount",
        "priority",
        "weight",
        "discount",
        "0",
        "1",
        "2.5",
        "-3",
        "5%",
        "100000",
        "quantity",
        "lead_days",
    ],
    "text": ["state", "remark", "number", "customer.name", '""', '"a"', '"12.5"', '"中文"', "lot", "phone"],
    "bool": ["urgent", "closed", "true", "done", "empty"],
    "date": ["ordered_on", "due_on", "shipped_on", "TODAY()", '"2026-03-02"', "needed_on"],
    "datetime": ["created_at", "approved_at", "NOW()", '"2026-03-01T23:30:00Z"'],
    "record": ["customer", "owner", "warehouse", "item", "USER()"],
    "texts": ["tags", "colours"],
}
KINDS = list(LEAVES)
KIND_OF = {Kind.DECIMAL: "number", Kind.INT: "number"}
WANTED = {
    Want.NUMBER: ["number"], Want.INT: ["number"], Want.TEXT: ["text"], Want.SHOWN: ["text", "number", "date"],
    Want.BOOL: ["bool"], Want.DATE: ["date"], Want.DATETIME: ["datetime"], Want.MOMENT: ["date", "datetime"],
    Want.RECORD: ["record"], Want.TEXTS: ["text", "texts"], Want.WRITTEN: ["text"], Want.ORDERED: ["number", "date"],
    Want.FORMATTED: ["number", "date", "datetime"], Want.ANY: KINDS,
}  # fmt: skip
MAKERS = {
    kind: [one for one in FUNCTIONS.functions.values() if isinstance(one.result, Type)
           and KIND_OF.get(one.result.kind, one.result.kind.value) == kind]
    for kind in KINDS
}  # fmt: skip


def typed(choose: random.Random, kind: str, depth: int = 0) -> str:
    """Return a formula of a kind, of which most compile."""
    turn = choose.random()
    if depth > 4 or turn < 0.25:
        return choose.choice(LEAVES[kind])

    def part(of: str) -> str:
        return typed(choose, of, depth + 1)

    if turn < 0.35:
        return f"IF({part('bool')}, {part(kind)}, {part(kind)})"
    if turn < 0.42:
        return f"{choose.choice(['COALESCE', 'IFERROR'])}({part(kind)}, {part(kind)})"
    if turn < 0.7 or not MAKERS[kind]:
        return operated(choose, kind, part)
    if turn < 0.78 and kind == "number":
        name = choose.choice(["SUM", "AVG", "MAX", "MIN"])
        return f"{name}(lines.quantity * {part('number')} + lines.boxes)"
    function = choose.choice(MAKERS[kind])
    count = choose.randint(function.least, function.least + 2) if function.repeats else len(function.parameters)
    wants = [function.parameter(position).want for position in range(count)]
    return f"{function.name}({', '.join(part(choose.choice(WANTED[one])) for one in wants)})"


def operated(choose: random.Random, kind: str, part: Callable[[str], str]) -> str:
    """Return two parts of the right kinds with an operator between."""
    match kind:
        case "number":
            return f"({part(kind)} {choose.choice('+-*/')} {part(kind)})"
        case "text":
            return f"{part(kind)} & {part(choose.choice(['text', 'number', 'date']))}"
        case "date":
            return f"({part(kind)} {choose.choice('+-')} {part('number')})"
        case "bool":
            of = choose.choice(["number", "text", "date", "datetime"])
            compared = f"({part(of)} {choose.choice(['=', '<>', '<', '<=', '>', '>='])} {part(of)})"
            made = [compared, f"{compared} and {part('bool')}", f"not ({part('bool')} or {compared})"]
            made += [f"{part('text')} in ({part('text')}, {part('text')})", f"{part('text')} in tags"]
            return choose.choice(made)
        case _:
            return choose.choice(LEAVES[kind])


def well_formed(choose: random.Random) -> str:
    """Return a formula of any kind, of which most compile."""
    return typed(choose, choose.choice(KINDS))


def mutated(choose: random.Random) -> str:
    """Return the text of a vector, changed in a few places."""
    text = choose.choice(TEXTS)
    for _ in range(choose.randint(1, 4)):
        at, end = sorted((choose.randint(0, len(text)), choose.randint(0, len(text))))
        match choose.randint(0, 5):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + text[at:end] * 2 + text[end:]
            case 2:
                text = text[:at] + choose.choice(NOISE) + text[at:]
            case 3:
                text = f"{text[:at]} {choose.choice(TOKENS)} {text[end:]}"
            case 4:
                text = text[:at] + grown(choose, 3) + text[end:]
            case _:
                text = f"{text} {choose.choice(OPERATORS)} {choose.choice(TEXTS)}"
    return text


def noise(choose: random.Random) -> str:
    """Return characters that mean something to the lexer, in no order."""
    return "".join(choose.choice(NOISE) for _ in range(choose.randint(0, 60)))


def changed_tree(choose: random.Random) -> Any:
    """Return a stored tree with a part replaced by another, or by something that is no tree."""
    whole = json.loads(json.dumps(choose.choice(TREES)))
    node = whole.get("ast")
    for _ in range(choose.randint(0, 3)):
        if not isinstance(node, list) or not node:
            break
        place = choose.randrange(len(node))
        if choose.random() < 0.4 or not isinstance(node[place], list):
            other = choose.choice(TREES).get("ast")
            node[place] = choose.choice([other, None, 5, "get", [], ["get", "amount"], {"a": 1}, ["num", "1e9"], True])
            break
        node = node[place]
    return whole


def inputs(seed: int) -> Iterator[tuple[str, str]]:
    """Yield scopes and texts without end."""
    choose = random.Random(seed)
    makers = [grown, well_formed, well_formed, mutated, mutated, noise]
    while True:
        yield choose.choice(SCOPE_KEYS), choose.choice(makers)(choose)


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
    for number in range(count):
        scope, text = next(given)
        one: Any = changed_tree(choose) if number % 20 == 19 else text
        began = time.perf_counter()
        try:
            try_one(scope, one, choose, tally)
        except Exception as error:  # noqa: BLE001  # any exception at all is what is looked for
            tally.failures.append((f"{scope}: {one!r}", f"{type(error).__name__}: {error}"))
        took = time.perf_counter() - began
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
