"""From the tree as written to the checked tree: names become keys, types are proved, what cannot be is refused.

What a user typed wrong should be refused when it is typed, not on the day when a value is missing. So every operator
and every parameter says what it takes; a link, a condition or a date never turns into a number by itself.
"""

from decimal import Overflow

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.expr.arithmetic import exact, floor
from zhangshi.expr.calls import CallChecker
from zhangshi.expr.coercion import NO_MEND, as_moment, comparable, mend
from zhangshi.expr.errors import (
    NOT_COMPARABLE,
    NUMBER_TOO_LARGE,
    ROWS_OUTSIDE_AGGREGATE,
    TOO_LARGE,
    WRONG_OPERAND,
    Place,
    Source,
)
from zhangshi.expr.functions import FUNCTIONS
from zhangshi.expr.kinds import BOOL, DATE, DECIMAL, EMPTY, INT, TEXT, Kind, Type
from zhangshi.expr.limits import NODES_MAX
from zhangshi.expr.nodes import Call, Constant, Get, Node, Operation
from zhangshi.expr.resolving import Resolver, Table
from zhangshi.expr.scopes import Scope
from zhangshi.expr.syntax import Call as WrittenCall
from zhangshi.expr.syntax import Literal, Path, Syntax
from zhangshi.expr.syntax import Operation as WrittenOperation

_ORDER = {"<", "<=", ">", ">="}
_JOINABLE = {Kind.TEXT, Kind.DECIMAL, Kind.INT, Kind.DATE, Kind.EMPTY}
_CONDITION = Word("condition", "条件（是否）")
_NUMBER = Word("number", "数字")
_JOINED = Word("text, number or date", "文本、数字或日期")


