"""How each field of a table comes to its value, worked out once a revision.

Order of a field's value, the first that applies: its formula; what was entered; what a conversion fills in; a looked-up
value (again when its link changes); its default (new rows only); and over all of these a rule that sets it. Fields
without any of it are `plain` and need no step.

A looked-up value that was sent back as it stood is looked up again when the link changes; one that differs was meant.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Catalog, Entity, Field, FormRule, Table
from zhangshi.records.model import NEW, Value
from zhangshi.records.values import codecs
from zhangshi.records.writing.evaluating import evaluate, holds
from zhangshi.records.writing.world import Pending

if TYPE_CHECKING:
    from zhangshi.records.writing.cells import Cells

_KEPT = "_records_plans"
Step = Callable[[Any], Value]


class Plan:
    """The steps of one table."""

    __slots__ = ("entity", "forced", "plain", "rules", "steps", "table", "targets")

    def __init__(self, catalog: Catalog, entity: Entity, table: Table) -> None:
        self.entity = entity
        self.table = table.key
        self.rules = tuple(rule for rule in entity.rules if rule.table == table.key)
        self.targets: Mapping[str, str] = {
            key: one.to for key, one in table.fields.items() if one.is_link and one.to in catalog.entities
        }
        self.steps: dict[str, Step] = {}
        for field in table.fields.values():
            step = _step(entity, table, field, self.rules)
            if step is not None:
                self.steps[field.key] = step
        stored = [one.key for one in table.fields.values() if one.stored]
        self.plain = tuple(key for key in stored if key not in self.steps)
        self.forced = tuple(key for key in stored if key in self.steps)
        """Stored fields that must be computed before a row is written."""


def plan(catalog: Catalog, entity: Entity, table: str) -> Plan:
    """Return the steps of a table, made when they are first asked for."""
    home = entity.table(table)
    found: Plan | None = home.__dict__.get(_KEPT)
    if found is None:
        found = home.__dict__[_KEPT] = Plan(catalog, entity, home)
    return found


def _step(entity: Entity, table: Table, field: Field, rules: tuple[FormRule, ...]) -> Step | None:
    if field.formula is not None:
        return _formula(table, field)
    if field.rollup is not None:
        return _rollup(entity, field)
    if field.lookup and (field.live or not field.stored):
        path = field.lookup
        return lambda cells: _found(cells, path)
    step = _lookup(table, field) if field.lookup else _default(table, field) if field.default is not None else None
    setting = tuple((rule.when, rule.set[field.key]) for rule in rules if field.key in rule.set)
    return _set_by_rules(table, field, step or _plain(field), setting) if setting else step


def _formula(table: Table, field: Field) -> Step:
    formula, settle, key = field.formula, codecs(table)[field.key].settle, field.key
    assert formula is not None

    def step(cells: Any) -> Value:  # noqa: ANN401  # cells or a linked record
        try:
            return settle(evaluate(formula, cells))
        except ZhangshiError as error:
            _note(cells, key, error)
            return None

    return step


def _note(cells: Any, key: str, error: ZhangshiError) -> None:  # noqa: ANN401  # cells or a linked record
    failed: dict[str, ZhangshiError] | None = getattr(cells, "failed", None)
    if failed is not None:
        failed[key] = error


def _rollup(entity: Entity, field: Field) -> Step:
    rollup, key, table = field.rollup, field.key, field.table
    assert rollup is not None
    empty: Value = 0 if rollup.function in {"count", "sum"} else None

    def step(cells: Any) -> Value:  # noqa: ANN401  # cells or a linked record
        if cells.id == NEW or getattr(cells, "before", True) is None:
            return empty
        found: Value = cells.world.answer(("rollup", entity.key, table, key, cells.id))
        return found

    return step


def _found(cells: Any, path: str) -> Value:  # noqa: ANN401  # cells or a linked record
    """Read a path that begins in the row, or else in its header."""
    if path.partition(".")[0] in cells.plan.targets or cells.header is None:
        return cells.get(path)  # type: ignore[no-any-return]
    return cells.header.get(path)  # type: ignore[no-any-return]


def _plain(field: Field) -> Step:
    key = field.key

    def step(cells: "Cells") -> Value:
        for known in (cells.entered, cells.mapped, cells.before):
            if known is not None and key in known:
                return known[key]
        return None

    return step


def _default(table: Table, field: Field) -> Step:
    formula, settle, key = field.default, codecs(table)[field.key].settle, field.key
    assert formula is not None

    def step(cells: "Cells") -> Value:
        if key in cells.entered:
            return cells.entered[key]
        if cells.before is not None:
            return cells.before.get(key)
        mapped = cells.mapped.get(key)
        if mapped is not None:
            return mapped
        try:
            return settle(evaluate(formula, cells))
        except ZhangshiError as error:
            cells.failed[key] = error
            return None

    return step


def _lookup(table: Table, field: Field) -> Step:
    key, path, settle = field.key, field.lookup, codecs(table)[field.key].settle
    link = path.partition(".")[0]
    otherwise = _default(table, field) if field.default is not None else None

    def step(cells: "Cells") -> Value:
        entered = cells.entered.get(key)
        before = cells.before
        if before is None:
            if entered is not None:
                return entered
            if (mapped := cells.mapped.get(key)) is not None:
                return mapped
        else:
            owner = cells if link in cells.plan.targets or cells.header is None else cells.header
            if not owner.changed(link):
                return entered if key in cells.entered else before.get(key)
            if entered is not None and entered != before.get(key):
                return entered
        try:
            found = settle(_found(cells, path))
        except ZhangshiError as error:
            cells.failed[key] = error
            return None
        return otherwise(cells) if found is None and otherwise is not None else found

    return step


def _set_by_rules(table: Table, field: Field, base: Step, setting: tuple[tuple[Any, Any], ...]) -> Step:
    settle, key = codecs(table)[field.key].settle, field.key

    def step(cells: "Cells") -> Value:
        value = base(cells)
        cells.values[key] = value  # a rule may ask for the very field that it sets
        try:
            for when, formula in setting:
                if holds(when, cells):
                    value = settle(evaluate(formula, cells))
        except Pending:
            del cells.values[key]
            raise
        except ZhangshiError as error:
            cells.failed[key] = error
        return value

    return step
