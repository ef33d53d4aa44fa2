"""Pieces of SQL: a column as the caller stores it, and an expression with its parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from zhangshi.expr.kinds import Kind, Type

Dialect = Literal["sqlite", "postgresql"]
Parameter: TypeAlias = str | int
INTEGER_MAX = 2**63 - 1
FIRST_INSTANT = -INTEGER_MAX


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """How a field is reached: an expression, its type, and the scale of the stored integer (None = not scaled)."""

    text: str
    type: Type
    digits: int | None = None


Columns: TypeAlias = Callable[[str], SqlColumn | None]
"""From a dotted path to its column; None = it has none."""


@dataclass(frozen=True, slots=True)
class Sql:
    """An expression with `?` for its parameters, in order.

    A number is an integer of `digits` decimal places. A date is ISO text, an instant microseconds, NULL is empty. A
    condition is something that WHERE takes: what is not true may be false or NULL, so it must not be negated.
    """

    text: str
    parameters: tuple[Parameter, ...]
    type: Type
    digits: int = 0
    nullable: bool = True

    def filled(self) -> "Sql":
        """Return the value with empty as what it counts as: 0, "", before every date."""
        if not self.nullable:
            return self
        filler = _FILLERS.get(self.type.kind, "0")
        return Sql(f"COALESCE({self.text}, {filler})", self.parameters, self.type, self.digits, nullable=False)

    def plus(self, parameter: Parameter) -> "Sql":
        """Return the expression with one parameter more at its end."""
        return Sql(self.text, (*self.parameters, parameter), self.type, self.digits, self.nullable)

    def scaled(self, digits: int) -> "Sql":
        """Return the number with at least as many decimal places."""
        if digits <= self.digits:
            return self
        return Sql(f"({self.text} * {10 ** (digits - self.digits)})", self.parameters, self.type, digits, self.nullable)


_FILLERS = {Kind.TEXT: "''", Kind.DATE: "''", Kind.DATETIME: str(FIRST_INSTANT), Kind.TEXTS: "'[]'"}


def of_parts(template: str, *parts: Sql, type_: Type, digits: int = 0, nullable: bool = False) -> Sql:
    """Return an expression made of others: each `{}` of the template is the next part."""
    parameters = tuple(one for part in parts for one in part.parameters)
    return Sql(template.format(*[part.text for part in parts]), parameters, type_, digits, nullable)
