"""What can be wrong with fields, formulas, numbers and labels."""

from zhangshi.definitions.errors.problems import fault

NO_TARGET = fault(
    "no_target",
    "{type} 字段“{name}”没有写 {key}。",
    "请写上,例如 {key}: {example}。",
    "The {type} field “{name}” does not say {key}.",
    "Say it, for example {key}: {example}.",
)
NOT_FOR_TYPE = fault(
    "not_for_type",
    "“{key}”不适用于 {type} 字段。",
    "请删去,或改字段类型。",
    "“{key}” is not for a field of type {type}.",
    "Take it out, or change the type.",
)
TWO_SOURCES = fault(
    "two_sources",
    "字段“{name}”的值同时来自 {sources}。",
    "请只留一种。",
    "The value of “{name}” comes from {sources} at once.",
    "Keep one of them.",
)
NOT_A_LINK = fault(
    "not_a_link",
    "路径“{text}”里的“{name}”不是关联字段,后面不能再接“.”。",
    "请从关联字段开始写。",
    "“{name}” in the path “{text}” is no link, so nothing can follow it.",
    "Begin with a link field.",
)
LOOKUP_START = fault(
    "lookup_start",
    "带出“{text}”没有从关联字段开始。",
    "请写成 关联字段.对方字段,例如 item.unit。",
    "The lookup “{text}” does not go through a link.",
    "Write link.field, for example item.unit.",
)
WRONG_TYPE = fault(
    "wrong_type",
    "“{text}”是{found},这里要{wanted}。",
    "请换一个字段、改公式,或改字段类型。",
    "“{text}” is {found}; {wanted} is wanted here.",
    "Use another field or formula, or change the field's type.",
)
WRONG_LINK = fault(
    "wrong_link",
    "“{text}”关联的是“{found}”,这里要关联“{wanted}”。",
    "请换一个关联字段,或改 to。",
    "“{text}” is a link to “{found}”; a link to “{wanted}” is wanted here.",
    "Use another link, or change `to`.",
)
BAD_FORMULA = fault(
    "bad_formula",
    "公式“{text}”有错:{detail_zh}",
    "请改公式。",
    "The formula “{text}” is wrong: {detail_en}",
    "Correct it.",
)
NOT_FOR_SQL = fault(
    "not_for_sql",
    "条件“{text}”不能由数据库判断:{detail_zh}",
    "请改写成字段与值的比较。",
    "The database cannot decide the condition “{text}”: {detail_en}",
    "Write it as comparisons of fields with values.",
)
RING = fault(
    "ring",
    "字段互相引用,绕成一圈:{ring}。",
    "请改其中一个公式或带出。",
    "Fields refer to each other in a circle: {ring}.",
    "Change one of the formulas or lookups.",
)
STALE = fault(
    "stale",
    "“{name}”存储在单据里,但它引用的“{other}”随时会变,存下来就会过时。",
    "请给“{name}”加上 stored: false。",
    "“{name}” is stored, but “{other}”, which it reads, changes without this record being saved.",
    "Give “{name}” stored: false.",
)
BAD_DEFAULT = fault(
    "bad_default",
    "默认值“{text}”不是 {type}。",
    "请改默认值;要计算请写 default: {{formula: …}}。",
    "The default “{text}” is no {type}.",
    "Change it; to compute it write default: {{formula: …}}.",
)
RETIRED_DEFAULT = fault(
    "retired_default",
    "默认值“{text}”是已停用的选项。",
    "请换一个。",
    "The default “{text}” is a retired option.",
    "Choose another one.",
)
DUPLICATE_VALUE = fault(
    "duplicate_value",
    "“{value}”写了两次。",
    "请删去一个。",
    "“{value}” stands here twice.",
    "Take one out.",
)
BAD_BOUND = fault(
    "bad_bound",
    "{key} 的值“{text}”不能用于 {type} 字段。",
    "请写一个{wanted}。",
    "The value “{text}” of {key} does not suit a field of type {type}.",
    "Write {wanted}.",
)
BAD_PATTERN = fault(
    "bad_pattern",
    "格式“{text}”不是正确的正则表达式:{detail}。",
    "请改正。",
    "The pattern “{text}” is no regular expression: {detail}.",
    "Correct it.",
)
ROLLUP_SHAPE = fault(
    "rollup_shape",
    "汇总的写法不完整:{detail}。",
    "请写 from + match,或 conversion;除 count 外还要写 of。",
    "The rollup is not complete: {detail}.",
    "Write from + match, or conversion; and `of` unless it counts.",
)
ROLLUP_MATCH = fault(
    "rollup_match",
    "“{match}”不是关联到“{entity}”的字段。",
    "请写 {source} 里关联到“{entity}”的字段。",
    "“{match}” is no link to “{entity}”.",
    "Name a field of {source} that links to “{entity}”.",
)
ROLLUP_CONVERSION = fault(
    "rollup_conversion",
    "下推“{name}”不是从这里({wanted})出发的,而是从 {found}。",
    "请换一个下推。",
    "The conversion “{name}” does not start here ({wanted}) but at {found}.",
    "Use another conversion.",
)
NUMBER_PART = fault(
    "number_part",
    "编号的一段必须恰好是 const、date、field、counter 之一,这里有 {count} 个。",
    "请改写。",
    "A part of a number is exactly one of const, date, field, counter; here are {count}.",
    "Write it so.",
)
NUMBER_DATE = fault(
    "number_date",
    "日期格式“{text}”不对。",
    "请只用 yyyy、yy、MM、dd 和分隔符,例如 yyMM。",
    "The date pattern “{text}” is wrong.",
    "Use yyyy, yy, MM, dd and separators only, for example yyMM.",
)
NUMBER_COUNTER = fault(
    "number_counter",
    "编号规则没有流水号,很快会重复。",
    "请加上 {{counter: {{width: 4, reset: month}}}}。",
    "The number rule has no counter; its numbers would soon repeat.",
    "Add {{counter: {{width: 4, reset: month}}}}.",
)
NUMBER_RESET = fault(
    "number_reset",
    "流水号按 {reset} 重置,但编号里没有相应的日期,会重复。",
    "请在流水号前加上日期,例如 {{date: {pattern}}}。",
    "The counter starts again every {reset}, but no date in the number says which; numbers would repeat.",
    "Put a date before it, for example {{date: {pattern}}}.",
)
NUMBER_CLASH = fault(
    "number_clash",
    "“{other}”的编号也以“{prefix}”开头,两种单据会重号。",
    "请换一个前缀。",
    "Numbers of “{other}” begin with “{prefix}” too; the two would be mistaken for each other.",
    "Choose another prefix.",
)
NO_LABEL = fault(
    "no_label",
    "“{name}”没有名称。",
    "请写 label: {{zh: …, en: …}}。",
    "“{name}” has no label.",
    "Write label: {{zh: …, en: …}}.",
)
ONE_LANGUAGE = fault(
    "one_language",
    "“{name}”的名称缺少{language}。",
    "请补上;随产品发布的模板要中英文齐全。",
    "The label of “{name}” lacks {language}.",
    "Add it; shipped packs speak both languages.",
)
