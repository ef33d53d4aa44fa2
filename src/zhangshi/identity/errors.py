"""Why identity refuses, each with what to do about it. A failed sign-in never says which part of it was wrong."""

from zhangshi.base.errors import ErrorCode

SIGN_IN_REFUSED = ErrorCode(
    "identity.sign_in_refused",
    "登录失败:用户名或密码不对,或因多次输错暂时锁定,或已停用。请核对后再试;连错五次要等 15 分钟,急用请找管理员。",
    "You are not signed in: the login or the password is wrong, or it is locked for a while after too many wrong "
    "attempts, or it was disabled. Check both and try again; after five wrong ones wait 15 minutes, or ask the owner.",
)
SESSION_OVER = ErrorCode(
    "identity.session_over",
    "您还没有登录,或登录已失效(太久没有操作、已退出,或密码、账号有变动)。请重新登录。",
    "You are not signed in, or the session is over (idle for too long, signed out, or the password or the account was "
    "changed). Sign in again.",
)
TOKEN_REFUSED = ErrorCode(
    "identity.token_refused",
    "接口令牌无效、已过期、已吊销,或它的用户已停用。请向管理员要一个新令牌。",
    "The token is unknown, expired or revoked, or its user was disabled. Ask the owner for a new one.",
)
TOKEN_SCOPE = ErrorCode(
    "identity.token_scope",
    "这个令牌不能对“{entity}”做“{action}”。请换一个范围够的令牌,或让管理员另建一个。",
    'This token does not allow "{action}" of "{entity}". Use a token whose scopes do, or have the owner make one.',
)
SESSION_ONLY = ErrorCode(
    "identity.session_only",
    "管理人员、密码和令牌必须由本人登录后操作,不能用接口令牌。请用浏览器登录后再做。",
    "People, passwords and tokens are managed by a person who has signed in, not through a token. Sign in and do it "
    "there.",
)
OWNER_ONLY = ErrorCode(
    "identity.owner_only",
    "“{login}”是企业主(owner),只有企业主能改这个账号,也只有企业主能给别人这个角色。请找企业主操作。",
    'This concerns the role "owner" of "{login}": only an owner may give or take it, or change an account that has it. '
    "Ask an owner.",
)
LAST_OWNER = ErrorCode(
    "identity.last_owner",
    "“{login}”是最后一个在用的企业主(owner),不能停用或去掉角色。请先给另一个人这个角色。",
    '"{login}" is the last active owner and cannot be disabled or lose the role. Give the role to somebody else first.',
)
OWNER_EXISTS = ErrorCode(
    "identity.owner_exists",
    "账套里已经有用户,不能再建首个企业主。请用已有的企业主登录;忘了密码请用 zhangshi user password。",
    "The company has users already, so no first owner is created. Sign in as an owner; if the password is lost, use "
    "zhangshi user password.",
)
UNKNOWN_USER = ErrorCode(
    "identity.unknown_user",
    "没有用户“{user}”。请核对用户名,或先新建。",
    'There is no user "{user}". Check the login, or create the user first.',
)
LOGIN_TAKEN = ErrorCode(
    "identity.login_taken",
    "用户名“{login}”已经有人用(停用的也算)。请换一个。",
    'The login "{login}" is taken (those of disabled users too). Choose another one.',
)
BAD_LOGIN = ErrorCode(
    "identity.bad_login",
    "用户名“{login}”不能用。请用 1 至 {length_max} 个字母、汉字、数字或 . _ - @,不要有空格。",
    'The login "{login}" cannot be used. Write 1 to {length_max} letters, digits or . _ - @, without spaces.',
)
NAME_MISSING = ErrorCode(
    "identity.name_missing",
    "没有填写姓名(或名称、编码)。请填写。",
    "The name (or the code) is missing. Enter one.",
)
BAD_ROLE = ErrorCode(
    "identity.bad_role",
    "角色“{role}”写法不对。请用小写字母开头的角色键,例如 storekeeper。",
    'The role "{role}" is not a key. Use the key of a role, such as storekeeper.',
)
USER_DISABLED = ErrorCode(
    "identity.user_disabled",
    "用户“{login}”已停用。请先启用。",
    'The user "{login}" is disabled. Enable the user first.',
)
CHANGED_MEANWHILE = ErrorCode(
    "identity.changed_meanwhile",
    "“{name}”刚被别人改过,您的修改没有保存。请刷新后重做。",
    '"{name}" was changed by somebody else meanwhile; your change was not saved. Reload and do it again.',
)
WRONG_PASSWORD = ErrorCode(
    "identity.wrong_password",
    "现在的密码不对,或因多次输错暂时锁定。请核对后再试;连错五次要等 15 分钟。",
    "The present password is wrong, or locked for a while after too many wrong attempts. Check it and try again; after "
    "five wrong ones wait 15 minutes.",
)
PASSWORD_TOO_SHORT = ErrorCode(
    "identity.password_too_short",
    "密码太短或太长:要 {length_min} 至 {length_max} 个字符。请换一个,例如一句自己记得住的话。",
    "The password is too short or too long: it needs {length_min} to {length_max} characters. A sentence that you "
    "remember will do.",
)
PASSWORD_TOO_EASY = ErrorCode(
    "identity.password_too_easy",
    "这个密码太容易猜(常见密码、用户名,或只有一两种字符)。请换一个。",
    "This password is guessed easily (a common one, the login, or one or two characters repeated). Choose another one.",
)
PASSWORD_SAME = ErrorCode(
    "identity.password_same",
    "新密码和现在的一样。请换一个不同的。",
    "The new password is the present one. Choose a different one.",
)
MUST_CHANGE_PASSWORD = ErrorCode(
    "identity.must_change_password",
    "您的密码是别人设的,请先改成自己的密码再继续。",
    "Your password was set by somebody else. Change it to one of your own before you go on.",
)
SECRET_SHOWN_BEFORE = ErrorCode(
    "identity.secret_shown_before",
    "这个请求已经做过,密码或令牌当时显示过一次,系统没有留存。没有记下来请重设密码,或吊销后新建令牌。",
    "This request was carried out before; its password or token was shown then and is not kept. If nobody wrote it "
    "down, reset the password, or revoke the token and make a new one.",
)
UNKNOWN_TOKEN = ErrorCode(
    "identity.unknown_token",
    "没有令牌 {token}。请刷新令牌列表后再选。",
    "There is no token {token}. Reload the list of tokens and choose again.",
)
BAD_SCOPE = ErrorCode(
    "identity.bad_scope",
    "令牌范围“{scope}”写法不对。请写成 单据:动作,例如 item:read 或 *:read,至少一个。",
    'The token scope "{scope}" is not understood. Write entity:action, for example item:read or *:read, at least one.',
)
BAD_EXPIRY = ErrorCode(
    "identity.bad_expiry",
    "令牌的到期时间已经过去。请选一个将来的时间,或不填。",
    "The token would expire in the past. Choose a time to come, or none.",
)
UNKNOWN_DEPARTMENT = ErrorCode(
    "identity.unknown_department",
    "没有部门 {department},或它已停用。请重新选择部门。",
    "There is no department {department}, or it is closed. Choose another one.",
)
DEPARTMENT_CODE_TAKEN = ErrorCode(
    "identity.department_code_taken",
    "部门编码“{code}”已经用过。请换一个。",
    'The department code "{code}" is taken. Choose another one.',
)
DEPARTMENT_RING = ErrorCode(
    "identity.department_ring",
    "部门“{code}”不能放在自己或自己的下级({path})下面。请选别的上级部门。",
    'Department "{code}" cannot stand below itself ({path}). Choose another parent.',
)
DEPARTMENT_IN_USE = ErrorCode(
    "identity.department_in_use",
    "部门“{code}”还有在用的人员({users})或下级部门({departments}),不能停用。请先把他们移走。",
    'Department "{code}" still has active people ({users}) or departments below ({departments}) and cannot be closed. '
    "Move them first.",
)
