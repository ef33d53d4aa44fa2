"""Kinds that other parts carry out: checked here for what they name, and handed on as plain data."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zhangshi.definitions.catalog import HEADER
from zhangshi.definitions.compiling.drafts import DraftEntity, Workshop
from zhangshi.definitions.compiling.formulas import Place, condition, value_formula
from zhangshi.definitions.compiling.labels import help_text
from zhangshi.definitions.compiling.rules import check_path
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.compiling.states import transition_keys
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.references import UNKNOWN_ENTITY, UNKNOWN_OBJECT, UNKNOWN_ROLE, UNKNOWN_TRANSITION
from zhangshi.definitions.loading.source import SourceObject
from zhangshi.definitions.model import flows, packs, papers, screens
from zhangshi.definitions.model.texts import LabelText

_IN_BRACES = re.compile(r"\{([^{}]+)\}")
COMPILED = frozenset({"entity", "option_set", "number_rule", "conversion", "role", "override"})
"""Kinds that are compiled to something better than plain data."""


def other(workshop: Workshop, source: SourceObject) -> dict[str, Any]:
    """Check one object and return it as plain data, with its layer."""
    spot = workshop.spot(source)
    for kind, check in _CHECKS.items():
        if isinstance(source.data, kind):
            check(workshop, spot, source.data)
    return {**source.plain(), "layer": source.layer}


def _view(workshop: Workshop, spot: Spot, one: screens.View) -> None:
    draft = workshop.entity(spot.at("entity"), one.entity)
    _roles(workshop, spot, one.roles)
    if draft is None:
        return
    for name in ("columns", "totals", "rows", "values"):
        _paths(workshop, spot.at(name), draft, getattr(one, name))
    _paths(workshop, spot.at("sort"), draft, [path.removeprefix("-") for path in one.sort])
    for name in ("group", "date", "date_end"):
        if getattr(one, name):
            workshop.resolve(spot.at(name), draft, HEADER, getattr(one, name))
    condition(workshop, spot.at("filter"), one.filter, (draft.key, HEADER), in_sql=True)


def _form(workshop: Workshop, spot: Spot, one: screens.Form) -> None:
    draft = workshop.entity(spot.at("entity"), one.entity)
    _roles(workshop, spot, one.roles)
    if draft is None:
        return
    for at, section in enumerate(one.sections):
        here = spot.at("sections", at)
        for row, paths in enumerate(section.rows):
            _paths(workshop, here.at("rows", row), draft, paths)
        _table(workshop, here, draft, section.table, section.columns, section.totals)
    for at, path in enumerate(one.mobile):
        check_path(workshop, spot.at("mobile", at), draft, HEADER, path)


def _table(
    workshop: Workshop, spot: Spot, draft: DraftEntity, table: str, columns: list[str], totals: list[str]
) -> None:
    if not table or workshop.table(spot.at("table"), draft, table) is None:
        return
    for name, paths in (("columns", columns), ("totals", totals)):
        for at, path in enumerate(paths):
            workshop.resolve(spot.at(name, at), draft, table, path.partition(":")[0])


def _widget(workshop: Workshop, spot: Spot, one: screens.Widget) -> None:
    draft = workshop.entity(spot.at("entity"), one.entity) if one.entity else None
    if draft is None:
        return
    for name in ("of", "group"):
        if getattr(one, name):
            workshop.resolve(spot.at(name), draft, HEADER, getattr(one, name))
    condition(workshop, spot.at("filter"), one.filter, (draft.key, HEADER), in_sql=True)


def _page(workshop: Workshop, spot: Spot, one: screens.Page) -> None:
    _roles(workshop, spot, one.roles)
    for at, row in enumerate(one.rows):
        for place, key in enumerate(row):
            _object(workshop, spot.at("rows", at, place), "widget", key)


def _menu(workshop: Workshop, spot: Spot, one: screens.Menu) -> None:
    _roles(workshop, spot, one.roles)
    _menu_items(workshop, spot.at("items"), one.items)


def _menu_items(workshop: Workshop, spot: Spot, items: list[screens.MenuItem]) -> None:
    for at, item in enumerate(items):
        here = spot.at(at)
        if item.entity and item.entity not in workshop.entities:
            here.at("entity").report(UNKNOWN_ENTITY, name=item.entity, hint=hint(item.entity, workshop.entities))
        for kind in ("view", "page"):
            if getattr(item, kind):
                _object(workshop, here.at(kind), kind, getattr(item, kind))
        _menu_items(workshop, here.at("children"), item.children)


def _print(workshop: Workshop, spot: Spot, one: papers.PrintTemplate) -> None:
    draft = workshop.entity(spot.at("entity"), one.entity)
    if draft is None:
        return
    for at, block in enumerate(one.blocks):
        here = spot.at("blocks", at)
        for row, paths in enumerate(block.fields):
            _paths(workshop, here.at("fields", row), draft, paths)
        _table(workshop, here, draft, block.table, block.columns, block.totals)
        for name in ("barcode", "image"):
            if getattr(block, name):
                workshop.resolve(here.at(name), draft, HEADER, getattr(block, name))
        condition(workshop, here.at("when"), block.when, (draft.key, HEADER))
        _text(workshop, here.at("text"), block.text, (draft.key, HEADER))


def _text(workshop: Workshop, spot: Spot, text: LabelText, place: Place) -> None:
    """What stands in braces is a formula."""
    words = help_text(text)
    for formula in dict.fromkeys(_IN_BRACES.findall(words.zh) + _IN_BRACES.findall(words.en)):
        value_formula(workshop, spot, formula, place)


def _label_template(workshop: Workshop, spot: Spot, one: papers.LabelTemplate) -> None:
    draft = workshop.entity(spot.at("entity"), one.entity)
    if draft is None or workshop.table(spot.at("table"), draft, one.table) is None:
        return
    for at, element in enumerate(one.elements):
        for name in ("field", "barcode"):
            if getattr(element, name):
                workshop.resolve(spot.at("elements", at, name), draft, one.table, getattr(element, name))
        _text(workshop, spot.at("elements", at, "text"), element.text, (draft.key, one.table))


def _import_map(workshop: Workshop, spot: Spot, one: papers.ImportMap) -> None:
    draft = workshop.entity(spot.at("entity"), one.entity)
    if draft is None:
        return
    _paths(workshop, spot.at("match"), draft, one.match)
    for heading, path in one.columns.items():
        workshop.resolve(spot.at("columns", heading), draft, HEADER, path)
    for path, text in one.defaults.items():
        if workshop.resolve(spot.at("defaults", path), draft, HEADER, path) is not None:
            value_formula(workshop, spot.at("defaults", path), text, (draft.key, HEADER))
    if one.transition and one.transition not in transition_keys(draft):
        known = hint(one.transition, transition_keys(draft))
        spot.at("transition").report(UNKNOWN_TRANSITION, entity=draft.key, name=one.transition, hint=known)


def _flow(workshop: Workshop, spot: Spot, one: flows.ApprovalFlow) -> None:
    draft = workshop.entity(spot.at("entity"), one.entity)
    if draft is None:
        return
    condition(workshop, spot.at("when"), one.when, (draft.key, HEADER))
    for at, path in enumerate(one.reopen_on):
        check_path(workshop, spot.at("reopen_on", at), draft, HEADER, path)
    _flow_nodes(workshop, spot.at("nodes"), draft, one.nodes)


def _flow_nodes(workshop: Workshop, spot: Spot, draft: DraftEntity, nodes: list[flows.FlowNode]) -> None:
    for at, node in enumerate(nodes):
        here = spot.at(at)
        _roles(workshop, here.at("assignees"), node.assignees.roles)
        if node.assignees.field:
            workshop.resolve(here.at("assignees", "field"), draft, HEADER, node.assignees.field)
        for place, path in enumerate(node.fields):
            check_path(workshop, here.at("fields", place), draft, HEADER, path)
        for place, branch in enumerate(node.branches):
            way = here.at("branches", place)
            condition(workshop, way.at("when"), branch.when, (draft.key, HEADER))
            _flow_nodes(workshop, way.at("nodes"), draft, branch.nodes)


def _automation(workshop: Workshop, spot: Spot, one: flows.Automation) -> None:
    trigger = one.trigger
    if not trigger.entity:
        return
    draft = workshop.entity(spot.at("trigger", "entity"), trigger.entity)
    if draft is None:
        return
    for at, path in enumerate(trigger.fields):
        check_path(workshop, spot.at("trigger", "fields", at), draft, HEADER, path)
    condition(workshop, spot.at("trigger", "while"), trigger.while_, (draft.key, HEADER))
    condition(workshop, spot.at("condition"), one.condition, (draft.key, HEADER))


def _seed(workshop: Workshop, spot: Spot, one: packs.Seed) -> None:
    for at, row in enumerate(one.rows):
        here = spot.at("rows", at)
        draft = workshop.entity(here.at("entity"), row.entity)
        if draft is None:
            continue
        for key in row.values:
            workshop.field(here.at("values", key), draft.header, key)
        for table, rows in [("lines", row.lines), *row.tables.items()]:
            _seed_lines(workshop, here.at(table), draft, table, rows)


def _seed_lines(workshop: Workshop, spot: Spot, draft: DraftEntity, table: str, rows: list[dict[str, Any]]) -> None:
    found = workshop.table(spot, draft, table) if rows else None
    if found is not None:
        for at, row in enumerate(rows):
            for key in row:
                workshop.field(spot.at(at, key), found, key)


def _story(workshop: Workshop, spot: Spot, one: packs.Story) -> None:
    for name, roles in one.users.items():
        for at, key in enumerate(roles):
            _role(workshop, spot.at("users", name, at), key)


def _paths(workshop: Workshop, spot: Spot, draft: DraftEntity, paths: Iterable[str]) -> None:
    for at, path in enumerate(paths):
        workshop.resolve(spot.at(at), draft, HEADER, path)


def _roles(workshop: Workshop, spot: Spot, keys: Iterable[str]) -> None:
    for at, key in enumerate(keys):
        _role(workshop, spot.at("roles", at), key)


def _role(workshop: Workshop, spot: Spot, key: str) -> None:
    if ("role", key) not in workshop.sources and key != "owner":
        spot.report(UNKNOWN_ROLE, name=key, hint=hint(key, workshop.keys("role")))


def _object(workshop: Workshop, spot: Spot, kind: str, key: str) -> None:
    if (kind, key) not in workshop.sources:
        spot.report(UNKNOWN_OBJECT, kind=kind, name=key, hint=hint(key, workshop.keys(kind)))


_CHECKS: Mapping[type, Callable[[Workshop, Spot, Any], None]] = {
    screens.View: _view,
    screens.Form: _form,
    screens.Widget: _widget,
    screens.Page: _page,
    screens.Menu: _menu,
    papers.PrintTemplate: _print,
    papers.LabelTemplate: _label_template,
    papers.ImportMap: _import_map,
    flows.ApprovalFlow: _flow,
    flows.Automation: _automation,
    packs.Seed: _seed,
    packs.Story: _story,
}
