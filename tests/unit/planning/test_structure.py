"""Bills of materials: explosion, totals, where-used, cost, rings."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.errors import ZhangshiError
from zhangshi.planning.structure import BillLine, Structure

TABLE, LEG, TOP, BAR = 1, 2, 3, 4


def line(parent: int, component: int, quantity: str, **more: object) -> BillLine:
    return BillLine(parent_id=parent, component_id=component, quantity=Fraction(quantity), **more)  # type: ignore[arg-type]


TABLES = [
    line(TABLE, LEG, "4", scrap=Fraction("0.05")),
    line(TABLE, TOP, "1"),
    line(LEG, BAR, "0.8"),
]


def test_ten_tables_need_forty_two_legs_and_the_bar_of_forty_two_legs() -> None:
    assert Structure(TABLES).totals({TABLE: Fraction(10)}) == {
        LEG: 42,
        TOP: 10,
        BAR: Fraction("33.6"),
    }


def test_the_tree_shows_every_way_with_its_level_parents_first() -> None:
    rows = list(Structure(TABLES).tree(TABLE, Fraction(10)))
    assert [(row.level, row.path, row.needed, row.is_leaf) for row in rows] == [
        (1, (TABLE, LEG), 42, False),
        (2, (TABLE, LEG, BAR), Fraction("33.6"), True),
        (1, (TABLE, TOP), 10, True),
    ]


def test_fewer_levels_show_fewer_rows_and_the_same_needs() -> None:
    rows = list(Structure(TABLES).tree(TABLE, Fraction(10), levels=1))
    assert [(row.item_id, row.needed, row.is_leaf) for row in rows] == [(LEG, 42, False), (TOP, 10, True)]


def test_a_part_used_on_two_levels_is_summed_over_all_ways() -> None:
    screw = 9
    structure = Structure([*TABLES, line(TABLE, screw, "2"), line(TOP, screw, "6", base=Fraction(3))])
    assert structure.totals({TABLE: Fraction(1)})[screw] == 4
    assert structure.where_used(screw) == {TABLE: 4, TOP: 2}


def test_a_line_counts_from_its_first_day_until_the_day_before_its_last() -> None:
    lines = [
        line(TABLE, LEG, "4", until_on=date(2026, 7, 1)),
        line(TABLE, BAR, "3", from_on=date(2026, 7, 1)),
    ]
    assert Structure(lines, day=date(2026, 6, 30)).totals({TABLE: Fraction(1)}) == {LEG: 4}
    assert Structure(lines, day=date(2026, 7, 1)).totals({TABLE: Fraction(1)}) == {BAR: 3}


def test_cost_rolls_up_from_what_is_bought_with_the_scrap() -> None:
    costs = Structure(TABLES).rolled_up_costs([TABLE], {BAR: Fraction(10), TOP: Fraction(100), LEG: Fraction(999)})
    assert costs == {TABLE: Fraction("4.2") * 8 + 100, LEG: 8, TOP: 100, BAR: 10}


def test_a_ring_is_refused_and_named_however_it_is_asked() -> None:
    structure = Structure([line(1, 2, "1"), line(2, 3, "1"), line(3, 2, "1")])
    for asked in (
        lambda: structure.totals({1: Fraction(1)}),
        lambda: list(structure.tree(1, Fraction(1))),
        lambda: structure.refuse_ring([1]),
    ):
        with pytest.raises(ZhangshiError) as refused:
            asked()
        assert refused.value.facts["path"] == "2 → 3 → 2"


def test_an_item_that_contains_itself_is_a_ring() -> None:
    with pytest.raises(ZhangshiError, match=r"planning\.bom_ring"):
        Structure([line(7, 7, "1")]).refuse_ring([7])


def test_a_bill_that_would_close_a_ring_is_refused_before_it_is_valid() -> None:
    structure = Structure(TABLES)
    structure.refuse_ring_with(9, [LEG, TOP])
    with pytest.raises(ZhangshiError) as refused:
        structure.refuse_ring_with(BAR, [TOP, TABLE])
    assert refused.value.facts["path"] == "4 → 1 → 2 → 4"


def test_a_tree_that_doubles_at_every_level_has_an_end_and_its_totals_are_cheap() -> None:
    doubling = [line(n, n + 1, "1") for n in range(40) for _ in range(2)]
    structure = Structure(doubling)
    assert structure.totals({0: Fraction(1)})[40] == 2**40
    with pytest.raises(ZhangshiError, match=r"planning\.too_many_nodes"):
        list(structure.tree(0, Fraction(1)))


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 8), st.integers(1, 5), st.integers(0, 3)), max_size=25).map(
        lambda rows: [(a, a + b, q, s) for a, b, q, s in rows]
    )
)
def test_totals_equal_the_sum_over_the_tree(rows: list[tuple[int, int, int, int]]) -> None:
    structure = Structure([line(a, b, str(q), scrap=Fraction(s, 10)) for a, b, q, s in rows])
    summed: dict[int, Fraction] = {}
    for row in structure.tree(0, Fraction(3)):
        summed[row.item_id] = summed.get(row.item_id, Fraction(0)) + row.needed
    assert structure.totals({0: Fraction(3)}) == summed
