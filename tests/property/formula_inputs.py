"""Formulas that nobody would write, without end: grown from the grammar, cut from the vectors, and noise."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from zhangshi.expr import FUNCTIONS, Kind, Type
from zhangshi.expr.functions.registry import Want
from zhangshi.expr.vectors import SCOPES, vectors

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
