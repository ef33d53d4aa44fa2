"""Lists page through everything once, in order, on both databases; totals and groups add up."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.records_reading.factory import OWNER, Shop, caller, person
from zhangshi.base.errors import ZhangshiError
from zhangshi.records.query import ListQuery
from zhangshi.records.reading import lists

DAYS = [date(2026, 11, 3), None, date(2026, 11, 1), date(2026, 12, 1), date(2026, 11, 1), None, date(2026, 11, 2)]
AMOUNTS = ["5", "7", None, "-3", "5", "0", "12.34"]


@pytest.fixture
def orders(shop: Shop) -> list[int]:
    partners = shop.put("partner", [{"number": "P1", "name": "乙"}, {"number": "P2", "name": "甲"}])
    return shop.put("sales_order", [
        {"number": f"SO{n}", "ordered_on": DAYS[n], "amount": None if AMOUNTS[n] is None else Decimal(str(AMOUNTS[n])),
         "kind": ["normal", "urgent"][n % 2], "customer": [*partners, None][n % 3], "owner": 7 + n % 2,
         "paid": n % 2 == 0,
         "lines": [{"quantity": Decimal(n)}] * (n % 3), "remark": f"remark {n}"}
        for n in range(len(DAYS))
    ])  # fmt: skip


def numbers(shop: Shop, **query: Any) -> list[str]:
    """Return the numbers of all pages of two."""
    found: list[str] = []
    cursor = ""
    while True:
        page = shop.reader.list(
            caller(OWNER), "sales_order", ListQuery(fields=("number",), limit=2, cursor=cursor, **query)
        )
        found += [str(row["number"]) for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            return found


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (("ordered_on",), "SO2 SO4 SO6 SO0 SO3 SO1 SO5"),
        (("-ordered_on",), "SO3 SO0 SO6 SO4 SO2 SO5 SO1"),
        (("amount", "ordered_on"), "SO3 SO5 SO4 SO0 SO1 SO6 SO2"),
        (("-amount", "ordered_on"), "SO6 SO1 SO4 SO0 SO5 SO3 SO2"),
        (("kind", "-amount"), "SO6 SO4 SO0 SO2 SO1 SO5 SO3"),
        (("paid", "-number"), "SO5 SO3 SO1 SO6 SO4 SO2 SO0"),
        ((), "SO6 SO5 SO4 SO3 SO2 SO1 SO0"),
    ],
)
def test_pages_follow_each_other_in_order_with_empty_values_last(
    shop: Shop, sort: tuple[str, ...], expected: str
) -> None:
    assert numbers(shop, sort=sort) == expected.split()


@pytest.mark.usefixtures("orders")
def test_a_link_sorts_by_the_name_of_what_it_links_to(shop: Shop) -> None:
    of_first, of_second = ["SO0", "SO3", "SO6"], ["SO1", "SO4"]  # which name comes first is the database's order
    assert numbers(shop, sort=("customer", "number")) in (
        [*of_first, *of_second, "SO2", "SO5"], [*of_second, *of_first, "SO2", "SO5"]
    )  # fmt: skip


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("sort", ["nothing", "lines", "tags", "lines.quantity"])
def test_what_has_no_order_is_refused(shop: Shop, sort: str) -> None:
    with pytest.raises(ZhangshiError) as caught:
        numbers(shop, sort=(sort,))
    assert caught.value.code in {"records.unknown_path", "records.not_sortable"}


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("amount > 4.99", "SO0 SO1 SO4 SO6"), ("not (amount > 4.99)", "SO2 SO3 SO5"),
        ("ISBLANK(ordered_on)", "SO1 SO5"),
        ("customer.name = '甲' and kind = 'urgent'", "SO1"), ("doubled >= 24.68", "SO6"), ("owner = USER()", ""),
        ("金额 > 5", "SO1 SO6"), ("paid", "SO0 SO2 SO4 SO6"), ("delivered = 0", "SO0 SO1 SO2 SO3 SO4 SO5 SO6"),
        ('STARTSWITH(remark, "remark 3")', "SO3"),
    ],
)  # fmt: skip
def test_a_filter_is_a_formula(shop: Shop, condition: str, expected: str) -> None:
    assert numbers(shop, filter=condition, sort=("number",)) == expected.split()


def test_a_filter_may_come_as_a_tree(shop: Shop, orders: list[int]) -> None:
    tree = {"v": 1, "ast": [">", ["get", "amount"], ["num", "5"]]}
    assert numbers(shop, filter=tree, sort=("number",)) == ["SO1", "SO6"]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("amount", "formula.wrong_result"), ("nothing = 1", "formula.unknown_name"),
        ('LOOKUP("partner", "credit", "number", "P1") > 0', "records.not_a_condition"),
        ("COST(customer) > 0", "records.not_a_condition"), ("amount * rate > 1", "formula.not_in_sql"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_or_must_not_be_asked_is_refused(shop: Shop, condition: str, code: str) -> None:
    with pytest.raises(ZhangshiError) as caught:
        shop.reader.list(caller(OWNER), "sales_order", ListQuery(filter=condition))
    assert caught.value.code == code


def test_totals_and_groups_add_up(shop: Shop, orders: list[int]) -> None:
    query = ListQuery(
        limit=1, count=True, totals=("amount", "lines.quantity", "doubled"), group=("kind", "ordered_on:month")
    )
    page = shop.reader.list(caller(OWNER), "sales_order", query)
    assert (page.count, page.totals) == (7, {"amount": "26.34", "lines.quantity": "19", "doubled": "52.68"})
    assert page.groups is not None
    told = {tuple(one["keys"].values()): (one["count"], one["totals"]["amount"]) for one in page.groups}  # type: ignore[attr-defined, index]
    assert told == {
        ("normal", "2026-11"): (4, "22.34"), ("urgent", None): (2, "7"), ("urgent", "2026-12"): (1, "-3")
    }  # fmt: skip


def test_a_cursor_of_another_question_is_refused(shop: Shop, orders: list[int]) -> None:
    page = shop.reader.list(caller(OWNER), "sales_order", ListQuery(limit=2, sort=("number",)))
    for wrong in (ListQuery(cursor=page.next_cursor, sort=("-number",)), ListQuery(cursor="nonsense")):
        with pytest.raises(ZhangshiError, match=r"records\.bad_cursor"):
            shop.reader.list(caller(OWNER), "sales_order", wrong)


def test_a_row_scope_is_asked_of_the_database(shop: Shop, orders: list[int]) -> None:
    seller = caller(person("seller", user_id=7))
    page = shop.reader.list(seller, "sales_order", ListQuery(sort=("number",), fields=("number",), count=True))
    assert [row["number"] for row in page.rows] == ["SO0", "SO2", "SO4", "SO6"]
    assert page.count == 4
    with pytest.raises(ZhangshiError, match=r"records\.forbidden"):
        shop.reader.list(caller(person("buyer")), "sales_order", ListQuery())


def test_a_page_costs_the_same_statements_however_many_records(shop: Shop, orders: list[int]) -> None:
    query = ListQuery(limit=500, fields=("number", "customer", "customer.name", "seller", "lines", "delivered"))
    counts = []
    for _ in range(2):
        with shop.company.read() as session:
            asking = shop.reader.asking(session, caller(OWNER))
            before = session.statement_count
            lists.list_page(asking, asking.entity("sales_order"), query)
            counts.append(session.statement_count - before)
        shop.put("sales_order", [{"customer": None, "amount": Decimal(n)} for n in range(40)])
    assert counts[0] == counts[1] <= 8


def test_a_stream_yields_every_record_with_its_rows(shop: Shop, orders: list[int]) -> None:
    shop.put("sales_order", [{"number": f"X{n:04d}", "lines": [{"quantity": Decimal(n)}]} for n in range(1100)])
    rows = list(
        shop.reader.stream(caller(OWNER), "sales_order", ListQuery(fields=("number",), tables=("lines",), limit=3))
    )
    assert len(rows) == 1107
    assert len({row["id"] for row in rows}) == 1107
    assert sum(len(row["lines"]) for row in rows) == 1100 + 6  # type: ignore[arg-type, misc]
