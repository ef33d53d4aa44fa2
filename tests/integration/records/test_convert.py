"""下推: open quantities are counted from links, drafts included; nobody takes more than there is."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.records.shop import KEEPER, OWNER, Shop, line, open_shop, order, receipt
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.unit_of_work import Company, open_company
from zhangshi.records.model import Invalid, Saved, Source
from zhangshi.records.service.records import Records

TO_DELIVERY = "order_to_delivery"


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company)


def confirmed(shop: Shop, *rows: dict[str, Any]) -> Saved:
    """Return a confirmed order: bolts and nuts unless other rows are given."""
    rows = rows or (line(shop, "bolt", "100", "5"), line(shop, "nut", "10", "2"))
    return shop.create("sales_order", order(shop, *rows), "confirm")


def deliver(shop: Shop, saved: Saved, lines: dict[int, str | None] | None = None, **options: Any) -> Saved:
    """Convert an order; `lines` by position (from 0), with quantities."""
    rows = shop.get(saved).tables["lines"]
    chosen = None
    if lines is not None:
        chosen = {rows[place].id: None if quantity is None else Decimal(quantity) for place, quantity in lines.items()}
    caller = options.pop("caller", OWNER)
    content = options.pop("content", {"warehouse": str(shop.ids["warehouse"])})
    return shop.records.convert(
        caller, key=shop.key(), conversion=TO_DELIVERY, sources=[Source(saved.record_id, chosen)], content=content,
        **options,
    )  # fmt: skip


def open_rows(shop: Shop, saved: Saved) -> list[Decimal]:
    found = shop.records.open_quantities(OWNER, conversion=TO_DELIVERY, record_id=saved.record_id)
    return [found[row.id] for row in shop.get(saved).tables["lines"]]


def test_a_conversion_maps_fields_and_takes_what_is_open(shop: Shop) -> None:
    saved = confirmed(shop)
    delivery = shop.get(deliver(shop, saved))
    assert (delivery.values["customer"], delivery.values["sales_order"]) == (shop.ids["acme"], saved.record_id)
    bolt, nut = (row.values for row in delivery.tables["lines"])
    assert (bolt["quantity"], bolt["price"], bolt["unit"]) == (Decimal(100), Decimal(5), shop.ids["pcs"])
    assert nut["quantity"] == Decimal(10)
    assert open_rows(shop, saved) == [0, 0]


def test_a_proposal_writes_nothing_and_can_be_saved(shop: Shop) -> None:
    saved = confirmed(shop)
    deliver(shop, saved, {0: "30"})
    before = shop.footprint()
    proposed = shop.records.propose(OWNER, conversion=TO_DELIVERY, sources=[Source(saved.record_id)])
    assert shop.footprint() == before
    assert [row["quantity"] for row in proposed["lines"]] == ["70", "10"]  # type: ignore[attr-defined]  # rows
    assert proposed["lines"][0]["item"]["title"] == "bolt"  # type: ignore[index]  # rows
    proposed["warehouse"] = str(shop.ids["warehouse"])
    proposed["lines"][0]["quantity"] = "50"  # type: ignore[index]  # rows
    shop.create("delivery", proposed)
    assert open_rows(shop, saved) == [20, 0]


def test_more_than_is_open_is_refused_with_the_row(shop: Shop) -> None:
    saved = confirmed(shop)
    deliver(shop, saved, {0: "60"})
    before = shop.footprint()
    with pytest.raises(Invalid) as raised:
        deliver(shop, saved, {0: "46"})  # 5 % over is tolerated: 105 in all
    (problem,) = raised.value.problems
    assert (problem.code, problem.path) == ("records.over_converted", "lines[1]")
    assert problem.facts == {"number": saved.number, "place": 1, "open": "45", "wanted": "46"}
    assert shop.footprint() == before
    deliver(shop, saved, {0: "45"})
    assert open_rows(shop, saved)[0] == Decimal(-5)


def test_two_rows_of_one_target_share_what_is_open(shop: Shop) -> None:
    saved = confirmed(shop)
    row = shop.get(saved).tables["lines"][0]
    source = {"conversion": TO_DELIVERY, "records": [str(saved.record_id)]}
    twice = [{"_source": str(row.id), "quantity": "60"}, {"_source": str(row.id), "quantity": "60"}]
    content = {"_source": source, "warehouse": str(shop.ids["warehouse"]), "lines": twice}
    with pytest.raises(Invalid) as raised:
        shop.create("delivery", content)
    assert {one.code for one in raised.value.problems} == {"records.over_converted"}


def test_an_edit_of_the_target_moves_its_links(shop: Shop) -> None:
    saved = confirmed(shop)
    delivery = deliver(shop, saved, {0: "60", 1: "10"})
    bolt, nut = shop.get(delivery).tables["lines"]
    edited = shop.edit(delivery, {"lines": [{"id": str(bolt.id), "quantity": "20"}]})
    assert open_rows(shop, saved) == [80, 10]
    with pytest.raises(Invalid):
        shop.edit(edited, {"lines": [{"id": str(bolt.id), "quantity": "106"}]})
    assert open_rows(shop, saved) == [80, 10]
    shop.edit(edited, {"lines": [{"id": str(bolt.id), "quantity": "105"}]})
    assert open_rows(shop, saved) == [-5, 10]
    assert nut.id != bolt.id


def test_cancelling_and_deleting_a_target_releases_its_source(shop: Shop) -> None:
    saved = confirmed(shop)
    cancelled = shop.move(deliver(shop, saved, {0: "60"}), "cancel")
    assert open_rows(shop, saved) == [100, 10]
    assert cancelled.state == "cancelled"
    draft = deliver(shop, saved, {0: "60"})
    shop.records.delete(OWNER, key="d", entity="delivery", record_id=draft.record_id, version=draft.version)
    assert open_rows(shop, saved) == [100, 10]
    assert shop.rows("SELECT COUNT(*) FROM record_link WHERE active = 1") == [(0,)]


def test_units_convert_through_the_item(shop: Shop) -> None:
    box = {"number": "box"}
    saved = confirmed(shop, line(shop, "bolt", "10", "5", unit=box))
    row = shop.get(saved).tables["lines"][0]
    source = {"conversion": TO_DELIVERY, "records": [str(saved.record_id)]}
    pieces = [{"_source": str(row.id), "quantity": "720", "unit": {"number": "pcs"}}]
    shop.create("delivery", {"_source": source, "warehouse": str(shop.ids["warehouse"]), "lines": pieces})
    assert open_rows(shop, saved) == [5]
    last = [{"_source": str(row.id), "quantity": "1", "unit": {"number": "pcs"}}]
    for _ in range(3):
        shop.create("delivery", {"_source": source, "warehouse": str(shop.ids["warehouse"]), "lines": last})
    assert open_rows(shop, saved) == [Decimal("4.979168")]  # each piece is 0.006944 of a box


def test_a_source_that_is_used_up_closes_and_opens_again(shop: Shop) -> None:
    saved = confirmed(shop)
    assert shop.get(saved).state == "confirmed"
    delivery = deliver(shop, saved)
    assert shop.get(saved).state == "closed"
    bolt, nut = shop.get(delivery).tables["lines"]
    edited = shop.edit(delivery, {"lines": [{"id": str(bolt.id), "quantity": "99"}, {"id": str(nut.id)}]})
    assert shop.get(saved).state == "confirmed"
    shop.edit(edited, {"lines": [{"id": str(bolt.id), "quantity": "100"}, {"id": str(nut.id)}]})
    assert shop.get(saved).state == "closed"
    shop.move(delivery, "cancel")
    assert shop.get(saved).state == "confirmed"
    assert not [row for row in shop.rows("SELECT payload FROM record_effect WHERE undone = 0") if "completed" in row[0]]


def test_only_an_open_source_in_the_right_state_converts(shop: Shop) -> None:
    draft = shop.create("sales_order", order(shop, line(shop, "bolt", "1", "1")))
    with pytest.raises(ZhangshiError) as raised:
        deliver(shop, draft)
    assert raised.value.code == "records.nothing_open"
    with pytest.raises(Invalid) as invalid:
        deliver(shop, draft, {0: "1"})
    assert {one.code for one in invalid.value.problems} == {"records.not_convertible"}
    with pytest.raises(ZhangshiError) as raised:
        shop.records.propose(OWNER, conversion=TO_DELIVERY, sources=[Source(4711)])
    assert raised.value.code == "records.not_found"
    with pytest.raises(ZhangshiError) as raised:
        shop.records.propose(OWNER, conversion="nothing", sources=[Source(4711)])
    assert raised.value.code == "records.unknown_conversion"


def test_several_sources_of_one_customer_make_one_target(shop: Shop) -> None:
    first, second = confirmed(shop), confirmed(shop, line(shop, "pin", "7", "1"))
    both = [Source(first.record_id), Source(second.record_id)]
    content = {"warehouse": str(shop.ids["warehouse"])}
    joined = shop.records.convert(OWNER, key="join", conversion=TO_DELIVERY, sources=both, content=content)
    assert [row.values["item"] for row in shop.get(joined).tables["lines"]] == [
        shop.ids["bolt"], shop.ids["nut"], shop.ids["pin"],
    ]  # fmt: skip
    other = shop.create("partner", {"name": "Other"}).record_id
    third = shop.create("sales_order", {"customer": str(other), "lines": [line(shop, "pin", "1", "1")]}, "confirm")
    fourth = confirmed(shop)
    with pytest.raises(Invalid) as raised:
        shop.records.convert(
            OWNER, key="no", conversion=TO_DELIVERY, sources=[Source(third.record_id), Source(fourth.record_id)],
            content=content,
        )  # fmt: skip
    assert {one.code for one in raised.value.problems} == {"records.not_combinable"}


def test_a_source_row_cannot_shrink_below_what_was_converted(shop: Shop) -> None:
    saved = shop.create("sales_order", order(shop, line(shop, "bolt", "100", "5")), "confirm")
    deliver(shop, saved, {0: "60"})
    row = shop.get(saved).tables["lines"][0]
    current = shop.get(saved).version
    with pytest.raises(Invalid) as raised:
        shop.edit(saved, {"lines": []}, version=current)
    assert "records.below_converted" in {one.code for one in raised.value.problems}
    edited = shop.edit(saved, {"lines": [{"id": str(row.id), "quantity": "80"}]}, version=current)
    assert open_rows(shop, edited) == [20]


def test_an_edit_adds_rows_from_the_source_and_may_come_back_as_it_was_shown(shop: Shop) -> None:
    saved = confirmed(shop)
    delivery = deliver(shop, saved, {0: "100"})
    bolt, nut = shop.get(saved).tables["lines"]
    (row,) = shop.get(delivery).tables["lines"]
    source = {"conversion": TO_DELIVERY, "records": [str(saved.record_id)]}
    rows: list[dict[str, Any]] = [{"id": str(row.id), "_source": str(bolt.id)}, {"_source": str(nut.id)}]
    edited = shop.edit(delivery, {"_source": source, "lines": rows})
    added = shop.get(edited).tables["lines"][1]
    assert (added.values["item"], added.values["quantity"]) == (shop.ids["nut"], Decimal(10))
    assert shop.get(saved).state == "closed"
    rows[1]["id"] = str(added.id)
    again = shop.edit(edited, {"_source": source, "customer": str(shop.ids["acme"]), "lines": rows})
    assert again.version == edited.version
    with pytest.raises(Invalid) as raised:
        shop.edit(again, {"lines": [*rows, {"_source": str(nut.id), "quantity": "1", "item": str(shop.ids["nut"])}]})
    assert {one.code for one in raised.value.problems} == {"records.bad_source"}


def test_a_row_of_another_source_is_refused(shop: Shop) -> None:
    first, second = confirmed(shop), confirmed(shop)
    foreign = shop.get(second).tables["lines"][0]
    source = {"conversion": TO_DELIVERY, "records": [str(first.record_id)]}
    content = {"_source": source, "warehouse": str(shop.ids["warehouse"]), "lines": [{"_source": str(foreign.id)}]}
    with pytest.raises(Invalid) as raised:
        shop.create("delivery", content)
    assert "records.bad_source" in {one.code for one in raised.value.problems}


def test_a_clerk_who_may_not_see_the_price_hands_it_on(shop: Shop) -> None:
    delivery = deliver(shop, confirmed(shop), caller=KEEPER)
    assert [row.values["price"] for row in shop.get(delivery).tables["lines"]] == [Decimal(5), Decimal(2)]


def test_goods_come_back_at_the_cost_they_left_with(shop: Shop) -> None:
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "100", "3")), "post")
    delivery = deliver(shop, confirmed(shop, line(shop, "bolt", "100", "5")), transition="post")
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "10", "9")), "post")
    row = shop.get(delivery).tables["lines"][0].id
    back = shop.records.convert(
        OWNER, key="back", conversion="delivery_to_return",
        sources=[Source(delivery.record_id, {row: Decimal(40)})], transition="post",
    )  # fmt: skip
    assert back.state == "posted"
    assert (shop.ids["bolt"], 50_000_000, 9000 + 12000) in shop.worth()


def other_records(shop: Shop) -> Records:
    """Open the same company a second time: another process as far as the database can tell."""
    database = shop.company.database
    opened = open_company(
        key="other", url=_url(shop), schema=database.schema, clock=shop.company.clock, ids=shop.company.ids
    )
    return Records(company=opened, catalogs=shop.catalogs)


def _url(shop: Shop) -> str:
    found: str = shop.company.database.__dict__.get("_libpq_url", shop.company.database.url)
    return found


def test_of_two_clerks_at_once_only_one_takes_the_last(company: Company) -> None:
    shop = open_shop(company)
    saved = confirmed(shop, line(shop, "bolt", "100", "5"))
    other = other_records(shop)

    def convert(place: int) -> str:
        records = (shop.records, other)[place % 2]
        try:
            records.convert(
                OWNER, key=f"clerk-{place}", conversion=TO_DELIVERY, sources=[Source(saved.record_id)],
                content={"warehouse": str(shop.ids["warehouse"])},
            )  # fmt: skip
        except ZhangshiError as error:
            return error.code
        return "done"

    try:
        with ThreadPoolExecutor(4) as pool:
            answers = sorted(pool.map(convert, range(4)))
    finally:
        other.company.close()
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "records.nothing_open", "records.invalid"}
    assert shop.rows("SELECT SUM(quantity) FROM record_link WHERE active = 1") == [(100_000_000,)]
