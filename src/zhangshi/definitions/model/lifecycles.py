# ruff: noqa: RUF012  msgspec gives every struct an empty list or map of its own
"""The life of a document: states, transitions, and what a transition does."""

from typing import Annotated, Literal

from msgspec import field

from zhangshi.definitions.model.texts import FormulaText, Key, LabelText, Part, says


class Constraint(Part, frozen=True, kw_only=True):
    """The message is shown WHEN `when` is true."""

    key: Annotated[str, says("A name of its own; left out: its place in the list.", "键")] = ""
    when: Annotated[FormulaText, says("The condition that must not be.", "触发条件")]
    message: Annotated[LabelText, says("What is wrong and what to do.", "提示")]
    each: Annotated[str, says("The line table whose rows are checked; left out: found from the names.", "明细表")] = ""
    field: Annotated[str, says("Where the message is shown.", "显示字段")] = ""
    level: Annotated[Literal["block", "warn"], says("Refuse, or only warn.", "级别")] = "block"
    transitions: Annotated[list[Key], says("Only at these transitions; empty: whenever it is saved.", "适用操作")] = []


class Posting(Part, frozen=True, kw_only=True):
    """A command of the stock ledger. What each command takes: `zhangshi.definitions.postings`."""

    command: Annotated[str, says("The ledger's command; `reverse` takes everything back.", "记账命令")]
    each: Annotated[str, says("The table whose rows are the lines; left out: lines, where there is one.", "明细表")] = (
        ""
    )
    when: Annotated[FormulaText | None, says("Only if this is true of the header.", "条件")] = None
    where: Annotated[FormulaText | None, says("Only rows for which this is true.", "行条件")] = None
    on: Annotated[FormulaText | None, says("The business date; left out: the entity's date field.", "业务日期")] = None
    item: Annotated[FormulaText | None, says("The item.", "物料")] = None
    quantity: Annotated[FormulaText | None, says("How much, in the row's unit.", "数量")] = None
    unit: Annotated[FormulaText | None, says("The unit; left out: the row's field `unit`.", "单位")] = None
    source: Annotated[FormulaText | None, says("The place it leaves.", "发出位置")] = field(name="from", default=None)
    to: Annotated[FormulaText | None, says("The place it arrives at.", "收入位置")] = None
    at: Annotated[FormulaText | None, says("The place it is at.", "所在位置")] = None
    destination: Annotated[FormulaText | None, says("Of transfer_ship: where it is going.", "目的地")] = None
    order: Annotated[FormulaText | None, says("The order it goes into or comes out of.", "工单")] = None
    into: Annotated[FormulaText | None, says("Of consume: another name of order.", "工单")] = None
    out_of: Annotated[FormulaText | None, says("Of produce: another name of order.", "工单")] = None
    lot: Annotated[FormulaText | None, says("The lot's code.", "批号")] = None
    produced_on: Annotated[FormulaText | None, says("When the lot was made.", "生产日期")] = None
    expires_on: Annotated[FormulaText | None, says("The last day it may be used.", "到期日")] = None
    supplier_lot: Annotated[FormulaText | None, says("The lot number on the goods.", "供应商批号")] = None
    status: Annotated[FormulaText | None, says("available, inspection, rejected, hold; or a formula.", "质量状态")] = (
        None
    )
    from_status: Annotated[FormulaText | None, says("The status before.", "原状态")] = None
    to_status: Annotated[FormulaText | None, says("The status after.", "新状态")] = None
    unit_cost: Annotated[FormulaText | None, says("Cost of one unit.", "单位成本")] = None
    amount: Annotated[FormulaText | None, says("Cost of the row; wins over unit_cost.", "金额")] = None
    standard_cost: Annotated[FormulaText | None, says("Of revalue: the new standard cost.", "标准成本")] = None
    origin: Annotated[
        str | None, says("The conversion that brought the row: it returns what that row posted.", "来源下推")
    ] = None
    shipped: Annotated[str | None, says("Of transfer_sign: the conversion from the shipping document.", "发出下推")] = (
        None
    )
    owner: Annotated[FormulaText | None, says("Of transfer_ship: who answers for it.", "责任人")] = None
    due_at: Annotated[FormulaText | None, says("Of transfer_ship: when it should arrive.", "应到时间")] = None
    allow_expired: Annotated[FormulaText | None, says("Whether expired lots may go.", "允许过期")] = None


