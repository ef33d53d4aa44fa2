"""Named errors: a stable code, the facts, and a sentence for the person who reads it.

Every anticipated failure of the product is one `ErrorCode` declared once in the slice that raises it. The
code is stable and documented; the sentence is written in Chinese first and English second and says what is
missing *and* what to do. Facts are plain values (text, integers, dates) keyed by name, so that a program can
act on them without reading the sentence. A fact that is one of the product's own words is a `Word`: programs get
the stable English word, a Chinese sentence shows the Chinese one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

Language = Literal["zh", "en"]
FactValue = str | int | bool | None
Facts = Mapping[str, FactValue]


class Word(str):
    """A word of the product as a fact: the text that programs read, and `zh` for a Chinese sentence.

    Some codecs refuse subclasses of `str`; `ZhangshiError.facts` therefore holds plain text in its place.
    """

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, text: str, zh: str) -> Self:
        """Make the word; both languages are wanted."""
        made = super().__new__(cls, text)
        made.zh = zh
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Word, (str(self), self.zh)


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One way in which something can be refused.

    `code` is `slice.fact`, immutable. `zh` and `en` are `str.format` templates over the facts; each names
    what is wrong and then what to do.
    """

    code: str
    zh: str
    en: str


class ZhangshiError(Exception):
    """An anticipated failure: it has a code, facts, and a sentence in the reader's language."""

    def __init__(self, error_code: ErrorCode, **facts: FactValue) -> None:
        self.error_code = error_code
        self.facts: dict[str, FactValue] = {
            name: str(value) if isinstance(value, Word) else value for name, value in facts.items()
        }
        self._words = {name: value.zh for name, value in facts.items() if isinstance(value, Word)}
        super().__init__(error_code.code)

    @property
    def code(self) -> str:
        """The stable code, such as `ledger.insufficient_stock`."""
        return self.error_code.code

    def message(self, language: Language = "zh") -> str:
        """Return the sentence in `language`; a fact that the raiser left out shows as `?`."""
        if language == "zh":
            return self.error_code.zh.format_map(_Shown({**self.facts, **self._words}))
        return self.error_code.en.format_map(_Shown(self.facts))

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {self.message('en')}" + (f" [{facts}]" if facts else "")


class _Shown(dict[str, FactValue]):
    def __missing__(self, key: str) -> str:
        return "?"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as a value: what a pure kernel answers where a service would raise."""

    error_code: ErrorCode
    facts: dict[str, FactValue] = field(default_factory=dict)

    def error(self) -> ZhangshiError:
        """Return the exception that carries this refusal to the shells."""
        return ZhangshiError(self.error_code, **self.facts)
