"""What a transition does to fields and other records, and what it must remember to undo it.

Each effect that was carried out is a row of `record_effect` whose payload says how to undo it: the values that it
replaced, the amounts that it added, the record that it made, the state that it changed. See `undoing`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec

from zhangshi.definitions.catalog import HEADER, Effect, Table, Transition
from zhangshi.records._store import facts
from zhangshi.records._store import linking as link_store
from zhangshi.records.links import link_of
from zhangshi.records.model import EDITED, TRANSITIONED, Value
from zhangshi.records.service import recording
from zhangshi.records.service.work import Work
from zhangshi.records.values import codecs
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.evaluating import evaluate, holds

Payload = dict[str, Any]
_SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Standing:
    """An effect that has not been undone."""

    effect_id: int
    transition: str
    payload: Payload


def reach_out(transition: Transition) -> bool:
    """Return whether a transition does anything to other records."""
    return any(one.kind != "set" for one in transition.effects)


def remember(work: Work, document: Document, transition: str, payload: Payload) -> None:
    """Note an effect that was carried out."""
    text = msgspec.json.encode(payload).decode()
    work.writes.add(facts.INSERT_EFFECTS, (work.uow.next_id(), document.id, transition, text))


def standing(work: Work, record_id: int) -> list[Standing]:
    """Return the effects of a record that stand, the newest first."""
    rows = work.session.query(facts.STANDING_EFFECTS, record_id)
    return [Standing(row[0], row[1], msgspec.json.decode(row[2])) for row in rows]


def set_own(work: Work, document: Document, transition: Transition) -> None:
    """Set fields of the document's own header."""
    from zhangshi.records.service import editing  # noqa: PLC0415 - editing makes transitions, which come here

    header, table = document.header, document.entity.header
    for effect in transition.effects:
        if effect.kind != "set":
            continue
        found = work.settled(partial(_values, effect, header, table))
        if found:
            before = {key: show(table, key, header.get(key)) for key in found}
            header.values.update(found)
            editing.recompute(work, document, set(found))
            after = {key: show(table, key, value) for key, value in found.items()}
            remember(work, document, transition.key, {"kind": "set", "before": before, "after": after})


def _values(effect: Effect, cells: Cells, table: Table) -> dict[str, Value]:
    if not holds(effect.when, cells):
        return {}
    kept = codecs(table)
    return {key: kept[key].settle(evaluate(formula, cells)) for key, formula in effect.set.items()}


def show(table: Table, key: str, value: Value) -> object:
    """Return a value as a payload keeps it."""
    return None if value is None else codecs(table)[key].show(value)


def carry_out(work: Work, document: Document, transition: Transition) -> None:
    """Carry out what a transition does to other records, in the order in which it is written."""
    for effect in transition.effects:
        if effect.kind == "set":
            continue
        rows = list(_rows(work, document, effect))
        if effect.kind == "create":
            _create(work, document, transition, effect, rows)
            continue
        for cells in rows:
            if effect.kind == "update":
                _update(work, document, transition, effect, cells)
            else:
                _move_on(work, document, transition, effect, cells)


def _rows(work: Work, document: Document, effect: Effect) -> Iterator[Cells]:
    if effect.kind != "transition" and not work.settled(lambda: holds(effect.when, document.header)):
        return
    rows = [document.header] if effect.each == HEADER else document.header.rows.get(effect.each, [])
    for cells in rows:
        if work.settled(partial(holds, effect.where, cells)):
            yield cells


def _create(work: Work, document: Document, transition: Transition, effect: Effect, rows: list[Cells]) -> None:
    """Make a record for each row, all of them together."""
    contents = [_made(work, document, effect, cells) for cells in rows]
    if not contents:
        return
    made = work.create_many(entity=effect.entity, contents=contents, transition=effect.transition, internal=True)
    for one in made:
        payload = {"kind": "create", "entity": one.entity.key, "id": str(one.id), "state": one.state}
        remember(work, document, transition.key, payload)
    work.flush()


