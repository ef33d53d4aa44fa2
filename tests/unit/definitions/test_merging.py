"""A patch changes what it names and nothing else; an upgrade keeps patches and lists what both sides changed."""

from typing import Any

import pytest

from tests.unit.definitions.shop import ITEM, LEVELS, changed, shop, sources
from zhangshi.definitions.catalog import Catalog, Label
from zhangshi.definitions.errors import InvalidDefinitions
from zhangshi.definitions.loading import SITE, SourceObject, load_text
from zhangshi.definitions.merging import Conflict, effective, merge_upgrade, override_for


def override(name: str, **keys: Any) -> str:
    return f"schema: 1\noverride: {name}\n" + "".join(f"{key}: {value}\n" for key, value in keys.items())


def item(text: str) -> SourceObject:
    return load_text(text.lstrip(), "item.yaml", layer="core")


def data_of(source: SourceObject) -> Any:
    return source.data


def spec_label(catalog: Catalog) -> Label:
    return catalog.entities["item"].header.fields["spec"].label


def test_a_patch_changes_what_it_names_and_nothing_else() -> None:
    before, after = (
        shop(),
        shop(override("entity/item", set="{fields.spec.label: {zh: 牌号, en: Grade}, search: [number, spec]}")),
    )

    assert spec_label(after) == Label("牌号", "Grade")
    assert after.entities["item"].search == ("number", "spec")
    assert after.entities["item"].header.fields["name"] == before.entities["item"].header.fields["name"]
    assert after.entities["sales_order"].header.fields["amount"].label == Label("金额", "Amount")


def test_patches_apply_in_the_order_of_their_layers() -> None:
    first = override("entity/item", set="{fields.spec.label: 第一}")
    second = override("entity/item", set="{fields.spec.label: 第二}")

    assert spec_label(shop(first, second)) == Label("第二", "第二")


def test_a_patch_adds_fields_options_and_constraints() -> None:
    catalog = shop(
        override("entity/item", set="{fields.weight: {type: decimal, scale: 3, label: 重量}}"),
        override("option_set/levels", set="{options.a.label.zh: 最好, options.c: {value: c, label: 丙}}"),
        override("entity/sales_order", set="{'constraints[+]': {when: discount > 0.5, message: 折扣太大}}"),
    )

    assert catalog.entities["item"].header.fields["weight"].digits == 3
    assert [(one.value, one.label.zh) for one in catalog.option_sets["levels"]] == [
        ("a", "最好"), ("b", "乙"), ("z", "停用的"), ("c", "丙"),
    ]  # fmt: skip
    assert [one.message.zh for one in catalog.entities["sales_order"].constraints] == ["数量必须大于零", "折扣太大"]


def test_retiring_keeps_a_field_and_its_column_and_leaves_out_the_rest() -> None:
    catalog = shop(
        override("entity/item", retire="[fields.spec]", set="{search: [number]}"),
        override("option_set/levels", retire="[options.b]"),
        override("entity/sales_order", retire="[rules, 'constraints[0]']"),
    )

    assert catalog.entities["item"].header.fields["spec"].retired
    assert catalog.entities["item"].header.fields["spec"].column == "f_spec"
    assert [one.retired for one in catalog.option_sets["levels"]] == [False, True, True]
    assert catalog.entities["sales_order"].rules == catalog.entities["sales_order"].constraints == ()


def test_a_mistake_in_a_patch_is_named_in_the_patchs_own_file() -> None:
    text = override("entity/sales_order", set="\n  fields.amount.formula: SUM(lines.amont)\n  title: customer")

    with pytest.raises(InvalidDefinitions) as caught:
        shop(text)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.path, problem.code) == (
        "more.yaml", 4, "fields.amount.formula", "definitions.bad_formula",
    )  # fmt: skip


def test_effective_objects_are_those_after_all_patches() -> None:
    found = effective(sources(override("entity/item", set="{title: spec}")))

    assert [data_of(one).title for one in found if one.name == "entity/item"] == ["spec"]
    assert not any(one.kind == "override" for one in found)
    with pytest.raises(InvalidDefinitions):
        effective(sources(override("entity/none", set="{title: spec}")))


NEW_SPEC = changed(ITEM, "spec: {type: text}", "spec: {type: text, label: 牌号, length: 40}")
NO_PRICE = changed(ITEM, "  price: {type: price, min: 0}\n", "")
MORE = changed(ITEM, "plays:", "  weight: {type: decimal}\nplays:")


