"""Twelve months of documents through the services, day by day, each by the person whose role it is.

`build` makes the masters and the opening stock, then carries out the plan of `year` in the order of its days: nothing
here writes to a table, posts a move or sets a number. What the plan says is on hand is really there, or the ledger
refuses and the build ends; so the demo is a test of the product, too.
"""

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zhangshi.identity.service.passwords import HashedPassword
from zhangshi.packs.demo import masters, people
from zhangshi.packs.demo.crew import Content, Crew, Step, entering, moving, pushing, pushing_lines
from zhangshi.packs.demo.draw import Draw
from zhangshi.packs.demo.masters import WAREHOUSE_OF, link, plain
from zhangshi.packs.demo.products import Bill, Goods, goods
from zhangshi.packs.demo.year import Batch, Purchase, Sale, Year, needed, plan_year

Told = Callable[[str], None]
_INVOICE_DAYS = 3
_PAYMENT_DAYS = 35


@dataclass(slots=True)
class _Lots:
    """Lots of one item in the order of their arrival, with what is left of each."""

    left: deque[tuple[str, Decimal]] = field(default_factory=deque)

    def take(self, quantity: Decimal) -> list[tuple[str, Decimal]]:
        """Take from the oldest lots."""
        taken: list[tuple[str, Decimal]] = []
        while quantity > 0:
            code, there = self.left.popleft()
            used = min(there, quantity)
            taken.append((code, used))
            quantity -= used
            if there > used:
                self.left.appendleft((code, there - used))
        return taken


