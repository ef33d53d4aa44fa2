"""What a function is: its name, words, parameters, result, and how it runs; declared once, in its group's module."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from zhangshi.base.errors import Word
from zhangshi.expr.host import Env
from zhangshi.expr.kinds import Kind, Raw, Type, common_type

Run: TypeAlias = Callable[[Env], Raw]
Group = Literal["logic", "text", "number", "date", "rows", "system"]


class Want(Enum):
    """What a parameter takes, and what an empty argument means to it (see `EMPTY_AS`)."""

    NUMBER = "number"
    INT = "int"
    TEXT = "text"
    SHOWN = "shown"
    BOOL = "bool"
    DATE = "date"
    DATETIME = "datetime"
    MOMENT = "moment"
    RECORD = "record"
    TEXTS = "texts"
    WRITTEN = "written"
    ORDERED = "ordered"
    FORMATTED = "formatted"
    ANY = "any"

    @property
    def word(self) -> Word:
        """Its name for an error's sentence."""
        return _WORDS[self]


_NUMBERS = frozenset({Kind.DECIMAL, Kind.INT})
ACCEPTED: Mapping[Want, frozenset[Kind]] = {
    Want.NUMBER: _NUMBERS,
    Want.INT: _NUMBERS,
    Want.TEXT: frozenset({Kind.TEXT}),
    Want.SHOWN: frozenset({Kind.TEXT, Kind.DECIMAL, Kind.INT, Kind.DATE}),
    Want.BOOL: frozenset({Kind.BOOL}),
    Want.DATE: frozenset({Kind.DATE}),
    Want.DATETIME: frozenset({Kind.DATETIME}),
    Want.MOMENT: frozenset({Kind.DATE, Kind.DATETIME}),
    Want.RECORD: frozenset({Kind.RECORD}),
    Want.TEXTS: frozenset({Kind.TEXT, Kind.TEXTS}),
    Want.WRITTEN: frozenset({Kind.TEXT}),
    Want.ORDERED: frozenset({Kind.TEXT, Kind.DECIMAL, Kind.INT, Kind.DATE, Kind.DATETIME}),
    Want.FORMATTED: frozenset({Kind.DECIMAL, Kind.INT, Kind.DATE, Kind.DATETIME}),
    Want.ANY: frozenset(Kind),
}
_WORDS = {
    Want.NUMBER: Word("number", "数字"),
    Want.INT: Word("whole number", "整数"),
    Want.TEXT: Word("text", "文本"),
    Want.SHOWN: Word("text, number or date", "文本、数字或日期"),
    Want.BOOL: Word("condition", "条件（是否）"),
    Want.DATE: Word("date", "日期"),
    Want.DATETIME: Word("date and time", "日期时间"),
    Want.MOMENT: Word("date or time", "日期或时间"),
    Want.RECORD: Word("linked record", "关联记录"),
    Want.TEXTS: Word("text or several choices", "文本或多选"),
    Want.WRITTEN: Word("text in quotes", "带引号的文本"),
    Want.ORDERED: Word("number, text or date", "数字、文本或日期"),
    Want.FORMATTED: Word("number or date", "数字或日期"),
    Want.ANY: Word("value", "值"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `optional` ones stand last."""

    name: str
    zh: str
    want: Want
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of the language.

    `run` gets the values of the arguments: an empty number is 0, an empty text "", an empty condition false; an empty
    date, time or record makes the answer empty before `run` is called; `ANY` passes empties on. With `asks_host`, the
    host comes first. `lazy` replaces `run` where not every argument may be evaluated. `over` makes an aggregate: it
    gets the parts and answers what runs on (environment, rows). `repeats` trailing parameters may be repeated.
    `effort` says from the arguments how many steps the answer costs beyond one. `result` is a type, or computes it from
    the types of the arguments (None: they do not go together).
    """

    name: str
    group: Group
    zh: str
    en: str
    parameters: tuple[Parameter, ...]
    result: Type | Callable[[Sequence[Type]], Type | None]
    run: Callable[..., Raw] | None = None
    lazy: Callable[[Sequence[Run]], Run] | None = None
    over: Callable[[Sequence[Run]], Callable[[Env, Sequence[Mapping[str, Raw]]], Raw]] | None = None
    over_wants: tuple[Want, ...] = ()
    asks_host: bool = False
    browser: bool = True
    repeats: int = 0
    effort: Callable[..., int] | None = None
    aliases: tuple[str, ...] = ()

    @property
    def is_pure(self) -> bool:
        """Whether the same arguments always give the same answer."""
        return not self.asks_host

    @property
    def least(self) -> int:
        """How many arguments must be given."""
        return sum(not one.optional for one in self.parameters)

    @property
    def most(self) -> int | None:
        """How many arguments may be given; None = any number."""
        return None if self.repeats else len(self.parameters)

    def parameter(self, position: int) -> Parameter:
        """Return the parameter of an argument, counted from 0; trailing ones repeat."""
        count = len(self.parameters)
        if position < count:
            return self.parameters[position]
        return self.parameters[count - self.repeats + (position - count) % self.repeats]

    def usage(self) -> Word:
        """Return how it is written, for people."""
        return Word(self._usage("en"), self._usage("zh"))

    def _usage(self, language: str) -> str:
        words = [(one.zh if language == "zh" else one.name) + ("?" if one.optional else "") for one in self.parameters]
        return f"{self.name}({', '.join(words)}{', …' if self.repeats else ''})"


@dataclass(slots=True)
class Registry:
    """All functions by name; names are looked up in any case, aliases too."""

    functions: dict[str, Function] = field(default_factory=dict)
    _words: dict[str, Function] = field(default_factory=dict)

    def add(self, functions: Sequence[Function]) -> None:
        """Take functions in; a name may be given once."""
        for one in functions:
            for word in (one.name, *one.aliases):
                assert word not in self._words, word
                self._words[word] = one
            self.functions[one.name] = one

    def find(self, word: str) -> Function | None:
        """Return the function that `word` names in any case."""
        return self._words.get(word.upper())

    def words(self) -> Iterator[str]:
        """Yield every name and alias."""
        yield from self._words


def common_result(types: Sequence[Type]) -> Type | None:
    """Return the type that holds all of them."""
    found: Type | None = types[0]
    for one in types[1:]:
        found = common_type(found, one) if found is not None else None
    return found
