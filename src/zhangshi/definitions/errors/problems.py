"""A problem of a definition as a value, and the error that carries all of them.

Whoever writes definitions wants the whole list at once, each with the file, the line, the key and the way to mend it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from zhangshi.base.errors import ErrorCode, FactValue, Language, Word, ZhangshiError


@dataclass(frozen=True, slots=True)
class Fault(ErrorCode):
    """A kind of problem. Its sentence says what is wrong and then what to do; `mend_*` are that second half."""

    mend_zh: str = ""
    mend_en: str = ""


def fault(code: str, zh: str, mend_zh: str, en: str, mend_en: str) -> Fault:
    """Return the kind of problem `definitions.<code>`."""
    return Fault(f"definitions.{code}", zh + mend_zh, f"{en} {mend_en}", mend_zh, mend_en)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place."""

    fault: Fault
    file: str
    line: int
    """Counted from 1; 0 where no file stands behind the object."""
    path: str
    """The key path inside the file: `fields.amount.formula`."""
    object: str = ""
    """kind/key of the object: `entity/sales_order`."""
    given: Mapping[str, FactValue] = field(default_factory=dict)
    """What the sentence needs; words keep both languages."""
    warning: bool = False
    """It compiles all the same."""

    @property
    def code(self) -> str:
        """The stable code, such as `definitions.unknown_field`."""
        return self.fault.code

    @property
    def level(self) -> Literal["block", "warn"]:
        """Whether it stands in the way."""
        return "warn" if self.warning else "block"

    @property
    def facts(self) -> dict[str, FactValue]:
        """What programs read: the place, and what the sentence names, in plain English words."""
        place: dict[str, FactValue] = {"object": self.object, "file": self.file, "line": self.line}
        return {**place, **{name: str(one) if isinstance(one, Word) else one for name, one in self.given.items()}}

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return self.message("zh")

    @property
    def en(self) -> str:
        """The sentence in English."""
        return self.message("en")

    def message(self, language: Language = "zh") -> str:
        """Return what is wrong and what to do, in `language`."""
        return self._filled(self.fault.zh if language == "zh" else self.fault.en, language)

    def mend(self, language: Language = "zh") -> str:
        """Return what to do, in `language`."""
        return self._filled(self.fault.mend_zh if language == "zh" else self.fault.mend_en, language).strip()

    def place(self) -> str:
        """Return `file:line path`."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.path}".strip()

    def text(self, language: Language = "zh") -> str:
        """Return place, code and message in one line."""
        return f"{self.place()}: {self.message(language)} [{self.code}]"

    def _filled(self, template: str, language: Language) -> str:
        shown = {
            name: value.zh if language == "zh" and isinstance(value, Word) else value
            for name, value in self.given.items()
        }
        return template.format_map(_Shown(shown)).strip()


class _Shown(dict[str, FactValue]):
    def __missing__(self, key: str) -> str:
        return "?"


INVALID = ErrorCode(
    "definitions.invalid",
    "定义有 {count} 处错误。第一处:{first}",
    "The definitions have {count} problems. The first: {first}",
)


class InvalidDefinitions(ZhangshiError):
    """Definitions that cannot be used; `problems` names every place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(INVALID, count=len(problems), first=Word(first.text("en"), first.text("zh")))
        self.problems = tuple(problems)

    def report(self, language: Language = "zh") -> str:
        """Return a line for each problem."""
        return "\n".join(problem.text(language) for problem in self.problems)


def raise_if_any(problems: Iterable[Problem]) -> None:
    """Raise definitions.invalid with every problem that is not a mere warning, in order of file and line."""
    found = sorted((one for one in problems if not one.warning), key=lambda one: (one.file, one.line))
    if found:
        raise InvalidDefinitions(found)
