"""Entities that play a part for a kernel: an item for the ledger, a warehouse as one of its places.

Whoever owns a part says here what is to be done when such a record is saved. The ledger's two are built in; others
(bom, department, calendar …) are added where the program is wired.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhangshi.base.numbers import QUANTITY_DIGITS, UNIT_COST_DIGITS, Quantity, UnitCost
from zhangshi.definitions.catalog import Part
from zhangshi.ledger.model import CostingMethod, Location, LocationKind, Tracking
from zhangshi.ledger.service import setup
from zhangshi.records.numerals import minor
from zhangshi.records.writing.evaluating import evaluate
from zhangshi.records.writing.world import Pending

if TYPE_CHECKING:
    from zhangshi.records.service.work import Work
    from zhangshi.records.writing.documents import Document


@dataclass(frozen=True, slots=True)
class Played:
    """A saved record that plays a part: its values by the names of the part. Line tables are given by their key."""

    document: "Document"
    part: Part
    values: Mapping[str, Any]

    @property
    def record_id(self) -> int:
        """The id under which the kernel knows it."""
        return self.document.id


Player = Callable[["Work", Played], None]
"""Tells a kernel of a saved record; raises what the kernel refuses."""


@dataclass(frozen=True, slots=True)
class Players:
    """Who is told when a record that plays a part is saved."""

    tellers: dict[str, Player] = field(default_factory=dict)
    on_delete: dict[str, Player] = field(default_factory=dict)

    def add(self, role: str, player: Player, *, on_delete: Player | None = None) -> None:
        """Have `player` told of records that play `role`."""
        self.tellers[role] = player
        if on_delete is not None:
            self.on_delete[role] = on_delete


def standard_players() -> Players:
    """Return the parts that the ledger gives out."""
    players = Players()
    players.add("ledger_item", _register_item)
    players.add("ledger_location", _save_location)
    return players


def tell_players(work: "Work", documents: "Sequence[Document]") -> None:
    """Tell the kernels of saved records that play a part. Raises: what a kernel refuses."""
    parts = documents[0].entity.parts if documents else ()
    for part in parts:
        teller = work.desk.players.tellers.get(part.role)
        if teller is None:
            continue
        for document in documents:
            teller(work, Played(document, part, _values(work, document, part)))


def _values(work: "Work", document: "Document", part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def step() -> None:
        for name, said in part.map.items():
            if name not in found:
                try:
                    found[name] = said if isinstance(said, str) else evaluate(said, document.header)
                except Pending:
                    continue

    work.settle(step)
    return found


def _register_item(work: "Work", played: Played) -> None:
    values = played.values
    step = values.get("step")
    setup.register_item(
        work.uow,
        item_id=played.record_id,
        method=CostingMethod(values.get("method") or CostingMethod.MOVING_AVERAGE.value),
        tracking=Tracking(values.get("tracking") or Tracking.NONE.value),
        quantity_step=Quantity(minor(Decimal(step), QUANTITY_DIGITS)) if step else Quantity(1),
        standard_cost=UnitCost(minor(Decimal(values.get("standard_cost") or 0), UNIT_COST_DIGITS)),
    )


def _save_location(work: "Work", played: Played) -> None:
    values = played.values
    active = values.get("active")
    setup.save_location(
        work.uow,
        Location(
            played.record_id,
            values.get("parent") or 0,
            LocationKind(values.get("kind") or LocationKind.WAREHOUSE.value),
            allows_negative=bool(values.get("allows_negative")),
            active=True if active is None else bool(active),
        ),
    )