class Factory:
    """The factory while it is built."""

    def __init__(self, crew: Crew, *, months: Sequence[Sequence[date]], seed: int) -> None:
        draw = Draw(seed)
        self.crew = crew
        self.goods: Goods = goods()
        self.people = people.employees(draw)
        self.suppliers = people.suppliers(draw)
        self.customers = people.customers(draw)
        self.year: Year = plan_year(
            self.goods, customers=self.customers, suppliers=self.suppliers, months=months, draw=draw
        )
        self.days = months
        self.item = {one.code: one for one in self.goods.items}
        self.category = {one.code: one.category for one in self.goods.items}
        self.bills: dict[str, Bill] = {one.item: one for one in self.goods.bills}
        self.lots: dict[str, _Lots] = {}
        self.workers = {team: [one for one in self.people if one.team == team] for team, _, _ in people.DEPARTMENTS}
        self._team = {code: center for code, _, center, _, _ in masters.PROCESSES}
        self._turn = 0
        self._waiting: list[tuple[date, int, str, int]] = []

    def masters(self, password: HashedPassword) -> None:
        """Enter all masters on the first day."""
        crew = self.crew
        crew.on(self.days[0][0] - timedelta(days=3))
        self.staff_secret = crew.hire(self.people, password)
        clerk, technician = "clerk", "tech"
        crew.do(clerk, [entering("department", contents) for contents in masters.departments()])
        for entity, contents in (
            ("location", masters.places()), ("location", masters.bins()), ("work_center", masters.work_centers()),
            ("process", masters.processes()), ("employee", masters.employees(self.people)),
            ("partner", masters.partners(self.suppliers, self.customers)), ("item", masters.items(self.goods)),
        ):  # fmt: skip
            crew.do("boss" if entity in {"employee", "item"} else clerk, [entering(entity, contents)])
        crew.do(technician, [entering("bom", masters.bills(self.goods), "approve")])
        crew.do(technician, [entering("routing", masters.routings(self.goods), "approve")])

    def open(self) -> None:
        """Enter the opening stock, a document a warehouse, at what things cost."""
        cost = self._costs()
        by_place: dict[str, list[Content]] = {}
        for code, quantity in self.year.opening.items():
            line: Content = {"item": link(code), "quantity": plain(quantity), "unit_cost": plain(cost[code])}
            line |= self._arrived(code, "QC2025", quantity)
            by_place.setdefault(self._place(code), []).append(line)
        day = self.days[0][0] - timedelta(days=1)
        self.crew.on(day)
        for place, lines in by_place.items():
            content = {"date": day.isoformat(), "warehouse": link(place), "lines": lines}
            self.crew.do("account", [entering("opening_stock", [content], "post")])

    def _costs(self) -> dict[str, Decimal]:
        """Cost without tax of what is bought; the sum of its parts for what is made."""
        cost = {one.code: (one.price / Decimal("1.13")).quantize(Decimal("0.0001")) for one in self.goods.items}
        for bill in self.goods.bills:
            total = sum((cost[line.component] * line.quantity for line in bill.lines), Decimal(0))
            cost[bill.item] = (total + Decimal("0.5") * len(self.goods.processes[bill.item])).quantize(
                Decimal("0.0001")
            )
        return cost

    def month(self, number: int) -> None:
        """Carry out one month, day by day."""
        plan = self.year.months[number]
        for day in self.days[number]:
            self.crew.on(day)
            self._order_goods([one for one in plan.purchases if one.ordered_on == day])
            self._take_orders([one for one in plan.sales if one.ordered_on == day])
            self._receive([one for one in plan.purchases if one.arrives_on == day], day)
            self._begin([one for one in plan.batches if one.started_on == day], day)
            self._finish([one for one in plan.batches if one.finished_on == day], day)
            self._deliver([one for one in plan.sales if one.shipped_on == day], day)
            self._office(day)

    def counts(self) -> dict[str, int]:
        """Return how much was built: items, partners, and what the months hold."""
        months = self.year.months
        return {
            "items": len(self.goods.items),
            "suppliers": len(self.suppliers),
            "customers": len(self.customers),
            "employees": len(self.people),
            "sales_orders": sum(len(month.sales) for month in months),
            "purchase_orders": sum(len(month.purchases) for month in months),
            "work_orders": sum(len(month.batches) for month in months),
        }

    def _order_goods(self, purchases: Sequence[Purchase]) -> None:
        contents = [
            {
                "supplier": link(one.supplier), "date": one.ordered_on.isoformat(), "warehouse": link("YL"),
                "due_on": (one.arrives_on or one.ordered_on + timedelta(days=7)).isoformat(),
                "lines": [
                    {"item": link(line.item), "quantity": plain(line.quantity), "price": plain(line.price)}
                    for line in one.lines
                ],
            }
            for one in purchases
        ]  # fmt: skip
        (ids,) = self.crew.do("buyer1", [entering("purchase_order", contents)])
        approved: dict[str, list[Step[int]]] = {"buyer1": [], "boss": []}
        for one, order in zip(purchases, ids, strict=True):
            one.ids[:] = [order]
            amount = sum((line.quantity * line.price for line in one.lines), Decimal(0))
            who = "buyer1" if amount <= 5000 else "boss"
            approved[who].append(moving("purchase_order", order, "approve"))
        for who, steps in approved.items():
            self.crew.do(who, steps)

    def _take_orders(self, sales: Sequence[Sale]) -> None:
        contents = [
            {
                "customer": link(one.customer), "date": one.ordered_on.isoformat(), "due_on": one.due_on.isoformat(),
                "warehouse": link("CP"),
                "lines": [{"item": link(line.item), "quantity": plain(line.quantity)} for line in one.lines],
            }
            for one in sales
        ]  # fmt: skip
        (ids,) = self.crew.do("sales1", [entering("sales_order", contents, "approve")])
        for one, order in zip(sales, ids, strict=True):
            one.ids[:] = [order]

    def _receive(self, purchases: Sequence[Purchase], day: date) -> None:
        steps = []
        for one in purchases:
            lines: list[Content] = [
                {"_source": place, **self._arrived(line.item, f"{day:%y%m%d}-{one.supplier[-2:]}", line.quantity)}
                for place, line in enumerate(one.lines)
            ]
            steps.append(pushing_lines("purchase_order_to_purchase_receipt", one.ids[0], lines, "post"))
        receipts = self.crew.do("store1", steps)
        inspected = [
            pushing("purchase_receipt_to_inspection", receipt, {}, "post")
            for one, receipt in zip(purchases, receipts, strict=True)
            if any(self.category[line.item] in {"JS", "BZ", "WG"} for line in one.lines)
        ]
        self.crew.do("qc1", inspected)
        for receipt in receipts:
            self._later(day, _INVOICE_DAYS, "bill", receipt)

    def _begin(self, batches: Sequence[Batch], day: date) -> None:
        (ids,) = self.crew.do(
            "planner", [entering("work_order", [self._work_order(one, day) for one in batches], "release")]
        )
        issued: dict[str, list[Step[int]]] = {"store1": [], "store2": []}
        for one, order in zip(batches, ids, strict=True):
            one.ids[:] = [order]
            if one.finished_on is not None:  # under way: its material is still to be bought
                for place, lines in self._needed_by_place(one).items():
                    header = {"date": day.isoformat(), "warehouse": link(place)}
                    issued["store1" if place == "YL" else "store2"].append(
                        pushing_lines(
                            "work_order_to_material_issue", order, lines, "post", each="materials", header=header
                        )
                    )
        for who, steps in issued.items():
            self.crew.do(who, steps)

    def _parts(self, batch: Batch) -> list[tuple[str, Decimal]]:
        lines = self.bills[batch.item].lines
        return [(line.component, needed(self.item[line.component], line, batch.quantity)) for line in lines]

    def _work_order(self, batch: Batch, day: date) -> Content:
        steps = self.goods.processes[batch.item]
        return {
            "item": link(batch.item), "quantity": plain(batch.quantity), "date": day.isoformat(), "start_on": day.isoformat(),
            "due_on": (batch.finished_on or day + timedelta(days=4)).isoformat(), "warehouse": link("YL"),
            "into_warehouse": link(self._place(batch.item)), "overhead_rate": "0.6", "team": link(self._team[steps[0]]),
            "materials": [{"item": link(code), "quantity": plain(quantity)} for code, quantity in self._parts(batch)],
            "operations": [
                {"sequence": place * 10, "process": link(process)} for place, process in enumerate(steps, start=1)
            ],
        }  # fmt: skip

    def _needed_by_place(self, batch: Batch) -> dict[str, list[Content]]:
        found: dict[str, list[Content]] = {}
        for row, (code, quantity) in enumerate(self._parts(batch)):
            found.setdefault(self._place(code), []).extend(
                {"_source": row, "quantity": plain(part), **lot} for part, lot in self._taken(code, quantity)
            )
        return found

    def _finish(self, batches: Sequence[Batch], day: date) -> None:
        reported: dict[str, list[Step[int]]] = {}
        received: dict[str, list[Step[int]]] = {}
        for one in batches:
            steps = self.goods.processes[one.item]
            lines: list[Content] = [
                {"_source": row, "employee": link(self._worker(process)), "good": plain(one.quantity)}
                for row, process in enumerate(steps)
            ]
            leader = next((who.login for who in self.workers[self._team[steps[0]]] if who.login), "leader1")
            header = {"date": day.isoformat()}
            reported.setdefault(leader, []).append(
                pushing_lines("work_order_to_work_report", one.ids[0], lines, "post", each="operations", header=header)
            )
            received.setdefault("store3" if self._place(one.item) == "CP" else "store2", []).append(
                pushing("work_order_to_finished_receipt", one.ids[0], header, "post")
            )
        for work in (reported, received):
            for who, tasks in work.items():
                self.crew.do(who, tasks)
        self.crew.do("planner", [moving("work_order", one.ids[0], "finish") for one in batches])

    def _deliver(self, sales: Sequence[Sale], day: date) -> None:
        content = {"date": day.isoformat(), "warehouse": link("CP")}
        steps = [pushing("sales_order_to_delivery", one.ids[0], content, "post") for one in sales]
        for delivery in self.crew.do("store3", steps):
            self._later(day, _INVOICE_DAYS, "invoice", delivery)

    def _office(self, day: date) -> None:
        """What the accountant and the cashier have to do today: invoices of both kinds, money out and in."""
        due: dict[str, list[int]] = {}
        while self._waiting and self._waiting[0][0] <= day:
            _, _, task, record = heapq.heappop(self._waiting)
            due.setdefault(task, []).append(record)
        content = {"date": day.isoformat()}
        for task, conversion, then in (
            ("bill", "purchase_receipt_to_purchase_invoice", "pay"), ("invoice", "delivery_to_sales_invoice", "collect"),
        ):  # fmt: skip
            steps = [
                pushing(conversion, one, {**content, "invoice_no": f"2633{self._next():016}"}, "post")
                for one in due.get(task, [])
            ]
            for made in self.crew.do("account", steps):
                self._later(day, _PAYMENT_DAYS, then, made)
        payments = self.crew.do(
            "cashier", [pushing("purchase_invoice_to_payment", one, content) for one in due.get("pay", [])]
        )
        self.crew.do("boss", [moving("payment", one, "approve") for one in payments])
        self.crew.do("cashier", [moving("payment", one, "post") for one in payments])
        self.crew.do(
            "cashier",
            [pushing("sales_invoice_to_money_receipt", one, content, "post") for one in due.get("collect", [])],
        )

    def _later(self, day: date, days: int, task: str, record: int) -> None:
        heapq.heappush(self._waiting, (day + timedelta(days=days), self._next(), task, record))

    def _arrived(self, code: str, lot: str, quantity: Decimal) -> dict[str, Any]:
        if self.category[code] != "JS":
            return {}
        self.lots.setdefault(code, _Lots()).left.append((lot, quantity))
        return {"lot": lot}

    def _taken(self, code: str, quantity: Decimal) -> list[tuple[Decimal, dict[str, str]]]:
        if self.category[code] != "JS":
            return [(quantity, {})]
        return [(part, {"lot": lot}) for lot, part in self.lots[code].take(quantity)]

    def _place(self, code: str) -> str:
        return WAREHOUSE_OF.get(self.category[code], "YL")

    def _worker(self, process: str) -> str:
        team = self.workers[self._team[process]]
        return team[self._next() % len(team)].code

    def _next(self) -> int:
        self._turn += 1
        return self._turn


def build(crew: Crew, *, months: Sequence[Sequence[date]], seed: int, password: HashedPassword, told: Told) -> Factory:
    """Build the factory. `months`: the working days of each month, the last one under way."""
    factory = Factory(crew, months=months, seed=seed)
    factory.masters(password)
    factory.open()
    for number, days in enumerate(months):
        factory.month(number)
        told(f"{days[0]:%Y-%m}")
    return factory
