"""Bills of materials as the records say them, loaded level by level.

Of several valid bills of one item the one that became valid last counts: the latest `from`, and of equals the youngest
record. Dates are business dates; `until` is the first day on which a bill or line does not count any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field, Part
from zhangshi.expr import Formula
from zhangshi.planning.structure import LEVELS_MAX, BillLine, Structure
from zhangshi.platform.session import Session
from zhangshi.supply._store.bills import BillColumns, BillStatements

NO_BILLS = ErrorCode(
    "supply.no_bills",
    "当前模板里没有物料清单。请安装“离散制造”模板,或让一个表单担任 bom 角色。",
    "No installed pack has bills of materials. Install the manufacturing pack, or let an entity play bom.",
)
VALID_STATE = "active"
"""The state in which a bill counts, unless the part names another (`state`)."""
_KEPT = "_supply_bills"


@dataclass(frozen=True, slots=True)
class Bill:
    """A valid bill with its lines."""

    bill_id: int
    item_id: int
    from_on: date | None
    until_on: date | None
    lines: tuple[BillLine, ...]

    def counts_on(self, day: date) -> bool:
        """Whether the bill is valid on `day`."""
        return (self.from_on or day) <= day and (self.until_on is None or day < self.until_on)


class Bills:
    """The bills of one catalog."""

    def __init__(self, entity: Entity, part: Part) -> None:
        lines = entity.tables[_text(part, "lines", "lines")]
        header = entity.header
        self.entity = entity
        self.state = _text(part, "state", VALID_STATE)
        self.items = header.fields[_path(part, "item")].to
        """The entity of what is made."""
        base, scrap = header.fields.get(_path(part, "base")), lines.fields.get(_path(part, "scrap"))
        quantity = lines.fields[_path(part, "quantity")]
        self._base_digits = base.digits if base else 0
        self._quantity_digits = quantity.digits
        self._scrap_digits = scrap.digits if scrap else 0
        from_key, until_key = _path(part, "from"), _path(part, "until")
        self._statements = BillStatements(
            BillColumns(
                header=header.name,
                lines=lines.name,
                item=header.fields[_path(part, "item")].column,
                base=_column(base),
                header_from=_column(header.fields.get(from_key)),
                header_until=_column(header.fields.get(until_key)),
                component=lines.fields[_path(part, "component")].column,
                quantity=quantity.column,
                scrap=_column(scrap),
                line_from=_column(lines.fields.get(from_key)),
                line_until=_column(lines.fields.get(until_key)),
            )
        )

    def structure(self, session: Session, item_ids: Iterable[int], *, day: date, levels: int = LEVELS_MAX) -> Structure:
        """Load what is below the items: one statement a level."""
        lines: list[BillLine] = []
        seen: set[int] = set()
        front = set(item_ids)
        while front and levels:
            seen |= front
            bills = chosen(self.of_items(session, sorted(front)), day)
            found = [line for bill in bills.values() for line in bill.lines if line.counts_on(day)]
            lines += found
            front = {line.component_id for line in found} - seen
            levels -= 1
        return Structure(lines)

    def structure_above(self, session: Session, item_id: int, *, day: date, levels: int = LEVELS_MAX) -> Structure:
        """Load what contains the item, level by level upward."""
        lines: list[BillLine] = []
        seen: set[int] = set()
        front = {item_id}
        while front and levels:
            seen |= front
            rows = self._statements.with_components(session, sorted(front), self.state)
            parents = {int(row[1]) for row in rows}
            bills = chosen(self.of_items(session, sorted(parents)), day)
            lines += [
                line
                for bill in bills.values()
                for line in bill.lines
                if line.component_id in front and line.counts_on(day)
            ]
            front = parents - seen
            levels -= 1
        return Structure(lines)

    def of_items(self, session: Session, item_ids: Sequence[int]) -> list[Bill]:
        """Return the valid bills of the items."""
        found: dict[int, tuple[int, date | None, date | None, list[BillLine]]] = {}
        for row in self._statements.of_items(session, item_ids, self.state):
            bill = found.setdefault(row[0], (row[1], _day(row[3]), _day(row[4]), []))
            bill[3].append(self._line(row))
        return [Bill(key, item, begin, end, tuple(lines)) for key, (item, begin, end, lines) in found.items()]

    def _line(self, row: Sequence[Any]) -> BillLine:
        return BillLine(
            parent_id=row[1],
            component_id=row[6],
            quantity=Fraction(row[7] or 0, 10**self._quantity_digits),
            base=Fraction(row[2], 10**self._base_digits) if row[2] else Fraction(1),
            scrap=Fraction(row[8] or 0, 10**self._scrap_digits),
            from_on=_day(row[9]),
            until_on=_day(row[10]),
        )


def bills_of(catalog: Catalog) -> Bills:
    """Return the bills of a catalog, made when they are first asked for.

    Raises: supply.no_bills.
    """
    kept: Bills | None = catalog.__dict__.get(_KEPT)
    if kept is None:
        playing = catalog.playing("bom")
        if playing is None:
            raise ZhangshiError(NO_BILLS)
        kept = catalog.__dict__[_KEPT] = Bills(*playing)
    return kept


def chosen(bills: Iterable[Bill], day: date) -> dict[int, Bill]:
    """Return the bill that counts on `day` for each item."""
    best: dict[int, Bill] = {}
    for bill in bills:
        if bill.counts_on(day):
            rival = best.get(bill.item_id)
            if rival is None or _rank(bill) > _rank(rival):
                best[bill.item_id] = bill
    return best


def _rank(bill: Bill) -> tuple[date, int]:
    return (bill.from_on or date.min, bill.bill_id)


def _text(part: Part, key: str, usual: str) -> str:
    found = part.map.get(key)
    return usual if found is None else found if isinstance(found, str) else _path(part, key)


def _path(part: Part, key: str) -> str:
    """The field that a map entry names; "" when there is none."""
    found = part.map.get(key, "")
    if isinstance(found, Formula):
        reads = {*found.reads, *(path for paths in found.row_reads.values() for path in paths)}
        return next(iter(reads), "")
    return found.rpartition(".")[2]


def _column(field: Field | None) -> str:
    return field.column if field is not None else HEADER


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
