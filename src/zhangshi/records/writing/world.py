"""What formulas may see beside the document at hand: the records behind links, and answers of the system.

Problem. A formula of a row names `item.spec` or asks STOCK(item, warehouse); a statement for each row would cost more
than all the rest. Rule: whoever needs something that is not here yet notes the question and raises `Pending`; when all
formulas had their turn, one statement a kind answers all questions, and those that waited run again.

Example. Ten rows name ten items: the first round notes ten ids, one statement reads ten items, the second round ends.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zhangshi.definitions.catalog import Catalog
from zhangshi.records.model import Value
from zhangshi.records.pending import ROUNDS_MAX, Pending

__all__ = ["ROUNDS_MAX", "Getter", "Pending", "Rows", "World"]

if TYPE_CHECKING:
    from zhangshi.records.writing.cells import Linked

_MISSING: Any = object()


class World:
    """Answers so far and questions still open. One unit of work, one thread."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.host: Any = None
        """The `Host` of formulas, which asks back here."""
        self.records: dict[tuple[str, int], Linked | None] = {}
        self.rows: dict[tuple[str, str, int], list[Linked]] = {}
        self.answers: dict[Hashable, Any] = {}
        self.wanted_records: dict[str, set[int]] = {}
        self.wanted_rows: dict[tuple[str, str], set[int]] = {}
        self.questions: dict[Hashable, None] = {}

    def linked(self, entity: str, record_id: int) -> "Linked | None":
        """Return a record that is linked, None if there is none. Raises Pending."""
        found = self.records.get((entity, record_id), _MISSING)
        if found is _MISSING:
            self.wanted_records.setdefault(entity, set()).add(record_id)
            raise Pending
        return found  # type: ignore[no-any-return]

    def rows_of(self, entity: str, table: str, record_id: int) -> "Sequence[Linked]":
        """Return the rows of a linked record. Raises Pending."""
        found = self.rows.get((entity, table, record_id))
        if found is None:
            self.wanted_rows.setdefault((entity, table), set()).add(record_id)
            raise Pending
        return found

    def answer(self, question: Hashable) -> Any:  # noqa: ANN401  # what the host's protocol says of this question
        """Return the answer to a question, whatever its kind. Raises Pending."""
        found = self.answers.get(question, _MISSING)
        if found is _MISSING:
            self.questions[question] = None
            raise Pending
        return found

    def want(self, entity: str, record_ids: Iterable[int]) -> None:
        """Note records that will be needed, so that one statement reads them with the others."""
        wanted = self.wanted_records.setdefault(entity, set())
        known = self.records
        wanted.update(one for one in record_ids if (entity, one) not in known)

    @property
    def asks(self) -> bool:
        """Whether a question is open."""
        return bool(self.questions or self.wanted_rows or any(self.wanted_records.values()))

    def forget(self) -> None:
        """Forget what was read: something has been written since."""
        self.records.clear()
        self.rows.clear()
        self.answers.clear()

    def settle(self, work: Callable[[], None], fetch: Callable[["World"], None]) -> None:
        """Run `work` until nothing in it waits; it must leave alone what it has done already, and swallow Pending."""
        for _ in range(ROUNDS_MAX):
            work()
            if not self.asks:
                return
            fetch(self)
        raise RuntimeError(f"Formulas ask for more after {ROUNDS_MAX} rounds: {list(self.questions)[:3]}")


Getter = Callable[[str], Value]
Rows = Mapping[str, Sequence[Any]]
