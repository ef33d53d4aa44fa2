"""The import profile: masters first, then a slice of the orders, day by day, through the services.

Nothing here writes to a table, posts a move or sets a state by hand: what is imported has passed every rule that people
have to pass. One transaction for the masters and the opening stock, one a day for the documents. An import that was
broken off is not taken up again; begin anew in an empty company.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.packs.adventureworks import masters
from zhangshi.packs.adventureworks.clerk import IMPORTER, Clerk, Entering
from zhangshi.packs.adventureworks.masters import WAREHOUSE, Content, number
from zhangshi.packs.adventureworks.orders import Orders, opening, orders_of
from zhangshi.packs.adventureworks.production import Production
from zhangshi.packs.adventureworks.purchasing import Purchasing
from zhangshi.packs.adventureworks.selling import Selling
from zhangshi.packs.adventureworks.source import Slice, Source, documents_of
from zhangshi.packs.shop import Shop
from zhangshi.records.query import ListQuery
from zhangshi.supply.bills import bills_of

Told = Callable[[int, int], None]
"""Told how many days of how many are done."""

NO_PACK = ErrorCode(
    "adventureworks.no_pack",
    "当前账套没有安装“离散制造”模板。请先运行 zhangshi pack install manufacturing。",
    "This company has no manufacturing pack. Run zhangshi pack install manufacturing first.",
)
IMPORTED_BEFORE = ErrorCode(
    "adventureworks.imported_before",
    "当前账套里已有 AdventureWorks 的数据(仓库 AW)。请新建一个账套再导入。",
    "This company holds AdventureWorks already (warehouse AW). Import it into a new company.",
)
_OPENING_LINES_MAX = 200


@dataclass(slots=True)
class Imported:
    """What an import did: how many records of each entity, and what had to be on hand before."""

    counts: dict[str, int] = field(default_factory=dict)
    opening: dict[str, Decimal] = field(default_factory=dict)
    """Quantity by item number."""
    days: int = 0


def import_adventureworks(shop: Shop, *, folder: Path, year: int, documents: int, told: Told) -> Imported:
    """Import the masters and the first `documents` purchase, work and sales orders of `year`.

    Raises: adventureworks.not_there, adventureworks.no_pack, adventureworks.imported_before; what the services refuse.
    """
    source = Source(folder)
    source.check()
    _refuse_unfit(shop)
    clerk = Clerk(shop)
    found = documents_of(source, year=year, count=documents)
    orders = orders_of(source, found)
    ids: dict[str, int] = {}
    clerk.write(lambda entering: ids.update(_enter_masters(entering, source, found)))
    uses = materials_of(shop, orders, ids)
    lacking = opening(orders, uses)
    days = orders.days()
    if lacking:
        clerk.write(lambda entering: _open(entering, source, lacking, days[0] - timedelta(days=1)))
    _play(clerk, source, orders, uses, told)
    clerk.write(lambda entering: _retire(entering, [ids[code] for code in masters.inactive_vendors(source)]))
    return Imported(clerk.counts, lacking, len(days))


def _refuse_unfit(shop: Shop) -> None:
    with shop.company.read() as session:
        catalog = shop.catalogs.current(session)
    if "work_order" not in catalog.entities:
        raise ZhangshiError(NO_PACK)
    query = ListQuery(filter=f"number = '{WAREHOUSE}'", limit=1, fields=())
    if shop.reader.list(IMPORTER, "location", query).rows:
        raise ZhangshiError(IMPORTED_BEFORE)


def _enter_masters(entering: Entering, source: Source, found: Slice) -> dict[str, int]:
    """Enter all masters; return the ids of items and vendors by their numbers, which no two of them share."""
    enter = entering.enter
    enter("unit", masters.units())
    enter("item_category", masters.categories(source))
    enter("location", [masters.warehouse()])
    enter("location", masters.locations(source))
    enter("reason_code", masters.scrap_reasons(source))
    enter("work_center", masters.work_centers(source))
    enter("process", masters.processes(source))
    enter("employee", masters.crews(source))
    enter("partner", masters.customers(source, {header["CustomerID"] for header, _ in found.sales_orders}))
    vendors, items = masters.vendors(source), masters.items(source)
    made = [*enter("partner", vendors), *enter("item", items)]
    enter("price_list", masters.price_lists(source))
    enter("bom", masters.bills(source), "approve")
    enter("routing", masters.routings(source), "approve")
    return {str(row["number"]): one.id for row, one in zip([*vendors, *items], made, strict=True)}


def materials_of(shop: Shop, orders: Orders, ids: Mapping[str, int]) -> dict[str, list[tuple[str, Decimal]]]:
    """Return what each work order takes: one level of the bill that counts on its start date, as the records say it.

    Cost: one statement a start date.
    """
    codes = {item_id: code for code, item_id in ids.items()}
    by_day: dict[date, set[int]] = {}
    for one in orders.batches:
        by_day.setdefault(one.started_on, set()).add(ids[one.item])
    with shop.company.read() as session:
        bills = bills_of(shop.catalogs.current(session))
        valid = {day: bills.structure(session, items, day=day, levels=1) for day, items in by_day.items()}
    return {
        one.number: [
            (codes[line.component_id], one.quantity * line.per_unit.numerator / line.per_unit.denominator)
            for line in valid[one.started_on].components(ids[one.item])
        ]
        for one in orders.batches
    }


def _open(entering: Entering, source: Source, lacking: dict[str, Decimal], day: date) -> None:
    codes, places, costs = masters.product_codes(source), masters.places(source), masters.unit_costs(source)
    ids = {code: product for product, code in codes.items()}
    lines: list[Content] = [
        {"item": number(code), "quantity": str(quantity), "unit_cost": costs[ids[code]],
         "bin": number(places[ids[code]])}
        for code, quantity in lacking.items()
    ]  # fmt: skip
    contents: list[Content] = [
        {"date": day.isoformat(), "warehouse": number(WAREHOUSE), "lines": lines[at : at + _OPENING_LINES_MAX]}
        for at in range(0, len(lines), _OPENING_LINES_MAX)
    ]
    entering.enter("opening_stock", contents, "post")


def _play(clerk: Clerk, source: Source, orders: Orders, uses: dict[str, list[tuple[str, Decimal]]], told: Told) -> None:
    codes, places = masters.product_codes(source), masters.places(source)
    routed = frozenset(codes[row["ProductID"]] for row in source.rows("work_order_routing.csv.gz"))
    bought, sold = Purchasing(), Selling()
    made = Production(uses, {codes[product]: place for product, place in places.items()}, routed)
    days = orders.days()
    for done, day in enumerate(days, 1):

        def work(entering: Entering, day: date = day) -> None:
            """What comes in is first, as `opening` reckons."""
            bought.order(entering, [one for one in orders.purchases if one.ordered_on == day])
            bought.receive(entering, [one for one in orders.purchases if one.received_on == day])
            made.finish(entering, [one for one in orders.batches if one.finished_on == day])
            made.begin(entering, [one for one in orders.batches if one.started_on == day])
            sold.order(entering, [one for one in orders.sales if one.ordered_on == day])
            sold.deliver(entering, [one for one in orders.sales if one.shipped_on == day])
            bought.pay(entering, [one for one in orders.purchases if one.paid_on == day])
            sold.collect(entering, [one for one in orders.sales if one.paid_on == day])

        clerk.write(work)
        told(done, len(days))


def _retire(entering: Entering, vendors: Sequence[int]) -> None:
    """Nobody trades with these vendors any more, now that their orders are in."""
    for one in vendors:
        entering.change("partner", one, {"active": False})
