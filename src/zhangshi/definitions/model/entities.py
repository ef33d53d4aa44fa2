# ruff: noqa: RUF012  msgspec gives every struct an empty list or map of its own
"""Entities: what a master or a document is made of, its rules and its life."""

from typing import Annotated, Literal

from zhangshi.definitions.model.conversions import Grant
from zhangshi.definitions.model.fields import Field, Table
from zhangshi.definitions.model.lifecycles import Constraint, Lifecycle
from zhangshi.definitions.model.texts import Definition, FormulaText, Key, LabelText, Part, says


class Counter(Part, frozen=True, kw_only=True):
    """The counting part of a number; it counts separately for every text before it."""

    width: Annotated[int, says("Digits, filled with zeros.", "位数", ge=0, le=12)] = 0
    reset: Annotated[Literal["never", "year", "month", "day"], says("When it starts again.", "重置")] = "never"
    start: Annotated[int, says("The first number.", "起始", ge=0)] = 1


class NumberPart(Part, frozen=True, kw_only=True):
    """One part of a number: exactly one of const, date, field, counter."""

    const: Annotated[str | int | None, says("A text that stays.", "固定文字")] = None
    date: Annotated[str | None, says("A date pattern of y, M, d: yyMM, yyyyMMdd.", "日期")] = None
    field: Annotated[FormulaText | None, says("A formula over the record, such as category.code.", "字段")] = None
    map: Annotated[
        dict[str, str], says("Of field: value -> code; a value that is missing is refused.", "编码对照")
    ] = {}
    counter: Annotated[Counter | None, says("The running number.", "流水号")] = None


class NumberParts(Part, frozen=True, kw_only=True):
    """How numbers are made."""

    parts: Annotated[list[NumberPart], says("The parts, in order.", "组成", min_length=1)]
    gapless: Annotated[bool, says("No gaps: a numbered record is cancelled, never deleted.", "不断号")] = False
    manual: Annotated[bool, says("People may type a number of their own.", "可手工输入")] = False


class NumberRule(Definition, frozen=True, kw_only=True):
    """A number rule that several entities share, counter and all."""

    number_rule: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    parts: Annotated[list[NumberPart], says("The parts, in order.", "组成", min_length=1)]
    gapless: Annotated[bool, says("No gaps: a numbered record is cancelled, never deleted.", "不断号")] = False
    manual: Annotated[bool, says("People may type a number of their own.", "可手工输入")] = False


class FormRule(Part, frozen=True, kw_only=True):
    """While `when` is true (always, without it): show, hide, require, lock, set, or narrow options."""

    when: Annotated[FormulaText | None, says("The condition.", "条件")] = None
    each: Annotated[str, says("The line table whose rows it is for.", "明细表")] = ""
    show: Annotated[list[str], says("Fields shown only then.", "显示")] = []
    hide: Annotated[list[str], says("Fields hidden then.", "隐藏")] = []
    require: Annotated[list[str], says("Fields that must be filled in then.", "必填")] = []
    lock: Annotated[list[str], says("Fields that cannot be changed then.", "锁定")] = []
    set: Annotated[dict[str, FormulaText], says("Field -> formula of its value then.", "赋值")] = {}
    options: Annotated[dict[str, FormulaText], says("Link field -> which records are offered then.", "可选范围")] = {}


class Fill(Part, frozen=True, kw_only=True):
    """明细带出: rows that come from a table of another record."""

    key: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name on the button.", "名称")] = ""
    into: Annotated[Key, says("The table that is filled.", "目标明细")]
    source: Annotated[str, says("The link field whose record is read.", "来源字段")]
    table: Annotated[str, says("The table of that record; left out: lines.", "来源明细")] = "lines"
    on: Annotated[list[str], says("Header fields whose change fills again.", "触发字段")] = []
    where: Annotated[FormulaText | None, says("Only source rows for which this is true.", "条件")] = None
    values: Annotated[dict[str, FormulaText], says("Field -> formula; names: source row, parent: here.", "取值")]


class Play(Part, frozen=True, kw_only=True):
    """A part that this entity plays for the program itself."""

    role: Annotated[
        Literal["ledger_item", "ledger_location", "bom", "routing", "calendar", "department"],
        says("Which part.", "角色"),
    ]
    map: Annotated[dict[str, FormulaText], says("What the part needs -> formula over the record.", "对应")] = {}


class Entity(Definition, frozen=True, kw_only=True):
    """A master (档案) or a document (单据)."""

    entity: Annotated[Key, says("Its key.", "键")]
    kind: Annotated[Literal["master", "document"], says("Master or document.", "种类")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    help: Annotated[LabelText, says("What it is for.", "说明")] = ""
    area: Annotated[str, says("Where it stands in the menu.", "菜单分区")] = ""
    title: Annotated[str, says("The header field that is shown as a record's name.", "标题字段")] = ""
    number_rule: Annotated[
        str | NumberParts | None, says("How numbers are made; left out: people type them.", "编号规则")
    ] = None
    number_label: Annotated[LabelText, says("The name of the number.", "编号名称")] = ""
    date_field: Annotated[str, says("Business date of postings; left out: a field `date`, else today.", "业务日期")] = (
        ""
    )
    search: Annotated[list[str], says("Header paths in the search text; left out: number and title.", "搜索")] = []
    unique: Annotated[list[list[Key]], says("Sets of header fields that are unique together.", "唯一组合")] = []
    fields: Annotated[dict[Key, Field], says("Fields of the header, in order.", "表头字段")] = {}
    lines: Annotated[dict[Key, Field], says("Fields of the line table `lines`.", "明细字段")] = {}
    tables: Annotated[dict[Key, Table], says("Further line tables.", "更多明细表")] = {}
    constraints: Annotated[list[Constraint], says("What may not be.", "校验")] = []
    rules: Annotated[list[FormRule], says("How the form behaves.", "表单规则")] = []
    fills: Annotated[list[Fill], says("Rows that come from other records.", "明细带出")] = []
    lifecycle: Annotated[Lifecycle | None, says("States and transitions.", "流程状态")] = None
    grants: Annotated[
        dict[Key, Grant | list[Grant]], says("Role -> what it may do here; adds to the roles' own grants.", "授权")
    ] = {}
    plays: Annotated[list[Play], says("Parts it plays for the program.", "系统角色")] = []
