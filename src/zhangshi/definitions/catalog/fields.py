"""Fields of a header or of a line table."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from zhangshi.base.errors import Language
from zhangshi.expr import Formula

HEADER = ""
"""The key of an entity's header where a table is asked for."""


class FieldType(StrEnum):
    """The type of the data, apart from the widget that shows it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INT = "int"
    DECIMAL = "decimal"
    """Exact decimal with `digits` places (default 2)."""
    QUANTITY = "quantity"
    """Millionths of the unit that `unit` names."""
    MONEY = "money"
    """The currency's minor unit (fen)."""
    PRICE = "price"
    """Millionths of the currency unit for one unit of goods."""
    DATE = "date"
    DATETIME = "datetime"
    BOOL = "bool"
    SELECT = "select"
    MULTI_SELECT = "multi_select"
    LINK = "link"
    USER = "user"
    DEPARTMENT = "department"
    LOCATION = "location"
    """A link to the entity that plays `ledger_location`, of the kinds in `kinds`."""
    LOT = "lot"
    """The code of a lot of the item in `lot_of`."""
    ATTACHMENT = "attachment"
    IMAGE = "image"
    SIGNATURE = "signature"
    BARCODE = "barcode"


@dataclass(frozen=True, slots=True)
class Label:
    """A text for people; the language that was not written falls back to the other."""

    zh: str
    en: str

    def text(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language == "zh" else self.en


NO_TEXT = Label("", "")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a select; a retired one stays readable and cannot be chosen."""

    value: str
    label: Label
    retired: bool = False
    color: str = ""


@dataclass(frozen=True, slots=True)
class Rollup:
    """An aggregate over rows that link back: `function` of `of` over the rows of `table` whose `match` is this row."""

    entity: str
    table: str  # HEADER or a table of `entity`
    match: str  # a link field of that very table to this header, or "" = conversion links to this line
    conversion: str  # set when rows are found through line-to-line links of a conversion instead of `match`
    of: str  # "" for count
    function: Literal["sum", "count", "min", "max"]
    where: Formula | None  # over a row of that table, its header as parent; translatable to SQL
    states: frozenset[str]  # header states that count; empty = every state but cancelled ones


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a header or of a line table."""

    key: str
    table: str  # HEADER or the table's key
    type: FieldType
    label: Label
    column: str  # the physical column; "" when nothing is stored
    digits: int = 0  # scale of the stored integer for decimal, quantity, money, price
    required: bool = False
    unique: bool = False
    index: bool = False
    search: bool = False
    read_only: bool = False
    retired: bool = False
    default: Formula | None = None  # literals too
    options: tuple[Option, ...] = ()
    to: str = ""  # entity of a link or location
    kinds: frozenset[str] = frozenset()  # of a location
    unit: str = ""  # path that holds the unit of a quantity
    lot_of: str = ""  # path that holds the item of a lot
    filter: Formula | None = None  # over the chosen record; parent = this row, its header's fields merged below
    lookup: str = ""  # path copied when its link is chosen, or shown live
    live: bool = False  # of a lookup: never stored, always read
    formula: Formula | None = None
    rollup: Rollup | None = None
    min: str = ""
    max: str = ""
    pattern: str = ""
    length_max: int = 0  # 0 = the type's own limit
    mask: Literal["all", "last4"] = "all"
    widget: str = ""
    width: int = 0  # pixels of its column; 0 = as wide as needed
    help: Label = NO_TEXT

    @property
    def stored(self) -> bool:
        """Whether the field has a column."""
        return self.column != ""

    @property
    def is_link(self) -> bool:
        """Whether the value is the id of a record of entity `to`."""
        return self.type in {FieldType.LINK, FieldType.LOCATION}
