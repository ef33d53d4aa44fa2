"""What a list is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from zhangshi.base.errors import ErrorCode

LIMIT_MAX = 500
LIMIT_DEFAULT = 50
PATHS_MAX = 200
SORTS_MAX = 5
GROUPS_MAX = 3
GROUP_ROWS_MAX = 1000

BAD_CURSOR = ErrorCode(
    "records.bad_cursor",
    "翻页标记不属于这次查询。请从第一页重新查。",
    "The cursor does not belong to this query. Start again from the first page.",
)
BAD_LIMIT = ErrorCode(
    "records.bad_limit",
    "每页条数要在 1 到 {limit} 之间,现在是 {wanted}。请改小。",
    "A page holds 1 to {limit} records; {wanted} were asked for. Ask for less.",
)
TOO_MANY_PATHS = ErrorCode(
    "records.too_many_paths",
    "一次最多 {limit} 个{what},现在有 {count} 个。请减少。",
    "At most {limit} {what} at once; there are {count}. Leave some out.",
)
NOT_SORTABLE = ErrorCode(
    "records.not_sortable",
    "“{path}”不能用来排序、汇总或分组。请换一个表头字段。",
    '"{path}" cannot be used to sort, sum or group. Choose another field of the header.',
)
NOT_A_CONDITION = ErrorCode(
    "records.not_a_condition",
    "筛选条件要是一个“是或否”的公式,例如 amount > 5000。",
    "A filter must be a formula that is true or false, for example amount > 5000.",
)

GroupStep = Literal["", "day", "month", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """A list of records. Paths are header fields, `link.field`, or a table (how many rows it has).

    `filter` is a formula, as text or as its JSON tree. `sort`: paths, `-` before those that fall; a link sorts by the
    name of what it links to. `totals`: numeric paths, `lines.amount` too. `group`: paths, a date as `date:month`.
    """

    filter: str | Mapping[str, object] | None = None
    sort: tuple[str, ...] = ()
    limit: int = LIMIT_DEFAULT
    cursor: str = ""
    fields: tuple[str, ...] | None = None
    """None: every field of the header."""
    tables: tuple[str, ...] = ()
    """Line tables whose rows come along."""
    totals: tuple[str, ...] = ()
    count: bool = False
    """Whether the total number of records is wanted; it is with totals."""
    group: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    """Only these records."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, in wire form: dictionaries that JSON can hold."""

    rows: list[dict[str, object]]
    next_cursor: str
    """"" on the last page."""
    count: int | None = None
    totals: dict[str, object] | None = None
    groups: list[dict[str, object]] | None = None
