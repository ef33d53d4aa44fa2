"""What each command writes into the naive ledger's list, and what is wrong with it before any goods are looked at."""

from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace as Entry
from typing import Any

from tests.builders import VARIANCE
from tests.property.naive_ledger import NaiveLedger, refuse

OUT, ALL = "outside", "available inspection rejected hold"
STATUSES = {
    "receive": "available inspection hold",
    "produce": "available inspection",
    "scrap": "available rejected hold",
    "return_out": "available rejected hold",
}
CHANGES = {
    "available": "inspection rejected hold",
    "inspection": "available rejected hold",
    "hold": "available inspection rejected",
    "rejected": "inspection hold",
}
PARTNERS = ("supplier", "customer", "transit", "production", "scrap", "adjustment", "from")
NEVER_REVERSED = ("reverse", "revalue", "settle_period", "unsettle_period")


def translate(model: NaiveLedger, command: Any, names: dict[int, str]) -> tuple[list[Entry], list[str]]:
    """Return entries and codes; `names` says what each earlier posting was."""
    if command.name == "reverse":
        return _opposites(model, command, names), []
    partner = next((getattr(command, f"{p}_location_id") for p in PARTNERS if hasattr(command, f"{p}_location_id")), 0)
    entries = [_entry(model, command, line, partner) for line in command.lines]
    wrong = [code for e in entries for code in _wrong(model, command, e)]
    return entries, [*wrong, *_revaluations(model, entries)]


def _opposites(model: NaiveLedger, command: Any, names: dict[int, str]) -> list[Entry]:
    done = [m for m in model.moves if m.id[0] == command.posting_id]
    refuse(["not_reversible"] * (names[command.posting_id] in NEVER_REVERSED))
    refuse(["already_reversed"] * (command.posting_id in model.reversed))
    refuse(["used_downstream"] * any(model.used(m.id) for m in done))
    turned = []
    for m in reversed(done):
        opposite = {"source": m.target, "target": m.source, "value": -m.value, "how": "reversed", "origin": m.id}
        turned.append(
            Entry(**{**vars(m), **opposite, "material": -m.material, "output": None, "inputs": None, "made": False})
        )
    return turned


def _entry(model: NaiveLedger, command: Any, line: Any, partner: int) -> Entry:
    name, origin = command.name, getattr(line, "origin", None) or getattr(line, "shipped", None)
    first = next((m for m in model.moves if origin and m.id == (origin.posting_id, origin.line_no)), None)
    e = Entry(
        item=getattr(line, "item_id", first and first.item), lot=getattr(line, "lot_id", first and first.lot),
        quantity=abs(getattr(line, "quantity", 0)), how="method", reason="", amount=None, cost=None, value=0,
        order=getattr(command, "order_id", 0), material=0, origin=first and first.id, made=name == "produce",
        reservation=getattr(line, "reservation_id", 0), inputs=None, output=None,
    )  # fmt: skip
    here, there = (line.location_id, str(getattr(line, "status", "available"))), (partner, OUT)
    incoming = name in ("receive", "produce", "return_in") or (name == "adjust" and line.quantity > 0)
    if incoming:
        e.source, e.target, e.amount, e.cost = there, here, line.amount, line.unit_cost
        e.how = "origin" if origin else "given" if (e.amount, e.cost) != (None, None) else "method"
        if origin:
            e.amount = e.cost = None
    elif name == "revalue":
        e.source = e.target = (VARIANCE, OUT)
        e.lot, e.how, e.reason, e.amount, e.cost = 0, "value", "revaluation", line.amount, line.standard_cost
    elif name in ("put_away", "change_status", "transfer_ship", "transfer_sign"):
        e.how, e.amount = "moved", 0
        e.source, e.target = _carried(model, e, line, name, partner)
    else:
        e.source, e.target = _from(model, e, here), there
        if name == "scrap" and first:
            e.source = (first.target[0], here[1])
        e.how = "origin" if name == "return_out" and origin else "method"
    e.material = {"consume": 1, "return_in": -1}.get(name, 0) if e.order else 0
    if name == "consume" and line.output_item_id:
        e.output = (line.output_item_id, line.output_lot_id)
    if name == "produce" and line.inputs is not None:
        e.inputs = [(i.item_id, i.lot_id, i.quantity) for i in line.inputs]
    return e


def _carried(model: NaiveLedger, e: Entry, line: Any, name: str, partner: int) -> tuple[Any, Any]:
    """From where to where goods go that stay ours."""
    here = (line.location_id, str(getattr(line, "status", "available")))
    if name == "put_away":
        return here, (line.to_location_id, here[1])
    if name == "change_status":
        return (here[0], str(line.from_status)), (here[0], str(line.to_status))
    if name == "transfer_ship":
        return _from(model, e, here), (partner, "available")
    shipped = next(m for m in model.moves if m.id == e.origin)
    return (shipped.target[0], "available"), here


def _from(model: NaiveLedger, e: Entry, here: tuple[int, str]) -> tuple[int, str]:
    r = model.reservations.get(e.reservation)
    if r:
        e.lot = r.lot
    return (r.place, here[1]) if r else here


def _wrong(model: NaiveLedger, command: Any, e: Entry) -> Iterator[str]:
    """The first thing that is wrong with a line."""
    if e.how != "value":
        yield from [*_wrong_place(model, command, e), *_wrong_lot(model, e), *_wrong_status(model, command, e)][:1]


def _wrong_place(model: NaiveLedger, command: Any, e: Entry) -> Iterator[str]:
    if e.source == e.target:
        yield "same_place"
    elif command.name == "put_away" and model.places[e.source[0]].root != model.places[e.target[0]].root:
        yield "other_warehouse"


def _wrong_lot(model: NaiveLedger, e: Entry) -> Iterator[str]:
    item = model.items[e.item]
    if e.lot and item.tracking == "none":
        yield "lot_not_tracked"
    elif e.lot and model.lots[e.lot].item != e.item:
        yield "unknown_lot"
    elif not e.lot and item.tracking != "none":
        yield "lot_required"
    elif e.quantity % item.step:
        yield "quantity_step"
    elif item.tracking == "serial" and e.quantity != 10**6:
        yield "serial_quantity"


def _wrong_status(model: NaiveLedger, command: Any, e: Entry) -> Iterator[str]:
    status = e.target[1] if e.source[1] == OUT else e.source[1]
    allowed = (
        "inspection rejected hold" if command.name == "return_in" and not e.order else STATUSES.get(command.name, ALL)
    )
    if status not in allowed.split():
        yield "status_not_allowed"
    elif command.name == "change_status" and e.target[1] not in CHANGES[e.source[1]].split():
        yield "status_change_not_allowed"
    elif e.lot and not getattr(command, "allow_expired", True) and _expired(model, command, e.lot):
        yield "lot_expired"


def _expired(model: NaiveLedger, command: Any, lot: int) -> bool:
    return "" < model.lots[lot].expires < command.effective_on.isoformat()


def _revaluations(model: NaiveLedger, entries: list[Entry]) -> Iterator[str]:
    """A new standard cost, or a change of value that leaves it at zero or more."""
    changed = defaultdict[int, int](int)
    for e in (e for e in entries if e.how == "value"):
        worth = model.worth(e.item)
        if worth.method == "standard":
            fits = e.amount is None and e.cost is not None and e.cost != worth.standard
        else:
            change = e.amount or 0
            fits = e.cost is None and change and worth.quantity > 0 and worth.amount + changed[e.item] + change >= 0
            changed[e.item] += change
        if not fits:
            yield "nothing_to_revalue"
