"""Pieces of SQL with their values, and a question about one entity's headers put together from them.

Names of tables and columns come from the definitions, which checked them; values are always parameters, in the order
of the text. A question that was asked a few times is kept as a prepared statement; others (a filter that somebody
typed once) go through SQLAlchemy, so that no connection fills up with statements that nobody asks again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from zhangshi.platform.session import Row, Session
from zhangshi.platform.statements import Statement

_ASKED_BEFORE_KEPT = 3
_KEPT_MAX = 2000
_COUNTED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL; `values` fill its question marks in order."""

    text: str
    values: tuple[object, ...] = ()

    def __add__(self, other: "Sql | str") -> "Sql":
        if isinstance(other, str):
            return Sql(self.text + other, self.values)
        return Sql(self.text + other.text, self.values + other.values)

    def within(self, before: str, after: str) -> "Sql":
        """Return it between two texts."""
        return Sql(f"{before}{self.text}{after}", self.values)


EVERYTHING = Sql("1 = 1")
NOTHING = Sql("1 = 0")


def joined(pieces: Iterable[Sql], separator: str) -> Sql:
    """Return the pieces with a text between each two."""
    found = list(pieces)
    values = tuple(value for one in found for value in one.values)
    return Sql(separator.join(one.text for one in found), values)


def all_of(pieces: Sequence[Sql]) -> Sql:
    """Return what is true when every piece is."""
    if len(pieces) == 1:
        return pieces[0]
    return joined((one.within("(", ")") for one in pieces), " AND ") if pieces else EVERYTHING


def any_of(pieces: Sequence[Sql]) -> Sql:
    """Return what is true when a piece is."""
    if len(pieces) == 1:
        return pieces[0]
    return joined((one.within("(", ")") for one in pieces), " OR ") if pieces else NOTHING


class _Kept:
    """Statements that were asked often enough to stay prepared; one for the process, texts are the same everywhere."""

    def __init__(self) -> None:
        self._statements: dict[str, Statement] = {}
        self._asked: Counter[str] = Counter()
        self._lock = Lock()

    def find(self, text: str) -> Statement | None:
        found = self._statements.get(text)
        if found is not None:
            return found
        with self._lock:
            if len(self._asked) > _COUNTED_MAX:
                self._asked.clear()
            self._asked[text] += 1
            if self._asked[text] < _ASKED_BEFORE_KEPT or len(self._statements) >= _KEPT_MAX:
                return None
            del self._asked[text]
            found = self._statements[text] = Statement(text)
            return found


_kept = _Kept()


def ask(session: Session, question: Sql) -> list[Row]:
    """Return the rows of a question."""
    statement = _kept.find(question.text)
    if statement is not None:
        return session.query(statement, *question.values)
    session.statement_count += 1
    answer = session.core.exec_driver_sql(session.dialect.render(question.text), question.values)
    return [tuple(row) for row in answer]
