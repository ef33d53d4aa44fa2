"""Purchase orders from the order to the payment, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from zhangshi.packs.adventureworks.clerk import Entering, Made, from_rows, source_of
from zhangshi.packs.adventureworks.masters import WAREHOUSE, Content, number
from zhangshi.packs.adventureworks.orders import Bought, Purchase
from zhangshi.records.writing.decoding import SOURCE

_REJECTED, _RETURNED = "R02", "G01"
"""外观不良, 检验不合格: their data say how many were rejected, not why."""
_NO_TAX = "0"
"""Their prices are before tax, which (with freight) is only on the header of an order; lines are entered without."""


@dataclass(slots=True)
class Purchasing:
    """Purchase orders under way: what was made of each, by its number."""

    orders: dict[str, Made] = field(default_factory=dict)
    invoices: dict[str, list[Made]] = field(default_factory=dict)

    def order(self, entering: Entering, purchases: Sequence[Purchase]) -> None:
        """Place orders and approve them."""
        made = entering.enter("purchase_order", [_order(one) for one in purchases], "approve")
        self.orders.update(zip((one.number for one in purchases), made, strict=True))

    def receive(self, entering: Entering, purchases: Sequence[Purchase]) -> None:
        """Receive, inspect, send back what was rejected, and enter the vendors' invoices and credit notes."""
        receipts = entering.enter(
            "purchase_receipt", [_receipt(one, self.orders[one.number]) for one in purchases], "post"
        )
        pairs = list(zip(purchases, receipts, strict=True))
        inspected = entering.enter("inspection", [_inspection(one, receipt) for one, receipt in pairs], "post")
        bad = [
            (one, seen) for one, seen in zip(purchases, inspected, strict=True) if any(x.rejected for x in one.lines)
        ]
        returns = entering.enter("supplier_return", [_return(one, seen) for one, seen in bad], "approve")
        for made in returns:
            entering.move("supplier_return", made.id, "post")
        blue = entering.enter("purchase_invoice", [_invoice(one, receipt) for one, receipt in pairs], "post")
        notes = [_credit_note(one, sent) for (one, _), sent in zip(bad, returns, strict=True)]
        red = entering.enter("purchase_invoice", notes, "post")
        self.invoices.update({one.number: [made] for one, made in zip(purchases, blue, strict=True)})
        for (one, _), made in zip(bad, red, strict=True):
            self.invoices[one.number].append(made)

    def pay(self, entering: Entering, purchases: Sequence[Purchase]) -> None:
        """Settle what is owed after the credit notes, and close the orders."""
        contents = [_payment(one, self.invoices[one.number]) for one in purchases]
        for made in entering.enter("payment", contents, "approve"):
            entering.move("payment", made.id, "post")
        for one in purchases:
            entering.move("purchase_order", self.orders[one.number].id, "close")


def _order(one: Purchase) -> Content:
    return {
        "number": one.number, "supplier": number(one.supplier), "date": one.ordered_on.isoformat(),
        "due_on": one.received_on.isoformat(), "warehouse": number(WAREHOUSE),
        "lines": [
            {
                "item": number(line.item), "quantity": str(line.ordered), "price": str(line.price),
                "tax_rate": _NO_TAX, "due_on": one.received_on.isoformat(),
            }
            for line in one.lines
        ],
    }  # fmt: skip


def _receipt(one: Purchase, order: Made) -> Content:
    lines = [
        {SOURCE: str(row), "quantity": str(line.received), "bin": number(line.place)}
        for row, line in zip(order.rows["lines"], one.lines, strict=True)
    ]
    return {
        **source_of("purchase_order_to_purchase_receipt", order),
        "date": one.received_on.isoformat(),
        "lines": lines,
    }


def _inspection(one: Purchase, receipt: Made) -> Content:
    lines = [
        {SOURCE: str(row), "accepted": str(line.accepted), **_verdict(line)}
        for row, line in zip(receipt.rows["lines"], one.lines, strict=True)
    ]
    return {
        **source_of("purchase_receipt_to_inspection", receipt),
        "date": one.received_on.isoformat(),
        "lines": lines,
    }


def _verdict(line: Bought) -> Content:
    if not line.rejected:
        return {"verdict": "accepted"}
    return {"verdict": "accepted" if line.accepted else "rejected", "reason": number(_REJECTED)}


def _return(one: Purchase, inspected: Made) -> Content:
    lines = [
        {SOURCE: str(row), "price": str(line.price), "tax_rate": _NO_TAX, "reason": number(_RETURNED)}
        for row, line in zip(inspected.rows["lines"], one.lines, strict=True)
        if line.rejected
    ]
    return {
        **source_of("inspection_to_supplier_return", inspected),
        "date": one.received_on.isoformat(),
        "lines": lines,
    }


def _invoice(one: Purchase, receipt: Made) -> Content:
    return {
        **source_of("purchase_receipt_to_purchase_invoice", receipt),
        "date": one.received_on.isoformat(),
        "invoice_no": one.number,
        "lines": from_rows(receipt.rows["lines"]),
    }


def _credit_note(one: Purchase, sent: Made) -> Content:
    return {
        **source_of("supplier_return_to_purchase_invoice", sent),
        "date": one.received_on.isoformat(),
        "invoice_no": f"{one.number}-R",
        "lines": from_rows(sent.rows["lines"]),
    }


def _payment(one: Purchase, invoices: Sequence[Made]) -> Content:
    return {
        **source_of("purchase_invoice_to_payment", *invoices),
        "date": one.paid_on.isoformat(),
        "amount": str(sum((made.amount for made in invoices), Decimal(0))),
        "lines": [{SOURCE: str(made.id), "amount": str(made.amount)} for made in invoices],
    }
