"""Packs are installed with what they require, upgraded around the site's changes, and go without taking the books."""

from pathlib import Path

import pytest

from tests.integration.packs.shelf import loans, things
from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.errors import InvalidDefinitions
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.drafts import candidate_from_drafts, changed_content, effective_object, save_draft
from zhangshi.definitions.service.publish import publish_now
from zhangshi.packs import errors
from zhangshi.packs.model import PackSource, read_pack
from zhangshi.packs.service.exporting import as_zip, export_site, write_folder
from zhangshi.packs.service.installing import Choices, Installed, install, plan_install, uninstall
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork


def put_in(company: Company, *packs: PackSource, choices: Choices | None = None) -> Installed:
    return install(company, Catalogs(), packs, actor="li", choices=choices or Choices())


def catalog_of(company: Company) -> Catalog:
    with company.read() as session:
        return Catalogs().current(session)


def refusal(code: ErrorCode, company: Company, *packs: PackSource) -> dict[str, object]:
    before = catalog_of(company).revision
    with pytest.raises(ZhangshiError) as refused:
        put_in(company, *packs)
    assert refused.value.error_code is code
    assert catalog_of(company).revision == before
    return dict(refused.value.facts)


def edit(company: Company, changes: dict[str, object], entity: str = "thing") -> None:
    """Change an entity as a designer would: the whole object is handed in, the site's layer keeps what differs."""

    def work(uow: UnitOfWork) -> int:
        content = effective_object(uow.session, kind="entity", key=entity)
        save_draft(uow, text=changed_content(content, changes), version=0)
        return publish_now(uow, Catalogs(), candidate_from_drafts(uow.session)).revision

    company.write(Request("li", f"edit-{company.ids.next_id()}", None), work, answer_type=int)


def test_a_pack_brings_its_entities_and_their_tables(company: Company, tmp_path: Path) -> None:
    answer = put_in(company, things(tmp_path))

    assert (answer.revision, [(one.key, one.before, one.after) for one in answer.steps]) == (
        1,
        [("things", "", "1.0.0")],
    )
    catalog = catalog_of(company)
    assert (dict(catalog.packs), catalog.entities["thing"].pack) == ({"things": "1.0.0"}, "things")
    with company.read() as session:
        assert session.query(Statement("SELECT COUNT(*) FROM d_thing")) == [(0,)]


def test_what_a_pack_requires_comes_first_and_in_the_right_version(company: Company, tmp_path: Path) -> None:
    assert refusal(errors.REQUIREMENT_MISSING, company, loans(tmp_path)) == {
        "key": "loans",
        "required": "things",
        "wanted": ">=1.0",
        "found": "-",
    }
    too_old = things(tmp_path, "0.9")
    assert refusal(errors.REQUIREMENT_MISSING, company, loans(tmp_path), too_old)["found"] == "0.9"

    answer = put_in(company, loans(tmp_path), things(tmp_path))

    assert [one.key for one in answer.steps] == ["things", "loans"]
    assert catalog_of(company).entities["loan"].header.fields["thing"].to == "thing"


def test_an_older_or_the_same_version_is_refused(company: Company, tmp_path: Path) -> None:
    put_in(company, things(tmp_path, "1.1"))
    assert refusal(errors.OLDER_VERSION, company, things(tmp_path, "1.0.9"))["installed"] == "1.1"
    refusal(errors.SAME_VERSION, company, things(tmp_path, "1.1"))


def test_an_upgrade_reaches_everything_that_the_site_did_not_change(company: Company, tmp_path: Path) -> None:
    put_in(company, things(tmp_path))
    edit(company, {"fields.name.label.zh": "品名", "fields.weight": {"type": "decimal", "label": "重量"}})

    put_in(company, things(tmp_path, "1.1", ("zh: 颜色", "zh: 色"), ("en: Name", "en: Title")))

    fields = catalog_of(company).entities["thing"].header.fields
    assert (fields["name"].label.zh, fields["name"].label.en) == ("品名", "Title")
    assert fields["color"].label.zh == "色"
    assert "weight" in fields


def test_where_both_changed_the_same_thing_somebody_chooses(company: Company, tmp_path: Path) -> None:
    put_in(company, things(tmp_path))
    edit(company, {"fields.name.label.zh": "品名", "fields.color.label.zh": "花色"})
    newer = things(tmp_path, "2.0", ("zh: 名称", "zh: 叫法"), ("zh: 颜色", "zh: 色"))

    facts = refusal(errors.CONFLICTS, company, newer)
    assert facts["count"] == 2
    with company.read() as session:
        found = plan_install(session, Catalogs(), [newer]).conflicts
    names = [one.name for one in found]
    assert names == ["entity/thing:fields.name.label.zh", "entity/thing:fields.color.label.zh"]
    assert all("品名" in one.zh or "花色" in one.zh for one in found)

    put_in(company, newer, choices=Choices(by_name={names[0]: "pack"}, prefer="site"))

    fields = catalog_of(company).entities["thing"].header.fields
    assert (fields["name"].label.zh, fields["color"].label.zh) == ("叫法", "花色")


