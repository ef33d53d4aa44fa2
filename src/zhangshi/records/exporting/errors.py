"""What an export refuses."""

from zhangshi.base.errors import ErrorCode

COLUMN_UNKNOWN = ErrorCode(
    "export.column_unknown",
    "“{entity}”没有“{path}”这一列。请核对写法,例如 customer、lines.quantity,或整张明细 lines。",
    '"{entity}" has no column "{path}". Write it like customer, lines.quantity, or lines for all of its columns.',
)
TOO_MANY_ROWS = ErrorCode(
    "export.too_many_rows",
    "Excel 工作表最多 {limit} 行,放不下全部数据。请缩小筛选范围,或导出为 CSV。",
    "A sheet of Excel holds at most {limit} rows, which is too few. Narrow the filter, or export as CSV.",
)
