"""Publishing: what is added is there, what is retired keeps its data, what changes its type keeps its meaning."""

import pytest

from tests.definitions import install
from tests.integration.definitions import notebook as book
from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.errors import NOTHING_TO_PUBLISH, PLAN_OUTDATED, PLAN_REFUSED
from zhangshi.definitions.service.plan import make_plan
from zhangshi.definitions.service.revisions import list_revisions
from zhangshi.definitions.service.rollback import candidate_to_roll_back
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, UnitOfWork

FIRST = book.note({"body": "{type: text}", "price": "{type: text}"}, {"quantity": "{type: quantity}"})


@pytest.fixture
def catalogs(company: Company) -> Catalogs:
    """Definitions with one document type, and three records of it."""
    catalogs = install(company, [FIRST])

    def fill(uow: UnitOfWork) -> int:
        catalog = catalogs.current(uow.session)
        book.write_record(uow, catalog, 1, {"body": "甲", "price": "12.5"}, [{"quantity": 1_000_000}])
        book.write_record(uow, catalog, 2, {"body": "乙", "price": "１,２３４"}, [{"quantity": 2}, {"quantity": None}])
        return book.write_record(uow, catalog, 3, {"body": None, "price": None})

    book.run(company, fill)
    return catalogs


def test_a_fresh_company_has_empty_definitions(company: Company) -> None:
    with company.read() as session:
        catalog = Catalogs().current(session)
    assert (catalog.revision, dict(catalog.entities)) == (0, {})


def test_current_costs_one_statement(company: Company, catalogs: Catalogs) -> None:
    with company.read() as session:
        catalogs.current(session)
        before = session.statement_count
        catalogs.current(session)
        assert session.statement_count == before + 1


def test_a_field_and_a_table_that_are_added_are_empty_and_writable(company: Company, catalogs: Catalogs) -> None:
    fields = {"body": "{type: text}", "price": "{type: text}", "due": "{type: date}"}
    answer = book.published(company, catalogs, book.note(fields, {"quantity": "{type: quantity}"}))

    assert (answer.base, answer.revision) == (1, 2)
    assert book.stored(company, catalogs, "due") == [None, None, None]
    assert book.stored(company, catalogs, "price") == ["12.5", "１,２３４", None]

    book.run(company, lambda uow: book.write_record(uow, catalogs.current(uow.session), 4, {"due": "2026-01-05"}))
    assert book.stored(company, catalogs, "due")[-1] == "2026-01-05"


def test_a_field_that_is_left_out_comes_back_with_its_data(company: Company, catalogs: Catalogs) -> None:
    shorter = book.note({"body": "{type: text}"}, {"quantity": "{type: quantity}"})
    wanted, plan = book.planned(company, catalogs, shorter)
    assert [one.en for one in plan.steps] == ["The field note.price goes out of sight; its 2 values stay"]
    book.publish_plan(company, catalogs, wanted, plan)
    with company.read() as session:
        assert "price" not in catalogs.current(session).entities["note"].header.fields

    book.published(company, catalogs, FIRST)

    assert book.stored(company, catalogs, "price") == ["12.5", "１,２３４", None]


def test_a_type_that_changes_keeps_the_meaning_of_every_value(company: Company, catalogs: Catalogs) -> None:
    fields = {"body": "{type: text}", "price": "{type: decimal, scale: 3}"}
    wanted, plan = book.planned(company, catalogs, book.note(fields, {"quantity": "{type: decimal, scale: 6}"}))
    assert [(one.path, one.rows, one.refused) for one in plan.conversions] == [("note.price", 2, 0)]
    book.publish_plan(company, catalogs, wanted, plan)

    assert book.stored(company, catalogs, "price") == [12_500, 1_234_000, None]
    assert book.stored(company, catalogs, "quantity", "lines") == [1_000_000, 2, None]


