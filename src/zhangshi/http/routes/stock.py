"""Questions to the stock ledger: on hand, by place, card, as of a day, genealogy, reservations, on the road."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routing import Route
from zhangshi.records.reading.stock import StockView

_CARD_DAYS = timedelta(days=31)


@contextmanager
def _view(call: Call) -> Iterator[StockView]:
    with call.read() as session:
        yield StockView(call.services.reader.asking(session, call.caller))


def on_hand(call: Call) -> Answer:
    """Return quantities over all places."""
    with _view(call) as view:
        return json_answer({"rows": view.on_hand(call.query.ids("items"))})


def balances(call: Call) -> Answer:
    """Return goods by place, lot and status."""
    item, location = call.query.id("item") or None, call.query.id("location") or None
    with _view(call) as view:
        return json_answer({"rows": view.balances(item_id=item, location_id=location)})


def card(call: Call) -> Answer:
    """Return the ledger card of an item; without days, the last 31."""
    to_day = call.query.date("to") or call.clock.now().date()
    from_day = call.query.date("from") or to_day - _CARD_DAYS
    with _view(call) as view:
        return json_answer(view.card(item_id=call.query.id("item"), from_day=from_day, to_day=to_day))


def as_of(call: Call) -> Answer:
    """Return stock at the end of a day."""
    day = call.query.date("on") or call.clock.now().date()
    item, recorded_by = call.query.id("item") or None, call.query.instant("recorded_by")
    with _view(call) as view:
        return json_answer(view.as_of(day=day, item_id=item, recorded_by=recorded_by))


def genealogy(call: Call) -> Answer:
    """Return what a lot went into, or what is in it."""
    with _view(call) as view:
        found = view.genealogy(lot_id=call.query.id("lot"), back=call.query.text("direction") == "back")
    return json_answer({"edges": found})


def reservations(call: Call) -> Answer:
    """Return what is promised to whom."""
    with _view(call) as view:
        return json_answer({"rows": view.reservations(call.query.id("item") or None)})


def lots(call: Call) -> Answer:
    """Return the lots of an item."""
    with _view(call) as view:
        return json_answer({"lots": view.lots(call.query.id("item"))})


def in_transit(call: Call) -> Answer:
    """Return goods on the road."""
    with _view(call) as view:
        return json_answer({"rows": view.in_transit()})


def work_in_progress(call: Call) -> Answer:
    """Return the value that orders hold."""
    with _view(call) as view:
        return json_answer({"rows": view.work_in_progress()})


_ITEM = Parameter("item", "id", "Only this item.")
_THE_ITEM = Parameter("item", "id", "The item.", required=True)

ROUTES = (
    Route(method="GET", path="/stock/on-hand", name="stock_on_hand", tag="stock", run=on_hand,
          query=(Parameter("items", "words", "Only these items."),),
          about="On hand, available, reserved and on the road, by item."),
    Route(method="GET", path="/stock/balances", name="stock_balances", tag="stock", run=balances,
          query=(_ITEM, Parameter("location", "id", "Only this place.")), about="Goods by place, lot and status."),
    Route(method="GET", path="/stock/card", name="stock_card", tag="stock", run=card,
          query=(
              _THE_ITEM,
              Parameter("from", "date", "The first day; 31 days before the last without one."),
              Parameter("to", "date", "The last day; today without one."),
          ),
          about="The ledger card of an item (收发存明细)."),
    Route(method="GET", path="/stock/as-of", name="stock_as_of", tag="stock", run=as_of,
          query=(
              Parameter("on", "date", "The business day; today without one."),
              _ITEM,
              Parameter("recorded_by", "instant", "As the books said at this instant."),
          ),
          about="Stock at the end of a business day."),
    Route(method="GET", path="/stock/genealogy", name="stock_genealogy", tag="stock", run=genealogy,
          query=(
              Parameter("lot", "id", "The lot.", required=True),
              Parameter("direction", "text", "What it went into, or what is in it.", choices=("forward", "back")),
          ),
          about="Where a lot went, or what is in it, level by level."),
    Route(method="GET", path="/stock/reservations", name="stock_reservations", tag="stock", run=reservations,
          query=(_ITEM,), about="What is promised to whom."),
    Route(method="GET", path="/stock/lots", name="stock_lots", tag="stock", run=lots, query=(_THE_ITEM,),
          about="The lots of an item."),
    Route(method="GET", path="/stock/in-transit", name="stock_in_transit", tag="stock", run=in_transit,
          about="Goods on the road, the earliest due first."),
    Route(method="GET", path="/stock/work-in-progress", name="stock_work_in_progress", tag="stock",
          run=work_in_progress, about="The value that orders hold, for who sees costs."),
)  # fmt: skip
