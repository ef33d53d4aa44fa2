"""The two dialects: where SQLite and PostgreSQL need different words for the same sentence.

Everything else is the portable subset, held by tests/architecture/test_portable_sql.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DialectName = Literal["sqlite", "postgresql"]

_WORD = re.compile(r"'(?:[^']|'')*'|\?|%|\{\w+\}")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one database."""

    name: DialectName
    for_update: str
    for_share: str
    skip_locked: str
    placeholder: str

    def render(self, text: str, extra: Mapping[str, str] | None = None) -> str:
        """Return portable `text` in this database's words.

        `?` outside quotes becomes the driver's placeholder, `{for_update}`, `{for_share}` and `{skip_locked}` (and
        the names of `extra`) are filled in. Raises ValueError for another name in braces.
        """
        words = {"for_update": self.for_update, "for_share": self.for_share, "skip_locked": self.skip_locked}
        words.update(extra or {})
        percent = "%" if self.placeholder == "?" else "%%"

        def word(match: re.Match[str]) -> str:
            found = match.group()
            if found[0] == "'":
                return found.replace("%", percent)
            if found == "?":
                return self.placeholder
            if found == "%":
                return percent
            if found[1:-1] not in words:
                raise ValueError(f"{found} is no word of the dialects, in: {text}")
            return words[found[1:-1]]

        return _WORD.sub(word, text)


SQLITE = Dialect(name="sqlite", for_update="", for_share="", skip_locked="", placeholder="?")
"""Writers are serialised, so rows need no locks."""

POSTGRESQL = Dialect(
    name="postgresql",
    for_update=" FOR UPDATE",
    for_share=" FOR SHARE",
    skip_locked=" FOR UPDATE SKIP LOCKED",
    placeholder="%s",
)