class EffectRows(Part, frozen=True, kw_only=True):
    """Rows of a record that an effect makes."""

    each: Annotated[str, says("The table of this document whose rows become rows.", "来源明细")] = ""
    where: Annotated[FormulaText | None, says("Only rows for which this is true.", "行条件")] = None
    values: Annotated[dict[str, FormulaText], says("Field -> formula.", "取值")]


class Effect(Part, frozen=True, kw_only=True):
    """What else a transition does, in the same transaction; taken back with it.

    One of: set (own header), update (a linked record), create (a record), transition (a linked record or the sources).
    """

    when: Annotated[FormulaText | None, says("Only if this is true.", "条件")] = None
    set: Annotated[dict[str, FormulaText], says("Field -> formula of its new value.", "赋值")] = {}
    update: Annotated[str, says("The link field whose record is changed.", "更新的关联字段")] = ""
    add: Annotated[dict[str, FormulaText], says("Of update: field -> what is added to it.", "累加")] = {}
    create: Annotated[str, says("The entity of the record that is made.", "新建")] = ""
    each: Annotated[str, says("Once for each row of this table.", "明细表")] = ""
    where: Annotated[FormulaText | None, says("Only rows for which this is true.", "行条件")] = None
    values: Annotated[dict[str, FormulaText], says("Of create: field -> formula.", "取值")] = {}
    lines: Annotated[dict[Key, EffectRows], says("Of create: table -> its rows.", "明细")] = {}
    transition: Annotated[str, says("A transition of that record.", "操作")] = ""
    of: Annotated[str, says("Whose transition: a link field, or `sources`.", "对象")] = ""


class State(Part, frozen=True, kw_only=True):
    """A state of a document."""

    label: Annotated[LabelText, says("Its name; well-known keys have one.", "名称")] = ""
    editable: Annotated[
        bool | list[str] | None, says("All (true), none, or these paths; left out: the first state only.", "可编辑")
    ] = None
    color: Annotated[str, says("A colour word or #rrggbb.", "颜色")] = ""
    cancelled: Annotated[bool | None, says("Gives back what it took; left out: a state `cancelled`.", "作废")] = None
    final: Annotated[bool, says("Nothing leads out of it.", "终态")] = False


class Transition(Part, frozen=True, kw_only=True):
    """A move from one state to another."""

    label: Annotated[LabelText, says("Its name; well-known keys have one.", "名称")] = ""
    sources: Annotated[Key | list[Key], says("The state or states it starts from.", "起始状态")] = field(name="from")
    to: Annotated[Key, says("The state it leads to.", "目标状态")]
    constraints: Annotated[list[Constraint], says("What may not be at this move.", "校验")] = []
    posting: Annotated[Posting | list[Posting] | None, says("What it posts to the stock ledger.", "记账")] = None
    effects: Annotated[list[Effect], says("What else it does.", "联动")] = []
    takes_back: Annotated[bool, says("Takes back what was posted and done (反审核).", "反审核")] = False
    approval: Annotated[str, says("The approval flow that must agree first.", "审批流")] = ""
    automatic: Annotated[bool, says("Made by effects and conversions only.", "自动")] = False
    tone: Annotated[Literal["", "primary", "danger", "plain"], says("How the button looks.", "按钮样式")] = ""


class Lifecycle(Part, frozen=True, kw_only=True):
    """States and transitions; the first state is where a record begins."""

    states: Annotated[list[Key] | dict[Key, State], says("The states, the first one first.", "状态")]
    transitions: Annotated[dict[Key, Transition], says("The transitions.", "操作")] = {}
