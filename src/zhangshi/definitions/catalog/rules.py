"""Constraints, form rules, fills, number rules, states and transitions of an entity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from zhangshi.definitions.catalog.fields import HEADER, Label
from zhangshi.expr import Formula


@dataclass(frozen=True, slots=True)
class Constraint:
    """Refuses (or warns) when `when` is true."""

    key: str
    when: Formula
    message: Label
    table: str = HEADER  # evaluated for each row of this table
    level: Literal["block", "warn"] = "block"
    field: str = ""  # where the message is shown
    transitions: frozenset[str] = frozenset()  # only then; empty = on every save and transition


@dataclass(frozen=True, slots=True)
class FormRule:
    """While `when` is true: show, hide, require, lock, set or filter."""

    when: Formula | None
    table: str = HEADER
    show: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    set: Mapping[str, Formula] = field(default_factory=dict)
    options: Mapping[str, Formula] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fill:
    """明细带出: rows of `into` come from another record when `on` fields change, or on request."""

    key: str
    label: Label
    into: str  # table of this entity
    source: str  # path of a link field, whose record is read
    table: str  # table of that record
    on: tuple[str, ...]  # header fields whose change fills again
    where: Formula | None  # over the source row, its header merged below; parent = this header
    values: Mapping[str, Formula]  # field of `into` -> formula over the source row, parent = this header


@dataclass(frozen=True, slots=True)
class NumberPart:
    """A part of a number: const text, date pattern, field code (mapped), or counter."""

    kind: Literal["const", "date", "field", "counter"]
    text: str = ""  # const text; date pattern of y, M, d (yyyy yy MM dd)
    formula: Formula | None = None  # the code
    map: Mapping[str, str] = field(default_factory=dict)  # code -> text; a code that is missing is an error
    width: int = 0
    reset: Literal["never", "year", "month", "day"] = "never"
    start: int = 1


@dataclass(frozen=True, slots=True)
class NumberRule:
    """How numbers are made. A counter counts separately for every text of the parts that stand before it."""

    key: str
    parts: tuple[NumberPart, ...]
    gapless: bool = False  # then a numbered record cannot be deleted, only cancelled
    manual: bool = False  # a number that the user typed is kept (and must be free)


@dataclass(frozen=True, slots=True)
class State:
    """A state of a document. `editable` None = every field; otherwise only these paths may change."""

    key: str
    label: Label
    editable: frozenset[str] | None
    color: str = ""
    cancelled: bool = False  # releases what it took from its sources
    final: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """A kernel command that a transition makes. `params` map its parameters to formulas, or to literal words."""

    command: str
    each: str  # table whose rows are the lines, or HEADER for one line from the header
    when: Formula | None  # over the header
    where: Formula | None  # over the row
    params: Mapping[str, Formula | str]


@dataclass(frozen=True, slots=True)
class Effect:
    """What else a transition does in the same transaction; taken back with it.

    set: own header fields. update: fields of linked records (`link` path), `add` adds to numbers. create: a record
    of `entity` from formulas. transition: moves a linked record (or the conversion sources) on.
    """

    kind: Literal["set", "update", "create", "transition"]
    when: Formula | None = None  # over the header; of a transition: over the record that is moved on
    each: str = HEADER
    where: Formula | None = None  # over the row of `each`
    link: str = ""  # path of a link field; "sources" = records this one was converted from
    entity: str = ""
    set: Mapping[str, Formula] = field(default_factory=dict)
    add: Mapping[str, Formula] = field(default_factory=dict)
    lines: Mapping[str, "Effect"] = field(default_factory=dict)  # create: table -> create with each
    transition: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """A move from one state to another."""

    key: str
    label: Label
    sources: frozenset[str]
    target: str
    constraints: tuple[Constraint, ...] = ()
    postings: tuple[Posting, ...] = ()
    effects: tuple[Effect, ...] = ()
    takes_back: bool = False  # 反审核: reverses every posting and effect that stands, refused by what stands on it
    approval: str = ""
    automatic: bool = False  # only effects and conversions make it, nobody presses it
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """States and transitions; the first state is where a record begins."""

    states: Mapping[str, State]
    transitions: Mapping[str, Transition]

    @property
    def initial(self) -> State:
        """The state of a new record."""
        return next(iter(self.states.values()))