def test_values_that_cannot_go_along_are_listed_and_nothing_changes(company: Company, catalogs: Catalogs) -> None:
    text = book.note({"body": "{type: int}", "price": "{type: text}"}, {"quantity": "{type: int}"})
    wanted, plan = book.planned(company, catalogs, text)

    found = {one.path: [(each.number, each.row, each.value) for each in one.examples] for one in plan.conversions}
    assert found == {
        "note.body": [("N1", 0, "甲"), ("N2", 0, "乙")],
        "note.lines.quantity": [("N2", 1, "0.000002")],
    }
    with pytest.raises(ZhangshiError) as refused:
        book.publish_plan(company, catalogs, wanted, plan)
    assert refused.value.error_code is PLAN_REFUSED
    assert book.stored(company, catalogs, "body") == ["甲", "乙", None]
    with company.read() as session:
        assert len(list_revisions(session)) == 1


def test_required_and_unique_are_refused_with_what_stands_against_them(company: Company, catalogs: Catalogs) -> None:
    book.run(company, lambda uow: book.write_record(uow, catalogs.current(uow.session), 4, {"price": "12.5"}))
    fields = {"body": "{type: text, required: true}", "price": "{type: text, unique: true}"}

    _, plan = book.planned(company, catalogs, book.note(fields, {"quantity": "{type: quantity}"}))

    assert {(one.code, one.path, one.count) for one in plan.refusals} == {
        ("definitions.required_but_empty", "note.body", 2),
        ("definitions.not_unique", "note.price", 1),
    }
    assert all(one.zh and one.en for one in plan.refusals)


def test_a_state_that_records_are_in_cannot_go(company: Company, catalogs: Catalogs) -> None:
    book.run(company, lambda uow: book.write_record(uow, catalogs.current(uow.session), 9, {}, state="done"))
    tail = book.LIFECYCLE.replace("done", "closed")

    _, plan = book.planned(company, catalogs, FIRST.replace(book.LIFECYCLE, tail))

    assert [(one.code, one.count) for one in plan.refusals] == [("definitions.state_in_use", 1)]


def test_a_plan_that_nobody_saw_is_not_published(company: Company, catalogs: Catalogs) -> None:
    wanted, plan = book.planned(company, catalogs, FIRST.replace("便条", "纸条"))
    book.published(company, catalogs, FIRST.replace("便条", "卡片"))

    with pytest.raises(ZhangshiError) as refused:
        book.publish_plan(company, catalogs, wanted, plan)
    assert refused.value.error_code is PLAN_OUTDATED


def test_nothing_new_is_not_published(company: Company, catalogs: Catalogs) -> None:
    with pytest.raises(ZhangshiError) as refused:
        book.published(company, catalogs, FIRST)
    assert refused.value.error_code is NOTHING_TO_PUBLISH


def test_rollback_goes_to_any_revision_and_only_adds_to_the_history(company: Company, catalogs: Catalogs) -> None:
    lines = {"quantity": "{type: quantity}"}
    book.published(company, catalogs, book.note({"body": "{type: text}", "price": "{type: decimal}"}, lines))
    book.published(company, catalogs, book.note({"body": "{type: text}"}, lines))

    for target, price in ((1, ["12.5", "1234", None]), (2, [1250, 123_400, None]), (1, ["12.5", "1234", None])):
        with company.read() as session:
            wanted = candidate_to_roll_back(session, to_revision=target)
            plan = make_plan(session, catalogs, wanted)
        book.publish_plan(company, catalogs, wanted, plan)
        assert book.stored(company, catalogs, "price") == price

    with company.read() as session:
        history = list_revisions(session)
    assert [one.revision for one in history] == [6, 5, 4, 3, 2, 1]
    assert history[0].digest == history[2].digest == history[5].digest
    assert [one.parent for one in history] == [5, 4, 3, 2, 1, 0]