def _made(work: Work, document: Document, effect: Effect, cells: Cells) -> dict[str, object]:
    entity = work.entity(effect.entity)
    content: dict[str, object] = dict(_content(work, effect, cells, entity.header))
    for key, rows in effect.lines.items():
        from_rows = [cells] if rows.each == effect.each else document.header.rows.get(rows.each, [])
        if rows.each == HEADER:
            from_rows = [document.header]
        content[key] = [
            _content(work, rows, one, entity.tables[key])
            for one in from_rows
            if work.settled(partial(holds, rows.where, one))
        ]
    return content


def _content(work: Work, effect: Effect, cells: Cells, table: Table) -> Mapping[str, object]:
    kept = codecs(table)

    def values() -> dict[str, object]:
        return {
            key: None if (value := kept[key].settle(evaluate(formula, cells))) is None else kept[key].show(value)
            for key, formula in effect.set.items()
        }

    found: Mapping[str, object] = work.settled(values)
    return found


def _update(work: Work, document: Document, transition: Transition, effect: Effect, cells: Cells) -> None:
    from zhangshi.records.service import editing  # noqa: PLC0415 - editing makes transitions, which come here

    record_id = work.settled(lambda: cells.get(effect.link))
    if not isinstance(record_id, int):
        return
    table = work.entity(effect.entity).header
    kept = codecs(table)

    def computed() -> tuple[dict[str, Value], dict[str, Decimal]]:
        values = {key: kept[key].settle(evaluate(formula, cells)) for key, formula in effect.set.items()}
        added = {key: Decimal(evaluate(formula, cells) or 0) for key, formula in effect.add.items()}
        return values, added

    values, added = work.settled(computed)
    other = editing.get(work, entity_key=effect.entity, record_id=record_id)
    before = {key: show(table, key, other.header.get(key)) for key in values}
    other.header.values.update(values)
    for key, amount in added.items():
        known = other.header.get(key)
        other.header.values[key] = kept[key].settle((known or 0) + amount)  # type: ignore[operator]  # a number field
    editing.recompute(work, other, {*values, *added})
    payload = {
        "kind": "update", "entity": effect.entity, "id": str(record_id), "before": before,
        "after": {key: show(table, key, value) for key, value in values.items()},
        "add": {key: str(amount) for key, amount in added.items()},
    }  # fmt: skip
    remember(work, document, transition.key, payload)
    recording.record_saved(work, other, f"effect:{transition.key}", EDITED)
    work.flush()


def _move_on(work: Work, document: Document, transition: Transition, effect: Effect, cells: Cells) -> None:
    from zhangshi.records.service import editing, transitions  # noqa: PLC0415 - as above

    for entity, record_id in _moved(work, document, effect, cells):
        if effect.transition not in (life.transitions if (life := work.entity(entity).lifecycle) else {}):
            continue
        other = editing.get(work, entity_key=entity, record_id=record_id)
        wanted = work.transition_of(other.entity, effect.transition)
        if other.state not in wanted.sources or not work.settled(partial(holds, effect.when, other.header)):
            continue
        before = other.state
        later = transitions.make(work, other, effect.transition)
        payload = {
            "kind": "transition", "entity": entity, "id": str(record_id), "transition": effect.transition,
            "state": before,
        }  # fmt: skip
        remember(work, document, transition.key, payload)
        recording.record_saved(work, other, effect.transition, TRANSITIONED, effect.transition)
        transitions.follow(work, [later])
        work.flush()


def _moved(work: Work, document: Document, effect: Effect, cells: Cells) -> list[tuple[str, int]]:
    if effect.link != _SOURCES:
        record_id = work.settled(lambda: cells.get(effect.link))
        return [(effect.entity, record_id)] if isinstance(record_id, int) else []
    links = [link_of(row) for row in work.session.query(link_store.LINKS_TO, document.id)]
    return list(dict.fromkeys((link.source_entity, link.source_id) for link in links))
