"""SQL of bills of materials; the columns come from the entity that plays `bom`.

A statement asks for the bills of a set of items at once (or of the items that use a set of components), so a structure
is loaded with one statement a level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhangshi.platform.session import Session
from zhangshi.platform.statements import RowsStatement


@dataclass(frozen=True, slots=True)
class BillColumns:
    """Physical names; "" where the entity has no such field."""

    header: str
    lines: str
    item: str
    base: str
    header_from: str
    header_until: str
    component: str
    quantity: str
    scrap: str
    line_from: str
    line_until: str


class BillStatements:
    """The statements of one revision's bill of materials."""

    def __init__(self, columns: BillColumns) -> None:
        one = columns
        picked = ", ".join(
            [
                "h.record_id",
                f"h.{one.item}",
                _column("h", one.base),
                _column("h", one.header_from),
                _column("h", one.header_until),
                "l.line_id",
                f"l.{one.component}",
                f"l.{one.quantity}",
                _column("l", one.scrap),
                _column("l", one.line_from),
                _column("l", one.line_until),
            ]
        )
        joined = (
            f"FROM input i JOIN {one.header} h ON {{match}} JOIN {one.lines} l ON l.record_id = h.record_id"
            " WHERE h.state = ? ORDER BY h.record_id, l.position"
        )
        upward = (
            f"FROM input i JOIN {one.lines} l ON l.{one.component} = i.item_id"
            f" JOIN {one.header} h ON h.record_id = l.record_id WHERE h.state = ? ORDER BY h.record_id, l.position"
        )
        begin = "WITH input(item_id) AS ({input}) SELECT "
        self._of_items = RowsStatement(
            f"{begin}{picked} {joined.format(match=f'h.{one.item} = i.item_id')}", columns={"item_id": "bigint"}
        )
        self._with_components = RowsStatement(f"{begin}{picked} {upward}", columns={"item_id": "bigint"})

    def of_items(self, session: Session, item_ids: Sequence[int], state: str) -> list[tuple[Any, ...]]:
        """Return the lines of the bills of these items in `state`."""
        return session.query_rows(self._of_items, [(one,) for one in item_ids], state)

    def with_components(self, session: Session, item_ids: Sequence[int], state: str) -> list[tuple[Any, ...]]:
        """Return the lines of bills in `state` that name these items as components."""
        return session.query_rows(self._with_components, [(one,) for one in item_ids], state)


def _column(alias: str, name: str) -> str:
    return f"{alias}.{name}" if name else "NULL"
