"""What an import refuses."""

from zhangshi.base.errors import ErrorCode

UNREADABLE = ErrorCode(
    "import.unreadable",
    "文件“{name}”读不出表格({reason})。请用 Excel 另存为 .xlsx 或 CSV 后再导入。",
    'The file "{name}" holds no readable table ({reason}). Save it as .xlsx or CSV and import that.',
)
NO_HEADER = ErrorCode(
    "import.no_header",
    "表格第一行没有列名。请把列名放在第一行,或下载模板填写。",
    "The first row of the table has no column names. Put them into the first row, or fill in the template.",
)
TOO_MANY_ROWS = ErrorCode(
    "import.too_many_rows",
    "表格有 {rows} 行,一次最多导入 {limit} 行。请分成几个文件。",
    "The table has {rows} rows; at most {limit} can be imported at once. Split the file.",
)
COLUMN_UNKNOWN = ErrorCode(
    "import.column_unknown",
    "列“{column}”在“{entity}”里没有对应的字段{nearest}。请改列名,或在对应关系里选择字段或“不导入”。",
    'Column "{column}" has no field in "{entity}"{nearest}. Rename it, or map it to a field or to "ignore".',
)
COLUMN_TWICE = ErrorCode(
    "import.column_twice",
    "字段“{field}”对应了两列:“{first}”和“{second}”。请去掉一列。",
    'Field "{field}" is fed by two columns, "{first}" and "{second}". Remove one of them.',
)
NOT_WRITABLE = ErrorCode(
    "import.not_writable",
    "列“{column}”对应的字段由系统计算,不能导入。请去掉这一列或选择“不导入”。",
    'The field of column "{column}" is computed by the system and cannot be imported. Remove it or map it to "ignore".',
)
NO_MATCH_COLUMN = ErrorCode(
    "import.no_match_column",
    "表格里没有用来对应已有记录的列“{field}”。请加上这一列,或选择“只新增”。",
    'The table has no column "{field}", by which existing records are found. Add it, or choose "insert only".',
)
BAD_VALUE = ErrorCode(
    "import.bad_value",
    "“{text}”不是{kind}。请改成例如 {example}。",
    '"{text}" is not a {kind}. Write it for example as {example}.',
)
BAD_OPTION = ErrorCode(
    "import.bad_option",
    "“{text}”不在可选值里。可选:{options}。",
    '"{text}" is none of the choices. Choose from: {options}.',
)
NOT_FOUND = ErrorCode(
    "import.not_found",
    "没有编号或名称为“{text}”的{entity}。请先建立它,或改正编号。",
    'There is no {entity} with number or name "{text}". Create it first, or correct the number.',
)
AMBIGUOUS = ErrorCode(
    "import.ambiguous",
    "有 {count} 个{entity}叫“{text}”。请改用编号。",
    'There are {count} {entity} named "{text}". Use the number instead.',
)
ALREADY_THERE = ErrorCode(
    "import.already_there",
    "“{text}”已经存在。请删掉这一行,或选择“更新”。",
    '"{text}" exists already. Delete this row, or choose "update".',
)
NOT_THERE = ErrorCode(
    "import.not_there",
    "“{text}”还不存在,不能更新。请删掉这一行,或选择“新增或更新”。",
    '"{text}" does not exist yet and cannot be updated. Delete this row, or choose "insert or update".',
)
TWICE_IN_FILE = ErrorCode(
    "import.twice_in_file",
    "“{text}”在文件里出现了两次(第 {first} 行也是)。请只留一行。",
    '"{text}" occurs twice in the file (row {first} too). Keep one of them.',
)
MATCH_EMPTY = ErrorCode(
    "import.match_empty",
    "用来对应记录的列“{field}”是空的。请填写。",
    'The column "{field}", by which records are found, is empty. Fill it in.',
)
EMPTY = ErrorCode(
    "import.empty",
    "表格里没有数据行。请在列名下面填写数据。",
    "The table has no rows of data. Fill them in below the column names.",
)
HAS_PROBLEMS = ErrorCode(
    "import.has_problems",
    "{cells} 处有问题,没有写入任何数据。请下载标注了问题的表格,改正后重新导入。",
    "{cells} places have problems and nothing was written. Download the marked sheet, mend it and import it again.",
)
DEFINITIONS_CHANGED = ErrorCode(
    "import.definitions_changed",
    "导入过程中表单定义发布了新版本,没有写入任何数据。请重新导入。",
    "The definitions changed while the file was checked; nothing was written. Import it again.",
)
NO_SUCH_IMPORT = ErrorCode(
    "import.no_such_import",
    "没有编号为 {import_id} 的导入。请从导入记录里选择。",
    "There is no import {import_id}. Choose one from the list of imports.",
)
UNDONE_BEFORE = ErrorCode(
    "import.undone_before",
    "这次导入已经撤销过了。",
    "This import has been undone already; nothing is left to do.",
)
CANNOT_UNDO = ErrorCode(
    "import.cannot_undo",
    "不能撤销导入:{number} 撤不回去。{zh}",
    "The import cannot be undone: {number} stays as it is. {en}",
)
CHANGED_SINCE = ErrorCode(
    "import.changed_since",
    "导入之后有人改过它(版本 {version} → {current})。请先核对,再手工处理。",
    "It was changed after the import (version {version}, now {current}). Look at it and change it by hand.",
)
NO_SUCH_MAP = ErrorCode(
    "import.no_such_map",
    "没有“{map}”这个导入对应表。请在定义里选一个,或按列名导入。",
    'There is no import map "{map}". Choose one of the definitions, or import by column names.',
)