@pytest.mark.parametrize("wanted", [NEW_SPEC, NO_PRICE, MORE, changed(ITEM, "title: name\n", "")])
def test_a_whole_object_becomes_a_patch_with_nothing_but_the_difference(wanted: str) -> None:
    known, made = item(ITEM), item(wanted)
    patch = override_for(known, made)
    assert patch is not None

    result = data_of(effective([known, patch])[0])
    expected = data_of(made)
    if "price" not in expected.fields:  # a field that is taken out is retired: its data stays
        assert result.fields["price"].retired
        assert data_of(patch).retire == ["fields.price"]
    else:
        assert result == expected
    assert patch.layer == SITE
    assert len(data_of(patch).set) + len(data_of(patch).retire) <= 2
    assert override_for(known, known) is None


def test_a_patch_of_a_list_names_the_element_that_differs() -> None:
    known = load_text(LEVELS.lstrip(), layer="core")
    longer = changed(LEVELS, "{zh: 乙, en: B}}", "{zh: 次, en: B}}\n  - {value: q, label: Q}")
    patch = override_for(
        known, load_text(changed(longer, "  - {value: z, label: {zh: 停用的, en: Old}, retired: true}\n", "").lstrip())
    )
    assert patch is not None

    assert data_of(patch).set == {"options.b.label.zh": "次", "options.q": {"value": "q", "label": "Q"}}
    assert data_of(patch).retire == ["options.z"]
    assert data_of(patch).was["options.b.label.zh"] == "乙"


def upgrade(new: str, **keys: Any) -> tuple[list[SourceObject], list[Conflict]]:
    return merge_upgrade([item(ITEM)], [item(new)], [load_text(override("entity/item", **keys))])


def test_a_patch_of_what_the_pack_left_alone_stays_without_conflict() -> None:
    objects, conflicts = upgrade(NO_PRICE, set="{fields.spec.label: 牌号}", was="{}")

    assert conflicts == []
    assert [one.name for one in objects] == ["entity/item", "override/entity/item"]
    assert "price" not in data_of(effective(objects)[0]).fields
    assert data_of(effective(objects)[0]).fields["spec"].label == "牌号"


def test_a_patch_that_the_pack_came_to_by_itself_goes() -> None:
    objects, conflicts = upgrade(NEW_SPEC, set="{fields.spec.label: 牌号}")

    assert ([one.name for one in objects], conflicts) == (["entity/item"], [])


def test_what_both_changed_is_a_conflict_in_which_the_sites_value_stands() -> None:
    objects, conflicts = upgrade(NEW_SPEC, set="{fields.spec.label: 材质}", was="{}")

    assert [(one.name, one.path, one.was, one.theirs, one.ours) for one in conflicts] == [
        ("entity/item", "fields.spec.label", None, "牌号", "材质")
    ]
    assert data_of(effective(objects)[0]).fields["spec"].label == "材质"
    assert data_of(effective(objects)[0]).fields["spec"].length == 40
    assert data_of(objects[1]).was == {"fields.spec.label": "牌号"}
    assert '新版本改为 "牌号"，您改为' in conflicts[0].message("zh").replace(",", "，")
    assert 'the new version says "牌号", you said "材质"' in conflicts[0].message("en")


def test_a_conflict_is_not_asked_again_at_the_next_upgrade() -> None:
    objects, _ = upgrade(NEW_SPEC, set="{fields.spec.label: 材质}", was="{}")
    newest = changed(NEW_SPEC, "length: 40", "length: 50")

    again, conflicts = merge_upgrade([item(NEW_SPEC)], [item(newest)], objects[1:])

    assert conflicts == []
    assert data_of(effective(again)[0]).fields["spec"].label == "材质"


def test_a_patch_whose_place_is_gone_is_lost_and_said_so() -> None:
    objects, conflicts = upgrade(NO_PRICE, set="{fields.price.min: 5, fields.spec.length: 9}")

    assert [(one.path, one.lost) for one in conflicts] == [("fields.price.min", True)]
    assert "用不上了" in conflicts[0].message("zh")
    assert data_of(objects[1]).set == {"fields.spec.length": 9}


def test_an_object_that_is_gone_takes_its_patches_with_it() -> None:
    patch = load_text(override("entity/item", set="{title: spec}"))

    objects, conflicts = merge_upgrade([item(ITEM)], [], [patch])

    assert (objects, [one.lost for one in conflicts]) == ([], [True])


def test_patches_of_other_packs_objects_are_left_alone() -> None:
    patch = load_text(override("entity/sales_order", set="{title: customer}"))

    objects, conflicts = merge_upgrade([item(ITEM)], [item(NO_PRICE)], [patch])

    assert (objects[1], conflicts) == (patch, [])


def test_what_the_site_retired_and_the_pack_took_away_is_no_patch_any_more() -> None:
    objects, conflicts = upgrade(NO_PRICE, retire="[fields.price]")

    assert ([one.name for one in objects], conflicts) == (["entity/item"], [])
