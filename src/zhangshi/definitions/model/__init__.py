"""What people write: one struct per kind of definition."""

from collections.abc import Mapping

from zhangshi.definitions.model.conversions import Conversion, Role
from zhangshi.definitions.model.entities import Entity, NumberRule
from zhangshi.definitions.model.fields import OptionSet
from zhangshi.definitions.model.flows import ApprovalFlow, Automation
from zhangshi.definitions.model.packs import Migration, Override, Pack, Seed, Story
from zhangshi.definitions.model.papers import Connector, ImportMap, LabelTemplate, PrintTemplate
from zhangshi.definitions.model.screens import Form, Menu, Page, View, Widget
from zhangshi.definitions.model.texts import Definition

KINDS: Mapping[str, type[Definition]] = {
    "pack": Pack,
    "entity": Entity,
    "option_set": OptionSet,
    "number_rule": NumberRule,
    "conversion": Conversion,
    "role": Role,
    "view": View,
    "form": Form,
    "page": Page,
    "widget": Widget,
    "menu": Menu,
    "print_template": PrintTemplate,
    "label_template": LabelTemplate,
    "import_map": ImportMap,
    "connector": Connector,
    "approval_flow": ApprovalFlow,
    "automation": Automation,
    "seed": Seed,
    "story": Story,
    "migration": Migration,
    "override": Override,
}
"""Every kind, by the word that is the second key of its files."""

FOLDERS: Mapping[str, str] = {
    "entity": "entities",
    "option_set": "option_sets",
    "number_rule": "number_rules",
    "conversion": "conversions",
    "role": "roles",
    "view": "views",
    "form": "forms",
    "page": "pages",
    "widget": "widgets",
    "menu": "menus",
    "print_template": "prints",
    "label_template": "labels",
    "import_map": "import_maps",
    "connector": "connectors",
    "approval_flow": "flows",
    "automation": "automations",
    "seed": "seeds",
    "story": "stories",
    "migration": "migrations",
    "override": "overrides",
}
"""The folder of a pack in which a kind's files stand; pack.yaml stands above them."""

__all__ = ["FOLDERS", "KINDS", "Definition"]
