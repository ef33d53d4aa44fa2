"""What the system knows: stock, cost, other records, and who asks. Every answer comes from the host."""

from zhangshi.expr.functions.registry import Function, Parameter, Want
from zhangshi.expr.host import Host
from zhangshi.expr.kinds import BOOL, DECIMAL, EMPTY, TEXT, Kind, Raw, Type


def _stock(host: Host, item: int, location: int | None = None, lot: str = "", status: str = "") -> Raw:
    return host.stock(item, location, lot or None, status or None)


def _available(host: Host, item: int, location: int | None = None) -> Raw:
    return host.available(item, location)


def _lookup(host: Host, entity: str, wanted: str, *matches: Raw) -> Raw:
    return host.lookup(entity, wanted, dict(zip(matches[::2], matches[1::2], strict=True)))


_ITEM = Parameter("item", "物料", Want.RECORD)
_LOCATION = Parameter("location", "仓库", Want.RECORD, optional=True)
_USER = Type(Kind.RECORD, "user")
_DEPARTMENT = Type(Kind.RECORD, "department")

SYSTEM = [
    Function(
        name="STOCK", group="system", run=_stock, result=DECIMAL, asks_host=True, browser=False,
        parameters=(
            _ITEM, _LOCATION, Parameter("lot", "批号", Want.TEXT, optional=True),
            Parameter("status", "状态", Want.TEXT, optional=True),
        ),
        zh="现存量（基本单位）；不写仓库是全部仓库，状态如 available、inspection、rejected、hold，不写是全部。",
        en="The quantity on hand in the base unit; everywhere without a location, in every status without one.",
    ),
    Function(
        name="AVAILABLE", group="system", run=_available, result=DECIMAL, asks_host=True, browser=False,
        parameters=(_ITEM, _LOCATION),
        zh="可用量：可用状态的现存量减去已预留。", en="The available quantity that is not reserved.",
    ),
    Function(
        name="WIP", group="system", run=lambda host, order: host.work_in_progress(order), result=DECIMAL,
        asks_host=True, browser=False, parameters=(Parameter("order", "工单", Want.RECORD),),
        zh="工单的在制金额。", en="The value in work in progress of an order.",
    ),
    Function(
        name="COST", group="system", run=lambda host, item: host.cost(item), result=DECIMAL,
        asks_host=True, browser=False,
        parameters=(_ITEM,), zh="物料现在的单位成本。", en="The present unit cost of an item.",
    ),
    Function(
        name="LOOKUP", group="system", run=_lookup, result=EMPTY, asks_host=True, browser=False, repeats=2,
        parameters=(
            Parameter("entity", "单据或资料", Want.WRITTEN), Parameter("field", "取哪个字段", Want.WRITTEN),
            Parameter("match", "匹配字段", Want.WRITTEN), Parameter("value", "等于", Want.ANY),
        ),
        zh="在别的资料里找匹配的记录，取它的字段；找不到是空。",
        en="A field of the record elsewhere that matches; empty if none does.",
    ),
    Function(
        name="USER", group="system", run=lambda host: host.user_id(), result=_USER, asks_host=True, parameters=(),
        zh="当前用户。", en="Who asks.",
    ),
    Function(
        name="USERNAME", group="system", run=lambda host: host.user_name(), result=TEXT, asks_host=True, parameters=(),
        zh="当前用户的姓名。", en="The name of who asks.",
    ),
    Function(
        name="ROLE", group="system", run=lambda host, role: role in host.roles(), result=BOOL, asks_host=True,
        parameters=(Parameter("role", "角色", Want.TEXT),),
        zh="当前用户是否有这个角色（写角色的键）。", en="Whether who asks has the role with this key.",
    ),
    Function(
        name="DEPARTMENT", group="system", run=lambda host: host.department_id(), result=_DEPARTMENT, asks_host=True,
        parameters=(), zh="当前用户的部门。", en="The department of who asks.",
    ),
]  # fmt: skip
