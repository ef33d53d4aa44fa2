"""Work orders from release to completion, many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhangshi.packs.adventureworks.clerk import Entering, Made, source_of
from zhangshi.packs.adventureworks.masters import WAREHOUSE, Content, number
from zhangshi.packs.adventureworks.orders import Batch, Uses
from zhangshi.records.writing.decoding import SOURCE


@dataclass(slots=True)
class Production:
    """Work orders under way: what was made of each, by its number. `places`: where each item lies."""

    uses: Uses
    places: Mapping[str, str]
    routed: frozenset[str]
    """The items that have a routing."""
    orders: dict[str, Made] = field(default_factory=dict)

    def begin(self, entering: Entering, batches: Sequence[Batch]) -> None:
        """Release orders with their materials and operations, and issue the materials."""
        made = entering.enter("work_order", [self._order(one) for one in batches], "release")
        self.orders.update(zip((one.number for one in batches), made, strict=True))
        entering.enter("material_issue", [self._issue(one) for one in batches], "post")

    def finish(self, entering: Entering, batches: Sequence[Batch]) -> None:
        """Report the work, receive what was good, finish; close what was received in full.

        What was scrapped leaves its material in work in progress: such an order stays finished, for somebody to decide.
        """
        reported = [one for one in batches if one.operations]
        entering.enter("work_report", [self._report(one) for one in reported], "post")
        entering.enter("finished_receipt", [self._receipt(one) for one in batches if one.good], "post")
        for one in batches:
            order = self.orders[one.number]
            entering.move("work_order", order.id, "finish")
            if not one.scrapped:
                entering.move("work_order", order.id, "close")

    def _order(self, one: Batch) -> Content:
        return {
            "number": one.number, "item": number(one.item), "quantity": str(one.quantity),
            "bom": number(f"AWB-{one.item}"), "date": one.started_on.isoformat(),
            "routing": number(f"AWR-{one.item}") if one.item in self.routed else None,
            "start_on": one.started_on.isoformat(), "due_on": one.due_on.isoformat(),
            "warehouse": number(WAREHOUSE), "into_warehouse": number(WAREHOUSE),
            "materials": [
                {"item": number(item), "quantity": f"{quantity:f}"} for item, quantity in self.uses[one.number]
            ],
            "operations": [
                {"sequence": step.sequence, "process": number(step.place), "price": str(step.price),
                 "minutes": str(step.minutes)}
                for step in one.operations
            ],
        }  # fmt: skip

    def _issue(self, one: Batch) -> Content:
        order = self.orders[one.number]
        return {
            **source_of("work_order_to_material_issue", order),
            "date": one.started_on.isoformat(),
            "lines": [
                {SOURCE: str(row), "bin": number(self.places[item])}
                for row, (item, _) in zip(order.rows["materials"], self.uses[one.number], strict=True)
            ],
        }

    def _report(self, one: Batch) -> Content:
        order = self.orders[one.number]
        wasted = {"work_waste": str(one.scrapped), "reason": number(one.reason)} if one.scrapped else {}
        return {
            **source_of("work_order_to_work_report", order),
            "date": one.finished_on.isoformat(),
            "lines": [
                {SOURCE: str(row), "employee": number(step.place), "good": str(one.good), **wasted}
                for row, step in zip(order.rows["operations"], one.operations, strict=True)
            ],
        }

    def _receipt(self, one: Batch) -> Content:
        return {
            **source_of("work_order_to_finished_receipt", self.orders[one.number]),
            "date": one.finished_on.isoformat(),
            "quantity": str(one.good),
            "bin": number(one.place),
            "produced_on": one.finished_on.isoformat(),
        }
