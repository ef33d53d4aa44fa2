"""What grants add up to."""

import pytest

from tests.unit.records_reading.forms import ORDER, access, grant
from zhangshi.base.errors import ZhangshiError
from zhangshi.records.access import masked


def test_the_owner_may_do_everything() -> None:
    owner = access(roles=frozenset({"owner"}))
    assert owner.may("anything")
    assert owner.everything.reads_everything
    assert owner.everything.may_write("price")
    assert owner.scope(["price"]).is_everything


def test_without_a_grant_nothing_is_allowed() -> None:
    nobody = access()
    assert not nobody.may("read")
    assert nobody.scope().is_nothing
    with pytest.raises(ZhangshiError, match=r"records\.forbidden"):
        nobody.refuse("read")


def test_grants_add_up_and_the_widest_access_to_a_field_wins() -> None:
    both = access(grant("read", fields={"price": "none"}), grant("read", fields={"price": "mask"}, default="none"))
    assert both.everything.read("price") == "mask"
    assert both.everything.read("kind") == "read"


def test_a_conditional_grant_counts_only_where_its_condition_holds() -> None:
    conditional = access(
        grant("read", "edit", rows="kind = 'own'"), grant("read", fields={"price": "none"}, default="read")
    )
    other, own = conditional.of("draft", [False]), conditional.of("draft", [True])
    assert (other.read("price"), other.may("edit")) == ("none", False)
    assert (own.read("price"), own.may("edit"), own.may_write("price")) == ("read", True, True)


def test_a_grant_for_a_state_ends_with_the_state() -> None:
    drafts = access(grant("read", "edit", states=("draft",)))
    assert drafts.of("draft", []).may("edit")
    assert not drafts.of("posted", []).readable


def test_reading_needs_the_action_read_and_writing_its_own_action() -> None:
    clerk = access(grant("create"), grant("read", default="read"))
    assert clerk.everything.may_write("price", "create")
    assert not clerk.everything.may_write("price", "edit")
    assert access(grant("create")).everything.read("price") == "none"


def test_a_token_narrows_what_the_roles_give() -> None:
    machine = access(grant("read", "edit"), scopes=("order:read",))
    assert machine.may("read")
    assert not machine.may("edit")
    owner = access(roles=frozenset({"owner"}), scopes=("order:read",))
    assert not owner.may("edit")
    assert not owner.everything.may_write("price", "edit")


def test_a_table_in_a_grant_stands_for_its_fields() -> None:
    hidden = access(grant("read", fields={"lines": "none", "lines.note": "read"})).everything
    assert (hidden.read("lines.price"), hidden.read("lines.note"), hidden.read("lines")) == ("none", "read", "none")


def test_system_fields_are_readable_unless_a_grant_names_them() -> None:
    narrow = access(grant("read", fields={"number": "none", "id": "none", "state": "none"}, default="none")).everything
    assert [narrow.read(path) for path in ("id", "state", "version", "owner")] == ["read"] * 4
    assert narrow.read("number") == "none"


def test_a_formula_shows_no_more_than_what_it_reads() -> None:
    seller = access(grant("read", fields={"price": "none", "lines.price": "mask"})).everything
    assert [seller.read(path) for path in ("margin", "twice", "total", "kind")] == ["none", "none", "mask", "read"]


def test_a_formula_that_is_named_shows_what_the_grant_says() -> None:
    seller = access(grant("read", fields={"price": "none", "margin": "read"})).everything
    assert (seller.read("margin"), seller.read("twice")) == ("read", "read")


def test_a_query_takes_only_the_records_where_its_fields_are_readable() -> None:
    conditional = access(grant("read", rows="kind = 'own'"), grant("read", fields={"price": "none"}))
    assert conditional.scope().is_everything
    (clause,) = conditional.scope(["price"]).clauses
    assert [repr(one.rows) for one in clause] == ["Formula(\"kind = 'own'\")"]
    assert conditional.scope(["price", "kind"]) == conditional.scope(["price"])
    assert access(grant("read", fields={"price": "mask"})).scope(["price"]).is_nothing


def test_an_action_narrows_a_query_besides_reading() -> None:
    printer = access(grant("read"), grant("print", states=("posted",)))
    (clause,) = printer.scope((), action="print").clauses
    assert clause[0].states == {"posted"}


def test_a_locked_field_is_refused_without_its_value() -> None:
    reader = access(grant("read", "edit", fields={"price": "read"})).everything
    reader.refuse_locked(["kind"])
    with pytest.raises(ZhangshiError) as caught:
        reader.refuse_locked(["kind", "price"])
    assert caught.value.facts == {"entity": "order", "field": "price"}


def test_a_mask_shows_the_last_four_of_what_is_long_enough() -> None:
    phone = ORDER.header.fields["phone"]
    assert masked(phone, "13800001234") == "***1234"
    assert masked(phone, "1234567") == "***"
    assert masked(ORDER.header.fields["kind"], "13800001234") == "***"
    assert masked(phone, None) is None


def test_the_same_roles_share_one_access() -> None:
    conditional = access(grant("read", rows="kind = 'own'"))
    assert conditional.of("draft", [True]) is conditional.of("posted", [True])
