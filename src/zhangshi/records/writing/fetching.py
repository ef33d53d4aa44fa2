"""Answer everything that formulas asked, in one round: a statement a kind of question, however many rows asked.

Cost: one statement for each entity that links lead to, one for each line table that is summed, one for each kind of
question to stock.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from typing import Any

from zhangshi.base.numbers import AMOUNT_DIGITS, QUANTITY_DIGITS, UNIT_COST_DIGITS
from zhangshi.definitions.catalog import HEADER
from zhangshi.ledger.model import LocationKind, Status
from zhangshi.ledger.service import asked
from zhangshi.platform.session import Result, Session
from zhangshi.records._store.layouts import layout
from zhangshi.records._store.lookups import lookup_statement, lookup_value
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.evaluating import evaluate
from zhangshi.records.writing.rollups import answer_rollups
from zhangshi.records.writing.world import World

Questions = list[tuple[Any, ...]]


class Fetcher:
    """Answers the questions of a world through one session."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, world: World) -> None:
        """Answer all that is asked."""
        self._records(world)
        self._rows(world)
        kinds: dict[str, Questions] = defaultdict(list)
        for question in world.questions:
            assert isinstance(question, tuple)
            kinds[question[0]].append(question)
        world.questions.clear()
        for kind, questions in kinds.items():
            _ANSWERS[kind](self._session, world, questions)

    def _records(self, world: World) -> None:
        wanted, world.wanted_records = world.wanted_records, {}
        results: dict[str, Result] = {}
        with self._session.batch() as batch:
            for key, ids in wanted.items():
                if ids:
                    statement = layout(world.catalog.entities[key].header).of_ids
                    results[key] = batch.query_rows(statement, [(one,) for one in sorted(ids)])
        for key, result in results.items():
            entity = world.catalog.entities[key]
            for one in wanted[key]:
                world.records[key, one] = None
            for row in result.rows:
                world.records[key, row[0]] = Linked(world, entity, HEADER, row)

    def _rows(self, world: World) -> None:
        wanted, world.wanted_rows = world.wanted_rows, {}
        for (key, table), ids in wanted.items():
            entity = world.catalog.entities[key]
            for one in ids:
                world.rows[key, table, one] = []
            statement = layout(entity.tables[table]).of_records
            for row in self._session.query_rows(statement, [(one,) for one in sorted(ids)]):
                linked = Linked(world, entity, table, row, world.records.get((key, row[1])))
                world.rows[key, table, row[1]].append(linked)


def fetch_once(session: Session, world: World, entity: str, record_ids: Iterable[int]) -> list[Linked]:
    """Return records in the order of their ids, those that there are."""
    ids = list(record_ids)
    world.want(entity, ids)
    Fetcher(session)(world)
    return [found for one in ids if (found := world.records.get((entity, one))) is not None]


def _decimal(minor: int, digits: int) -> Decimal:
    return Decimal(minor).scaleb(-digits)


def _stock(session: Session, world: World, questions: Questions) -> None:
    _holdings(session, world, questions, status=lambda question: question[4], lot=lambda question: question[3])


def _available(session: Session, world: World, questions: Questions) -> None:
    _holdings(session, world, questions, status=lambda _: Status.AVAILABLE.value, lot=lambda _: None, free=True)


def _holdings(
    session: Session,
    world: World,
    questions: Questions,
    *,
    status: Callable[[Any], str | None],
    lot: Callable[[Any], str | None],
    free: bool = False,
) -> None:
    held: dict[int, list[asked.Held]] = defaultdict(list)
    for one in asked.held(session, item_ids=[question[1] for question in questions]):
        held[one.item_id].append(one)
    places = asked.places(session)
    for question in questions:
        total = 0
        for one in held[question[1]]:
            fits = status(question) in (None, one.status) and lot(question) in (None, one.lot)
            if question[2] is None:
                place = places.places.get(one.location_id)
                fits = fits and place is not None and place.kind is not LocationKind.TRANSIT
            else:
                fits = fits and places.is_in(one.location_id, question[2])
            if fits:
                total += one.quantity - (one.reserved if free else 0)
        world.answers[question] = _decimal(total, QUANTITY_DIGITS)


def _cost(session: Session, world: World, questions: Questions) -> None:
    costs = asked.unit_costs(session, item_ids=[question[1] for question in questions])
    for question in questions:
        world.answers[question] = _decimal(int(costs.get(question[1], 0)), UNIT_COST_DIGITS)


def _work_in_progress(session: Session, world: World, questions: Questions) -> None:
    values = asked.work_in_progress_of(session, order_ids=[question[1] for question in questions])
    for question in questions:
        world.answers[question] = _decimal(int(values.get(question[1], 0)), AMOUNT_DIGITS)


def _lookup(session: Session, world: World, questions: Questions) -> None:
    shapes: dict[tuple[Any, ...], Questions] = defaultdict(list)
    for question in questions:
        _, entity, wanted, matches = question
        shapes[entity, wanted, tuple(key for key, _ in matches)].append(question)
    for (key, wanted, names), alike in shapes.items():
        entity = world.catalog.entities[key]
        statement, store = lookup_statement(entity.header, names)
        rows = [(place, *store([value for _, value in question[3]])) for place, question in enumerate(alike)]
        found = {row[0]: row for row in reversed(session.query_rows(statement, rows))}
        for place, question in enumerate(alike):
            row = found.get(place)
            world.answers[question] = None if row is None else lookup_value(entity.header, row, wanted)


def _calendar(session: Session, world: World, questions: Questions) -> None:
    """All special days of the entity that plays `calendar`."""
    days: dict[Any, bool] = {}
    played = world.catalog.playing("calendar")
    table = played[1].map.get("days") if played else None
    if played is not None and isinstance(table, str) and table in played[0].tables:
        entity, part = played
        keys = {name: part.map.get(name, name) for name in ("date", "working")}
        own = layout(entity.tables[table])
        for row in session.query(own.all_rows):
            linked = Linked(world, entity, table, row)
            day, working = (
                linked.get(key.rpartition(".")[2]) if isinstance(key, str) else evaluate(key, linked)
                for key in keys.values()
            )
            days[day] = bool(working)
    for question in questions:
        world.answers[question] = days


_Answerer = Callable[[Session, World, Questions], None]
_ANSWERS: dict[Hashable, _Answerer] = {
    "stock": _stock,
    "available": _available,
    "cost": _cost,
    "work_in_progress": _work_in_progress,
    "lookup": _lookup,
    "calendar": _calendar,
    "rollup": answer_rollups,
}
