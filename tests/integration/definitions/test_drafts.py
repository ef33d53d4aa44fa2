"""Drafts count for nobody until they are published; two people do not overwrite each other."""

from typing import Any

import pytest

from tests.definitions import install
from tests.integration.definitions import notebook as book
from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.errors import InvalidDefinitions
from zhangshi.definitions.loading import SITE, load_text
from zhangshi.definitions.service import drafts, errors
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.plan import Candidate, make_plan
from zhangshi.definitions.service.publish import publish, publish_now
from zhangshi.definitions.service.retiring import candidate_to_retire
from zhangshi.definitions.service.revisions import current_revision, read_objects, to_objects
from zhangshi.platform.unit_of_work import Company, UnitOfWork

OURS = book.note({"body": "{type: text}"})
THEIRS = "schema: 1\nentity: thing\nkind: master\nlabel: 东西\nfields: {name: {type: text, label: 名称}}\n"


@pytest.fixture
def catalogs(company: Company) -> Catalogs:
    """An object of the site, and one of a pack."""
    catalogs = install(company, [OURS])

    def work(uow: UnitOfWork) -> int:
        base = current_revision(uow.session)
        pack = [load_text(THEIRS, layer="things"), load_text("schema: 1\npack: things\nversion: 1.0.0", layer="things")]
        objects = {**read_objects(uow.session, base), **to_objects(pack)}
        return publish_now(uow, catalogs, Candidate(base=base, objects=objects)).revision

    book.run(company, work)
    return catalogs


def save(company: Company, text: str, version: int = drafts.NEW) -> drafts.Draft:
    return book.run(company, lambda uow: drafts.save_draft(uow, text=text, version=version), drafts.Draft)


def publish_drafts(company: Company, catalogs: Catalogs) -> int:
    def work(uow: UnitOfWork) -> int:
        candidate = drafts.candidate_from_drafts(uow.session)
        digest = make_plan(uow.session, catalogs, candidate).digest
        return publish(uow, catalogs, candidate=candidate, digest=digest).revision

    return book.run(company, work)


def refused(code: ErrorCode, company: Company, work: Any) -> None:
    with pytest.raises(ZhangshiError) as found:
        book.run(company, work)
    assert found.value.error_code is code


def test_a_draft_counts_only_when_it_is_published_and_is_used_up_then(company: Company, catalogs: Catalogs) -> None:
    draft = save(company, OURS.replace("便条", "纸条"))
    with company.read() as session:
        assert catalogs.current(session).entities["note"].label.zh == "便条"
        assert drafts.list_drafts(session) == [draft]

    assert publish_drafts(company, catalogs) == 3

    with company.read() as session:
        assert catalogs.current(session).entities["note"].label.zh == "纸条"
        assert drafts.list_drafts(session) == []


def test_a_draft_that_changed_after_the_plan_stays(company: Company, catalogs: Catalogs) -> None:
    save(company, OURS.replace("便条", "纸条"))
    with company.read() as session:
        candidate = drafts.candidate_from_drafts(session)
        digest = make_plan(session, catalogs, candidate).digest
    save(company, OURS.replace("便条", "卡片"), version=1)

    book.run(company, lambda uow: publish(uow, catalogs, candidate=candidate, digest=digest).revision)

    with company.read() as session:
        assert catalogs.current(session).entities["note"].label.zh == "纸条"
        assert [(one.key, one.version) for one in drafts.list_drafts(session)] == [("note", 2)]


def test_whoever_saves_over_somebody_elses_draft_is_told(company: Company, catalogs: Catalogs) -> None:
    save(company, OURS)
    refused(errors.DRAFT_CHANGED, company, lambda uow: drafts.save_draft(uow, text=OURS, version=0).version)
    assert save(company, OURS, version=1).version == 2