def test_an_old_catalog_still_reads_and_writes(company: Company, catalogs: Catalogs) -> None:
    with company.read() as session:
        old = catalogs.current(session)
    fields = {"body": "{type: text}", "price": "{type: decimal}", "due": "{type: date}"}
    book.published(company, catalogs, book.note(fields, {"quantity": "{type: quantity}"}))

    book.run(company, lambda uow: book.write_record(uow, old, 7, {"price": "x"}))

    with company.read() as session:
        assert book.values_of(session, old, "price") == ["12.5", "１,２３４", None, "x"]
        assert catalogs.at(session, 1) is old


def test_every_object_is_kept_by_its_digest_once(company: Company, catalogs: Catalogs) -> None:
    book.published(company, catalogs, FIRST.replace("便条", "纸条"))
    book.published(company, catalogs, FIRST)

    with company.read() as session:
        rows = session.query(Statement("SELECT digest, content FROM definition_text"))
        first, _, third = sorted(list_revisions(session))
    assert len(rows) == 2
    assert first.digest == third.digest


def test_a_required_field_with_a_fixed_default_is_filled_in(company: Company, catalogs: Catalogs) -> None:
    fields = {
        "body": "{type: text, required: true, default: 无}",
        "price": "{type: text}",
        "rate": '{type: decimal, scale: 3, required: true, default: "0.125"}',
        "good": "{type: bool, required: true, default: true}",
        "kind": "{type: select, required: true, default: a, options: [{value: a, label: {zh: 甲, en: A}}]}",
    }
    text = book.note(fields, {"quantity": "{type: quantity, required: true, default: 3}"})
    _, plan = book.planned(company, catalogs, text)
    assert [one.en for one in plan.steps if not one.sql] == [
        "Fill 1 empty values of note.body with the default 无",
        "Fill 3 empty values of note.rate with the default 125",
        "Fill 3 empty values of note.good with the default 1",
        "Fill 3 empty values of note.kind with the default a",
        "Fill 1 empty values of note.lines.quantity with the default 3000000",
    ]
    book.published(company, catalogs, text)

    assert book.stored(company, catalogs, "body") == ["甲", "乙", "无"]
    assert book.stored(company, catalogs, "rate") == [125] * 3
    assert book.stored(company, catalogs, "good") == [1] * 3
    assert book.stored(company, catalogs, "kind") == ["a"] * 3
    assert book.stored(company, catalogs, "quantity", "lines") == [1_000_000, 2, 3_000_000]


def test_values_that_become_the_same_in_the_new_type_are_not_made_unique(company: Company, catalogs: Catalogs) -> None:
    book.run(company, lambda uow: book.write_record(uow, catalogs.current(uow.session), 4, {"price": "12.50"}))
    fields = {"body": "{type: text}", "price": "{type: decimal, unique: true}"}

    with pytest.raises(ZhangshiError) as refused:
        book.published(company, catalogs, book.note(fields, {"quantity": "{type: quantity}"}))

    assert refused.value.error_code is PLAN_REFUSED
    assert "1250 ×2" in str(refused.value.facts["first"])
    assert book.stored(company, catalogs, "price") == ["12.5", "１,２３４", None, "12.50"]


def test_only_selects_that_lose_a_choice_are_looked_at(company: Company, catalogs: Catalogs) -> None:
    choices = "[{value: a, label: {zh: 甲, en: A}}, {value: b, label: {zh: 乙, en: B}}]"
    fields = {"body": f"{{type: select, options: {choices}}}", "kind": f"{{type: select, options: {choices}}}"}
    book.run(company, lambda uow: uow.session.execute(Statement("UPDATE d_note SET f_body = 'b'")))
    text = book.note(fields)
    _, plan = book.planned(company, catalogs, text)
    assert [one.path for one in plan.conversions] == ["note.body"]
    book.published(company, catalogs, text)

    more = choices.replace("]", ", {value: c, label: {zh: 丙, en: C}}]")
    _, plan = book.planned(company, catalogs, text.replace(choices, more))
    assert plan.conversions == ()

    less = choices.replace("{value: b,", "{value: c,")
    _, plan = book.planned(company, catalogs, text.replace(choices, less))
    assert {one.path: one.refused for one in plan.conversions} == {"note.body": 3, "note.kind": 0}
