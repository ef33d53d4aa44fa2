"""Comparisons as SQL.

Empty counts as 0, "" or before all days, so NULL must be written out; but where a condition stands positively (not
below a NOT) and empty would not satisfy it, the bare column is compared, and the database can use its index.
"""

import operator

from zhangshi.expr.arithmetic import Number, floor, moved_point
from zhangshi.expr.kinds import BOOL, Kind, Raw
from zhangshi.expr.sql.constants import scaled_number, stored
from zhangshi.expr.sql.model import INTEGER_MAX, Dialect, Parameter, Sql, of_parts

TRUE = Sql("1=1", (), BOOL, nullable=False)
FALSE = Sql("1=0", (), BOOL, nullable=False)
MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COMPARE = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge
}  # fmt: skip
_ORDER = {"<", "<=", ">", ">="}
_ORDERED_TEXT = {Kind.TEXT, Kind.DATE}


def truth(value: object) -> Sql:
    """Return a condition that is always the same."""
    return TRUE if value else FALSE


def with_constant(sign: str, side: Sql, value: Raw, dialect: Dialect, *, positive: bool) -> Sql:
    """Return `side sign value`."""
    if side.type.is_number:
        return _number(sign, side, value or 0, positive=positive)
    if value is None or value == "":
        return _with_empty(sign, side)
    held = stored(value) if side.type.kind is not Kind.RECORD else int(value)
    return _bare_or_filled(sign, side, held, dialect, positive=positive)


def _with_empty(sign: str, side: Sql) -> Sql:
    if sign in {"<", ">="}:  # nothing is less than empty
        return truth(sign == ">=")
    blank = of_parts("{} IS NULL", side, type_=BOOL)
    if side.type.kind in _ORDERED_TEXT:
        blank = of_parts("{} = ''", side.filled(), type_=BOOL)
    return blank if sign in {"=", "<="} else of_parts("NOT ({})", blank, type_=BOOL)


def _number(sign: str, side: Sql, value: Number, *, positive: bool) -> Sql:
    """A number between two steps of the column's scale, or beyond its range, never equals it."""
    exact = scaled_number(value, side.digits)
    if exact is None:
        below = floor(moved_point(value, side.digits))
        if sign in {"=", "<>"}:
            return truth(sign == "<>")
        if below < -INTEGER_MAX:
            return truth(sign in {">", ">="})
        if below > INTEGER_MAX:
            return truth(sign in {"<", "<="})
        sign, exact = {"<": "<=", "<=": "<=", ">": ">", ">=": ">"}[sign], below
    if positive and not _COMPARE[sign](0, exact):
        return of_parts(f"{{}} {sign} ?", side, type_=BOOL, nullable=side.nullable).plus(exact)
    return of_parts(f"{{}} {sign} ?", side.filled(), type_=BOOL).plus(exact)


def _bare_or_filled(sign: str, side: Sql, held: Parameter, dialect: Dialect, *, positive: bool) -> Sql:
    """Empty comes first in every order: it satisfies <>, < and <=, nothing else."""
    bare = positive and sign in {"=", ">", ">="}
    left = side if bare else side.filled()
    return of_parts(f"{{}}{_collation(sign, side, dialect)} {sign} ?", left, type_=BOOL, nullable=bare).plus(held)


def _collation(sign: str, side: Sql, dialect: Dialect) -> str:
    """Texts are ordered by code point, which on SQLite they are anyway."""
    return ' COLLATE "C"' if dialect == "postgresql" and sign in _ORDER and side.type.kind in _ORDERED_TEXT else ""


def of_two(sign: str, left: Sql, right: Sql, dialect: Dialect) -> Sql:
    """Return a comparison of two columns of one kind."""
    if left.type.is_number:
        digits = max(left.digits, right.digits)
        left, right = left.scaled(digits), right.scaled(digits)
    if left.type.kind is Kind.RECORD:
        return of_parts(f"{{}} {sign} {{}}", left.filled(), right.filled(), type_=BOOL)
    collation = _collation(sign, left, dialect)
    return of_parts(f"{{}}{collation} {sign} {{}}", left.filled(), right.filled(), type_=BOOL)
