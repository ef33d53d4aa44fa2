"""明细带出: the server brings in the rows of another record; what is typed is never overwritten unasked."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.records import forms_filled
from tests.integration.records.shop import OWNER, Shop, line, open_shop, order
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import Person
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records.model import Caller, Invalid, Saved, Source

PLANNER = Caller(Person(user_id=3, login="zhou", name="周计划", roles=frozenset({"planner"})))


@pytest.fixture
def shop(company: Company) -> Shop:
    """Two pins make: a bolt (per two), three nuts (per two); the box is not issued."""
    shop = open_shop(company, *forms_filled.ALL)
    lines = [
        {"component": str(shop.ids["bolt"]), "quantity": "2"},
        {"component": str(shop.ids["nut"]), "quantity": "3"},
        {"component": str(shop.ids["paint"]), "quantity": "1", "issued": False},
    ]
    content = {"name": "pin", "item": str(shop.ids["pin"]), "base": "2", "lines": lines}
    shop.ids["recipe"] = shop.create("recipe", content).record_id
    return shop


def job(shop: Shop, quantity: str = "10", **more: Any) -> dict[str, Any]:
    return {"quantity": quantity, "recipe": str(shop.ids["recipe"]), **more}


def materials(shop: Shop, saved: Saved) -> list[tuple[Any, Any]]:
    return [(row.values["item"], row.values["quantity"]) for row in shop.get(saved).tables["materials"]]


def brought(shop: Shop, quantity: str) -> list[tuple[int, Decimal]]:
    made = Decimal(quantity)
    return [(shop.ids["bolt"], made), (shop.ids["nut"], made * 3 / 2)]


def test_a_table_that_was_not_sent_is_filled_from_the_source(shop: Shop) -> None:
    saved = shop.create("job", job(shop))
    assert materials(shop, saved) == brought(shop, "10")


def test_lookups_and_formulas_of_rows_and_sums_over_them_run_as_if_they_were_typed(shop: Shop) -> None:
    record = shop.get(shop.create("job", job(shop)))
    first = record.tables["materials"][0].values
    assert (first["spec"], first["price"], first["value"]) == ("bolt-8", Decimal(2), Decimal(20))
    assert (record.values["parts"], record.values["value"]) == (Decimal(25), Decimal(50))


def test_a_source_that_a_default_finds_fills_too(shop: Shop) -> None:
    saved = shop.create("job", {"quantity": "4", "item": str(shop.ids["pin"])})
    assert materials(shop, saved) == brought(shop, "4")


def test_without_a_source_nothing_is_filled_and_nothing_is_wrong(shop: Shop) -> None:
    assert materials(shop, shop.create("job", {"quantity": "4", "item": str(shop.ids["nut"])})) == []
    assert materials(shop, shop.create("job", {"quantity": "4", "_fill": ["materials"]})) == []


def test_a_table_that_was_sent_stays_as_it_was_sent(shop: Shop) -> None:
    assert materials(shop, shop.create("job", job(shop, materials=[]))) == []
    typed = [{"item": str(shop.ids["pin"]), "quantity": "1"}]
    assert materials(shop, shop.create("job", job(shop, materials=typed))) == [(shop.ids["pin"], Decimal(1))]


def test_on_request_the_rows_that_were_sent_are_replaced(shop: Shop) -> None:
    typed = [{"item": str(shop.ids["pin"]), "quantity": "1"}]
    saved = shop.create("job", job(shop, materials=typed, _fill=["materials"]))
    assert materials(shop, saved) == brought(shop, "10")


def test_an_edit_fills_only_on_request(shop: Shop) -> None:
    saved = shop.create("job", job(shop, materials=[]))
    saved = shop.edit(saved, {"quantity": "6"})
    assert materials(shop, saved) == []
    saved = shop.edit(saved, {"_fill": ["materials"]})
    assert materials(shop, saved) == brought(shop, "6")
    rows = [row.id for row in shop.get(saved).tables["materials"]]
    saved = shop.edit(saved, {"quantity": "8", "_fill": ["materials"]})
    assert materials(shop, saved) == brought(shop, "8")
    assert shop.get(saved).values["parts"] == Decimal(20)
    assert not set(rows) & {row.id for row in shop.get(saved).tables["materials"]}
    assert shop.rows("SELECT COUNT(*) FROM d_job__materials") == [(2,)]


def test_a_request_fills_no_table_that_the_state_locks(shop: Shop) -> None:
    saved = shop.create("job", job(shop), "release")
    with pytest.raises(Invalid) as refused:
        shop.edit(saved, {"quantity": "6", "_fill": ["materials"]})
    assert [(one.code, one.path) for one in refused.value.problems] == [("records.locked", "materials")]
    assert materials(shop, saved) == brought(shop, "10")


@pytest.mark.parametrize("asked", [["materials", "screws"], "screws", {"screws": True}])
def test_a_fill_that_nobody_knows_is_named(shop: Shop, asked: object) -> None:
    saved = shop.create("job", job(shop, materials=[]))
    writes: tuple[Callable[[], Saved], ...] = (
        lambda: shop.create("job", job(shop, _fill=asked)),
        lambda: shop.edit(saved, {"_fill": asked}),
    )
    for write in writes:
        with pytest.raises(Invalid) as refused:
            write()
        (problem,) = refused.value.problems
        assert (problem.code, problem.path) == ("records.unknown_fill", "_fill")
        assert "screws" in problem.en
        assert "任务单" in problem.zh


def test_a_value_without_an_answer_is_a_problem_of_the_table(shop: Shop) -> None:
    content = {"name": "odd", "base": "0", "lines": [{"component": str(shop.ids["bolt"]), "quantity": "1"}]}
    odd = shop.create("recipe", content)
    with pytest.raises(Invalid) as refused:
        shop.create("job", {"quantity": "1", "recipe": str(odd.record_id)})
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == ("formula.division_by_zero", "materials")


def test_what_a_conversion_and_an_effect_make_is_filled(shop: Shop) -> None:
    source = shop.create("sales_order", order(shop, line(shop, "pin", "12")), "confirm")
    sources = [Source(source.record_id)]
    proposed: Any = shop.records.propose(OWNER, conversion="order_to_job", sources=sources)["materials"]
    assert [row["quantity"] for row in proposed] == ["12", "18"]
    pushed = shop.records.convert(OWNER, key=shop.key(), conversion="order_to_job", sources=sources)
    assert materials(shop, pushed) == brought(shop, "12")
    shop.create("wish", {"item": str(shop.ids["pin"]), "quantity": "2"}, "grant")
    (made,) = shop.rows("SELECT record_id FROM d_job ORDER BY record_id DESC LIMIT 1")
    assert materials(shop, Saved("job", made[0], "", "", 1)) == brought(shop, "2")


def test_a_preview_shows_what_saving_would_bring(shop: Shop) -> None:
    content, problems = shop.records.preview(OWNER, entity="job", content=job(shop))
    assert problems == ()
    rows: Any = content["materials"]
    assert [row["quantity"] for row in rows] == ["10", "15"]
    assert shop.rows("SELECT COUNT(*) FROM d_job") == [(0,)]


def test_whoever_may_not_write_a_field_or_read_the_source_gets_the_rows_all_the_same(shop: Shop) -> None:
    saved = shop.create("job", job(shop), caller=PLANNER)
    assert materials(shop, saved) == brought(shop, "10")
    typed = [{"item": str(shop.ids["pin"]), "quantity": "1"}]
    with pytest.raises(ZhangshiError) as refused:
        shop.create("job", job(shop, materials=typed), caller=PLANNER)
    assert refused.value.code == "records.field_locked"
    saved = shop.edit(saved, {"quantity": "2", "_fill": ["materials"]}, caller=PLANNER)
    assert materials(shop, saved) == brought(shop, "2")


def test_thirty_documents_take_as_many_statements_as_two(shop: Shop) -> None:
    statements(shop, 1)  # makes the texts
    assert statements(shop, 30) == statements(shop, 2)


def statements(shop: Shop, count: int) -> int:
    """Return how many statements it takes to create jobs together."""
    asked: list[int] = []

    def make(uow: UnitOfWork) -> int:
        work = shop.records.work(uow, OWNER)
        before = uow.session.statement_count
        work.create_many(entity="job", contents=[job(shop, str(place + 1)) for place in range(count)])
        work.finish()
        asked.append(uow.session.statement_count - before)
        return 0

    shop.company.write(Request("test", shop.key(), None), make, answer_type=int)
    return asked[0]
