"""What can be refused about packs."""

from zhangshi.base.errors import ErrorCode

NO_SUCH_PACK = ErrorCode(
    "packs.no_such_pack",
    "没有模板“{key}”。随程序提供的有:{known};也可以给出模板文件夹的路径。",
    'There is no pack "{key}". Those that come with the program: {known}; or name the folder of a pack.',
)
NOT_A_PACK = ErrorCode(
    "packs.not_a_pack",
    "{path} 不是模板:其中没有 pack.yaml。请指向模板的文件夹。",
    "{path} is no pack: there is no pack.yaml in it. Name the folder of a pack.",
)
NOT_INSTALLED = ErrorCode(
    "packs.not_installed",
    "模板“{key}”没有安装。已安装:{known}。",
    'The pack "{key}" is not installed. Installed are: {known}.',
)
REQUIREMENT_MISSING = ErrorCode(
    "packs.requirement_missing",
    "模板“{key}”需要“{required}” {wanted},现有:{found}。请先安装或升级它。",
    'The pack "{key}" requires "{required}" {wanted}; there is: {found}. Install or upgrade that first.',
)
BAD_REQUIREMENT = ErrorCode(
    "packs.bad_requirement",
    "版本要求“{text}”读不懂。请写成 >=1.0 或 >=1.0,<2 的样子。",
    'The requirement "{text}" cannot be read. Write it like >=1.0 or >=1.0,<2.',
)
OLDER_VERSION = ErrorCode(
    "packs.older_version",
    "模板“{key}”已安装 {installed} 版,不能换成更旧的 {offered} 版。要回到旧版请用 zhangshi definitions rollback。",
    'The pack "{key}" is installed as {installed}, which is newer than {offered}. To go back, use '
    "zhangshi definitions rollback.",
)
SAME_VERSION = ErrorCode(
    "packs.same_version",
    "模板“{key}” {installed} 版已经安装,内容相同。",
    'The pack "{key}" is installed as {installed} already, with the same content.',
)
REQUIRED_BY = ErrorCode(
    "packs.required_by",
    "模板“{key}”不能卸载:{others} 需要它。请先卸载它们。",
    'The pack "{key}" cannot be uninstalled: {others} need it. Uninstall those first.',
)
CONFLICTS = ErrorCode(
    "packs.conflicts",
    "升级“{key}”有 {count} 处与本账套的修改冲突,要先决定用哪一个。第一处:{first}",
    'Upgrading "{key}" meets {count} changes of this company. Decide which one counts. The first: {first}',
)
NOTHING_OF_THE_SITE = ErrorCode(
    "packs.nothing_of_the_site",
    "本账套没有自己的定义或修改,没有可导出的内容。",
    "This company has no definitions or changes of its own; there is nothing to export.",
)
SEED_FAILED = ErrorCode(
    "packs.seed_failed",
    "初始数据 {seed} 的 {row} 没有写入:{detail}。请改正模板中的数据。",
    "The row {row} of the seed {seed} could not be written: {detail}. Correct it in the pack.",
)
UNKNOWN_REF = ErrorCode(
    "packs.unknown_ref",
    "初始数据引用了不存在的 {ref}。请检查实体和外部键,被引用的行要排在前面。",
    "A seed refers to {ref}, which does not exist. Check entity and key; the row it points at has to come first.",
)
