"""An entity for one person: fields that are hidden are not there, nor any formula that reads them.

The server computes and checks everything whatever the browser knows; a formula that is left out here is only one that
the browser does not run ahead of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field, Lifecycle, Table, Transition
from zhangshi.definitions.catalog.system_fields import system_fields
from zhangshi.expr import Formula
from zhangshi.http.rendering.plain import Plain, plain, without_empty
from zhangshi.identity.model import Person
from zhangshi.records.access import RecordAccess, access_to

ACTIONS = ("read", "create", "edit", "delete", "export", "import", "print", "comment", "attach")
_OTHERS = ("view", "form", "print_template", "label_template", "import_map")
_NOT_FOR_SCREENS = ("column", "index", "unique", "rollup", "search")


def entity_value(catalog: Catalog, entity: Entity, person: Person) -> dict[str, Plain]:
    """Return an entity as the renderer wants it."""
    access = access_to(catalog, entity.key, person).everything
    own = [one for one in catalog.conversions_from.get(entity.key, ()) if _may_create(catalog, one.target, person)]
    return {
        "key": entity.key,
        "revision": catalog.revision,
        **without_empty(
            {
                "kind": entity.kind,
                "label": entity.label,
                "help": entity.help,
                "area": entity.area,
                "pack": entity.pack,
                "title": entity.title,
                "number_label": entity.number_label,
                "number_manual": entity.number_rule is None or entity.number_rule.manual,
                "date_field": entity.date_field,
            }
        ),
        "header": _table_value(entity.header, access, entity.key),
        "tables": [
            _table_value(one, access, entity.key) for one in entity.tables.values() if access.read(one.key) != "none"
        ],
        "constraints": [plain(one) for one in entity.constraints if _readable(access, one.table, [one.when])],
        "rules": [
            plain(one)
            for one in entity.rules
            if _readable(access, one.table, [one.when, *one.set.values(), *one.options.values()])
        ],
        "fills": [
            {"key": one.key, "label": plain(one.label), "into": one.into, "on": plain(one.on)} for one in entity.fills
        ],
        "lifecycle": _lifecycle_value(entity.lifecycle, access),
        "conversions": [{"key": one.key, "label": plain(one.label), "target": one.target} for one in own],
        "actions": [action for action in ACTIONS if access.may(action)],
        **{kind: _of_entity(catalog, kind, entity.key, person) for kind in _OTHERS},
    }


def _may_create(catalog: Catalog, entity: str, person: Person) -> bool:
    return access_to(catalog, entity, person).may("create")


def _path(table: str, key: str) -> str:
    return key if table == HEADER else f"{table}.{key}"


def _readable(access: RecordAccess, table: str, formulas: Iterable[Formula | None]) -> bool:
    """Return whether everything that the formulas read may be read; the first step of a path decides here."""
    for formula in formulas:
        if formula is None:
            continue
        here = [_path(table, one.partition(".")[0]) for one in formula.reads]
        above = [one.partition(".")[0] for one in formula.parent_reads]
        rows = [f"{name}.{one.partition('.')[0]}" for name, reads in formula.row_reads.items() for one in reads]
        if any(access.read(path) != "read" for path in (*here, *above, *rows)):
            return False
    return True


def _table_value(table: Table, access: RecordAccess, entity: str) -> dict[str, Plain]:
    all_fields: Mapping[str, Field] = {**system_fields(entity, table.key), **table.fields}
    shown = [
        _field_value(one, access) for one in all_fields.values() if access.read(_path(table.key, one.key)) != "none"
    ]
    about = {"key": table.key, "label": table.label, "rows_min": table.rows_min}
    return {**without_empty(about), "rows_max": table.rows_max, "fields": shown}


def _field_value(field: Field, access: RecordAccess) -> dict[str, Plain]:
    path = _path(field.table, field.key)
    kept = {
        name: getattr(field, name) if _readable(access, field.table, [getattr(field, name)]) else None
        for name in ("default", "filter", "formula")
    }
    value = plain(replace(field, **kept))  # type: ignore[arg-type]  # each is one of its own formulas, or None
    for name in _NOT_FOR_SCREENS:
        value.pop(name, None)
    computed = field.formula is not None or field.rollup is not None
    value["access"] = access.read(path)
    value["writable"] = not (field.read_only or computed) and (
        access.may_write(path, "edit") or access.may_write(path, "create")
    )
    value["computed"] = computed
    return dict(value)


def _lifecycle_value(life: Lifecycle | None, access: RecordAccess) -> Plain:
    if life is None:
        return None
    mine = [one for one in life.transitions.values() if not one.automatic and access.may(one.key)]
    return {
        "initial": life.initial.key,
        "states": [_state_value(one) for one in life.states.values()],
        "transitions": [_transition_value(one) for one in mine],
    }


def _state_value(state: object) -> Plain:
    value = plain(state)
    value["editable"] = None if getattr(state, "editable", None) is None else value.get("editable", [])
    return value


def _transition_value(one: Transition) -> Plain:
    about = {
        "key": one.key,
        "label": one.label,
        "tone": one.tone,
        "approval": one.approval,
        "takes_back": one.takes_back,
    }
    return {
        **without_empty(about),
        "sources": sorted(one.sources),
        "target": one.target,
        "posts": bool(one.postings),
    }


def _of_entity(catalog: Catalog, kind: str, entity: str, person: Person) -> list[Plain]:
    found = catalog.others.get(kind, {})
    return [
        {"key": key, **dict(one)}
        for key, one in found.items()
        if one.get("entity") == entity and for_roles(one, person)
    ]


def for_roles(one: Mapping[str, object], person: Person) -> bool:
    """Return whether a view, form or menu is meant for this person; without roles it is for everybody."""
    roles = one.get("roles")
    return not isinstance(roles, list) or not roles or person.is_owner or not person.roles.isdisjoint(roles)
