"""Parameters of a route: what is declared here is what is read, and what the description says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors

ID_MAX = 2**63 - 1
_ID = re.compile(r"[1-9][0-9]{0,18}")
_INT = re.compile(r"[0-9]{1,9}")
TEXT_MAX = 8000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

ParameterKind = Literal["text", "int", "flag", "date", "instant", "id", "words"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query. `words`: several, with commas between them."""

    name: str
    kind: ParameterKind
    about: str
    required: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""


class Query:
    """The query of one request, checked against what its route declares."""

    def __init__(self, pairs: Iterable[tuple[str, str]], declared: Sequence[Parameter]) -> None:
        known = {one.name: one for one in declared}
        self._values: dict[str, str] = {}
        for name, value in pairs:
            if name not in known:
                shown = ", ".join(known) or "-"
                raise ZhangshiError(errors.UNKNOWN_PARAMETER, name=name[:80], known=shown)
            if name in self._values:
                raise ZhangshiError(errors.BAD_PARAMETER, name=name, expected="once")
            self._values[name] = checked_text(name, value)
        for one in declared:
            if one.required and not self._values.get(one.name):
                raise ZhangshiError(errors.MISSING_PARAMETER, name=one.name)
            value = self._values.get(one.name, "")
            if one.choices and value and value not in one.choices:
                raise ZhangshiError(errors.BAD_PARAMETER, name=one.name, expected=" | ".join(one.choices))

    def text(self, name: str) -> str:
        """Return the text; "" if it is not there."""
        return self._values.get(name, "")

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words between commas, none empty."""
        return tuple(word.strip() for word in self.text(name).split(",") if word.strip())

    def flag(self, name: str) -> bool:
        """Return whether the flag is on. Raises: http.bad_parameter."""
        value = self.text(name)
        if value not in {"", "0", "1", "true", "false"}:
            raise ZhangshiError(errors.BAD_PARAMETER, name=name, expected="true | false")
        return value in {"1", "true"}

    def number(self, name: str, default: int, *, at_most: int = 10**9 - 1) -> int:
        """Return a whole number from 0 to `at_most`. Raises: http.bad_parameter."""
        value = self.text(name)
        if not value:
            return default
        if not _INT.fullmatch(value) or int(value) > at_most:
            raise ZhangshiError(errors.BAD_PARAMETER, name=name, expected=f"0 … {at_most}")
        return int(value)

    def id(self, name: str) -> int:
        """Return an id; 0 if it is not there. Raises: http.bad_parameter."""
        value = self.text(name)
        return checked_id(name, value) if value else 0

    def ids(self, name: str) -> tuple[int, ...]:
        """Return the ids between commas. Raises: http.bad_parameter."""
        return tuple(checked_id(name, word) for word in self.words(name))

    def date(self, name: str) -> date | None:
        """Return a date. Raises: http.bad_parameter."""
        value = self.text(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ZhangshiError(errors.BAD_PARAMETER, name=name, expected="2026-11-02") from None

    def instant(self, name: str) -> datetime | None:
        """Return an instant in UTC. Raises: http.bad_parameter."""
        value = self.text(name)
        return instant_of(name, value) if value else None


def instant_of(name: str, value: str) -> datetime:
    """Return the instant that a text says; without a zone it is UTC. Raises: http.bad_parameter."""
    try:
        found = datetime.fromisoformat(value.replace(" ", "+"))  # a "+" that was not escaped arrives as a blank
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ZhangshiError(errors.BAD_PARAMETER, name=name, expected="2026-11-02T09:00:00Z") from None


def checked_id(name: str, value: str) -> int:
    """Return the id that a text says. Raises: http.bad_parameter."""
    if not _ID.fullmatch(value) or int(value) > ID_MAX:
        raise ZhangshiError(errors.BAD_PARAMETER, name=name, expected=f"1 … {ID_MAX}")
    return int(value)


def checked_text(name: str, value: str) -> str:
    """Return a text that a database and a log can hold. Raises: http.bad_parameter."""
    if len(value) > TEXT_MAX or _CONTROL.search(value) or any("\ud800" <= one <= "\udfff" for one in value):
        raise ZhangshiError(errors.BAD_PARAMETER, name=name, expected=f"text, 0 … {TEXT_MAX}")
    return value


def checked_path(path: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of a path, checked. Raises: http.bad_parameter."""
    return {name: checked_text(name, value) for name, value in path.items()}
