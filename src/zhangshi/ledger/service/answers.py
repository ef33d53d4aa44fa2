"""What the ledger answers: stored with the request, so that a repeated request gets the same one."""

from datetime import date

import msgspec


class PostedLine(msgspec.Struct, frozen=True, array_like=True):
    """One move of a posting, in JSON an array. `input_line` counts the command's lines from 1; 0 in a reversal.

    Quantities and unit costs are millionths, amounts fen. A value move has quantity 0 and a `reason`; its amount is
    signed here: > 0 raised the value of stock.
    """

    line_no: int
    input_line: int
    item_id: int
    lot_id: int
    quantity: int
    unit_cost: int
    amount: int
    reason: str


class PostingAnswer(msgspec.Struct, frozen=True):
    """A posting as it was committed, or as a dry run would have."""

    posting_id: int
    command: str
    effective_on: date
    recorded_at: int
    lines: tuple[PostedLine, ...]
