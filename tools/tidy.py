"""Find what ruff cannot see: giants, floats in kernels, commits, clocks and randomness in the wrong place.

Each rule prevents an accident: a file or function of two subjects that nobody can review; a float that loses a
cent; a second place that commits, and so half of a posting; a rule that gives another answer tomorrow.

`tools/tidy_baseline.json` holds what is tolerated for a time: key -> {"size": n, "reason": "why"}. It only
shrinks: a finding that grew is reported, and an entry that no longer applies (or whose finding got smaller) must
be taken out (or lowered). It was empty on the first day.
"""

import ast
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
BASELINE = Path(__file__).with_name("tidy_baseline.json")
FOLDERS = ("src", "tests", "tools", "bench")
PRODUCT = "src/zhangshi/"
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60

KERNELS = tuple(
    PRODUCT + name
    for name in (
        "base/",
        "expr/",
        "ledger/model",
        "ledger/commands",
        "ledger/events",
        "ledger/refusals",
        "ledger/kernel/",
        "definitions/catalog",
        "definitions/compiling",
        "definitions/diffing",
        "definitions/errors",
        "definitions/loading",
        "definitions/merging",
        "definitions/model",
        "definitions/postings",
        "definitions/recoding",
        "definitions/schema",
        "definitions/storage",
        "planning/",
        "approval/",
    )
)
MAY_COMMIT = (PRODUCT + "platform/unit_of_work",)
MAY_ASK_THE_MACHINE = (PRODUCT + "bootstrap",)  # the time, and for noise: everybody else is handed them

_COMMIT = re.compile(r"(^|;)\s*COMMIT(\s+(WORK|TRANSACTION))?\s*(;|$)", re.IGNORECASE)
_SQL_CLOCK = re.compile(r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\b(now|random|gen_random_uuid)\(\)|'now'", re.IGNORECASE)
_CLOCK_METHODS = {"now", "utcnow", "today"}
_CLOCK_CLASSES = {"datetime", "date"}
_MACHINE_MODULES = {"time", "random", "secrets"}
_MACHINE_CALLS = {("os", "urandom"), ("uuid", "uuid1"), ("uuid", "uuid4")}
_REMINDER = re.compile(r"\b(TODO|FIXME|XXX)\b")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach: where, by which rule, of what; `size` counts lines for the two rules about size, else 1."""

    path: str
    line: int
    rule: str
    subject: str
    size: int = 1

    @property
    def key(self) -> str:
        """The name under which the baseline may tolerate it; free of line numbers, which move."""
        return f"{self.rule} {self.path} {self.subject}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.subject}" + (f" ({self.size})" if self.size > 1 else "")


def examine(path: str, text: str) -> list[Finding]:
    """Return the breaches in one file; `path` is relative to the project, with slashes."""
    found = [*_giants(path, text), *_reminders(path, text)]
    if path.startswith(PRODUCT):
        tree = ast.parse(text)
        strings = list(_strings_but_docstrings(tree))
        if path.startswith(KERNELS):
            found += _floats(path, tree)
        if not path.startswith(MAY_COMMIT):
            found += _commits(path, tree, strings)
        if not path.startswith(MAY_ASK_THE_MACHINE):
            found += [*_clocks_and_noise(path, tree), *_sql_clocks(path, strings)]
    return sorted(found)


def _giants(path: str, text: str) -> Iterator[Finding]:
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        yield Finding(path, 1, "long-file", "file", lines)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION_LINES_MAX:
                yield Finding(path, node.lineno, "long-function", node.name, size)


def _reminders(path: str, text: str) -> Iterator[Finding]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and _REMINDER.search(token.string):
            yield Finding(path, token.start[0], "reminder", token.string)


def _floats(path: str, tree: ast.AST) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield Finding(path, node.lineno, "float-in-kernel", repr(node.value))
        elif isinstance(node, ast.Name) and node.id == "float":
            yield Finding(path, node.lineno, "float-in-kernel", "float")


def _commits(path: str, tree: ast.AST, strings: Iterable[ast.Constant]) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "commit":
                yield Finding(path, node.lineno, "commit-outside-unit-of-work", ast.unparse(node.func))
    for string in strings:
        if _COMMIT.search(str(string.value)):
            yield Finding(path, string.lineno, "commit-outside-unit-of-work", str(string.value))


def _clocks_and_noise(path: str, tree: ast.AST) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            asks_the_time = node.attr in _CLOCK_METHODS and owner.rpartition(".")[2] in _CLOCK_CLASSES
            if asks_the_time or (owner, node.attr) in _MACHINE_CALLS:
                yield Finding(path, node.lineno, "clock-or-noise", f"{owner}.{node.attr}")
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name in _MACHINE_MODULES:
                    yield Finding(path, node.lineno, "clock-or-noise", f"import {name.name}")
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                if node.module in _MACHINE_MODULES or (node.module, name.name) in _MACHINE_CALLS:
                    yield Finding(path, node.lineno, "clock-or-noise", f"from {node.module} import {name.name}")


def _sql_clocks(path: str, strings: Iterable[ast.Constant]) -> Iterator[Finding]:
    for string in strings:
        for match in _SQL_CLOCK.finditer(str(string.value)):
            yield Finding(path, string.lineno, "clock-or-noise", f"SQL {match.group()}")


def _strings_but_docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node


def examine_tree(root: Path = ROOT) -> list[Finding]:
    """Return the breaches in every Python file of the project."""
    files = sorted(file for folder in FOLDERS for file in (root / folder).rglob("*.py"))
    return [
        finding
        for file in files
        for finding in examine(str(PurePosixPath(file.relative_to(root))), file.read_text(encoding="utf-8"))
    ]


def complaints(findings: Iterable[Finding], baseline: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Compare with the baseline; return a sentence for each breach it does not tolerate and each entry it must lose."""
    said: list[str] = []
    largest: dict[str, int] = {}
    for finding in findings:
        entry = baseline.get(finding.key)
        if entry is None or finding.size > int(str(entry["size"])):
            said.append(str(finding))
        largest[finding.key] = max(finding.size, largest.get(finding.key, 0))
    for key, entry in baseline.items():
        if not str(entry.get("reason", "")).strip():
            said.append(f"baseline: {key}: give a reason")
        if key not in largest:
            said.append(f"baseline: {key}: no longer applies, take it out")
        elif largest[key] < int(str(entry["size"])):
            said.append(f"baseline: {key}: is down to {largest[key]}, lower it")
    return said


def main() -> int:
    """Print the complaints; 1 if there are any."""
    said = complaints(examine_tree(), json.loads(BASELINE.read_text(encoding="utf-8")))
    print("\n".join(said) or "tidy")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
