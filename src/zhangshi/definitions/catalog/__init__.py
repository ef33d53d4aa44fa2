"""The compiled definitions of one revision: immutable, cross-checked, ready to run.

`definitions.model` is what people write (YAML); this is what the program runs. Everything that could be wrong was
refused when it was compiled, so nobody checks again: a field that is named here exists, a formula has its type, a
transition its states. One `Catalog` belongs to one revision and is shared by all threads.

Keys are ASCII and never change; labels are for people. A path is `field`, `link.field`, or `table.field`.
"""

from zhangshi.definitions.catalog.catalogs import Catalog, Conversion, ConversionQuantity, FieldAccess, Grant, Role
from zhangshi.definitions.catalog.entities import Entity, Part, Table
from zhangshi.definitions.catalog.fields import HEADER, Field, FieldType, Label, Option, Rollup
from zhangshi.definitions.catalog.rules import (
    Constraint,
    Effect,
    Fill,
    FormRule,
    Lifecycle,
    NumberPart,
    NumberRule,
    Posting,
    State,
    Transition,
)

__all__ = [
    "HEADER",
    "Catalog",
    "Constraint",
    "Conversion",
    "ConversionQuantity",
    "Effect",
    "Entity",
    "Field",
    "FieldAccess",
    "FieldType",
    "Fill",
    "FormRule",
    "Grant",
    "Label",
    "Lifecycle",
    "NumberPart",
    "NumberRule",
    "Option",
    "Part",
    "Posting",
    "Role",
    "Rollup",
    "State",
    "Table",
    "Transition",
]
