"""全月一次加权平均: the month's average price, and what issues were provisionally priced wrong by.

Problem. With the month-end weighted average the price of an issue is known only when the month ends, but goods leave
all month. Rule: issues are posted at the moving average; when the month closes, one price p = (opening amount +
amount received) / (opening quantity + quantity received) holds for every issue of the month, and the difference to
what was posted goes, as a value move, between stock and the counterparty that got the goods (customer, order...).

Both sums are had without the opening: what is left at the end plus what was issued. Rounding: the targets are
differences of rounded running totals, so issues and closing stock sum to the whole, to the fen.

Stock below zero. Goods issued before they arrived were priced at the last known cost, and corrected to the variance
place when they arrived. When the item began the month at or above zero, that deficit is the month's own: the month's
average prices its issues anyway, so the correction goes back (an `Issued` of quantity 0). When it began below zero, the
deficit belongs to a month that is closed, and the correction stays. While it ends below zero nothing is settled.

Example. 10 @ 5.00 = 50, issue 10 (posted 50.00), receive 10 @ 7.00 = 70: p = 6.00, the issue should be 60.00, +10.00.
"""

from collections.abc import Sequence
from typing import NamedTuple

from zhangshi.base.numbers import Amount, Quantity, share


class Issued(NamedTuple):
    """Net goods that one counterparty (and order) got in the month, and the value posted for them."""

    location_id: int
    order_id: int
    stock_location_id: int
    quantity: Quantity
    amount: Amount


class Correction(NamedTuple):
    """A value move: > 0 from stock to the counterparty, < 0 back."""

    issued: Issued
    amount: int


def settle_item(closing_quantity: Quantity, closing_amount: Amount, issues: Sequence[Issued]) -> list[Correction]:
    """Return the corrections of one item for one month; none while its stock is below zero.

    `closing_*` are the item's stock at the end of the month's last day by business date.
    """
    weights = [int(issued.quantity) for issued in issues]
    whole_quantity = sum(weights) + int(closing_quantity)
    whole_amount = sum(int(issued.amount) for issued in issues) + int(closing_amount)
    if int(closing_quantity) < 0 or whole_quantity <= 0 or whole_amount < 0:
        return []
    targets = share(whole_amount, [*weights, int(closing_quantity)])
    return [
        Correction(issued, target - int(issued.amount))
        for issued, target in zip(issues, targets, strict=False)
        if target != int(issued.amount)
    ]
