"""When a command breaks several rules, the one that stands first in `PRECEDENCE` answers, whichever line broke it."""

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest

from tests import builders as b
from tests.clocks import SettableClock
from tests.integration.ledger.precedence_lines import HELD, KINDS, LOCKED_ON, MATERIAL, ORDER, make_trouble
from tests.integration.ledger.refusal_cases import NOBODY, PLAIN, World, open_world
from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.base.periods import Period
from zhangshi.ledger import commands as c
from zhangshi.ledger import refusals as r
from zhangshi.ledger.kernel.checks import LINES_MAX
from zhangshi.ledger.model import CostingMethod
from zhangshi.ledger.service.period import PeriodAnswer, close_period, reopen_period
from zhangshi.platform.unit_of_work import Company

POSTING_CODES = r.PRECEDENCE[: r.PRECEDENCE.index(r.RESERVED_FOR_OTHERS) + 1]
DATES = (r.DATE_IN_FUTURE, r.PERIOD_CLOSED)
NOT_TOGETHER: dict[tuple[ErrorCode, ErrorCode], str] = {
    (r.EMPTY_POSTING, r.TOO_MANY_LINES): "no lines are not a thousand and one",
    (r.UNKNOWN_POSTING, r.NOT_REVERSIBLE): "a posting that is not there has no command",
    (r.USED_DOWNSTREAM, r.UNKNOWN_ITEM): "a reversal names the items of a posting, and items are never forgotten",
    (r.COST_REQUIRED, r.NOTHING_TO_REVALUE): "receipts and outputs need a cost; a revaluation is neither",
    (r.NOTHING_TO_REVALUE, r.STATUS_NOT_ALLOWED): "a revaluation names no status",
    (r.STATUS_NOT_ALLOWED, r.STATUS_CHANGE_NOT_ALLOWED): "a status change has a rule of its own for both statuses",
    (r.EXCEEDS_RESERVATION, r.ORIGIN_MISMATCH): "goods from a reservation go out; goods with an origin come back",
}
SHOWN_BELOW = {
    (r.NOT_OPEN, r.EMPTY_POSTING),
    (r.TOO_MANY_LINES, r.ORDER_REQUIRED),
    (r.ORDER_REQUIRED, r.UNKNOWN_POSTING),
    (r.NOT_REVERSIBLE, r.ALREADY_REVERSED),
    (r.ALREADY_REVERSED, r.USED_DOWNSTREAM),
    (r.DATE_IN_FUTURE, r.PERIOD_CLOSED),
}


@pytest.fixture
def world(company: Company, clock: SettableClock) -> World:
    return open_world(company, clock)


def code_of(world: World, command: c.Command) -> str:
    with pytest.raises(ZhangshiError) as caught:
        world.factory.post(command)
    return caught.value.code


@pytest.mark.parametrize("name", KINDS)
def test_of_two_broken_rules_the_first_in_the_order_answers_on_whichever_line(world: World, name: str) -> None:
    kind = KINDS[name](make_trouble(world))
    days = {r.DATE_IN_FUTURE: world.today + timedelta(days=1), r.PERIOD_CLOSED: LOCKED_ON}
    wrong: list[str] = []

    def expect(lines: tuple[object, ...], on: date, *broken: ErrorCode) -> None:
        first = min(broken, key=lambda code: r.RANK[code.code])
        found = code_of(world, kind.make(lines, on))
        if found != first.code:
            wrong.append(f"{[code.code for code in broken]}: {found}")

    assert world.factory.post(kind.make((kind.good,), world.today), dry_run=True).lines
    for code, line in kind.bad.items():
        expect((line,), world.today, code)
        expect((kind.good, line), world.today, code)
    for code, on in days.items():
        expect((kind.good,), on, code)
    for one, other in combinations(kind.bad, 2):
        expect((kind.bad[one], kind.bad[other]), world.today, one, other)
        expect((kind.bad[other], kind.bad[one]), world.today, one, other)
    for code, line in kind.bad.items():
        for day_code, on in days.items():
            expect((kind.good, line), on, code, day_code)

    assert wrong == []


def test_every_pair_of_neighbours_is_shown_or_cannot_occur_together(
    sqlite_company: Company, clock: SettableClock
) -> None:
    trouble = make_trouble(open_world(sqlite_company, clock))
    together = [{*make(trouble).bad, *DATES} for make in KINDS.values()]
    shown = {pair for pair in pairwise(POSTING_CODES) if any(set(pair) <= codes for codes in together)}
    shown -= {DATES}  # one command has one date

    assert shown.isdisjoint(NOT_TOGETHER)
    assert shown.isdisjoint(SHOWN_BELOW)
    assert [pair for pair in pairwise(POSTING_CODES) if pair not in shown | SHOWN_BELOW | NOT_TOGETHER.keys()] == []


