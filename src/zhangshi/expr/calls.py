"""Checking of calls: how many arguments, of which types, and which of them go over the rows of a line table."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from zhangshi.base.errors import Word
from zhangshi.expr.coercion import as_moment, mend
from zhangshi.expr.errors import (
    ARGUMENT_COUNT,
    DIFFERENT_RESULTS,
    MIXED_TABLES,
    NEEDS_ROWS,
    NESTED_AGGREGATE,
    NOT_CONSTANT,
    UNKNOWN_ENTITY,
    UNKNOWN_FUNCTION,
    WRONG_ARGUMENT,
    Place,
    Source,
)
from zhangshi.expr.functions import FUNCTIONS, Function
from zhangshi.expr.functions.registry import ACCEPTED, Want
from zhangshi.expr.kinds import BOOL, Kind, Type
from zhangshi.expr.nodes import Call, Constant, Each, Node
from zhangshi.expr.nodes import Operation as Compared
from zhangshi.expr.resolving import Field, Resolver, Table, nearest_words
from zhangshi.expr.scopes import Scope
from zhangshi.expr.syntax import Call as WrittenCall
from zhangshi.expr.syntax import Literal, Operation, Path, Syntax

_MOMENTS = {Want.DATE, Want.DATETIME, Want.MOMENT}


class Checking(Protocol):
    """What checks the rest of a formula."""

    source: Source
    scope: Scope
    resolver: Resolver
    table: str
    aggregate: str
    nodes: int

    def check(self, tree: Syntax) -> Node:
        """Return the checked tree of a part."""
        ...

    def logic(self, operator: str, parts: tuple[Node, ...], at: Place) -> Node:
        """Return and, or, not of conditions."""
        ...

    def comparison(self, operator: str, left: Node, right: Node, at: Place) -> Node:
        """Return a comparison, with what is written brought to the type of the other side."""
        ...


class CallChecker:
    """Checks calls for a checker."""

    def __init__(self, checker: Checking) -> None:
        self._checker = checker
        self._source = checker.source

    def check(self, tree: WrittenCall) -> Node:
        """Return the checked call. Raises formula.* errors."""
        function = FUNCTIONS.find(tree.name)
        if function is None:
            nearest = nearest_words(tree.name[:40], FUNCTIONS.words())
            raise self._source.refusal(UNKNOWN_FUNCTION, tree.at, name=tree.name[:40], nearest=nearest)
        if function.over is not None:
            found = next(self._tables(tree.parts), None)
            if found is not None:
                return self._aggregate(function, tree, found[0])
            if function.run is None:
                raise self._source.refusal(NEEDS_ROWS, tree.at, function=function.name)
        self._count(function, len(tree.parts), tree.at)
        parts = tuple(self._checker.check(one) for one in tree.parts)
        if function.name == "LOOKUP":
            return self._lookup(function, parts, tree.at)
        if function.name in {"AND", "OR", "NOT"}:
            return self._checker.logic(function.name.lower(), parts, tree.at)
        return self._call(function, parts, tree.at)

    def _call(self, function: Function, parts: tuple[Node, ...], at: Place) -> Node:
        wants = [function.parameter(position).want for position in range(len(parts))]
        if function.name == "IFS" and len(parts) % 2:
            wants[-1] = Want.ANY  # the value for none of the conditions
        checked = [self._argument(function, want, position, parts[position]) for position, want in enumerate(wants)]
        if function.name == "SWITCH":
            self._match_choices(checked)
        return Call(function, tuple(checked), self._result(function, checked, at), at)

    def _match_choices(self, parts: list[Node]) -> None:
        """Make the choices of a SWITCH comparable with its value; the last argument may stand alone."""
        for position in range(1, len(parts) - 1, 2):
            choice = parts[position]
            compared = self._checker.comparison("=", parts[0], choice, choice.at)
            if isinstance(compared, Compared):
                parts[0], parts[position] = compared.parts

    def _argument(self, function: Function, want: Want, position: int, part: Node) -> Node:
        if want in _MOMENTS:
            part = as_moment(part, self._source)
        if want is Want.WRITTEN and not (isinstance(part, Constant) and isinstance(part.value, str)):
            raise self._source.refusal(
                NOT_CONSTANT, part.at, function=function.name, parameter=_named(function, position)
            )
        if part.type.kind is Kind.EMPTY or part.type.kind in ACCEPTED[want]:
            return part
        raise self._source.refusal(
            WRONG_ARGUMENT, part.at, function=function.name, parameter=_named(function, position), wanted=want.word,
            found=part.type.word, mend=mend(wanted_number=want in {Want.NUMBER, Want.INT}, found=part.type),
        )  # fmt: skip

    def _result(self, function: Function, parts: Sequence[Node], at: Place) -> Type:
        if isinstance(function.result, Type):
            return function.result
        types = [one.type for one in parts]
        found = function.result(types)
        if found is None:
            first, second = _differing(types)
            raise self._source.refusal(
                DIFFERENT_RESULTS, at, function=function.name, first=first.word, second=second.word
            )
        return found

    def _count(self, function: Function, found: int, at: Place) -> None:
        most = function.most
        uneven = function.name == "LOOKUP" and found % 2 == 1
        if found >= function.least and (most is None or found <= most) and not uneven:
            return
        wanted = str(function.least) if function.least == most else f"{function.least}–{most or '…'}"
        raise self._source.refusal(
            ARGUMENT_COUNT, at, function=function.name, wanted=wanted, found=found, usage=function.usage()
        )

    def _aggregate(self, function: Function, tree: WrittenCall, table: str) -> Node:
        checker = self._checker
        if checker.table:
            raise self._source.refusal(NESTED_AGGREGATE, tree.at, function=checker.aggregate)
        for other, at in self._tables(tree.parts):
            if other != table:
                raise self._source.refusal(MIXED_TABLES, at, first=table, second=other)
        wants = function.over_wants
        least = min(len(wants), function.least)
        if not least <= len(tree.parts) <= len(wants):
            self._refuse_count(function, len(tree.parts), tree.at)
        checker.table, checker.aggregate = table, function.name
        before = checker.nodes
        parts = tuple(
            self._argument(function, wants[position], position, self._row_value(function, one))
            for position, one in enumerate(tree.parts)
        )
        checker.table = checker.aggregate = ""
        return Each(function, table, parts, self._result(function, parts, tree.at), tree.at, checker.nodes - before)

    def _refuse_count(self, function: Function, found: int, at: Place) -> None:
        usage = function.usage()
        wanted = str(len(function.over_wants))
        raise self._source.refusal(ARGUMENT_COUNT, at, function=function.name, wanted=wanted, found=found, usage=usage)

    def _row_value(self, function: Function, tree: Syntax) -> Node:
        """COUNT(lines) counts every row: the table as a whole is the value `true` on each."""
        if function.name == "COUNT" and isinstance(tree, Path):
            found = self._checker.resolver.resolve(tree)
            if isinstance(found, Table):
                return Constant(value=True, type=BOOL, at=tree.at)
        return self._checker.check(tree)

    def _tables(self, trees: tuple[Syntax, ...]) -> Iterator[tuple[str, Place]]:
        """Yield the line tables that the trees name outside of aggregates of their own, and where."""
        for tree in trees:
            match tree:
                case Path():
                    found = self._checker.resolver.resolve(tree)
                    table = found.key if isinstance(found, Table) else found.table
                    if table:
                        yield table, tree.at
                case Operation(parts=parts):
                    yield from self._tables(parts)
                case WrittenCall(name=name, parts=parts):
                    function = FUNCTIONS.find(name)
                    if function is None or function.over is None:
                        yield from self._tables(parts)
                case Literal():
                    pass

    def _lookup(self, function: Function, parts: tuple[Node, ...], at: Place) -> Node:
        written = [
            self._argument(function, function.parameter(position).want, position, one)
            for position, one in enumerate(parts)
        ]
        entity = _text(written[0])
        scope = self._checker.scope.links(entity)
        if scope is None:
            raise self._source.refusal(UNKNOWN_ENTITY, written[0].at, name=entity[:40])
        wanted = self._field(scope, written[1])
        for position in range(2, len(written), 2):
            match = self._field(scope, written[position])
            compared = Constant(None, match.type, written[position].at)
            value = written[position + 1]
            found = self._checker.comparison("=", compared, value, value.at)
            if isinstance(found, Compared):
                written[position + 1] = found.parts[1]
            written[position] = Constant(match.path, written[position].type, written[position].at)
        written[1] = Constant(wanted.path, written[1].type, written[1].at)
        return Call(function, tuple(written), wanted.type, at)

    def _field(self, scope: Scope, written: Node) -> Field:
        words = tuple(one.strip() for one in _text(written).split("."))
        found = Resolver(self._source, scope).resolve(Path(words, tuple(written.at for _ in words)))
        assert isinstance(found, Field)
        return found


def _text(written: Node) -> str:
    assert isinstance(written, Constant)
    return str(written.value)


def _named(function: Function, position: int) -> Word:
    parameter = function.parameter(position)
    return Word(parameter.name, parameter.zh)


def _differing(types: list[Type]) -> tuple[Type, Type]:
    values = [one for one in types if one.kind is not Kind.EMPTY]
    last = values[-1]
    return next((one for one in reversed(values) if one.kind is not last.kind), values[0]), last
