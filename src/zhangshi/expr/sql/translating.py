"""From the checked tree to SQL, for filters, row scopes and the conditions of rollups.

The answer is what `Formula.evaluate` gives on the same values, or formula.not_in_sql with the place. What reads
no column is computed here, with the host, and travels as a parameter. Two scaled columns are never multiplied or
divided.
"""

from collections.abc import Sequence
from datetime import date, datetime

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.expr.arithmetic import divide, multiply
from zhangshi.expr.compiling import compiled
from zhangshi.expr.errors import NOT_IN_SQL
from zhangshi.expr.formula import Formula
from zhangshi.expr.host import Env, Host
from zhangshi.expr.kinds import BOOL, DATE, INT, TEXT, Kind, Raw
from zhangshi.expr.nodes import Call, Constant, Each, Get, Node, Operation
from zhangshi.expr.reading import walked
from zhangshi.expr.sql.comparing import MIRRORED, of_two, truth, with_constant
from zhangshi.expr.sql.constants import constant, scale_of, scaled_number
from zhangshi.expr.sql.functions import CONDITIONS, VALUES, chosen
from zhangshi.expr.sql.model import Columns, Dialect, Sql, of_parts

_COMPARISONS = frozenset(MIRRORED)
_LOGIC = {"and", "or", "not"}
_FACTOR_DIGITS_MAX = 9


