"""Questions about structure: explosion, totals, where-used, rolled-up cost. Quantities in base units, exact texts out.

Needs are fractions on all levels; here, at the border, they are rounded half up to a millionth, each row by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhangshi.base.numbers import Quantity, UnitCost, quantity_text, round_half_up_ratio, unit_cost_text
from zhangshi.definitions.catalog import Catalog
from zhangshi.ledger.service.asked import unit_costs
from zhangshi.planning.structure import LEVELS_MAX, Structure
from zhangshi.platform.session import Session
from zhangshi.supply.bills import bills_of

_SCALE = 10**6


@dataclass(frozen=True, slots=True)
class ExplosionRow:
    """A row of the tree; `needed` as exact text, `cost` of so much of it, both in the item's base unit and yuan."""

    level: int
    item_id: int
    path: tuple[int, ...]
    needed: str
    unit_cost: str
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class Explosion:
    """What an item is made of. `totals` sums every item over all ways; `unit_cost` is rolled up from the bottom."""

    item_id: int
    quantity: str
    rows: tuple[ExplosionRow, ...]
    totals: dict[int, str]
    unit_cost: str

    def item_ids(self) -> set[int]:
        """Every item that occurs."""
        return {self.item_id, *self.totals}


def explode(
    session: Session, catalog: Catalog, *, item_id: int, quantity: Decimal, day: date, levels: int = LEVELS_MAX
) -> Explosion:
    """Explode `quantity` of an item by the bills that are valid on `day`.

    Raises: supply.no_bills, planning.bom_ring, planning.too_many_nodes. Cost: one statement a level and one for costs.
    """
    structure = bills_of(catalog).structure(session, [item_id], day=day, levels=levels)
    wanted = Fraction(quantity)
    totals = structure.totals({item_id: wanted})
    costs = rolled_up(session, structure, [item_id, *totals])
    rows = tuple(
        ExplosionRow(row.level, row.item_id, row.path, _text(row.needed), _cost_text(costs[row.item_id]), row.is_leaf)
        for row in structure.tree(item_id, wanted, levels=levels)
    )
    shown = {one: _text(needed) for one, needed in totals.items()}
    return Explosion(item_id, _text(wanted), rows, shown, _cost_text(costs[item_id]))


def needs(session: Session, catalog: Catalog, *, wanted: Mapping[int, Decimal], day: date) -> dict[int, Fraction]:
    """Return what all levels need below the wanted items. Raises: as `explode`."""
    structure = bills_of(catalog).structure(session, wanted, day=day)
    return structure.totals({item_id: Fraction(quantity) for item_id, quantity in wanted.items()})


def where_used(
    session: Session, catalog: Catalog, *, item_id: int, day: date, levels: int = LEVELS_MAX
) -> dict[int, str]:
    """Return the items that contain an item, with what one of each needs of it over all ways.

    Raises: supply.no_bills, planning.bom_ring. Cost: two statements a level.
    """
    structure = bills_of(catalog).structure_above(session, item_id, day=day, levels=levels)
    return {parent: _text(needed) for parent, needed in structure.where_used(item_id, levels=levels).items()}


def rolled_up(session: Session, structure: Structure, item_ids: Iterable[int]) -> dict[int, Fraction]:
    """Return the material cost of one unit of each item: bought ones at their present cost in the ledger."""
    wanted = list(item_ids)
    present = unit_costs(session, item_ids=wanted)
    known = {item_id: Fraction(int(cost), _SCALE) for item_id, cost in present.items()}
    return structure.rolled_up_costs(wanted, known)


def _text(value: Fraction) -> str:
    return quantity_text(Quantity(round_half_up_ratio(value.numerator * _SCALE, value.denominator)))


def _cost_text(value: Fraction) -> str:
    return unit_cost_text(UnitCost(round_half_up_ratio(value.numerator * _SCALE, value.denominator)))


def ring_refused(session: Session, catalog: Catalog, *, item_id: int, component_ids: Sequence[int], day: date) -> None:
    """Refuse a bill that would close a ring: `item_id` made of `component_ids`.

    Raises: planning.bom_ring with the path of ids.
    """
    structure = bills_of(catalog).structure(session, component_ids, day=day)
    structure.refuse_ring_with(item_id, component_ids)
