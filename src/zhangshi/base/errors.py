"""Named errors: a stable code, the facts, and a sentence for the person who reads it.

Every anticipated failure of the product is one `ErrorCode` declared once in the slice that raises it. The
code is stable and documented; the sentence is written in Chinese first and English second and says what is
missing *and* what to do. Facts are plain values (text, integers, dates) keyed by name, so that a program can
act on them without reading the sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["zh", "en"]
FactValue = str | int | bool | None
Facts = Mapping[str, FactValue]


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
        self.facts: dict[str, FactValue] = facts
        super().__init__(error_code.code)

    @property
    def code(self) -> str:
        """The stable code, such as `ledger.insufficient_stock`."""
        return self.error_code.code

    def message(self, language: Language = "zh") -> str:
        """Return the sentence in `language`; a fact that the raiser left out shows as `?`."""
        template = self.error_code.zh if language == "zh" else self.error_code.en
        return template.format_map(_Shown(self.facts))

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
