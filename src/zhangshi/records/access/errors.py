"""Refusals of permission. None of them tells a value."""

from zhangshi.base.errors import ErrorCode

FORBIDDEN = ErrorCode(
    "records.forbidden",
    "您没有对“{entity}”做“{action}”的权限。需要的话请管理员在角色里授权。",
    'You are not allowed to do "{action}" with "{entity}". If you need it, ask the administrator to grant it to a role '
    "of yours.",
)
FIELD_LOCKED = ErrorCode(
    "records.field_locked",
    "“{entity}”的字段“{field}”您不能修改。请去掉这个字段,或请管理员授权。",
    'You may not change the field "{field}" of "{entity}". Leave it out, or ask the administrator for the right.',
)
NOT_FOUND = ErrorCode(
    "records.not_found",
    "找不到这张“{entity}”(编号 {id}),或者您无权查看。请刷新列表后再试。",
    'There is no "{entity}" with id {id}, or you may not see it. Reload the list and try again.',
)
