# ruff: noqa: RUF012  msgspec gives every struct an empty list or map of its own
"""Approval flows and automations."""

from typing import Annotated, Any, Literal

from msgspec import field

from zhangshi.definitions.model.texts import Definition, FormulaText, Key, LabelText, Part, says


class Assignees(Part, frozen=True, kw_only=True):
    """Who decides; several kinds add up."""

    users: Annotated[list[str], says("Logins.", "人员")] = []
    roles: Annotated[list[Key], says("Everybody with one of these roles.", "角色")] = []
    department_heads: Annotated[int, says("Heads of departments above the maker: how many levels.", "部门主管级数")] = 0
    field: Annotated[str, says("A user field of the document.", "人员字段")] = ""
    maker: Annotated[bool, says("Whoever made it.", "制单人")] = False


class Timeout(Part, frozen=True, kw_only=True):
    """What happens when nobody decides."""

    hours: Annotated[int, says("After so many hours.", "小时", ge=1)]
    then: Annotated[Literal["remind", "escalate", "pass", "reject"], says("What happens.", "处理")] = "remind"


class Branch(Part, frozen=True, kw_only=True):
    """One way of a branch, or one lane of a parallel."""

    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    when: Annotated[FormulaText | None, says("Taken if this is true; the last one needs none.", "条件")] = None
    nodes: Annotated[list["FlowNode"], says("Its nodes.", "节点")] = []


class FlowNode(Part, frozen=True, kw_only=True):
    """A step of a flow."""

    key: Annotated[Key, says("Its key.", "键")]
    type: Annotated[Literal["approve", "handle", "cc", "branch", "parallel", "action"], says("Its kind.", "类型")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    assignees: Annotated[Assignees, says("Who.", "处理人")] = field(default_factory=Assignees)
    mode: Annotated[Literal["any", "all", "sequence", "ratio"], says("How many must agree.", "会签方式")] = "any"
    ratio: Annotated[str, says("Of ratio: the part that must agree, 0.5.", "比例")] = ""
    fields: Annotated[list[str], says("Paths that may be changed at this step.", "可改字段")] = []
    on_reject: Annotated[str, says("`end`, `maker`, or the key of an earlier node.", "驳回到")] = "maker"
    timeout: Annotated[Timeout | None, says("What happens when nobody decides.", "超时")] = None
    branches: Annotated[list[Branch], says("Of branch and parallel: the ways.", "分支")] = []
    action: Annotated[dict[str, Any], says("Of action: what is done.", "动作")] = {}


class ApprovalFlow(Definition, frozen=True, kw_only=True):
    """Who must agree before a transition is made."""

    approval_flow: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    entity: Annotated[Key, says("The entity.", "实体")]
    when: Annotated[FormulaText | None, says("Needed only if this is true.", "条件")] = None
    nodes: Annotated[list[FlowNode], says("Its steps, in order.", "节点")]
    reopen_on: Annotated[list[str], says("Paths whose change after approval opens it again.", "变更重审")] = []
    own: Annotated[bool, says("Whether somebody may approve a document of their own.", "可批自己的单")] = False


class Trigger(Part, frozen=True, kw_only=True):
    """When an automation runs."""

    type: Annotated[
        Literal["record", "line", "state", "schedule", "timer", "threshold", "webhook", "button"],
        says("Its kind.", "类型"),
    ]
    entity: Annotated[str, says("The entity it watches.", "实体")] = ""
    events: Annotated[list[str], says("Of record: created, edited, deleted; of state: transitions.", "事件")] = []
    fields: Annotated[list[str], says("Of record: only when one of these changed.", "字段")] = []
    cron: Annotated[str, says("Of schedule: minute hour day month weekday.", "定时")] = ""
    after_hours: Annotated[int, says("Of timer: so long after the event.", "延时", ge=0)] = 0
    while_: Annotated[FormulaText | None, says("Of timer: still true when it runs out.", "仍满足")] = field(
        name="while", default=None
    )
    settings: Annotated[dict[str, Any], says("What this kind needs besides.", "设置")] = {}


class Automation(Definition, frozen=True, kw_only=True):
    """When something happens and a condition holds, actions follow. It never posts stock itself."""

    automation: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    trigger: Annotated[Trigger, says("When.", "触发")]
    condition: Annotated[FormulaText | None, says("Only if this is true.", "条件")] = None
    actions: Annotated[list[dict[str, Any]], says("notify, create, update, transition, approval, call.", "动作")] = []
    active: Annotated[bool, says("Switched on.", "启用")] = True
