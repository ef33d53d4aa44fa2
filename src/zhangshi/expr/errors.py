"""Refusals of the formula language. Each knows its place: `position` (1-based character), `length` and the `snippet`.

A formula typed by a person is refused when it is read (`compile_formula`) wherever that is possible; what only the
values can tell (a division by zero) is refused when it is evaluated.
"""

from dataclasses import dataclass

from zhangshi.base.errors import ErrorCode, FactValue, ZhangshiError
from zhangshi.expr.limits import SNIPPET_MAX


def _code(name: str, zh: str, en: str) -> ErrorCode:
    return ErrorCode(f"formula.{name}", f"公式第 {{position}} 个字符：{zh}", f"Formula, character {{position}}: {en}")


# reading the text
EMPTY_FORMULA = _code("empty", "公式是空的。请写一个公式。", "the formula is empty. Write one.")
TOO_LONG = _code(
    "too_long",
    "公式有 {found} 个字符，最多 {limit} 个。请把一部分放到另一个公式字段里。",
    "it has {found} characters, {limit} at most. Move a part of it to a formula field of its own.",
)
TOO_DEEP = _code(
    "too_deep",
    "嵌套超过 {limit} 层。请把里层放到另一个公式字段里，多重 IF 可改用 IFS 或 SWITCH。",
    "nested more than {limit} levels. Move the inner part to a formula field of its own; nested IFs become IFS.",
)
TOO_LARGE = _code(
    "too_large",
    "公式超过 {limit} 个部分。请把它拆成几个公式字段。",
    "the formula has more than {limit} parts. Split it into several formula fields.",
)
UNEXPECTED_CHARACTER = _code(
    "unexpected_character",
    "不认识字符“{found}”。含有这种字符的名称请写在方括号里，如 [单价(元)]。",
    'the character "{found}" means nothing here. A name that contains it goes into brackets, such as [price (net)].',
)
BAD_NUMBER = _code(
    "bad_number",
    "“{found}”不是数字。以数字开头的名称请写在方括号里，如 [2号仓]；数字里不要写千分位逗号。",
    '"{found}" is not a number. A name that begins with a digit goes into brackets, such as [2nd store].',
)
UNCLOSED_TEXT = _code("unclosed_text", "文本缺少结尾的引号。请补上。", "the text has no closing quote. Add it.")
UNCLOSED_NAME = _code("unclosed_name", "名称缺少“]”。请补上。", 'the name has no "]". Add it.')
UNCLOSED_PARENTHESIS = _code(
    "unclosed_parenthesis",
    "这个“(”没有配对的“)”。请补上。",
    'this "(" has no ")". Add it.',
)
UNEXPECTED = _code(
    "unexpected",
    "这里不该是“{found}”，应为{wanted}。",
    '"{found}" cannot stand here; {wanted} is wanted.',
)
UNEXPECTED_END = _code(
    "unexpected_end",
    "公式没有写完，后面还应有{wanted}。",
    "the formula ends too early; {wanted} is missing.",
)

# names
UNKNOWN_NAME = _code(
    "unknown_name",
    "没有叫“{name}”的字段。{nearest}",
    'there is no field "{name}". {nearest}',
)
AMBIGUOUS_NAME = _code(
    "ambiguous_name",
    "有几个字段都叫“{name}”。请写它的键：{keys}。",
    'several fields are called "{name}". Write the key of the one you mean: {keys}.',
)
UNKNOWN_FUNCTION = _code(
    "unknown_function",
    "没有函数“{name}”。{nearest}",
    'there is no function "{name}". {nearest}',
)
NOT_A_LINK = _code(
    "not_a_link",
    "“{name}”是{found}，后面不能再加“.”。只有关联字段可以，如 物料.规格。",
    '"{name}" is a {found}, nothing lies behind it. Only a link takes a ".", such as item.spec.',
)
ROWS_OUTSIDE_AGGREGATE = _code(
    "rows_outside_aggregate",
    "“{name}”在明细里，有很多值。请放进 SUM、COUNT、MAX 等函数，如 SUM({name})。",
    '"{name}" stands in a line table and has many values. Put it into SUM, COUNT, MAX …, such as SUM({name}).',
)
NESTED_AGGREGATE = _code(
    "nested_aggregate",
    "{function} 里不能再套一个明细汇总。请把里面的汇总放到另一个公式字段里。",
    "an aggregate over lines cannot stand inside {function}. Move it to a formula field of its own.",
)
MIXED_TABLES = _code(
    "mixed_tables",
    "一个汇总里只能用一个明细表，这里用了“{first}”和“{second}”。请分开汇总。",
    'one aggregate reads one line table, here are "{first}" and "{second}". Aggregate them separately.',
)
NEEDS_ROWS = _code(
    "needs_rows",
    "{function} 要汇总明细，如 {function}(明细.数量 > 0)。请用明细里的字段。",
    "{function} goes over lines, such as {function}(lines.quantity > 0). Name a field of a line table.",
)