def test_uninstalling_leaves_the_tables_and_comes_back_to_them(company: Company, tmp_path: Path) -> None:
    put_in(company, things(tmp_path), loans(tmp_path))
    row = "INSERT INTO d_thing (record_id, number, state, version, created_at, created_by, updated_at, updated_by, "
    insert = Statement(f"{row} f_name) VALUES (1, 'T1', '', 1, 0, 0, 0, 0, '锤子')")
    company.write(Request("li", "row", None), lambda uow: uow.session.execute(insert), answer_type=int)
    with pytest.raises(ZhangshiError) as refused:
        uninstall(company, Catalogs(), key="things", actor="li")
    assert refused.value.facts == {"key": "things", "others": "loans"}

    uninstall(company, Catalogs(), key="loans", actor="li")
    edit(company, {"fields.name.label.zh": "品名"})
    uninstall(company, Catalogs(), key="things", actor="li")

    assert dict(catalog_of(company).entities) == {}
    put_in(company, things(tmp_path))
    with company.read() as session:
        assert session.query(Statement("SELECT number, f_name FROM d_thing")) == [("T1", "锤子")]
    assert catalog_of(company).entities["thing"].header.fields["name"].label.zh == "名称", "the override went along"


def test_what_the_site_still_uses_is_not_uninstalled(company: Company, tmp_path: Path) -> None:
    put_in(company, things(tmp_path), loans(tmp_path))
    edit(company, {"fields.second": {"type": "link", "to": "thing", "label": "另一个"}}, entity="loan")

    with pytest.raises(ZhangshiError) as refused:
        uninstall(company, Catalogs(), key="things", actor="li")
    assert refused.value.error_code is errors.REQUIRED_BY

    with pytest.raises(ZhangshiError) as unknown:
        uninstall(company, Catalogs(), key="nothing", actor="li")
    assert unknown.value.facts == {"key": "nothing", "known": "loans, things"}


def test_a_pack_whose_definitions_are_wrong_changes_nothing(company: Company, tmp_path: Path) -> None:
    with pytest.raises(InvalidDefinitions):
        put_in(company, things(tmp_path, "1.0", ("title: name", "title: nmae")))
    assert catalog_of(company).revision == 0


def test_a_field_that_a_new_version_renames_keeps_its_data_and_the_sites_changes(
    company: Company, tmp_path: Path
) -> None:
    put_in(company, things(tmp_path))
    edit(company, {"fields.color.label.zh": "花色"})
    row = "INSERT INTO d_thing (record_id, number, state, version, created_at, created_by, updated_at, updated_by, "
    insert = Statement(f"{row} f_color) VALUES (1, 'T1', '', 1, 0, 0, 0, 0, 'red')")
    company.write(Request("li", "row", None), lambda uow: uow.session.execute(insert), answer_type=int)
    newer = things(tmp_path, "1.1", ("  color:", "  colour:"), ("value: red", "value: crimson"))
    (tmp_path / "things-1.1" / "migrations").mkdir()
    (tmp_path / "things-1.1" / "migrations" / "colour.yaml").write_text(
        'schema: 1\nmigration: colour\nfrom: "<1.1"\nrename: {thing.color: colour}\n'
        "values: {thing.colour: {red: crimson}}\n",
        encoding="utf-8",
    )
    newer = read_pack(tmp_path / "things-1.1")

    put_in(company, newer)

    field = catalog_of(company).entities["thing"].header.fields["colour"]
    assert (field.column, field.label.zh) == ("f_color", "花色")
    with company.read() as session:
        assert session.query(Statement("SELECT f_color FROM d_thing")) == [("crimson",)]


def test_a_sites_changes_are_exported_as_a_pack_that_does_the_same_elsewhere(
    sqlite_company: Company, tmp_path: Path
) -> None:
    put_in(sqlite_company, things(tmp_path))
    edit(sqlite_company, {"fields.name.label.zh": "品名", "fields.weight": {"type": "decimal", "label": "重量"}})
    with sqlite_company.read() as session:
        files = export_site(session, key="ours")
        assert as_zip(files) == as_zip(export_site(session, key="ours"))
    write_folder(files, tmp_path / "ours")

    ours = read_pack(tmp_path / "ours")

    assert set(files) == {"pack.yaml", "overrides/entity.thing.yaml"}
    assert (ours.key, ours.pack.requires) == ("ours", {"things": ">=1.0.0"})
