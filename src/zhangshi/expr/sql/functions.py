"""Functions that SQL can say just as the evaluator does; what depends on a database's tables of letters is left out."""

from collections.abc import Callable, Mapping, Sequence
from json import dumps
from typing import TYPE_CHECKING

from zhangshi.base.errors import Word
from zhangshi.expr.kinds import BOOL, INT, TEXT, Kind, Raw
from zhangshi.expr.nodes import Call, Node
from zhangshi.expr.sql.constants import constant
from zhangshi.expr.sql.model import Sql, of_parts

if TYPE_CHECKING:
    from zhangshi.expr.sql.translating import Translator

_Translation = Callable[["Translator", Call], Sql]


def _ifs(translator: "Translator", node: Call) -> Sql:
    """IF(condition, then, otherwise) is an IFS of one condition."""
    parts = node.parts
    conditions = [translator.condition(one, positive=True) for one in parts[0 : len(parts) - 1 : 2]]
    return _case(translator, conditions, parts[1::2], parts[-1] if len(parts) % 2 else None, node)


def _switch(translator: "Translator", node: Call) -> Sql:
    subject, *rest = node.parts
    matches = rest[0 : len(rest) - 1 : 2]
    conditions = [translator.comparison("=", subject, one, positive=True) for one in matches]
    return _case(translator, conditions, rest[1::2], rest[-1] if len(rest) % 2 else None, node)


def _case(
    translator: "Translator", conditions: Sequence[Sql], values: Sequence[Node], otherwise: Node | None, node: Call
) -> Sql:
    found = [translator.value(one) for one in values[: len(conditions)]]
    found.append(Sql("NULL", (), node.type) if otherwise is None else translator.value(otherwise))
    found = _one_scale(found)
    pieces = [piece for pair in zip(conditions, found, strict=False) for piece in pair]
    template = "CASE " + "WHEN {} THEN {} " * len(conditions) + "ELSE {} END"
    return of_parts(template, *pieces, found[-1], type_=node.type, digits=found[-1].digits, nullable=True)


def _one_scale(values: Sequence[Sql]) -> list[Sql]:
    digits = max(one.digits for one in values)
    return [Sql("NULL", (), one.type, digits) if one.text == "NULL" else one.scaled(digits) for one in values]


def _coalesce(translator: "Translator", node: Call) -> Sql:
    values = _one_scale([translator.value(one) for one in node.parts])
    nothing = {Kind.TEXT: "NULLIF({}, '')", Kind.TEXTS: "NULLIF({}, '[]')"}.get(node.type.kind, "{}")
    template = ", ".join([nothing] * len(values))
    return of_parts(f"COALESCE({template}, NULL)", *values, type_=node.type, digits=values[0].digits, nullable=True)


def _is_blank(translator: "Translator", node: Call) -> Sql:
    value = translator.value(node.parts[0])
    if value.type.kind is Kind.TEXT:
        return of_parts("{} = ''", value.filled(), type_=BOOL)
    if value.type.kind is Kind.TEXTS:
        return of_parts("{} IN ('[]', '')", value.filled(), type_=BOOL)
    return of_parts("{} IS NULL", value, type_=BOOL)


def _len(translator: "Translator", node: Call) -> Sql:
    return of_parts("length({})", translator.text(node.parts[0]), type_=INT)


def _left(translator: "Translator", node: Call) -> Sql:
    count = _count(translator, node, 1)
    return of_parts(f"substr({{}}, 1, {count})", translator.text(node.parts[0]), type_=TEXT)


def _right(translator: "Translator", node: Call) -> Sql:
    count = _count(translator, node, 1)
    text = translator.text(node.parts[0])
    begin = f"CASE WHEN length({{}}) > {count} THEN length({{}}) - {count} + 1 ELSE 1 END"
    return of_parts(f"substr({{}}, {begin})", text, text, text, type_=TEXT)


def _mid(translator: "Translator", node: Call) -> Sql:
    start, count = _count(translator, node, 1, least=1), _count(translator, node, 2)
    return of_parts(f"substr({{}}, {start}, {count})", translator.text(node.parts[0]), type_=TEXT)


def _count(translator: "Translator", node: Call, position: int, *, least: int = 0) -> int:
    """Return a number that is the same for every row; 1 if left out."""
    if position >= len(node.parts):
        return 1
    part = node.parts[position]
    value: Raw = translator.value_of(part) if translator.is_fixed(part) else None
    if value is None or value != int(value) or not least <= value <= 100_000:  # noqa: PLR2004  # any text of a column
        raise translator.refusal(part, Word("this number of characters", "这个字数"))
    return int(value)


def _position(translator: "Translator", text: Sql, wanted: Sql) -> Sql:
    name = "instr" if translator.dialect == "sqlite" else "strpos"
    return of_parts(f"{name}({{}}, {{}})", text, wanted, type_=INT)


