# ruff: noqa: RUF012  msgspec gives every struct an empty list or map of its own
"""Fields and option sets."""

from typing import Annotated, Literal

from msgspec import field

from zhangshi.definitions.model.texts import Definition, FormulaText, Key, LabelText, Part, Scalar, says

TypeName = Literal[
    "text", "long_text", "int", "decimal", "quantity", "money", "price", "date", "datetime", "bool", "select",
    "multi_select", "link", "user", "department", "location", "lot", "attachment", "image", "signature", "barcode",
]  # fmt: skip


class Option(Part, frozen=True, kw_only=True):
    """A choice of a select."""

    value: Annotated[str, says("What is stored; it never changes.", "值", min_length=1, max_length=60)]
    label: Annotated[LabelText, says("What people see.", "名称")] = ""
    color: Annotated[str, says("A colour word or #rrggbb.", "颜色")] = ""
    retired: Annotated[bool, says("No longer offered; records that have it keep it.", "停用")] = False


class OptionSet(Definition, frozen=True, kw_only=True):
    """Choices that several fields share."""

    option_set: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    options: Annotated[list[Option], says("The choices, in order.", "选项", min_length=1)]


class FormulaDefault(Part, frozen=True, kw_only=True):
    """A default that is computed when the record is made."""

    formula: Annotated[FormulaText, says("The formula.", "公式")]


class Rollup(Part, frozen=True, kw_only=True):
    """An aggregate over rows elsewhere; computed by SQL whenever it is read, never stored."""

    source: Annotated[str, says("`entity` or `entity.table` whose rows are aggregated.", "来源")] = field(
        name="from", default=""
    )
    match: Annotated[str, says("The link field of those rows that points at this record.", "匹配字段")] = ""
    conversion: Annotated[str, says("Instead of from/match: rows that came from this row by it.", "下推")] = ""
    of: Annotated[str, says("The number field over there; not for count.", "汇总字段")] = ""
    function: Annotated[Literal["sum", "count", "min", "max"], says("What is computed.", "函数")] = "sum"
    where: Annotated[FormulaText | None, says("Only rows for which this is true.", "条件")] = None
    states: Annotated[list[Key], says("Only documents in these states; empty: all but cancelled.", "状态")] = []


class Field(Part, frozen=True, kw_only=True):
    """A field of a header or of a line table."""

    type: Annotated[TypeName, says("The type of the data.", "类型")]
    label: Annotated[LabelText, says("Its name; left out: a well-known one, the lookup's or the link's.", "名称")] = ""
    help: Annotated[LabelText, says("A sentence below the field.", "说明")] = ""
    required: Annotated[bool, says("Must be filled in to save.", "必填")] = False
    unique: Annotated[bool, says("No two records have the same value.", "唯一")] = False
    index: Annotated[bool, says("Often searched or filtered by (links are always indexed).", "索引")] = False
    search: Annotated[bool, says("Goes into the search text.", "可搜索")] = False
    read_only: Annotated[bool, says("Never typed by people.", "只读")] = False
    default: Annotated[Scalar | FormulaDefault | None, says("A literal, or {formula: …}.", "默认值")] = None
    scale: Annotated[int, says("Decimal places of a decimal.", "小数位", ge=0, le=9)] = 2
    unit: Annotated[str, says("Of a quantity: the path of its unit.", "单位字段")] = ""
    to: Annotated[str, says("Of a link: the entity it points at.", "关联")] = ""
    options: Annotated[list[Option] | str | None, says("Of a select: choices, or an option set's key.", "选项")] = None
    kind: Annotated[str | list[str], says("Of a location: warehouse, zone, bin, … (one or several).", "位置类型")] = []
    of: Annotated[str, says("Of a lot: the field that holds the item.", "物料字段")] = ""
    filter: Annotated[
        FormulaText | None, says("Of a link: offered records (names: theirs; parent: this row).", "筛选")
    ] = None
    lookup: Annotated[str, says("A path through a link, copied when the link is chosen.", "带出")] = ""
    live: Annotated[bool, says("Of a lookup: never stored, always read through the link.", "实时")] = False
    formula: Annotated[FormulaText | None, says("The value is computed.", "公式")] = None
    stored: Annotated[bool, says("Of a formula: false computes it when it is read.", "存储")] = True
    rollup: Annotated[Rollup | None, says("The value is an aggregate over other rows.", "汇总")] = None
    min: Annotated[str | int | None, says("The smallest value allowed.", "最小值")] = None
    max: Annotated[str | int | None, says("The largest value allowed.", "最大值")] = None
    pattern: Annotated[str, says("A regular expression that the whole text must match.", "格式")] = ""
    length: Annotated[int, says("The greatest number of characters.", "长度", ge=0, le=100_000)] = 0
    mask: Annotated[Literal["all", "last4"], says("What a role with access `mask` sees of it.", "掩码")] = "all"
    widget: Annotated[str, says("The control that shows it, where not the type's own.", "控件")] = ""
    width: Annotated[int, says("Width of its column in pixels; 0: as wide as needed.", "列宽", ge=0, le=2000)] = 0
    retired: Annotated[bool, says("Kept with its data, shown nowhere.", "停用")] = False


class Table(Part, frozen=True, kw_only=True):
    """A line table (明细)."""

    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    fields: Annotated[dict[Key, Field], says("Its fields, in order.", "字段")]
    min: Annotated[int, says("The fewest rows.", "最少行数", ge=0)] = 0
    max: Annotated[int, says("The most rows.", "最多行数", ge=1, le=10_000)] = 2000
    unique: Annotated[list[list[Key]], says("Sets of fields that are unique within the record.", "唯一组合")] = []
