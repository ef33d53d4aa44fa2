"""The seal: one byte changed anywhere in a posting is another digest, and another chain."""

import dataclasses
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from zhangshi.base.numbers import Amount, Quantity, UnitCost
from zhangshi.ledger.kernel.sealing import GENESIS, MOVE_COLUMNS, digest, digest_rows, link
from zhangshi.ledger.model import Move, PostingHeader, Pricing, Reason, Status, Trace

HEADER = PostingHeader(1, "receive", date(2026, 11, 2), 5, "li", "k1", "收货单", 9, 0, "driver", 77)
MOVE = Move(
    1, 100, 1, 501, Quantity(10), 1, Status.OUTSIDE, 11, Status.AVAILABLE, UnitCost(5), Amount(50), Pricing.GIVEN,
    Reason.NONE, 7, 3, 1, 55, 9, input_line=1,
)  # fmt: skip
TRACE = Trace(1, 7, 100, 501, 101, 601, Quantity(10))
DIGEST = digest(HEADER, [MOVE], [TRACE])


def other(value: Any) -> Any:
    """Return a value of the same kind that is not the same."""
    if isinstance(value, Status):
        return Status.HOLD
    if isinstance(value, Pricing):
        return Pricing.METHOD
    if isinstance(value, Reason):
        return Reason.REVALUATION
    if isinstance(value, str):
        return f"{value}x"
    return date(2026, 11, 3) if isinstance(value, date) else int(str(value)) + 1


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(PostingHeader)])
def test_every_field_of_the_header_is_covered(name: str) -> None:
    changed = dataclasses.replace(HEADER, **{name: other(getattr(HEADER, name))})

    assert digest(changed, [MOVE], [TRACE]) != DIGEST


@pytest.mark.parametrize("name", Move._fields[:MOVE_COLUMNS])
def test_every_stored_field_of_a_move_is_covered(name: str) -> None:
    assert digest(HEADER, [MOVE._replace(**{name: other(getattr(MOVE, name))})], [TRACE]) != DIGEST


def test_the_only_field_that_is_not_stored_is_not_covered() -> None:
    assert Move._fields[MOVE_COLUMNS:] == ("input_line",)
    assert digest(HEADER, [MOVE._replace(input_line=2)], [TRACE]) == DIGEST


@pytest.mark.parametrize("name", Trace._fields)
def test_every_field_of_a_trace_is_covered(name: str) -> None:
    assert digest(HEADER, [MOVE], [TRACE._replace(**{name: other(getattr(TRACE, name))})]) != DIGEST


def test_moves_and_traces_cannot_be_dropped_added_or_exchanged() -> None:
    second = MOVE._replace(line_no=2)
    both = digest(HEADER, [MOVE, second], [TRACE])

    assert len({DIGEST, both, digest(HEADER, [second, MOVE], [TRACE]), digest(HEADER, [], [TRACE])}) == 4
    assert digest(HEADER, [MOVE], []) != DIGEST


def test_rows_as_they_are_stored_have_the_same_digest() -> None:
    head = (1, "receive", "2026-11-02", 5, "li", "k1", "收货单", 9, 0, "driver", 77)
    row = (1, 100, 1, 501, 10, 1, "outside", 11, "available", 5, 50, "given", "", 7, 3, 1, 55, 9)

    assert digest_rows(head, [row], [(1, 7, 100, 501, 101, 601, 10)]) == DIGEST


def test_a_link_hangs_on_everything_before_it() -> None:
    first = link(GENESIS, DIGEST)

    assert first == sha256(("0" * 64 + DIGEST).encode()).hexdigest()
    assert link(first, DIGEST) != first
