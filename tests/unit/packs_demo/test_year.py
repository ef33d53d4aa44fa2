"""A year of plans that a factory could have lived."""

from datetime import date, timedelta
from decimal import Decimal

from zhangshi.packs.demo.draw import Draw
from zhangshi.packs.demo.people import customers, suppliers
from zhangshi.packs.demo.products import goods, levels
from zhangshi.packs.demo.year import Year, plan_year


def working_days(year: int, month: int) -> list[date]:
    days = (date(year, month, 1) + timedelta(days=offset) for offset in range(31))
    return [day for day in days if day.month == month and day.weekday() < 5]


def a_year(seed: int = 1) -> Year:
    draw = Draw(seed)
    months = [working_days(2025, month) for month in range(1, 13)] + [working_days(2026, 1)]
    return plan_year(goods(), customers=customers(draw), suppliers=suppliers(draw), months=months, draw=draw)


def test_twelve_months_are_done_and_the_thirteenth_is_open() -> None:
    year = a_year()
    assert len(year.months) == 13
    for month in year.months[:-1]:
        assert month.sales
        assert month.batches
        assert month.purchases
        assert all(sale.shipped_on for sale in month.sales)
    assert not any(sale.shipped_on for sale in year.months[-1].sales)
    assert not any(batch.finished_on for batch in year.months[-1].batches)


def test_nothing_is_used_before_it_is_there() -> None:
    """Replay the year day by day: arrivals and finished batches in the morning, issues and lorries after them."""
    range_ = goods()
    bills = {bill.item: bill for bill in range_.bills}
    year = a_year()
    moves: list[tuple[date, int, str, Decimal]] = []
    for month in year.months[:-1]:
        for purchase in month.purchases:
            moves += [(purchase.arrives_on or date.max, 0, line.item, line.quantity) for line in purchase.lines]
        for batch in month.batches:
            moves.append((batch.finished_on or date.max, 1, batch.item, batch.quantity))
            moves += [
                (batch.started_on, 2, line.component, -line.quantity * batch.quantity)
                for line in bills[batch.item].lines
            ]
        for sale in month.sales:
            moves += [(sale.shipped_on or date.max, 3, line.item, -line.quantity) for line in sale.lines]
    stock = dict(year.opening)
    for day, _, item, quantity in sorted(moves):
        stock[item] = stock.get(item, Decimal(0)) + quantity
        assert stock[item] >= 0, (day, item)


def test_products_of_every_level_are_made() -> None:
    level_of = levels(goods())
    made = {level_of[batch.item] for month in a_year().months for batch in month.batches}
    assert made == {1, 2, 3, 4}


def test_a_year_is_big_enough_to_look_at_and_small_enough_to_build() -> None:
    year = a_year()
    batches = sum(len(month.batches) for month in year.months)
    assert 600 < batches < 1500, batches
    assert 250 < sum(len(month.sales) for month in year.months) < 500