def test_of_two_lines_that_break_the_same_rule_the_earlier_is_named(world: World) -> None:
    make_trouble(world)
    lines = tuple(
        c.OutLine(item_id=item, quantity=b.quantity(11), location_id=b.BIN) for item in (HELD, PLAIN, MATERIAL)
    )

    with pytest.raises(ZhangshiError) as caught:
        world.factory.post(c.Issue(effective_on=world.today, customer_location_id=b.CUSTOMER, lines=lines))

    assert (caught.value.code, caught.value.facts["item"]) == ("ledger.insufficient_stock", HELD)


def test_a_ledger_that_is_not_open_outranks_a_document_without_lines(company: Company, clock: SettableClock) -> None:
    world = World(b.Factory(company), clock, clock.now().date())

    assert code_of(world, c.PutAway(effective_on=world.today, lines=())) == r.NOT_OPEN.code


def test_too_many_lines_outrank_an_unknown_origin(world: World) -> None:
    line = c.SignLine(shipped=c.Origin(posting_id=NOBODY, line_no=1), quantity=b.quantity(1), location_id=b.FAR_BIN)

    assert code_of(world, c.TransferSign(effective_on=world.today, lines=(line,))) == r.UNKNOWN_POSTING.code
    many = c.TransferSign(effective_on=world.today, lines=(line,) * (LINES_MAX + 1))
    assert code_of(world, many) == r.TOO_MANY_LINES.code


def test_too_many_lines_outrank_an_order_left_out_and_that_outranks_the_lines(world: World) -> None:
    materials = [(NOBODY, 0, 1)]

    assert code_of(world, b.consume(on=world.today, order=0, materials=materials)) == r.ORDER_REQUIRED.code
    assert code_of(world, b.consume(on=world.today, order=ORDER, materials=materials)) == r.UNKNOWN_ITEM.code
    many = b.consume(on=world.today, order=0, materials=materials * (LINES_MAX + 1))
    assert code_of(world, many) == r.TOO_MANY_LINES.code


def test_a_missing_order_outranks_an_unknown_origin(world: World) -> None:
    def return_of(order: int) -> c.ReturnIn:
        unknown = c.Origin(posting_id=NOBODY, line_no=1)
        line = c.ReturnInLine(item_id=PLAIN, quantity=b.quantity(1), location_id=b.BIN, origin=unknown)
        return c.ReturnIn(effective_on=world.today, from_location_id=b.PRODUCTION, order_id=order, lines=(line,))

    assert code_of(world, return_of(ORDER)) == r.UNKNOWN_POSTING.code
    assert code_of(world, return_of(0)) == r.ORDER_REQUIRED.code


def test_what_cannot_be_reversed_outranks_what_has_been_reversed(world: World, clock: SettableClock) -> None:
    # A month-end settlement that was taken back by reopening is both.
    oil, factory = world.factory.item(109, method=CostingMethod.PERIOD_AVERAGE), world.factory
    factory.post(b.receive(on=world.today, item=oil, quantity_text=10, unit_cost=5))
    factory.post(b.issue(on=world.today, item=oil, quantity_text=5))
    factory.post(b.receive(on=world.today, item=oil, quantity_text=10, unit_cost=8))
    clock.advance(timedelta(days=40))
    settlement = settle_and_reopen(world, Period(2026, 11))

    reversal = c.Reverse(effective_on=clock.now().date(), posting_id=settlement)
    assert code_of(world, reversal) == r.NOT_REVERSIBLE.code


def settle_and_reopen(world: World, period: Period) -> int:
    closed: PeriodAnswer = world.factory.write(
        lambda uow: close_period(uow, period=period, reason="month end"), answer=PeriodAnswer
    )
    assert closed.settlement_id
    world.factory.write(lambda uow: reopen_period(uow, period=period, reason="late invoice"), answer=PeriodAnswer)
    return closed.settlement_id


def test_a_second_reversal_outranks_that_the_first_used_the_goods(world: World) -> None:
    issued = world.issue()
    world.factory.post(b.reverse(on=world.today, posting=issued))

    assert code_of(world, b.reverse(on=world.today, posting=issued)) == r.ALREADY_REVERSED.code


def test_a_future_date_outranks_a_locked_one(world: World) -> None:
    tomorrow = world.today + timedelta(days=1)
    world.lock(tomorrow)

    assert code_of(world, b.issue(on=tomorrow, item=PLAIN, quantity_text=1)) == r.DATE_IN_FUTURE.code


def test_goods_in_an_output_outrank_the_date_of_the_reversal(world: World) -> None:
    consumed = world.factory.post(b.consume(on=world.today, order=ORDER, materials=[(PLAIN, 0, 5)]))
    world.factory.post(b.produce(on=world.today, order=ORDER, outputs=[(PLAIN, 0, 1, 5)]))
    tomorrow = world.today + timedelta(days=1)

    assert code_of(world, b.reverse(on=tomorrow, posting=consumed)) == r.USED_DOWNSTREAM.code
