"""The rows that a query may use, as a condition that SQL can say.

Problem. Whoever filters, sorts or sums by a hidden price learns it. Rule: a query by fields p1…pn takes only records
for which each of them is readable. For each field that is an OR over the grants that give it; for all of them an AND.
A clause that holds for every record is left out, and so is a clause that another one implies.

Example. Grant A: own orders, everything. Grant B: all orders, no price. A list asks for B's rows or A's, so all; sorted
by price it asks for A's only.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from zhangshi.definitions.catalog import Entity
from zhangshi.expr import Formula
from zhangshi.records.access.grants import Held


@dataclass(frozen=True, slots=True)
class Alternative:
    """Records in `states` (empty = all) of which `rows` is true (None = all)."""

    rows: Formula | None
    states: frozenset[str]


Clause = tuple[Alternative, ...]
"""At least one must hold; the empty clause holds for nothing."""


@dataclass(frozen=True, slots=True)
class RowScope:
    """All clauses must hold; no clause means every record."""

    clauses: tuple[Clause, ...]

    @property
    def is_everything(self) -> bool:
        """Whether every record is in it."""
        return not self.clauses

    @property
    def is_nothing(self) -> bool:
        """Whether no record can be in it: the database need not be asked."""
        return any(not clause for clause in self.clauses)


def row_scope(entity: Entity, held: tuple[Held, ...], paths: Iterable[str], action: str) -> RowScope:
    """Return the records of which `action` is granted and all of `paths` are readable."""
    acting = frozenset(index for index, one in enumerate(held) if one.allows(action))
    reading = acting if action == "read" else frozenset(i for i, one in enumerate(held) if one.allows("read"))
    wanted = {acting, reading}
    for path in paths:
        wanted.add(frozenset(index for index in reading if held[index].field(path) in {"read", "write"}))
    return RowScope(tuple(_clause(entity, held, indexes) for indexes in _needed(held, wanted)))


def _needed(held: tuple[Held, ...], wanted: set[frozenset[int]]) -> list[frozenset[int]]:
    """Leave out what holds always, and what another clause implies."""
    real = [one for one in wanted if not any(held[index].unconditional for index in one)]
    kept = [one for one in real if not any(other < one for other in real)]
    return sorted(kept, key=sorted)


def _clause(entity: Entity, held: tuple[Held, ...], indexes: frozenset[int]) -> Clause:
    found = {}
    for index in sorted(indexes):
        grant = held[index].grant
        found[held[index].condition, grant.states] = Alternative(grant.rows, grant.states)
    if entity.lifecycle is None:  # a state is never reached
        return tuple(one for one in found.values() if not one.states)
    return tuple(found.values())
