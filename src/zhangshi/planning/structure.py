"""Bills of materials as one structure: explosion, totals, where-used, roll-up of cost, rings.

Problem. One order for a machine asks for parts of parts of parts; the same screw stands in twenty bills at four
levels. Rounding at each level would order too much, and a bill that contains itself would never end.

Rule. A bill says: `quantity` of a component go into `base` of its parent, and `scrap` of it is lost on top, so

    needed = wanted * quantity / base * (1 + scrap)

Needs are exact fractions on all levels; whoever buys or shows rounds, once. A line counts while `from_on <= day` and
`day < until_on`. Totals walk the items in an order in which every parent stands before its components (low-level
codes), so they cost one step a line however often a part is used; a ring has no such order and is refused by name.

Example. 1 table = 4 legs (scrap 5 %) + 1 top; 1 leg = 0.8 m bar. 10 tables need 42 legs, 10 tops, 33.6 m bar.

Left out: stock, lead times and lots sizes (netting is not explosion).
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhangshi.base.errors import ZhangshiError
from zhangshi.planning import errors

ROWS_MAX = 100_000
LEVELS_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """`quantity` of `component_id` go into `base` of `parent_id`; quantities in any exact unit of the item."""

    parent_id: int
    component_id: int
    quantity: Fraction
    base: Fraction = Fraction(1)
    scrap: Fraction = Fraction(0)
    from_on: date | None = None
    until_on: date | None = None
    """The first day on which the line does not count any more."""

    @property
    def per_unit(self) -> Fraction:
        """What one unit of the parent needs, scrap included."""
        return self.quantity / self.base * (1 + self.scrap)

    def counts_on(self, day: date | None) -> bool:
        """Whether the line counts on `day`; None asks for every line."""
        return day is None or ((self.from_on or day) <= day and (self.until_on is None or day < self.until_on))


@dataclass(frozen=True, slots=True)
class ExplodedRow:
    """A row of the tree: `needed` of an item at `level` below the top, reached by `path` (item ids, top first)."""

    level: int
    path: tuple[int, ...]
    item_id: int
    needed: Fraction
    is_leaf: bool


class Structure:
    """The bills that count on one day."""

    def __init__(self, lines: Iterable[BillLine], *, day: date | None = None) -> None:
        self._lines: dict[int, list[BillLine]] = {}
        self._parents: dict[int, list[BillLine]] = {}
        for line in lines:
            if line.counts_on(day):
                self._lines.setdefault(line.parent_id, []).append(line)
                self._parents.setdefault(line.component_id, []).append(line)

    def components(self, item_id: int) -> Sequence[BillLine]:
        """Return the lines of an item's bill; none for what is bought."""
        return self._lines.get(item_id, ())

    def tree(self, item_id: int, quantity: Fraction, *, levels: int = LEVELS_MAX) -> Iterator[ExplodedRow]:
        """Yield the tree below an item, parents before components, in the order of the bills.

        Raises: planning.bom_ring with the ring; planning.too_many_nodes beyond 100,000 rows.
        """
        waiting: list[tuple[int, tuple[int, ...], int, Fraction]] = [(0, (item_id,), item_id, quantity)]
        rows = 0
        while waiting:
            level, path, at, needed = waiting.pop()
            below = self.components(at) if level < levels else ()
            if level:
                rows += 1
                if rows > ROWS_MAX:
                    raise ZhangshiError(errors.TOO_MANY_NODES, limit=ROWS_MAX)
                yield ExplodedRow(level, path, at, needed, not self.components(at))
            for line in reversed(below):
                if line.component_id in path:
                    raise _ring([*path[path.index(line.component_id) :], line.component_id])
                step = (*path, line.component_id)
                waiting.append((level + 1, step, line.component_id, needed * line.per_unit))

    def totals(self, wanted: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Return what all levels need of every item below `wanted` (the wanted items themselves left out).

        One step a line. Raises: planning.bom_ring.
        """
        needed: dict[int, Fraction] = {}
        for at in self._ordered(wanted):
            here = needed.get(at, Fraction(0)) + wanted.get(at, Fraction(0))
            for line in self.components(at):
                needed[line.component_id] = needed.get(line.component_id, Fraction(0)) + here * line.per_unit
        return needed

    def rolled_up_costs(self, item_ids: Iterable[int], cost_of: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Return the material cost of one unit of each: bought parts at `cost_of`, made parts as the sum of theirs.

        Raises: planning.bom_ring.
        """
        cost: dict[int, Fraction] = {}
        for at in reversed(list(self._ordered(dict.fromkeys(item_ids, Fraction(1))))):
            lines = self.components(at)
            below = sum((cost[line.component_id] * line.per_unit for line in lines), Fraction(0))
            cost[at] = below if lines else cost_of.get(at, Fraction(0))
        return cost

    def where_used(self, item_id: int, *, levels: int = LEVELS_MAX) -> dict[int, Fraction]:
        """Return the items that contain `item_id`, with what one unit of each needs of it over all ways."""
        found = self._ancestors(item_id, levels)
        return {parent: self.totals({parent: Fraction(1)}).get(item_id, Fraction(0)) for parent in found}

    def _ancestors(self, item_id: int, levels: int) -> list[int]:
        level_of = {item_id: 0}
        waiting = deque([item_id])
        while waiting:
            at = waiting.popleft()
            if level_of[at] == levels:
                continue
            for line in self._parents.get(at, ()):
                if line.parent_id not in level_of:
                    level_of[line.parent_id] = level_of[at] + 1
                    waiting.append(line.parent_id)
        return [parent for parent in level_of if parent != item_id]

    def refuse_ring(self, item_ids: Iterable[int]) -> None:
        """Refuse if an item of `item_ids` contains itself.

        Raises: planning.bom_ring with the path of item ids, first item repeated at the end.
        """
        for _ in self._ordered({item_id: Fraction(0) for item_id in item_ids}):
            pass

    def refuse_ring_with(self, item_id: int, component_ids: Iterable[int]) -> None:
        """Refuse if making `item_id` of `component_ids` would let it contain itself.

        Raises: planning.bom_ring, the path beginning and ending with `item_id`.
        """
        for component_id in component_ids:
            ways: list[tuple[int, tuple[int, ...]]] = [(component_id, (item_id, component_id))]
            seen: set[int] = set()
            while ways:
                at, path = ways.pop()
                if at == item_id:
                    raise _ring(path)
                if at not in seen:
                    seen.add(at)
                    ways += [(line.component_id, (*path, line.component_id)) for line in self.components(at)]

    def _ordered(self, wanted: Mapping[int, Fraction]) -> Iterator[int]:
        """Yield what is reached from `wanted`, parents before components."""
        finished: list[int] = []
        state: dict[int, bool] = {}  # False while its components are looked at, True when done
        for start in wanted:
            if start in state:
                continue
            state[start] = False
            ways = [(start, iter(self.components(start)))]
            while ways:
                at, rest = ways[-1]
                line = next(rest, None)
                if line is None:
                    state[at] = True
                    finished.append(at)
                    ways.pop()
                elif line.component_id not in state:
                    state[line.component_id] = False
                    ways.append((line.component_id, iter(self.components(line.component_id))))
                elif not state[line.component_id]:
                    path = [one for one, _ in ways]
                    raise _ring([*path[path.index(line.component_id) :], line.component_id])
        return iter(reversed(finished))


def _ring(path: Sequence[int]) -> ZhangshiError:
    return ZhangshiError(errors.BOM_RING, path=" → ".join(map(str, path)))
