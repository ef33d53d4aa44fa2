"""Recoding a column: looked at first, then done in batches, then once more where something changed meanwhile.

Problem. A field with 100,000 values changes its type while people go on writing the old column. Rule: the new column
is what the old one says, row by row; making it so writes only rows where it is not so yet. Run in batches of its own
transactions it does the work, run again it does the little that came in between, and run in the publication's last
transaction, while no record is being written, it makes the two agree exactly. A crash costs nothing but time.
"""

from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

import msgspec

from zhangshi.definitions._store import values as store
from zhangshi.definitions.catalog import HEADER, Catalog, FieldType
from zhangshi.definitions.recoding import (
    Cannot,
    Recode,
    Shape,
    Stored,
    Surroundings,
    needs_link_numbers,
    recoder,
)
from zhangshi.definitions.service.allotting import Recoding
from zhangshi.definitions.service.checking import Refusal
from zhangshi.definitions.storage import column_type
from zhangshi.platform.session import Session

BATCH_SIZE = 2_000
EXAMPLES_MAX = 20
BEFORE_ALL = -(2**62)
"""Before the first key."""
COMPANY_ZONE = ZoneInfo("Asia/Shanghai")
"""Between dates and instants; as the ledger's books are opened."""


class Example(msgspec.Struct, frozen=True):
    """A value that has no equal in the new type, and where it stands. `row` is 0 in the header."""

    record_id: str
    number: str
    row: int
    value: str


class Conversion(msgspec.Struct, frozen=True):
    """What recoding a field would do: how many rows have a value, and which values cannot go along."""

    entity: str
    table: str
    field: str
    before: str
    after: str
    rows: int
    refused: int
    examples: tuple[Example, ...]

    @property
    def path(self) -> str:
        """entity.field or entity.table.field."""
        return ".".join(part for part in (self.entity, self.table, self.field) if part)

    @property
    def refusal(self) -> Refusal | None:
        """Why it cannot be done, if it cannot."""
        if not self.refused:
            return None
        shown = ", ".join(
            f"{one.number or one.record_id}{f'#{one.row}' if one.row else ''}: {one.value}" for one in self.examples[:3]
        )
        return Refusal(
            code="definitions.cannot_recode",
            path=self.path,
            zh=f"{self.path} 有 {self.refused} 个值不能从 {self.before} 转成 {self.after},例如 {shown}。"
            "请先改正这些值。",
            en=f"{self.refused} values of {self.path} cannot go from {self.before} to {self.after}, such as {shown}."
            " Correct them first.",
            count=self.refused,
        )


def look_at(session: Session, recoding: Recoding, catalog: Catalog) -> Conversion:
    """Return what would happen to the values of one field; reads its column once."""
    recode = _recode(session, recoding)
    rows = 0
    refused: list[tuple[int, Stored]] = []
    count = 0
    for key, value, _ in _all_rows(session, recoding):
        if value is None:
            continue
        rows += 1
        if isinstance(recode(value), Cannot):
            count += 1
            if len(refused) < EXAMPLES_MAX:
                refused.append((key, value))
    return Conversion(
        entity=recoding.place.entity,
        table=recoding.place.table,
        field=recoding.place.field,
        before=_shown(recoding.before),
        after=_shown(recoding.after),
        rows=rows,
        refused=count,
        examples=_examples(session, recoding, catalog, refused),
    )


def agree(session: Session, recoding: Recoding, *, after: int, size: int = BATCH_SIZE) -> int | None:
    """Make the new column of the next `size` rows say what the old one says; return the last key, None at the end.

    Values that cannot go along are left empty: whoever publishes looks at them in the last transaction.
    """
    rows = _page(session, recoding, after, size)
    if not rows:
        return None
    recode = _recode(session, recoding)
    wrong: list[tuple[int, Stored | None]] = []
    for key, value, found in rows:
        wanted = None if value is None else _or_empty(recode(value))
        if wanted != found:
            wrong.append((key, wanted))
    if wrong:
        store.write_column(
            session,
            table=recoding.table,
            key=recoding.key,
            column=recoding.target,
            number=column_type(recoding.after.type) == "bigint",
            rows=wrong,
        )
    return rows[-1][0]


def agree_everywhere(session: Session, recoding: Recoding) -> None:
    """Make the two columns agree in every row, here and now."""
    after: int | None = BEFORE_ALL
    while after is not None:
        after = agree(session, recoding, after=after)


def replace_values(session: Session, recoding: Recoding) -> None:
    """Give values of a select their other names, where they stay in their column."""
    for before, after in recoding.replaced.items():
        store.replace_value(session, table=recoding.table, column=recoding.target, before=before, after=after)


def left_behind(session: Session, recoding: Recoding) -> int:
    """Return how many values have no equal in the new column, once the two agree."""
    return store.count_left(session, table=recoding.table, source=recoding.source, target=recoding.target)


def _or_empty(value: "Stored | Cannot") -> Stored | None:
    return None if isinstance(value, Cannot) else value


def _page(session: Session, recoding: Recoding, after: int, size: int) -> list[tuple[int, store.Value, store.Value]]:
    columns = (recoding.source, recoding.target) if recoding.copies else (recoding.source,)
    return store.batch_after(session, table=recoding.table, key=recoding.key, columns=columns, after=after, size=size)


def _all_rows(session: Session, recoding: Recoding) -> Iterator[tuple[int, store.Value, store.Value]]:
    only_source = recoding._replace(target=recoding.source)
    after = BEFORE_ALL
    while rows := _page(session, only_source, after, BATCH_SIZE):
        yield from rows
        after = rows[-1][0]


def _recode(session: Session, recoding: Recoding) -> Recode:
    reads, writes = needs_link_numbers(recoding.before, recoding.after)
    around = Surroundings(
        zone=COMPANY_ZONE,
        numbers=_numbers(session, reads),
        ids={number: record_id for record_id, number in _numbers(session, writes).items()},
    )
    recode = recoder(recoding.before, recoding.after, options=recoding.options, around=around)
    if not recoding.replaced:
        return recode
    return lambda value: recode(recoding.replaced.get(str(value), value))


def _numbers(session: Session, entity: str) -> Mapping[int, str]:
    return store.numbers(session, table=f"d_{entity}") if entity else {}


def _examples(
    session: Session, recoding: Recoding, catalog: Catalog, refused: list[tuple[int, Stored]]
) -> tuple[Example, ...]:
    header = catalog.entities[recoding.place.entity].header.name
    lines = "" if recoding.place.table == HEADER else recoding.table
    places = store.describe_rows(session, header=header, lines=lines, keys=[key for key, _ in refused])
    return tuple(
        Example(str(places[key][0]), places[key][1], places[key][2], _readable(value, recoding.before))
        for key, value in refused
        if key in places
    )


def _readable(value: Stored, shape: Shape) -> str:
    to_text: Callable[[Stored], Stored | Cannot] = recoder(
        shape, Shape(FieldType.TEXT), options=frozenset(), around=Surroundings(COMPANY_ZONE)
    )
    found = to_text(value)
    return str(value) if isinstance(found, Cannot) else str(found)


def _shown(shape: Shape) -> str:
    if shape.target:
        return f"{shape.type.value}({shape.target})"
    return f"{shape.type.value}({shape.digits})" if shape.type is FieldType.DECIMAL else shape.type.value
