"""Rollups that a formula or a constraint of a document being written asks for.

The rows are read and summed here, by the same evaluator as everything else, so that the condition of a rollup means the
same as in a form. Lists sum in the database instead.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from zhangshi.definitions.catalog import HEADER, Entity, Field, Rollup
from zhangshi.platform.session import Session
from zhangshi.records._store.rollups import rollup_statement
from zhangshi.records.model import Value
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.evaluating import holds
from zhangshi.records.writing.world import Pending, World


def answer_rollups(session: Session, world: World, questions: list[tuple[Any, ...]]) -> None:
    """Answer questions ("rollup", entity, table, field, id)."""
    fields: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for _, entity, table, key, record_id in questions:
        fields[entity, table, key].append(record_id)
    for (entity_key, table, key), ids in fields.items():
        field = world.catalog.entities[entity_key].table(table).fields[key]
        found = _rows(session, world, field, ids, of_rows=table != HEADER)
        for record_id in ids:
            question = ("rollup", entity_key, table, key, record_id)
            if any(row.header is None and row.plan.table != HEADER for row in found.get(record_id, [])):
                continue  # its condition may name the header: asked again when that is here
            try:
                world.answers[question] = _total(field, found.get(record_id, []))
            except Pending:  # its condition looks behind a link: asked again when that is here
                continue


def _rows(session: Session, world: World, field: Field, ids: list[int], *, of_rows: bool) -> dict[int, list[Linked]]:
    rollup = field.rollup
    assert rollup is not None
    entity = world.catalog.entities[rollup.entity]
    found: dict[int, list[Linked]] = defaultdict(list)
    statement = rollup_statement(entity, rollup, of_rows=of_rows)
    rows = session.query_rows(statement, [(one,) for one in sorted(ids)])
    header_wanted: set[int] = set()
    for row in rows:
        if not _counts(entity, rollup, row[1]):
            continue
        linked = Linked(world, entity, rollup.table, row[2:])
        if rollup.table != HEADER:
            header_wanted.add(row[3])
        found[row[0]].append(linked)
    world.want(entity.key, header_wanted)
    for linked_rows in found.values():
        for one in linked_rows:
            if rollup.table != HEADER:
                one.header = world.records.get((entity.key, one.raw[1]))
    return found


def _counts(entity: Entity, rollup: Rollup, state: str) -> bool:
    if rollup.states:
        return state in rollup.states
    life = entity.lifecycle
    return life is None or state not in life.states or not life.states[state].cancelled


def _total(field: Field, rows: list[Linked]) -> Value:
    rollup = field.rollup
    assert rollup is not None
    counted = [row for row in rows if holds(rollup.where, row)]
    if rollup.function == "count":
        return len(counted)
    values: list[Any] = [value for row in counted if (value := row.get(rollup.of)) is not None]
    if rollup.function == "sum":
        return sum(values, Decimal(0))
    if not values:
        return None
    found: Value = min(values) if rollup.function == "min" else max(values)
    return found
