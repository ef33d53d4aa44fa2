"""From the parameters of a posting to a command of the stock ledger, in base units.

Quantities in the row's unit become base quantities by the item's ratio, rounded half up to a millionth. A unit cost is
for one of the row's unit; where that is not the base unit the exact amount is given instead, so nothing is lost.

Example. 2 boxes of 144 at 72.00 a box: 288 pcs worth 144.00, not 288 pcs at a rounded unit cost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from zhangshi.base.clock import instant_to_micros
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.numbers import (
    AMOUNT_DIGITS,
    QUANTITY_DIGITS,
    UNIT_COST_DIGITS,
    Amount,
    Quantity,
    UnitCost,
    check_range,
    round_half_up_ratio,
)
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import NO_ID, NO_LOT, LocationKind, Status
from zhangshi.records.errors import BAD_POSTING
from zhangshi.records.numerals import minor

INCOMING = frozenset({"receive", "produce", "return_in", "adjust"})
"""Commands whose goods come onto the books: a lot that they name may be new."""

COUNTERPARTIES: Mapping[str, Mapping[str, LocationKind]] = {
    "receive": {"supplier": LocationKind.SUPPLIER},
    "issue": {"customer": LocationKind.CUSTOMER},
    "transfer_ship": {"transit": LocationKind.TRANSIT},
    "consume": {"production": LocationKind.PRODUCTION},
    "produce": {"production": LocationKind.PRODUCTION},
    "scrap": {"scrap": LocationKind.SCRAP},
    "return_out": {"supplier": LocationKind.SUPPLIER},
    "adjust": {"adjustment": LocationKind.ADJUSTMENT},
    "revalue": {"adjustment": LocationKind.ADJUSTMENT},
}
"""Places that no form names; `return_in` comes from the customer or from an order."""


@dataclass(slots=True)
class Given:
    """The parameters of one row. `ratio`: base units in one of the row's unit."""

    row: int
    line_id: int
    values: dict[str, Any]
    ratio: Fraction | int = 1
    lot_id: int = NO_LOT
    origin: c.Origin | None = None

    @property
    def is_negative(self) -> bool:
        """Whether the quantity is below zero: goods of a count that leave the books."""
        quantity = self.values.get("quantity")
        return quantity is not None and quantity < 0

    def quantity(self) -> Quantity:
        """Return the quantity in base units. Raises: records.bad_posting, number.overflow."""
        value = self.values.get("quantity")
        if value is None:
            raise ZhangshiError(BAD_POSTING, row=self.row, param="quantity")
        exact = Fraction(Decimal(value)) * 10**QUANTITY_DIGITS * self.ratio
        return Quantity(check_range(round_half_up_ratio(exact.numerator, exact.denominator)))

    def place(self, name: str) -> int:
        """Return a location. Raises: records.bad_posting."""
        found = self.values.get(name)
        if not isinstance(found, int):
            raise ZhangshiError(BAD_POSTING, row=self.row, param=name)
        return found

    def status(self, name: str = "status", otherwise: Status = Status.AVAILABLE) -> Status:
        """Return a stock status. Raises: records.bad_posting."""
        found = self.values.get(name)
        if not found:
            return otherwise
        try:
            return Status(found)
        except ValueError:
            raise ZhangshiError(BAD_POSTING, row=self.row, param=name) from None

    def costs(self) -> dict[str, Any]:
        """Return `amount` or `unit_cost` for an incoming line; an amount wins."""
        amount, unit_cost = self.values.get("amount"), self.values.get("unit_cost")
        if amount is not None:
            return {"amount": Amount(minor(Decimal(amount), AMOUNT_DIGITS))}
        if unit_cost is None:
            return {}
        if self.ratio == 1:
            return {"unit_cost": UnitCost(minor(Decimal(unit_cost), UNIT_COST_DIGITS))}
        return {"amount": Amount(minor(Decimal(unit_cost) * Decimal(self.values["quantity"]), AMOUNT_DIGITS))}

    def line(self, place: str) -> dict[str, Any]:
        """Return what every line says."""
        return {
            "item_id": self.values["item"],
            "quantity": self.quantity(),
            "location_id": self.place(place),
            "lot_id": self.lot_id,
            "source_line_id": self.line_id,
        }


def _in(given: Given) -> c.InLine:
    return c.InLine(**given.line("to"), status=given.status(), **given.costs())


def _out(given: Given) -> c.OutLine:
    return c.OutLine(**given.line("from"))


def _ship(given: Given) -> c.ShipLine:
    return c.ShipLine(**given.line("from"), to_location_id=given.values.get("destination") or NO_ID)


def _sign(given: Given) -> c.SignLine:
    assert given.origin is not None
    return c.SignLine(
        shipped=given.origin, quantity=given.quantity(), location_id=given.place("to"), source_line_id=given.line_id
    )


def _put_away(given: Given) -> c.PutAwayLine:
    return c.PutAwayLine(**given.line("from"), to_location_id=given.place("to"), status=given.status())