# types
WRONG_OPERAND = _code(
    "wrong_operand",
    "“{operator}”这里要{wanted}，却是{found}。{mend}",
    '"{operator}" wants a {wanted} here, not a {found}. {mend}',
)
NOT_COMPARABLE = _code(
    "not_comparable",
    "{left}不能和{right}用“{operator}”比较。{mend}",
    'a {left} and a {right} cannot be compared by "{operator}". {mend}',
)
WRONG_ARGUMENT = _code(
    "wrong_argument",
    "{function} 的“{parameter}”要{wanted}，却是{found}。{mend}",
    '"{parameter}" of {function} wants a {wanted}, not a {found}. {mend}',
)
ARGUMENT_COUNT = _code(
    "argument_count",
    "{function} 要 {wanted} 个参数，写了 {found} 个。用法：{usage}。",
    "{function} takes {wanted} arguments, not {found}. Write {usage}.",
)
DIFFERENT_RESULTS = _code(
    "different_results",
    "{function} 的结果有{first}也有{second}。请让各个结果是同一种，例如用 TEXT 转成文本。",
    "the results of {function} are a {first} and a {second}. Make them one kind, for example by TEXT.",
)
WRONG_RESULT = _code(
    "wrong_result",
    "这个公式应得出{wanted}，却得出{found}。{mend}",
    "the formula should give a {wanted}, but gives a {found}. {mend}",
)
NOT_CONSTANT = _code(
    "not_constant",
    "{function} 的“{parameter}”必须直接写成带引号的文本。",
    '"{parameter}" of {function} must be written as a text in quotes.',
)
UNKNOWN_ENTITY = _code(
    "unknown_entity",
    "没有叫“{name}”的单据或资料。请写它的键。",
    'there is no entity "{name}". Write its key.',
)

# values
DIVISION_BY_ZERO = _code(
    "division_by_zero",
    "除数是零。可写 IF(除数 = 0, 0, …) 或 IFERROR(…, 0)。",
    "division by zero. Write IF(divisor = 0, 0, …) or IFERROR(…, 0).",
)
NUMBER_TOO_LARGE = _code(
    "number_too_large",
    "数字太大，超过 41 位。请检查是否多打了几位。",
    "the number has more than 41 digits. Check for digits typed twice.",
)
TEXT_TOO_LONG = _code(
    "text_too_long",
    "得出的文本超过 {limit} 个字符。请缩短。",
    "the text would have more than {limit} characters. Shorten it.",
)
TOO_MANY_STEPS = _code(
    "too_many_steps",
    "计算超过 {limit} 步。请减少明细行，或把公式拆开。",
    "more than {limit} steps. Use fewer lines, or split the formula.",
)
NOT_A_NUMBER = _code(
    "not_a_number",
    "“{text}”不是数字。可写 IFERROR(VALUE(…), 0)。",
    '"{text}" is not a number. Write IFERROR(VALUE(…), 0).',
)
BAD_DATE = _code(
    "bad_date",
    "“{text}”不是日期。请写成 2026-01-31 的样子。",
    '"{text}" is not a date. Write it like 2026-01-31.',
)
BAD_FORMAT = _code(
    "bad_format",
    "不认识格式“{text}”。数字如 0.00、#,##0.00、0%，日期如 yyyy-MM-dd、yyyy年M月d日。",
    'the format "{text}" is unknown. For numbers 0.00, #,##0.00, 0%; for dates yyyy-MM-dd, d/M/yyyy.',
)
OUT_OF_RANGE = _code(
    "out_of_range",
    "{function} 的“{parameter}”不能是 {found}，应在 {least} 到 {most} 之间。",
    '"{parameter}" of {function} cannot be {found}; it lies between {least} and {most}.',
)
NOT_WHOLE = _code(
    "not_whole",
    "这里要整数，却是 {found}。请用 INT 或 ROUND 取整。",
    "a whole number is wanted here, not {found}. Round it by INT or ROUND.",
)
NOT_AVAILABLE_HERE = _code(
    "not_available_here",
    "这里不能问系统“{question}”。请在单据的公式里用这个函数。",
    'the system cannot be asked "{question}" here. Use this function in a formula of a record.',
)

# stored formulas and SQL
BAD_STORED = _code(
    "bad_stored",
    "存储的公式损坏（{found}）。请重新写这个公式。",
    "the stored formula is damaged ({found}). Write it again.",
)
NEWER_VERSION = _code(
    "newer_version",
    "公式是用新版本 {found} 写的，本系统只懂到 {limit}。请升级系统。",
    "the formula was written by version {found}, this system knows {limit}. Upgrade the system.",
)
NOT_IN_SQL = _code(
    "not_in_sql",
    "筛选、数据范围和汇总条件里不能用{what}。请改用保存的公式字段。",
    "a filter, a row scope or a rollup cannot use {what}. Use a stored formula field instead.",
)

CATCHABLE = frozenset(
    code.code for code in (DIVISION_BY_ZERO, NUMBER_TOO_LARGE, NOT_A_NUMBER, BAD_DATE, OUT_OF_RANGE, NOT_WHOLE)
)
"""What IFERROR answers for; limits and a missing host are not errors of the values."""


class Failed(Exception):
    """A function cannot answer for these values; the evaluator adds the place and makes it a ZhangshiError."""

    def __init__(self, code: ErrorCode, **facts: FactValue) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code.code)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a formula's text, from 0."""

    start: int
    length: int


class Source:
    """The text of a formula, to point into."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def refusal(self, code: ErrorCode, at: Place, **facts: FactValue) -> ZhangshiError:
        """Return the error that points at `at`."""
        snippet = self.text[at.start : at.start + min(at.length, SNIPPET_MAX)]
        return ZhangshiError(code, **facts, position=at.start + 1, length=at.length, snippet=snippet)
