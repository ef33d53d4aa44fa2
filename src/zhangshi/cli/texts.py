"""The sentences of the command line, Chinese first."""

from zhangshi.base.errors import FactValue, Language

TEXTS: dict[str, tuple[str, str]] = {
    "created": (
        "账套“{key}”已建立:{url}(版本 {revision})。",
        'Company "{key}" was created: {url} (revision {revision}).',
    ),
    "created_with_owner": (
        "账套“{key}”已建立:{url}(版本 {revision})。\n企业主“{owner}”的密码(只显示这一次):{password}",
        """Company "{key}" was created: {url} (revision {revision}).
The password of its owner "{owner}", shown only now: {password}""",
    ),
    "building_demo": ("正在建演示工厂", "Building the demo factory"),
    "demo_built": (
        """演示工厂“{key}”已建好:{url},{records} 张销售、采购和生产订单。
企业主“{owner}”的密码(只显示这一次):{password}
员工({staff})共用的密码:{staff_password}""",
        """The demo factory "{key}" is ready: {url}, {records} orders of sales, purchase and production.
The password of its owner "{owner}", shown only now: {password}
The password of its staff ({staff}): {staff_password}""",
    ),
    "migrated": (
        "账套“{key}”已从版本 {before} 升级到 {after}。",
        'Company "{key}" was upgraded from revision {before} to {after}.',
    ),
    "current": (
        "账套“{key}”已是最新版本 {after},无需升级。",
        'Company "{key}" is at the latest revision {after}; nothing to do.',
    ),
    "audit_clean": ("账套“{key}”账实相符:{counts}。", 'The books of company "{key}" agree: {counts}.'),
    "audit_differs": (
        "账套“{key}”有 {count} 处不符。第一处:{first}。请勿继续过账,先查明原因或用备份恢复。",
        'Company "{key}" has {count} differences. The first: {first}. Stop posting; find the cause, or restore.',
    ),
    "backed_up": ("已备份到 {file}({bytes} 字节)。", "Backed up to {file} ({bytes} bytes)."),
    "restored": (
        "账套“{key}”已从 {file} 恢复,核对无误。",
        'Company "{key}" was restored from {file}; the audit found no difference.',
    ),
    "restored_differs": (
        "账套“{key}”已从 {file} 恢复,但核对不平:{difference}。",
        'Company "{key}" was restored from {file}, with a difference: {difference}.',
    ),
    "no_companies": (
        "还没有账套。用 zhangshi init 新建一个。",
        "There is no company yet. Create one with zhangshi init.",
    ),
    "jobs_replayed": ("{count} 个任务将重新执行。", "{count} jobs will run again."),
    "jobs_discarded": ("已放弃 {count} 个任务。", "{count} jobs were discarded."),
    "user_added": (
        "已新建“{login}”。密码(只显示这一次,首次登录后要改):{password}",
        '"{login}" was added. The password, shown only now and to be changed at the first sign-in: {password}',
    ),
    "user_password": (
        "“{login}”已解锁,原有登录已结束。新密码(只显示这一次,登录后要改):{password}",
        '"{login}" is unlocked and signed out. The new password, shown only now and to be changed: {password}',
    ),
    "user_disabled": ("“{login}”已停用,登录和令牌立即失效。", '"{login}" is disabled; sessions and tokens have ended.'),
    "user_enabled": ("“{login}”已启用。", '"{login}" is enabled.'),
    "user_roles": ("“{login}”的角色:{roles}。", 'Roles of "{login}": {roles}.'),
    "user_signed_out": ("“{login}”的所有登录已结束。", 'All sessions of "{login}" have ended.'),
    "serving": (
        "正在提供接口:http://{host}:{port}/api/v1,Ctrl-C 结束。",
        "Serving http://{host}:{port}/api/v1; Ctrl-C ends it.",
    ),
    "worker_idle": ("到期的任务已做完({batches} 批)。", "Everything that was due is done ({batches} batches)."),
    "worker_started": (
        "账套“{key}”的后台任务已开始,Ctrl-C 结束。",
        'Running the jobs of company "{key}"; Ctrl-C ends it.',
    ),
    "worker_ended": ("账套“{key}”的后台任务已停止。", 'The worker of company "{key}" has ended.'),
    "publication_withdrawn": (
        "发布 {publication_id} 不再进行。",
        "The publication {publication_id} is not under way any more.",
    ),
    "pack_installed": (
        "已安装 {packs}(定义第 {revision} 版,写入 {seeds} 条数据)。",
        "Installed {packs} (revision {revision} of the definitions, {seeds} records made).",
    ),
    "pack_current": (
        "已是这个版本,定义没有变化(补写 {seeds} 条数据)。",
        "That version is installed already; the definitions stay as they are ({seeds} records made).",
    ),
    "pack_failed": (
        "{packs} 没有装上。原因见 zhangshi definitions revisions 和发布记录。",
        "{packs} could not be installed. See the list of publications for the reason.",
    ),
    "pack_exported": ("已导出 {count} 个文件到 {target}。", "Exported {count} files to {target}."),
    "definitions_published": (
        "定义已发布为第 {revision} 版。",
        "The definitions were published as revision {revision}.",
    ),
    "imported": (
        "已导入:新增 {inserted},更新 {updated},未变 {unchanged}。要撤销:zhangshi import-undo {import_id}",
        "Imported: {inserted} new, {updated} updated, {unchanged} unchanged. To undo: zhangshi import-undo {import_id}",
    ),
    "import_checked": (
        "检查通过,没有写入:将新增 {inserted},更新 {updated},未变 {unchanged}。",
        "Checked, nothing written: {inserted} to insert, {updated} to update, {unchanged} unchanged.",
    ),
    "import_refused": (
        "{problem_count} 处有问题,没有写入任何数据:",
        "{problem_count} places have problems and nothing was written:",
    ),
    "import_undone": (
        "已撤销:删除 {deleted},恢复 {restored}。",
        "Undone: {deleted} deleted, {restored} put back.",
    ),
    "template_written": ("导入模板已写到 {file}。", "The template is in {file}."),
    "exported": ("已导出 {records} 条({rows} 行)到 {file}。", "Exported {records} records ({rows} rows) to {file}."),
    "importing": ("导入", "Importing"),
    "exporting": ("导出", "Exporting"),
    "profile_imported": (
        "已导入 {count} 条记录,{days} 个业务日。期初补入 {items} 种物料共 {quantity}。",
        "Imported {count} records over {days} days. Opening stock: {items} items, {quantity} in all.",
    ),
    "importing_profile": ("导入", "Importing"),
    "auditing": ("核对", "Auditing"),
    "backing_up": ("备份", "Backing up"),
    "restoring": ("恢复", "Restoring"),
    "aborted": ("已中断。", "Interrupted."),
    "internal": (
        "程序内部错误,操作没有完成:{detail}。请把上面的信息发给技术支持。",
        "An internal error; the operation was not completed: {detail}. Please send the lines above to support.",
    ),
}


def text(name: str, language: Language, **facts: FactValue) -> str:
    """Return the sentence with its facts."""
    zh, en = TEXTS[name]
    return (zh if language == "zh" else en).format(**facts)
