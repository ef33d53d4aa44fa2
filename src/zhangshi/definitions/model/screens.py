# ruff: noqa: RUF012  msgspec gives every struct an empty list or map of its own
"""Views, forms, pages, widgets, menus: what people see."""

from typing import Annotated, Any, Literal

from zhangshi.definitions.model.texts import Definition, FormulaText, Key, LabelText, Part, says


class View(Definition, frozen=True, kw_only=True):
    """A way to look at the records of an entity."""

    view: Annotated[str, says("Its key.", "键", pattern=r"^[a-z][a-z0-9_.]{0,60}$")]
    entity: Annotated[Key, says("The entity.", "实体")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    type: Annotated[Literal["list", "kanban", "calendar", "gantt", "pivot"], says("Its kind.", "类型")] = "list"
    columns: Annotated[list[str], says("Paths shown, in order.", "列")] = []
    filter: Annotated[FormulaText | None, says("Only records for which this is true.", "筛选")] = None
    sort: Annotated[list[str], says("Paths; a leading minus means descending.", "排序")] = []
    group: Annotated[str, says("The path that groups rows, or the lanes of a kanban.", "分组")] = ""
    totals: Annotated[list[str], says("Number paths that are summed.", "合计")] = []
    date: Annotated[str, says("Of a calendar or gantt: the date it starts.", "日期")] = ""
    date_end: Annotated[str, says("Of a gantt: the date it ends.", "结束日期")] = ""
    rows: Annotated[list[str], says("Of a pivot: paths down the side.", "透视行")] = []
    values: Annotated[list[str], says("Of a pivot: number paths in the cells.", "透视值")] = []
    roles: Annotated[list[Key], says("Who sees it; empty: everybody.", "可见角色")] = []
    shared: Annotated[bool, says("Seen by others than its maker.", "共享")] = True
    default: Annotated[bool, says("The one that opens first.", "默认")] = False
    order: Annotated[int, says("Its place among the others.", "次序")] = 0


class Section(Part, frozen=True, kw_only=True):
    """A part of a form: rows of fields, or a line table."""

    label: Annotated[LabelText, says("Its heading.", "标题")] = ""
    rows: Annotated[list[list[str]], says("Rows of header fields.", "字段行")] = []
    table: Annotated[str, says("The line table shown here.", "明细表")] = ""
    columns: Annotated[list[str], says("Fields of that table; left out: all.", "列")] = []
    totals: Annotated[list[str], says("Number columns summed below.", "合计")] = []
    collapsed: Annotated[bool, says("Folded at first.", "折叠")] = False


class Form(Definition, frozen=True, kw_only=True):
    """How a record is laid out."""

    form: Annotated[str, says("Its key.", "键", pattern=r"^[a-z][a-z0-9_.]{0,60}$")]
    entity: Annotated[Key, says("The entity.", "实体")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    sections: Annotated[list[Section], says("Its parts, in order.", "分区")] = []
    mobile: Annotated[list[str], says("Fields on a phone, in order.", "手机字段")] = []
    roles: Annotated[list[Key], says("Who gets it; empty: everybody.", "角色")] = []


class Widget(Definition, frozen=True, kw_only=True):
    """A figure, chart or list of a page."""

    widget: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    type: Annotated[
        Literal["number", "bar", "line", "pie", "table", "list", "text", "report"], says("Its kind.", "类型")
    ]
    entity: Annotated[str, says("The entity it counts.", "实体")] = ""
    of: Annotated[str, says("The number path that is computed; empty: count.", "指标")] = ""
    function: Annotated[Literal["count", "sum", "avg", "min", "max"], says("What is computed.", "函数")] = "count"
    group: Annotated[str, says("The path that groups it.", "分组")] = ""
    filter: Annotated[FormulaText | None, says("Only records for which this is true.", "筛选")] = None
    settings: Annotated[dict[str, Any], says("What this kind needs besides.", "设置")] = {}


class Page(Definition, frozen=True, kw_only=True):
    """A dashboard: widgets in a grid of twelve columns."""

    page: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    rows: Annotated[list[list[str]], says("Rows of widgets.", "组件行")] = []
    roles: Annotated[list[Key], says("Who sees it; empty: everybody.", "可见角色")] = []


class MenuItem(Part, frozen=True, kw_only=True):
    """An entry: one of entity, page, report, or children."""

    label: Annotated[LabelText, says("Its name; left out: that of what it opens.", "名称")] = ""
    icon: Annotated[str, says("Its icon.", "图标")] = ""
    entity: Annotated[str, says("The entity it opens.", "实体")] = ""
    view: Annotated[str, says("The view it opens first.", "视图")] = ""
    page: Annotated[str, says("The page it opens.", "页面")] = ""
    report: Annotated[str, says("The built-in report it opens.", "报表")] = ""
    children: Annotated[list["MenuItem"], says("Entries below it.", "下级")] = []


class Menu(Definition, frozen=True, kw_only=True):
    """A group of the menu."""

    menu: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    icon: Annotated[str, says("Its icon.", "图标")] = ""
    area: Annotated[str, says("The area it belongs to.", "分区")] = ""
    order: Annotated[int, says("Its place among the others.", "次序")] = 0
    items: Annotated[list[MenuItem], says("Its entries.", "菜单项")] = []
    roles: Annotated[list[Key], says("Who sees it; empty: whoever may read something in it.", "可见角色")] = []
