"""Search, chain, choices, previews, comments, files and saved views."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from obstore.store import MemoryStore

from tests.clocks import SettableClock
from tests.integration.records_reading.factory import OWNER, Shop, caller, person
from zhangshi.base.errors import ZhangshiError
from zhangshi.records.files.service import Files
from zhangshi.records.files.storage import ObjectStorage
from zhangshi.records.saved_views import SavedViews

SELLER, BUYER = caller(person("seller", user_id=7)), caller(person("buyer", user_id=8))
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def test_search_puts_the_very_number_first(shop: Shop) -> None:
    shop.put("item", [
        {"number": "JX-10", "name": "垫圈", "spec": "M8"}, {"number": "JX-1", "name": "六角螺栓", "spec": "M8×30"},
        {"number": "A1", "name": "JX-1 的盒子"}, {"number": "B1", "name": "装 JX-1 用"},
    ])  # fmt: skip

    def found(text: str) -> list[object]:
        return [hit["number"] for hit in shop.reader.search(caller(OWNER), text)]

    assert found("jx-1") == ["JX-1", "JX-10", "A1", "B1"]
    assert found("ljls m8") == ["JX-1"]
    assert found("100%") == []
    with pytest.raises(ZhangshiError, match=r"records\.bad_search"):
        found("  ")


def test_search_keeps_to_the_row_scope_and_the_readable_fields(shop: Shop) -> None:
    shop.put(
        "sales_order",
        [{"number": "SO1", "owner": 7, "remark": "加急"}, {"number": "SO2", "owner": 8, "remark": "加急"}],
    )
    shop.put("partner", [{"number": "P1", "name": "温州机械", "phone": "13800001234"}])
    assert [hit["number"] for hit in shop.reader.search(SELLER, "加急")] == ["SO1"]
    assert [hit["number"] for hit in shop.reader.search(SELLER, "温州")] == ["P1"]
    assert shop.reader.search(SELLER, "13800001234") == []  # the phone is masked
    assert shop.reader.search(BUYER, "温州") == []


def test_the_chain_is_the_same_from_every_document_and_ends_in_a_ring(shop: Shop) -> None:
    (order,) = shop.put("sales_order", [{"number": "SO1", "lines": [{"id": 501, "quantity": Decimal(9)}]}])
    first, second = shop.put("delivery", [{"number": "D1", "state": "posted"}, {"number": "D2"}])
    for target in (first, second):
        shop.link("order_to_delivery", ("sales_order", order, 501), ("delivery", target, target + 1000), 4_500_000)
    shop.link("order_to_delivery", ("delivery", first, 0), ("sales_order", order, 0), 0)  # a ring, as no form makes it
    shown = shop.reader.chain(caller(OWNER), "sales_order", order)
    from_the_end = shop.reader.chain(caller(OWNER), "delivery", second)
    for one in (shown, from_the_end):
        assert {node["number"] for node in one["nodes"]} == {"SO1", "D1", "D2"}  # type: ignore[attr-defined]
        assert len(one["edges"]) == 3  # type: ignore[arg-type]
    quantities = [edge["quantity"] for edge in shown["edges"] if edge["source"] == str(order)]  # type: ignore[attr-defined]
    assert quantities == ["4.5", "4.5"]
    places = {node["number"]: node["place"] for node in from_the_end["nodes"]}  # type: ignore[attr-defined]
    assert places["D2"] == "self"
    assert places["SO1"] == "up"


def test_a_node_of_the_chain_says_since_when_it_is_in_its_state(shop: Shop, clock: SettableClock) -> None:
    (order,) = shop.put("sales_order", [{"number": "SO1", "state": "confirmed"}])
    since = []
    for action in ("create", "confirm", "edit"):
        clock.advance(timedelta(hours=1))
        shop.audit("sales_order", order, action, "{}")
        since.append(clock.now().isoformat().replace("+00:00", "Z"))
    (node,) = shop.reader.chain(caller(OWNER), "sales_order", order)["nodes"]  # type: ignore[misc]
    assert node["since"] == since[1]  # type: ignore[has-type]


def test_choices_are_what_may_be_read(shop: Shop) -> None:
    shop.put("partner", [{"number": "P2", "name": "乙"}, {"number": "P1", "name": "甲"}])
    assert [one["number"] for one in shop.reader.choices(SELLER, "sales_order", "customer")] == ["P1", "P2"]
    assert [one["name"] for one in shop.reader.choices(SELLER, "sales_order", "customer", text="乙")] == ["乙"]
    with pytest.raises(ZhangshiError, match=r"records\.not_a_link"):
        shop.reader.choices(SELLER, "sales_order", "amount")
    with pytest.raises(ZhangshiError, match=r"records\.forbidden"):
        shop.reader.choices(BUYER, "sales_order", "customer")


def test_a_preview_computes_and_saves_nothing(shop: Shop) -> None:
    (partner,) = shop.put("partner", [{"number": "P1", "name": "甲", "phone": "138"}])
    content = {"customer": str(partner), "amount": "12.5", "kind": "urgent"}
    shown, problems = shop.reader.preview(caller(OWNER), "sales_order", content)
    assert (shown["doubled"], shown["customer_phone"]) == ("25", "138")
    assert shown["customer"] == {"id": str(partner), "number": "P1", "title": "甲"}
    assert [problem.path for problem in problems] == ["urgent_amount"]
    assert shop.reader.search(caller(OWNER), "SALES") == []


def test_a_comment_calls_people_and_tells_the_event_no_text(shop: Shop) -> None:
    (order,) = shop.put("sales_order", [{"number": "SO1", "owner": 7}])
    made = shop.reader.comment(SELLER, key="c1", entity="sales_order", record_id=order, text=" 请看 @nobody a@b.cn ")
    assert (
        shop.reader.comment(SELLER, key="c1", entity="sales_order", record_id=order, text=" 请看 @nobody a@b.cn ")
        == made
    )
    (shown,) = shop.reader.comments(SELLER, "sales_order", order)
    assert (shown["text"], shown["mentions"]) == ("请看 @nobody a@b.cn", [])
    with shop.company.read() as session:
        events = session.core.exec_driver_sql(
            "SELECT payload FROM outbox_event WHERE topic = 'record.commented'"
        ).fetchall()
    assert msgspec.json.decode(events[0][0])["comment_id"] == int(made)
    assert "请看" not in events[0][0]
    with pytest.raises(ZhangshiError, match=r"records\.bad_comment"):
        shop.reader.comment(SELLER, key="c2", entity="sales_order", record_id=order, text=" ")


def test_a_file_is_seen_through_the_record_that_holds_it(shop: Shop) -> None:
    files = Files(company=shop.company, asking=shop.reader.asking, storage=ObjectStorage(MemoryStore()), bytes_max=1024)
    mine, other = shop.put("sales_order", [{"number": "SO1", "owner": 7}, {"number": "SO2", "owner": 9}])
    made = files.upload(SELLER, key="u1", name="../photo.png", content=PNG)
    assert (made.name, made.media_type, made.size) == ("photo.png", "image/png", len(PNG))
    assert files.read(SELLER, int(made.id))[1] == PNG
    for nobody in (BUYER, caller(person("seller", user_id=9))):  # uploaded, and nobody else's yet
        with pytest.raises(ZhangshiError, match=r"records\.unknown_file"):
            files.read(nobody, int(made.id))
    files.attach(SELLER, key="a1", entity="sales_order", record_id=mine, file_id=int(made.id))
    assert [one.id for one in files.of_record(SELLER, "sales_order", mine)] == [made.id]
    assert files.read(caller(OWNER), int(made.id))[1] == PNG
    with pytest.raises(ZhangshiError, match=r"records\.not_found"):
        files.attach(SELLER, key="a2", entity="sales_order", record_id=other, file_id=int(made.id))
    with pytest.raises(ZhangshiError, match=r"records\.file_too_large"):
        files.upload(SELLER, key="u2", name="a.png", content=PNG * 100)
    assert files.detach(SELLER, key="d1", entity="sales_order", record_id=mine, file_id=int(made.id))
    assert files.of_record(SELLER, "sales_order", mine) == []


def test_a_view_is_kept_for_its_owner_or_shared_with_roles(shop: Shop) -> None:
    views = SavedViews(company=shop.company, catalogs=shop.catalogs)
    made = views.save(SELLER, key="v1", entity="sales_order", name="我的", content={"filter": "paid"})
    other = caller(person("seller", user_id=9))
    assert [one.name for one in views.list(SELLER, "sales_order")] == ["我的"]
    assert views.list(other, "sales_order") == []
    with pytest.raises(ZhangshiError, match=r"records\.unknown_view"):
        views.delete(other, key="x1", view_id=int(made.id))
    shared = views.save(SELLER, key="v2", entity="sales_order", name="大家的", content={}, roles=["seller"],
                        view_id=int(made.id), version=made.version)  # fmt: skip
    assert [(one.name, one.own) for one in views.list(other, "sales_order")] == [("大家的", False)]
    with pytest.raises(ZhangshiError, match=r"records\.not_your_view"):
        views.delete(other, key="x2", view_id=int(shared.id))
    with pytest.raises(ZhangshiError, match=r"records\.view_changed"):
        views.save(SELLER, key="v3", entity="sales_order", name="旧", content={}, view_id=int(made.id), version=1)
    assert views.delete(SELLER, key="d1", view_id=int(made.id))
    assert views.list(SELLER, "sales_order") == []
