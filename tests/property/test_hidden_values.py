"""For random grants, no value that they hide leaves through any door; and what they show is shown.

The grants are random; every value in the company is a mark of its own. A model that knows nothing of SQL or
projections works out, record by record, what the person may see. The last test plants leaks, so that a check that
sees nothing fails.
"""

from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.records_reading.factory import ZONE, person
from tests.property.secrets_doors import SORTS, Visitor, filters
from tests.property.secrets_model import CONDITIONS, NAMED, USER, Naive, Rights, with_rights
from tests.property.secrets_world import World, make_world
from tests.property.secrets_writes import visit_writes
from zhangshi.definitions.catalog import Catalog, FieldAccess
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.access import RecordAccess, RowScope
from zhangshi.records.access.entity_access import EntityAccess
from zhangshi.records.model import Caller
from zhangshi.records.reader import RecordReader
from zhangshi.records.reading import search, trail
from zhangshi.records.reading.projecting import Projector
from zhangshi.records.service.records import Records

_STATES = {"sales_order": ["draft", "confirmed", "cancelled"], "delivery": ["draft", "posted"]}
_ALL = frozenset({"read", "create", "edit", "delete", "confirm", "cancel", "export"})
_ACTIONS = [_ALL, _ALL, frozenset({"read"}), frozenset({"read", "export"}), frozenset({"edit", "create"})]
_EVERY: list[FieldAccess] = ["none", "mask", "read", "write", "write"]
_WIDTHS = st.sampled_from(_EVERY)


class Fixed(Catalogs):
    """The company's definitions with other roles."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._catalog = catalog

    def current(self, session: Session) -> Catalog:
        del session
        return self._catalog

    def for_writing(self, session: Session) -> Catalog:
        del session
        return self._catalog


@st.composite
def grants(draw: st.DrawFn, entity: str) -> Rights:
    """Return a grant of some records, fields and states of an entity."""
    conditions = st.none() | st.integers(0, len(CONDITIONS[entity]) - 1)
    nothing: list[str] = []
    states = st.just(nothing) | st.lists(st.sampled_from(_STATES.get(entity, [""])), max_size=2)
    return Rights(
        entity=entity,
        actions=draw(st.sampled_from(_ACTIONS)),
        condition=draw(conditions),
        fields=draw(st.dictionaries(st.sampled_from(NAMED[entity]), _WIDTHS, max_size=4)),
        default=draw(_WIDTHS),
        states=frozenset(draw(states)) if entity in _STATES else frozenset(),
    )


@st.composite
def rights(draw: st.DrawFn) -> tuple[Rights, ...]:
    """Return some grants; orders and partners, where most can go wrong, have the most."""
    found: list[Rights] = []
    for entity, most in (("sales_order", 3), ("partner", 2), ("item", 1), ("delivery", 1)):
        found += draw(st.lists(grants(entity), max_size=most))
    return tuple(found)


def visitor(world: World, wanted: tuple[Rights, ...]) -> Visitor:
    """Return somebody who holds the grants, in front of the doors."""
    fixed = Fixed(with_rights(world.shop.catalog(), wanted))
    who = person(*[f"role{number}" for number in range(len(wanted))], user_id=USER)
    reader = RecordReader(company=world.shop.company, catalogs=fixed, zone=ZONE)
    records = Records(company=world.shop.company, catalogs=fixed)
    return Visitor(world, reader, Caller(who), Naive(world, wanted), records)


@pytest.fixture
def world(sqlite_company: Company) -> World:
    return make_world(sqlite_company)


@pytest.mark.slow
def test_no_door_tells_what_the_grants_hide(world: World) -> None:
    everything = filters(world)

    @settings(max_examples=100)
    @given(wanted=rights(), order=st.permutations(range(len(everything))), sorts=st.permutations(SORTS))
    def visits(wanted: tuple[Rights, ...], order: list[int], sorts: list[str]) -> None:
        somebody = visitor(world, wanted)
        somebody.visit_records()
        somebody.visit_lists([everything[index] for index in order], sorts)
        somebody.visit_search()
        visit_writes(somebody)
        assert somebody.seen > 100

    visits()


def test_no_door_of_postgresql_tells_what_the_grants_hide(postgresql_company: Company) -> None:
    world = make_world(postgresql_company)
    everything = filters(world)
    for wanted in (SELLER, BY_STATE, MASKED):
        somebody = visitor(world, wanted)
        somebody.visit_records()
        for shift in range(len(SORTS)):
            somebody.visit_lists(everything, SORTS[shift:] + SORTS[:shift])
        somebody.visit_search()
        visit_writes(somebody)


def _rights(entity: str, default: Any = "read", **given_: Any) -> Rights:
    actions = given_.pop("actions", frozenset({"read", "export"}))
    condition, states = given_.pop("condition", None), given_.pop("states", frozenset())
    return Rights(entity, actions, condition, given_.pop("fields", {}), default, states)


SELLER = (
    _rights("sales_order", condition=0),
    _rights("sales_order", fields={"amount": "none", "remark": "none", "lines.price": "none", "number": "none"}),
    _rights("partner", condition=0, fields={"phone": "mask"}),
    _rights("delivery", fields={"lines.quantity": "none"}),
)
BY_STATE = (
    _rights("sales_order", states=frozenset({"draft"})),
    _rights("sales_order", fields={"amount": "mask", "lines": "none"}, states=frozenset({"confirmed"})),
    _rights("partner", fields={"name": "none"}),
    _rights("item", fields={"spec": "none"}),
)
MASKED = (_rights("sales_order", "mask", fields={"kind": "read"}), _rights("partner", "mask"))


class TestPlantedLeaks:
    """Each makes one part of the projection forget itself; the visit must notice."""

    PLANTED: ClassVar[dict[str, Any]] = {
        "fields": (RecordAccess, "read", lambda _self, _path: "read"),
        "rows": (EntityAccess, "scope", lambda self, _paths=(), **_: type(self).scope_of_nobody),
        "links": (Projector, "_linked", None),
        "trail": (trail, "_value", lambda _entity, _access, _table, _key, value: value),
        "search": (search, "matches", lambda _text, _words, _readable: True),
    }

    @pytest.fixture(params=list(PLANTED))
    def planted(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        target, name, leak = self.PLANTED[request.param]
        monkeypatch.setattr(EntityAccess, "scope_of_nobody", RowScope(()), raising=False)
        monkeypatch.setattr(target, name, leak or _leaking_link)

    @pytest.mark.usefixtures("planted")
    def test_the_visit_notices(self, world: World) -> None:
        with pytest.raises(AssertionError):
            _visit_all(world)


def _visit_all(world: World) -> None:
    for wanted in (SELLER, BY_STATE):
        somebody = visitor(world, wanted)
        somebody.visit_records()
        somebody.visit_lists(filters(world), SORTS)
        somebody.visit_search()
        visit_writes(somebody)


def _leaking_link(self: Projector, entity: str, record_id: int) -> dict[str, object]:
    target = self.world.linked(entity, record_id)
    title = target.get(target.entity.title or "number") if target else None
    return {"id": str(record_id), "title": title}
