"""The demo factory's range is what a buyer in Wenzhou would believe, and the same every time."""

from fractions import Fraction

from zhangshi.packs.demo.draw import Draw
from zhangshi.packs.demo.people import customers, employees, suppliers
from zhangshi.packs.demo.products import goods, levels, sold
from zhangshi.planning.structure import BillLine, Structure


def test_there_are_three_hundred_items_with_bills_of_four_levels() -> None:
    range_ = goods()
    assert len(range_.items) >= 300
    assert len({item.code for item in range_.items}) == len(range_.items)
    assert len({(item.name, item.spec) for item in range_.items}) == len(range_.items)
    assert max(levels(range_).values()) == 4


def test_metal_begins_with_jx_and_everything_has_a_price_or_is_made() -> None:
    for item in goods().items:
        assert (item.category == "JS") == item.code.startswith("JX-")
        assert item.price > 0 or item.source == "made"


def test_every_component_exists_and_no_bill_contains_itself() -> None:
    range_ = goods()
    number = {item.code: place for place, item in enumerate(range_.items)}
    lines = [
        BillLine(parent_id=number[bill.item], component_id=number[line.component], quantity=Fraction(line.quantity))
        for bill in range_.bills
        for line in bill.lines
    ]
    Structure(lines).refuse_ring(number.values())
    products = [number[item.code] for item in sold(range_)]
    assert all(Structure(lines).totals({product: Fraction(1)}) for product in products)


def test_every_made_item_has_a_bill_and_operations() -> None:
    range_ = goods()
    made = {item.code for item in range_.items if item.source == "made"}
    assert made == {bill.item for bill in range_.bills} == set(range_.processes)
    assert all(range_.processes.values())


def test_there_are_forty_suppliers_sixty_customers_and_eighty_people() -> None:
    draw = Draw(1)
    found = suppliers(draw)
    assert len(found) == 40
    assert len({one.name for one in found}) == 40
    assert len({one.name for one in customers(draw)}) == 60
    people = employees(draw)
    assert len(people) == 80
    assert len({one.name for one in people}) == 80


def test_every_category_that_is_bought_has_a_supplier() -> None:
    offered = {category for one in suppliers(Draw(1)) for category in one.supplies}
    assert offered == {item.category for item in goods().items if item.source == "purchased"}


def test_the_same_seed_draws_the_same() -> None:
    assert customers(Draw(7)) == customers(Draw(7))
    assert customers(Draw(7)) != customers(Draw(8))
