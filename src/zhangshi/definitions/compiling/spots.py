"""Places in sources, and the list of what is wrong there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from zhangshi.base.errors import FactValue
from zhangshi.definitions.errors import Fault, Problem
from zhangshi.definitions.loading.reading import below
from zhangshi.definitions.loading.source import SourceObject


@dataclass(slots=True)
class Findings:
    """What was found so far. `strict` layers (shipped packs) must be complete, not only right."""

    strict: bool = False
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spot:
    """A key path inside a source object, where problems can be reported."""

    findings: Findings
    source: SourceObject
    path: str = ""

    def at(self, *keys: str | int) -> Self:
        """Return the spot below; a number is a place in a list."""
        path = self.path
        for key in keys:
            path = f"{path}[{key}]" if isinstance(key, int) else below(path, key)
        return replace(self, path=path)

    def report(self, fault: Fault, **facts: FactValue) -> None:
        """Note a problem here."""
        self._note(fault, facts, warning=False)

    def warn(self, fault: Fault, **facts: FactValue) -> None:
        """Note something that a strict layer may not have and others may."""
        self._note(fault, facts, warning=not self.is_strict)

    def suggest(self, fault: Fault, **facts: FactValue) -> None:
        """Note something that is worth a look and wrong nowhere."""
        self._note(fault, facts, warning=True)

    @property
    def is_strict(self) -> bool:
        """Whether the object must be complete."""
        return self.findings.strict

    def _note(self, fault: Fault, facts: Mapping[str, FactValue], *, warning: bool) -> None:
        mark = self.source.place(self.path)
        self.findings.problems.append(
            Problem(fault, mark.file, mark.line, self.path, self.source.name, dict(facts), warning)
        )
