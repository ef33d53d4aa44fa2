# ruff: noqa: RUF012  msgspec gives every struct an empty list or map of its own
"""Print and label templates, Excel column maps, connectors."""

from typing import Annotated, Any, Literal

from msgspec import field

from zhangshi.definitions.model.texts import Definition, FormulaText, Key, LabelText, Part, says


class Paper(Part, frozen=True, kw_only=True):
    """The sheet that is printed on."""

    size: Annotated[
        str, says("A4, A5, letter, or width x height in mm: 241x140.", "纸张", pattern=r"^(A[3-6]|letter|\d+x\d+)$")
    ] = "A4"
    landscape: Annotated[bool, says("Turned on its side.", "横向")] = False
    margin_mm: Annotated[int, says("The margin in millimetres.", "页边距", ge=0, le=50)] = 12


class PrintBlock(Part, frozen=True, kw_only=True):
    """A block of a printed page: one of text, fields, table, signatures, barcode, image, space_mm."""

    text: Annotated[LabelText, says("A text; {formula} stands for a value.", "文字")] = ""
    fields: Annotated[list[list[str]], says("Rows of header paths, with their labels.", "字段")] = []
    table: Annotated[str, says("The line table that is printed.", "明细表")] = ""
    columns: Annotated[list[str], says("Its columns: field, or field:width in mm.", "列")] = []
    totals: Annotated[list[str], says("Columns that are summed.", "合计")] = []
    rows_per_page: Annotated[int, says("Rows on a page; 0: as many as fit.", "每页行数", ge=0)] = 0
    signatures: Annotated[list[LabelText], says("Names below lines to sign on.", "签字栏")] = []
    barcode: Annotated[str, says("The path printed as a code.", "条码")] = ""
    code: Annotated[Literal["qr", "code128", "ean13"], says("Of barcode: which.", "码制")] = "qr"
    image: Annotated[str, says("The path of an image.", "图片")] = ""
    space_mm: Annotated[int, says("Empty space in millimetres.", "空白", ge=0)] = 0
    size: Annotated[int, says("Size of the letters in points; 0: usual.", "字号", ge=0, le=72)] = 0
    align: Annotated[Literal["left", "center", "right"], says("Where it stands.", "对齐")] = "left"
    when: Annotated[FormulaText | None, says("Only if this is true.", "条件")] = None


class PrintTemplate(Definition, frozen=True, kw_only=True):
    """How a document is printed."""

    print_template: Annotated[str, says("Its key.", "键", pattern=r"^[a-z][a-z0-9_.]{0,60}$")]
    entity: Annotated[Key, says("The entity.", "实体")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    page: Annotated[Paper, says("The sheet.", "页面")] = field(default_factory=Paper)
    title: Annotated[LabelText, says("The heading; left out: the entity's name.", "标题")] = ""
    blocks: Annotated[list[PrintBlock], says("What stands on it, top to bottom.", "内容")] = []
    copies: Annotated[list[LabelText], says("Names of the copies (存根, 客户联, …).", "联次")] = []


class LabelElement(Part, frozen=True, kw_only=True):
    """One thing on a label, placed in millimetres from the upper left."""

    text: Annotated[LabelText, says("A text; {formula} stands for a value.", "文字")] = ""
    field: Annotated[str, says("The path whose value is printed.", "字段")] = ""
    barcode: Annotated[str, says("The path printed as a code.", "条码")] = ""
    code: Annotated[Literal["qr", "code128", "ean13"], says("Of barcode: which.", "码制")] = "qr"
    x_mm: Annotated[int, says("From the left.", "横坐标", ge=0)] = 0
    y_mm: Annotated[int, says("From the top.", "纵坐标", ge=0)] = 0
    width_mm: Annotated[int, says("Its width; 0: as wide as needed.", "宽", ge=0)] = 0
    height_mm: Annotated[int, says("Its height; 0: as high as needed.", "高", ge=0)] = 0
    size: Annotated[int, says("Size of the letters in points.", "字号", ge=4, le=72)] = 9


class LabelTemplate(Definition, frozen=True, kw_only=True):
    """A label: for an item, a lot, a bin."""

    label_template: Annotated[str, says("Its key.", "键", pattern=r"^[a-z][a-z0-9_.]{0,60}$")]
    entity: Annotated[Key, says("The entity.", "实体")]
    table: Annotated[str, says("The line table with a label a row; left out: one a record.", "明细表")] = ""
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    width_mm: Annotated[int, says("Width of the label.", "宽", ge=10, le=300)] = 60
    height_mm: Annotated[int, says("Height of the label.", "高", ge=10, le=300)] = 40
    elements: Annotated[list[LabelElement], says("What stands on it.", "元素")] = []


class ImportMap(Definition, frozen=True, kw_only=True):
    """Which column of a sheet goes into which field."""

    import_map: Annotated[str, says("Its key.", "键", pattern=r"^[a-z][a-z0-9_.]{0,60}$")]
    entity: Annotated[Key, says("The entity.", "实体")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    match: Annotated[list[str], says("Fields that find an existing record; empty: always new.", "匹配字段")] = []
    mode: Annotated[Literal["insert", "update", "upsert"], says("What may happen.", "方式")] = "upsert"
    columns: Annotated[dict[str, str], says("Heading of the column -> path.", "列对应")]
    defaults: Annotated[dict[str, FormulaText], says("Path -> formula where the sheet has no column.", "默认值")] = {}
    transition: Annotated[str, says("The transition each record makes when it is in.", "操作")] = ""


class Connector(Definition, frozen=True, kw_only=True):
    """An endpoint outside that automations call. Secrets stay in the settings, never here."""

    connector: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    type: Annotated[
        Literal["webhook", "wecom", "dingtalk", "feishu", "email", "t3", "file"], says("Its kind.", "类型")
    ] = "webhook"
    url: Annotated[str, says("Its address; {name} stands for a setting.", "地址")] = ""
    method: Annotated[Literal["GET", "POST", "PUT"], says("The HTTP method.", "方法")] = "POST"
    headers: Annotated[dict[str, str], says("HTTP headers.", "请求头")] = {}
    body: Annotated[dict[str, Any], says("The body, values being formulas.", "内容")] = {}
    timeout_seconds: Annotated[int, says("How long to wait.", "超时", ge=1, le=120)] = 15
