"""The verbs of a story that post: from words to the ledger's commands."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from tests import builders as b
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import Status

if TYPE_CHECKING:
    from tests.integration.ledger.story import Story, Words

Build = Callable[["Story", date, "list[Words]"], c.Command]


def _receive(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(c.InLine(**story.priced(w)) for w in lines)
    return c.Receive(effective_on=on, supplier_location_id=b.SUPPLIER, lines=made)


def _issue(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(c.OutLine(**story.goods(w), **story.promised(w)) for w in lines)
    return c.Issue(
        effective_on=on, customer_location_id=b.CUSTOMER, lines=made, allow_expired="expired" in lines[0].others
    )


def _ship(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(c.ShipLine(**story.goods(w), to_location_id=story.place(w, "to"), **story.promised(w)) for w in lines)
    due_at = story.micros(lines[0].marks.get("until"))
    return c.TransferShip(effective_on=on, transit_location_id=b.TRANSIT, lines=made, owner="wu", due_at=due_at)


def _sign(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = []
    for w in lines:
        goods = story.origin(w)
        place = story.place(w, "at")
        made.append(c.SignLine(shipped=goods["origin"], quantity=goods["quantity"], location_id=place))
    return c.TransferSign(effective_on=on, lines=tuple(made))


def _move(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(
        c.PutAwayLine(**story.goods(w), to_location_id=story.place(w, "to"), status=story.status(w)) for w in lines
    )
    return c.PutAway(effective_on=on, lines=made)


def _status(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(
        c.StatusLine(**story.goods(w), from_status=story.status(w), to_status=Status(w.marks["to"])) for w in lines
    )
    return c.ChangeStatus(effective_on=on, lines=made)


def _consume(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = []
    for w in lines:
        item, _, lot = w.marks.get("into", "").partition("/")
        output: dict[str, Any] = {}
        if item:
            output = {"output_item_id": story.items[item], "output_lot_id": story.lots[(item, lot)]}
        made.append(c.ConsumeLine(**story.goods(w), **story.promised(w), **output))
    order = story.order(lines[0])
    return c.Consume(effective_on=on, order_id=order, production_location_id=b.PRODUCTION, lines=tuple(made))


def _produce(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(c.ProduceLine(**story.priced(w)) for w in lines)
    order = story.order(lines[0])
    return c.Produce(effective_on=on, order_id=order, production_location_id=b.PRODUCTION, lines=made)


def _scrap(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(c.StatedLine(**story.goods(w), status=story.status(w)) for w in lines)
    return c.Scrap(effective_on=on, scrap_location_id=b.SCRAP, lines=made)


def _lose(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(c.StatedLine(**story.origin(w), location_id=b.TRANSIT) for w in lines)
    return c.Scrap(effective_on=on, scrap_location_id=b.SCRAP, lines=made)


def _takeback(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    """From a customer, or with `for` from an order; with `of` at the cost of the goods that left."""
    w = lines[0]
    goods: dict[str, Any] = story.origin(w) if "of" in w.marks else story.goods(w)
    goods |= {"location_id": story.place(w, "at"), "status": story.status(w)}
    order = story.order(w) if "for" in w.marks else 0
    source = b.PRODUCTION if order else b.CUSTOMER
    line = c.ReturnInLine(**goods, unit_cost=b.cost(w.cost))
    return c.ReturnIn(effective_on=on, from_location_id=source, lines=(line,), order_id=order)


def _sendback(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    """To the supplier; with `of` at the price that was paid."""
    w = lines[0]
    goods: dict[str, Any] = story.origin(w) if "of" in w.marks else story.goods(w)
    line = c.StatedLine(**(goods | {"location_id": story.place(w, "at"), "status": story.status(w)}))
    return c.ReturnOut(effective_on=on, supplier_location_id=b.SUPPLIER, lines=(line,))


def _adjust(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(c.AdjustLine(**story.priced(w)) for w in lines)
    return c.Adjust(effective_on=on, adjustment_location_id=b.ADJUSTMENT, lines=made)


def _revalue(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(
        c.RevalueLine(item_id=story.items[w.name], location_id=b.BIN, amount=b.amount(w.marks["by"])) for w in lines
    )
    return c.Revalue(effective_on=on, adjustment_location_id=b.ADJUSTMENT, lines=made)


def _standard(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    made = tuple(
        c.RevalueLine(item_id=story.items[w.name], location_id=b.BIN, standard_cost=b.cost(w.cost)) for w in lines
    )
    return c.Revalue(effective_on=on, adjustment_location_id=b.ADJUSTMENT, lines=made)


def _reverse(story: "Story", on: date, lines: "list[Words]") -> c.Command:
    return b.reverse(on=on, posting=story.named[lines[0].name])


POSTINGS: dict[str, Build] = {
    "receive": _receive, "issue": _issue, "ship": _ship, "sign": _sign, "move": _move, "status": _status,
    "consume": _consume, "produce": _produce, "scrap": _scrap, "lose": _lose, "takeback": _takeback,
    "sendback": _sendback, "adjust": _adjust, "revalue": _revalue, "standard": _standard, "reverse": _reverse,
}  # fmt: skip
