"""What a person finds in the menu: the items whose entity they may read or create."""

from collections.abc import Mapping

from zhangshi.definitions.catalog import Catalog
from zhangshi.http.rendering.entity import ACTIONS, for_roles
from zhangshi.http.rendering.plain import Plain, plain
from zhangshi.identity.model import Person
from zhangshi.records.access import access_to


def meta_value(catalog: Catalog, person: Person) -> dict[str, Plain]:
    """Return the entities, the menus and the pages of a person."""
    entities = {}
    for key, entity in catalog.entities.items():
        access = access_to(catalog, key, person).everything
        actions = [action for action in ACTIONS if access.may(action)]
        if actions:
            entities[key] = {
                "key": key,
                "kind": entity.kind,
                "label": plain(entity.label),
                "area": entity.area,
                "title": entity.title,
                "actions": actions,
            }
    return {
        "revision": catalog.revision,
        "packs": dict(catalog.packs),
        "entities": list(entities.values()),
        "menus": _menus(catalog, person, frozenset(entities)),
        "pages": [
            {"key": key, **dict(one)} for key, one in catalog.others.get("page", {}).items() if for_roles(one, person)
        ],
    }


def _menus(catalog: Catalog, person: Person, visible: frozenset[str]) -> list[Plain]:
    menus = []
    for key, one in catalog.others.get("menu", {}).items():
        items = _items(one.get("items"), visible)
        if items and for_roles(one, person):
            menus.append({"key": key, **dict(one), "items": items})
    return sorted(menus, key=lambda menu: (menu.get("order", 0), menu["key"]))


def _items(items: object, visible: frozenset[str]) -> list[Plain]:
    kept: list[Plain] = []
    for one in items if isinstance(items, list) else []:
        if not isinstance(one, Mapping):
            continue
        children = _items(one.get("children"), visible)
        entity = one.get("entity")
        if entity and entity not in visible:
            continue
        if one.get("children") and not children and not entity:
            continue
        kept.append({**one, **({"children": children} if children else {})})
    return kept
