"""From tokens to a tree, by precedence climbing.

From loose to tight: or · and · not · = <> < <= > >= in · & · + - · * / · - (sign). Operators of one level go from left
to right; comparisons do not chain. Word operators may be written in any case.
"""

from decimal import Decimal

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.expr.errors import (
    NUMBER_TOO_LARGE,
    TOO_DEEP,
    UNCLOSED_PARENTHESIS,
    UNEXPECTED,
    UNEXPECTED_END,
    Place,
    Source,
)
from zhangshi.expr.lexing import Sort, Token, tokens
from zhangshi.expr.limits import DEPTH_MAX, EXPONENT_MAX, NESTING_MAX
from zhangshi.expr.syntax import Call, Literal, Operation, Path, Syntax

_LEVELS = {"or": 1, "and": 2, "in": 4, "not": 4, "&": 5, "+": 6, "-": 6, "*": 7, "/": 7}
_LEVELS |= dict.fromkeys(("=", "<>", "<", "<=", ">", ">="), 4)
_NOT, _COMPARISON, _SIGN = 3, 4, 8
KEYWORDS = {
    "and": "and", "or": "or", "not": "not", "in": "in", "true": "true", "false": "false", "empty": "empty",
    "真": "true", "假": "false", "空": "empty", "且": "and", "或": "or", "非": "not",
}  # fmt: skip
_VALUES: dict[str, bool | None] = {"true": True, "false": False, "empty": None}
_OPERAND = Word("a value, a name or a function", "一个值、字段或函数")
_OPERATOR = Word("an operator or the end", "运算符，或到此结束")


