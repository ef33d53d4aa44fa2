"""Many writes at once: each on its own, or all or none; and the steps that imports and seeds call."""

from typing import Any

import pytest

from tests.integration.records.shop import KEEPER, OWNER, Shop, line, open_shop, order, receipt
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork
from zhangshi.records.model import Caller, Operation, Saved
from zhangshi.records.service.creating import ManyInvalid

ITEMS = 1000


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company)


def operations(shop: Shop, saved: Saved) -> tuple[Operation, ...]:
    """One that works, one that is invalid, one that the ledger refuses, one that works."""
    about: dict[str, Any] = {"entity": saved.entity, "record_id": saved.record_id}
    return (
        Operation(kind="create", entity="goods_receipt", content=receipt(shop, line(shop, "bolt", "1", "1"))),
        Operation(kind="create", entity="goods_receipt", content={}),
        Operation(
            kind="create", entity="goods_receipt", content=receipt(shop, line(shop, "bolt", "1")), transition="post"
        ),
        Operation(kind="edit", **about, version=1, content={"remark": "by the batch"}),
    )


def test_each_on_its_own_leaves_out_what_is_refused(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")))
    answer = shop.records.batch(OWNER, key="b", operations=operations(shop, saved))
    done = [one is not None for one, _ in answer.results]
    assert done == [True, False, False, True]
    assert answer.refused_count == 2
    codes = [refused.code for _, refused in answer.results if refused is not None]
    assert codes == ["records.invalid", "ledger.cost_required"]
    assert answer.results[1][1].problems[0].path == "supplier"  # type: ignore[union-attr]  # it was refused
    assert shop.get(saved).values["remark"] == "by the batch"


def test_a_repeated_batch_repeats_nothing(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")))
    first = shop.records.batch(OWNER, key="b", operations=operations(shop, saved))
    before = shop.footprint()
    assert shop.records.batch(OWNER, key="b", operations=operations(shop, saved)) == first
    assert shop.footprint() == before


def test_all_or_none_means_none(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")))
    before = shop.footprint()
    with pytest.raises(ZhangshiError) as raised:
        shop.records.batch(OWNER, key="b", operations=operations(shop, saved), mode="all")
    assert raised.value.code == "records.invalid"
    assert shop.footprint() == before
    good = [one for place, one in enumerate(operations(shop, saved)) if place in {0, 3}]
    answer = shop.records.batch(OWNER, key="b", operations=good, mode="all")
    assert answer.refused_count == 0
    assert shop.records.batch(OWNER, key="b", operations=good, mode="all") == answer


def test_a_dry_batch_writes_nothing(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")))
    before = shop.footprint()
    answer = shop.records.batch(OWNER, key="b", operations=operations(shop, saved), dry_run=True)
    assert answer.refused_count == 2
    assert shop.footprint() == before


def test_one_document_may_be_changed_twice_in_one_unit_of_work(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")))
    about: dict[str, Any] = {"entity": saved.entity, "record_id": saved.record_id}
    both = (
        Operation(kind="edit", **about, version=1, content={"remark": "a"}),
        Operation(kind="transition", **about, version=2, transition="post"),
        Operation(kind="transition", **about, version=3, transition="unpost"),
        Operation(kind="delete", **about, version=4),
    )
    with pytest.raises(ZhangshiError) as raised:
        shop.records.batch(OWNER, key="b", operations=both, mode="all")
    assert raised.value.code == "records.has_postings"
    answer = shop.records.batch(OWNER, key="c", operations=both[:3], mode="all")
    assert [one.version for one, _ in answer.results if one is not None] == [2, 3, 4]
    assert shop.worth() == []


def test_a_thousand_items_take_few_statements_and_one_answer_each(shop: Shop) -> None:
    contents = [
        {"name": f"螺栓 {number}", "unit": {"number": "pcs"}, "barcode": str(number), "number": f"B{number:05d}"}
        for number in range(ITEMS)
    ]
    counts: list[int] = []

    def work(uow: UnitOfWork) -> int:
        steps = shop.records.work(uow, Caller(OWNER.person, "import"))
        before = uow.session.statement_count
        steps.create_many(entity="item", contents=contents)
        steps.finish()
        counts.append(uow.session.statement_count - before)
        return 0

    shop.company.write(Request("t", "many", None), work, answer_type=int)
    assert shop.rows("SELECT COUNT(*) FROM d_item WHERE f_barcode IS NOT NULL") == [(ITEMS,)]
    assert counts[0] <= ITEMS + 20  # one for each item that the ledger is told of, few for all the rest
    found = "SELECT text FROM search_entry s JOIN d_item i ON i.record_id = s.record_id WHERE i.number = 'B00007'"
    assert shop.rows(found)[0][0].endswith("螺栓 7\tls\n")


def test_what_is_wrong_with_many_is_told_by_their_place(shop: Shop) -> None:
    contents: list[dict[str, Any]] = [
        {"name": "a"},
        {"name": "b", "unit": {"number": "pcs"}},
        {"unit": {"number": "nothing"}},
    ]

    def work(uow: UnitOfWork) -> int:
        shop.records.work(uow, OWNER).create_many(entity="item", contents=contents)
        return 0

    before = shop.footprint()
    with pytest.raises(ManyInvalid) as raised:
        shop.company.write(Request("t", "many", None), work, answer_type=int)
    told = {place: [one.path for one in problems] for place, problems in raised.value.problems_by_place.items()}
    assert told == {0: ["unit"], 2: ["unit", "name"]}
    assert shop.footprint() == before


def test_nobody_presses_what_the_system_does(shop: Shop) -> None:
    saved = shop.create("sales_order", order(shop, line(shop, "bolt", "1", "1")), "confirm")
    with pytest.raises(ZhangshiError) as raised:
        shop.move(saved, "close")
    assert raised.value.code == "records.automatic"


def test_a_keeper_may_not_do_in_a_batch_what_he_may_not_do_alone(shop: Shop) -> None:
    saved = shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "1", "1")))
    ask = Operation(kind="delete", entity=saved.entity, record_id=saved.record_id, version=1)
    answer = shop.records.batch(KEEPER, key="b", operations=[ask])
    assert [refused.code for _, refused in answer.results if refused is not None] == ["records.forbidden"]
