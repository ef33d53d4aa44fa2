"""Errors that quote a value which their reader may not see lose it.

Two rules, because an error names a field, or quotes a value, or both. A problem whose path is a field that is not
readable keeps its code and its place, and nothing else. Everywhere else a fact that is, or contains, the value of a
hidden field of the record at hand is replaced by `***`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

import msgspec

from zhangshi.base.errors import ErrorCode, FactValue, ZhangshiError
from zhangshi.records.access.masking import MASK
from zhangshi.records.access.record_access import RecordAccess
from zhangshi.records.model import Invalid, Problem, Record, Value

_CONTAINED_MIN = 4
"""Shorter texts are replaced only where they are the whole fact: "5" is part of too much."""
_ROW = re.compile(r"\[[^\]]*\]")
_NAMES = frozenset({"entity", "field", "path", "table", "action", "transition", "conversion", "count"})

HIDDEN_PROBLEM = ErrorCode(
    "records.hidden_problem",
    "有一个您无权查看的字段不符合要求({field})。请联系能查看它的同事处理。",
    "A field that you may not see is not as it must be ({field}). Ask a colleague who may see it.",
)


def redact_error(access: RecordAccess, error: ZhangshiError, record: Record | None = None) -> ZhangshiError:
    """Return `error` without the values that `access` hides; the same object where nothing had to go.

    `record` is the record the error is about, as it is stored or was about to be; without it only paths are looked at.
    """
    if access.reads_everything:
        return error
    if isinstance(error, Invalid):
        problems = redacted_problems(access, error.problems, record)
        return error if problems == error.problems else Invalid(error.error_code, problems)
    secrets = _Secrets(_hidden_texts(access, record) if record is not None else ())
    facts = _facts(access, error.facts, secrets)
    if facts == error.facts:
        return error
    return ZhangshiError(error.error_code, **facts)


def redacted_problems(
    access: RecordAccess, problems: Iterable[Problem], record: Record | None = None
) -> tuple[Problem, ...]:
    """Return problems without the values that `access` hides."""
    if access.reads_everything:
        return tuple(problems)
    secrets = _Secrets(_hidden_texts(access, record) if record is not None else ())
    return tuple(_problem(access, one, secrets) for one in problems)


def _problem(access: RecordAccess, problem: Problem, secrets: "_Secrets") -> Problem:
    path = _ROW.sub("", problem.path)
    if path and access.read(path) != "read":
        return hidden_problem(problem)
    facts = _facts(access, problem.facts, secrets)
    zh, en = secrets.replaced(problem.zh), secrets.replaced(problem.en)
    if (facts, zh, en) == (problem.facts, problem.zh, problem.en):
        return problem
    return msgspec.structs.replace(problem, facts=facts, zh=zh, en=en)


def hidden_problem(problem: Problem) -> Problem:
    """Return a problem that says where something is wrong, and nothing else."""
    facts: dict[str, FactValue] = {"field": _ROW.sub("", problem.path)}
    hidden = ZhangshiError(HIDDEN_PROBLEM, **facts)
    return Problem(problem.code, problem.path, hidden.message("zh"), hidden.message("en"), facts, problem.level)


def _facts(access: RecordAccess, facts: dict[str, FactValue], secrets: "_Secrets") -> dict[str, FactValue]:
    named = facts.get("field") or facts.get("path")
    if isinstance(named, str) and access.read(_ROW.sub("", named)) != "read":
        return {name: value if name in _NAMES else MASK for name, value in facts.items()}
    return {name: value if name in _NAMES else secrets.fact(value) for name, value in facts.items()}


class _Secrets:
    """The texts that must not be told."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._whole = {text for text in texts if text}
        self._parts = sorted((text for text in self._whole if len(text) >= _CONTAINED_MIN), key=len, reverse=True)

    def fact(self, value: FactValue) -> FactValue:
        if value is None or isinstance(value, bool):
            return value
        text = str(value)
        if text in self._whole:
            return MASK
        replaced = self.replaced(text)
        return value if replaced == text else replaced

    def replaced(self, text: str) -> str:
        for part in self._parts:
            text = text.replace(part, MASK)
        return text


def _hidden_texts(access: RecordAccess, record: Record) -> Iterator[str]:
    for key in access.hidden([*record.values, "number"]):
        yield from _texts(record.number if key == "number" else record.values[key])
    for table, rows in record.tables.items():
        for row in rows:
            for key in row.values:
                if access.read(f"{table}.{key}") != "read":
                    yield from _texts(row.values[key])


def _texts(value: Value) -> Iterator[str]:
    """Yield every way in which a value is written in an error."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, tuple):
        for one in value:
            yield str(one)
    elif isinstance(value, Decimal):
        plain = format(value, "f")
        yield plain
        yield plain.rstrip("0").rstrip(".") if "." in plain else plain
    elif isinstance(value, (datetime, date)):
        yield value.isoformat()
    else:
        yield str(value)
