"""What can be wrong with a file before anybody looks at its meaning."""

from zhangshi.definitions.errors.problems import fault

NOT_YAML = fault(
    "not_yaml",
    "这里不是正确的 YAML:{detail}。",
    "请检查缩进、冒号和引号。",
    "This is not YAML: {detail}.",
    "Check the indentation, colons and quotes.",
)
NOT_A_MAP = fault(
    "not_a_map",
    "文件应是“键: 值”的列表。",
    "请以 schema: 1 开头,第二行写种类和键,例如 entity: sales_order。",
    "The file must be a map of keys.",
    "Begin with schema: 1, then the kind and its key, for example entity: sales_order.",
)
UNKNOWN_KIND = fault(
    "unknown_kind",
    "“{name}”不是定义的种类。",
    "schema 之后的第一个键须是种类。{hint}",
    "“{name}” is not a kind of definition.",
    "The first key after schema must be a kind. {hint}",
)
DUPLICATE_KEY = fault(
    "duplicate_key",
    "键“{name}”写了两次(第一次在第 {first} 行)。",
    "请删去一处。",
    "The key “{name}” stands here twice (first on line {first}).",
    "Take one out.",
)
UNKNOWN_KEY = fault(
    "unknown_key",
    "没有“{name}”这个键。",
    "{hint}",
    "There is no key “{name}” here.",
    "{hint}",
)
MISSING_KEY = fault(
    "missing_key",
    "缺少“{name}”。",
    "请补上:{meaning}",
    "“{name}” is missing.",
    "Add it: {meaning}",
)
WRONG_SHAPE = fault(
    "wrong_shape",
    "这里写的是{found},应为{wanted}。",
    "请改写。",
    "This is {found}; it must be {wanted}.",
    "Write it so.",
)
WRONG_CHOICE = fault(
    "wrong_choice",
    "“{value}”不在可选范围内。",
    "{hint}",
    "“{value}” is not one of the choices.",
    "{hint}",
)
BAD_KEY = fault(
    "bad_key",
    "“{value}”不能这样写。",
    "请用小写字母开头,只含小写字母、数字和下划线(最多 41 个字符);路径以点分隔。格式:{pattern}",
    "“{value}” cannot be written so.",
    "Begin with a lower-case letter and use lower-case letters, digits and underscores, at most 41; parts of a path "
    "are set off by dots. Pattern: {pattern}",
)
OUT_OF_RANGE = fault(
    "out_of_range",
    "“{value}”超出范围({range})。",
    "请改为范围内的值。",
    "“{value}” is out of range ({range}).",
    "Use a value within it.",
)
ALIAS = fault(
    "alias",
    "不支持 YAML 的锚点和别名(& 和 *)。",
    "请把内容直接写出来。",
    "Anchors and aliases (& and *) are not supported.",
    "Write the content out.",
)
TOO_DEEP = fault(
    "too_deep",
    "嵌套太深(超过 {limit} 层)。",
    "请减少层数。",
    "This is nested too deeply (more than {limit} levels).",
    "Use fewer levels.",
)
ONE_OBJECT = fault(
    "one_object",
    "一个文件只写一个对象,这里开始了第二个(---)。",
    "请另存为一个文件。",
    "A file holds one object; a second one begins here (---).",
    "Put it into a file of its own.",
)
TOO_LARGE = fault(
    "too_large",
    "文件太大(超过 {limit} 个字符)。",
    "请拆成几个文件。",
    "The file is too large (more than {limit} characters).",
    "Split it into several.",
)