def parse(source: Source) -> Syntax:
    """Return the tree of a formula. Raises formula.* errors that point at the character."""
    parser = _Parser(source)
    tree = parser.expression(0)
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._tokens = tokens(source)
        self._next = 0
        self._depth = 0

    def expression(self, level: int) -> Syntax:
        self._depth += 1
        if self._depth > NESTING_MAX:
            raise self._source.refusal(TOO_DEEP, self._token.at, limit=DEPTH_MAX)
        left = self._operand()
        while True:
            operator = self._operator()
            here = _LEVELS.get(operator, 0)
            if not here or here <= level:
                break
            left = self._operation(left, operator)
            if here == _COMPARISON and _LEVELS.get(self._operator()) == _COMPARISON:
                raise self._unexpected(Word("and, or, or the end", "and、or，或到此结束"))
        self._depth -= 1
        return left

    def expect_end(self) -> None:
        if self._token.sort is not Sort.END:
            raise self._unexpected(_OPERATOR)

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _operator(self) -> str:
        token = self._token
        if token.sort is Sort.SYMBOL:
            return token.value
        return KEYWORDS.get(token.value.lower(), "") if token.sort is Sort.WORD else ""

    def _operation(self, left: Syntax, operator: str) -> Syntax:
        token = self._take()
        if operator in {"in", "not"}:
            return self._membership(left, operator, token)
        right = self.expression(_LEVELS[operator])
        if operator in {"and", "or", "&"} and isinstance(left, Operation) and left.operator == operator:
            return self._made(operator, (*left.parts, right), token.at)
        return self._made(operator, (left, right), token.at)

    def _made(self, operator: str, parts: tuple[Syntax, ...], at: Place) -> Operation:
        return Operation(operator, parts, at, self._deeper(parts, at))

    def _deeper(self, parts: tuple[Syntax, ...], at: Place) -> int:
        depth = 1 + max((one.depth for one in parts), default=0)
        if depth > DEPTH_MAX:
            raise self._source.refusal(TOO_DEEP, at, limit=DEPTH_MAX)
        return depth

    def _membership(self, left: Syntax, operator: str, token: Token) -> Syntax:
        if operator == "not":
            if self._operator() != "in":
                raise self._unexpected(Word("in", "in"))
            self._take()
        choices = self._choices() if self._is("(") else (self.expression(_COMPARISON),)
        found = self._made("in", (left, *choices), token.at)
        return self._made("not", (found,), token.at) if operator == "not" else found

    def _choices(self) -> tuple[Syntax, ...]:
        opening = self._take()
        return self._arguments(opening, at_least_one=True)

    def _operand(self) -> Syntax:
        token = self._token
        if token.sort is Sort.SYMBOL:
            return self._signed_or_nested(token)
        if token.sort is Sort.END:
            raise self._unexpected(_OPERAND)
        if token.sort is Sort.NAME:
            return self._path()
        self._take()
        if token.sort is Sort.NUMBER:
            return self._number(token)
        if token.sort is Sort.TEXT:
            return Literal(token.value, token.at)
        return self._word(token)

    def _word(self, token: Token) -> Syntax:
        if self._is("(") and KEYWORDS.get(token.value.lower(), "and") in {"and", "or", "not"}:
            name = KEYWORDS.get(token.value.lower(), token.value)
            parts = self._arguments(self._take())
            return Call(name, parts, token.at, self._deeper(parts, token.at))
        keyword = KEYWORDS.get(token.value.lower())
        if keyword in _VALUES:
            return Literal(_VALUES[keyword], token.at)
        if keyword == "not":
            return self._made("not", (self.expression(_NOT),), token.at)
        self._next -= 1
        if keyword is not None:
            raise self._unexpected(_OPERAND)
        return self._path()

    def _number(self, token: Token) -> Literal:
        value = Decimal(token.value)
        if value.adjusted() > EXPONENT_MAX or len(token.value) > EXPONENT_MAX + 20:
            raise self._source.refusal(NUMBER_TOO_LARGE, token.at)
        if self._is("%"):
            end = self._take().at.start + 1
            return Literal(Decimal(f"{token.value}E-2"), Place(token.at.start, end - token.at.start))
        return Literal(value, token.at)

    def _signed_or_nested(self, token: Token) -> Syntax:
        if token.value == "(":
            self._take()
            inside = self.expression(0)
            self._close(token)
            return inside
        if token.value not in {"+", "-"}:
            raise self._unexpected(_OPERAND)
        self._take()
        operand = self.expression(_SIGN)
        is_number = isinstance(operand, Literal) and isinstance(operand.value, Decimal)
        if token.value == "+":
            if is_number:
                return operand
            return self._made("pos", (operand,), token.at)
        if isinstance(operand, Literal) and isinstance(operand.value, Decimal) and operand.value:
            end = operand.at.start + operand.at.length
            return Literal(operand.value.copy_negate(), Place(token.at.start, end - token.at.start))
        return self._made("neg", (operand,), token.at)

    def _path(self) -> Path:
        words, places = [], []
        while True:
            if self._token.sort not in {Sort.WORD, Sort.NAME}:
                raise self._unexpected(Word("a name", "字段名"))
            token = self._take()
            words.append(token.value)
            places.append(token.at)
            if not self._is("."):
                return Path(tuple(words), tuple(places))
            self._take()

    def _arguments(self, opening: Token, *, at_least_one: bool = False) -> tuple[Syntax, ...]:
        found: list[Syntax] = []
        if self._is(")") and not at_least_one:
            self._take()
            return ()
        while True:
            found.append(self.expression(0))
            if not self._is(","):
                self._close(opening)
                return tuple(found)
            self._take()

    def _close(self, opening: Token) -> None:
        if self._token.sort is Sort.END:
            raise self._source.refusal(UNCLOSED_PARENTHESIS, opening.at)
        if not self._is(")"):
            raise self._unexpected(Word('"," or ")"', "“,”或“)”"))
        self._take()

    def _is(self, symbol: str) -> bool:
        return self._token.sort is Sort.SYMBOL and self._token.value == symbol

    def _unexpected(self, wanted: Word) -> ZhangshiError:
        token = self._token
        if token.sort is Sort.END:
            return self._source.refusal(UNEXPECTED_END, token.at, wanted=wanted)
        found = self._source.text[token.at.start : token.at.start + min(token.at.length, 40)]
        return self._source.refusal(UNEXPECTED, token.at, found=found, wanted=wanted)