def _find(translator: "Translator", node: Call) -> Sql:
    if len(node.parts) > 2:  # noqa: PLR2004  # FIND(part, text, start)
        raise translator.refusal(node.parts[2], Word("FIND from a position", "FIND 的起始位置"))
    wanted, text = (translator.text(one) for one in node.parts)
    return _position(translator, text, wanted)


def _contains(translator: "Translator", node: Call) -> Sql:
    held, wanted = node.parts
    if held.type.kind is Kind.TEXTS:
        return chosen(translator, held, wanted)
    return of_parts("{} > 0", _position(translator, translator.text(held), translator.text(wanted)), type_=BOOL)


def chosen(translator: "Translator", held: Node, wanted: Node) -> Sql:
    """Ask a JSON array of texts for one of them: in quotes and escaped it can stand nowhere else."""
    if not translator.is_fixed(wanted):
        raise translator.refusal(wanted, Word("a field among several choices", "多选里找字段"))
    value = str(translator.value_of(wanted) or "")
    array = translator.value(held).filled()
    forms = sorted({dumps(value), dumps(value, ensure_ascii=False)})
    found = [of_parts("{} > 0", _position(translator, array, _text_constant(form)), type_=BOOL) for form in forms]
    return of_parts(f"({' OR '.join(['{}'] * len(found))})", *found, type_=BOOL)


def _text_constant(text: str) -> Sql:
    found = constant(text, TEXT)
    assert found is not None
    return found


def _starts_with(translator: "Translator", node: Call) -> Sql:
    text, wanted = (translator.text(one) for one in node.parts)
    return of_parts("substr({}, 1, length({})) = {}", text, wanted, wanted, type_=BOOL)


def _ends_with(translator: "Translator", node: Call) -> Sql:
    text, wanted = (translator.text(one) for one in node.parts)
    template = "(length({}) >= length({}) AND substr({}, length({}) - length({}) + 1) = {})"
    return of_parts(template, text, wanted, text, text, wanted, wanted, type_=BOOL)


def _substitute(translator: "Translator", node: Call) -> Sql:
    return of_parts("replace({}, {}, {})", *[translator.text(one) for one in node.parts], type_=TEXT)


def _trim(translator: "Translator", node: Call) -> Sql:
    return of_parts("trim({}, ' \u3000')", translator.text(node.parts[0]), type_=TEXT)


def _concat(translator: "Translator", node: Call) -> Sql:
    texts = [translator.text(one) for one in node.parts]
    return of_parts(f"({' || '.join(['{}'] * len(texts))})", *texts, type_=TEXT)


def _abs(translator: "Translator", node: Call) -> Sql:
    found = translator.value(node.parts[0]).filled()
    return of_parts("abs({})", found, type_=node.type, digits=found.digits)


def _round(translator: "Translator", node: Call) -> Sql:
    """Halves away from zero, by whole division, which cuts on both databases."""
    digits = 0
    if len(node.parts) > 1:
        digits = _count(translator, node, 1)
    found = translator.value(node.parts[0]).filled()
    if digits >= found.digits:
        return found
    step = 10 ** (found.digits - digits)
    template = f"(CASE WHEN {{}} >= 0 THEN ({{}} + {step // 2}) / {step} ELSE ({{}} - {step // 2}) / {step} END)"
    return of_parts(template, found, found, found, type_=node.type, digits=digits)


def _part_of_date(first: int, length: int) -> _Translation:
    def translate(translator: "Translator", node: Call) -> Sql:
        day = node.parts[0]
        if day.type.kind is not Kind.DATE:
            raise translator.refusal(day, Word("parts of a date and time", "日期时间的部分"))
        value = translator.value(day)
        return of_parts(f"CAST(substr({{}}, {first}, {length}) AS INTEGER)", value, type_=INT, nullable=True)

    return translate


def _days(translator: "Translator", node: Call) -> Sql:
    return translator.days(node.parts)


CONDITIONS: Mapping[str, _Translation] = {
    "ISBLANK": _is_blank,
    "CONTAINS": _contains,
    "STARTSWITH": _starts_with,
    "ENDSWITH": _ends_with,
}
VALUES: Mapping[str, _Translation] = {
    "IF": _ifs,
    "IFS": _ifs,
    "SWITCH": _switch,
    "COALESCE": _coalesce,
    "LEN": _len,
    "LEFT": _left,
    "RIGHT": _right,
    "MID": _mid,
    "FIND": _find,
    "SUBSTITUTE": _substitute,
    "TRIM": _trim,
    "CONCAT": _concat,
    "ABS": _abs,
    "ROUND": _round,
    "DAYS": _days,
    "YEAR": _part_of_date(1, 4),
    "MONTH": _part_of_date(6, 2),
    "DAY": _part_of_date(9, 2),
}
SQL_FUNCTIONS = frozenset(CONDITIONS) | frozenset(VALUES) | {"AND", "OR", "NOT"}
