# ruff: noqa: RUF012  msgspec gives every struct an empty list or map of its own
"""Conversions (下推/选单) and roles with their grants."""

from typing import Annotated, Literal

from msgspec import field

from zhangshi.definitions.model.texts import Definition, FormulaText, Key, LabelText, Part, says

Access = Literal["none", "mask", "read", "write"]


class ConversionQuantity(Part, frozen=True, kw_only=True):
    """Which quantity is used up, and by which."""

    source: Annotated[Key, says("The quantity field of the source row.", "来源数量")]
    target: Annotated[Key, says("The quantity field of the target row.", "目标数量")]


class Conversion(Definition, frozen=True, kw_only=True):
    """Rows of one document become rows of another; what is open is tracked row by row."""

    conversion: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name on the button.", "名称")] = ""
    source: Annotated[Key, says("The entity it starts from.", "来源单据")] = field(name="from")
    target: Annotated[Key, says("The entity it makes.", "目标单据")] = field(name="to")
    when: Annotated[FormulaText | None, says("Only sources for which this is true.", "来源条件")] = None
    header: Annotated[dict[str, FormulaText], says("Target field -> formula over the source header.", "表头对应")] = {}
    each: Annotated[str, says("The source table; left out: the header itself.", "来源明细")] = ""
    into: Annotated[str, says("The target table; left out: the header itself.", "目标明细")] = ""
    where: Annotated[FormulaText | None, says("Only source rows for which this is true.", "行条件")] = None
    lines: Annotated[dict[str, FormulaText], says("Target field -> formula over the source row.", "明细对应")] = {}
    quantity: Annotated[
        ConversionQuantity | None, says("The quantity that is used up; left out: each row converts once.", "数量")
    ] = None
    over: Annotated[FormulaText | None, says("Tolerance as a ratio: 0.05 is 5 % more.", "允许超出比例")] = None
    combine: Annotated[list[str], says("Source fields that must agree when several make one.", "合并条件")] = []
    complete: Annotated[str, says("A transition of the source when all is converted.", "完成操作")] = ""


class Grant(Part, frozen=True, kw_only=True):
    """What a role may do with an entity."""

    actions: Annotated[
        list[str] | Literal["*"],
        says("read create edit delete export import print comment attach, transitions; or *.", "操作"),
    ] = field(default_factory=lambda: ["read"])
    rows: Annotated[FormulaText | None, says("Only records for which this is true.", "数据范围")] = None
    fields: Annotated[dict[str, Access], says("Path -> none, mask, read or write.", "字段权限")] = {}
    default: Annotated[
        Access | None, says("Fields not named; left out: write with `edit` or `create`.", "默认权限")
    ] = None
    states: Annotated[list[Key], says("Only in these states; empty: all.", "状态")] = []


class Role(Definition, frozen=True, kw_only=True):
    """A role that people have, with its grants."""

    role: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    help: Annotated[LabelText, says("Who has it.", "说明")] = ""
    grants: Annotated[dict[Key, Grant | list[Grant]], says("Entity -> what may be done; grants add up.", "授权")] = {}
