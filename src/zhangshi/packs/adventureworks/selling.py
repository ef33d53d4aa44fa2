"""Sales orders from the order to the money, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhangshi.packs.adventureworks.clerk import Entering, Made, from_rows, source_of
from zhangshi.packs.adventureworks.masters import WAREHOUSE, Content, number
from zhangshi.packs.adventureworks.orders import Sale
from zhangshi.records.writing.decoding import SOURCE


@dataclass(slots=True)
class Selling:
    """Sales orders under way: what was made of each, by its number."""

    orders: dict[str, Made] = field(default_factory=dict)
    invoices: dict[str, Made] = field(default_factory=dict)

    def order(self, entering: Entering, sales: Sequence[Sale]) -> None:
        """Take orders and approve them."""
        made = entering.enter("sales_order", [_order(one) for one in sales], "approve")
        self.orders.update(zip((one.number for one in sales), made, strict=True))

    def deliver(self, entering: Entering, sales: Sequence[Sale]) -> None:
        """Deliver all lines, which closes the orders, and enter the invoices."""
        deliveries = entering.enter("delivery", [_delivery(one, self.orders[one.number]) for one in sales], "post")
        contents = [_invoice(one, made) for one, made in zip(sales, deliveries, strict=True)]
        made = entering.enter("sales_invoice", contents, "post")
        self.invoices.update(zip((one.number for one in sales), made, strict=True))

    def collect(self, entering: Entering, sales: Sequence[Sale]) -> None:
        """Receive the money."""
        contents = [_money(one, self.invoices[one.number]) for one in sales]
        entering.enter("money_receipt", contents, "post")


def _order(one: Sale) -> Content:
    return {
        "number": one.number, "customer": number(one.customer), "customer_po": one.customer_po or None,
        "date": one.ordered_on.isoformat(), "due_on": one.due_on.isoformat(), "warehouse": number(WAREHOUSE),
        "lines": [
            {"item": number(line.item), "quantity": str(line.quantity), "price": str(line.price), "tax_rate": "0"}
            for line in one.lines
        ],
    }  # fmt: skip


def _delivery(one: Sale, order: Made) -> Content:
    lines = [
        {SOURCE: str(row), "bin": number(line.place)}
        for row, line in zip(order.rows["lines"], one.lines, strict=True)
    ]  # fmt: skip
    return {**source_of("sales_order_to_delivery", order), "date": one.shipped_on.isoformat(), "lines": lines}


def _invoice(one: Sale, delivery: Made) -> Content:
    return {
        **source_of("delivery_to_sales_invoice", delivery),
        "date": one.shipped_on.isoformat(),
        "invoice_no": one.number,
        "lines": from_rows(delivery.rows["lines"]),
    }


def _money(one: Sale, invoice: Made) -> Content:
    return {
        **source_of("sales_invoice_to_money_receipt", invoice),
        "date": one.paid_on.isoformat(),
        "lines": [{SOURCE: str(invoice.id)}],
    }
