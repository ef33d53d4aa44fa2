"""Find what links, people and departments refer to, for all rows of all documents at once.

Cost: one statement for each entity that is linked (the same that formulas read from), two where some are named by
number. What is not found is a problem with its place, and the field stays empty.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zhangshi.base.errors import Word
from zhangshi.definitions.catalog import Entity, Field, FieldType
from zhangshi.platform.session import Session
from zhangshi.platform.statements import RowsStatement
from zhangshi.records import errors
from zhangshi.records._store import facts
from zhangshi.records._store.layouts import layout
from zhangshi.records.values import Entered, Reference
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.decoding import Decoded, DecodedRow
from zhangshi.records.writing.fetching import Fetcher
from zhangshi.records.writing.problems import Problems
from zhangshi.records.writing.world import World

_USER, _DEPARTMENT = "user:", "department:"
_SHOWN_MAX = 60


@dataclass(slots=True)
class _Found:
    ids: set[int] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a reference stands; the key of what it refers to."""

    target: str
    row: DecodedRow
    field: Field
    position: int
    problems: Problems


def resolve(session: Session, world: World, entity: Entity, documents: Sequence[tuple[Decoded, Problems]]) -> None:
    """Put ids in the place of all references of the documents."""
    places: list[_Place] = []
    for decoded, problems in documents:
        places.extend(_references(entity, decoded, problems))
    wanted: dict[str, _Found] = defaultdict(_Found)
    for place in places:
        reference = place.row.entered[place.field.key]
        assert isinstance(reference, Reference)
        if reference.id:
            wanted[place.target].ids.add(reference.id)
        else:
            wanted[place.target].numbers[reference.number] = 0
    for target, found in wanted.items():
        _find(session, world, target, found)
    if world.asks:
        Fetcher(session)(world)
    for target, found in wanted.items():
        if target not in (_USER, _DEPARTMENT):
            found.ids = {one for one in found.ids if world.records.get((target, one)) is not None}
    for place in places:
        _put(place, wanted[place.target])
    for decoded, problems in documents:
        decoded.owner = _person(session, decoded.owner, "owner", _USER, problems)
        decoded.department = _person(session, decoded.department, "department", _DEPARTMENT, problems)


def _references(entity: Entity, decoded: Decoded, problems: Problems) -> Iterator[_Place]:
    yield from _of_row(entity.header.fields, decoded.header, 0, problems)
    for key, rows in decoded.tables.items():
        fields = entity.tables[key].fields
        for position, row in enumerate(rows, 1):
            yield from _of_row(fields, row, position, problems)


def _of_row(
    fields: "dict[str, Field] | object", row: DecodedRow, position: int, problems: Problems
) -> Iterator[_Place]:
    for key, value in row.entered.items():
        if isinstance(value, Reference):
            one: Field = fields[key]  # type: ignore[index]  # a mapping of fields
            yield _Place(_target(one), row, one, position, problems)


def _target(one: Field) -> str:
    if one.type is FieldType.USER:
        return _USER
    return _DEPARTMENT if one.type is FieldType.DEPARTMENT else one.to


def _find(session: Session, world: World, target: str, found: _Found) -> None:
    if target in (_USER, _DEPARTMENT):
        by_id, by_name = _PEOPLE[target]
        found.ids = {row[0] for row in session.query_rows(by_id, [(one,) for one in sorted(found.ids)])}
        found.numbers = dict(session.query_rows(by_name, [(one,) for one in sorted(found.numbers)]))
        return
    world.want(target, found.ids)
    if found.numbers:
        entity = world.catalog.entities[target]
        rows = session.query_rows(layout(entity.header).of_numbers, [(one,) for one in sorted(found.numbers)])
        for row in rows:
            found.numbers[row[1]] = row[0]
            world.records[target, row[0]] = Linked(world, entity, "", row)
            world.wanted_records.get(target, set()).discard(row[0])


_PEOPLE: dict[str, tuple[RowsStatement, RowsStatement]] = {
    _USER: (facts.KNOWN_USERS, facts.USERS_BY_LOGIN),
    _DEPARTMENT: (facts.KNOWN_DEPARTMENTS, facts.DEPARTMENTS_BY_CODE),
}


def _put(place: _Place, found: _Found) -> None:
    reference = place.row.entered[place.field.key]
    assert isinstance(reference, Reference)
    record_id = reference.id if reference.id in found.ids else found.numbers.get(reference.number, 0)
    place.row.entered[place.field.key] = record_id or None
    if not record_id:
        shown = (reference.number or str(reference.id))[:_SHOWN_MAX]
        place.problems.at_field(errors.NOT_LINKED, place.field, place.position, value=shown)


def _person(session: Session, entered: Entered, path: str, target: str, problems: Problems) -> Entered:
    if not isinstance(entered, Reference):
        return entered
    by_id, by_name = _PEOPLE[target]
    if entered.id:
        rows = session.query_rows(by_id, [(entered.id,)])
    else:
        rows = session.query_rows(by_name, [(entered.number,)])
    if rows:
        return int(rows[0][-1])
    word = Word("person", "人员") if target == _USER else Word("department", "部门")
    shown = entered.number or str(entered.id)
    problems.add(errors.UNKNOWN_PERSON, path, label=word, wanted=word, value=shown)
    return None
