"""What each field of a table must satisfy, worked out once a revision: options, limits, patterns, choices."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from zhangshi.definitions.catalog import Field, FieldType, Table
from zhangshi.records import errors
from zhangshi.records.model import Value
from zhangshi.records.values import codecs
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.evaluating import evaluate, holds
from zhangshi.records.writing.problems import Problems

_KEPT = "_records_checks"
_SHOWN_MAX = 60
Check = Callable[[Cells, Value, int, Problems], None]


def checks_of(table: Table) -> list[tuple[str, bool, tuple[Check, ...]]]:
    """Return what is to be checked of each field, worked out once a revision; fields without any check are left out."""
    found: list[tuple[str, bool, tuple[Check, ...]]] | None = table.__dict__.get(_KEPT)
    if found is None:
        asked = [
            (one.key, one.required, tuple(_of_field(table, one)))
            for one in table.fields.values()
            if one.stored and not one.retired
        ]
        found = table.__dict__[_KEPT] = asked
    return found


def _of_field(table: Table, field: Field) -> Iterator[Check]:
    if field.options:
        yield _options(field)
    if field.min or field.max:
        yield _limits(table, field)
    if field.length_max:
        yield _length(field)
    if field.pattern:
        yield _pattern(field)
    if field.type is FieldType.LOCATION and field.kinds:
        yield _kinds(field)
    if field.filter is not None:
        yield _filter(field)


def _options(field: Field) -> Check:
    usable = {one.value for one in field.options if not one.retired}

    def check_options(cells: Cells, value: Value, row: int, problems: Problems) -> None:
        for one in value if isinstance(value, tuple) else (value,):
            if one not in usable and (cells.before is None or value != cells.before.get(field.key)):
                problems.at_field(errors.NOT_AN_OPTION, field, row, value=str(one)[:_SHOWN_MAX])

    return check_options


def _limits(table: Table, field: Field) -> Check:
    codec = codecs(table)[field.key]
    low = codec.settle(_limit(field.min, codec.enter)) if field.min else None
    high = codec.settle(_limit(field.max, codec.enter)) if field.max else None

    def check_limits(cells: Cells, value: Value, row: int, problems: Problems) -> None:
        del cells
        if low is not None and value < low:  # type: ignore[operator]  # of one type
            problems.at_field(errors.TOO_SMALL, field, row, value=str(codec.show(value)), limit=field.min)
        if high is not None and value > high:  # type: ignore[operator]  # of one type
            problems.at_field(errors.TOO_LARGE, field, row, value=str(codec.show(value)), limit=field.max)

    return check_limits


def _limit(text: str, enter: Callable[[object], object]) -> object:
    return enter(text)


def _length(field: Field) -> Check:
    limit = field.length_max

    def check_length(cells: Cells, value: Value, row: int, problems: Problems) -> None:
        del cells
        if isinstance(value, (str, tuple)) and len(value) > limit:
            problems.at_field(errors.TOO_LONG, field, row, length=len(value), limit=limit)

    return check_length


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _pattern(field: Field) -> Check:
    pattern = field.pattern

    def check_pattern(cells: Cells, value: Value, row: int, problems: Problems) -> None:
        del cells
        if isinstance(value, str) and not _compiled(pattern).fullmatch(value):
            problems.at_field(errors.BAD_PATTERN, field, row, value=value[:_SHOWN_MAX], pattern=pattern)

    return check_pattern


def _kinds(field: Field) -> Check:
    """The kind of a place is what its record tells the ledger; it is at hand, because the link was just found."""

    def check_kinds(cells: Cells, value: Value, row: int, problems: Problems) -> None:
        if not isinstance(value, int) or not cells.changed(field.key):
            return
        played = cells.world.catalog.playing("ledger_location")
        place = cells.world.linked(field.to, value)
        said = played[1].map.get("kind") if played is not None else None
        if place is None or said is None:
            return
        kind = place.get(said) if isinstance(said, str) else evaluate(said, place)
        if kind not in field.kinds:
            problems.at_field(errors.NOT_CHOOSABLE, field, row, value=shown_choice(cells, field, value))

    return check_kinds


def _filter(field: Field) -> Check:
    def check_filter(cells: Cells, value: Value, row: int, problems: Problems) -> None:
        if not isinstance(value, int) or not cells.changed(field.key):
            return
        linked = cells.world.linked(field.to, value)
        if linked is not None and not holds(field.filter, linked, cells):
            problems.at_field(errors.NOT_CHOOSABLE, field, row, value=shown_choice(cells, field, value))

    return check_filter


def shown_choice(cells: Cells, field: Field, record_id: int) -> str:
    """Return what people call a chosen record. Raises: Pending."""
    linked = cells.world.linked(field.to, record_id)
    if linked is None:
        return str(record_id)
    title = linked.entity.title
    name = linked.get(title) if title else None
    return " ".join(str(one) for one in (linked.number, name) if one) or str(record_id)
