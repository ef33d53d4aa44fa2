"""From a row's parameters to a command: base units, exact amounts, named mistakes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.postings import COMMANDS, REVERSE
from zhangshi.ledger import commands as c
from zhangshi.ledger.model import Status
from zhangshi.records.writing.commands import COUNTERPARTIES, Given, command_of

ORIGIN = c.Origin(posting_id=5, line_no=1)
EVERYTHING: dict[str, Any] = {
    "item": 7, "quantity": Decimal(2), "to": 10, "from": 11, "at": 12, "destination": 13, "order": 20,
    "status": "inspection", "from_status": "available", "to_status": "hold", "unit_cost": Decimal("1.5"),
    "owner": "wang", "due_at": datetime(2026, 11, 3, tzinfo=UTC), "allow_expired": True, "standard_cost": Decimal(3),
}  # fmt: skip


def made(name: str, *given: Given) -> Any:
    places = dict.fromkeys(COUNTERPARTIES.get(name, {"from": None}), 99)
    return command_of(name, given, places=places, effective_on=date(2026, 11, 2), source_type="t", source_id=3)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {REVERSE}))
def test_every_command_of_the_vocabulary_can_be_made(name: str) -> None:
    command = made(name, Given(row=1, line_id=4, values=dict(EVERYTHING), origin=ORIGIN))
    assert command.name == name
    assert (command.effective_on, command.source_type, command.source_id) == (date(2026, 11, 2), "t", 3)
    assert command.lines[0].source_line_id == 4


def test_a_price_of_another_unit_becomes_the_exact_amount() -> None:
    values = {"item": 7, "quantity": Decimal(3), "to": 10, "unit_cost": Decimal(100)}
    (line,) = made("receive", Given(row=1, line_id=4, values=values, ratio=Fraction(144))).lines
    assert (line.quantity, line.amount, line.unit_cost) == (432_000_000, 30_000, None)


def test_an_amount_wins_over_a_price() -> None:
    values = {"item": 7, "quantity": Decimal(3), "to": 10, "unit_cost": Decimal(100), "amount": Decimal("7.77")}
    (line,) = made("receive", Given(row=1, line_id=4, values=values)).lines
    assert (line.amount, line.unit_cost) == (777, None)


@given(
    quantity=st.decimals(min_value=0, max_value=10**6, places=6),
    price=st.decimals(min_value=0, max_value=10**4, places=6),
    ratio=st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000),
)
def test_the_amount_is_what_was_entered_whatever_the_unit(quantity: Decimal, price: Decimal, ratio: Fraction) -> None:
    values = {"item": 7, "quantity": quantity, "to": 10, "unit_cost": price}
    given_ = Given(row=1, line_id=4, values=values, ratio=ratio)
    costs = given_.costs()
    exact = Fraction(quantity) * Fraction(price) * 100
    if ratio != 1:
        assert abs(Fraction(int(costs["amount"])) - exact) <= Fraction(1, 2)
    assert abs(Fraction(int(given_.quantity())) - Fraction(quantity) * ratio * 10**6) <= Fraction(1, 2)


def test_a_count_that_found_less_states_no_cost() -> None:
    values = {"item": 7, "quantity": Decimal(-3), "at": 10, "unit_cost": Decimal(100)}
    (line,) = made("adjust", Given(row=1, line_id=4, values=values)).lines
    assert (line.quantity, line.unit_cost, line.status) == (-3_000_000, None, Status.AVAILABLE)


@pytest.mark.parametrize(
    ("change", "param"),
    [({"quantity": None}, "quantity"), ({"to": None}, "to"), ({"status": "lost"}, "status")],
)
def test_what_is_missing_is_named_with_its_row(change: dict[str, Any], param: str) -> None:
    with pytest.raises(ZhangshiError) as raised:
        made("receive", Given(row=3, line_id=4, values={**EVERYTHING, **change}))
    assert (raised.value.code, raised.value.facts) == ("records.bad_posting", {"row": 3, "param": param})


def test_a_posting_is_for_one_order() -> None:
    rows = [Given(row=n, line_id=n, values={**EVERYTHING, "order": n}) for n in (1, 2)]
    with pytest.raises(ZhangshiError) as raised:
        made("consume", *rows)
    assert raised.value.facts == {"row": 2, "param": "order"}
