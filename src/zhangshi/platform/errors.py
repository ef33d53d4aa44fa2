"""What can go wrong between the product and its databases, each with what to do about it."""

from zhangshi.base.errors import ErrorCode

UNSUPPORTED_URL = ErrorCode(
    "platform.unsupported_url",
    "不支持的数据库地址“{url}”。请写成 sqlite:///文件路径 或 postgresql://用户:密码@主机:端口/数据库。",
    'The database address "{url}" is not supported. Write sqlite:///path/to/file.db or '
    "postgresql://user:password@host:port/database.",
)
BAD_SCHEMA = ErrorCode(
    "platform.bad_schema",
    "模式名“{schema}”不能用。请用小写字母开头,只含小写字母、数字和下划线,最多 {length_max} 个字符。",
    'The schema name "{schema}" cannot be used. Start with a lower-case letter and use only lower-case letters, '
    "digits and underscores, at most {length_max} characters.",
)
UNREACHABLE = ErrorCode(
    "platform.unreachable",
    "连不上数据库 {url}:{detail}。请检查地址和端口,确认数据库服务已启动、网络通畅。",
    "The database {url} cannot be reached: {detail}. Check the address and the port, and that the server is running.",
)
LOGIN_REFUSED = ErrorCode(
    "platform.login_refused",
    "数据库 {url} 拒绝登录:{detail}。请检查用户名和密码。",
    "The database {url} refused the login: {detail}. Check the user name and the password.",
)
NO_SUCH_DATABASE = ErrorCode(
    "platform.no_such_database",
    "找不到数据库 {url}。请检查名称,或先用 zhangshi init 新建账套。",
    "There is no database {url}. Check the name, or create the company with zhangshi init first.",
)
NOT_A_DATABASE = ErrorCode(
    "platform.not_a_database",
    "{url} 不是 SQLite 数据库,或者文件已损坏:{detail}。请检查路径;若文件损坏,请用最近的备份恢复。",
    "{url} is not an SQLite database, or it is damaged: {detail}. Check the path; if the file is damaged, restore "
    "the latest backup.",
)
DISK_FULL = ErrorCode(
    "platform.disk_full",
    "磁盘已满,本次操作没有保存:{url}。请腾出空间后重试,已有数据没有受损。",
    "The disk is full and this operation was not saved: {url}. Free some space and try again; what was saved before "
    "is unharmed.",
)
DISK_ERROR = ErrorCode(
    "platform.disk_error",
    "读写数据库文件出错,本次操作没有保存:{url}({detail})。请检查磁盘、共享文件夹和文件大小限制。",
    "Reading or writing the database failed and this operation was not saved: {url} ({detail}). Check the disk, the "
    "network share and limits on file size.",
)
READ_ONLY = ErrorCode(
    "platform.read_only",
    "数据库 {url} 只能读,不能写。请给运行本程序的用户写文件和文件夹的权限,或连接到主库。",
    "The database {url} can be read but not written. Give the user that runs this program the right to write the file "
    "and its folder, or connect to the primary server.",
)
NO_PERMISSION = ErrorCode(
    "platform.no_permission",
    "没有权限打开或更改 {url}:{detail}。请联系管理员授权。",
    "No permission to open or change {url}: {detail}. Ask the administrator for the right.",
)
BUSY = ErrorCode(
    "platform.busy",
    "数据库正忙,等了 {attempts} 次仍未轮到:{url}。请稍后重试;如果一直这样,请检查是否有程序占着数据库不放。",
    "The database is busy; after {attempts} attempts it was still not our turn: {url}. Try again in a moment; if this "
    "goes on, look for a program that holds the database.",
)
CONNECTION_LOST = ErrorCode(
    "platform.connection_lost",
    "与数据库 {url} 的连接断开:{detail}。请重试;若反复出现,请检查网络和数据库服务。",
    "The connection to the database {url} was lost: {detail}. Try again; if it happens often, check the network and "
    "the server.",
)
KEY_REUSED = ErrorCode(
    "platform.key_reused",
    "请求号“{key}”已经用于另一个内容不同的操作。请刷新后重新提交。",
    'The request key "{key}" was already used for an operation with other content. Reload and submit again.',
)
SQLITE_UNSAFE = ErrorCode(
    "platform.sqlite_unsafe",
    "SQLite {version} 有一个会损坏数据的缺陷(WAL-reset),多个进程同时使用 {url} 不安全,而另一个进程正在使用。"
    "请安装 pysqlite3(0.6.1 或更高),或改用 PostgreSQL,或先停止另一个进程。",
    "SQLite {version} has a defect that can corrupt data (WAL-reset) when several processes use {url}, and another "
    "process is using it. Install the wheel pysqlite3 (0.6.1 or later), or use PostgreSQL, or stop the other process.",
)
NOT_MIGRATED = ErrorCode(
    "platform.not_migrated",
    "账套“{key}”的数据库结构(版本 {current})比程序(版本 {head})旧。请先备份,再运行 zhangshi migrate。",
    'The database of company "{key}" (revision {current}) is older than the program (revision {head}). Make a backup, '
    "then run zhangshi migrate.",
)
NEWER_THAN_PROGRAM = ErrorCode(
    "platform.newer_than_program",
    "账套“{key}”的数据库(版本 {current})由更新的程序写成,本程序只到版本 {head}。请升级程序。",
    'The database of company "{key}" (revision {current}) was written by a newer program; this one knows revisions up '
    "to {head}. Upgrade the program.",
)
UNKNOWN_COMPANY = ErrorCode(
    "platform.unknown_company",
    "没有账套“{key}”。现有账套:{known}。请检查名称,或用 zhangshi init 新建。",
    'There is no company "{key}". Known companies: {known}. Check the name, or create it with zhangshi init.',
)
WHICH_COMPANY = ErrorCode(
    "platform.which_company",
    "有多个账套({known}),请用 --company 或环境变量 ZHANGSHI_COMPANY 指明是哪一个。",
    "There are several companies ({known}). Say which one with --company or the variable ZHANGSHI_COMPANY.",
)
COMPANY_EXISTS = ErrorCode(
    "platform.company_exists",
    "账套“{key}”已存在({url})。请换一个名称。",
    'The company "{key}" exists already ({url}). Choose another name.',
)
BAD_COMPANY_KEY = ErrorCode(
    "platform.bad_company_key",
    "账套名“{key}”不能用。请用小写字母开头,只含小写字母、数字、下划线和短横线,最多 {length_max} 个字符。",
    'The company key "{key}" cannot be used. Start with a lower-case letter and use only lower-case letters, digits, '
    "underscores and hyphens, at most {length_max} characters.",
)
BAD_DIRECTORY = ErrorCode(
    "platform.bad_directory",
    "账套目录 {file} 读不懂:{detail}。请改正文件,或用备份替换。",
    "The company directory {file} cannot be read: {detail}. Correct the file, or replace it by a copy.",
)
BAD_SETTING = ErrorCode(
    "platform.bad_setting",
    "环境变量 {name} 的值“{value}”不对:应为 {expected}。",
    'The environment variable {name} has the value "{value}"; it must be {expected}.',
)
IN_USE = ErrorCode(
    "platform.in_use",
    "账套“{key}”正被另一个进程使用({url})。请先停止服务和其他窗口,再重试。",
    'The company "{key}" is being used by another process ({url}). Stop the server and other windows, then try again.',
)
HAS_DATA = ErrorCode(
    "platform.has_data",
    "账套“{key}”里已有数据,恢复会全部覆盖。确认要覆盖请加 --force;建议先 zhangshi backup。",
    'The company "{key}" holds data, which a restore would replace. Add --force if that is meant; make a backup first.',
)
NOT_A_BACKUP = ErrorCode(
    "platform.not_a_backup",
    "{file} 不是本程序的备份文件:{detail}。请选 zhangshi backup 生成的文件。",
    "{file} is not a backup of this program: {detail}. Choose a file made by zhangshi backup.",
)
BACKUP_TARGET_EXISTS = ErrorCode(
    "platform.backup_target_exists",
    "{file} 已存在,不会覆盖。请换一个文件名。",
    "{file} exists and is not overwritten. Choose another file name.",
)
CANNOT_WRITE_FILE = ErrorCode(
    "platform.cannot_write_file",
    "写不了文件 {file}:{detail}。请检查文件夹是否存在、是否有权限。",
    "The file {file} cannot be written: {detail}. Check that the folder exists and that you may write there.",
)
RESTORE_DIFFERS = ErrorCode(
    "platform.restore_differs",
    "备份 {file} 恢复后核对不平:{difference}。现有账套没有改动。请换一个备份;若只有这一份,加 --accept-differences。",
    "After restoring, the audit of {file} found a difference: {difference}. The company was left as it was. Use "
    "another backup; if this is the only one, add --accept-differences.",
)
