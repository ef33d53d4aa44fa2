"""What can be wrong with a name: of an object, a field, a state, a parameter."""

from zhangshi.definitions.errors.problems import fault

DUPLICATE_OBJECT = fault(
    "duplicate_object",
    "“{name}”已在 {other} 定义过。",
    "请换一个键;要改别人的对象,请写 override: {name}。",
    "“{name}” is defined already in {other}.",
    "Choose another key; to change somebody else's object, write override: {name}.",
)
RESERVED_KEY = fault(
    "reserved_key",
    "“{name}”是系统保留的键。",
    "请换一个键,例如 {name}_2。系统字段(编号、状态、制单人……)不用定义,直接用。",
    "The key “{name}” belongs to the system.",
    "Choose another one, such as {name}_2. System fields (number, state, created_by, …) are there without declaring.",
)
LONG_KEYS = fault(
    "long_keys",
    "“{name}”两个键合起来超过 {limit} 个字符,数据库放不下。",
    "请用短一些的键。",
    "The two keys of “{name}” together have more than {limit} characters, too many for the database.",
    "Use shorter ones.",
)
UNKNOWN_ENTITY = fault(
    "unknown_entity",
    "没有实体“{name}”。",
    "{hint}",
    "There is no entity “{name}”.",
    "{hint}",
)
UNKNOWN_FIELD = fault(
    "unknown_field",
    "{where}没有字段“{name}”。",
    "{hint}",
    "{where} has no field “{name}”.",
    "{hint}",
)
UNKNOWN_TABLE = fault(
    "unknown_table",
    "“{entity}”没有明细表“{name}”。",
    "{hint}",
    "“{entity}” has no line table “{name}”.",
    "{hint}",
)
UNKNOWN_OPTION_SET = fault(
    "unknown_option_set",
    "没有选项集“{name}”。",
    "{hint}也可以直接写出选项。",
    "There is no option set “{name}”.",
    "{hint} The options may also be written out here.",
)
UNKNOWN_NUMBER_RULE = fault(
    "unknown_number_rule",
    "没有编号规则“{name}”。",
    "{hint}也可以直接写 parts。",
    "There is no number rule “{name}”.",
    "{hint} Its parts may also be written out here.",
)
UNKNOWN_STATE = fault(
    "unknown_state",
    "“{entity}”没有状态“{name}”。",
    "{hint}",
    "“{entity}” has no state “{name}”.",
    "{hint}",
)
UNKNOWN_TRANSITION = fault(
    "unknown_transition",
    "“{entity}”没有操作“{name}”。",
    "{hint}",
    "“{entity}” has no transition “{name}”.",
    "{hint}",
)
UNKNOWN_ACTION = fault(
    "unknown_action",
    "“{entity}”没有“{name}”这个操作可以授权。",
    "{hint}",
    "“{entity}” has no action “{name}” to grant.",
    "{hint}",
)
UNKNOWN_CONVERSION = fault(
    "unknown_conversion",
    "没有下推“{name}”。",
    "{hint}",
    "There is no conversion “{name}”.",
    "{hint}",
)
UNKNOWN_ROLE = fault(
    "unknown_role",
    "没有角色“{name}”。",
    "{hint}",
    "There is no role “{name}”.",
    "{hint}",
)
UNKNOWN_OBJECT = fault(
    "unknown_object",
    "没有 {kind}“{name}”。",
    "{hint}",
    "There is no {kind} “{name}”.",
    "{hint}",
)
UNKNOWN_COMMAND = fault(
    "unknown_command",
    "库存账没有命令“{name}”。",
    "{hint}",
    "The ledger has no command “{name}”.",
    "{hint}",
)
UNKNOWN_PARAMETER = fault(
    "unknown_parameter",
    "命令 {command}({zh})没有参数“{name}”。",
    "{hint}",
    "The command {command} has no parameter “{name}”.",
    "{hint}",
)
MISSING_PARAMETER = fault(
    "missing_parameter",
    "命令 {command}({zh})缺少参数“{name}”。",
    "请写上由哪个字段给出,例如 {name}: {name}。",
    "The command {command} lacks the parameter “{name}”.",
    "Say which field gives it, for example {name}: {name}.",
)
WRONG_PARAMETER = fault(
    "wrong_parameter",
    "参数“{name}”应是{wanted},而“{text}”是{found}。",
    "请换一个字段或改写公式。",
    "The parameter “{name}” must be {wanted}; “{text}” is {found}.",
    "Use another field or formula.",
)
OVERRIDE_NOTHING = fault(
    "override_nothing",
    "要修改的对象“{name}”不存在。",
    "{hint}若对象已随升级取消,请删除这个修改。",
    "The object “{name}” that this changes does not exist.",
    "{hint} If an upgrade took it away, take this override out.",
)
OVERRIDE_PATH = fault(
    "override_path",
    "“{name}”里没有路径“{at}”可改。",
    "请核对路径,各级用点分隔,例如 fields.price.label。",
    "“{name}” has no path “{at}” to change.",
    "Check the path; its parts are set off by dots, for example fields.price.label.",
)
