"""Which record a row of the sheet means: found by its match columns, with one statement for all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhangshi.base.errors import ErrorCode, FactValue, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, Table
from zhangshi.platform.session import Session
from zhangshi.records._store.importing import match_statement
from zhangshi.records._store.layouts import layout
from zhangshi.records.importing import errors
from zhangshi.records.importing.drafts import Draft
from zhangshi.records.importing.mapping import Column
from zhangshi.records.importing.model import Mode
from zhangshi.records.importing.problems import CellProblem, problem_of
from zhangshi.records.importing.titles import NUMBER
from zhangshi.records.model import Value
from zhangshi.records.values import Reference, codecs

_SHOWN_MAX = 60
Key = tuple[Value, ...]


@dataclass(slots=True)
class Matched:
    """Drafts by what is to become of them; drafts whose match columns are wrong are in neither."""

    inserts: list[Draft] = field(default_factory=list)
    updates: list[tuple[Draft, Sequence[Any]]] = field(default_factory=list)
    keys: dict[int, Key] = field(default_factory=dict)
    """What to find a draft by, by its row."""
    problems: list[CellProblem] = field(default_factory=list)

    def note(self, code: ErrorCode, draft: Draft, path: str, **facts: FactValue) -> None:
        """Note a problem at the cell of a path."""
        row, column = draft.cell_of(path)
        self.problems.append(problem_of(ZhangshiError(code, **facts), row=row, column=column))


def match_columns(columns: Sequence[Column], match: Sequence[str], mode: Mode) -> tuple[Column, ...]:
    """Return the columns by which records are found; none in an insert that does not name them.

    Raises: import.no_match_column.
    """
    by_path = {column.path: column for column in columns if column.table == HEADER}
    missing = [path for path in match if path not in by_path]
    if not match or missing:
        if mode == "insert":
            return ()
        raise ZhangshiError(errors.NO_MATCH_COLUMN, field=", ".join(missing) or NUMBER)
    return tuple(by_path[path] for path in match)


def match_drafts(
    session: Session, entity: Entity, drafts: Sequence[Draft], *, columns: Sequence[Column], mode: Mode
) -> Matched:
    """Find the records that drafts mean."""
    matched = Matched()
    if not columns:
        matched.inserts.extend(drafts)
        return matched
    asked = [draft for draft in drafts if _keyed(entity, draft, columns, mode, matched)]
    _drop_twice(asked, columns, matched)
    found = find_existing(session, entity, [column.key for column in columns], matched.keys)
    path = columns[0].path
    for draft in asked:
        if draft.row not in matched.keys:
            continue
        text = " ".join(draft.text[column.path] for column in columns)[:_SHOWN_MAX]
        rows = found.get(draft.row, [])
        if len(rows) > 1:
            matched.note(errors.AMBIGUOUS, draft, path, text=text, count=len(rows), entity=entity.label.zh)
        elif rows and mode == "insert":
            matched.note(errors.ALREADY_THERE, draft, path, text=text)
        elif rows:
            matched.updates.append((draft, rows[0]))
        elif mode == "update":
            matched.note(errors.NOT_THERE, draft, path, text=text)
        else:
            matched.inserts.append(draft)
    return matched


def find_existing(
    session: Session, entity: Entity, keys: Sequence[str], wanted: Mapping[int, Key]
) -> dict[int, list[Sequence[Any]]]:
    """Return the stored headers (in the order of the layout) that have these values, by the place that asks."""
    table = entity.header
    places = {values: place for place, values in wanted.items()}
    found: dict[int, list[Sequence[Any]]] = {}
    asked = sorted({_stored(table, keys[0], values[0]) for values in places if values[0] is not None}, key=str)
    for row in session.query_rows(match_statement(table, keys[0]), [(value,) for value in asked]):
        place = places.get(tuple(_field(table, key, row) for key in keys))
        if place is not None:
            found.setdefault(place, []).append(row)
    return found


def _stored(table: Table, key: str, value: Value) -> object:
    return value if key == NUMBER else codecs(table)[key].store(value)


def _field(table: Table, key: str, row: Sequence[Any]) -> Value:
    return str(row[1]) if key == NUMBER else layout(table).value(row, key)


def _keyed(entity: Entity, draft: Draft, columns: Sequence[Column], mode: Mode, matched: Matched) -> bool:
    """Note what to find a draft by. False: it need not, or cannot be looked for."""
    values: list[Value] = []
    for column in columns:
        if not draft.text[column.path]:
            if mode == "update" or len(columns) > 1 or column.field is not None:
                matched.note(errors.MATCH_EMPTY, draft, column.path, field=column.title)
            else:
                matched.inserts.append(draft)  # its number is made when it is written
            return False
        wire = draft.content.get(column.key)
        if wire is None:
            return False  # the cell is wrong and said so
        values.append(_value(entity, column, wire))
    matched.keys[draft.row] = tuple(values)
    return True


def _value(entity: Entity, column: Column, wire: object) -> Value:
    if column.field is None:
        return str(wire)
    try:
        found = codecs(entity.header)[column.key].enter(wire)
    except ZhangshiError:
        return None  # matches nothing; the service says what is wrong with it
    return found.id if isinstance(found, Reference) else found


def _drop_twice(drafts: Sequence[Draft], columns: Sequence[Column], matched: Matched) -> None:
    first: dict[Key, int] = {}
    for draft in drafts:
        key = matched.keys[draft.row]
        if key in first:
            text = " ".join(draft.text[column.path] for column in columns)[:_SHOWN_MAX]
            matched.note(errors.TWICE_IN_FILE, draft, columns[0].path, text=text, first=first[key])
            del matched.keys[draft.row]
        else:
            first[key] = draft.row
