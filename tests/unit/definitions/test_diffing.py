"""Two catalogs are compared by meaning: what came, went, was retired, or changed in which aspect."""

from tests.unit.definitions.shop import DELIVER, ITEM, ORDER, SALES, changed, shop
from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.diffing import Difference, differences


def compared(after: Catalog) -> list[tuple[str, str, str, str]]:
    return [(one.what, one.kind, one.path, one.aspect) for one in differences(shop(), after)]


def test_the_same_shop_has_no_differences_whatever_it_looks_like() -> None:
    spaced = changed(changed(ORDER, "SUM(lines.amount)", "SUM( lines.amount )"), "SO}", "SO }")

    assert differences(shop(), shop()) == ()
    assert differences(shop(), shop(sales_order=spaced)) == ()


def test_fields_that_come_go_retire_and_change_are_told_apart() -> None:
    item = changed(
        ITEM, "spec: {type: text}", "spec: {type: text, retired: true}\n  weight: {type: decimal, label: 重}"
    )
    item = changed(item, "price: {type: price, min: 0}", "price: {type: money, required: true}")

    assert compared(shop(items=item, sales_order=changed(ORDER, "lookup: item.price", "min: 0"))) == [
        ("retired", "field", "item.spec", ""),
        ("added", "field", "item.weight", ""),
        ("changed", "field", "item.price", "type"),
        ("changed", "field", "item.price", "digits"),
        ("changed", "field", "item.price", "required"),
        ("changed", "field", "item.price", "min"),
        ("changed", "field", "sales_order.lines.price", "lookup"),
        ("changed", "field", "sales_order.lines.price", "min"),
    ]


def test_objects_of_every_kind_are_compared() -> None:
    after = shop(
        "schema: 1\nview: v\nentity: item\n",
        deliver=changed(DELIVER, "over: 0.05", "over: 0.1"),
        sales=changed(SALES, "cancel], fields", "cancel, print], fields"),
        sales_order=changed(
            ORDER, "close: {from: confirmed, to: closed}", "close: {from: confirmed, to: closed, label: 结案}"
        ),
    )

    assert compared(after) == [
        ("changed", "entity", "sales_order", "lifecycle"),
        ("changed", "conversion", "deliver", "over"),
        ("changed", "role", "sales", "grants"),
        ("added", "view", "v", ""),
    ]


def test_a_difference_reads_in_both_languages() -> None:
    (one,) = differences(
        shop(), shop(items=changed(ITEM, "price: {type: price, min: 0}", "price: {type: price, min: 1}"))
    )

    assert one == Difference("changed", "field", "item.price", "min", "0", "1")
    assert (one.text("zh"), one.text("en")) == (
        "修改 field item.price min: 0 → 1",
        "changed field item.price min: 0 → 1",
    )


def test_what_is_added_one_way_is_removed_the_other() -> None:
    more = shop(items=changed(ITEM, "plays:", "  weight: {type: decimal, label: 重}\nplays:"))

    assert [one.what for one in differences(shop(), more)] == ["added"]
    assert [one.what for one in differences(more, shop())] == ["removed"]
