"""The values of records: rows, records, who asks, what was saved, what is wrong.

Values in memory are what formulas compute with, whatever the database stores:

| field type | value |
|---|---|
| text, long_text, select, barcode, lot | `str` |
| int | `int` |
| decimal, quantity, money, price | `Decimal` |
| date, datetime | `date`, aware `datetime` in UTC |
| bool | `bool` |
| link, location, user, department | the id, `int` |
| multi_select | `tuple[str, ...]` |
| attachment, image, signature | `tuple[int, ...]`, ids of files |

None is empty, for every type. The wire form (JSON) is another one: see `records.values`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from zhangshi.base.errors import ErrorCode, FactValue, Language, ZhangshiError
from zhangshi.identity.model import Person

Value = None | str | int | bool | Decimal | date | datetime | tuple[str, ...] | tuple[int, ...]
"""One value of a field, as in the table above."""

Content = Mapping[str, object]
"""What a door hands in, in wire form: {"customer": …, "lines": [{"id"?: …, "item": …}], "number"?: …}.

In an edit a field that is missing stays; a table that is given replaces its rows by id: rows without an id are new,
rows left out are removed.
"""

Door = Literal["http", "cli", "import", "seed", "automation"]

SYSTEM_DOORS = frozenset({"import", "seed", "automation"})
"""Doors that may fill in what people may not: read-only fields."""

NEW = 0
"""The id of a row or record that is not written yet."""

CREATED, EDITED, DELETED, TRANSITIONED = (
    "record.created",
    "record.edited",
    "record.deleted",
    "record.transitioned",
)
"""Topics of `RecordChanged`; ordering key: the record's id."""


@dataclass(slots=True)
class Row:
    """One row of a line table. Its position is its place in the list."""

    id: int
    values: dict[str, Value]


@dataclass(slots=True)
class Record:
    """A record with all its rows.

    `values` holds the fields of the header by key, and the system's: created_at, created_by, updated_at, updated_by,
    owner, department.
    """

    entity: str
    id: int
    version: int
    number: str
    state: str
    values: dict[str, Value]
    tables: dict[str, list[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and through which door."""

    person: Person
    door: Door = "http"

    @property
    def language(self) -> Language:
        """The language in which this person is told what is wrong."""
        return self.person.language


@dataclass(frozen=True, slots=True)
class Source:
    """A record to convert: all its open rows, or those named with the wanted quantity (None: all that is open)."""

    record_id: int
    lines: Mapping[int, Decimal | None] | None = None


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong with a document.

    `path` says where: "customer", "lines[2].quantity" (rows count from 1, as people count them), "lines", or "" for
    the whole document.
    """

    code: str
    path: str
    zh: str
    en: str
    facts: dict[str, FactValue] = {}  # msgspec copies the default
    level: Literal["block", "warn"] = "block"

    def message(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.zh if language == "zh" else self.en


class Invalid(ZhangshiError):
    """Everything that is wrong with one document (records.invalid)."""

    def __init__(self, error_code: ErrorCode, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(error_code, count=len(problems), first_zh=problems[0].zh, first_en=problems[0].en)


class Saved(msgspec.Struct, frozen=True):
    """The answer to a write; the same request again gets the same one. `postings` are ids of the stock ledger."""

    entity: str
    record_id: int
    number: str
    state: str
    version: int
    warnings: tuple[Problem, ...] = ()
    postings: tuple[int, ...] = ()


class Refused(msgspec.Struct, frozen=True):
    """An operation of a batch that was not done, and why."""

    code: str
    zh: str
    en: str
    problems: tuple[Problem, ...] = ()


class BatchAnswer(msgspec.Struct, frozen=True):
    """One result for each operation, in order: exactly one of the two is filled in."""

    results: tuple[tuple[Saved | None, Refused | None], ...]

    @property
    def refused_count(self) -> int:
        """How many were not done."""
        return sum(1 for _, refused in self.results if refused is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One write of a batch; which fields count depends on `kind`."""

    kind: Literal["create", "edit", "delete", "transition", "convert"]
    entity: str = ""
    record_id: int = NEW
    version: int = 0
    content: Content | None = None
    transition: str = ""
    conversion: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordChanged:
    """What the outbox says of a write. `changed` names paths, never values: who may see them is asked on reading."""

    entity: str
    record_id: int
    number: str
    state: str
    state_before: str
    version: int
    transition: str
    changed: tuple[str, ...]
    door: str
