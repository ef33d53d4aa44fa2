"""A compiled formula: what is stored, what it reads, and its value for given values."""

from collections.abc import Mapping
from typing import Any, Self

from zhangshi.base.errors import Word
from zhangshi.expr.checking import Checker
from zhangshi.expr.coercion import as_moment, mend
from zhangshi.expr.compiled_calls import answer_as
from zhangshi.expr.compiling import compiled
from zhangshi.expr.errors import NEWER_VERSION, UNKNOWN_NAME, WRONG_RESULT, Place, Source
from zhangshi.expr.host import Env
from zhangshi.expr.kinds import DATE, DATETIME, Kind, Type, Value, common_type
from zhangshi.expr.nodes import Constant, Each, Get, Node
from zhangshi.expr.parsing import parse
from zhangshi.expr.reading import Reads, reads_of
from zhangshi.expr.rendering import rendered
from zhangshi.expr.resolving import nearest_words
from zhangshi.expr.scopes import LanguageOrKeys, Scope
from zhangshi.expr.storing import damaged, here_paths, stored

VERSION = 1


class Formula:
    """A formula that has been checked against a scope. It is immutable and may be evaluated by many threads at once."""

    __slots__ = ("_reads", "_run", "_tree", "source", "type")

    def __init__(self, tree: Node, source: Source, expects: Type | None) -> None:
        self._tree = tree
        self.source = source
        self.type = expects if expects is not None and tree.type.is_number else tree.type
        self._reads: Reads = reads_of(tree)
        self._run = answer_as(compiled(tree, source), self.type.kind, tree, source)

    @classmethod
    def from_json(cls, data: object, scope: Scope, *, expects: Type | None = None) -> Self:
        """Read a stored formula again; it is checked against the scope of today.

        Raises formula.bad_stored, newer_version, and whatever `compile_formula` refuses: a field that is gone.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("v"), int):
            raise damaged(data)
        if data["v"] > VERSION:
            raise Source("").refusal(NEWER_VERSION, Place(0, 0), found=data["v"], limit=VERSION)
        tree = data.get("ast")
        text = rendered(tree, scope, "keys")
        if expects is None and isinstance(tree, list | tuple):  # a moment that stands alone is written as a text
            expects = {"date": DATE, "instant": DATETIME}.get(tree[0])
        formula = cls._compiled(text, scope, expects)
        if gone := set(here_paths(tree)) - formula.reads:  # a header's field of the same key is not what was meant
            facts = {"name": min(gone), "nearest": nearest_words(min(gone), scope.words())}
            raise formula.source.refusal(UNKNOWN_NAME, Place(0, len(formula.source.text)), **facts)
        return formula

    @classmethod
    def _compiled(cls, text: str, scope: Scope, expects: Type | None) -> Self:
        source = Source(text)
        tree = Checker(source, scope).check(parse(source))
        return cls(tree if expects is None else _expected(tree, expects, source), source, expects)

    def to_json(self) -> dict[str, Any]:
        """Return what is stored: a tree of keys, no labels. The browser evaluates it too."""
        return {"v": VERSION, "ast": stored(self._tree)}

    def text(self, scope: Scope, language: LanguageOrKeys) -> str:
        """Return the formula with the labels of `language`, or with keys; it compiles to the same tree."""
        return rendered(stored(self._tree), scope, language)

    @property
    def tree(self) -> Node:
        """The checked tree, for other back ends."""
        return self._tree

    @property
    def reads(self) -> frozenset[str]:
        """Dotted paths of the thing at hand that it reads."""
        return self._reads.here

    @property
    def parent_reads(self) -> frozenset[str]:
        """Dotted paths of the header that it reads."""
        return self._reads.parent

    @property
    def row_reads(self) -> Mapping[str, frozenset[str]]:
        """Line tables that it goes over, and the dotted paths of their rows that it reads."""
        return self._reads.rows

    @property
    def functions(self) -> frozenset[str]:
        """Names of the functions that ask the host."""
        return self._reads.host_functions

    @property
    def is_constant(self) -> bool:
        """Whether it reads nothing and asks nothing."""
        reads = self._reads
        return not (reads.here or reads.parent or reads.rows or reads.host_functions)

    def evaluate(self, env: Env) -> Value:
        """Return the value; None is empty. Raises ZhangshiError formula.* with the place."""
        env.steps = 0
        return self._run(env)  # type: ignore[no-any-return]  # the checker has proved its type

    def __repr__(self) -> str:
        return f"Formula({self.source.text!r})"


def compile_formula(text: str, scope: Scope, *, expects: Type | None = None) -> Formula:
    """Read, check and compile a formula; `expects` is the type of its answer.

    A decimal where a whole number is expected is refused when it is evaluated and has a fraction. Raises ZhangshiError
    formula.* with the facts position (1-based character), length and snippet.
    """
    return Formula._compiled(text, scope, expects)  # noqa: SLF001  # the two make one


def _expected(tree: Node, expects: Type, source: Source) -> Node:
    if expects.kind in {Kind.DATE, Kind.DATETIME} and isinstance(tree, Constant) and tree.type.kind is Kind.TEXT:
        tree = as_moment(tree, source)
    if common_type(tree.type, expects) is None:
        at = tree.at if isinstance(tree, Constant | Get | Each) else Place(0, len(source.text))
        how = mend(wanted_number=expects.is_number, found=tree.type) if expects.kind is not Kind.BOOL else _COMPARE
        raise source.refusal(WRONG_RESULT, at, wanted=expects.word, found=tree.type.word, mend=how)
    return tree


_COMPARE = Word("Write a comparison, such as a > 0.", "请写成条件，如 数量 > 0。")
