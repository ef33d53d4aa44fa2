"""What an item is made of, and where it is used."""

from datetime import date
from decimal import Decimal, InvalidOperation

from zhangshi.base.errors import ZhangshiError
from zhangshi.http import errors
from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.parameters import Parameter
from zhangshi.http.routing import Route
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.stock import StockView
from zhangshi.supply.service import explode, where_used

_LEVELS_MAX = 64


def _day(call: Call) -> date:
    return call.query.date("on") or call.clock.now().date()


def _levels(call: Call) -> int:
    return call.query.number("levels", _LEVELS_MAX, at_most=_LEVELS_MAX) or _LEVELS_MAX


def _quantity(call: Call) -> Decimal:
    try:
        found = Decimal(call.query.text("quantity") or "1")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 < found < 10**9 or len(call.query.text("quantity")) > 40:  # noqa: PLR2004
        raise ZhangshiError(errors.BAD_PARAMETER, name="quantity", expected="12.5")
    return found


def explosion(call: Call) -> Answer:
    """Explode an item by the bills that are valid on a day."""
    with call.read() as session:
        asking, item_id = call.services.reader.asking(session, call.caller), call.id("item_id")
        worth = StockView(asking).sees_cost(item_id)
        found = explode(
            session, asking.catalog, item_id=item_id, quantity=_quantity(call), day=_day(call), levels=_levels(call)
        )
        rows = [
            {
                "level": row.level,
                "item": row.item_id,
                "needed": row.needed,
                "leaf": row.is_leaf,
                **({"unit_cost": row.unit_cost} if worth else {}),
            }
            for row in found.rows
        ]
        totals = [{"item": one, "needed": needed} for one, needed in sorted(found.totals.items())]
        content = {"quantity": found.quantity, "rows": _seen(asking, rows), "totals": _seen(asking, totals)}
    return json_answer({**content, "unit_cost": found.unit_cost} if worth else content)


def used_in(call: Call) -> Answer:
    """Return the items that contain an item."""
    with call.read() as session:
        asking, item_id = call.services.reader.asking(session, call.caller), call.id("item_id")
        StockView(asking).sees_cost(item_id)
        found = where_used(session, asking.catalog, item_id=item_id, day=_day(call), levels=_levels(call))
        rows = [{"item": one, "needed": needed} for one, needed in sorted(found.items())]
        shown = _seen(asking, rows)
    return json_answer({"rows": shown})


def _seen(asking: Asking, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return StockView(asking).seen(rows)


_QUERY = (
    Parameter("on", "date", "The bills that are valid on this day; today without one."),
    Parameter("levels", "int", f"At most this many levels, up to {_LEVELS_MAX}."),
)

ROUTES = (
    Route(method="GET", path="/bom/{item_id}/explosion", name="bom_explosion", tag="stock", run=explosion,
          query=(Parameter("quantity", "text", "How many are wanted; 1 without it.", example="10"), *_QUERY),
          about="What an item is made of, level by level, with totals and rolled-up material cost."),
    Route(method="GET", path="/bom/{item_id}/where-used", name="bom_where_used", tag="stock", run=used_in,
          query=_QUERY, about="The items that contain an item, with what one of each needs."),
)  # fmt: skip
