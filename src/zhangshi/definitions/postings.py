"""What each command of the stock ledger takes from a form: required and optional parameters, and their types.

A posting on a transition names a command and maps its parameters to formulas. The counterparty's place (supplier,
customer, production, transit, adjustment, scrap) is found by its kind, so no form names it. A quantity is in the row's
unit; costs are for one such unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

REVERSE = "reverse"
"""Takes back everything that stands; it takes no parameters."""


class Kind(StrEnum):
    """What a parameter is."""

    ITEM = "item"
    """A link to the entity that plays `ledger_item`."""
    UNIT = "unit"
    """A link to a unit."""
    LOCATION = "location"
    """A location field."""
    ORDER = "order"
    """A link to a document."""
    NUMBER = "number"
    TEXT = "text"
    """A lot's code, and other texts."""
    DATE = "date"
    DATETIME = "datetime"
    BOOL = "bool"
    STATUS = "status"
    """available, inspection, rejected or hold; or a formula that gives one."""
    CONVERSION = "conversion"
    """The key of a conversion that ends at this entity."""
    PERSON = "person"


STATUSES = ("available", "inspection", "rejected", "hold")

PARAMETERS: Mapping[str, Kind] = {
    "on": Kind.DATE,
    "item": Kind.ITEM,
    "quantity": Kind.NUMBER,
    "unit": Kind.UNIT,
    "from": Kind.LOCATION,
    "to": Kind.LOCATION,
    "at": Kind.LOCATION,
    "destination": Kind.LOCATION,
    "order": Kind.ORDER,
    "lot": Kind.TEXT,
    "produced_on": Kind.DATE,
    "expires_on": Kind.DATE,
    "supplier_lot": Kind.TEXT,
    "status": Kind.STATUS,
    "from_status": Kind.STATUS,
    "to_status": Kind.STATUS,
    "unit_cost": Kind.NUMBER,
    "amount": Kind.NUMBER,
    "standard_cost": Kind.NUMBER,
    "origin": Kind.CONVERSION,
    "shipped": Kind.CONVERSION,
    "owner": Kind.PERSON,
    "due_at": Kind.DATETIME,
    "allow_expired": Kind.BOOL,
}
"""Every parameter with its kind; it means the same in every command."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a command must and may be given."""

    required: frozenset[str]
    optional: frozenset[str]
    aliases: Mapping[str, str]
    zh: str

    @property
    def known(self) -> frozenset[str]:
        """Every parameter, by its own name."""
        return self.required | self.optional


def _command(zh: str, required: str, optional: str = "", aliases: Mapping[str, str] | None = None) -> Command:
    return Command(frozenset(required.split()), frozenset(optional.split()) | {"on"}, aliases or {}, zh)


_NEW_LOT = "lot produced_on expires_on supplier_lot"

COMMANDS: Mapping[str, Command] = {
    "receive": _command("收货", "item quantity to", f"unit {_NEW_LOT} status unit_cost amount"),
    "issue": _command("出库", "item quantity from", "unit lot allow_expired"),
    "transfer_ship": _command("调拨发出", "item quantity from", "unit lot destination owner due_at allow_expired"),
    "transfer_sign": _command("调拨签收", "shipped quantity to", "unit item"),
    "put_away": _command("移库", "item quantity from to", "unit lot status"),
    "change_status": _command("状态变更", "item quantity at from_status to_status", "unit lot"),
    "consume": _command("领料", "item quantity from order", "unit lot allow_expired", {"into": "order"}),
    "produce": _command(
        "完工入库", "item quantity to order", f"unit {_NEW_LOT} status unit_cost amount", {"out_of": "order"}
    ),
    "scrap": _command("报废", "item quantity from", "unit lot status origin"),
    "return_in": _command("退入", "item quantity to", f"unit {_NEW_LOT} status origin order unit_cost amount"),
    "return_out": _command("退出", "item quantity from", "unit lot status origin"),
    "adjust": _command("调整", "item quantity at", f"unit {_NEW_LOT} status unit_cost amount"),
    "revalue": _command("调价", "item at", "unit standard_cost amount"),
    REVERSE: Command(frozenset(), frozenset(), {}, "冲销"),
}
"""Every command that a transition may make."""