class Translator:
    """Translates one formula."""

    def __init__(
        self, formula: Formula, columns: Columns, parent_columns: Columns | None, dialect: Dialect, host: Host
    ) -> None:
        self.dialect: Dialect = dialect
        self._source = formula.source
        self._columns = columns
        self._parent_columns = parent_columns
        self._host = host

    def condition(self, node: Node, *, positive: bool) -> Sql:
        """Return a condition. Positively, what is not true may be NULL; otherwise it is true or false."""
        if self.is_fixed(node):
            return truth(self.value_of(node))
        match node:
            case Operation(operator=operator, parts=parts) if operator in _LOGIC:
                return self._logic(operator, parts, positive=positive)
            case Operation(operator=sign, parts=(left, right)) if sign in _COMPARISONS:
                return self.comparison(sign, left, right, positive=positive)
            case Operation(operator="has", parts=(held, wanted)):
                return chosen(self, held, wanted)
            case Operation(operator="in", parts=parts):
                return self._membership(parts, positive=positive)
            case Call(function=function) if function.name in CONDITIONS:
                return CONDITIONS[function.name](self, node)
            case Get():
                column = self.value(node)
                side = column if positive else column.filled()
                return of_parts("{} = 1", side, type_=BOOL, nullable=side.nullable)
        found = self.value(node)
        return of_parts("{} = 1", found.filled(), type_=BOOL)

    def value(self, node: Node) -> Sql:
        """Return a value; empty is NULL."""
        if self.is_fixed(node):
            found = constant(self.value_of(node), node.type)
            if found is None:
                raise self.refusal(node, Word("this value", "这个值"))
            return found
        match node:
            case Get(level=level, path=path):
                return self._column(node, level, path)
            case Operation(operator=operator, parts=parts):
                return self._operation(node, operator, parts)
            case Call(function=function) if function.name in VALUES:
                return VALUES[function.name](self, node)
            case Call(function=function) if function.name in CONDITIONS:
                return self.as_value(self.condition(node, positive=True))
            case Call(function=function) | Each(function=function):
                raise self.refusal(node, Word(function.name, function.name))
            case Constant():
                raise AssertionError(node)

    def is_fixed(self, node: Node) -> bool:
        """Whether the value depends on no row."""
        return not any(isinstance(one, Get | Each) for one, _ in walked(node, ""))

    def value_of(self, node: Node) -> Raw:
        """Return the value of what depends on no row. Raises what evaluating it raises."""
        return compiled(node, self._source)(Env(host=self._host))

    def as_value(self, condition: Sql) -> Sql:
        """Return a condition as 1 or 0."""
        return of_parts("CASE WHEN {} THEN 1 ELSE 0 END", condition, type_=BOOL)

    def refusal(self, node: Node, what: Word) -> ZhangshiError:
        """Return formula.not_in_sql, with the place."""
        return self._source.refusal(NOT_IN_SQL, node.at, what=what)

    def _column(self, node: Node, level: str, path: str) -> Sql:
        columns = self._columns if level == "here" else self._parent_columns
        column = columns(path) if columns is not None else None
        if column is None:
            raise self.refusal(node, Word(f"the field {path}", f"字段 {path}"))
        return Sql(column.text, (), node.type, column.digits or 0)

    def _logic(self, operator: str, parts: Sequence[Node], *, positive: bool) -> Sql:
        if operator == "not":
            return of_parts("NOT ({})", self.condition(parts[0], positive=False), type_=BOOL)
        found = [self.condition(one, positive=positive) for one in parts]
        between = f" {operator.upper()} ".join(["{}"] * len(found))
        return of_parts(f"({between})", *found, type_=BOOL, nullable=any(one.nullable for one in found))

    def comparison(self, sign: str, left: Node, right: Node, *, positive: bool) -> Sql:
        """Return a comparison of two parts; see `condition` about `positive`."""
        if self.is_fixed(left) and self.is_fixed(right):
            return truth(compiled(Operation(sign, (left, right), BOOL, left.at), self._source)(Env(host=self._host)))
        if self.is_fixed(left):
            sign, left, right = MIRRORED[sign], right, left
        kinds = {left.type.kind, right.type.kind}
        if Kind.TEXTS in kinds:
            raise self.refusal(left, Word("a comparison of several choices", "多选的比较"))
        side = self._bool_value(left) if left.type == BOOL else self.value(left)
        if not self.is_fixed(right):
            if kinds == {Kind.DATE, Kind.DATETIME}:
                raise self.refusal(left, Word("a date against a date and time", "日期与日期时间的比较"))
            return of_two(sign, side, self._bool_value(right) if left.type == BOOL else self.value(right), self.dialect)
        value = self.value_of(right)
        if left.type == BOOL:
            return of_parts(f"{{}} {sign} {int(bool(value))}", side.filled(), type_=BOOL)
        if kinds == {Kind.DATE, Kind.DATETIME} and value is not None:
            value = self._moment(left, value)
        return with_constant(sign, side, value, self.dialect, positive=positive)

    def _bool_value(self, node: Node) -> Sql:
        return self.value(node) if isinstance(node, Get) else self.as_value(self.condition(node, positive=True))

    def _moment(self, left: Node, value: date) -> datetime:
        if left.type == DATE:
            raise self.refusal(left, Word("a date against a date and time", "日期与日期时间的比较"))
        return self._host.instant_of(datetime(value.year, value.month, value.day))  # noqa: DTZ001  # a wall clock

    def _membership(self, parts: Sequence[Node], *, positive: bool) -> Sql:
        found = [self.comparison("=", parts[0], one, positive=positive) for one in parts[1:]]
        return of_parts(f"({' OR '.join(['{}'] * len(found))})", *found, type_=BOOL, nullable=positive)

    def _operation(self, node: Operation, operator: str, parts: Sequence[Node]) -> Sql:
        if node.type == BOOL:
            return self.as_value(self.condition(node, positive=True))
        if operator == "&":
            texts = [self.text(one) for one in parts]
            return of_parts(f"({' || '.join(['{}'] * len(texts))})", *texts, type_=TEXT)
        if operator == "neg":
            found = self.value(parts[0]).filled()
            return of_parts("(-{})", found, type_=node.type, digits=found.digits)
        if operator == "days":
            return self.days(parts)
        if operator in {"later", "earlier"}:
            return self._on_dates(operator, parts)
        if operator in {"*", "/"}:
            return self._product(node, operator, parts)
        left, right = (self.value(one).filled() for one in parts)
        digits = max(left.digits, right.digits)
        return of_parts(
            f"({{}} {operator} {{}})", left.scaled(digits), right.scaled(digits), type_=node.type, digits=digits
        )

    def _product(self, node: Operation, operator: str, parts: Sequence[Node]) -> Sql:
        left, right = parts
        if operator == "*" and self.is_fixed(left):
            left, right = right, left
        if not self.is_fixed(right):
            raise self.refusal(node, Word(f'"{operator}" of two fields', f"两个字段的“{operator}”"))
        factor = self.value_of(right) or 0
        if operator == "/":
            factor = self._inverse(node, factor)
        digits = scale_of(factor)
        scaled = scaled_number(factor, digits)
        if scaled is None or digits > _FACTOR_DIGITS_MAX:
            raise self.refusal(node, Word("this factor", "这个系数"))
        found = self.value(left).filled()
        return of_parts(f"({{}} * ({scaled}))", found, type_=node.type, digits=found.digits + digits)

    def _inverse(self, node: Operation, divisor: Raw) -> Raw:
        inverse = divide(1, divisor) if divisor else None
        if inverse is None or multiply(inverse, divisor) != 1:
            raise self.refusal(node, Word("this division", "这个除法"))
        return inverse

    def _on_dates(self, operator: str, parts: Sequence[Node]) -> Sql:
        day, other = (self.value(one) for one in parts)
        if other.digits:
            raise self.refusal(parts[1], Word("a number of days with a fraction", "带小数的天数"))
        count = of_parts("{}" if operator == "later" else "(-{})", other.filled(), type_=INT)
        template = "to_char(CAST({} AS date) + CAST({} AS integer), 'YYYY-MM-DD')"
        if self.dialect == "sqlite":
            template = "date({}, {} || ' days')"
        return of_parts(template, day, count, type_=DATE, nullable=True)

    def days(self, parts: Sequence[Node]) -> Sql:
        """Return how many days the first date is after the second."""
        end, start = (self.value(one) for one in parts)
        template = "(CAST({} AS date) - CAST({} AS date))"
        if self.dialect == "sqlite":
            template = "CAST(julianday({}) - julianday({}) AS INTEGER)"
        return of_parts(template, end, start, type_=INT, nullable=True)

    def text(self, node: Node) -> Sql:
        """Return a part of a joined text: empty is no text, a whole number its digits."""
        found = self.value(node)
        if found.type.is_number:
            if found.digits:
                raise self.refusal(node, Word("a decimal in a text", "文本里的小数"))
            return of_parts("CAST({} AS TEXT)", found, type_=TEXT, nullable=found.nullable).filled()
        return found.filled()


def to_sql(
    formula: Formula, columns: Columns, *, dialect: Dialect, host: Host, parent_columns: Columns | None = None
) -> Sql:
    """Return the formula as SQL. Raises formula.not_in_sql with the place, or what a constant part raises."""
    translator = Translator(formula, columns, parent_columns, dialect, host)
    if formula.type == BOOL:
        return translator.condition(formula.tree, positive=True)
    return translator.value(formula.tree)