class Checker:
    """Checks one formula."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self.source = source
        self.scope = scope
        self.resolver = Resolver(source, scope)
        self.table = ""
        """The line table of the aggregate that is being checked."""
        self.aggregate = ""
        self.nodes = 0
        self._calls = CallChecker(self)

    def check(self, tree: Syntax) -> Node:
        """Return the checked tree. Raises formula.* errors that point at the character."""
        self.nodes += 1
        if self.nodes > NODES_MAX:
            raise self.source.refusal(TOO_LARGE, tree.at, limit=NODES_MAX)
        match tree:
            case Literal():
                return self._constant(tree)
            case Path():
                return self._path(tree)
            case WrittenCall():
                return self._calls.check(tree)
            case WrittenOperation():
                return self._operation(tree)

    def _constant(self, tree: Literal) -> Constant:
        value = tree.value
        if value is None:
            return Constant(None, EMPTY, tree.at)
        if isinstance(value, bool):
            return Constant(value, BOOL, tree.at)
        if isinstance(value, str):
            return Constant(value, TEXT, tree.at)
        try:
            number = exact(value)
        except Overflow:
            raise self.source.refusal(NUMBER_TOO_LARGE, tree.at) from None
        whole = floor(number)
        return Constant(whole, INT, tree.at) if number == whole else Constant(number, DECIMAL, tree.at)

    def _path(self, path: Path) -> Node:
        found = self.resolver.resolve(path)
        if isinstance(found, Table) or (found.table and not self.table):
            raise self.source.refusal(ROWS_OUTSIDE_AGGREGATE, path.at, name=".".join(path.words)[:40])
        assert found.table in {"", self.table}  # CallChecker has refused two tables
        return Get(found.level, found.path, found.type, path.at)

    def _operation(self, tree: WrittenOperation) -> Node:
        parts = tuple(self.check(one) for one in tree.parts)
        match tree.operator:
            case "and" | "or" | "not":
                return self.logic(tree.operator, parts, tree.at)
            case "&":
                return self._joined(parts, tree.at)
            case "neg" | "pos":
                return self._signed(tree.operator, parts[0], tree.at)
            case "in":
                return self._membership(parts, tree.at)
            case "+" | "-" | "*" | "/":
                return self._arithmetic(tree.operator, parts, tree.at)
            case _:
                return self.comparison(tree.operator, parts[0], parts[1], tree.at)

    def logic(self, operator: str, parts: tuple[Node, ...], at: Place) -> Node:
        """Return and, or, not of conditions."""
        for one in parts:
            if one.type.kind not in {Kind.BOOL, Kind.EMPTY}:
                raise self._wrong(
                    operator, one, _CONDITION, Word("Compare it, such as a > 0.", "请写成比较，如 数量 > 0。")
                )
        if operator != "not" and len(parts) == 1:
            return parts[0]
        return Operation(operator, parts if operator == "not" else _spliced(operator, parts), BOOL, at)

    def _joined(self, parts: tuple[Node, ...], at: Place) -> Node:
        for one in parts:
            if one.type.kind not in _JOINABLE:
                raise self._wrong("&", one, _JOINED, mend(wanted_number=False, found=one.type))
        return Operation("&", _spliced("&", parts), TEXT, at)

    def _signed(self, operator: str, part: Node, at: Place) -> Node:
        self._number("-" if operator == "neg" else "+", part)
        found = part.type if part.type.is_number else INT
        return Operation(operator, (part,), found, at) if operator == "neg" else part

    def _number(self, operator: str, part: Node) -> None:
        if not (part.type.is_number or part.type.kind is Kind.EMPTY):
            raise self._wrong(operator, part, _NUMBER, mend(wanted_number=True, found=part.type))

    def _arithmetic(self, operator: str, parts: tuple[Node, ...], at: Place) -> Node:
        left, right = parts
        if Kind.DATE in {left.type.kind, right.type.kind} and operator in {"+", "-"}:
            return self._on_dates(operator, left, right, at)
        self._number(operator, left)
        self._number(operator, right)
        whole = operator != "/" and DECIMAL not in {left.type, right.type}
        return Operation(operator, parts, INT if whole else DECIMAL, at)

    def _on_dates(self, operator: str, left: Node, right: Node, at: Place) -> Node:
        if operator == "-" and left.type == DATE:
            right = as_moment(right, self.source)
        if operator == "-" and right.type == DATE:
            left = as_moment(left, self.source)
            if left.type != DATE:
                raise self._wrong(operator, left, DATE.word, mend(wanted_number=False, found=left.type))
            return Operation("days", (left, right), INT, at)
        day, number = (left, right) if left.type == DATE else (right, left)
        self._number(operator, number)
        return Operation("later" if operator == "+" else "earlier", (day, number), DATE, at)

    def comparison(self, operator: str, left: Node, right: Node, at: Place) -> Node:
        """Return a comparison; one with `empty` asks whether the other side is blank."""
        kinds = {left.type.kind, right.type.kind}
        if Kind.TEXT in kinds and kinds & {Kind.DATE, Kind.DATETIME}:
            left, right = as_moment(left, self.source), as_moment(right, self.source)
        if not comparable(left.type, right.type, ordered=operator in _ORDER):
            raise self.source.refusal(
                NOT_COMPARABLE, at, operator=operator, left=left.type.word, right=right.type.word,
                mend=_mend_comparison(left.type, right.type),
            )  # fmt: skip
        if operator in {"=", "<>"} and EMPTY in {left.type, right.type}:
            blank = self._is_blank(left if right.type == EMPTY else right, at)
            return blank if operator == "=" else Operation("not", (blank,), BOOL, at)
        return Operation(operator, (left, right), BOOL, at)

    def _is_blank(self, part: Node, at: Place) -> Node:
        function = FUNCTIONS.find("ISBLANK")
        assert function is not None
        return Call(function, (part,), BOOL, at)

    def _membership(self, parts: tuple[Node, ...], at: Place) -> Node:
        wanted, *choices = parts
        if len(choices) == 1 and choices[0].type.kind is Kind.TEXTS:
            if wanted.type.kind not in {Kind.TEXT, Kind.EMPTY}:
                raise self._wrong("in", wanted, TEXT.word, NO_MEND)
            return Operation("has", (choices[0], wanted), BOOL, at)
        compared = [self.comparison("=", wanted, one, one.at) for one in choices]
        if any(isinstance(one, Call) for one in compared):  # `empty` among them
            return self.logic("or", tuple(compared), at)
        operations = [one for one in compared if isinstance(one, Operation)]
        return Operation("in", (operations[0].parts[0], *(one.parts[1] for one in operations)), BOOL, at)

    def _wrong(self, operator: str, part: Node, wanted: Word, how: Word) -> ZhangshiError:
        return self.source.refusal(
            WRONG_OPERAND, part.at, operator=operator, wanted=wanted, found=part.type.word, mend=how
        )


def _spliced(operator: str, parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return `a and (b and c)` as `a and b and c`: one tree for what means the same."""
    found: list[Node] = []
    for one in parts:
        found += one.parts if isinstance(one, Operation) and one.operator == operator else (one,)
    return tuple(found)


def _mend_comparison(left: Type, right: Type) -> Word:
    if {left.kind, right.kind} <= {Kind.RECORD} and left != right:
        return Word(
            f"One is of {left.entity}, the other of {right.entity}.",
            f"一个是 {left.entity}，一个是 {right.entity}。",
        )
    for one in (left, right):
        if one.kind in {Kind.RECORD, Kind.TEXTS, Kind.BOOL}:
            return mend(wanted_number=False, found=one)
    return mend(wanted_number=True, found=left if left.kind is Kind.TEXT else right)