def test_what_a_pack_brought_is_changed_by_the_smallest_override(company: Company, catalogs: Catalogs) -> None:
    save(company, THEIRS.replace("名称", "品名").replace("}}\n", "}, color: {type: text, label: 颜色}}\n"))
    publish_drafts(company, catalogs)

    with company.read() as session:
        found = {key: text for key, text in read_objects(session, 3).items() if key.layer == SITE}
        assert catalogs.current(session).entities["thing"].header.fields["name"].label.zh == "品名"
    override = next(text for key, text in found.items() if key.kind == "override")
    assert '"set":{"fields.name.label":"品名","fields.color":{' in override
    assert '"was":{"fields.name.label":"名称"}' in override

    save(company, THEIRS)
    publish_drafts(company, catalogs)
    with company.read() as session:
        assert not any(key.kind == "override" for key in read_objects(session, 4)), "nothing is left to say"


def test_an_object_of_the_site_can_go_and_one_of_a_pack_cannot(company: Company, catalogs: Catalogs) -> None:
    def delete(kind: str, key: str) -> Any:
        return lambda uow: drafts.draft_deletion(uow, kind=kind, key=key, version=0).version

    refused(errors.NOT_IN_SITE, company, delete("entity", "thing"))
    book.run(company, delete("entity", "note"))
    publish_drafts(company, catalogs)
    with company.read() as session:
        assert list(catalogs.current(session).entities) == ["thing"]


def test_a_draft_can_be_thrown_away_once(company: Company, catalogs: Catalogs) -> None:
    save(company, OURS)

    def discard(uow: UnitOfWork) -> None:
        drafts.discard_draft(uow, kind="entity", key="note")

    book.run(company, discard, type(None))
    with pytest.raises(ZhangshiError) as found:
        book.run(company, discard, type(None))
    assert found.value.error_code is errors.NO_SUCH_DRAFT


def test_drafts_are_validated_as_a_whole(company: Company, catalogs: Catalogs) -> None:
    other = "schema: 1\nentity: tag\nkind: master\nlabel: 标签\nfields: {note: {type: link, to: note, label: 便条}}\n"
    save(company, other)
    book.run(company, lambda uow: drafts.draft_deletion(uow, kind="entity", key="note", version=0).version)
    with company.read() as session, pytest.raises(InvalidDefinitions):
        make_plan(session, catalogs, drafts.candidate_from_drafts(session))


def test_a_plan_names_who_reads_a_field_that_changes(company: Company, catalogs: Catalogs) -> None:
    fields = {"body": "{type: text}", "price": "{type: decimal}", "double": '{type: decimal, formula: "price * 2"}'}
    constraint = "constraints: [{when: 'price < 0', message: {zh: 负, en: Negative}}]\n"
    text = book.note(fields) + constraint
    book.published(
        company, catalogs, text, "schema: 1\nview: note.all\nentity: note\ntype: list\ncolumns: [number, price]"
    )

    _, plan = book.planned(company, catalogs, text.replace("price: {type: decimal", "price: {type: decimal, scale: 4"))

    assert {(one.kind, one.name, one.where) for one in plan.dependents if one.path == "note.price"} == {
        ("field", "note.double", ""),
        ("entity", "note", "constraints"),
        ("view", "note.all", ""),
    }


def test_a_retired_field_is_out_of_sight_and_comes_back_with_its_data(company: Company, catalogs: Catalogs) -> None:
    book.run(company, lambda uow: book.write_record(uow, catalogs.current(uow.session), 1, {"body": "甲"}))

    for retired in (True, False):
        with company.read() as session:
            candidate = candidate_to_retire(session, path="note.body", retired=retired)
            plan = make_plan(session, catalogs, candidate)
        book.publish_plan(company, catalogs, candidate, plan)
        with company.read() as session:
            header = catalogs.current(session).entities["note"].header
        assert [one.key for one in header.stored_fields] == ([] if retired else ["body"])
        assert book.stored(company, catalogs, "body") == ["甲"]
