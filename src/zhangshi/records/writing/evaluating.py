"""One evaluation of a formula over whatever can be read by key."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from zhangshi.base.errors import ZhangshiError
from zhangshi.expr import Env, Formula
from zhangshi.records.model import Value
from zhangshi.records.writing.world import Pending, World

NOTHING: Mapping[str, Value] = {}


class Readable(Protocol):
    """The header or a row of a document, or a record behind a link."""

    world: World
    id: int

    @property
    def header(self) -> Any:  # noqa: ANN401  # of the same kind
        """The header of a row, None for a header."""
        ...

    @property
    def rows(self) -> Any:  # noqa: ANN401  # line tables by key
        """The line tables of a header."""
        ...

    def get(self, key: str, default: Value = None) -> Value:
        """Return a value by key or dotted path. Raises Pending."""
        ...


def evaluate(formula: Formula, cells: Readable, parent: Readable | None = None) -> Any:  # noqa: ANN401  # any value
    """Return the value of a formula over `cells`; `parent` stands for their header where it is named.

    Raises: Pending; formula.* where it has no answer.
    """
    above = parent if parent is not None else cells.header
    # A fresh Env: reading a field may evaluate another formula over the same cells.
    rows = cells.rows if cells.header is None else cells.header.rows
    try:
        return formula.evaluate(Env(cells, NOTHING if above is None else above, rows, cells.world.host))  # type: ignore[arg-type]
    except Pending:
        _let_all_rows_ask(formula, rows)
        raise


def _let_all_rows_ask(formula: Formula, rows: Mapping[str, Sequence[Readable]]) -> None:
    """An aggregate ends at the first row that waits; the others ask now, so that one round answers all of them."""
    for table, paths in formula.row_reads.items():
        with suppress(Pending):
            for row in rows.get(table, ()):
                for path in paths:
                    with suppress(Pending, ZhangshiError):
                        row.get(path)


def holds(formula: Formula | None, cells: Readable, parent: Readable | None = None) -> bool:
    """Return whether a condition is true; none at all is true, one without an answer is not. Raises Pending."""
    if formula is None:
        return True
    try:
        return evaluate(formula, cells, parent) is True
    except ZhangshiError:
        return False
