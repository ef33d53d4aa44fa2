"""Who enters AdventureWorks' records: everything goes through the records service, many documents at a time.

Documents of one kind and day are made together, so that their links, rows and sources are read with one statement for
all of them. What is kept of each is what the next document in its chain is made from: its id, and the ids of its rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from zhangshi.identity.model import OWNER, Person
from zhangshi.packs.adventureworks.masters import Content
from zhangshi.packs.shop import Shop
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Request, UnitOfWork
from zhangshi.records.model import Caller
from zhangshi.records.service.work import Work
from zhangshi.records.writing.decoding import CONVERSION, SOURCE
from zhangshi.records.writing.documents import Document

IMPORTER = Caller(Person(user_id=0, login=SYSTEM_ACTOR, name=SYSTEM_ACTOR, roles=frozenset({OWNER})), door="import")

_TOGETHER_MAX = 40
"""So many records at once are in memory with all their cells."""


@dataclass(frozen=True, slots=True)
class Made:
    """A document that was made. `amount`: of its header, in yuan; 0 where it has none."""

    id: int
    rows: Mapping[str, Sequence[int]]
    amount: Decimal


@dataclass(slots=True)
class Clerk:
    """Writes, and counts what was written by entity."""

    shop: Shop
    counts: dict[str, int] = field(default_factory=dict)

    def write(self, work: Callable[["Entering"], None]) -> None:
        """Do `work` in one transaction."""
        counts: dict[str, int] = {}

        def within(uow: UnitOfWork) -> None:
            entering = Entering(self.shop.records.work(uow, IMPORTER))
            work(entering)
            entering.work.finish()
            counts.clear()
            counts.update(entering.counts)

        key = f"import/adventureworks/{self.shop.company.ids.next_id()}"
        self.shop.company.write(Request(SYSTEM_ACTOR, key, None), within, answer_type=type(None))
        for entity, count in counts.items():
            self.counts[entity] = self.counts.get(entity, 0) + count


class Entering:
    """The steps inside one transaction."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.counts: dict[str, int] = {}

    def enter(self, entity: str, contents: Sequence[Content], transition: str = "") -> list[Made]:
        """Make records together. Raises: what `Work.create_many` raises."""
        made: list[Made] = []
        for at in range(0, len(contents), _TOGETHER_MAX):
            some = contents[at : at + _TOGETHER_MAX]
            made += map(_made, self.work.create_many(entity=entity, contents=some, transition=transition))
            self.work.flush()
        if made:
            self.counts[entity] = self.counts.get(entity, 0) + len(made)
        return made

    def move(self, entity: str, record_id: int, transition: str) -> None:
        """Make a transition. Raises: what `Work.edit` raises."""
        self.work.edit(entity=entity, record_id=record_id, version=None, content={}, transition=transition)
        self.work.flush()

    def change(self, entity: str, record_id: int, content: Content) -> None:
        """Change a record. Raises: what `Work.edit` raises."""
        self.work.edit(entity=entity, record_id=record_id, version=None, content=content)
        self.work.flush()


def _made(document: Document) -> Made:
    amount = document.header.values.get("amount")
    return Made(
        document.id,
        {key: tuple(row.id for row in rows) for key, rows in document.header.rows.items()},
        amount if isinstance(amount, Decimal) else Decimal(0),
    )


def source_of(conversion: str, *records: Made) -> Content:
    """Return what says that a document is made from others; its rows say `_source` for themselves."""
    return {SOURCE: {CONVERSION: conversion, "records": [str(one.id) for one in records]}}


def from_rows(rows: Sequence[int]) -> list[Content]:
    """Return one line for each row, with all that is open of it."""
    return [{SOURCE: str(row)} for row in rows]
