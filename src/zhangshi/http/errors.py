"""What the HTTP door itself refuses, before any service is asked."""

from zhangshi.base.errors import ErrorCode

NO_ROUTE = ErrorCode(
    "http.no_route",
    "没有“{path}”这个地址。请对照接口文档 /api/v1/openapi.json 检查。",
    'There is no address "{path}". Compare it with the description at /api/v1/openapi.json.',
)
METHOD_NOT_ALLOWED = ErrorCode(
    "http.method_not_allowed",
    "“{path}”不支持 {method}。可用的方法:{allowed}。",
    '"{path}" does not take {method}. Use one of: {allowed}.',
)
BAD_PARAMETER = ErrorCode(
    "http.bad_parameter",
    "参数“{name}”的值不对:应为 {expected}。请改正后再试。",
    'The parameter "{name}" has a wrong value; it must be {expected}. Correct it and try again.',
)
UNKNOWN_PARAMETER = ErrorCode(
    "http.unknown_parameter",
    "这里没有参数“{name}”。可用的参数:{known}。",
    'There is no parameter "{name}" here. Known parameters: {known}.',
)
MISSING_PARAMETER = ErrorCode(
    "http.missing_parameter",
    "缺少参数“{name}”。请补上。",
    'The parameter "{name}" is missing. Add it.',
)
NOT_JSON = ErrorCode(
    "http.not_json",
    "请求内容要是 {expected}。请在 Content-Type 里写明并照此发送。",
    "The body must be {expected}. Say so in Content-Type and send it like that.",
)
BAD_JSON = ErrorCode(
    "http.bad_json",
    "请求内容读不懂:{detail}。请检查 JSON。",
    "The body cannot be read: {detail}. Check the JSON.",
)
BAD_FORM = ErrorCode(
    "http.bad_form",
    "上传的表单读不懂:{detail}。请用 multipart/form-data 重新上传。",
    "The uploaded form cannot be read: {detail}. Send it again as multipart/form-data.",
)
BODY_TOO_LARGE = ErrorCode(
    "http.body_too_large",
    "请求内容超过 {limit_mb} MB。请拆小,或改用导入。",
    "The body is larger than {limit_mb} MB. Split it, or use an import.",
)
KEY_MISSING = ErrorCode(
    "http.key_missing",
    "缺少请求号。请在 Idempotency-Key 里放一个每次操作不同、重发时不变的值(例如 UUID),这样重发不会做两次。",
    "The request key is missing. Put a value into Idempotency-Key that differs for each operation and stays the same "
    "when you send it again (a UUID, say): then nothing is done twice.",
)
BAD_KEY = ErrorCode(
    "http.bad_key",
    "请求号只能是 1 至 {length_max} 个可见的 ASCII 字符。请换一个。",
    "A request key has 1 to {length_max} visible ASCII characters. Choose another one.",
)
VERSION_MISSING = ErrorCode(
    "http.version_missing",
    '缺少版本。请把读到的 ETag(例如 "3")放进 If-Match,以免盖掉别人的修改。',
    'The version is missing. Put the ETag that you read (such as "3") into If-Match, so that no change of somebody '
    "else is overwritten.",
)
CSRF_REFUSED = ErrorCode(
    "http.csrf_refused",
    "缺少或不对的 X-CSRF-Token。请刷新页面后重试(值见 GET /api/v1/me)。",
    "X-CSRF-Token is missing or wrong. Reload the page and try again (GET /api/v1/me gives the value).",
)
NOT_ALLOWED = ErrorCode(
    "http.not_allowed",
    "您没有“{subject}”的“{action}”权限。请让管理员在角色里授权。",
    'You may not "{action}" "{subject}". Ask the owner to grant it to one of your roles.',
)
TOO_MANY_REQUESTS = ErrorCode(
    "http.too_many_requests",
    "请求太频繁。请等 {seconds} 秒再试。",
    "Too many requests. Wait {seconds} seconds and try again.",
)
BUSY = ErrorCode(
    "http.busy",
    "服务器正忙,排队的请求太多。请等 {seconds} 秒再试;没有做任何更改。",
    "The server is busy and too many requests are waiting. Try again in {seconds} seconds; nothing was changed.",
)
STOPPING = ErrorCode(
    "http.stopping",
    "服务器正在停止。请稍后重试。",
    "The server is stopping. Try again in a moment.",
)
INTERNAL = ErrorCode(
    "http.internal",
    "程序内部错误,操作没有完成。请把编号 {request} 告诉技术支持,日志里有详情。",
    "An internal error; the operation was not completed. Tell support the number {request}, which the log explains.",
)
