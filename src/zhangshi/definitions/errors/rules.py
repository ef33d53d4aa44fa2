"""What can be wrong with lifecycles, conversions, grants and effects."""

from zhangshi.definitions.errors.problems import fault

UNREACHABLE = fault(
    "unreachable",
    "没有操作能到达状态“{name}”。",
    "请加一个到它的操作,或删去它。",
    "No transition leads to the state “{name}”.",
    "Add one that does, or take the state out.",
)
DEAD_END = fault(
    "dead_end",
    "状态“{name}”没有出路。",
    "请加一个从它出发的操作(例如反审核),或标明 final: true。",
    "Nothing leads out of the state “{name}”.",
    "Add a transition from it (such as a take-back), or say final: true.",
)
FINAL_EXIT = fault(
    "final_exit",
    "状态“{name}”标明是终态,却有操作“{transition}”从它出发。",
    "请去掉其中一个。",
    "The state “{name}” is final, yet the transition “{transition}” starts from it.",
    "Take one of them out.",
)
REVERSES_NOTHING = fault(
    "reverses_nothing",
    "操作“{name}”要冲销记账,但到状态“{state}”的操作都没有记账。",
    "没有记账、只是退回,请写 takes_back: true;否则请改 from。",
    "The transition “{name}” reverses postings, but nothing that leads to “{state}” posts.",
    "Where nothing is posted, write takes_back: true; otherwise change `from`.",
)
TAKES_BACK_TARGET = fault(
    "takes_back_target",
    "操作“{name}”撤回后到“{state}”,而它撤回的操作是从 {sources} 来的。",
    "请把 to 改为其中之一,或一个作废状态。",
    "The transition “{name}” takes back to “{state}”, but what it takes back came from {sources}.",
    "Let it lead there, or to a cancelled state.",
)
EFFECT_SHAPE = fault(
    "effect_shape",
    "一个联动须恰好是 set、update、create、transition 之一:{detail}。",
    "请改写或拆开。",
    "An effect is exactly one of set, update, create, transition: {detail}.",
    "Write it so, or split it.",
)
TWO_TABLES = fault(
    "two_tables",
    "条件“{text}”用到了几个明细表的字段({tables}),不知道对哪个表逐行判断。",
    "请写 each: 表名。",
    "The condition “{text}” names fields of several tables ({tables}).",
    "Say whose rows are checked: each: table.",
)
UNCOVERED = fault(
    "uncovered",
    "下推没有给必填字段“{name}”赋值。",
    "请在 {section} 里补上;不补的话,用户每次要自己填。",
    "The conversion gives no value to the required field “{name}”.",
    "Add it to {section}; otherwise people must fill it in each time.",
)
UNGRANTED = fault(
    "ungranted",
    "没有角色可以做“{entity}”的操作“{name}”(老板除外)。",
    "请在某个角色的 grants.{entity}.actions 里加上 {name}。",
    "No role but the owner may do “{name}” of “{entity}”.",
    "Add {name} to grants.{entity}.actions of a role.",
)
PLAYED_TWICE = fault(
    "played_twice",
    "系统角色“{role}”已由“{other}”担任。",
    "一个系统角色只能有一个实体担任。",
    "The part “{role}” is played by “{other}” already.",
    "Only one entity plays a part.",
)
NO_PLAYER = fault(
    "no_player",
    "没有实体担任系统角色“{role}”,{what}用不了。",
    "请在物料或库位档案里写 plays: [{{role: {role}, …}}],或安装 core 模板。",
    "No entity plays the part “{role}”, so {what} cannot work.",
    "Write plays: [{{role: {role}, …}}] in the master, or install the pack core.",
)