def _status(given: Given) -> c.StatusLine:
    return c.StatusLine(
        **given.line("at"), from_status=given.status("from_status"), to_status=given.status("to_status")
    )


def _consume(given: Given) -> c.ConsumeLine:
    return c.ConsumeLine(**given.line("from"))


def _produce(given: Given) -> c.ProduceLine:
    return c.ProduceLine(**given.line("to"), status=given.status(), **given.costs())


def _stated(given: Given) -> c.StatedLine:
    return c.StatedLine(**given.line("from"), status=given.status(), origin=given.origin)


def _return_in(given: Given) -> c.ReturnInLine:
    return c.ReturnInLine(**given.line("to"), status=given.status(), origin=given.origin, **given.costs())


def _adjust(given: Given) -> c.AdjustLine:
    costs = {} if given.is_negative else given.costs()
    return c.AdjustLine(**given.line("at"), status=given.status(), **costs)


def _revalue(given: Given) -> c.RevalueLine:
    amount, standard = given.values.get("amount"), given.values.get("standard_cost")
    per_base = Fraction(Decimal(standard)) / given.ratio if standard is not None else None
    cost = None
    if per_base is not None:
        scaled = per_base * 10**UNIT_COST_DIGITS
        cost = UnitCost(check_range(round_half_up_ratio(scaled.numerator, scaled.denominator)))
    return c.RevalueLine(
        item_id=given.values["item"],
        location_id=given.place("at"),
        standard_cost=cost,
        amount=None if amount is None else Amount(minor(Decimal(amount), AMOUNT_DIGITS)),
        source_line_id=given.line_id,
    )


def _order(given: Sequence[Given]) -> int:
    found = {one.values.get("order") or NO_ID for one in given}
    if len(found) > 1:  # a command is for one order
        raise ZhangshiError(BAD_POSTING, row=given[1].row, param="order")
    return int(found.pop())


def _expired(given: Sequence[Given]) -> bool:
    return any(bool(one.values.get("allow_expired")) for one in given)


def _owner(given: Sequence[Given]) -> dict[str, Any]:
    due = next((one.values["due_at"] for one in given if one.values.get("due_at")), None)
    owner = next((one.values["owner"] for one in given if one.values.get("owner")), "")
    if isinstance(due, date) and not isinstance(due, datetime):
        due = None
    return {"owner": str(owner), "due_at": 0 if due is None else instant_to_micros(due)}


_Maker = Callable[[Sequence[Given], Mapping[str, int], dict[str, Any]], c.Command]
_MAKERS: dict[str, _Maker] = {
    "receive": lambda g, p, k: c.Receive(supplier_location_id=p["supplier"], lines=tuple(map(_in, g)), **k),
    "issue": lambda g, p, k: c.Issue(
        customer_location_id=p["customer"], lines=tuple(map(_out, g)), allow_expired=_expired(g), **k
    ),
    "transfer_ship": lambda g, p, k: c.TransferShip(
        transit_location_id=p["transit"], lines=tuple(map(_ship, g)), allow_expired=_expired(g), **_owner(g), **k
    ),
    "transfer_sign": lambda g, _, k: c.TransferSign(lines=tuple(map(_sign, g)), **k),
    "put_away": lambda g, _, k: c.PutAway(lines=tuple(map(_put_away, g)), **k),
    "change_status": lambda g, _, k: c.ChangeStatus(lines=tuple(map(_status, g)), **k),
    "consume": lambda g, p, k: c.Consume(
        order_id=_order(g), production_location_id=p["production"], lines=tuple(map(_consume, g)),
        allow_expired=_expired(g), **k,
    ),
    "produce": lambda g, p, k: c.Produce(
        order_id=_order(g), production_location_id=p["production"], lines=tuple(map(_produce, g)), **k
    ),
    "scrap": lambda g, p, k: c.Scrap(scrap_location_id=p["scrap"], lines=tuple(map(_stated, g)), **k),
    "return_in": lambda g, p, k: c.ReturnIn(
        from_location_id=p["from"], lines=tuple(map(_return_in, g)), order_id=_order(g), **k
    ),
    "return_out": lambda g, p, k: c.ReturnOut(
        supplier_location_id=p["supplier"], lines=tuple(map(_stated, g)), **k
    ),
    "adjust": lambda g, p, k: c.Adjust(adjustment_location_id=p["adjustment"], lines=tuple(map(_adjust, g)), **k),
    "revalue": lambda g, p, k: c.Revalue(adjustment_location_id=p["adjustment"], lines=tuple(map(_revalue, g)), **k),
}  # fmt: skip


def command_of(
    name: str,
    given: Sequence[Given],
    *,
    places: Mapping[str, int],
    effective_on: date,
    source_type: str,
    source_id: int,
) -> c.Command:
    """Return the command of a posting. Raises: records.bad_posting, number.overflow."""
    about = {"effective_on": effective_on, "source_type": source_type, "source_id": source_id}
    return _MAKERS[name](given, places, about)
